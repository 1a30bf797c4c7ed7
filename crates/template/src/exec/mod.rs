//! Carrying a template out.
//!
//! Source: Go's `text/template/exec.go`.

mod evaluate;
mod fields;

use crate::ast::{Branch, Invocation, Node, Operand, Pipe};
use crate::error::Problem;
use crate::{Environment, Error, Result, Template, Value};
use std::sync::Arc;

/// How deep templates may call each other.
const MAX_DEPTH: usize = 50;
/// Most pieces that one expansion may carry out.
const MAX_STEPS: usize = 2_000_000;
/// Longest text that an expansion may give. Units: bytes.
const MAX_OUTPUT: usize = 16 << 20;

/// The text of `template` for `data`.
pub(crate) fn run(
    template: &Template,
    data: &Value,
    environment: &dyn Environment,
) -> Result<String> {
    let mut state = State {
        template,
        environment,
        running: template.name.clone(),
        variables: Vec::new(),
        out: String::new(),
        depth: 0,
        steps: 0,
    };
    state.body(&template.name.clone(), data)?;
    Ok(state.out)
}

/// How a list of pieces ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Break,
    Continue,
}

/// What an error is about: a place, and the words that stand there.
struct Place {
    at: usize,
    context: String,
}

impl Place {
    fn of(operand: &Operand) -> Self {
        Self {
            at: operand.at,
            context: operand.to_string(),
        }
    }

    fn of_pipe(pipe: &Pipe) -> Self {
        Self {
            at: pipe.at,
            context: pipe.to_string(),
        }
    }
}

struct State<'t> {
    template: &'t Template,
    environment: &'t dyn Environment,
    /// Name of the template that is being carried out.
    running: String,
    /// Variables in scope, inner ones last; the first is `$`.
    variables: Vec<(String, Value)>,
    out: String,
    depth: usize,
    steps: usize,
}

