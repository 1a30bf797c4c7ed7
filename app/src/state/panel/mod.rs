//! One panel of the graph page, as its address tells it.
//!
//! Source: the parameters `g0.*`, `g1.*`... of Prometheus' query page, old spellings included.

mod range;

pub use range::{longer_range, shorter_range};

use crate::state::address::query_string;
use chart::CivilTime;
use model::DurationMs;

/// How a panel shows its result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tab {
    /// The values at one moment.
    #[default]
    Table,
    /// A chart over a range of time.
    Graph,
    /// How the query is evaluated, node by node.
    Explain,
}

impl Tab {
    /// All tabs in their order.
    pub const ALL: [Self; 3] = [Self::Table, Self::Graph, Self::Explain];

    /// The word in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Graph => "graph",
            Self::Explain => "explain",
        }
    }
}

/// How a chart shows its series.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Display {
    /// A line each.
    #[default]
    Lines,
    /// Areas on each other.
    Stacked,
    /// A dot for every sample.
    Points,
    /// Native histograms: a column of cells for every time.
    Heatmap,
}

impl Display {
    /// All of them, as they are offered.
    pub const ALL: [Self; 4] = [Self::Lines, Self::Stacked, Self::Points, Self::Heatmap];

    /// The word in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Stacked => "stacked",
            Self::Points => "points",
            Self::Heatmap => "heatmap",
        }
    }

    /// The display of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|display| display.word() == word)
    }
}

/// How far apart the points of a chart are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// About as many points as this over the range.
    Points(i64),
    /// Units: milliseconds.
    Step(i64),
}

/// What a panel without its own resolution asks for.
const POINTS: i64 = 250;

/// The densities that addresses name, with about so many points each.
pub const DENSITIES: [(&str, i64); 3] = [("low", 100), ("medium", POINTS), ("high", 750)];

impl Default for Resolution {
    fn default() -> Self {
        Self::Points(POINTS)
    }
}

/// Everything about a panel that a link restores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelParams {
    /// The query as it was executed.
    pub expr: String,
    /// Table or graph.
    pub tab: Tab,
    /// Length of the chart's time range. Units: milliseconds. Bounds: at least 1,000.
    pub range: i64,
    /// End of the chart's range, in milliseconds since the epoch; `None` is now.
    pub end: Option<i64>,
    /// Time of the table, likewise.
    pub moment: Option<i64>,
    /// Distance of points.
    pub resolution: Resolution,
    /// Lines, areas, dots or cells.
    pub display: Display,
    /// Whether the value axis begins at zero.
    pub from_zero: bool,
    /// Whether the value axis is logarithmic.
    pub log: bool,
    /// Whether exemplars are shown.
    pub exemplars: bool,
}

impl Default for PanelParams {
    fn default() -> Self {
        Self {
            expr: String::new(),
            tab: Tab::default(),
            range: 3_600_000,
            end: None,
            moment: None,
            resolution: Resolution::default(),
            display: Display::default(),
            from_zero: false,
            log: false,
            exemplars: false,
        }
    }
}

impl PanelParams {
    /// The step that the resolution means for the range. Units: milliseconds.
    pub fn step(&self) -> i64 {
        match self.resolution {
            Resolution::Step(step) => step.max(1),
            // Whole seconds, as scrapes are.
            Resolution::Points(points) => (self.range / points.max(1) / 1000 * 1000).max(1000),
        }
    }

