//! States over time.

use super::legend::{LegendOptions, TooltipOptions};
use super::shared::ShowValue;
use crate::frame::{Cell, Column, DisplayContext, Field, Frame, Shown};
use crate::json::{Reading, number_of};
use serde_json::Value;

/// The options of both panels of states.
#[derive(Debug, Clone)]
pub struct StateOptions {
    /// Whether equal neighbours are one.
    pub merge: bool,
    /// Whether values are written.
    pub show_value: ShowValue,
    /// `left`, `center` or `right`.
    pub align_value: String,
    /// Part of its room that a lane takes. Bounds: 0 to 1.
    pub row_height: f64,
    /// Part of its room that a square takes. Bounds: 0 to 1.
    pub column_width: f64,
    /// Lanes on a page, if there are pages.
    pub per_page: Option<usize>,
    /// How the legend is shown.
    pub legend: LegendOptions,
    /// What is said under the pointer.
    pub tooltip: TooltipOptions,
}

impl StateOptions {
    /// Reads the options.
    pub fn read(options: &Value) -> Self {
        Self {
            merge: options.flag("mergeValues").unwrap_or(true),
            show_value: ShowValue::read(options),
            align_value: options.str("alignValue").unwrap_or("left").to_owned(),
            row_height: options.number("rowHeight").unwrap_or(0.9).clamp(0.01, 1.0),
            column_width: options.number("colWidth").unwrap_or(0.9).clamp(0.01, 1.0),
            per_page: options
                .number("perPage")
                .filter(|lanes| *lanes > 0.0)
                .map(crate::number::to_usize),
            legend: LegendOptions::read(options),
            tooltip: TooltipOptions::read(options),
        }
    }
}

/// A stretch of time with one state.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Units: milliseconds since the epoch.
    pub from: f64,
    /// Where it ends. Units: milliseconds since the epoch. Bounds: excluded.
    pub to: f64,
    /// The state.
    pub shown: Shown,
}

/// The states of a series.
#[derive(Debug, Clone)]
pub struct StateLane {
    /// Name.
    pub name: String,
    /// How thick lines around states are. Units: pixels.
    pub line_width: f64,
    /// Bounds: 0 to 100.
    pub fill_opacity: f64,
    /// The states, earliest first; between them there may be gaps.
    pub states: Vec<State>,
}

/// Lanes of stretches; the last state lasts until `end`. Units: of `end`, milliseconds since the epoch.
pub fn state_timeline(
    frames: &[Frame],
    options: &StateOptions,
    end: f64,
    context: &DisplayContext<'_>,
) -> Vec<StateLane> {
    lanes(frames, 0.0, |field, times| {
        let display = field.display(context);
        let span = span_nulls(field);
        let mut states: Vec<State> = Vec::new();
        // Whether the last stretch still lasts.
        let mut open = false;
        for (row, time) in times.iter().copied().enumerate() {
            let cell = field.column.cell(row);
            if open && let Some(last) = states.last_mut() {
                last.to = time;
            }
            if cell == Cell::Null {
                let skip = states.last().is_some_and(|last| time - last.from < span);
                open &= skip;
                continue;
            }
            let shown = display.show(&cell);
            let same = states.last().is_some_and(|last| {
                open && options.merge
                    && last.shown.text == shown.text
                    && last.shown.color == shown.color
            });
            if !same {
                states.push(State {
                    from: time,
                    to: time,
                    shown,
                });
            }
            open = true;
        }
        if open && let Some(last) = states.last_mut() {
            last.to = last.to.max(end);
        }
        states
    })
}

/// Lanes of squares, one for each value.
pub fn status_history(frames: &[Frame], context: &DisplayContext<'_>) -> Vec<StateLane> {
    lanes(frames, 1.0, |field, times| {
        let display = field.display(context);
        let step = times
            .iter()
            .zip(times.iter().skip(1))
            .map(|(a, b)| b - a)
            .fold(f64::INFINITY, f64::min);
        let step = if step.is_finite() { step } else { 60_000.0 };
        times
            .iter()
            .copied()
            .enumerate()
            .map(|(row, time)| (time, field.column.cell(row)))
            .filter(|(_, cell)| *cell != Cell::Null)
            .map(|(time, cell)| State {
                from: time - step / 2.0,
                to: time + step / 2.0,
                shown: display.show(&cell),
            })
            .collect()
    })
}

fn lanes(
    frames: &[Frame],
    default_line: f64,
    states: impl Fn(&Field, &[f64]) -> Vec<State>,
) -> Vec<StateLane> {
    let mut lanes = Vec::new();
    for frame in frames {
        let Some(Column::Time(times)) = frame.time_field().map(|field| &field.column) else {
            continue;
        };
        for field in &frame.fields {
            if field.column.is_time() || field.options.hidden_from("viz") {
                continue;
            }
            let number = |key: &str, default| field.options.custom.number(key).unwrap_or(default);
            lanes.push(StateLane {
                name: field.label().to_owned(),
                line_width: number("lineWidth", default_line),
                fill_opacity: number("fillOpacity", 70.0),
                states: states(field, times),
            });
        }
    }
    lanes
}

/// Nothing of less than so many milliseconds does not end a state.
fn span_nulls(field: &Field) -> f64 {
    match field.options.custom.field("spanNulls") {
        Some(Value::Bool(true)) => f64::INFINITY,
        Some(value) if value.is_number() => number_of(value).unwrap_or(0.0),
        _ => 0.0,
    }
}
