//! The choice of a dashboard's range of time.

use super::Board;
use super::range_name::range_name;
use app::components::{Glyph, Icon};
use app::words::{t, t_string, use_i18n};
use dashboard::{TIME_PRESETS, TimeExpr, describe_range, shift_range, zoom_out};
use leptos::prelude::*;

/// Earlier, the range, later, and out.
#[component]
pub(crate) fn TimePicker(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let name = move || {
        let (from, to) = board.range.get();
        range_name(
            i18n.get_locale(),
            &describe_range(&from, &to, &board.zone()),
        )
    };
    let shift = move |direction: i64| {
        let (from, to) = shift_range(board.window.get_untracked(), direction);
        board.set_window(from, to);
    };
    let out = move |_| {
        let (from, to) = zoom_out(board.window.get_untracked(), super::now());
        board.set_window(from, to);
    };
    view! {
        <Show when=move || !board.document.with(|document| document.time_picker().hidden)>
            <div class="group time-picker">
                <button type="button" class="button" aria-label=move || t_string!(i18n, shell.earlier) title=move || t_string!(i18n, shell.earlier) on:click=move |_| shift(-1)>
                    <Icon glyph=Glyph::Left/>
                </button>
                <button
                    type="button"
                    class="button time-picker__now"
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    aria-haspopup="dialog"
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    {name}
                    <Icon glyph=Glyph::Down/>
                </button>
                <button type="button" class="button" aria-label=move || t_string!(i18n, shell.later) title=move || t_string!(i18n, shell.later) on:click=move |_| shift(1)>
                    <Icon glyph=Glyph::Right/>
                </button>
                <button type="button" class="button" aria-label=move || t_string!(i18n, dashboards.zoom_out) title=move || t_string!(i18n, dashboards.zoom_out) on:click=out>
                    <Icon glyph=Glyph::Minus/>
                </button>
                <Show when=move || open.get()>
                    <Choices board open/>
                </Show>
            </div>
        </Show>
    }
}

#[component]
fn Choices(board: Board, open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let (from, to) = board.range.get_untracked();
    let (from, to) = (RwSignal::new(from), RwSignal::new(to));
    let wrong = move || {
        let reads = |text: RwSignal<String>| text.with(|text| TimeExpr::parse(text).is_ok());
        !(reads(from) && reads(to))
    };
    let apply = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if !wrong() {
            open.set(false);
            board.set_range(&from.get_untracked(), &to.get_untracked());
        }
    };
    let own = board
        .document
        .with_untracked(|document| document.time_picker().quick_ranges);
    let presets: Vec<(String, String, String)> = if own.is_empty() {
        let usual = TIME_PRESETS.iter();
        usual
            .map(|preset| {
                let range = describe_range(preset.from, preset.to, &board.zone());
                let name = range_name(i18n.get_locale_untracked(), &range);
                (name, preset.from.to_owned(), preset.to.to_owned())
            })
            .collect()
    } else {
        own
    };
    let quick = presets.into_iter().map(|(name, start, end)| {
        let (of_start, of_end) = (start.clone(), end.clone());
        let chosen = move || {
            board
                .range
                .with(|(from, to)| *from == of_start && *to == of_end)
        };
        view! {
            <li>
                <button
                    type="button"
                    class="menu-line"
                    aria-current=move || chosen().then_some("true")
                    on:click=move |_| {
                        open.set(false);
                        board.set_range(&start, &end);
                    }
                >
                    {name}
                </button>
            </li>
        }
    });
    let escape = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            open.set(false);
        }
    };
    view! {
        <div class="time-picker__veil" on:click=move |_| open.set(false)></div>
        <div class="time-picker__box" role="dialog" aria-label=move || t_string!(i18n, dashboards.time_range) on:keydown=escape>
            <form class="form time-picker__form" on:submit=apply>
                <label class="form__row">
                    <span>{t!(i18n, dashboards.from)}</span>
                    <input class="field" prop:value=move || from.get() on:input=move |event| from.set(event_target_value(&event))/>
                </label>
                <label class="form__row">
                    <span>{t!(i18n, dashboards.to)}</span>
                    <input class="field" prop:value=move || to.get() on:input=move |event| to.set(event_target_value(&event))/>
                </label>
                <Show when=wrong>
                    <p class="form__error" role="alert">{t!(i18n, dashboards.no_time)}</p>
                </Show>
                <button type="submit" class="button" data-kind="primary" disabled=wrong>
                    {t!(i18n, dashboards.apply)}
                </button>
            </form>
            <ul class="time-picker__list">{quick.collect_view()}</ul>
        </div>
    }
}
