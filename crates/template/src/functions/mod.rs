//! The functions: Go's own and Prometheus'.

mod builtin;
mod compare;
mod escape;
mod number;
mod regex;
mod text;
mod vector;

pub(crate) use text::table_link;

use crate::error::Problem;
use crate::{Environment, Value};

/// What a function says.
pub(crate) type Answer = Result<Value, Problem>;

/// What a function may ask of the world.
pub(crate) struct Context<'e> {
    pub(crate) environment: &'e dyn Environment,
}

/// The type that a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Param {
    Any,
    Text,
    Sample,
    Vector,
}

impl Param {
    pub(crate) fn takes(self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::Text => matches!(value, Value::Str(_)),
            Self::Sample => matches!(value, Value::Sample(_)),
            Self::Vector => matches!(value, Value::List(_)),
        }
    }

    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::Any => "interface {}",
            Self::Text => "string",
            Self::Sample => "*template.sample",
            Self::Vector => "template.queryResult",
        }
    }
}

/// How a function is carried out.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    /// Arguments in, value out.
    Plain(fn(&[Value]) -> Answer),
    /// It asks the world.
    World(fn(&Context<'_>, &[Value]) -> Answer),
    /// Its arguments are looked at one by one, until the truth of one is this.
    ShortCircuit {
        /// `true` of `or`.
        ends_at: bool,
    },
    /// It expands another template.
    Template,
}

/// A function.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) params: &'static [Param],
    /// Whether the last parameter stands for any number of arguments.
    pub(crate) variadic: bool,
    pub(crate) run: Run,
}

impl Function {
    /// The parameter of argument number `index`.
    pub(crate) fn param(&self, index: usize) -> Param {
        let param = self.params.get(index).or_else(|| self.params.last());
        param.copied().unwrap_or(Any)
    }
}

/// Names of Prometheus' functions, those that Go's templates have of their own not among them. Ordering: of
/// the table.
pub fn function_names() -> impl Iterator<Item = &'static str> {
    let all = FUNCTIONS.iter().map(|function| function.name);
    all.skip_while(|name| *name != "query")
        .filter(|name| *name != "tmpl")
}

/// The function `name`.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

const fn plain(
    name: &'static str,
    params: &'static [Param],
    call: fn(&[Value]) -> Answer,
) -> Function {
    Function {
        name,
        params,
        variadic: false,
        run: Run::Plain(call),
    }
}

const fn any_number(
    name: &'static str,
    params: &'static [Param],
    call: fn(&[Value]) -> Answer,
) -> Function {
    Function {
        name,
        params,
        variadic: true,
        run: Run::Plain(call),
    }
}

const fn world(
    name: &'static str,
    params: &'static [Param],
    call: fn(&Context<'_>, &[Value]) -> Answer,
) -> Function {
    Function {
        name,
        params,
        variadic: false,
        run: Run::World(call),
    }
}

const fn short_circuit(name: &'static str, ends_at: bool) -> Function {
    Function {
        name,
        params: &[Any, Any],
        variadic: true,
        run: Run::ShortCircuit { ends_at },
    }
}

use Param::{Any, Sample, Text, Vector};

static FUNCTIONS: [Function; 49] = [
    short_circuit("and", false),
    short_circuit("or", true),
    plain("not", &[Any], builtin::not),
    plain("len", &[Any], builtin::len),
    any_number("index", &[Any, Any], builtin::index),
    any_number("slice", &[Any, Any], builtin::slice),
    any_number("call", &[Any, Any], builtin::call),
    any_number("print", &[Any], builtin::print),
    any_number("println", &[Any], builtin::println),
    any_number("printf", &[Text, Any], builtin::printf),
    any_number("html", &[Any], escape::html),
    any_number("js", &[Any], escape::js),
    any_number("urlquery", &[Any], escape::urlquery),
    any_number("eq", &[Any, Any], compare::eq),
    plain("ne", &[Any, Any], compare::ne),
    plain("lt", &[Any, Any], compare::lt),
    plain("le", &[Any, Any], compare::le),
    plain("gt", &[Any, Any], compare::gt),
    plain("ge", &[Any, Any], compare::ge),
    world("query", &[Text], vector::query),
    plain("first", &[Vector], vector::first),
    plain("label", &[Text, Sample], vector::label),
    plain("value", &[Sample], vector::value),
    plain("strvalue", &[Sample], vector::strvalue),
    plain("sortByLabel", &[Text, Vector], vector::sort_by_label),
    any_number("args", &[Any], vector::args),
    Function {
        name: "tmpl",
        params: &[Text, Any],
        variadic: false,
        run: Run::Template,
    },
    plain("safeHtml", &[Text], text::same),
    plain("title", &[Text], text::title),
    plain("toUpper", &[Text], text::to_upper),
    plain("toLower", &[Text], text::to_lower),
    plain("graphLink", &[Text], text::graph),
    plain("tableLink", &[Text], text::table),
    plain("stripPort", &[Text], text::strip_port),
    plain("stripDomain", &[Text], text::strip_domain),
    plain("urlQueryEscape", &[Text], text::url_query_escape),
    plain("match", &[Text, Text], regex::matches),
    plain("reReplaceAll", &[Text, Text, Text], regex::replace_all),
    plain("humanize", &[Any], number::humanize),
    plain("humanize1024", &[Any], number::humanize_1024),
    plain("humanizeDuration", &[Any], number::humanize_duration),
    plain("humanizePercentage", &[Any], number::humanize_percentage),
    plain("humanizeTimestamp", &[Any], number::humanize_timestamp),
    plain("toTime", &[Any], number::to_time),
    plain("toDuration", &[Any], number::to_duration),
    plain("parseDuration", &[Text], number::parse_duration),
    world("now", &[], number::now),
    world("externalURL", &[], text::external_url),
    world("pathPrefix", &[], text::path_prefix),
];

/// The text in place `index`, which the parameter's type says is there.
fn text_at(values: &[Value], index: usize) -> &str {
    match values.get(index) {
        Some(Value::Str(text)) => text,
        _ => "",
    }
}
