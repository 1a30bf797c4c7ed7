//! Alerts as JSON.

use model::{Labels, TimestampMs};
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
        "startsAt": rfc3339(alert.starts_at),
        "endsAt": rfc3339(alert.ends_at),
        "generatorURL": alert.generator_url,
    })
}

fn object(labels: &Labels) -> Map<String, Value> {
    labels
        .iter()
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .collect()
}

/// A time with milliseconds, in UTC.
fn rfc3339(time: TimestampMs) -> String {
    let days = time.0.div_euclid(86_400_000);
    let rest = time.0.rem_euclid(86_400_000);
    let (year, month, day) = date(days);
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, milli) = (rest / 1000 % 60, rest % 1000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

/// Year, month and day of a day since the epoch. Counts years from March, so that leap days are last.
fn date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_have_the_fields_of_the_api() {
        let alert = Notification {
            labels: Labels::from_pairs([("alertname", "Down"), ("job", "a\"b")]),
            annotations: vec![("summary".to_owned(), "é".to_owned())],
            starts_at: TimestampMs(1_435_065_584_128),
            ends_at: TimestampMs(1_709_210_096_000),
            generator_url: "http://h/graph?g0.expr=up&g0.tab=1".to_owned(),
        };
        let body = String::from_utf8(encode(std::iter::once(&alert))).unwrap();
        let expected = r#"[{"annotations":{"summary":"é"},"endsAt":"2024-02-29T12:34:56.000Z","generatorURL":"http://h/graph?g0.expr=up&g0.tab=1","labels":{"alertname":"Down","job":"a\"b"},"startsAt":"2015-06-23T13:19:44.128Z"}]"#;
        assert_eq!(body, expected);
    }
}
