//! Notes on what is, or may be, wrong with a query that still has a result.
//!
//! Source: Prometheus 3.14, `util/annotations`.

use crate::functions::Date;
use promql_syntax::{LineColumn, Span};
use std::cell::RefCell;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Warning,
    Info,
}

/// Something noted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Note {
    /// A quantile outside of 0 to 1.
    BadQuantile(f64),
    /// A ratio outside of -1 to 1, and what it is taken for.
    BadRatio(f64, f64),
    /// A bucket without a usable bound: the bound, and the metric where its name is known.
    BadBucketLabel(String, String),
    /// `sort` in a range query.
    SortInRange,
    /// `rate` on what does not look like a counter.
    MaybeNotCounter(String),
    /// Bucket counts had to be made to rise.
    ForcedMonotonic(String, Forced),
    /// An operator that these operands do not have.
    IncompatibleTypes {
        op: &'static str,
        left: &'static str,
        right: &'static str,
    },
}

impl Note {
    fn level(&self) -> Level {
        match self {
            Self::BadQuantile(_)
            | Self::BadRatio(..)
            | Self::BadBucketLabel(..)
            | Self::SortInRange => Level::Warning,
            Self::MaybeNotCounter(_)
            | Self::ForcedMonotonic(..)
            | Self::IncompatibleTypes { .. } => Level::Info,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::BadQuantile(q) => {
                format!(
                    "quantile value should be between 0 and 1, got {}",
                    go_float(*q)
                )
            }
            Self::BadRatio(ratio, used) => format!(
                "ratio value should be between -1 and 1, got {}, capping to {}",
                go_float(*ratio),
                go_float(*used)
            ),
            Self::BadBucketLabel(value, metric) => format!(
                "bucket label \"le\" is missing or has a malformed value of {}{}",
                model::quote_label_value(value),
                named(" for metric name ", metric)
            ),
            Self::SortInRange => {
                "sort is ineffective for range queries since results are always ordered by labels"
                    .to_owned()
            }
            Self::MaybeNotCounter(metric) => format!(
                "metric might not be a counter, name does not end in _total/_sum/_count/_bucket{}",
                named(": ", metric)
            ),
            Self::ForcedMonotonic(metric, forced) => format!(
                "input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile){}, from buckets {} to {}, with a max diff of {}, over {} samples from {} to {}",
                named(" for metric name ", metric),
                go_float(forced.first),
                go_float(forced.last),
                two_digits(forced.most),
                forced.samples,
                rfc3339(forced.from),
                rfc3339(forced.to)
            ),
            Self::IncompatibleTypes { op, left, right } => format!(
                "incompatible sample types encountered for binary operator \"{op}\": {left} {op} {right}"
            ),
        }
    }
}

/// What was done to buckets whose counts fell, summed up over all steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Forced {
    /// Lowest bound of a changed bucket.
    pub(crate) first: f64,
    /// Highest bound of a changed bucket.
    pub(crate) last: f64,
    /// Largest change.
    pub(crate) most: f64,
    /// Steps at which something was changed.
    pub(crate) samples: usize,
    /// First of these steps. Units: milliseconds.
    pub(crate) from: i64,
    /// Last of these steps. Units: milliseconds.
    pub(crate) to: i64,
}

impl Forced {
    fn merge(&mut self, other: Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.most = self.most.max(other.most);
        self.samples += other.samples;
        self.from = self.from.min(other.from);
        self.to = self.to.max(other.to);
    }
}

/// Two significant digits, as Go's `%.2g`.
fn two_digits(value: f64) -> String {
    let rounded = format!("{value:.1e}").parse().unwrap_or(value);
    let text = format!("{rounded:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if !(-4..2).contains(&exponent.parse::<i32>().unwrap_or(0)) => {
            let (sign, number) = exponent
                .strip_prefix('-')
                .map_or(("+", exponent), |number| ("-", number));
            format!("{digits}e{sign}{number:0>2}")
        }
        _ => model::format_plain(rounded),
    }
}

/// A time in seconds as RFC 3339 writes it.
fn rfc3339(millis: i64) -> String {
    let date = Date::of(millis.div_euclid(1000));
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        date.year, date.month, date.day, date.hour, date.minute, date.second
    )
}

fn named(before: &str, metric: &str) -> String {
    if metric.is_empty() {
        String::new()
    } else {
        format!("{before}{}", model::quote_label_value(metric))
    }
}

/// A number as Go's `%g` prints it.
pub(crate) fn go_float(value: f64) -> String {
    let size = value.abs();
    if value.is_finite() && size != 0.0 && !(1e-4..1e21).contains(&size) {
        let text = format!("{value:e}");
        if let Some((digits, exponent)) = text.split_once('e') {
            let (sign, number) = exponent
                .strip_prefix('-')
                .map_or(("+", exponent), |number| ("-", number));
            return format!("{digits}e{sign}{number:0>2}");
        }
    }
    model::format_plain(value)
}

/// Everything noted during one query. Ordering: of appearance, without repetition.
#[derive(Debug, Default)]
pub(crate) struct Notes(RefCell<Vec<(Note, Span)>>);

impl Notes {
    pub(crate) fn add(&self, note: Note, span: Span) {
        let mut notes = self.0.borrow_mut();
        for (have, _) in notes.iter_mut().filter(|(_, place)| *place == span) {
            match (have, &note) {
                (Note::ForcedMonotonic(metric, forced), Note::ForcedMonotonic(other, more))
                    if metric == other =>
                {
                    forced.merge(*more);
                    return;
                }
                (Note::BadQuantile(a), Note::BadQuantile(b)) if a.to_bits() == b.to_bits() => {
                    return;
                }
                (have, note) if have == note => return,
                _ => {}
            }
        }
        notes.push((note, span));
    }

    /// Warnings and infos as texts; `query` is what spans point into.
    pub(crate) fn texts(&self, query: Option<&str>) -> (Vec<String>, Vec<String>) {
        let mut warnings = Vec::new();
        let mut infos = Vec::new();
        for (note, span) in self.0.borrow().iter() {
            let place = match query {
                Some(text) => LineColumn::of(text, span.start),
                None => LineColumn {
                    line: 1,
                    column: span.start + 1,
                },
            };
            match note.level() {
                Level::Warning => {
                    warnings.push(format!("PromQL warning: {} ({place})", note.text()));
                }
                Level::Info => infos.push(format!("PromQL info: {} ({place})", note.text())),
            }
        }
        (warnings, infos)
    }
}
