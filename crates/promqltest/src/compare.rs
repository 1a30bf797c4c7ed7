//! Whether what came out is what must.

use crate::command::{Case, When};
use crate::expect::{Notes, Wanted};
use crate::notation::{Described, Slot};
use crate::show;
use model::{Histogram, Labels, is_stale};
use promql::{HistogramTotal, MatrixSeries, QueryOutput, Value, VectorElement};

/// What had to come out, and what came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mismatch {
    pub(crate) expected: String,
    pub(crate) got: String,
}

pub(crate) type Checked = Result<(), Mismatch>;

/// Relative difference that rounding may make.
const EPSILON: f64 = 1e-6;

fn close(got: f64, wanted: f64) -> bool {
    if is_stale(got) || is_stale(wanted) {
        return is_stale(got) && is_stale(wanted);
    }
    if got.is_nan() || wanted.is_nan() {
        return got.is_nan() && wanted.is_nan();
    }
    if got == wanted {
        return true;
    }
    let sum = got.abs() + wanted.abs();
    let difference = (got - wanted).abs();
    if got == 0.0 || wanted == 0.0 || sum < f64::MIN_POSITIVE {
        return difference < EPSILON * f64::MIN_POSITIVE;
    }
    difference / sum.min(f64::MAX) < EPSILON
}

/// As [`close`], number by number; the hint counts only where it was written.
fn close_histograms(got: &Histogram, wanted: &Histogram, hinted: bool) -> bool {
    let (got, wanted) = (
        HistogramTotal::of(got).finish(),
        HistogramTotal::of(wanted).finish(),
    );
    let all =
        |a: &[f64], b: &[f64]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(*a, *b));
    got.schema == wanted.schema
        && close(got.count, wanted.count)
        && close(got.sum, wanted.sum)
        && close(got.zero_count, wanted.zero_count)
        && got.zero_threshold == wanted.zero_threshold
        && got.custom_values == wanted.custom_values
        && got.positive_spans == wanted.positive_spans
        && got.negative_spans == wanted.negative_spans
        && all(&got.positive_buckets, &wanted.positive_buckets)
        && all(&got.negative_buckets, &wanted.negative_buckets)
        && (!hinted || got.reset_hint == wanted.reset_hint)
}

fn fits(slot: &Slot, value: f64, histogram: Option<&Histogram>) -> bool {
    match (slot, histogram) {
        (Slot::Value(wanted), None) => close(value, *wanted),
        (Slot::Histogram(wanted, hinted), Some(got)) => close_histograms(got, wanted, *hinted),
        _ => false,
    }
}

/// Whether a query failed as it must.
pub(crate) fn check_failure(case: &Case, error: &str) -> Checked {
    match &case.expect.fail {
        Some(wanted) if wanted.fits(error) => Ok(()),
        Some(wanted) => Err(Mismatch {
            expected: format!("failure with {wanted}"),
            got: format!("failure with `{error}`"),
        }),
        None => Err(Mismatch {
            expected: expected(case),
            got: format!("failure with `{error}`"),
        }),
    }
}

/// What a case wants, in words.
pub(crate) fn expected(case: &Case) -> String {
    let expect = &case.expect;
    match (&expect.fail, expect.scalar, &expect.string) {
        (Some(wanted), ..) => format!("failure with {wanted}"),
        (_, Some(value), _) => show::number(value),
        (.., Some(text)) => format!("{text:?}"),
        _ => show::described(&expect.series),
    }
}

pub(crate) fn check_notes(case: &Case, output: &QueryOutput) -> Checked {
    check_level("warning", &case.expect.warnings, &output.warnings)?;
    check_level("info", &case.expect.infos, &output.infos)
}

