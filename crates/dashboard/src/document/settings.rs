//! Settings of a whole dashboard.

use crate::json::Reading;
use serde_json::Value;

/// What panels share under the pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CursorSync {
    /// Nothing.
    #[default]
    Off,
    /// The line.
    Crosshair,
    /// The line and what it says.
    Tooltip,
}

/// Settings of the time picker.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TimePicker {
    /// Whether it is not shown.
    pub hidden: bool,
    /// Choices of how often to ask anew.
    pub refresh_intervals: Vec<String>,
    /// Ranges with names: start, end, name.
    pub quick_ranges: Vec<(String, String, String)>,
    /// By how much `now` lies back, such as `1m`.
    pub now_delay: Option<String>,
}

/// What is offered where a dashboard does not say.
const REFRESH_INTERVALS: [&str; 10] = [
    "5s", "10s", "30s", "1m", "5m", "15m", "30m", "1h", "2h", "1d",
];

impl TimePicker {
    pub(super) fn read(value: Option<&Value>) -> Self {
        let value = value.unwrap_or(&Value::Null);
        let mut refresh_intervals = value.texts("refresh_intervals");
        if refresh_intervals.is_empty() {
            refresh_intervals = REFRESH_INTERVALS.map(str::to_owned).to_vec();
        }
        Self {
            hidden: value.is("hidden"),
            refresh_intervals,
            quick_ranges: value
                .list("quick_ranges")
                .iter()
                .filter_map(|range| {
                    Some((
                        range.text("from")?,
                        range.text("to")?,
                        range.text("display")?,
                    ))
                })
                .collect(),
            now_delay: value.text("nowDelay").filter(|text| !text.is_empty()),
        }
    }
}

/// A link above the panels.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of the document"
)]
pub struct DashboardLink {
    /// What people read.
    pub title: String,
    /// Where it leads, unless it stands for all dashboards with tags.
    pub url: String,
    /// Explains it.
    pub tooltip: String,
    /// Picture before it.
    pub icon: String,
    /// Whether it stands for all dashboards with `tags`.
    pub by_tags: bool,
    /// Those tags.
    pub tags: Vec<String>,
    /// Whether those dashboards open as a list.
    pub as_dropdown: bool,
    /// Whether the values of variables go with it.
    pub include_variables: bool,
    /// Whether the time range goes with it.
    pub keep_time: bool,
    /// Whether it opens a page of its own.
    pub new_page: bool,
}

impl DashboardLink {
    pub(super) fn read(value: &Value) -> Self {
        let text = |key: &str| value.text(key).unwrap_or_default();
        Self {
            title: text("title"),
            url: text("url"),
            tooltip: text("tooltip"),
            icon: text("icon"),
            by_tags: value.str("type") == Some("dashboards"),
            tags: value.texts("tags"),
            as_dropdown: value.is("asDropdown"),
            include_variables: value.is("includeVars"),
            keep_time: value.is("keepTime"),
            new_page: value.is("targetBlank"),
        }
    }
}
