//! States, each with its icon and word.

use crate::components::icon::{Glyph, Icon};
use crate::words::{Locale, td_string, use_i18n};
use leptos::prelude::*;

/// A state in its colour.
#[component]
pub fn StateBadge(
    /// The API's word for it.
    #[prop(into)]
    state: Signal<String>,
    /// How many are in it, where that is told.
    #[prop(into, optional)]
    count: Option<Signal<usize>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let glyph = Signal::derive(move || glyph(&state.get()));
    let word = move || word(i18n.get_locale(), &state.get());
    let count = count.map(|count| move || format!(" {}", count.get()));
    view! {
        <span class="badge" data-state=move || state.get()>
            <Icon glyph/>
            <span>{word}{count}</span>
        </span>
    }
}

fn glyph(state: &str) -> Glyph {
    match state {
        "up" | "ok" | "inactive" | "active" => Glyph::Check,
        "down" | "err" | "firing" => Glyph::Alert,
        "pending" | "running" => Glyph::Right,
        "dropped" | "cancelled" => Glyph::Cross,
        _ => Glyph::Question,
    }
}

/// The word for a state; a state that has none is told as it is.
pub(super) fn word(locale: Locale, state: &str) -> String {
    let known = match state {
        "up" => td_string!(locale, status.state.up),
        "down" => td_string!(locale, status.state.down),
        "unknown" => td_string!(locale, status.state.unknown),
        "ok" => td_string!(locale, status.state.ok),
        "err" => td_string!(locale, status.state.err),
        "inactive" => td_string!(locale, status.state.inactive),
        "pending" => td_string!(locale, status.state.pending),
        "firing" => td_string!(locale, status.state.firing),
        "active" => td_string!(locale, status.state.active),
        "dropped" => td_string!(locale, status.state.dropped),
        "running" => td_string!(locale, status.state.running),
        "waiting" => td_string!(locale, status.state.waiting),
        "cancelled" => td_string!(locale, status.state.cancelled),
        other => return other.to_owned(),
    };
    known.to_owned()
}