    /// The same panel on the time window from `start` to `end`. Units: seconds since the epoch.
    ///
    /// The window grows to whole seconds, which is as fine as addresses are.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "windows come from a chart's own times"
    )]
    pub fn zoomed(&self, start: f64, end: f64) -> Self {
        let (start, end) = ((start.floor() * 1e3) as i64, (end.ceil() * 1e3) as i64);
        Self {
            range: (end - start).max(1000),
            end: Some(end),
            ..self.clone()
        }
    }

    fn parse(get: impl Fn(&str) -> Option<String>) -> Self {
        let defaults = Self::default();
        let duration = |name: &str| {
            get(name)?
                .parse::<DurationMs>()
                .ok()
                .map(|d| d.0)
                .filter(|ms| *ms > 0)
        };
        let time = |name: &str| get(name).as_deref().and_then(parse_time);
        let is_on = |name: &str| get(name).as_deref() == Some("1");
        let number = |name: &str| get(name)?.parse::<f64>().ok();
        Self {
            expr: get("expr").unwrap_or_default(),
            tab: match get("tab").as_deref() {
                Some("graph" | "0") => Tab::Graph,
                Some("explain") => Tab::Explain,
                _ => Tab::Table,
            },
            range: duration("range_input").map_or(defaults.range, |ms| ms.max(1000)),
            end: time("end_input"),
            moment: time("moment_input"),
            resolution: parse_resolution(&get),
            display: match get("display_mode").as_deref() {
                Some(word) => Display::from_word(word).unwrap_or_default(),
                None if is_on("stacked") => Display::Stacked,
                None => Display::default(),
            },
            from_zero: get("y_axis_min").as_deref() == Some("zero")
                || number("y_axis_min") == Some(0.0),
            log: get("y_axis_scale").as_deref() == Some("log"),
            exemplars: is_on("show_exemplars"),
        }
    }

    fn print(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![
            ("expr", self.expr.clone()),
            ("tab", self.tab.word().to_owned()),
            ("range_input", DurationMs(self.range).to_string()),
        ];
        let mut time = |name, at: Option<i64>| {
            if let Some(ms) = at {
                pairs.push((name, CivilTime::from_seconds(ms as f64 / 1e3).to_string()));
            }
        };
        time("end_input", self.end);
        time("moment_input", self.moment);
        match self.resolution {
            Resolution::Step(step) => {
                pairs.push(("res_type", "custom".to_owned()));
                pairs.push(("res_step", (step as f64 / 1e3).to_string()));
            }
            Resolution::Points(POINTS) => {}
            Resolution::Points(points) => {
                pairs.push(("res_type", "auto".to_owned()));
                let density = DENSITIES.iter().find(|(_, count)| *count >= points);
                let word = density.map_or("high", |(word, _)| word);
                pairs.push(("res_density", word.to_owned()));
            }
        }
        if self.display != Display::default() {
            pairs.push(("display_mode", self.display.word().to_owned()));
        }
        if self.from_zero {
            pairs.push(("y_axis_min", "0".to_owned()));
        }
        if self.log {
            pairs.push(("y_axis_scale", "log".to_owned()));
        }
        if self.exemplars {
            pairs.push(("show_exemplars", "1".to_owned()));
        }
        pairs
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "times that parse are small"
)]
fn parse_time(text: &str) -> Option<i64> {
    CivilTime::parse(text).map(|civil| (civil.to_seconds() * 1e3) as i64)
}

#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
fn parse_resolution(get: &impl Fn(&str) -> Option<String>) -> Resolution {
    // Seconds, or a duration with its unit; `step_input` is the old name.
    let step = get("res_step")
        .or_else(|| get("step_input"))
        .and_then(|text| {
            let seconds = text.parse::<f64>().ok().map(|s| (s * 1e3) as i64);
            seconds
                .or_else(|| text.parse::<DurationMs>().ok().map(|d| d.0))
                .filter(|ms| *ms > 0)
        });
    match (get("res_type").as_deref(), step) {
        (Some("auto"), _) | (_, None) => {
            let word = get("res_density");
            let density = DENSITIES
                .iter()
                .find(|(name, _)| Some(*name) == word.as_deref());
            density.map_or(Resolution::default(), |(_, points)| {
                Resolution::Points(*points)
            })
        }
        (_, Some(step)) => Resolution::Step(step),
    }
}

/// The panels that an address tells; `get` looks a parameter up. There is always one at least.
pub fn panels_from(get: impl Fn(&str) -> Option<String>) -> Vec<PanelParams> {
    let mut panels = Vec::new();
    loop {
        let n = panels.len();
        let own = |name: &str| get(&format!("g{n}.{name}"));
        if own("expr").is_none() && (n > 0 || own("tab").is_none()) {
            break;
        }
        panels.push(PanelParams::parse(own));
    }
    if panels.is_empty() {
        panels.push(PanelParams::default());
    }
    panels
}

/// The query string that [`panels_from`] reads back.
pub fn panels_to_query(panels: &[PanelParams]) -> String {
    let mut pairs = Vec::new();
    for (n, panel) in panels.iter().enumerate() {
        pairs.extend(
            panel
                .print()
                .into_iter()
                .map(|(name, value)| (format!("g{n}.{name}"), value)),
        );
    }
    query_string(
        pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    )
}

#[cfg(test)]
mod tests;
