//! A moment: now, or a time that is typed or stepped to.

use crate::components::icon::{Glyph, Icon};
use crate::components::text_field::TextField;
use crate::data::now_seconds;
use crate::fmt;
use chart::CivilTime;
use leptos::prelude::*;

/// A time in UTC with buttons that step through it; empty is now.
#[component]
pub fn TimeField(
    /// Name for those who do not see the field.
    label: &'static str,
    /// Units: milliseconds since the epoch; `None` is now.
    #[prop(into)]
    value: Signal<Option<i64>>,
    /// How far the buttons step. Units: milliseconds.
    #[prop(into)]
    step: Signal<i64>,
    /// Takes the new time.
    on_change: Callback<Option<i64>>,
) -> impl IntoView {
    let text = Signal::derive(move || {
        value
            .get()
            .map_or(String::new(), |ms| fmt::time(ms as f64 / 1e3))
    });
    let commit = Callback::new(move |text: String| {
        if text.is_empty() || text == "now" {
            on_change.run(None);
            return true;
        }
        let time = CivilTime::parse(&text).map(|civil| whole_ms(civil.to_seconds()));
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
        <div class="group" role="group" aria-label=label>
            <button
                type="button"
                class="button"
                data-kind="icon"
                aria-label="Earlier"
                title="Earlier"
                on:click=move |_| shift(-step.get_untracked())
            >
                <Icon glyph=Glyph::Left/>
            </button>
            <TextField label=label value=text placeholder="now" width=19 on_commit=commit/>
            <button
                type="button"
                class="button"
                data-kind="icon"
                aria-label="Back to now"
                title="Back to now"
                disabled=move || value.get().is_none()
                on:click=move |_| on_change.run(None)
            >
                <Icon glyph=Glyph::Cross/>
            </button>
            <button
                type="button"
                class="button"
                data-kind="icon"
                aria-label="Later"
                title="Later"
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
