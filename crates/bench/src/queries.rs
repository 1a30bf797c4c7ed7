//! Queries: asking, timing, comparing answers.

use crate::http::{escape, get, seconds};
use crate::report::figure;
use crate::server::Server;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// What is asked.
#[derive(Debug, Clone)]
pub(crate) enum Ask {
    /// A query at the end of the data.
    Instant,
    /// A query over the last `hours` of the data, or all of it.
    Range {
        /// How far back.
        hours: Option<f64>,
        /// Between two points.
        step_s: i64,
    },
    /// The values of a label.
    LabelValues,
    /// The series that match.
    Series,
}

/// A question to every server.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    /// What it stands for.
    pub(crate) name: &'static str,
    /// How it is asked.
    pub(crate) ask: Ask,
    /// Expression, label or matcher.
    pub(crate) text: String,
}

/// The time that the data covers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    /// First sample, in milliseconds.
    pub(crate) start_ms: i64,
    /// Last sample.
    pub(crate) end_ms: i64,
}

impl Query {
    /// A question at the end of the data.
    pub(crate) fn instant(name: &'static str, text: impl Into<String>) -> Self {
        Self {
            name,
            ask: Ask::Instant,
            text: text.into(),
        }
    }

    /// A question over the last `hours` of it, or all.
    pub(crate) fn range(
        name: &'static str,
        hours: Option<f64>,
        step_s: i64,
        text: impl Into<String>,
    ) -> Self {
        Self {
            name,
            ask: Ask::Range { hours, step_s },
            text: text.into(),
        }
    }

    /// The address to ask at, `shift_ms` before the end of the data.
    fn url(&self, base: &str, window: Window, shift_ms: i64) -> String {
        let text = escape(&self.text);
        let end = window.end_ms - shift_ms;
        match self.ask {
            Ask::Instant => format!("{base}/api/v1/query?query={text}&time={}", seconds(end)),
            Ask::Range { hours, step_s } => {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "some hours in milliseconds"
                )]
                let start = hours.map_or(window.start_ms, |h| window.end_ms - (h * 3.6e6) as i64);
                let (start, end) = (seconds(start - shift_ms), seconds(end));
                format!(
                    "{base}/api/v1/query_range?query={text}&start={start}&end={end}&step={step_s}"
                )
            }
            Ask::LabelValues => {
                let (start, end) = (seconds(window.start_ms), seconds(end));
                format!("{base}/api/v1/label/{text}/values?start={start}&end={end}")
            }
            Ask::Series => {
                let (start, end) = (seconds(window.start_ms), seconds(end));
                format!("{base}/api/v1/series?match[]={text}&start={start}&end={end}")
            }
        }
    }

    /// Asks once: the answer and how long it took.
    ///
    /// # Errors
    /// If the server refuses.
    pub(crate) fn ask(
        &self,
        server: &Server,
        window: Window,
        shift_ms: i64,
    ) -> Result<(Vec<u8>, Duration)> {
        get(&server.agent, &self.url(&server.base, window, shift_ms))
    }

    /// The question in the page's words.
    pub(crate) fn title(&self) -> String {
        format!("{}: `{}`, ms", self.name, self.text)
    }
}

/// The points of an answer by series and time; for lists of names and series a point for each entry.
type Points = BTreeMap<(String, i64), f64>;

/// Two answers in comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Difference {
    /// Points in either.
    points: usize,
    /// Points in one of them alone.
    alone: usize,
    /// Points whose values differ by more than rounding explains.
    other: usize,
    /// The largest of those differences, relative.
    largest: f64,
}

/// Values closer than this, relative, are the same: sums in another order differ by less.
const ROUNDING: f64 = 1e-9;

