//! Labels as sent: checked, sorted, made a label set.

use crate::error::Result;
use crate::wire::Reader;
use model::{Labels, METRIC_NAME, quote_label_value};
use std::str::from_utf8;

/// Names and values as sent.
pub(crate) type Pairs<'b> = Vec<(&'b [u8], &'b [u8])>;

/// Characters that an exemplar's labels may have together, by OpenMetrics.
const MOST_EXEMPLAR_CHARACTERS: usize = 128;

/// Reads the label fields (number 1) of a version 1 message and passes over all others.
pub(crate) fn read_pairs(message: &[u8]) -> Result<Pairs<'_>> {
    let mut pairs = Pairs::new();
    let mut reader = Reader::new(message);
    while let Some((number, value)) = reader.field()? {
        if number == 1 {
            pairs.push(read_pair(value.bytes()?)?);
        }
    }
    Ok(pairs)
}

/// Reads one version 1 label.
pub(crate) fn read_pair(label: &[u8]) -> Result<(&[u8], &[u8])> {
    let mut pair: (&[u8], &[u8]) = (b"", b"");
    let mut reader = Reader::new(label);
    while let Some((number, value)) = reader.field()? {
        match number {
            1 => pair.0 = value.bytes()?,
            2 => pair.1 = value.bytes()?,
            _ => {}
        }
    }
    Ok(pair)
}

/// Why labels name no series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BadLabels {
    /// No metric name, an empty name, or bytes that are no UTF-8.
    Invalid,
    /// Two labels of this name.
    Duplicate(String),
}

impl BadLabels {
    /// What the answer says of the series with these labels.
    pub(crate) fn describe(&self, pairs: &[(&[u8], &[u8])]) -> String {
        let shown = show(pairs);
        match self {
            Self::Invalid => format!("invalid metric name or labels, got {shown}"),
            Self::Duplicate(name) => {
                format!("invalid labels for series, labels {shown}, duplicated label {name}")
            }
        }
    }
}

/// The label set of a series. Pairs come in any order; empty values are left out.
///
/// # Errors
/// [`BadLabels`] where Prometheus does not take the series either.
pub(crate) fn series_labels(pairs: &[(&[u8], &[u8])]) -> Result<Labels, BadLabels> {
    let mut texts = texts(pairs).ok_or(BadLabels::Invalid)?;
    texts.sort_unstable_by_key(|(name, _)| *name);
    let named = texts
        .iter()
        .any(|(name, value)| *name == METRIC_NAME && !value.is_empty());
    if !named || texts.iter().any(|(name, _)| name.is_empty()) {
        return Err(BadLabels::Invalid);
    }
    let twice = texts.windows(2).find_map(|two| match two {
        [(one, _), (other, _)] if one == other => Some((*one).to_owned()),
        _ => None,
    });
    match twice {
        Some(name) => Err(BadLabels::Duplicate(name)),
        None => Ok(Labels::from_pairs(texts)),
    }
}

/// The label set of an exemplar; none if it is too long or no text.
pub(crate) fn exemplar_labels(pairs: &[(&[u8], &[u8])]) -> Option<Labels> {
    let texts = texts(pairs)?;
    let characters: usize = texts
        .iter()
        .map(|(name, value)| name.chars().count() + value.chars().count())
        .sum();
    (characters <= MOST_EXEMPLAR_CHARACTERS).then(|| Labels::from_pairs(texts))
}

fn texts<'b>(pairs: &[(&'b [u8], &'b [u8])]) -> Option<Vec<(&'b str, &'b str)>> {
    pairs
        .iter()
        .map(|(name, value)| Some((from_utf8(name).ok()?, from_utf8(value).ok()?)))
        .collect()
}

/// Labels in braces as error texts show them, in order of names, broken bytes replaced.
pub(crate) fn show(pairs: &[(&[u8], &[u8])]) -> String {
    let mut sorted = pairs.to_vec();
    sorted.sort_unstable();
    let shown: Vec<String> = sorted
        .iter()
        .map(|(name, value)| {
            let value = quote_label_value(&String::from_utf8_lossy(value));
            format!("{}={value}", String::from_utf8_lossy(name))
        })
        .collect();
    format!("{{{}}}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs<'b>(texts: &[(&'b str, &'b str)]) -> Pairs<'b> {
        texts
            .iter()
            .map(|(name, value)| (name.as_bytes(), value.as_bytes()))
            .collect()
    }

    #[test]
    fn unsorted_labels_are_sorted_and_empty_values_left_out() {
        let labels = series_labels(&pairs(&[("z", "1"), ("gone", ""), (METRIC_NAME, "up")]));
        let wanted = Labels::from_pairs([(METRIC_NAME, "up"), ("z", "1")]);
        assert_eq!(labels, Ok(wanted));
    }

    #[test]
    fn labels_without_metric_name_or_with_broken_text_are_invalid() {
        for bad in [
            pairs(&[("a", "b")]),
            pairs(&[(METRIC_NAME, "")]),
            pairs(&[(METRIC_NAME, "up"), ("", "x")]),
            vec![(METRIC_NAME.as_bytes(), &b"\xff"[..])],
        ] {
            assert_eq!(series_labels(&bad), Err(BadLabels::Invalid), "{bad:?}");
        }
        let twice = pairs(&[(METRIC_NAME, "up"), ("a", ""), ("a", "1")]);
        let bad = series_labels(&twice).unwrap_err();
        assert_eq!(
            bad.describe(&twice),
            r#"invalid labels for series, labels {__name__="up", a="", a="1"}, duplicated label a"#
        );
    }

    #[test]
    fn long_exemplar_labels_are_left_out() {
        let long = "ü".repeat(128);
        assert!(exemplar_labels(&pairs(&[("", &long)])).is_some());
        assert!(exemplar_labels(&pairs(&[("t", &long)])).is_none());
    }
}
