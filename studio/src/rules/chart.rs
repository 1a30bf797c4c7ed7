//! The week of a rule: the value, the threshold to drag, and bands where it would have been pending or firing.

use super::draft::Draft;
use super::watch::{Watch, condition};
use api_types::PreviewInterval;
use app::components::use_zone;
use app::data::ChartData;
use app::words::{t_string, use_i18n};
use chart::{Point, Scale, linear_ticks, time_ticks};
use leptos::prelude::*;
use std::fmt::Write;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// The picture's own units; it is stretched over what room there is.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 240.0;
/// Most lines that are drawn.
const MOST_LINES: usize = 50;
/// Most labels of time.
const MOST_TIMES: usize = 8;
/// Colours of lines.
const HUES: usize = 8;

/// Where values and times go.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Frame {
    x: Scale,
    y: Scale,
    low: f64,
    high: f64,
}

/// The room that all values and the threshold take, with a little above and below.
fn bounds(data: &ChartData, threshold: Option<f64>) -> (f64, f64) {
    let points = data
        .series
        .iter()
        .take(MOST_LINES)
        .flat_map(|series| &series.points);
    let values = points.map(|point| point.value).chain(threshold);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values.filter(|value| value.is_finite()) {
        low = low.min(value);
        high = high.max(value);
    }
    if low > high {
        return (0.0, 1.0);
    }
    let room = if high > low {
        (high - low) * 0.08
    } else {
        high.abs().max(1.0) * 0.1
    };
    // What never is below zero is not shown as if it could be.
    let floor = if low >= 0.0 {
        (low - room).max(0.0)
    } else {
        low - room
    };
    (floor, high + room)
}

fn frame(data: &ChartData, threshold: Option<f64>) -> Frame {
    let (low, high) = bounds(data, threshold);
    Frame {
        x: Scale::new((data.start, data.end), (0.0, WIDTH)),
        y: Scale::new((low, high), (HEIGHT, 0.0)),
        low,
        high,
    }
}

/// The line of a series; it is broken where there is nothing for more than two steps.
fn path(points: &[Point], step: f64, frame: &Frame) -> String {
    let mut path = String::new();
    let mut last: Option<f64> = None;
    for point in points {
        if !point.value.is_finite() {
            last = None;
            continue;
        }
        let joined = last.is_some_and(|last| point.time - last <= step * 2.0);
        let (x, y) = (frame.x.to_pixel(point.time), frame.y.to_pixel(point.value));
        // Writing to a text cannot fail.
        let _ = if joined {
            write!(path, "L{x:.1} {y:.1}")
        } else {
            // A lone point is a dot as wide as the line.
            write!(path, "M{x:.1} {y:.1}h.01")
        };
        last = Some(point.time);
    }
    path
}

fn percent(part: f64, whole: f64) -> String {
    format!("{:.3}%", part / whole * 100.0)
}

