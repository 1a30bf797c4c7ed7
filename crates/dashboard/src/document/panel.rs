//! Panels.

use super::Target;
use crate::field::{FieldConfig, Link};
use crate::json::{Object, Reading};
use crate::layout::GridPos;
use crate::notice::Notice;
use serde_json::Value;

/// What a panel draws.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PanelKind {
    /// A line across the page with panels under it.
    Row,
    /// Lines, bars or points over time.
    TimeSeries,
    /// Large numbers.
    Stat,
    /// Dials.
    Gauge,
    /// Bars with a value each.
    BarGauge,
    /// Bars in groups.
    BarChart,
    /// Slices of a circle.
    PieChart,
    /// Rows and columns.
    Table,
    /// Buckets over time, by colour.
    Heatmap,
    /// How often values are in buckets.
    Histogram,
    /// States over time, as stretches.
    StateTimeline,
    /// States over time, as squares.
    StatusHistory,
    /// A text.
    Text,
    /// Alerts.
    AlertList,
    /// Dashboards.
    DashList,
    /// Notes and marks.
    AnnotationList,
    /// A kind that is not drawn here.
    Other(String),
}

/// The ids of kinds in documents.
const KINDS: [(&str, PanelKind); 16] = [
    ("row", PanelKind::Row),
    ("timeseries", PanelKind::TimeSeries),
    ("stat", PanelKind::Stat),
    ("gauge", PanelKind::Gauge),
    ("bargauge", PanelKind::BarGauge),
    ("barchart", PanelKind::BarChart),
    ("piechart", PanelKind::PieChart),
    ("table", PanelKind::Table),
    ("heatmap", PanelKind::Heatmap),
    ("histogram", PanelKind::Histogram),
    ("state-timeline", PanelKind::StateTimeline),
    ("status-history", PanelKind::StatusHistory),
    ("text", PanelKind::Text),
    ("alertlist", PanelKind::AlertList),
    ("dashlist", PanelKind::DashList),
    ("annolist", PanelKind::AnnotationList),
];

impl PanelKind {
    /// The kind with an id.
    pub fn parse(id: &str) -> Self {
        KINDS
            .iter()
            .find(|(known, _)| *known == id)
            .map_or_else(|| Self::Other(id.to_owned()), |(_, kind)| kind.clone())
    }

    /// What documents write.
    pub fn id(&self) -> &str {
        match self {
            Self::Other(id) => id,
            known => KINDS
                .iter()
                .find(|(_, kind)| kind == known)
                .map_or("", |(id, _)| id),
        }
    }

    /// All kinds that are drawn.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|(_, kind)| kind.clone())
    }
}

/// A panel of a document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Panel<'a> {
    object: &'a Object,
}

impl<'a> Panel<'a> {
    /// A panel of its JSON; none if that is no object.
    pub fn of(value: &'a Value) -> Option<Self> {
        Some(Self {
            object: value.as_object()?,
        })
    }

