//! Histograms as scripts write them: `{{schema:1 sum:3 count:22 buckets:[5 10 7]}}`.

use crate::ScriptError;
use crate::error::Result;
use crate::notation::{Slot, number, repeats};
use model::{CUSTOM_BUCKETS_SCHEMA, Histogram, ResetHint, Span};
use promql::HistogramTotal;
use std::collections::BTreeSet;
use std::sync::Arc;

fn bad(text: &str, problem: &'static str) -> ScriptError {
    ScriptError::BadHistogram {
        text: text.to_owned(),
        problem,
    }
}

/// Reads a literal with what repeats it at the start of `text`; gives what follows.
pub(crate) fn push<'t>(text: &'t str, slots: &mut Vec<Slot>) -> Result<&'t str> {
    let (base, hinted, rest) = one(text)?;
    let sign = rest.chars().next();
    if !matches!(sign, Some('+' | '-')) {
        let (count, rest) = count(rest, text)?;
        let slot = Slot::Histogram(Arc::new(base), hinted);
        slots.extend(std::iter::repeat_n(slot, count + 1));
        return Ok(rest);
    }
    let (change, hinted, rest) = one(rest.get(1..).unwrap_or(""))?;
    let (count, rest) = count(rest, text)?;
    if base.schema > change.schema {
        return Err(bad(text, "the change has a lower resolution than the base"));
    }
    let mut current = base;
    for k in 0..=count {
        if k > 0 {
            let mut total = HistogramTotal::of(&current);
            let outcome = if sign == Some('+') {
                total.add(&change)
            } else {
                total.subtract(&change)
            };
            outcome.map_err(|_| bad(text, "base and change have different kinds of buckets"))?;
            current = total.finish();
        }
        slots.push(Slot::Histogram(Arc::new(current.clone()), hinted));
    }
    Ok(rest)
}

/// The number behind an `x`, 0 without one.
fn count<'t>(rest: &'t str, whole: &str) -> Result<(usize, &'t str)> {
    let Some(digits) = rest.strip_prefix('x') else {
        return match rest.chars().next() {
            None | Some(' ' | '\t') => Ok((0, rest)),
            Some(_) => Err(bad(whole, "something stands right behind it")),
        };
    };
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    let (digits, rest) = digits.split_at_checked(end).unwrap_or((digits, ""));
    let count = repeats(digits).ok_or_else(|| bad(whole, "bad number of repeats"))?;
    Ok((count, rest))
}

/// One literal, whether it has a hint, and what follows.
fn one(text: &str) -> Result<(Histogram, bool, &str)> {
    let inside = text
        .strip_prefix("{{")
        .ok_or_else(|| bad(text, "it does not begin with `{{`"))?;
    let (body, rest) = inside
        .split_once("}}")
        .ok_or_else(|| bad(text, "it does not end with `}}`"))?;
    let mut draft = Draft::default();
    let mut left = body.trim();
    while !left.is_empty() {
        let (key, after) = left
            .split_once(':')
            .ok_or_else(|| bad(text, "a part has no value"))?;
        let (value, after) = if after.starts_with('[') {
            after
                .split_once(']')
                .map(|(list, after)| (list.trim_start_matches('['), after))
                .ok_or_else(|| bad(text, "a list does not end"))?
        } else {
            after.split_once([' ', '\t']).unwrap_or((after, ""))
        };
        if !draft.seen.insert(key.to_ascii_lowercase()) {
            return Err(bad(text, "a part is there twice"));
        }
        draft
            .set(&key.to_ascii_lowercase(), value)
            .ok_or_else(|| bad(text, "a part is unknown or has a bad value"))?;
        left = after.trim_start();
    }
    let hinted = draft.seen.contains("counter_reset_hint");
    let histogram = draft.finish();
    let custom = histogram.schema == CUSTOM_BUCKETS_SCHEMA;
    if !custom && !(-4..=8).contains(&histogram.schema) {
        return Err(bad(text, "no such schema"));
    }
    Ok((histogram, hinted, rest))
}