/// The chart of a rule that is written.
#[component]
pub(super) fn WeekChart(draft: Draft, watch: Watch) -> impl IntoView {
    let i18n = use_i18n();
    let zone = use_zone();
    let data = Memo::new_with_compare(
        move |_| watch.chart.state.with(|state| state.loaded.clone()),
        |a, b| match (a, b) {
            (Some(Some(a)), Some(Some(b))) => !Arc::ptr_eq(a, b),
            (Some(None), Some(None)) => false,
            _ => true,
        },
    );
    let bands = Memo::new(move |_| {
        watch.preview.state.with(|state| {
            let loaded = state.loaded.as_ref();
            loaded
                .map(|loaded| loaded.data.bands.clone())
                .unwrap_or_default()
        })
    });
    let threshold = Memo::new(move |_| {
        let condition = condition(draft);
        (!condition.op.is_empty())
            .then(|| condition.threshold.trim().parse::<f64>().ok())
            .flatten()
            .filter(|value| value.is_finite())
    });
    // While it is dragged, the axis stays as it is under the pointer.
    let held = RwSignal::new(None::<Frame>);
    let frame = Memo::new(move |_| {
        let data = data.get()?;
        Some(
            held.get()
                .unwrap_or_else(|| frame(&data.data, threshold.get())),
        )
    });
    let lines = move || {
        let (data, frame) = (data.get()?, frame.get()?);
        let series = data.data.series.iter().take(MOST_LINES);
        Some(
            series
                .map(|one| {
                    let color = format!("var(--series-{})", one.slot % HUES);
                    let path = path(&one.points, data.data.step, &frame);
                    let name = one.name.clone();
                    view! { <path class="week__line" d=path style:stroke=color><title>{name}</title></path> }
                })
                .collect_view(),
        )
    };
    let shades = move || {
        let frame = frame.get()?;
        let band = |interval: PreviewInterval| {
            let clamp = |time: f64| frame.x.to_pixel(time).clamp(0.0, WIDTH);
            let (start, end) = (clamp(interval.start), clamp(interval.end));
            // What is short stays visible.
            let width = (end - start).max(1.5);
            view! {
                <rect class="week__band" data-state=interval.state x=format!("{start:.1}") y="0"
                    width=format!("{width:.1}") height=HEIGHT.to_string()></rect>
            }
        };
        Some(bands.get().into_iter().map(band).collect_view())
    };
    let values = move || {
        let frame = frame.get()?;
        let ticks = linear_ticks(frame.low, frame.high, chart::Unit::Number);
        let step = match ticks.as_slice() {
            [first, second, ..] => second - first,
            _ => 1.0,
        };
        let label = move |value: f64| {
            let top = percent(frame.y.to_pixel(value), HEIGHT);
            let text = chart::Unit::Number.format_tick(value, step);
            view! { <span class="week__value" style:top=top>{text}</span> }
        };
        Some(ticks.into_iter().map(label).collect_view())
    };
    let rules = move || {
        let frame = frame.get()?;
        let ticks = linear_ticks(frame.low, frame.high, chart::Unit::Number);
        let rule = move |value: f64| {
            let y = format!("{:.1}", frame.y.to_pixel(value));
            view! { <line class="week__grid" x1="0" x2=WIDTH.to_string() y1=y.clone() y2=y></line> }
        };
        Some(ticks.into_iter().map(rule).collect_view())
    };
    let times = move || {
        let (data, frame) = (data.get()?, frame.get()?);
        let zone = zone.get();
        let (start, end) = (data.data.start, data.data.end);
        let ahead = zone.ahead(end);
        let ticks = time_ticks(start + ahead, end + ahead, MOST_TIMES);
        let label = move |tick: chart::TimeTick| {
            let left = percent(frame.x.to_pixel(tick.time - ahead), WIDTH);
            view! {
                <span class="week__time" style:left=left>
                    {tick.label}
                    {tick.date.map(|date| view! { <span class="week__date">{date}</span> })}
                </span>
            }
        };
        Some(ticks.into_iter().map(label).collect_view())
    };
    view! {
        <figure class="week" aria-label=move || t_string!(i18n, rule_form.chart_of)>
            <div class="week__frame">
                <svg class="week__ink" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
                    {rules}
                    {shades}
                    {lines}
                </svg>
                <div class="week__values" aria-hidden="true">{values}</div>
                <Threshold draft threshold frame held/>
                <Show when=move || watch.chart.state.with(|state| state.busy)>
                    <div class="week__busy"></div>
                </Show>
            </div>
            <div class="week__times" aria-hidden="true">{times}</div>
        </figure>
    }
}

