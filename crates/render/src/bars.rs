//! Bars in groups, and histograms: where they stand.

use chart::{Rect, Scale, Unit, linear_ticks};
use dashboard::{BarChart, Histogram, Orientation, UnitFormat};
use std::collections::BTreeSet;

/// Room for the labels beside the bars. Units: CSS pixels.
pub const BARS_LEFT: f64 = 64.0;
/// Room for the labels below the bars. Units: CSS pixels.
pub const BARS_BELOW: f64 = 24.0;

/// A bar: its place from 0 to 1 on both ways, its colour and what it says.
#[derive(Debug, Clone, PartialEq)]
struct Bar {
    across: (f64, f64),
    along: (f64, f64),
    color: String,
    title: String,
}

/// A picture of bars, in parts of the room that it gets.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BarPicture {
    bars: Vec<Bar>,
    /// Place from 0 to 1, and name.
    names: Vec<(f64, String)>,
    /// Place from 0 to 1, and value.
    values: Vec<(f64, String)>,
    /// Whether bars lie.
    level: bool,
}

/// A bar at its place.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedBar {
    /// Where it is. Units: CSS pixels.
    pub rect: Rect,
    /// Its colour.
    pub color: String,
    /// What it says.
    pub title: String,
}

/// Bars, lines and labels at their places. Units: CSS pixels.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlacedBars {
    /// The bars.
    pub bars: Vec<PlacedBar>,
    /// Lines of ticks: from and to.
    pub lines: Vec<((f64, f64), (f64, f64))>,
    /// Labels beside the bars, each with its middle from the top.
    pub beside: Vec<(f64, String)>,
    /// Labels below the bars, each with its middle from the left.
    pub below: Vec<(f64, String)>,
}

impl BarPicture {
    /// Puts everything into a room. Units: CSS pixels.
    pub fn placed(&self, (width, height): (f64, f64)) -> PlacedBars {
        let room = (
            (width - BARS_LEFT - 8.0).max(1.0),
            (height - BARS_BELOW - 8.0).max(1.0),
        );
        let x = |part: f64| BARS_LEFT + part * room.0;
        let y = |part: f64| 8.0 + (1.0 - part) * room.1;
        let level = self.level;
        let bars = self.bars.iter().map(|bar| {
            let (left, right, bottom, top) = if level {
                let (first, last) = (1.0 - bar.across.1, 1.0 - bar.across.0);
                (x(bar.along.0), x(bar.along.1), y(first), y(last))
            } else {
                let (low, high) = bar.along;
                (x(bar.across.0), x(bar.across.1), y(low), y(high))
            };
            let (top, bottom) = (top.min(bottom), top.max(bottom));
            PlacedBar {
                rect: Rect {
                    left,
                    top,
                    width: (right - left).max(1.0),
                    height: (bottom - top).max(1.0),
                },
                color: bar.color.clone(),
                title: bar.title.clone(),
            }
        });
        let lines = self.values.iter().map(|(part, _)| {
            if level {
                ((x(*part), 8.0), (x(*part), height - BARS_BELOW))
            } else {
                ((BARS_LEFT, y(*part)), (width - 8.0, y(*part)))
            }
        });
        let (beside, below) = if level {
            (&self.names, &self.values)
        } else {
            (&self.values, &self.names)
        };
        let beside = beside.iter().map(|(part, label)| {
            let part = if level { 1.0 - *part } else { *part };
            (y(part), label.clone())
        });
        let every = thin(below.len(), room.0);
        let below = below.iter().step_by(every);
        PlacedBars {
            bars: bars.collect(),
            lines: lines.collect(),
            beside: beside.collect(),
            below: below
                .map(|(part, label)| (x(*part), label.clone()))
                .collect(),
        }
    }
}

