//! Pipelines, commands and arguments.

use super::{Place, State};
use crate::ast::{Command, Constant, Number, Operand, OperandKind, Pipe};
use crate::error::Problem;
use crate::functions::{self, Context, Function, Param, Run};
use crate::{Result, Value};
use std::fmt::Display;

/// What stands behind the first operand of a command: operands, and the result of the command before.
#[derive(Clone, Copy)]
pub(super) struct Arguments<'a> {
    pub(super) operands: &'a [Operand],
    pub(super) last: Option<&'a Value>,
}

impl Arguments<'_> {
    pub(super) const NONE: Self = Self {
        operands: &[],
        last: None,
    };

    pub(super) fn is_empty(&self) -> bool {
        self.operands.is_empty() && self.last.is_none()
    }

    fn len(&self) -> usize {
        self.operands.len() + usize::from(self.last.is_some())
    }
}

impl State<'_> {
    /// The value of a pipeline, which its variables get too.
    pub(super) fn pipeline(&mut self, pipe: &Pipe, dot: &Value) -> Result<Value> {
        let mut value: Option<Value> = None;
        for command in &pipe.commands {
            value = Some(self.command(command, dot, value.as_ref())?);
        }
        let value = value.unwrap_or(Value::Nil);
        for name in &pipe.variables {
            if pipe.assigns {
                self.set_variable(name, value.clone());
            } else {
                self.variables.push((name.clone(), value.clone()));
            }
        }
        Ok(value)
    }

    fn command(&mut self, command: &Command, dot: &Value, last: Option<&Value>) -> Result<Value> {
        let Some((first, operands)) = command.operands.split_first() else {
            return Ok(Value::Nil);
        };
        let arguments = Arguments { operands, last };
        match &first.kind {
            OperandKind::Field(names) => self.fields(first, dot.clone(), names, dot, arguments),
            OperandKind::Chain(inner, names) => {
                let start = self.chain_start(first, inner, dot)?;
                self.fields(first, start, names, dot, arguments)
            }
            OperandKind::Variable(name, names) => {
                let start = self.variable(name);
                if names.is_empty() {
                    self.no_arguments(first, arguments)?;
                    return Ok(start);
                }
                self.fields(first, start, names, dot, arguments)
            }
            OperandKind::Function(_) => self.function(first, command, dot, arguments),
            OperandKind::Pipe(pipe) => {
                self.no_arguments(first, arguments)?;
                self.pipeline(pipe, dot)
            }
            _ => {
                self.no_arguments(first, arguments)?;
                match &first.kind {
                    OperandKind::Dot => Ok(dot.clone()),
                    OperandKind::Bool(value) => Ok(Value::Bool(*value)),
                    OperandKind::Number(number) => self.constant(first, number),
                    OperandKind::Text(text, _) => Ok(Value::text(text.as_str())),
                    _ => Err(self.fault(&Place::of(first), "nil is not a command".into())),
                }
            }
        }
    }

    fn no_arguments(&self, first: &Operand, arguments: Arguments<'_>) -> Result<()> {
        if arguments.is_empty() {
            return Ok(());
        }
        let words = format!("can't give argument to non-function {first}");
        Err(self.fault(&Place::of(first), words.into()))
    }

    fn variable(&self, name: &str) -> Value {
        let found = self.variables.iter().rev().find(|(have, _)| have == name);
        found.map_or(Value::Nil, |(_, value)| value.clone())
    }

    /// What a chain's fields are taken of.
    fn chain_start(&mut self, chain: &Operand, inner: &Operand, dot: &Value) -> Result<Value> {
        match &inner.kind {
            OperandKind::Pipe(pipe) => self.pipeline(pipe, dot),
            OperandKind::Function(_) => self.function(inner, inner, dot, Arguments::NONE),
            OperandKind::Nil => {
                let words = format!("indirection through explicit nil in {chain}");
                Err(self.fault(&Place::of(chain), words.into()))
            }
            _ => self.argument(Param::Any, inner, dot),
        }
    }

    fn constant(&self, operand: &Operand, number: &Number) -> Result<Value> {
        match number.value {
            Constant::Int(value) => Ok(Value::Int(value)),
            Constant::Float(value) => Ok(Value::Float(value)),
            Constant::TooLarge => {
                let words = format!("{} overflows int", number.text);
                Err(self.fault(&Place::of(operand), words.into()))
            }
        }
    }

    /// The value of an operand that must fit `param`.
    pub(super) fn argument(
        &mut self,
        param: Param,
        operand: &Operand,
        dot: &Value,
    ) -> Result<Value> {
        let value = match &operand.kind {
            OperandKind::Dot => dot.clone(),
            OperandKind::Nil if param == Param::Text => {
                return Err(self.fault(&Place::of(operand), "cannot assign nil to string".into()));
            }
            OperandKind::Nil => return Ok(Value::Nil),
            OperandKind::Field(names) => {
                self.fields(operand, dot.clone(), names, dot, Arguments::NONE)?
            }
            OperandKind::Variable(name, names) => {
                let start = self.variable(name);
                self.fields(operand, start, names, dot, Arguments::NONE)?
            }
            OperandKind::Pipe(pipe) => self.pipeline(pipe, dot)?,
            OperandKind::Function(_) => self.function(operand, operand, dot, Arguments::NONE)?,
            OperandKind::Chain(inner, names) => {
                let start = self.chain_start(operand, inner, dot)?;
                self.fields(operand, start, names, dot, Arguments::NONE)?
            }
            OperandKind::Bool(_) | OperandKind::Number(_) | OperandKind::Text(..) => {
                return self.literal(param, operand);
            }
        };
        self.fits(param, value, operand)
    }

    fn literal(&self, param: Param, operand: &Operand) -> Result<Value> {
        let value = match &operand.kind {
            OperandKind::Bool(value) => Value::Bool(*value),
            OperandKind::Number(number) => self.constant(operand, number)?,
            OperandKind::Text(text, _) => Value::text(text.as_str()),
            _ => Value::Nil,
        };
        let words = match (param, &value) {
            (Param::Any, _) | (Param::Text, Value::Str(_)) => return Ok(value),
            (Param::Text, _) => format!("expected string; found {operand}"),
            (other, _) => format!(
                "can't handle {operand} for arg of type {}",
                other.type_name()
            ),
        };
        Err(self.fault(&Place::of(operand), words.into()))
    }

    /// `value`, if it is of the type of `param`.
    fn fits(&self, param: Param, value: Value, operand: &Operand) -> Result<Value> {
        if param.takes(&value) {
            return Ok(value);
        }
        let expected = param.type_name();
        let words = match &value {
            Value::Nil => format!("invalid value; expected {expected}"),
            value => format!(
                "wrong type for value; expected {expected}; got {}",
                value.type_name()
            ),
        };
        Err(self.fault(&Place::of(operand), words.into()))
    }

    /// Calls a function; `whole` is what an error inside it is said to be at.
    fn function(
        &mut self,
        operand: &Operand,
        whole: &dyn Display,
        dot: &Value,
        arguments: Arguments<'_>,
    ) -> Result<Value> {
        let OperandKind::Function(name) = &operand.kind else {
            return Ok(Value::Nil);
        };
        let Some(function) = functions::find(name) else {
            let words = format!("{name:?} is not a defined function");
            return Err(self.fault(&Place::of(operand), words.into()));
        };
        self.check_count(operand, function, arguments.len())?;
        if let Run::ShortCircuit { ends_at } = function.run {
            return self.short_circuit(ends_at, dot, arguments);
        }
        let mut values = Vec::with_capacity(arguments.len());
        for (index, argument) in arguments.operands.iter().enumerate() {
            values.push(self.argument(function.param(index), argument, dot)?);
        }
        if let Some(last) = arguments.last {
            let param = function.param(values.len());
            values.push(self.fits(param, last.clone(), operand)?);
        }
        let done = match function.run {
            Run::Plain(call) => call(&values),
            Run::World(call) => {
                let context = Context {
                    environment: self.environment,
                };
                call(&context, &values)
            }
            Run::Template | Run::ShortCircuit { .. } => return self.expand(operand, &values),
        };
        done.map_err(|problem| {
            let words = format!("error calling {name}: {}", problem.0);
            let place = Place {
                at: operand.at,
                context: whole.to_string(),
            };
            self.fault(&place, Problem(words))
        })
    }

    fn check_count(&self, operand: &Operand, function: &Function, got: usize) -> Result<()> {
        let wanted = function.params.len();
        let words = if function.variadic {
            // The last parameter stands for any number of arguments.
            let least = wanted - 1;
            if got >= least {
                return Ok(());
            }
            format!(
                "wrong number of args for {}: want at least {least} got {got}",
                function.name
            )
        } else {
            if got == wanted {
                return Ok(());
            }
            format!(
                "wrong number of args for {}: want {wanted} got {got}",
                function.name
            )
        };
        Err(self.fault(&Place::of(operand), words.into()))
    }

    /// `and` and `or`: the first argument whose truth is `ends_at`, else the last one.
    fn short_circuit(
        &mut self,
        ends_at: bool,
        dot: &Value,
        arguments: Arguments<'_>,
    ) -> Result<Value> {
        let mut value = Value::Nil;
        for argument in arguments.operands {
            value = self.argument(Param::Any, argument, dot)?;
            if value.is_true() == ends_at {
                return Ok(value);
            }
        }
        Ok(arguments.last.cloned().unwrap_or(value))
    }

    /// `tmpl`: the text of another template as a value.
    fn expand(&mut self, operand: &Operand, values: &[Value]) -> Result<Value> {
        let (Some(Value::Str(name)), Some(data)) = (values.first(), values.get(1)) else {
            return Ok(Value::Nil);
        };
        let place = Place::of(operand);
        if !self.template.trees.contains_key(&**name) {
            let words = format!(
                "error calling tmpl: template: no template {name:?} associated with template {:?}",
                self.template.name
            );
            return Err(self.fault(&place, words.into()));
        }
        let before = std::mem::take(&mut self.out);
        self.nested(name, data, &place)?;
        Ok(Value::from(std::mem::replace(&mut self.out, before)))
    }
}
