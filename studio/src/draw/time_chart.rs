//! Lines, bars and points over time.

use super::canvas::{context_of, observe_size, px, time_left};
use super::ink::CanvasInk;
use super::legend::{Legend, LegendData};
use super::marks::MarksLayer;
use super::tooltip::tip_at;
use super::{Drawn, Outcome};
use crate::board::{Board, Note};
use app::words::{t, t_string, use_i18n};
use dashboard::{AxisSide, CursorSync, Frame, LegendOptions, TimeSeries};
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use render::{Plot, Shades, paint};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// Room that a tooltip takes at most. Units: CSS pixels.
const TIP_WIDTH: f64 = 320.0;
/// A drag shorter than this is a click. Units: CSS pixels.
const DRAG: f64 = 6.0;

/// A panel of time series. Dragging over it picks a window; a double click goes back out.
#[component]
pub(crate) fn TimeChart(drawn: Drawn, board: Board, panel: i64) -> impl IntoView {
    let i18n = use_i18n();
    let frame = NodeRef::<Div>::new();
    let canvas = NodeRef::<Canvas>::new();
    let size = observe_size(frame);
    let hidden = RwSignal::new(BTreeSet::<String>::new());
    let lifted = RwSignal::new(None::<usize>);
    let legend = Memo::new(move |_| {
        let outcome = drawn.get()?;
        Some(board.display(|context| {
            let series = TimeSeries::new(&outcome.data.frames, outcome.options(), context);
            LegendData {
                rows: series.legend_rows(context),
                options: LegendOptions::read(outcome.options()),
            }
        }))
    });
    let plot = Memo::new_with_compare(
        move |_| {
            let (outcome, size) = (drawn.get()?, size.get());
            (size.0 > 30.0 && size.1 > 30.0)
                .then(|| hidden.with(|hidden| Arc::new(draw_up(&outcome, hidden, size, board))))
        },
        |_, _| true,
    );
    Effect::new(move |_| {
        let lifted = lifted.get();
        let Some(plot) = plot.get() else { return };
        let place = lifted.and_then(|field| {
            plot.series
                .lines
                .iter()
                .position(|line| line.field == field)
        });
        if let Some(ink) = context_of(canvas, plot.size) {
            // Not asked of the style sheet: that would work out the styles of the page for each chart.
            let shades = board.display(|context| Shades::of(context.theme));
            paint(&mut CanvasInk(&ink), &plot, &shades, place);
        }
    });
    let right = move || {
        legend.with(|legend| {
            legend
                .as_ref()
                .is_some_and(|legend| legend.options.right && legend.options.show)
        })
    };
    let count = move || legend.with(|legend| legend.as_ref().map_or(0, |legend| legend.rows.len()));
    let label = move || t_string!(i18n, dashboards.chart_of, n = count());
    view! {
        <div class="plot" data-legend=move || if right() { "right" } else { "bottom" }>
            <div class="plot__frame" node_ref=frame>
                <canvas class="plot__ink" node_ref=canvas role="img" aria-label=label></canvas>
                <Labels plot board/>
                <Pointer plot board panel/>
                <MarksLayer plot board panel/>
            </div>
            <Legend data=legend.into() hidden lifted/>
        </div>
    }
}

fn draw_up(outcome: &Outcome, hidden: &BTreeSet<String>, size: (f64, f64), board: Board) -> Plot {
    board.display(|context| {
        let without;
        let frames = if hidden.is_empty() {
            &outcome.data.frames
        } else {
            without = hide(&outcome.data.frames, hidden);
            &without
        };
        let series = TimeSeries::new(frames, outcome.options(), context);
        Plot::new(series, outcome.window, outcome.step, size, context)
    })
}

/// The frames, some of their series not to be drawn.
fn hide(frames: &[Frame], hidden: &BTreeSet<String>) -> Vec<Frame> {
    let mut frames = frames.to_vec();
    for field in frames.iter_mut().flat_map(|frame| &mut frame.fields) {
        if hidden.contains(field.label()) {
            let from = json!({"viz": true, "tooltip": true, "legend": false});
            field.options.custom.insert("hideFrom".to_owned(), from);
        }
    }
    frames
}

/// The labels of the axes; the chart's legend and tooltip speak for them.
#[component]
fn Labels(plot: Memo<Option<Arc<Plot>>>, board: Board) -> impl IntoView {
    let values = move || {
        let plot = plot.get()?;
        let axes = plot
            .axes
            .iter()
            .filter(|axis| axis.side != AxisSide::Hidden);
        Some(
            axes.map(|axis| {
                let side = if axis.side == AxisSide::Right { "right" } else { "left" };
                let ticks = axis.ticks.iter().map(|(value, label)| {
                    let top = px(axis.scale.to_pixel(*value));
                    view! {
                        <span class="plot__value" data-side=side style:top=top style:left=px(axis.left)
                            style:width=px(axis.width) style:color=axis.color.clone()>
                            {label.clone()}
                        </span>
                    }
                });
                let title = (!axis.label.is_empty()).then(|| {
                    let left = if side == "right" { axis.left + axis.width - 16.0 } else { axis.left };
                    view! {
                        <span class="plot__axis" style:left=px(left) style:top=px(plot.rect.top)
                            style:height=px(plot.rect.height)>
                            {axis.label.clone()}
                        </span>
                    }
                });
                view! { {ticks.collect_view()}{title} }
            })
            .collect_view(),
        )
    };
    let times = move || {
        let plot = plot.get()?;
        let top = px(plot.rect.top + plot.rect.height + 4.0);
        let ticks = plot.ticks.iter().map(|tick| {
            view! {
                <span class="plot__time" style:left=time_left(plot.x.to_pixel(tick.time * 1e3), tick.date.is_some()) style:top=top.clone()>
                    {tick.label.clone()}
                    {tick.date.clone().map(|date| view! { <span class="plot__date">{date}</span> })}
                </span>
            }
        });
        Some(ticks.collect_view())
    };
    let _ = board;
    view! { <div class="plot__labels" aria-hidden="true">{values}{times}</div> }
}