/// The bars of a bar chart, without the series whose names are hidden.
pub fn bars_of(
    chart: &BarChart,
    hidden: &BTreeSet<String>,
    context: &dashboard::DisplayContext<'_>,
) -> BarPicture {
    let shown: Vec<_> = chart
        .series
        .iter()
        .filter(|series| !hidden.contains(&series.name))
        .collect();
    let stacked = chart.options.stacking != dashboard::StackMode::None;
    let ends = shown.iter().flat_map(|series| series.bars.iter().flatten());
    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    for (from, to) in ends {
        low = low.min(from.min(*to));
        high = high.max(from.max(*to));
    }
    if high <= low {
        high = low + 1.0;
    }
    let part = |value: f64| (value - low) / (high - low);
    let groups = chart.categories.len().max(1) as f64;
    let width = chart.options.group_width.clamp(0.1, 1.0) / groups;
    let lanes = if stacked {
        1.0
    } else {
        shown.len().max(1) as f64
    };
    let mut bars = Vec::new();
    for (number, series) in shown.iter().enumerate() {
        for (group, bar) in series.bars.iter().enumerate() {
            let Some((from, to)) = bar else { continue };
            let start = (group as f64 + 0.5) / groups - width / 2.0;
            let lane = if stacked { 0.0 } else { number as f64 };
            let one = width / lanes;
            let room = one * chart.options.bar_width.clamp(0.1, 1.0);
            let left = start + lane * one + (one - room) / 2.0;
            let name = chart
                .categories
                .get(group)
                .map_or("", |category| category.full.as_str());
            let text = series
                .shown
                .get(group)
                .map(|shown| shown.text.to_string())
                .unwrap_or_default();
            bars.push(Bar {
                across: (left, left + room),
                along: (part(from.min(*to)), part(from.max(*to))),
                color: series
                    .colors
                    .get(group)
                    .copied()
                    .unwrap_or(series.color)
                    .to_css(),
                title: format!("{name} {}: {text}", series.name),
            });
        }
    }
    let unit = shown
        .first()
        .and_then(|series| series.field.options.unit.clone())
        .unwrap_or_default();
    BarPicture {
        bars,
        names: names(
            chart
                .categories
                .iter()
                .map(|category| category.label.clone()),
            groups,
        ),
        values: ticks(low, high, &UnitFormat::new(&unit), context),
        level: chart.options.orientation == Orientation::Horizontal,
    }
}

/// The bars of a histogram, without the series whose names are hidden.
pub fn counts_of(
    histogram: &Histogram,
    hidden: &BTreeSet<String>,
    context: &dashboard::DisplayContext<'_>,
) -> BarPicture {
    let shown: Vec<_> = histogram
        .series
        .iter()
        .filter(|series| !hidden.contains(&series.name))
        .collect();
    let all = || shown.iter().flat_map(|series| &series.bars);
    let low = all().map(|bar| bar.low).fold(f64::INFINITY, f64::min);
    let high = all().map(|bar| bar.high).fold(f64::NEG_INFINITY, f64::max);
    let most = all().map(|bar| bar.count).fold(1.0, f64::max);
    if high <= low {
        return BarPicture::default();
    }
    let place = |value: f64| (value - low) / (high - low);
    let unit = UnitFormat::new(&histogram.unit);
    let bars = shown
        .iter()
        .flat_map(|series| series.bars.iter().map(move |bar| (series, bar)))
        .map(|(series, bar)| Bar {
            across: (place(bar.low), place(bar.high)),
            along: (0.0, bar.count / most),
            color: series
                .color
                .with_alpha((series.fill_opacity / 100.0).clamp(0.2, 1.0))
                .to_css(),
            title: format!("{}: {}", series.name, bar.count),
        })
        .collect();
    let names = linear_ticks(low, high, Unit::Number)
        .into_iter()
        .map(|value| {
            (
                place(value),
                unit.format(value, None, &context.dates).to_string(),
            )
        })
        .collect();
    BarPicture {
        bars,
        names,
        values: ticks(0.0, most, &UnitFormat::new("short"), context),
        level: false,
    }
}

fn names(labels: impl Iterator<Item = String>, groups: f64) -> Vec<(f64, String)> {
    labels
        .enumerate()
        .map(|(index, label)| ((index as f64 + 0.5) / groups, label))
        .collect()
}

fn ticks(
    low: f64,
    high: f64,
    unit: &UnitFormat,
    context: &dashboard::DisplayContext<'_>,
) -> Vec<(f64, String)> {
    let scale = Scale::new((low, high), (0.0, 1.0));
    let values = linear_ticks(low, high, Unit::Number);
    let texts = unit.format_ticks(&values, None, &context.dates);
    let pixels = values.iter().map(|value| scale.to_pixel(*value));
    pixels.zip(texts).collect()
}

/// How many labels are passed over for each that is shown, so that they do not touch.
fn thin(count: usize, width: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, reason = "a number of labels")]
    let room = (width / 72.0).max(1.0) as usize;
    count.div_ceil(room).max(1)
}
