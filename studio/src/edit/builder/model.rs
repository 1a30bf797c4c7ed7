//! An expression as a metric with filters and steps that follow each other, and back.

use model::{MatchOp, Matcher};
use promql_syntax::{
    Aggregate, AggregateOp, Binary, Call, Expr, ExprKind, Function, MatrixSelector, ValueType,
    VectorSelector, parse,
};

/// Stands for a variable while the expression is read; no window is as long. Units: seconds.
const STAND_IN: u64 = 770_000_000;

/// What is done with a result.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// A function; `at` is the place of the series among its arguments.
    Call {
        function: &'static Function,
        params: Vec<String>,
        at: usize,
    },
    /// An aggregation.
    Aggregate {
        op: AggregateOp,
        param: Option<String>,
        labels: Vec<String>,
        without: bool,
    },
    /// A calculation with a number.
    Number { op: String, value: String },
}

/// A query as it is built.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Built {
    pub(super) metric: String,
    pub(super) matchers: Vec<Matcher>,
    /// The window of the first function, where it takes one.
    pub(super) range: Option<String>,
    /// Ordering: innermost first.
    pub(super) steps: Vec<Step>,
}

impl Built {
    /// Reads an expression; `None` if it is more than steps after each other.
    pub(super) fn read(text: &str) -> Option<Self> {
        if text.trim().is_empty() {
            return Some(Self::default());
        }
        // A comment would get lost.
        let (plain, variables) = without_variables(text)?;
        let tree = parse(&plain).ok()?;
        let mut built = take(&tree, &plain)?;
        // Only what comes back as it was is taken apart.
        let again = parse(&built.text()).ok()?;
        if bare(&again) != bare(&tree) {
            return None;
        }
        built.restore(&variables);
        Some(built)
    }

    /// The expression.
    pub(super) fn text(&self) -> String {
        let mut text = self.metric.clone();
        if !self.matchers.is_empty() || text.is_empty() {
            let matchers = self.matchers.iter().map(|matcher| {
                let value = matcher.value.replace('\\', "\\\\").replace('"', "\\\"");
                let value = value.replace('\n', "\\n");
                format!("{}{}\"{value}\"", matcher.name, matcher.op.as_str())
            });
            let matchers = matchers.collect::<Vec<_>>().join(", ");
            if !(text.is_empty() && matchers.is_empty()) {
                text = format!("{text}{{{matchers}}}");
            }
        }
        if let Some(range) = &self.range {
            text = format!("{text}[{range}]");
        }
        let mut is_binary = false;
        for step in &self.steps {
            text = step.around(&text, is_binary);
            is_binary = matches!(step, Step::Number { .. });
        }
        text
    }

    /// Whether a step needs a window of samples.
    pub(super) fn needs_range(&self) -> bool {
        self.steps.iter().any(Step::takes_range)
    }

    /// Adds a step: one that takes a window goes first, everything else last.
    pub(super) fn add(&mut self, step: Step) {
        if step.takes_range() {
            self.steps.retain(|step| !step.takes_range());
            self.range
                .get_or_insert_with(|| "$__rate_interval".to_owned());
            self.steps.insert(0, step);
        } else {
            self.steps.push(step);
        }
    }

    /// Takes a step away, and the window with the last one that needs it.
    pub(super) fn remove(&mut self, index: usize) {
        if index < self.steps.len() {
            self.steps.remove(index);
        }
        if !self.needs_range() {
            self.range = None;
        }
    }

    /// Puts variables back where stand-ins are.
    fn restore(&mut self, variables: &[String]) {
        let put = |text: &mut String| {
            for (index, variable) in variables.iter().enumerate() {
                *text = text.replace(&stand_in(index), variable);
            }
        };
        if let Some(range) = &mut self.range {
            put(range);
        }
        for step in &mut self.steps {
            match step {
                Step::Call { params, .. } => params.iter_mut().for_each(put),
                Step::Aggregate { param, .. } => param.iter_mut().for_each(put),
                Step::Number { value, .. } => put(value),
            }
        }
    }
}

