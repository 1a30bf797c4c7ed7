//! Whether two answers say the same.

use serde_json::Value;
use std::collections::BTreeMap;

/// Relative difference of two values that are taken for the same.
const TOLERANCE: f64 = 1e-9;

/// What is different between our answer and theirs, if anything is.
///
/// Values of at most `noise` are taken for zero.
pub(crate) fn difference(ours: &Value, theirs: &Value, noise: f64) -> Option<String> {
    let kind = |answer: &Value| answer["errorType"].as_str().map(str::to_owned);
    if kind(ours) != kind(theirs) {
        let told = |answer: &Value| {
            let error = answer["error"].as_str();
            error.map_or_else(|| "a result".to_owned(), |error| format!("error: {error}"))
        };
        return Some(format!("{} / {}", told(ours), told(theirs)));
    }
    if kind(ours).is_some() {
        return None;
    }
    let (ours, theirs) = (&ours["data"], &theirs["data"]);
    if ours["resultType"] != theirs["resultType"] {
        return Some(format!("{} / {}", ours["resultType"], theirs["resultType"]));
    }
    let (ours, theirs) = (series(ours), series(theirs));
    for (labels, points) in &ours {
        let Some(others) = theirs.get(labels) else {
            return Some(format!("{labels}: only ours, {points:?}"));
        };
        for (time, value) in points {
            match others.get(time) {
                None => return Some(format!("{labels} @ {time}: {value} / nothing")),
                Some(other) if !same(*value, *other, noise) => {
                    return Some(format!("{labels} @ {time}: {value} / {other}"));
                }
                Some(_) => {}
            }
        }
        if let Some((time, value)) = others.iter().find(|(time, _)| !points.contains_key(*time)) {
            return Some(format!("{labels} @ {time}: nothing / {value}"));
        }
    }
    let more = theirs
        .iter()
        .find(|(labels, _)| !ours.contains_key(*labels));
    more.map(|(labels, points)| format!("{labels}: only theirs, {points:?}"))
}

/// Whether only we refuse because of pairs that a comparison then drops (entry "Filters between vectors" of
/// the list of changes).
pub(crate) fn is_ambiguous_filter(ours: &Value, theirs: &Value) -> bool {
    let error = ours["error"].as_str().unwrap_or_default();
    error.starts_with("multiple matches for labels: ") && theirs["status"] == "success"
}

/// Whether only they refuse because of equal labels (entry "Signs of series that look the same").
pub(crate) fn is_joined(ours: &Value, theirs: &Value) -> bool {
    let error = theirs["error"].as_str().unwrap_or_default();
    error == "vector cannot contain metrics with the same labelset" && ours["status"] == "success"
}

fn same(ours: f64, theirs: f64, noise: f64) -> bool {
    ours == theirs
        || (ours.is_nan() && theirs.is_nan())
        || ours.abs().max(theirs.abs()) <= noise
        || (ours - theirs).abs() <= TOLERANCE * ours.abs().max(theirs.abs())
}

/// Values by time, as it is written.
type Points = BTreeMap<String, f64>;

/// All points of a result by labels, those of a scalar under no labels.
fn series(data: &Value) -> BTreeMap<String, Points> {
    let point = |pair: &Value| {
        let value = pair[1].as_str().unwrap();
        (pair[0].to_string(), value.parse::<f64>().unwrap())
    };
    let result = &data["result"];
    if data["resultType"] == "scalar" {
        return BTreeMap::from([(String::new(), Points::from([point(result)]))]);
    }
    let mut all = BTreeMap::new();
    for element in result.as_array().unwrap() {
        let labels: BTreeMap<&String, &Value> =
            element["metric"].as_object().unwrap().iter().collect();
        let points: Points = match element["values"].as_array() {
            Some(pairs) => pairs.iter().map(point).collect(),
            None => Points::from([point(&element["value"])]),
        };
        let labels = format!("{labels:?}");
        assert!(
            all.insert(labels.clone(), points).is_none(),
            "{labels} comes twice"
        );
    }
    all
}

#[test]
fn differences_are_found_and_rounding_is_none() {
    let answer = |value: &str, label: &str| {
        serde_json::json!({"status": "success", "data": {"resultType": "vector", "result": [
            {"metric": {"a": label}, "value": [1.5, value]}
        ]}})
    };
    let one = answer("1", "x");
    assert_eq!(difference(&one, &answer("1.0000000001", "x"), 0.0), None);
    assert!(difference(&one, &answer("1.00000001", "x"), 0.0).is_some());
    assert!(difference(&one, &answer("1", "y"), 0.0).is_some());
    assert!(difference(&one, &answer("NaN", "x"), 0.0).is_some());
    assert_eq!(
        difference(&answer("NaN", "x"), &answer("NaN", "x"), 0.0),
        None
    );
    let error = serde_json::json!({"status": "error", "errorType": "execution", "error": "no"});
    assert!(difference(&one, &error, 0.0).is_some());
}