/// Crosshair, tooltip and the window that is being picked.
#[component]
fn Pointer(plot: Memo<Option<Arc<Plot>>>, board: Board, panel: i64) -> impl IntoView {
    let i18n = use_i18n();
    // Where the pointer is, and where a drag began. Units: CSS pixels.
    let at = RwSignal::new(None::<(f64, f64)>);
    let began = RwSignal::new(None::<f64>);
    let place = |event: &web_sys::PointerEvent| {
        let target = event.current_target()?;
        let bounds = target
            .unchecked_into::<web_sys::Element>()
            .get_bounding_client_rect();
        Some((
            f64::from(event.client_x()) - bounds.left(),
            f64::from(event.client_y()) - bounds.top(),
        ))
    };
    let moved = move |event: web_sys::PointerEvent| {
        let (Some(place), Some(plot)) = (place(&event), plot.get_untracked()) else {
            return;
        };
        at.set(Some(place));
        board.hover.set(Some((plot.time_at(place.0), panel)));
    };
    let left = move |_| {
        at.set(None);
        began.set(None);
        board.hover.set(None);
    };
    let pressed = move |event: web_sys::PointerEvent| {
        if event.button() == 0 {
            began.set(place(&event).map(|(x, _)| x));
        }
    };
    let released = move |event: web_sys::PointerEvent| {
        let (start, end) = (began.get_untracked(), place(&event));
        began.set(None);
        let (Some(start), Some((end, _)), Some(plot)) = (start, end, plot.get_untracked()) else {
            return;
        };
        let is_note = event.ctrl_key() || event.meta_key();
        if is_note && board.may_note() {
            let (from, to) = if (end - start).abs() >= DRAG {
                (plot.time_at(start.min(end)), plot.time_at(start.max(end)))
            } else {
                (plot.time_at(end), plot.time_at(end))
            };
            board.marks.noting.set(Some(Note {
                id: None,
                panel: Some(panel),
                window: (from, to),
                text: String::new(),
                tags: Vec::new(),
            }));
        } else if (end - start).abs() >= DRAG {
            let (from, to) = (plot.time_at(start.min(end)), plot.time_at(start.max(end)));
            #[expect(clippy::cast_possible_truncation, reason = "milliseconds of this age")]
            board.set_window(from.round() as i64, to.round() as i64);
        }
    };
    let out = move |_| {
        let window = dashboard::zoom_out(board.window.get_untracked(), crate::board::now());
        board.set_window(window.0, window.1);
    };
    // Whose time is shown: that of this panel, or of any where they share it.
    let time = Memo::new(move |_| {
        let (time, whose) = board.hover.get()?;
        let sync = board.document.with(|document| document.cursor_sync());
        (whose == panel || sync != CursorSync::Off).then_some((time, whose))
    });
    let cross = move || {
        let ((time, _), plot) = (time.get()?, plot.get()?);
        let x = plot.x.to_pixel(time);
        let inside = x >= plot.rect.left && x <= plot.rect.left + plot.rect.width;
        inside.then(|| {
            view! {
                <div class="plot__cross" style:left=px(x) style:top=px(plot.rect.top) style:height=px(plot.rect.height)></div>
            }
        })
    };
    let band = move || {
        let (start, (now, _), plot) = (began.get()?, at.get()?, plot.get()?);
        let (low, high) = (start.min(now).max(plot.rect.left), start.max(now));
        (high - low >= DRAG).then(|| {
            view! {
                <div class="plot__band" style:left=px(low) style:width=px(high - low)
                    style:top=px(plot.rect.top) style:height=px(plot.rect.height)></div>
            }
        })
    };
    let tip = move || {
        let ((time, whose), plot) = (time.get()?, plot.get()?);
        let sync = board.document.with(|document| document.cursor_sync());
        if whose != panel && sync != CursorSync::Tooltip {
            return None;
        }
        let y = at.get().map(|(_, y)| y);
        let clocks = board.clocks();
        let tip = board.display(|context| tip_at(&plot, time, y, clocks, context))?;
        if tip.rows.is_empty() {
            return None;
        }
        let x = plot.x.to_pixel(time);
        // Beside the pointer, on the side where there is more room; never over the point.
        let on_left = x > plot.size.0 / 2.0;
        let place = if on_left {
            plot.size.0 - x + 12.0
        } else {
            x + 12.0
        };
        let (left, right) = if on_left {
            (None, Some(px(place)))
        } else {
            (Some(px(place)), None)
        };
        let rows = tip.rows.into_iter().map(|(color, name, value)| {
            view! {
                <li class="tip__row">
                    <span class="key-name__mark" style:background=color></span>
                    <span class="tip__name">{name}</span>
                    <span class="tip__value">{value}</span>
                </li>
            }
        });
        let more = (tip.more > 0).then(|| {
            let n = tip.more;
            view! { <p class="tip__more">{t!(i18n, dashboards.more_values, n = move || n)}</p> }
        });
        Some(view! {
            <div class="tip" style:left=left style:right=right style:max-width=px(TIP_WIDTH)>
                <p class="tip__time">{tip.time}</p>
                <ul class="tip__rows">{rows.collect_view()}</ul>
                {more}
            </div>
        })
    };
    view! {
        <div
            class="plot__pointer"
            on:pointermove=moved
            on:pointerleave=left
            on:pointerdown=pressed
            on:pointerup=released
            on:dblclick=out
        >
            {cross}
            {band}
        </div>
        {tip}
    }
}