impl Step {
    /// The function or aggregation of a name, with parameters to begin with.
    pub(super) fn named(name: &str) -> Option<Self> {
        if let Some(op) = AggregateOp::ALL.into_iter().find(|op| op.as_str() == name) {
            let param = op.param_type().map(|kind| match (kind, op) {
                (ValueType::String, _) => "\"value\"",
                (_, AggregateOp::Quantile) => "0.95",
                (_, AggregateOp::LimitRatio) => "0.1",
                _ => "5",
            });
            return Some(Self::Aggregate {
                op,
                param: param.map(str::to_owned),
                labels: Vec::new(),
                without: false,
            });
        }
        if [
            "+", "-", "*", "/", "%", "^", ">", "<", ">=", "<=", "==", "!=",
        ]
        .contains(&name)
        {
            return Some(Self::Number {
                op: name.to_owned(),
                value: "1".to_owned(),
            });
        }
        let function = Function::named(name)?;
        let at = series_at(function)?;
        let needed = function.args.len() - usize::from(function.variadic != 0);
        let others = function.args.iter().take(needed.max(at + 1)).enumerate();
        let params = others.filter(|(index, _)| *index != at).map(|(_, kind)| {
            match (kind, name) {
                (ValueType::String, _) => "\"\"",
                (_, "histogram_quantile" | "quantile_over_time") => "0.95",
                (_, "predict_linear") => "3600",
                _ => "1",
            }
            .to_owned()
        });
        Some(Self::Call {
            function,
            params: params.collect(),
            at,
        })
    }

    /// Its name in the language.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Call { function, .. } => function.name,
            Self::Aggregate { op, .. } => op.as_str(),
            Self::Number { op, .. } => op,
        }
    }

    /// Whether it takes a window of samples.
    pub(super) fn takes_range(&self) -> bool {
        match self {
            Self::Call { function, at, .. } => function.arg_type(*at) == Some(ValueType::Matrix),
            _ => false,
        }
    }

    fn around(&self, inner: &str, is_binary: bool) -> String {
        match self {
            Self::Call {
                function,
                params,
                at,
            } => {
                let mut args: Vec<&str> = params.iter().map(String::as_str).collect();
                args.insert((*at).min(args.len()), inner);
                format!("{}({})", function.name, args.join(", "))
            }
            Self::Aggregate {
                op,
                param,
                labels,
                without,
            } => {
                let grouping = match (labels.is_empty(), without) {
                    (true, false) => String::new(),
                    (_, true) => format!(" without ({})", labels.join(", ")),
                    (false, false) => format!(" by ({})", labels.join(", ")),
                };
                let param = param.as_ref().map(|param| format!("{param}, "));
                format!(
                    "{}{grouping}({}{inner})",
                    op.as_str(),
                    param.unwrap_or_default()
                )
            }
            Self::Number { op, value } if is_binary => format!("({inner}) {op} {value}"),
            Self::Number { op, value } => format!("{inner} {op} {value}"),
        }
    }
}

/// Functions that can be steps, by whether they take a window.
pub(super) fn functions(of_range: bool) -> impl Iterator<Item = &'static str> {
    promql_syntax::FUNCTIONS
        .iter()
        .filter(move |function| {
            let kind = series_at(function).and_then(|at| function.arg_type(at));
            let wanted = if of_range {
                ValueType::Matrix
            } else {
                ValueType::Vector
            };
            kind == Some(wanted) && !function.experimental
        })
        .map(|function| function.name)
}

fn is_series(kind: ValueType) -> bool {
    matches!(kind, ValueType::Vector | ValueType::Matrix)
}

/// The place of the series among the arguments of a function that takes one series alone.
fn series_at(function: &Function) -> Option<usize> {
    let places = function
        .args
        .iter()
        .enumerate()
        .filter(|(_, kind)| is_series(**kind));
    let mut places = places.map(|(index, _)| index);
    let first = places.next()?;
    places.next().is_none().then_some(first)
}

fn stand_in(index: usize) -> String {
    format!("{}s", STAND_IN + index as u64)
}