    /// Its JSON.
    pub fn json(&self) -> &'a Object {
        self.object
    }

    /// Its number in the dashboard.
    pub fn id(&self) -> i64 {
        self.object.whole("id").unwrap_or(0)
    }

    /// What it draws.
    pub fn kind(&self) -> PanelKind {
        PanelKind::parse(self.object.str_or_empty("type"))
    }

    /// Title, variables not yet put in.
    pub fn title(&self) -> &'a str {
        self.object.str_or_empty("title")
    }

    /// For people, in Markdown.
    pub fn description(&self) -> &'a str {
        self.object.str_or_empty("description")
    }

    /// Whether it has no ground of its own.
    pub fn transparent(&self) -> bool {
        self.object.is("transparent")
    }

    /// Where it is.
    pub fn grid_pos(&self) -> GridPos {
        GridPos::read(self.object.field("gridPos"))
    }

    /// Whether a row is collapsed.
    pub fn collapsed(&self) -> bool {
        self.object.is("collapsed")
    }

    /// Panels inside of a collapsed row.
    pub fn children(&self) -> Vec<Self> {
        self.object
            .list("panels")
            .iter()
            .filter_map(Self::of)
            .collect()
    }

    /// Its queries, hidden ones included; rows have none.
    pub fn targets(&self) -> Vec<Target<'a>> {
        if self.kind() == PanelKind::Row {
            return Vec::new();
        }
        self.object
            .list("targets")
            .iter()
            .filter_map(Target::of)
            .collect()
    }

    /// The data source it names: a text or an object.
    pub fn data_source(&self) -> Option<&'a Value> {
        self.object.field("datasource")
    }

    /// The panel whose answers it draws, instead of asking itself.
    pub fn source_panel(&self) -> Option<i64> {
        let source = self.data_source()?;
        let name = source.as_str().or_else(|| source.str("uid"))?;
        if name != "-- Dashboard --" {
            return None;
        }
        self.object.list("targets").first()?.whole("panelId")
    }

    /// Options of its kind.
    pub fn options(&self) -> &'a Value {
        self.object.field("options").unwrap_or(&Value::Null)
    }

    /// Options of its fields.
    pub fn field_config(&self, notices: &mut Vec<Notice>) -> FieldConfig {
        FieldConfig::read(self.object.field("fieldConfig"), &self.path(), notices)
    }

    /// Its transformations.
    pub fn transformations(&self) -> &'a [Value] {
        self.object.list("transformations")
    }

    /// Links of its title.
    pub fn links(&self) -> Vec<Link> {
        Link::read_list(self.object.list("links"))
    }

    /// Least step of its queries.
    pub fn interval(&self) -> Option<&'a str> {
        self.object
            .str("interval")
            .filter(|text| !text.trim().is_empty())
    }

    /// Most points of its queries, if it says so.
    pub fn max_data_points(&self) -> Option<i64> {
        self.object
            .whole("maxDataPoints")
            .filter(|points| *points > 0)
    }

    /// A range of its own, such as `6h` or `now-6h`.
    pub fn time_from(&self) -> Option<&'a str> {
        self.object
            .str("timeFrom")
            .filter(|text| !text.trim().is_empty())
    }

    /// How far its range is moved back, such as `1d`.
    pub fn time_shift(&self) -> Option<&'a str> {
        self.object
            .str("timeShift")
            .filter(|text| !text.trim().is_empty())
    }

    /// The variable for each of whose values it is drawn.
    pub fn repeat(&self) -> Option<&'a str> {
        self.object.str("repeat").filter(|name| !name.is_empty())
    }

    /// The panel in words, for [`Notice`]s.
    pub fn path(&self) -> String {
        let kind = if self.kind() == PanelKind::Row {
            "row"
        } else {
            "panel"
        };
        if self.title().is_empty() {
            format!("{kind} {}", self.id())
        } else {
            format!("{kind} {} \"{}\"", self.id(), self.title())
        }
    }

    /// What of the panel is not done as it asks.
    pub fn notices(&self) -> Vec<Notice> {
        let mut notices = Vec::new();
        let path = self.path();
        match self.kind() {
            PanelKind::Other(id) => notices.push(Notice::new(
                &path,
                if id.is_empty() {
                    "this panel does not say what it draws; its JSON is kept".to_owned()
                } else {
                    format!("panels of kind `{id}` are not drawn here; the panel's JSON is kept")
                },
            )),
            PanelKind::AnnotationList => notices.push(Notice::new(
                &path,
                "lists of annotations show the marks of this dashboard only",
            )),
            _ => {}
        }
        if self.object.field("libraryPanel").is_some() && self.object.field("targets").is_none() {
            notices.push(Notice::new(
                &path,
                "this is a library panel without its content; import the library panel, or paste its JSON here",
            ));
        }
        if self.object.field("alert").is_some() {
            notices.push(Notice::new(
                &path,
                "alerts inside of panels are no more; make an alert rule of the query",
            ));
        }
        for target in self.targets() {
            notices.extend(foreign(&path, target));
        }
        self.field_config(&mut notices);
        for transformation in self.transformations() {
            notices.extend(crate::transform::notice(&path, transformation));
        }
        notices
    }
}

/// Tells of a query that asks something else than Prometheus.
fn foreign(path: &str, target: Target<'_>) -> Option<Notice> {
    let kind = target
        .data_source()
        .and_then(|source| source.str("type"))
        .unwrap_or_default();
    let own = kind.is_empty()
        || kind == "datasource"
        || kind.contains("prometheus")
        || kind.contains("victoriametrics-metrics")
        || kind.contains("mimir")
        || kind.contains("thanos")
        || kind.starts_with("${");
    let expression = kind == "__expr__";
    if own && (!target.expr().is_empty() || kind != "__expr__") {
        return None;
    }
    Some(Notice::new(
        format!("{path} › query {}", target.ref_id()),
        if expression {
            "expressions over other queries are not computed here; write them in PromQL".to_owned()
        } else {
            format!("queries of `{kind}` are not answered here; the query is kept")
        },
    ))
}
