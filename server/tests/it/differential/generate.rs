//! Random expressions that both languages, 2.42's and ours, understand.

use super::random::Random;
use std::fmt::Write as _;

/// How far the two servers' values can be expected to agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    /// To a rounding error: nothing that jumps may be applied.
    Rough,
    /// To the bit.
    Exact,
    /// To the bit, and sums too: whole multiples of a power of two.
    Grained,
}

/// An expression with an instant vector as its value.
struct Vector {
    text: String,
    grade: Grade,
    /// No two series have the same value, so that an order is an order.
    distinct: bool,
}

/// An expression to ask for.
pub(crate) struct Made {
    pub(crate) text: String,
    /// Whether it has a comparison between vectors that drops elements.
    pub(crate) has_filter: bool,
}

/// The times of a vector's samples; not of a selector with `@` and an offset (entry "Times of samples that are
/// pinned and shifted").
fn timestamp_of(text: &str) -> String {
    if text.contains('@') && text.contains("offset") {
        format!("timestamp(0 + ({text}))")
    } else {
        format!("timestamp({text})")
    }
}

/// Makes expressions.
pub(crate) struct Generator {
    pub(crate) random: Random,
    /// Where samples are. Units: milliseconds, of which the last three digits are 041.
    times: (i64, i64),
    /// How deep in subqueries the expression that is being made is.
    subqueries: u32,
    /// Whether it has a comparison between vectors that drops elements.
    has_filter: bool,
}

const LABELS: [&str; 7] = [
    "job", "instance", "code", "zone", "le", "version", "nothing",
];
const GAUGES: [&str; 4] = ["temperature", "load", "limit", "sparse"];
const COUNTERS: [&str; 5] = [
    "requests_total",
    "errors_total",
    "latency_bucket",
    "latency_count",
    "latency_sum",
];
/// Functions that keep the bits of what they work on.
const EXACT: [&str; 5] = ["abs", "ceil", "floor", "sqrt", "sgn"];
/// Functions whose last bits are the mathematical library's.
const ROUGH: [&str; 18] = [
    "exp", "ln", "log2", "log10", "deg", "rad", "sin", "cos", "tan", "asin", "acos", "atan",
    "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
];
/// Those that make no large difference of a small one.
const GENTLE: [&str; 5] = ["abs", "deg", "rad", "atan", "asinh"];
const CALENDAR: [&str; 8] = [
    "minute",
    "hour",
    "day_of_week",
    "day_of_month",
    "day_of_year",
    "days_in_month",
    "month",
    "year",
];
const MATCHERS: [&str; 14] = [
    r#"job="api""#,
    r#"job!="api""#,
    r#"job=~"api|web""#,
    r#"job!~"a.*""#,
    r#"instance=~"[ab]:.""#,
    r#"instance="c:3""#,
    r#"code="500""#,
    r#"code!="""#,
    r#"code=~"5..|""#,
    r#"zone="""#,
    r#"le!="1""#,
    r#"version="1.0""#,
    r#"nothing="""#,
    r#"job=~".+""#,
];

impl Generator {
    /// Expressions about samples from `first` to `last`. Units: milliseconds.
    pub(crate) fn new(seed: u64, first: i64, last: i64) -> Self {
        Self {
            random: Random::new(seed),
            times: (first, last),
            subqueries: 0,
            has_filter: false,
        }
    }

    /// A time inside the samples, or a little outside, that is never a sample's nor a window's end.
    pub(crate) fn time(&mut self) -> i64 {
        let (first, last) = (self.times.0 / 1000 - 120, self.times.1 / 1000 + 60);
        self.random.between(first, last) * 1000 + 41
    }

    /// The next expression: mostly a vector, sometimes a number, a range or nonsense.
    pub(crate) fn expression(&mut self) -> Made {
        self.has_filter = false;
        let depth = self.random.between(1, 4);
        let text = match self.random.between(0, 29) {
            0 => self.scalar(depth),
            1 => self.matrix(depth).0,
            2 => self.nonsense(depth),
            _ => self.vector(depth).text,
        };
        Made {
            text,
            has_filter: self.has_filter,
        }
    }