/// The line of the threshold, moved by dragging or with the arrow keys.
#[component]
fn Threshold(
    draft: Draft,
    threshold: Memo<Option<f64>>,
    frame: Memo<Option<Frame>>,
    held: RwSignal<Option<Frame>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let set = move |value: f64| {
        let Some(frame) = frame.get_untracked() else {
            return;
        };
        draft.threshold.set(rounded(value, frame.high - frame.low));
    };
    let pressed = move |event: web_sys::PointerEvent| {
        event.prevent_default();
        held.set(frame.get_untracked());
        let target = event.current_target();
        let target = target.and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(target) = target {
            // Without it the drag ends at the line's edge; nothing worse.
            let _ = target.set_pointer_capture(event.pointer_id());
            let _ = target.focus();
        }
    };
    let moved = move |event: web_sys::PointerEvent| {
        let Some(frame) = held.get_untracked() else {
            return;
        };
        let parent = event
            .current_target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .and_then(|line| line.parent_element());
        let Some(parent) = parent else { return };
        let room = parent.get_bounding_client_rect();
        if room.height() < 1.0 {
            return;
        }
        let part = (f64::from(event.client_y()) - room.top()) / room.height();
        set(frame.y.to_value(part.clamp(0.0, 1.0) * HEIGHT));
    };
    let key = move |event: web_sys::KeyboardEvent| {
        let (Some(value), Some(frame)) = (threshold.get_untracked(), frame.get_untracked()) else {
            return;
        };
        let room = frame.high - frame.low;
        let by = if event.shift_key() {
            room / 10.0
        } else {
            room / 100.0
        };
        match event.key().as_str() {
            "ArrowUp" => set(value + by),
            "ArrowDown" => set(value - by),
            _ => return,
        }
        event.prevent_default();
    };
    let top = move || {
        let (value, frame) = (threshold.get()?, frame.get()?);
        Some(percent(frame.y.to_pixel(value).clamp(0.0, HEIGHT), HEIGHT))
    };
    view! {
        <Show when=move || threshold.get().is_some() && frame.get().is_some()>
            <div
                class="week__threshold"
                role="slider"
                tabindex="0"
                aria-orientation="vertical"
                aria-label=move || t_string!(i18n, rule_form.threshold)
                aria-valuenow=move || threshold.get().map(|value| value.to_string())
                style:top=top
                on:pointerdown=pressed
                on:pointermove=moved
                on:pointerup=move |_| held.set(None)
                on:pointercancel=move |_| held.set(None)
                on:keydown=key
            >
                <span class="week__mark">{move || draft.threshold.get()}</span>
            </div>
        </Show>
    }
}

/// A number with as many digits as a hand can mean on an axis of this length.
fn rounded(value: f64, room: f64) -> String {
    let digits = (2.0 - room.abs().max(1e-12).log10())
        .ceil()
        .clamp(0.0, 12.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped on the line above"
    )]
    let text = format!("{value:.*}", digits as usize);
    if !text.contains('.') {
        return text;
    }
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0" } else { short }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dragged_values_have_digits_that_mean_something() {
        assert_eq!(rounded(0.512_345, 1.0), "0.51");
        assert_eq!(rounded(1_234.567, 1000.0), "1235");
        assert_eq!(rounded(0.000_512_34, 0.001), "0.00051");
        assert_eq!(rounded(-0.000_1, 1.0), "0");
        assert_eq!(rounded(200.0, 1000.0), "200");
    }

    #[test]
    fn lines_break_where_there_is_nothing() {
        let frame = Frame {
            x: Scale::new((0.0, 10.0), (0.0, 10.0)),
            y: Scale::new((0.0, 10.0), (10.0, 0.0)),
            low: 0.0,
            high: 10.0,
        };
        let point = |time: f64, value: f64| Point { time, value };
        let points = [
            point(0.0, 1.0),
            point(1.0, 2.0),
            point(5.0, 3.0),
            point(6.0, f64::NAN),
        ];
        assert_eq!(
            path(&points, 1.0, &frame),
            "M0.0 9.0h.01L1.0 8.0M5.0 7.0h.01"
        );
    }
}
