//! One panel of the graph page, as its address tells it.
//!
//! Source: the parameters `g0.*`, `g1.*`... of Prometheus' query page, old spellings included.

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
    /// Whether series stand on each other.
    pub stacked: bool,
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
            stacked: false,
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
        Self {
            expr: get("expr").unwrap_or_default(),
            tab: match get("tab").as_deref() {
                Some("graph" | "0") => Tab::Graph,
                _ => Tab::Table,
            },
            range: duration("range_input").map_or(defaults.range, |ms| ms.max(1000)),
            end: time("end_input"),
            moment: time("moment_input"),
            resolution: parse_resolution(&get),
            stacked: get("display_mode").as_deref() == Some("stacked")
                || get("stacked").as_deref() == Some("1"),
        }
    }

    fn print(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![
            ("expr", self.expr.clone()),
            (
                "tab",
                if self.tab == Tab::Graph {
                    "graph"
                } else {
                    "table"
                }
                .to_owned(),
            ),
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
                pairs.push((
                    "res_density",
                    if points < POINTS { "low" } else { "high" }.to_owned(),
                ));
            }
        }
        if self.stacked {
            pairs.push(("display_mode", "stacked".to_owned()));
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
        (Some("auto"), _) | (_, None) => match get("res_density").as_deref() {
            Some("low") => Resolution::Points(100),
            Some("high") => Resolution::Points(750),
            _ => Resolution::default(),
        },
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

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What the - and + of a range step through. Units: milliseconds.
const RANGES: [i64; 20] = [
    1000,
    10_000,
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    28 * DAY,
    56 * DAY,
    112 * DAY,
    182 * DAY,
    365 * DAY,
    730 * DAY,
];

/// The next range up, or the same at the end of the scale.
pub fn longer_range(range: i64) -> i64 {
    RANGES.into_iter().find(|r| *r > range).unwrap_or(range)
}

/// The next range down, likewise.
pub fn shorter_range(range: i64) -> i64 {
    RANGES
        .into_iter()
        .rev()
        .find(|r| *r < range)
        .unwrap_or(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(pairs: &[(&str, &str)]) -> Vec<PanelParams> {
        panels_from(|name| {
            pairs
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, v)| (*v).to_owned())
        })
    }

    #[test]
    fn an_empty_address_has_one_empty_panel() {
        assert_eq!(parse(&[]), [PanelParams::default()]);
    }

    #[test]
    fn old_links_keep_working() {
        let panels = parse(&[
            ("g0.expr", "up"),
            ("g0.tab", "0"),
            ("g0.stacked", "1"),
            ("g0.range_input", "2h"),
            ("g0.step_input", "30"),
            ("g1.expr", "1"),
            ("g1.tab", "1"),
        ]);
        let [first, second] = panels.as_slice() else {
            panic!("{panels:?}")
        };
        assert_eq!(
            (first.tab, first.stacked, first.range),
            (Tab::Graph, true, 7_200_000)
        );
        assert_eq!(first.resolution, Resolution::Step(30_000));
        assert_eq!(second.tab, Tab::Table);
    }

    #[test]
    fn nonsense_falls_back_to_defaults() {
        let panels = parse(&[
            ("g0.expr", "x"),
            ("g0.range_input", "soon"),
            ("g0.end_input", "now"),
            ("g0.res_step", "-1"),
        ]);
        assert_eq!(
            panels,
            [PanelParams {
                expr: "x".into(),
                ..PanelParams::default()
            }]
        );
    }

    #[test]
    fn panels_survive_their_address() {
        let panels = [
            PanelParams {
                expr: "rate(a{b=\"c & d\"}[5m])".into(),
                tab: Tab::Graph,
                range: 5_400_000,
                end: Some(1_700_000_000_000),
                moment: Some(1_700_000_001_000),
                resolution: Resolution::Step(2_500),
                stacked: true,
            },
            PanelParams {
                resolution: Resolution::Points(750),
                ..PanelParams::default()
            },
        ];
        let query = panels_to_query(&panels);
        let pairs: Vec<(String, String)> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(n, v)| (n.to_owned(), decode(v)))
            .collect();
        let back = panels_from(|name| {
            pairs
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, v)| v.clone())
        });
        assert_eq!(back, panels);
    }

    fn decode(text: &str) -> String {
        let mut bytes = Vec::new();
        let mut rest = text.as_bytes();
        while let Some((first, tail)) = rest.split_first() {
            if *first == b'%' {
                bytes.push(
                    u8::from_str_radix(std::str::from_utf8(&tail[..2]).unwrap(), 16).unwrap(),
                );
                rest = &tail[2..];
            } else {
                bytes.push(*first);
                rest = tail;
            }
        }
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn automatic_steps_are_whole_seconds() {
        let panel = PanelParams::default();
        assert_eq!(panel.step(), 14_000);
        assert_eq!(
            PanelParams {
                range: 1000,
                ..panel
            }
            .step(),
            1000
        );
    }

    #[test]
    fn ranges_step_up_and_down_from_anywhere() {
        assert_eq!(longer_range(HOUR), 2 * HOUR);
        assert_eq!(shorter_range(HOUR), 30 * MINUTE);
        assert_eq!(longer_range(90 * MINUTE), 2 * HOUR);
        assert_eq!(shorter_range(1000), 1000);
        assert_eq!(longer_range(730 * DAY), 730 * DAY);
    }

    #[test]
    fn zooming_grows_to_whole_seconds() {
        let panel = PanelParams::default().zoomed(100.4, 160.2);
        assert_eq!((panel.range, panel.end), (61_000, Some(161_000)));
    }
}