impl Difference {
    /// Compares the answer with the oracle's.
    ///
    /// # Errors
    /// If one of them is not an answer of the API.
    pub(crate) fn of(answer: &[u8], oracle: &[u8]) -> Result<Self> {
        let (answer, oracle) = (points(answer)?, points(oracle)?);
        let mut difference = Self {
            points: oracle.len(),
            alone: 0,
            other: 0,
            largest: 0.0,
        };
        for (key, expected) in &oracle {
            let Some(value) = answer.get(key) else {
                difference.alone += 1;
                continue;
            };
            let same = value == expected || (value.is_nan() && expected.is_nan());
            let apart = (value - expected).abs() / expected.abs().max(value.abs());
            if !same && (apart > ROUNDING || apart.is_nan()) {
                difference.other += 1;
                difference.largest = difference.largest.max(apart);
            }
        }
        let added = answer
            .keys()
            .filter(|key| !oracle.contains_key(key))
            .count();
        difference.points += added;
        difference.alone += added;
        Ok(difference)
    }

    /// Whether the answers say the same.
    pub(crate) fn is_none(&self) -> bool {
        self.alone == 0 && self.other == 0
    }

    /// The difference in words, after the name of whose answer it is.
    pub(crate) fn words(&self) -> String {
        if self.is_none() {
            return "same answer".to_owned();
        }
        let percent = figure(self.largest * 100.0);
        format!(
            "of {} points {} in one answer only, {} other by up to {percent} %",
            self.points, self.alone, self.other
        )
    }
}

fn points(body: &[u8]) -> Result<Points> {
    let json: Value = serde_json::from_slice(body).context("answer is not JSON")?;
    let data = json.get("data").context("answer has no data")?;
    let mut points = Points::new();
    let list = data
        .get("result")
        .unwrap_or(data)
        .as_array()
        .context("answer has no list")?;
    for entry in list {
        // Maps of serde_json are sorted, so equal label sets have equal texts.
        let Some(metric) = entry.get("metric") else {
            points.insert((entry.to_string(), 0), 1.0);
            continue;
        };
        let values = entry.get("values").and_then(Value::as_array);
        let one = entry.get("value");
        for point in values.into_iter().flatten().chain(one) {
            let time = point
                .get(0)
                .and_then(Value::as_f64)
                .context("point without time")?;
            let value = point
                .get(1)
                .and_then(Value::as_str)
                .context("point without value")?;
            #[expect(
                clippy::cast_possible_truncation,
                reason = "milliseconds of this century"
            )]
            let time = (time * 1e3).round() as i64;
            points.insert((metric.to_string(), time), value.parse()?);
        }
    }
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(value: &str) -> Vec<u8> {
        let text = r#"{"data":{"result":[{"metric":{"b":"1","a":"2"},"value":[1.5,"VALUE"]}]}}"#;
        text.replace("VALUE", value).into_bytes()
    }

    #[test]
    fn rounding_is_no_difference_but_more_is() {
        let difference = |value: &str| Difference::of(&vector(value), &vector("2")).unwrap();
        assert!(difference("2.0000000001").is_none());
        assert_eq!(
            difference("1").words(),
            "of 1 points 0 in one answer only, 1 other by up to 50.0 %"
        );
        assert_eq!(difference("NaN").other, 1);
    }

    #[test]
    fn missing_and_added_points_count() {
        let none = br#"{"data":{"result":[]}}"#;
        assert_eq!(Difference::of(none, &vector("1")).unwrap().alone, 1);
        assert_eq!(Difference::of(&vector("1"), none).unwrap().alone, 1);
        let names = |text: &str| format!(r#"{{"data":[{text}]}}"#).into_bytes();
        let difference = Difference::of(&names(r#""a","b""#), &names(r#""b""#)).unwrap();
        assert_eq!((difference.points, difference.alone), (2, 1));
    }

    #[test]
    fn ranges_move_as_a_whole() {
        let window = Window {
            start_ms: 0,
            end_ms: 7_200_000,
        };
        let query = Query::range("q", Some(1.0), 15, "up");
        let url = query.url("http://x", window, 15_000);
        assert_eq!(
            url,
            "http://x/api/v1/query_range?query=up&start=3585.000&end=7185.000&step=15"
        );
    }
}
