//! Bars in groups, and histograms.

use super::Drawn;
use super::canvas::{observe_size, px};
use super::legend::{Legend, LegendData};
use crate::board::Board;
use chart::{Scale, Unit, linear_ticks};
use dashboard::{BarChart, Histogram, LegendOptions, LegendRow, Orientation, UnitFormat};
use leptos::html::Div;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// Room for the labels of values and of groups. Units: CSS pixels.
const LEFT: f64 = 64.0;
const BELOW: f64 = 24.0;

/// A bar: its place from 0 to 1 on both ways, its colour and what it says.
struct Bar {
    across: (f64, f64),
    along: (f64, f64),
    color: String,
    title: String,
}

/// A picture of bars.
struct Picture {
    bars: Vec<Bar>,
    /// Place from 0 to 1, and name.
    names: Vec<(f64, String)>,
    /// Place from 0 to 1, and value.
    values: Vec<(f64, String)>,
    level: bool,
}

/// A bar chart.
#[component]
pub(crate) fn BarChartView(drawn: Drawn, board: Board) -> impl IntoView {
    let chart = move || {
        let outcome = drawn.get()?;
        Some(
            board
                .display(|context| BarChart::new(&outcome.data.frames, outcome.options(), context)),
        )
    };
    let legend = Memo::new(move |_| {
        let chart = chart()?;
        let fields: Vec<&dashboard::Field> =
            chart.series.iter().map(|series| &series.field).collect();
        let options = chart.options.legend.clone();
        let rows = board.display(|context| dashboard::legend_rows(&fields, &options, context));
        Some(LegendData { rows, options })
    });
    let picture = move |hidden: &BTreeSet<String>| {
        let chart = chart()?;
        Some(board.display(|context| bars_of(&chart, hidden, context)))
    };
    view! { <Bars picture=StoredValue::new_local(Box::new(picture) as Make) legend=legend.into()/> }
}

/// A histogram.
#[component]
pub(crate) fn HistogramView(drawn: Drawn, board: Board) -> impl IntoView {
    let histogram =
        move || {
            let outcome = drawn.get()?;
            Some(board.display(|context| {
                Histogram::new(&outcome.data.frames, outcome.options(), context)
            }))
        };
    let legend = Memo::new(move |_| {
        let histogram = histogram()?;
        let rows = histogram
            .series
            .iter()
            .enumerate()
            .map(|(index, series)| LegendRow {
                index,
                name: series.name.clone(),
                color: series.color,
                values: Vec::new(),
            });
        let options = LegendOptions {
            calcs: Vec::new(),
            ..histogram.legend.clone()
        };
        Some(LegendData {
            rows: rows.collect(),
            options,
        })
    });
    let picture = move |hidden: &BTreeSet<String>| {
        let histogram = histogram()?;
        Some(board.display(|context| counts_of(&histogram, hidden, context)))
    };
    view! { <Bars picture=StoredValue::new_local(Box::new(picture) as Make) legend=legend.into()/> }
}

type Make = Box<dyn Fn(&BTreeSet<String>) -> Option<Picture>>;

fn bars_of(
    chart: &BarChart,
    hidden: &BTreeSet<String>,
    context: &dashboard::DisplayContext<'_>,
) -> Picture {
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
    Picture {
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

fn counts_of(
    histogram: &Histogram,
    hidden: &BTreeSet<String>,
    context: &dashboard::DisplayContext<'_>,
) -> Picture {
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
        return Picture {
            bars: Vec::new(),
            names: Vec::new(),
            values: Vec::new(),
            level: false,
        };
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
    Picture {
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
    let values = linear_ticks(low, high, Unit::Number).into_iter();
    values
        .map(|value| {
            (
                scale.to_pixel(value),
                unit.format(value, None, &context.dates).to_string(),
            )
        })
        .collect()
}

#[component]
fn Bars(
    picture: StoredValue<Make, LocalStorage>,
    legend: Signal<Option<LegendData>>,
) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    let size = observe_size(frame);
    let hidden = RwSignal::new(BTreeSet::new());
    let lifted = RwSignal::new(None);
    let body = move || {
        let (width, height) = size.get();
        if width < 40.0 || height < 40.0 {
            return None;
        }
        let picture = hidden.with(|hidden| picture.with_value(|make| make(hidden)))?;
        let room = (width - LEFT - 8.0, height - BELOW - 8.0);
        let x = |part: f64| LEFT + part * room.0;
        let y = |part: f64| 8.0 + (1.0 - part) * room.1;
        let level = picture.level;
        let bars = picture.bars.iter().map(|bar| {
            let (left, right, bottom, top) = if level {
                (x(bar.along.0), x(bar.along.1), y(1.0 - bar.across.1), y(1.0 - bar.across.0))
            } else {
                (x(bar.across.0), x(bar.across.1), y(bar.along.0), y(bar.along.1))
            };
            let (top, bottom) = (top.min(bottom), top.max(bottom));
            view! {
                <rect x=left y=top width=(right - left).max(1.0) height=(bottom - top).max(1.0) fill=bar.color.clone()>
                    <title>{bar.title.clone()}</title>
                </rect>
            }
        });
        let beside: &Vec<(f64, String)> = if level {
            &picture.names
        } else {
            &picture.values
        };
        let below: &Vec<(f64, String)> = if level {
            &picture.values
        } else {
            &picture.names
        };
        let lines = picture.values.iter().map(|(part, _)| {
            let (x0, y0, x1, y1) = if level {
                (x(*part), 8.0, x(*part), height - BELOW)
            } else {
                (LEFT, y(*part), width - 8.0, y(*part))
            };
            view! { <line class="bars__line" x1=x0 y1=y0 x2=x1 y2=y1></line> }
        });
        let beside = beside.iter().map(|(part, label)| {
            let part = if level { 1.0 - *part } else { *part };
            view! { <span class="plot__value" data-side="left" style:top=px(y(part)) style:width=px(LEFT)>{label.clone()}</span> }
        });
        let every = thin(below.len(), room.0);
        let below = below.iter().step_by(every).map(|(part, label)| {
            view! { <span class="plot__time" style:left=px(x(*part)) style:top=px(height - BELOW + 4.0)>{label.clone()}</span> }
        });
        Some(view! {
            <svg class="bars__ink" viewBox=format!("0 0 {width:.0} {height:.0}") aria-hidden="true">
                {lines.collect_view()}
                {bars.collect_view()}
            </svg>
            <div class="plot__labels">{beside.collect_view()}{below.collect_view()}</div>
        })
    };
    let right =
        move || legend.with(|legend| legend.as_ref().is_some_and(|legend| legend.options.right));
    view! {
        <div class="plot" data-legend=move || if right() { "right" } else { "bottom" }>
            <div class="plot__frame" node_ref=frame>{body}</div>
            <Legend data=legend hidden lifted/>
        </div>
    }
}

/// How many labels are passed over for each that is shown, so that they do not touch.
fn thin(count: usize, width: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, reason = "a number of labels")]
    let room = (width / 72.0).max(1.0) as usize;
    count.div_ceil(room).max(1)
}
