//! Moments and stretches of time on a chart.

use super::canvas::px;
use crate::board::{Board, Note, marks_of};
use app::words::{t, use_i18n};
use dashboard::{Color, Mark};
use leptos::prelude::*;
use render::Plot;
use std::sync::Arc;

/// The marks of a panel over its plot. Each has a handle below the plot that says what happened.
#[component]
pub(super) fn MarksLayer(plot: Memo<Option<Arc<Plot>>>, board: Board, panel: i64) -> impl IntoView {
    let shown = Memo::new(move |_| marks_of(board, panel));
    let all = move || {
        let plot = plot.get()?;
        let (from, to) = (
            plot.time_at(plot.rect.left),
            plot.time_at(plot.rect.left + plot.rect.width),
        );
        let marks = shown.get().into_iter();
        let inside = marks.filter(|(mark, _)| mark.to >= from && mark.from <= to);
        Some(
            inside
                .map(|(mark, color)| {
                    let color =
                        board.display(|context| Color::named(&color, context.theme).to_css());
                    view! { <MarkView mark color plot=Arc::clone(&plot) board/> }
                })
                .collect_view(),
        )
    };
    view! { <div class="marks">{all}</div> }
}

#[component]
fn MarkView(mark: Mark, color: String, plot: Arc<Plot>, board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let rect = plot.rect;
    let within = |time: f64| {
        plot.x
            .to_pixel(time)
            .clamp(rect.left, rect.left + rect.width)
    };
    let (left, right) = (within(mark.from), within(mark.to));
    let width = right - left;
    let moment = move |clocks, ms: f64| app::fmt::time_in(clocks, (ms / 1e3).round());
    let time = {
        let (from, to, is_region) = (mark.from, mark.to, mark.is_region());
        move || {
            let clocks = board.clocks();
            if is_region {
                format!("{} – {}", moment(clocks, from), moment(clocks, to))
            } else {
                moment(clocks, from)
            }
        }
    };
    let label = [mark.title.as_str(), mark.text.as_str()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(": ");
    let name = { move || format!("{} {label}", time()) };
    let is_on_right = left > plot.size.0 / 2.0;
    let at_left = (!is_on_right).then(|| px(left));
    let at_right = is_on_right.then(|| px(plot.size.0 - left));
    let may = move || board.meta.with(|meta| meta.can_save);
    let kept = StoredValue::new(mark.clone());
    let change = move |_| {
        let mark = kept.get_value();
        open.set(false);
        board.marks.noting.set(Some(Note {
            id: mark.id,
            panel: mark.panel,
            window: (mark.from, mark.to),
            text: mark.text,
            tags: mark.tags,
        }));
    };
    let is_note = mark.id.is_some();
    let below = px(plot.size.1 - rect.top - rect.height);
    let tip = move || {
        open.get().then(|| {
            let mark = kept.get_value();
            let tags = mark.tags.into_iter().map(|tag| view! { <span class="tag">{tag}</span> });
            view! {
                <div class="tip mark__tip" role="note" style:left=at_left.clone() style:right=at_right.clone() style:bottom=below.clone()>
                    <p class="tip__time">{time}</p>
                    {(!mark.title.is_empty()).then_some(view! { <p><strong>{mark.title}</strong></p> })}
                    {(!mark.text.is_empty()).then_some(view! { <p class="mark__text">{mark.text}</p> })}
                    <p>{tags.collect_view()}</p>
                    <Show when=move || is_note && may()>
                        <p><button type="button" class="button" data-kind="quiet" on:click=change>{t!(i18n, boards.change_note)}</button></p>
                    </Show>
                </div>
            }
        })
    };
    let (line_color, handle_color, area_color) = (color.clone(), color.clone(), color);
    view! {
        <div class="mark" on:pointerenter=move |_| open.set(true) on:pointerleave=move |_| open.set(false)>
            {(width > 0.5).then(|| view! {
                <div class="mark__area" style:left=px(left) style:width=px(width) style:top=px(rect.top) style:height=px(rect.height)
                    style:background=area_color></div>
            })}
            <div class="mark__line" style:left=px(left) style:top=px(rect.top) style:height=px(rect.height) style:border-color=line_color></div>
            <button type="button" class="mark__handle" aria-label=name style:left=px(left) style:width=px(width.max(10.0))
                data-region=(width > 10.0).then_some("true")
                style:top=px(rect.top + rect.height - 3.0) style:background=handle_color
                on:focus=move |_| open.set(true) on:blur=move |_| open.set(false)
                on:keydown=move |event| { if event.key() == "Escape" { open.set(false); } }
                on:click=move |event| {
                    event.stop_propagation();
                    if is_note && untrack(may) {
                        change(event);
                    }
                }></button>
            {tip}
        </div>
    }
}
