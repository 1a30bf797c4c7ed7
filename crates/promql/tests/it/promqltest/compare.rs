//! Whether what came out is what must.

use super::notation::{Described, Slot};
use super::script::{Case, Wanted, When};
use model::{Labels, is_stale};
use promql::{MatrixSeries, QueryOutput, Value, VectorElement};
use regex_automata::meta::Regex;

/// Relative difference that rounding may make.
const EPSILON: f64 = 1e-6;

pub(crate) fn close(got: f64, wanted: f64) -> bool {
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

/// Whether `text` is what is wanted; texts carry a place at the end that the wanted ones lack.
pub(crate) fn says(wanted: &Wanted, text: &str) -> bool {
    match wanted {
        Wanted::Any => true,
        Wanted::Message(message) => text.trim_end().starts_with(message.as_str()),
        Wanted::Regex(regex) => Regex::new(regex).is_ok_and(|regex| regex.is_match(text)),
    }
}

pub(crate) fn check_notes(case: &Case, output: &QueryOutput) -> Result<(), String> {
    let expect = &case.expect;
    for (what, wanted, forbidden, got) in [
        ("warning", &expect.warn, expect.no_warn, &output.warnings),
        ("info", &expect.info, expect.no_info, &output.infos),
    ] {
        if forbidden && !got.is_empty() {
            return Err(format!("unexpected {what}: {got:?}"));
        }
        for wanted in wanted {
            if !got.iter().any(|text| says(wanted, text)) {
                return Err(format!("missing {what} {wanted:?}, got {got:?}"));
            }
        }
    }
    Ok(())
}

pub(crate) fn check_value(case: &Case, value: &Value) -> Result<(), String> {
    let expect = &case.expect;
    match (value, case.when) {
        (Value::Scalar { value, .. }, _) => match expect.scalar {
            Some(wanted) if close(*value, wanted) => Ok(()),
            wanted => Err(format!("got scalar {value}, expected {wanted:?}")),
        },
        (Value::String { value, .. }, _) => match &expect.string {
            Some(wanted) if wanted == value => Ok(()),
            wanted => Err(format!("got string {value:?}, expected {wanted:?}")),
        },
        (Value::Vector(elements), _) => check_vector(case, elements),
        (Value::Matrix(series), When::Range { start, end, step }) => {
            check_matrix(case, series, (start, end, step))
        }
        (Value::Matrix(series), When::Instant(_)) => match expect.matrix {
            Some(times) => check_matrix(case, series, times),
            None => Err(format!("got a range vector: {series:?}")),
        },
    }
}

fn single(described: &Described) -> Option<f64> {
    match described.slots[..] {
        [Slot::Value(value)] => Some(value),
        _ => None,
    }
}

fn check_vector(case: &Case, elements: &[VectorElement]) -> Result<(), String> {
    let mut wanted: Vec<(Labels, Option<f64>)> = case
        .expect
        .series
        .iter()
        .map(|d| (d.labels.clone(), single(d)))
        .collect();
    wanted.extend(
        case.expect
            .scalar
            .map(|value| (Labels::empty(), Some(value))),
    );
    let show = || {
        let all: Vec<String> = elements
            .iter()
            .map(|e| format!("{} {}", e.labels, e.value))
            .collect();
        format!("got [{}]", all.join("; "))
    };
    if wanted.len() != elements.len() {
        return Err(format!("expected {} elements, {}", wanted.len(), show()));
    }
    for (place, (labels, value)) in wanted.iter().enumerate() {
        let found = if case.expect.ordered {
            elements
                .get(place)
                .filter(|element| element.labels == *labels)
        } else {
            elements.iter().find(|element| element.labels == *labels)
        };
        match (found, value) {
            (Some(element), Some(value)) if close(element.value, *value) => {}
            _ => return Err(format!("expected {labels} {value:?}, {}", show())),
        }
    }
    Ok(())
}

fn check_matrix(
    case: &Case,
    series: &[MatrixSeries],
    (start, end, step): (i64, i64, i64),
) -> Result<(), String> {
    let mut expected = case.expect.series.clone();
    if let Some(value) = case.expect.scalar {
        expected.push(Described {
            labels: Labels::empty(),
            slots: vec![Slot::Value(value)],
        });
    }
    let show = || format!("got {series:?}");
    let mut left: Vec<&MatrixSeries> = series.iter().collect();
    for described in &expected {
        let samples: Vec<(i64, f64)> = (0_i64..)
            .zip(&described.slots)
            .map(|(k, slot)| (start + k * step, slot))
            .take_while(|(time, _)| *time <= end)
            .filter_map(|(time, slot)| match slot {
                Slot::Value(value) if !is_stale(*value) => Some((time, *value)),
                _ => None,
            })
            .collect();
        let place = left.iter().position(|have| have.labels == described.labels);
        let Some(place) = place else {
            if samples.is_empty() {
                continue;
            }
            return Err(format!("missing {}, {}", described.labels, show()));
        };
        let have = left.remove(place);
        let got: Vec<(i64, f64)> = have
            .times
            .iter()
            .copied()
            .zip(have.values.iter().copied())
            .collect();
        let same = got.len() == samples.len()
            && got
                .iter()
                .zip(&samples)
                .all(|(a, b)| a.0 == b.0 && close(a.1, b.1));
        if !same {
            return Err(format!(
                "{}: expected {samples:?}, got {got:?}",
                described.labels
            ));
        }
    }
    if left.is_empty() {
        Ok(())
    } else {
        Err(format!("unexpected series, {}", show()))
    }
}