#[derive(Default)]
struct Draft {
    histogram: Histogram,
    offset: i32,
    negative_offset: i32,
    seen: BTreeSet<String>,
}

impl Draft {
    fn set(&mut self, key: &str, value: &str) -> Option<()> {
        let float = || whole_number(value);
        let list = || value.split_whitespace().map(whole_number).collect();
        let histogram = &mut self.histogram;
        match key {
            "schema" => histogram.schema = value.parse().ok()?,
            "sum" => histogram.sum = float()?,
            "count" => histogram.count = float()?,
            "z_bucket" => histogram.zero_count = float()?,
            "z_bucket_w" => histogram.zero_threshold = float()?,
            "custom_values" => histogram.custom_values = list()?,
            "buckets" => {
                let counts: Option<Vec<f64>> = list();
                histogram.positive_buckets = counts?;
            }
            "n_buckets" => histogram.negative_buckets = list()?,
            "offset" => self.offset = value.parse().ok()?,
            "n_offset" => self.negative_offset = value.parse().ok()?,
            "counter_reset_hint" => {
                histogram.reset_hint = match value {
                    "unknown" => ResetHint::Unknown,
                    "reset" => ResetHint::Reset,
                    "not_reset" => ResetHint::NotReset,
                    "gauge" => ResetHint::Gauge,
                    _ => return None,
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn finish(self) -> Histogram {
        let span = |offset: i32, buckets: &[f64]| match u32::try_from(buckets.len()) {
            Ok(length) if length > 0 => vec![Span { offset, length }],
            _ => Vec::new(),
        };
        Histogram {
            positive_spans: span(self.offset, &self.histogram.positive_buckets),
            negative_spans: span(self.negative_offset, &self.histogram.negative_buckets),
            ..self.histogram
        }
    }
}

fn whole_number(text: &str) -> Option<f64> {
    number(text).and_then(|(value, rest)| rest.is_empty().then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Slot> {
        let mut slots = Vec::new();
        assert_eq!(push(text, &mut slots).unwrap(), "");
        slots
    }

    #[test]
    fn literals_have_all_parts() {
        let text = "{{schema:-1 count:1e1 sum:-NaN z_bucket:2 z_bucket_w:0.5 offset:-3 buckets:[1 2.5] n_offset:4 n_buckets:[3] counter_reset_hint:gauge}}";
        let [Slot::Histogram(histogram, true)] = &read(text)[..] else {
            panic!("{text}")
        };
        assert!(histogram.sum.is_nan() && histogram.count == 10.0);
        assert_eq!(histogram.reset_hint, ResetHint::Gauge);
        assert_eq!(
            histogram.positive_spans,
            [Span {
                offset: -3,
                length: 2
            }]
        );
        assert_eq!(histogram.negative_buckets, [3.0]);
    }

    #[test]
    fn literals_rise_and_fall() {
        let counts = |text: &str| -> Vec<f64> {
            let count = |slot: &Slot| match slot {
                Slot::Histogram(histogram, _) => histogram.count,
                _ => f64::NAN,
            };
            read(text).iter().map(count).collect()
        };
        assert_eq!(counts("{{count:1}}+{{count:2}}x2"), [1.0, 3.0, 5.0]);
        assert_eq!(counts("{{count:5}}-{{count:2}}x1"), [5.0, 3.0]);
        assert_eq!(counts("{{count:5}}x1"), [5.0, 5.0]);
    }

    #[test]
    fn what_is_no_histogram_is_refused() {
        for text in [
            "{{count}}",
            "{{count:x}}",
            "{{kount:1}}",
            "{{count:1 count:2}}",
            "{{buckets:[1 2}}",
            "{{counter_reset_hint:maybe}}",
            "{{schema:9}}",
            "{{schema:1}}+{{schema:0}}x1",
            "{{}}y",
        ] {
            assert!(push(text, &mut Vec::new()).is_err(), "{text}");
        }
    }
}
