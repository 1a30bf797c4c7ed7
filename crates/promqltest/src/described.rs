//! Samples and histograms in the notation of scripts, for test files of other kinds.

use crate::ScriptError;
use crate::hints::Chunk;
use crate::notation::{Slot, parse_slots};
use crate::show;
use model::Histogram;
use std::sync::Arc;

/// One slot of a series in a test file.
#[derive(Debug, Clone, PartialEq)]
pub enum TestSample {
    /// No sample.
    Missing,
    /// A number; the stale marker where the series ends.
    Value(f64),
    /// A native histogram, with the hint about resets that it is read back with.
    Histogram(Arc<Histogram>),
}

/// Reads samples in the notation of scripts: `1 _ 3 stale 4+2x10 {{sum:1 count:2}}x3`.
///
/// # Errors
/// [`ScriptError::BadValue`] or [`ScriptError::BadHistogram`].
pub fn parse_samples(text: &str) -> Result<Vec<TestSample>, ScriptError> {
    let mut chunk = Chunk::default();
    let slots = parse_slots(text)?.into_iter();
    Ok(slots
        .map(|slot| match slot {
            Slot::Blank => TestSample::Missing,
            Slot::Value(value) => {
                chunk.end();
                TestSample::Value(value)
            }
            Slot::Histogram(histogram, _) => TestSample::Histogram(chunk.store(&histogram)),
        })
        .collect())
}

/// Reads one histogram in the notation of scripts: `{{schema:1 sum:3 count:22 buckets:[5 10 7]}}`.
///
/// # Errors
/// [`ScriptError::BadHistogram`], or [`ScriptError::SeveralValues`] for anything but one histogram.
pub fn parse_histogram(text: &str) -> Result<Arc<Histogram>, ScriptError> {
    match &parse_slots(text)?[..] {
        [Slot::Histogram(histogram, _)] => Ok(Arc::clone(histogram)),
        _ => Err(ScriptError::SeveralValues(text.to_owned())),
    }
}

/// A histogram in the notation of scripts, empty buckets at the ends left out. Histograms that are the
/// same give the same text.
pub fn show_histogram(histogram: &Histogram) -> String {
    show::histogram(histogram)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_a_series_have_the_hints_of_a_storage() {
        let samples = parse_samples("1 _ {{count:1}}x1").unwrap();
        let hint = |sample: &TestSample| match sample {
            TestSample::Histogram(histogram) => show_histogram(histogram),
            other => format!("{other:?}"),
        };
        let shown: Vec<String> = samples.iter().map(hint).collect();
        assert_eq!(
            shown,
            [
                "Value(1.0)",
                "Missing",
                "{{count:1}}",
                "{{count:1 counter_reset_hint:not_reset}}"
            ]
        );
        assert!(parse_histogram("{{count:1}}x1").is_err() && parse_histogram("1").is_err());
    }
}
