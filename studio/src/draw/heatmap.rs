//! Buckets over time, by colour.

use super::Drawn;
use super::canvas::{context_of, observe_size, px, time_left};
use crate::board::Board;
use chart::Scale;
use dashboard::Heatmap;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use render::zone_ticks;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// Room for the names of buckets and for times. Units: CSS pixels.
const LEFT: f64 = 64.0;
const BELOW: f64 = 32.0;

struct Picture {
    heat: Heatmap,
    x: Scale,
    row: f64,
    size: (f64, f64),
    window: (i64, i64),
}

impl Picture {
    /// The upper edge of a bucket. Units: CSS pixels.
    fn top(&self, y: usize) -> f64 {
        let place = if self.heat.options.y_reverse {
            y
        } else {
            self.heat.ys.len().saturating_sub(y + 1)
        };
        place as f64 * self.row + 4.0
    }
}

/// A heatmap.
#[component]
pub(crate) fn HeatmapView(drawn: Drawn, board: Board) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    let canvas = NodeRef::<Canvas>::new();
    let size = observe_size(frame);
    let picture = Memo::new_with_compare(
        move |_| {
            let (outcome, size) = (drawn.get()?, size.get());
            if size.0 < 100.0 || size.1 < 50.0 {
                return None;
            }
            let heat = board
                .display(|context| Heatmap::new(&outcome.data.frames, outcome.options(), context));
            let window = outcome.window;
            let ends = (
                window.0 as f64,
                (window.1 as f64).max(window.0 as f64 + 1.0),
            );
            Some(Arc::new(Picture {
                row: (size.1 - BELOW - 4.0) / heat.ys.len().max(1) as f64,
                x: Scale::new(ends, (LEFT, size.0 - 16.0)),
                heat,
                size,
                window,
            }))
        },
        |_, _| true,
    );
    Effect::new(move |_| {
        let Some(picture) = picture.get() else { return };
        let Some(ink) = context_of(canvas, picture.size) else {
            return;
        };
        let gap = picture.heat.options.cell_gap.clamp(0.0, 4.0);
        for cell in &picture.heat.cells {
            let Some(start) = picture.heat.xs.get(cell.x) else {
                continue;
            };
            let right = picture.size.0 - 16.0;
            let from = picture.x.to_pixel(*start).clamp(LEFT, right);
            let to = picture
                .x
                .to_pixel(start + picture.heat.x_size)
                .clamp(LEFT, right);
            ink.set_fill_style_str(&cell.color.to_css());
            let width = (to - from - gap).max(0.5);
            ink.fill_rect(
                from,
                picture.top(cell.y),
                width,
                (picture.row - gap).max(0.5),
            );
        }
    });
    let labels = move || {
        let picture = picture.get()?;
        let every = (16.0 / picture.row.max(0.1)).ceil().max(1.0);
        #[expect(clippy::cast_possible_truncation, reason = "a number of rows")]
        let every = every as usize;
        let names = picture.heat.ys.iter().enumerate().step_by(every).map(|(y, bucket)| {
            let top = px(picture.top(y) + picture.row / 2.0);
            view! { <span class="plot__value" data-side="left" style:top=top style:width=px(LEFT)>{bucket.label.clone()}</span> }
        });
        let top = px(picture.size.1 - BELOW + 4.0);
        let times = zone_ticks(picture.window, picture.size.0 - LEFT, &board.reader_zone())
            .into_iter()
            .map(|tick| {
                let left = time_left(picture.x.to_pixel(tick.time * 1e3), tick.date.is_some());
                view! {
                    <span class="plot__time" style:left=left style:top=top.clone()>
                        {tick.label}
                        {tick.date.map(|date| view! { <span class="plot__date">{date}</span> })}
                    </span>
                }
            });
        Some(view! { {names.collect_view()}{times.collect_view()} })
    };
    let tip = RwSignal::new(None::<(f64, f64, String)>);
    let moved = move |event: web_sys::PointerEvent| {
        let (Some(target), Some(picture)) = (event.current_target(), picture.get_untracked())
        else {
            return;
        };
        let bounds = target
            .unchecked_into::<web_sys::Element>()
            .get_bounding_client_rect();
        let (x, y) = (
            f64::from(event.client_x()) - bounds.left(),
            f64::from(event.client_y()) - bounds.top(),
        );
        let time = picture.x.to_value(x);
        let found = picture.heat.cells.iter().find(|cell| {
            let top = picture.top(cell.y);
            let starts = picture
                .heat
                .xs
                .get(cell.x)
                .copied()
                .unwrap_or(f64::INFINITY);
            time >= starts
                && time < starts + picture.heat.x_size
                && y >= top
                && y < top + picture.row
        });
        tip.set(found.and_then(|cell| {
            let bucket = picture.heat.ys.get(cell.y)?;
            let count = dashboard::format_value(&picture.heat.options.cell_unit, cell.count, None);
            Some((x, y, format!("{}: {count}", bucket.label)))
        }));
    };
    view! {
        <div class="fill plot__frame" node_ref=frame on:pointermove=moved on:pointerleave=move |_| tip.set(None)>
            <canvas class="plot__ink" node_ref=canvas></canvas>
            <div class="plot__labels" aria-hidden="true">{labels}</div>
            {move || tip.get().map(|(x, y, text)| view! {
                <div class="tip" style:left=px(x + 12.0) style:top=px(y + 12.0)>{text}</div>
            })}
        </div>
    }
}
