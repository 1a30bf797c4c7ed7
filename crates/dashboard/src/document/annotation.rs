//! What marks times on charts.

use crate::json::Reading;
use serde_json::Value;

/// A source of marks on charts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of the document"
)]
pub struct Annotation {
    /// What people read.
    pub name: String,
    /// Whether it is on at first.
    pub enabled: bool,
    /// Whether its switch is not shown.
    pub hidden: bool,
    /// Whether it is the one that every dashboard has: notes by hand and alerts.
    pub built_in: bool,
    /// Colour of its marks.
    pub color: String,
    /// What is asked; empty for those that are kept by the server.
    pub expr: String,
    /// Distance of points.
    pub step: Option<String>,
    /// Title of a mark; `{{label}}` is a label's value.
    pub title_format: String,
    /// Text of a mark.
    pub text_format: String,
    /// Labels that become tags.
    pub tag_keys: Vec<String>,
    /// Whether the value is the mark's time.
    pub value_is_time: bool,
    /// Tags of the server's notes that are shown; `by_tags` says whether they count.
    pub tags: Vec<String>,
    /// Whether notes are taken by tags, not by dashboard.
    pub by_tags: bool,
    /// Whether one of the tags is enough.
    pub match_any: bool,
    /// How many notes at most.
    pub limit: Option<i64>,
    /// Panels that show (or, excluding, do not show) the marks; empty for all.
    pub panels: Vec<i64>,
    /// Whether `panels` are those that do not.
    pub exclude_panels: bool,
}

impl Annotation {
    pub(super) fn read(value: &Value) -> Self {
        let text = |key: &str| value.text(key).unwrap_or_default();
        let target = value.field("target").unwrap_or(&Value::Null);
        let filter = value.field("filter").unwrap_or(&Value::Null);
        let kind = target.str("type").or(value.str("type"));
        Self {
            name: text("name"),
            enabled: value.flag("enable").unwrap_or(true),
            hidden: value.is("hide"),
            built_in: value.is("builtIn"),
            color: value.text("iconColor").unwrap_or_else(|| "red".into()),
            expr: value
                .text("expr")
                .or_else(|| target.text("expr"))
                .unwrap_or_default(),
            step: value
                .text("step")
                .or_else(|| target.text("interval"))
                .filter(|step| !step.is_empty()),
            title_format: text("titleFormat"),
            text_format: text("textFormat"),
            tag_keys: text("tagKeys")
                .split(',')
                .map(|key| key.trim().to_owned())
                .filter(|key| !key.is_empty())
                .collect(),
            value_is_time: value.is("useValueForTime"),
            tags: target.texts("tags"),
            by_tags: kind == Some("tags"),
            match_any: target.is("matchAny"),
            limit: target.whole("limit"),
            panels: filter
                .list("ids")
                .iter()
                .filter_map(crate::json::number_of)
                .map(crate::number::to_i64)
                .collect(),
            exclude_panels: filter.is("exclude"),
        }
    }

    /// Whether a panel shows the marks.
    pub fn is_for(&self, panel: i64) -> bool {
        self.panels.is_empty() || self.panels.contains(&panel) != self.exclude_panels
    }

    /// The stretches of time in which a series is above zero. Units: milliseconds since the epoch; `step` is the
    /// distance of points, and a gap of more ends a stretch.
    pub fn stretches(times: &[f64], values: &[f64], step: f64) -> Vec<(f64, f64)> {
        let mut found: Vec<(f64, f64)> = Vec::new();
        let mut open = false;
        for (time, value) in times.iter().zip(values) {
            if value.is_nan() || *value <= 0.0 {
                open = false;
                continue;
            }
            match found.last_mut() {
                Some((_, end)) if open && *time - *end <= step * 1.5 => *end = *time,
                _ => found.push((*time, *time)),
            }
            open = true;
        }
        found
    }
}