/// The text with a stand-in for each variable outside of texts, and what they stand for.
fn without_variables(text: &str) -> Option<(String, Vec<String>)> {
    let (mut out, mut variables) = (String::with_capacity(text.len()), Vec::new());
    let mut open: Option<char> = None;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        match open {
            Some(quote) => {
                if c == '\\' && quote != '`' {
                    length += rest.get(1..)?.chars().next().map_or(0, char::len_utf8);
                } else if c == quote {
                    open = None;
                }
            }
            None if c == '#' => return None,
            None if matches!(c, '"' | '\'' | '`') => open = Some(c),
            None if c == '$' => {
                length = if let Some(inner) = rest.strip_prefix("${") {
                    inner.find('}')? + 3
                } else {
                    let name = rest.get(1..)?;
                    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
                    1 + name.find(|c| !is_word(c)).unwrap_or(name.len())
                };
                out.push_str(&stand_in(variables.len()));
                variables.push(rest.get(..length)?.to_owned());
                rest = rest.get(length..)?;
                continue;
            }
            None => {}
        }
        out.push_str(rest.get(..length)?);
        rest = rest.get(length..)?;
    }
    Some((out, variables))
}

/// The expression as it is printed, without parentheses and spaces that change nothing.
fn bare(tree: &Expr) -> String {
    tree.unparenthesised().to_string()
}

fn take(expr: &Expr, text: &str) -> Option<Built> {
    match &expr.kind {
        ExprKind::Selector(selector) => base(selector, None),
        ExprKind::Matrix(MatrixSelector { selector, .. }) => {
            let written = expr.span.text(text).trim_end();
            let (_, range) = written.strip_suffix(']')?.rsplit_once('[')?;
            base(selector, Some(range.trim().to_owned()))
        }
        ExprKind::Paren(inner) => take(inner, text),
        ExprKind::Call(call) => of_call(call, text),
        ExprKind::Aggregate(aggregate) => of_aggregate(aggregate, text),
        ExprKind::Binary(binary) => of_binary(binary, text),
        _ => None,
    }
}

fn base(selector: &VectorSelector, range: Option<String>) -> Option<Built> {
    let is_plain = selector.shift.offset.is_none()
        && selector.shift.at.is_none()
        && selector.extension.is_none();
    is_plain.then(|| Built {
        metric: selector.name.clone().unwrap_or_default(),
        matchers: selector.matchers.clone(),
        range,
        steps: Vec::new(),
    })
}

/// A number or a text as it is written.
fn literal(expr: &Expr, text: &str) -> Option<String> {
    let is_literal = match &expr.unparenthesised().kind {
        ExprKind::Number(_) | ExprKind::String(_) => true,
        ExprKind::Unary(unary) => matches!(unary.operand.kind, ExprKind::Number(_)),
        _ => false,
    };
    is_literal.then(|| expr.span.text(text).to_owned())
}

fn of_call(call: &Call, text: &str) -> Option<Built> {
    let at = series_at(call.function)?;
    let mut built = take(call.args.get(at)?, text)?;
    let others = call
        .args
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != at);
    let params = others.map(|(_, arg)| literal(arg, text));
    built.steps.push(Step::Call {
        function: call.function,
        params: params.collect::<Option<_>>()?,
        at,
    });
    Some(built)
}

fn of_aggregate(aggregate: &Aggregate, text: &str) -> Option<Built> {
    let mut built = take(&aggregate.expr, text)?;
    let param = match &aggregate.param {
        None => None,
        Some(param) => Some(literal(param, text)?),
    };
    built.steps.push(Step::Aggregate {
        op: aggregate.op,
        param,
        labels: aggregate.grouping.clone(),
        without: aggregate.without,
    });
    Some(built)
}

fn of_binary(binary: &Binary, text: &str) -> Option<Built> {
    if binary.returns_bool || binary.op.is_set() {
        return None;
    }
    let mut built = take(&binary.left, text)?;
    built.steps.push(Step::Number {
        op: binary.op.as_str().to_owned(),
        value: literal(&binary.right, text)?,
    });
    Some(built)
}

/// A matcher to begin with.
pub(super) fn new_matcher() -> Matcher {
    Matcher::new("", MatchOp::Equal, "")
}

/// The comparison of a word.
pub(super) fn op_of(word: &str) -> MatchOp {
    match word {
        "!=" => MatchOp::NotEqual,
        "=~" => MatchOp::Regex,
        "!~" => MatchOp::NotRegex,
        _ => MatchOp::Equal,
    }
}
