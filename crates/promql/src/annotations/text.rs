//! Notes as texts.

use super::Note;
use model::{CivilTime, TimestampMs};

impl Note {
    pub(super) fn text(&self) -> String {
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
            Self::NotLabelledCounter(metric, kind) => format!(
                "metric might not be a counter, __type__ label is not set to \"counter\" or \"histogram\", got {}: {}",
                quoted(kind),
                quoted(metric)
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
            other => other.histogram_text(),
        }
    }

    /// The texts of what is about native histograms.
    fn histogram_text(&self) -> String {
        match self {
            Self::MixedFloats(metric) => format!(
                "encountered a mix of histograms and floats for metric name {}",
                quoted(metric)
            ),
            Self::MixedFloatsInGroup => {
                "encountered a mix of histograms and floats for aggregation".to_owned()
            }
            Self::MixedClassic(metric) => format!(
                "vector contains a mix of classic and native histograms{}",
                named(" for metric name ", metric)
            ),
            Self::NotCounter(metric) => format!(
                "this native histogram metric is not a counter: {}",
                quoted(metric)
            ),
            Self::NotGauge(metric) => format!(
                "this native histogram metric is not a gauge: {}",
                quoted(metric)
            ),
            Self::MixedBuckets(metric) => format!(
                "vector contains a mix of histograms with exponential and custom buckets schemas for metric name {}",
                quoted(metric)
            ),
            Self::IncompatibleBuckets(op) => {
                format!("incompatible bucket layout encountered for binary operator {op}")
            }
            Self::ConflictingResets(operation) => format!(
                "conflicting counter resets during histogram {}",
                operation.as_str()
            ),
            Self::StartOverlap(metric, count) => {
                let often = if *count > 1 {
                    format!(" ({count} occurrences)")
                } else {
                    String::new()
                };
                format!(
                    "sample has start time that overlaps with previous sample timestamp for metric {}{often}",
                    quoted(metric)
                )
            }
            Self::IgnoredInGroup(aggregation) => {
                format!("ignored histogram in {aggregation} aggregation")
            }
            Self::IgnoredInRange(metric) => format!(
                "ignored histograms in a range containing both floats and histograms for metric name {}",
                quoted(metric)
            ),
            Self::NanQuantile(metric) => format!(
                "input to histogram_quantile has NaN observations, result is NaN{}",
                named(" for metric name ", metric)
            ),
            Self::SkewedQuantile(metric) => format!(
                "input to histogram_quantile has NaN observations, result is skewed higher{}",
                named(" for metric name ", metric)
            ),
            Self::NanFraction(metric) => format!(
                "input to histogram_fraction has NaN observations, which are excluded from all fractions{}",
                named(" for metric name ", metric)
            ),
            Self::ReconciledBounds(operation) => format!(
                "mismatched custom buckets were reconciled during {}",
                operation.as_str()
            ),
            _ => String::new(),
        }
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
    let date = CivilTime::of(TimestampMs(millis));
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        date.year, date.month, date.day, date.hour, date.minute, date.second
    )
}

fn quoted(text: &str) -> String {
    model::quote_label_value(text)
}

fn named(before: &str, metric: &str) -> String {
    if metric.is_empty() {
        String::new()
    } else {
        format!("{before}{}", quoted(metric))
    }
}

/// A number as Go's `%g` prints it.
pub(crate) fn go_float(value: f64) -> String {
    let size = value.abs();
    if value.is_finite() && size != 0.0 && !(1e-4..1e6).contains(&size) {
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