    /// Wrong types and wrong matchings: errors must be errors on both sides.
    fn nonsense(&mut self, depth: i64) -> String {
        let vector = self.vector(depth - 1).text;
        let scalar = self.scalar(1);
        match self.random.between(0, 9) {
            0 => format!("rate({vector})"),
            1 => format!("abs({scalar})"),
            2 => format!("{scalar} and ({vector})"),
            3 => format!("sum({scalar})"),
            4 => format!("{scalar} > {scalar}"),
            5 => format!("({vector}) + on (job) group_left ({vector})"),
            6 => format!("topk({vector}, {vector})"),
            7 => format!("label_replace({vector}, \"~\", \"$1\", \"job\", \"(\")"),
            8 => format!("requests_total + on (job) group_right (instance) ({vector})"),
            _ => format!("{{job=\"\"}} + {vector}"),
        }
    }

    fn number(&mut self) -> String {
        let text = [
            "0", "1", "2", "3.5", "-1", "0.5", "10", "100.25", "-7.125", "1e3", "0x1F", "NaN",
            "Inf", "0.731", "60",
        ];
        self.random.pick(&text).to_owned()
    }

    fn scalar(&mut self, depth: i64) -> String {
        if depth <= 0 {
            return self.number();
        }
        match self.random.between(0, 7) {
            0 => "time()".to_owned(),
            1 => "pi()".to_owned(),
            2 => {
                let vector = self.vector(depth - 1).text;
                format!("scalar({vector})")
            }
            3 => {
                let (left, right) = (self.scalar(depth - 1), self.scalar(depth - 1));
                let op = self.random.pick(&["+", "-", "*", "/", "^", "%", "atan2"]);
                let is_rough = |side: &String| {
                    ["atan2", "^", "scalar"]
                        .iter()
                        .any(|one| side.contains(one))
                };
                let op = if op == "%" && (is_rough(&left) || is_rough(&right)) {
                    "*"
                } else {
                    op
                };
                format!("({left} {op} {right})")
            }
            4 => {
                let (left, right) = (self.number(), self.number());
                let op = self.comparison();
                format!("({left} {op} bool {right})")
            }
            5 => format!("-{}", self.scalar(depth - 1)),
            _ => self.number(),
        }
    }

