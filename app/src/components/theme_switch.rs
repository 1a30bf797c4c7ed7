//! Light, dark, or as the system has it.

use crate::components::icon::{Glyph, Icon};
use crate::state::{ThemeChoice, load_theme, store_theme};
use crate::words::{t_string, use_i18n};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// The theme, in context: what was chosen, and a count that grows whenever colours change.
#[derive(Clone, Copy)]
pub struct ThemeState {
    choice: RwSignal<ThemeChoice>,
    /// Grows whenever colours change; a canvas that tracks it redraws.
    pub changes: RwSignal<u32>,
}

impl ThemeState {
    /// Provides the theme to all components below, and follows the system.
    pub fn provide() {
        let state = Self {
            choice: RwSignal::new(ThemeChoice::default()),
            changes: RwSignal::new(0),
        };
        provide_context(state);
        Effect::new(move |_| {
            // The server cannot know the choice: the first render shows the default, this the truth.
            state.choice.set(load_theme());
            state.follow_system();
        });
    }

    /// Chooses by the word of a theme, and keeps the choice; no word chooses nothing. For the browser only.
    pub fn like(self, word: &str) {
        if word.is_empty() {
            return;
        }
        let choice = ThemeChoice::from_word(word);
        store_theme(choice);
        self.choice.try_set(choice);
        self.changes.try_update(|n| *n += 1);
    }

    fn follow_system(self) {
        let query = web_sys::window()
            .and_then(|w| w.match_media("(prefers-color-scheme: dark)").ok().flatten());
        let Some(query) = query else { return };
        let changed = Closure::<dyn FnMut()>::new(move || self.changes.update(|n| *n += 1));
        // The listener lives as long as the page does, and so does this component.
        query.set_onchange(Some(changed.as_ref().unchecked_ref()));
        let kept = SendWrapper::new((query, changed));
        on_cleanup(move || kept.0.set_onchange(None));
    }
}

/// A button that goes through the themes.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let state = expect_context::<ThemeState>();
    let label = move || match state.choice.get() {
        ThemeChoice::System => t_string!(i18n, shell.theme_system),
        ThemeChoice::Light => t_string!(i18n, shell.theme_light),
        ThemeChoice::Dark => t_string!(i18n, shell.theme_dark),
    };
    let glyph = Signal::derive(move || match state.choice.get() {
        ThemeChoice::System => Glyph::System,
        ThemeChoice::Light => Glyph::Sun,
        ThemeChoice::Dark => Glyph::Moon,
    });
    let switch = move |_| {
        let next = state.choice.get_untracked().next();
        store_theme(next);
        state.choice.set(next);
        state.changes.update(|n| *n += 1);
    };
    view! {
        <button
            type="button"
            class="button"
            data-kind="icon"
            aria-label=label
            title=label
            on:click=switch
        >
            <Icon glyph/>
        </button>
    }
}
