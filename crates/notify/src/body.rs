//! Alerts as JSON.

use model::{CivilTime, Labels};
use rules::Notification;
use serde_json::{Map, Value, json};

/// The body of a request with these alerts.
pub(crate) fn encode<'a>(alerts: impl Iterator<Item = &'a Notification>) -> Vec<u8> {
    let all: Vec<Value> = alerts.map(one).collect();
    // Values of texts alone always have a form.
    serde_json::to_vec(&all).unwrap_or_default()
}

fn one(alert: &Notification) -> Value {
    let annotations = alert.annotations.iter();
    json!({
        "labels": object(&alert.labels),
        "annotations": annotations
            .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
            .collect::<Map<_, _>>(),
        "startsAt": CivilTime::of(alert.starts_at).to_string(),
        "endsAt": CivilTime::of(alert.ends_at).to_string(),
        "generatorURL": alert.generator_url,
    })
}

fn object(labels: &Labels) -> Map<String, Value> {
    labels
        .iter()
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::TimestampMs;

    #[test]
    fn alerts_have_the_fields_of_the_api() {
        let alert = Notification {
            labels: Labels::from_pairs([("alertname", "Down"), ("job", "a\"b")]),
            annotations: vec![("summary".to_owned(), "é".to_owned())],
            starts_at: TimestampMs(1_435_065_584_128),
            ends_at: TimestampMs(1_709_210_096_000),
            generator_url: "http://h/graph?g0.expr=up&g0.tab=1".to_owned(),
        };
        let body: Value = serde_json::from_slice(&encode(std::iter::once(&alert))).unwrap();
        let expected = json!([{
            "annotations": {"summary": "é"},
            "endsAt": "2024-02-29T12:34:56.000Z",
            "generatorURL": "http://h/graph?g0.expr=up&g0.tab=1",
            "labels": {"alertname": "Down", "job": "a\"b"},
            "startsAt": "2015-06-23T13:19:44.128Z",
        }]);
        assert_eq!(body, expected);
    }
}