fn check_level(level: &str, notes: &Notes, got: &[String]) -> Checked {
    let mismatch = |expected: String| {
        let got = if got.is_empty() {
            format!("no {level}")
        } else {
            got.join("; ")
        };
        Err(Mismatch { expected, got })
    };
    if notes.none && !got.is_empty() {
        return mismatch(format!("no {level}"));
    }
    if notes.some && got.is_empty() {
        return mismatch(format!("some {level}"));
    }
    for wanted in &notes.wanted {
        if !got.iter().any(|text| wanted.fits(text)) {
            return mismatch(format!("{level} with {wanted}"));
        }
    }
    let unwanted = |text: &&String| !notes.wanted.iter().any(|wanted| wanted.fits(text));
    if !notes.wanted.is_empty() && got.iter().any(|text| unwanted(&text)) {
        let all: Vec<String> = notes.wanted.iter().map(Wanted::to_string).collect();
        return mismatch(format!("no {level} but {}", all.join("; ")));
    }
    Ok(())
}

pub(crate) fn check_value(case: &Case, value: &Value) -> Checked {
    let expect = &case.expect;
    let passed = match (value, case.when) {
        (Value::Scalar { value, .. }, _) => {
            expect.scalar.is_some_and(|wanted| close(*value, wanted))
        }
        (Value::String { value, .. }, _) => expect.string.as_ref() == Some(value),
        (_, _) if expect.scalar.is_some() => false,
        (Value::Vector(elements), _) => vector_fits(case, elements),
        (Value::Matrix(series), When::Range { start, end, step }) => {
            matrix_fits(case, series, (start, end, step))
        }
        (Value::Matrix(series), When::Instant(_)) => match expect.matrix {
            Some(times) => matrix_fits(case, series, times),
            // Without times only nothing can be expected.
            None => series.is_empty() && expect.series.is_empty(),
        },
    };
    if passed {
        return Ok(());
    }
    Err(Mismatch {
        expected: expected(case),
        got: show::value(value),
    })
}

fn vector_fits(case: &Case, elements: &[VectorElement]) -> bool {
    let wanted = distinct(&case.expect.series);
    if wanted.len() != elements.len() {
        return false;
    }
    let fits_one = |described: &Described, element: &VectorElement| {
        described.labels == element.labels
            && matches!(&described.slots[..], [slot] if fits(slot, element.value, element.histogram.as_deref()))
    };
    if case.expect.ordered {
        return wanted
            .iter()
            .zip(elements)
            .all(|(one, element)| fits_one(one, element));
    }
    wanted
        .iter()
        .all(|one| elements.iter().any(|element| fits_one(one, element)))
}

/// Of two lines for one series the later one counts.
fn distinct(series: &[Described]) -> Vec<&Described> {
    let is_last = |at: usize, labels: &Labels| {
        !series
            .iter()
            .skip(at + 1)
            .any(|other| other.labels == *labels)
    };
    let all = series.iter().enumerate();
    all.filter(|(at, one)| is_last(*at, &one.labels))
        .map(|(_, one)| one)
        .collect()
}

fn matrix_fits(case: &Case, series: &[MatrixSeries], times: (i64, i64, i64)) -> bool {
    let wanted = distinct(&case.expect.series);
    !case.expect.ordered
        && series.is_sorted_by(|a, b| a.labels <= b.labels)
        && wanted.len() == series.len()
        && wanted.iter().all(|one| {
            let found = series.iter().find(|have| have.labels == one.labels);
            found.is_some_and(|have| series_fits(one, have, times))
        })
}

fn series_fits(
    wanted: &Described,
    have: &MatrixSeries,
    (start, end, step): (i64, i64, i64),
) -> bool {
    let mut at = 0;
    for (k, slot) in (0_i64..).zip(&wanted.slots) {
        let time = start + k * step;
        if time > end {
            return false;
        }
        if *slot == Slot::Blank {
            continue;
        }
        let histogram = have.histograms.get(at).and_then(Option::as_deref);
        let (Some(got_time), Some(value)) = (have.times.get(at), have.values.get(at)) else {
            return false;
        };
        if *got_time != time || !fits(slot, *value, histogram) {
            return false;
        }
        at += 1;
    }
    at == have.times.len()
}
