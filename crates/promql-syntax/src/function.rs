//! The functions of the language and the types of their arguments: the one table of them.

use crate::ast::ValueType;
use ValueType::{Matrix as M, Scalar as S, String as T, Vector as V};

/// A function as the parser knows it.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Name.
    pub name: &'static str,
    /// Types of the arguments; the last one repeats for a variadic function.
    pub args: &'static [ValueType],
    /// How many arguments more than `args.len() - 1` may be given: 0 says exactly `args.len()`, a
    /// negative number any.
    pub variadic: i8,
    /// Type of the result.
    pub returns: ValueType,
    /// Whether calls must be enabled first.
    pub experimental: bool,
}

impl Function {
    /// Finds a function by its exact name.
    pub fn named(name: &str) -> Option<&'static Self> {
        let at = FUNCTIONS
            .binary_search_by(|function| function.name.cmp(name))
            .ok()?;
        FUNCTIONS.get(at)
    }

    /// The type that argument number `index` must have; `None` where there may be none.
    pub fn arg_type(&self, index: usize) -> Option<ValueType> {
        match self.args.get(index) {
            Some(wanted) => Some(*wanted),
            None if self.variadic == 0 => None,
            None => self.args.last().copied(),
        }
    }
}

#[derive(Clone, Copy)]
enum Stage {
    Stable,
    Experimental,
}
use Stage::{Experimental, Stable};

const fn row(
    name: &'static str,
    args: &'static [ValueType],
    variadic: i8,
    returns: ValueType,
    stage: Stage,
) -> Function {
    Function {
        name,
        args,
        variadic,
        returns,
        experimental: matches!(stage, Experimental),
    }
}

/// All functions. Ordering: by name.
///
/// Source: Prometheus 3.14, `promql/parser/functions.go`.
pub static FUNCTIONS: &[Function] = &[
    row("abs", &[V], 0, V, Stable),
    row("absent", &[V], 0, V, Stable),
    row("absent_over_time", &[M], 0, V, Stable),
    row("acos", &[V], 0, V, Stable),
    row("acosh", &[V], 0, V, Stable),
    row("asin", &[V], 0, V, Stable),
    row("asinh", &[V], 0, V, Stable),
    row("atan", &[V], 0, V, Stable),
    row("atanh", &[V], 0, V, Stable),
    row("avg_over_time", &[M], 0, V, Stable),
    row("ceil", &[V], 0, V, Stable),
    row("changes", &[M], 0, V, Stable),
    row("clamp", &[V, S, S], 0, V, Stable),
    row("clamp_max", &[V, S], 0, V, Stable),
    row("clamp_min", &[V, S], 0, V, Stable),
    row("cos", &[V], 0, V, Stable),
    row("cosh", &[V], 0, V, Stable),
    row("count_over_time", &[M], 0, V, Stable),
    row("day_of_month", &[V], 1, V, Stable),
    row("day_of_week", &[V], 1, V, Stable),
    row("day_of_year", &[V], 1, V, Stable),
    row("days_in_month", &[V], 1, V, Stable),
    row("deg", &[V], 0, V, Stable),
    row("delta", &[M], 0, V, Stable),
    row("deriv", &[M], 0, V, Stable),
    row(
        "double_exponential_smoothing",
        &[M, S, S],
        0,
        V,
        Experimental,
    ),
    row("end", &[], 0, S, Experimental),
    row("exp", &[V], 0, V, Stable),
    row("first_over_time", &[M], 0, V, Stable),
    row("floor", &[V], 0, V, Stable),
    row("histogram_avg", &[V], 0, V, Stable),
    row("histogram_count", &[V], 0, V, Stable),
    row("histogram_fraction", &[S, S, V], 0, V, Stable),
    row("histogram_quantile", &[S, V], 0, V, Stable),
    row("histogram_quantiles", &[V, T, S, S], 9, V, Experimental),
    row("histogram_stddev", &[V], 0, V, Stable),
    row("histogram_stdvar", &[V], 0, V, Stable),
    row("histogram_sum", &[V], 0, V, Stable),
    row("hour", &[V], 1, V, Stable),
    row("idelta", &[M], 0, V, Stable),
    row("increase", &[M], 0, V, Stable),
    row("info", &[V, V], 1, V, Experimental),
    row("irate", &[M], 0, V, Stable),
    row("label_join", &[V, T, T, T], -1, V, Stable),
    row("label_replace", &[V, T, T, T, T], 0, V, Stable),
    row("last_over_time", &[M], 0, V, Stable),
    row("ln", &[V], 0, V, Stable),
    row("log10", &[V], 0, V, Stable),
    row("log2", &[V], 0, V, Stable),
    row("mad_over_time", &[M], 0, V, Experimental),
    row("max_of", &[S, S], 0, S, Experimental),
    row("max_over_time", &[M], 0, V, Stable),
    row("min_of", &[S, S], 0, S, Experimental),
    row("min_over_time", &[M], 0, V, Stable),
    row("minute", &[V], 1, V, Stable),
    row("month", &[V], 1, V, Stable),
    row("pi", &[], 0, S, Stable),
    row("predict_linear", &[M, S], 0, V, Stable),
    row("present_over_time", &[M], 0, V, Stable),
    row("quantile_over_time", &[S, M], 0, V, Stable),
    row("rad", &[V], 0, V, Stable),
    row("range", &[], 0, S, Experimental),
    row("rate", &[M], 0, V, Stable),
    row("resets", &[M], 0, V, Stable),
    row("round", &[V, S], 1, V, Stable),
    row("scalar", &[V], 0, S, Stable),
    row("sgn", &[V], 0, V, Stable),
    row("sin", &[V], 0, V, Stable),
    row("sinh", &[V], 0, V, Stable),
    row("sort", &[V], 0, V, Stable),
    row("sort_by_label", &[V, T], -1, V, Experimental),
    row("sort_by_label_desc", &[V, T], -1, V, Experimental),
    row("sort_desc", &[V], 0, V, Stable),
    row("sqrt", &[V], 0, V, Stable),
    row("start", &[], 0, S, Experimental),
    row("start_timestamp", &[V], 0, V, Experimental),
    row("stddev_over_time", &[M], 0, V, Stable),
    row("stdvar_over_time", &[M], 0, V, Stable),
    row("step", &[], 0, S, Experimental),
    row("sum_over_time", &[M], 0, V, Stable),
    row("tan", &[V], 0, V, Stable),
    row("tanh", &[V], 0, V, Stable),
    row("time", &[], 0, S, Stable),
    row("timestamp", &[V], 0, V, Stable),
    row("ts_of_first_over_time", &[M], 0, V, Experimental),
    row("ts_of_last_over_time", &[M], 0, V, Experimental),
    row("ts_of_max_over_time", &[M], 0, V, Experimental),
    row("ts_of_min_over_time", &[M], 0, V, Experimental),
    row("vector", &[S], 0, V, Stable),
    row("year", &[V], 1, V, Stable),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_sorted_so_that_every_function_is_found() {
        assert!(FUNCTIONS.is_sorted_by(|a, b| a.name < b.name));
        for function in FUNCTIONS {
            assert_eq!(Function::named(function.name), Some(function));
        }
        assert_eq!(Function::named("nope"), None);
    }
}
