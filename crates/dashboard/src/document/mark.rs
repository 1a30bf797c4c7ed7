//! Moments and stretches of time that charts show.

use super::Annotation;
use crate::frame::{AnswerSeries, format_legend};
use crate::json::Reading;
use serde_json::Value;

/// A moment or a stretch of time with what happened.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mark {
    /// The server's number of a note; none for what a query found.
    pub id: Option<i64>,
    /// Units: milliseconds since the epoch.
    pub from: f64,
    /// Not before `from`; the same for a moment. Units: milliseconds since the epoch.
    pub to: f64,
    /// What people read first.
    pub title: String,
    /// What happened.
    pub text: String,
    /// Tags.
    pub tags: Vec<String>,
    /// The panel whose note it is.
    pub panel: Option<i64>,
}

impl Mark {
    /// Whether it takes time.
    pub fn is_region(&self) -> bool {
        self.to > self.from
    }

    /// Reads a note as the server tells it; none without a time.
    pub fn of_note(value: &Value) -> Option<Self> {
        let from = value.number("time")?;
        Some(Self {
            id: value.whole("id"),
            from,
            to: value.number("timeEnd").unwrap_or(from).max(from),
            title: String::new(),
            text: value.text("text").unwrap_or_default(),
            tags: value.texts("tags"),
            panel: value.whole("panelId").filter(|panel| *panel > 0),
        })
    }
}

impl Annotation {
    /// The marks that the answer to its query means. Units: milliseconds; `step` is the distance of points.
    pub fn marks(&self, series: &[AnswerSeries], step: f64) -> Vec<Mark> {
        let mut found = Vec::new();
        for one in series {
            let put = |template: &str| {
                if template.is_empty() {
                    String::new()
                } else {
                    format_legend(template, &one.labels)
                }
            };
            let mark = |from: f64, to: f64| Mark {
                from,
                to,
                title: put(&self.title_format),
                text: put(&self.text_format),
                tags: self
                    .tag_keys
                    .iter()
                    .filter_map(|key| one.labels.get(key).map(str::to_owned))
                    .collect(),
                ..Mark::default()
            };
            if self.value_is_time {
                // Seconds are told from milliseconds by their size, as nothing else tells them.
                let mut times: Vec<f64> = one
                    .values
                    .iter()
                    .filter(|value| value.is_finite() && **value > 0.0)
                    .map(|value| if *value < 1e11 { value * 1e3 } else { *value })
                    .collect();
                times.dedup();
                found.extend(times.into_iter().map(|time| mark(time, time)));
            } else {
                let stretches = Self::stretches(&one.times, &one.values, step);
                found.extend(stretches.into_iter().map(|(from, to)| mark(from, to)));
            }
        }
        found.sort_by(|a, b| a.from.total_cmp(&b.from));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Labels;
    use serde_json::json;

    fn series(values: &[f64]) -> AnswerSeries {
        AnswerSeries {
            labels: Labels::from_pairs([
                ("__name__", "ALERTS"),
                ("alertname", "Hot"),
                ("job", "j"),
            ]),
            times: (0_u32..)
                .take(values.len())
                .map(|i| f64::from(i) * 10.0)
                .collect(),
            values: values.to_vec(),
        }
    }

    #[test]
    fn samples_above_zero_that_follow_each_other_are_one_region() {
        let source = Annotation {
            title_format: "{{alertname}}".into(),
            tag_keys: vec!["job".into(), "none".into()],
            ..Annotation::default()
        };
        let marks = source.marks(&[series(&[1.0, 2.0, 0.0, 1.0])], 10.0);
        assert_eq!(marks.len(), 2);
        assert_eq!(
            (marks[0].from, marks[0].to, marks[0].is_region()),
            (0.0, 10.0, true)
        );
        assert_eq!((marks[1].from, marks[1].is_region()), (30.0, false));
        assert_eq!(
            (marks[0].title.as_str(), &marks[0].tags),
            ("Hot", &vec!["j".to_owned()])
        );
    }

    #[test]
    fn values_that_are_times_are_moments() {
        let source = Annotation {
            value_is_time: true,
            ..Annotation::default()
        };
        let marks = source.marks(
            &[series(&[
                1_700_000_000.0,
                1_700_000_000.0,
                1_700_000_100_000.0,
            ])],
            10.0,
        );
        let times: Vec<f64> = marks.iter().map(|mark| mark.from).collect();
        assert_eq!(times, [1_700_000_000_000.0, 1_700_000_100_000.0]);
    }

    #[test]
    fn notes_of_the_server_are_read() {
        let note = json!({"id": 7, "time": 5, "timeEnd": 9, "text": "deploy", "tags": ["a"], "panelId": 0});
        let mark = Mark::of_note(&note).unwrap();
        assert_eq!(
            (mark.id, mark.from, mark.to, mark.panel),
            (Some(7), 5.0, 9.0, None)
        );
        assert_eq!(Mark::of_note(&json!({"id": 7})), None);
    }
}