impl State<'_> {
    /// The error `problem` at `place`.
    fn fault(&self, place: &Place, problem: Problem) -> Error {
        let before = self.template.text.get(..place.at).unwrap_or("");
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Error::Execute {
            name: self.template.name.clone(),
            line: 1 + before.matches('\n').count(),
            column: place.at - line_start,
            template: self.running.clone(),
            context: place.context.clone(),
            message: problem.0,
        }
    }

    /// Carries the template `name` out, with variables of its own.
    fn body(&mut self, name: &str, dot: &Value) -> Result<()> {
        let template = self.template;
        let Some(tree) = template.trees.get(name) else {
            return Ok(());
        };
        let variables = std::mem::replace(&mut self.variables, vec![("$".to_owned(), dot.clone())]);
        let running = std::mem::replace(&mut self.running, name.to_owned());
        self.list(&tree.nodes, dot)?;
        self.variables = variables;
        self.running = running;
        Ok(())
    }

    fn list(&mut self, nodes: &[Node], dot: &Value) -> Result<Flow> {
        for node in nodes {
            let flow = self.node(node, dot)?;
            if flow != Flow::On {
                return Ok(flow);
            }
        }
        Ok(Flow::On)
    }

    fn node(&mut self, node: &Node, dot: &Value) -> Result<Flow> {
        match node {
            Node::Text(text) => self.out.push_str(text),
            Node::Action(action) => {
                let place = || Place {
                    at: action.at,
                    context: format!("{{{{{}}}}}", action.pipe),
                };
                self.count(place)?;
                let value = self.pipeline(&action.pipe, dot)?;
                if action.pipe.variables.is_empty() {
                    self.out.push_str(&value.shown());
                }
            }
            Node::If(branch) => return self.branch(branch, dot, false),
            Node::With(branch) => return self.branch(branch, dot, true),
            Node::Range(branch) => return self.range(branch, dot),
            Node::Call(invocation) => self.invoke(invocation, dot)?,
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::On)
    }

    /// Counts one step.
    fn count(&mut self, place: impl Fn() -> Place) -> Result<()> {
        self.steps += 1;
        let problem = if self.steps > MAX_STEPS {
            "template takes too many steps"
        } else if self.out.len() > MAX_OUTPUT {
            "template gives too long a text"
        } else {
            return Ok(());
        };
        Err(self.fault(&place(), problem.into()))
    }

    fn branch(&mut self, branch: &Branch, dot: &Value, moves_dot: bool) -> Result<Flow> {
        let scope = self.variables.len();
        self.count(|| Place::of_pipe(&branch.pipe))?;
        let value = self.pipeline(&branch.pipe, dot)?;
        let flow = if value.is_true() {
            self.list(&branch.then, if moves_dot { &value } else { dot })
        } else {
            self.list(branch.otherwise.as_deref().unwrap_or_default(), dot)
        };
        self.variables.truncate(scope);
        flow
    }

    fn range(&mut self, branch: &Branch, dot: &Value) -> Result<Flow> {
        let scope = self.variables.len();
        let value = self.pipeline(&branch.pipe, dot)?;
        let inside = self.variables.len();
        let mut any = false;
        let count = match &value {
            Value::List(list) => list.len(),
            Value::Labels(labels) => labels.len(),
            Value::Map(map) => map.len(),
            Value::Int(number) => usize::try_from(*number).unwrap_or(0),
            Value::Nil => 0,
            other => {
                let words = format!("range can't iterate over {}", crate::printf::plain(other));
                return Err(self.fault(&Place::of_pipe(&branch.pipe), words.into()));
            }
        };
        for index in 0..count {
            any = true;
            self.count(|| Place::of_pipe(&branch.pipe))?;
            let (key, element) = item(&value, index);
            self.set_range_variables(&branch.pipe, key, &element);
            let flow = self.list(&branch.then, &element)?;
            self.variables.truncate(inside);
            if flow == Flow::Break {
                break;
            }
        }
        let flow = if any {
            Flow::On
        } else {
            self.list(branch.otherwise.as_deref().unwrap_or_default(), dot)?
        };
        self.variables.truncate(scope);
        Ok(flow)
    }

    fn set_range_variables(&mut self, pipe: &Pipe, key: Value, element: &Value) {
        match &pipe.variables[..] {
            [only] => self.set_variable(only, element.clone()),
            [first, second] => {
                self.set_variable(first, key);
                self.set_variable(second, element.clone());
            }
            _ => {}
        }
    }

    /// Gives the innermost variable of that name a value.
    fn set_variable(&mut self, name: &str, value: Value) {
        let found = self
            .variables
            .iter_mut()
            .rev()
            .find(|(have, _)| have == name);
        if let Some((_, have)) = found {
            *have = value;
        }
    }

    fn invoke(&mut self, invocation: &Invocation, dot: &Value) -> Result<()> {
        let place = Place {
            at: invocation.at,
            context: invocation.to_string(),
        };
        self.count(|| Place {
            at: place.at,
            context: place.context.clone(),
        })?;
        if !self.template.trees.contains_key(&invocation.name) {
            let words = format!("template {:?} not defined", invocation.name);
            return Err(self.fault(&place, words.into()));
        }
        let data = match &invocation.pipe {
            Some(pipe) => self.pipeline(pipe, dot)?,
            None => Value::Nil,
        };
        self.nested(&invocation.name, &data, &place)
    }

    /// Carries out another template, one deeper.
    fn nested(&mut self, name: &str, data: &Value, place: &Place) -> Result<()> {
        if self.depth == MAX_DEPTH {
            let words = format!("exceeded maximum template depth ({MAX_DEPTH})");
            return Err(self.fault(place, words.into()));
        }
        self.depth += 1;
        self.body(name, data)?;
        self.depth -= 1;
        Ok(())
    }
}

/// Key and element number `index` of something to range over.
fn item(value: &Value, index: usize) -> (Value, Value) {
    let number = || Value::Int(i64::try_from(index).unwrap_or(i64::MAX));
    let found = match value {
        Value::List(list) => list.get(index).map(|one| (number(), one.clone())),
        Value::Labels(labels) => labels
            .iter()
            .nth(index)
            .map(|(name, value)| (Value::text(name), Value::text(value))),
        Value::Map(map) => map
            .iter()
            .nth(index)
            .map(|(name, value)| (Value::Str(Arc::from(name.as_str())), value.clone())),
        _ => Some((number(), number())),
    };
    found.unwrap_or((Value::Nil, Value::Nil))
}