    fn comparison(&mut self) -> &'static str {
        self.random.pick(&["==", "!=", "<", "<=", ">", ">="])
    }

    fn duration(&mut self) -> &'static str {
        self.random
            .pick(&["30s", "1m", "1m30s", "2m", "5m", "10m", "47s", "333s"])
    }

    fn modifiers(&mut self) -> String {
        let mut text = String::new();
        if self.random.one_in(6) {
            let offset = self.random.pick(&["1m", "37s", "-2m", "90s", "5m"]);
            write!(text, " offset {offset}").unwrap();
        }
        if self.random.one_in(9) {
            let at = match self.random.between(0, 2) {
                0 => "start()".to_owned(),
                1 => "end()".to_owned(),
                _ => format!("{:.3}", self.time() as f64 / 1000.0),
            };
            write!(text, " @ {at}").unwrap();
        }
        text
    }

    fn matchers(&mut self) -> String {
        let count = [0, 0, 1, 1, 2][self.random.below(5)];
        let matchers: Vec<&str> = (0..count).map(|_| self.random.pick(&MATCHERS)).collect();
        if matchers.is_empty() {
            String::new()
        } else {
            format!("{{{}}}", matchers.join(", "))
        }
    }

    /// A selector without modifiers, and whether its series have distinct values.
    fn bare_selector(&mut self, names: &[&'static str]) -> (String, bool) {
        let name = self.random.pick(names);
        let distinct = matches!(
            name,
            "requests_total" | "errors_total" | "temperature" | "load"
        );
        (format!("{name}{}", self.matchers()), distinct)
    }

    fn any_name(&mut self) -> &'static str {
        match self.random.between(0, 2) {
            0 => self.random.pick(&COUNTERS),
            1 => self.random.pick(&GAUGES),
            _ => self
                .random
                .pick(&["requests_total", "build", "temperature", "load"]),
        }
    }

    fn selector(&mut self) -> Vector {
        let name = self.any_name();
        let (text, distinct) = self.bare_selector(&[name]);
        Vector {
            text: format!("{text}{}", self.modifiers()),
            grade: Grade::Grained,
            distinct,
        }
    }

    /// A range of counters, or of anything.
    fn matrix(&mut self, depth: i64) -> (String, Grade) {
        if depth <= 1 || !self.random.one_in(4) {
            let name = self.any_name();
            let (text, _) = self.bare_selector(&[name]);
            let range = self.duration();
            return (
                format!("{text}[{range}]{}", self.modifiers()),
                Grade::Grained,
            );
        }
        self.subqueries += 1;
        let inner = self.vector(depth - 2);
        self.subqueries -= 1;
        let text = self.subquery(&inner.text);
        (text, inner.grade)
    }

    fn subquery(&mut self, inner: &str) -> String {
        let range = self.duration();
        let step = self.random.pick(&["10s", "15s", "30s", "1m", "7s", ""]);
        // Steps of a subquery are whole multiples of its step: another one inside, unshifted, would
        // begin exactly at a step, where left-open and left-closed ranges differ.
        let modifiers = if self.subqueries > 0 {
            " offset 317ms".to_owned()
        } else {
            self.modifiers()
        };
        format!("({inner})[{range}:{step}]{modifiers}")
    }

    /// A range in which `rate` is the same in all versions: of a counter far above zero.
    fn counters(&mut self) -> String {
        let (text, _) = self.bare_selector(&COUNTERS);
        if self.random.one_in(6) {
            let label = self.random.pick(&LABELS);
            let inner = format!("sum by ({label}, instance) ({text})");
            return self.subquery(&inner);
        }
        let range = self.duration();
        format!("{text}[{range}]{}", self.modifiers())
    }

    fn vector(&mut self, depth: i64) -> Vector {
        if depth <= 0 {
            return self.selector();
        }
        match self.random.between(0, 19) {
            0 | 1 => self.selector(),
            2..=5 => self.over_range(depth),
            6..=8 => self.aggregation(depth),
            9..=11 => self.with_scalar(depth),
            12..=14 => self.between_vectors(depth),
            15 => self.labels_changed(depth),
            16 => self.quantile_of_histogram(depth),
            17 => self.rounding(depth),
            18 => self.other(depth),
            _ => self.mathematics(depth),
        }
    }

    fn over_range(&mut self, depth: i64) -> Vector {
        if self.random.one_in(3) {
            let function = self.random.pick(&["rate", "increase", "irate"]);
            let text = format!("{function}({})", self.counters());
            return Vector {
                text,
                grade: Grade::Rough,
                distinct: false,
            };
        }
        let (range, inner) = self.matrix(depth);
        let (text, grade) = match self.random.between(0, 17) {
            0 => (format!("min_over_time({range})"), inner),
            1 => (format!("max_over_time({range})"), inner),
            2 => (format!("last_over_time({range})"), inner),
            3 => (format!("count_over_time({range})"), Grade::Grained),
            4 => (format!("present_over_time({range})"), Grade::Grained),
            5 if inner > Grade::Rough => (format!("changes({range})"), Grade::Grained),
            6 if inner > Grade::Rough => (format!("resets({range})"), Grade::Grained),
            7 => (format!("idelta({range})"), inner.min(Grade::Exact)),
            8 => (format!("absent_over_time({range})"), Grade::Grained),
            9 if inner == Grade::Grained => (format!("sum_over_time({range})"), inner),
            10 => (format!("avg_over_time({range})"), Grade::Rough),
            11 => (format!("stddev_over_time({range})"), Grade::Rough),
            12 => (format!("stdvar_over_time({range})"), Grade::Rough),
            13 => {
                let quantile = self
                    .random
                    .pick(&["0", "0.25", "0.5", "0.9", "1", "1.5", "-1", "NaN"]);
                (
                    format!("quantile_over_time({quantile}, {range})"),
                    Grade::Rough,
                )
            }
            14 => (format!("deriv({range})"), Grade::Rough),
            15 => {
                // Never pinned by `@` (entry "Pinned predictions").
                let (name, range) = (self.any_name(), self.duration());
                let range = format!("{}[{range}] offset 37s", self.bare_selector(&[name]).0);
                let ahead = self.random.pick(&["0", "60", "3600", "-300"]);
                (format!("predict_linear({range}, {ahead})"), Grade::Rough)
            }
            16 => {
                let factors = self.random.pick(&["0.5, 0.5", "0.1, 0.9", "0.3, 0.01"]);
                (
                    format!("double_exponential_smoothing({range}, {factors})"),
                    Grade::Rough,
                )
            }
            _ => (format!("delta({range})"), Grade::Rough),
        };
        Vector {
            text,
            grade,
            distinct: false,
        }
    }

    fn grouping(&mut self) -> String {
        let names = self.label_list();
        match self.random.between(0, 3) {
            0 => String::new(),
            1 => format!(" without ({names})"),
            _ => format!(" by ({names})"),
        }
    }

    fn label_list(&mut self) -> String {
        let count = self.random.between(0, 3);
        let names: Vec<&str> = (0..count).map(|_| self.random.pick(&LABELS)).collect();
        names.join(", ")
    }

    fn aggregation(&mut self, depth: i64) -> Vector {
        let inner = self.vector(depth - 1);
        let group = self.grouping();
        let text = inner.text;
        let (text, grade) = match self.random.between(0, 11) {
            0 | 1 => (
                format!("sum{group} ({text})"),
                if inner.grade == Grade::Grained {
                    inner.grade
                } else {
                    Grade::Rough
                },
            ),
            2 => (format!("avg{group} ({text})"), Grade::Rough),
            3 => (format!("min{group} ({text})"), inner.grade),
            4 => (format!("max{group} ({text})"), inner.grade),
            5 => (format!("count{group} ({text})"), Grade::Grained),
            6 => (format!("group{group} ({text})"), Grade::Grained),
            7 | 8 => {
                // Finite values only (entry "Spread of what is not finite").
                let text = if self.random.one_in(2) {
                    format!("rate({})", self.counters())
                } else {
                    self.bare_selector(&["requests_total", "latency_sum", "sparse"])
                        .0
                };
                let op = self.random.pick(&["stddev", "stdvar"]);
                (format!("{op}{group} ({text})"), Grade::Rough)
            }
            9 => {
                let quantile = self
                    .random
                    .pick(&["0", "0.1", "0.5", "0.99", "1", "2", "-3", "NaN"]);
                (
                    format!("quantile{group} ({quantile}, {text})"),
                    Grade::Rough,
                )
            }
            10 if inner.grade == Grade::Grained => {
                let label = self.random.pick(&["value", "job", "code"]);
                // At most two names (entry "Many names beside count_values").
                let group = if group.matches(',').count() > 1 {
                    String::new()
                } else {
                    group
                };
                (
                    format!("count_values{group} (\"{label}\", {text})"),
                    Grade::Grained,
                )
            }
            _ => {
                let inner = if inner.distinct {
                    text
                } else {
                    let names = ["requests_total", "errors_total", "temperature", "load"];
                    self.bare_selector(&names).0
                };
                let op = self.random.pick(&["topk", "bottomk"]);
                let k = self.random.pick(&["0", "1", "2", "3", "2.9", "-1", "100"]);
                (format!("{op}{group} ({k}, {inner})"), Grade::Grained)
            }
        };
        Vector {
            text,
            grade,
            distinct: false,
        }
    }

    fn with_scalar(&mut self, depth: i64) -> Vector {
        let inner = self.vector(depth - 1);
        let scalar = self.scalar(depth - 2);
        if self.random.one_in(2) {
            let op = self.random.pick(&["+", "-", "*", "/", "^"]);
            let text = if self.random.one_in(2) {
                format!("({}) {op} {scalar}", inner.text)
            } else {
                format!("{scalar} {op} ({})", inner.text)
            };
            return Vector {
                text,
                grade: if op == "^" || depth > 2 {
                    Grade::Rough
                } else {
                    inner.grade.min(Grade::Exact)
                },
                distinct: false,
            };
        }
        // What jumps is asked of exact values, or at a place that values do not come near.
        let (op, scalar) = if inner.grade == Grade::Rough {
            (
                self.random.pick(&["<", ">", "<=", ">="]),
                "0.7310585".to_owned(),
            )
        } else if self.random.one_in(5) {
            (self.random.pick(&["%", "atan2"]), self.number())
        } else {
            (self.comparison(), self.number())
        };
        let is_comparison = !matches!(op, "%" | "atan2");
        let returns_bool = is_comparison && self.random.one_in(2);
        let op = if returns_bool {
            format!("{op} bool")
        } else {
            op.to_owned()
        };
        let text = if self.random.one_in(2) {
            format!("({}) {op} {scalar}", inner.text)
        } else {
            format!("{scalar} {op} ({})", inner.text)
        };
        // Without the metric name (entry "Names under atan2").
        let text = if op == "atan2" {
            format!("0 + ({text})")
        } else {
            text
        };
        let grade = match (returns_bool, is_comparison) {
            (true, _) => Grade::Grained,
            (false, true) => inner.grade,
            (false, false) => Grade::Rough,
        };
        Vector {
            text,
            grade,
            distinct: inner.distinct && is_comparison && !returns_bool,
        }
    }

    fn matching(&mut self) -> String {
        let names = self.label_list();
        match self.random.between(0, 9) {
            0..=2 => String::new(),
            3 => format!(" on ({names})"),
            4 => format!(" ignoring ({names})"),
            5 => " on (job, instance)".to_owned(),
            6 => " ignoring (code, zone, version)".to_owned(),
            7 => " on (job) group_left ()".to_owned(),
            8 => " on (job, instance) group_left (version)".to_owned(),
            _ => " on (instance, job) group_right (zone)".to_owned(),
        }
    }

    fn between_vectors(&mut self, depth: i64) -> Vector {
        let left = self.vector(depth - 1);
        let right = self.vector(depth - 1);
        let grade = left.grade.min(right.grade);
        if self.random.one_in(3) {
            let op = self.random.pick(&["and", "or", "unless"]);
            let names = self.label_list();
            let matching = match self.random.between(0, 2) {
                0 => format!(" on ({names})"),
                1 => format!(" ignoring ({names})"),
                _ => String::new(),
            };
            return Vector {
                text: format!("({}) {op}{matching} ({})", left.text, right.text),
                grade,
                distinct: left.distinct && op != "or",
            };
        }
        let matching = self.matching();
        let (op, grade) = match self.random.between(0, 9) {
            0..=3 => (
                self.random.pick(&["+", "-", "*"]).to_owned(),
                grade.min(Grade::Exact),
            ),
            4 | 5 => ("/".to_owned(), grade.min(Grade::Exact)),
            6 if grade > Grade::Rough => (
                self.random.pick(&["%", "atan2", "^"]).to_owned(),
                Grade::Rough,
            ),
            7 | 8 if grade > Grade::Rough => {
                (format!("{} bool", self.comparison()), Grade::Grained)
            }
            9 if grade > Grade::Rough => (self.comparison().to_owned(), grade),
            _ => ("+".to_owned(), grade.min(Grade::Exact)),
        };
        let text = format!("({}) {op}{matching} ({})", left.text, right.text);
        self.has_filter |= matches!(op.as_str(), "==" | "!=" | "<" | "<=" | ">" | ">=");
        Vector {
            text: if op == "atan2" {
                format!("0 + ({text})")
            } else {
                text
            },
            grade,
            distinct: false,
        }
    }

    fn labels_changed(&mut self, depth: i64) -> Vector {
        let inner = self.vector(depth - 1);
        let text = inner.text;
        let text = match self.random.between(0, 5) {
            0 => format!(r#"label_replace({text}, "new", "$1-x", "instance", "(.*):.*")"#),
            1 => format!(r#"label_replace({text}, "job", "", "zone", "north")"#),
            2 => format!(r#"label_replace({text}, "instance", "same", "code", ".*")"#),
            3 => format!(r#"label_join({text}, "new", "-", "job", "code", "instance")"#),
            4 => format!(r#"label_join({text}, "__name__", ":", "__name__", "job")"#),
            _ => format!(r#"label_join({text}, "instance", "", "nothing")"#),
        };
        Vector { text, ..inner }
    }

    fn quantile_of_histogram(&mut self, depth: i64) -> Vector {
        let quantile = self
            .random
            .pick(&["0", "0.5", "0.9", "0.99", "1", "1.1", "-0.1", "NaN"]);
        let (buckets, _) = self.bare_selector(&["latency_bucket"]);
        let modifiers = self.modifiers();
        let buckets = match self.random.between(0, 3) {
            0 => format!("{buckets}{modifiers}"),
            1 => {
                let range = self.duration();
                format!("rate({buckets}[{range}]{modifiers})")
            }
            2 => format!("sum by (le, job) (increase({buckets}[5m]{modifiers}))"),
            _ => self.vector(depth - 1).text,
        };
        Vector {
            text: format!("histogram_quantile({quantile}, {buckets})"),
            grade: Grade::Rough,
            distinct: false,
        }
    }

    fn rounding(&mut self, depth: i64) -> Vector {
        let inner = self.vector(depth - 1);
        let text = inner.text;
        let (low, high) = (self.number(), self.number());
        let (text, grade) = match self.random.between(0, 4) {
            0 => (
                format!("clamp({text}, {low}, {high})"),
                inner.grade.min(Grade::Exact),
            ),
            1 => (
                format!("clamp_min({text}, {low})"),
                inner.grade.min(Grade::Exact),
            ),
            2 => (
                format!("clamp_max({text}, {high})"),
                inner.grade.min(Grade::Exact),
            ),
            3 if inner.grade > Grade::Rough => {
                let to = self.random.pick(&["", ", 5", ", 0.5", ", 0.1", ", -2"]);
                (format!("round({text}{to})"), Grade::Rough)
            }
            _ => (format!("-({text})"), inner.grade),
        };
        Vector {
            text,
            grade,
            distinct: false,
        }
    }

    fn other(&mut self, depth: i64) -> Vector {
        let inner = self.vector(depth - 1);
        let text = inner.text;
        let (text, grade) = match self.random.between(0, 7) {
            0 => (timestamp_of(&text), Grade::Exact),
            1 => (format!("absent({text})"), Grade::Grained),
            2 => (format!("sort({text})"), inner.grade),
            3 => (format!("sort_desc({text})"), inner.grade),
            4 => (format!("vector({})", self.scalar(depth - 1)), Grade::Rough),
            5 => {
                let function = self.random.pick(&CALENDAR);
                (
                    format!("{function}({})", timestamp_of(&text)),
                    Grade::Grained,
                )
            }
            6 => {
                let function = self.random.pick(&CALENDAR);
                (format!("{function}()"), Grade::Grained)
            }
            _ => (format!("({text})"), inner.grade),
        };
        Vector {
            text,
            grade,
            distinct: false,
        }
    }

    fn mathematics(&mut self, depth: i64) -> Vector {
        let inner = self.vector(depth - 1);
        if inner.grade > Grade::Rough && self.random.one_in(2) {
            let function = self.random.pick(&EXACT);
            return Vector {
                text: format!("{function}({})", inner.text),
                grade: Grade::Exact,
                distinct: false,
            };
        }
        let function = if inner.grade == Grade::Rough {
            self.random.pick(&GENTLE)
        } else {
            self.random.pick(&ROUGH)
        };
        Vector {
            text: format!("{function}({})", inner.text),
            grade: Grade::Rough,
            distinct: false,
        }
    }
}
