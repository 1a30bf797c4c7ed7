//! A moment: now, or a time that is typed or stepped to.

use crate::components::icon::{Glyph, Icon};
use crate::components::text_field::TextField;
use crate::components::time_ago::use_zone;
use crate::data::now_seconds;
use crate::words::{t, t_string, use_i18n};
use chart::CivilTime;
use leptos::prelude::*;

/// A time in UTC with buttons that step through it; empty is now.
#[component]
pub fn TimeField(
    /// Name for those who do not see the field.
    #[prop(into)]
    label: Signal<String>,
    /// Units: milliseconds since the epoch; `None` is now.
    #[prop(into)]
    value: Signal<Option<i64>>,
    /// How far the buttons step. Units: milliseconds.
    #[prop(into)]
    step: Signal<i64>,
    /// Takes the new time.
    on_change: Callback<Option<i64>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let zone = use_zone();
    let text = Signal::derive(move || {
        value.get().map_or(String::new(), |ms| {
            zone.get().civil(ms as f64 / 1e3).to_string()
        })
    });
    let now = Signal::derive(move || t_string!(i18n, shell.now).to_owned());
    let commit = Callback::new(move |text: String| {
        if text.is_empty() || text == "now" || text == now.get_untracked() {
            on_change.run(None);
            return true;
        }
        let time =
            CivilTime::parse(&text).map(|civil| whole_ms(zone.get_untracked().seconds(civil)));
        if time.is_some() {
            on_change.run(time);
        }
        time.is_some()
    });
    let shift = move |by: i64| {
        let from = value
            .get_untracked()
            .unwrap_or_else(|| whole_ms(now_seconds().floor()));
        on_change.run(Some(from + by));
    };
    view! {
        <div class="group" role="group" aria-label=move || label.get()>
            <button
                type="button"
                class="button"
                data-kind="icon"
                aria-label=t!(i18n, shell.earlier)
                title=t!(i18n, shell.earlier)
                on:click=move |_| shift(-step.get_untracked())
            >
                <Icon glyph=Glyph::Left/>
            </button>
            <TextField label=label value=text placeholder=now width=19 on_commit=commit/>
            <button
                type="button"
                class="button"
                data-kind="icon"
                aria-label=t!(i18n, shell.back_to_now)
                title=t!(i18n, shell.back_to_now)
                disabled=move || value.get().is_none()
                on:click=move |_| on_change.run(None)
            >
                <Icon glyph=Glyph::Cross/>
            </button>
            <button
                type="button"
                class="button"
                data-kind="icon"
                aria-label=t!(i18n, shell.later)
                title=t!(i18n, shell.later)
                disabled=move || value.get().is_none()
                on:click=move |_| shift(step.get_untracked())
            >
                <Icon glyph=Glyph::Right/>
            </button>
        </div>
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
fn whole_ms(seconds: f64) -> i64 {
    (seconds * 1e3) as i64
}
