//! The popup of suggestions under an editor.

use crate::components::suggestions::{
    Kind, Suggestion, byte_offset, suggest, utf16_offset, word_before,
};
use crate::data::{Latest, metric_names};
use crate::promql_help::help_for;
use crate::words::{t, t_string, use_i18n};
use leptos::html::Textarea;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

/// The names of the server's metrics, asked for when an editor is first used.
#[derive(Clone, Copy)]
pub struct MetricNames(Latest<Vec<String>>);

impl MetricNames {
    /// Provides the names to all editors below.
    pub fn provide() {
        provide_context(Self(Latest::new()));
    }

    fn load(self) {
        let state = self.0.state.get_untracked();
        if state.loaded.is_none() && !state.busy {
            self.0.start(metric_names);
        }
    }

    fn suggest(self, word: &str) -> Vec<Suggestion> {
        let loaded = self.0.state.get_untracked().loaded;
        suggest(word, loaded.as_ref().map_or(&[], |loaded| &loaded.data))
    }
}

/// What is offered, and which of it is chosen.
#[derive(Debug, Clone, Default, PartialEq)]
struct Popup {
    /// Where the word is, in bytes.
    word: (usize, usize),
    offered: Vec<Suggestion>,
    chosen: Option<usize>,
}

/// Suggestions for the word that is being typed.
#[derive(Clone, Copy)]
pub(crate) struct Assist {
    popup: RwSignal<Popup>,
    names: MetricNames,
    input: NodeRef<Textarea>,
    on_input: Callback<String>,
}

impl Assist {
    pub(crate) fn new(input: NodeRef<Textarea>, on_input: Callback<String>) -> Self {
        Self {
            popup: RwSignal::new(Popup::default()),
            names: expect_context(),
            input,
            on_input,
        }
    }

    /// Asks for the names that are suggested.
    pub(crate) fn prepare(self) {
        self.names.load();
    }

    /// Whether the popup is open.
    pub(crate) fn is_open(self) -> bool {
        self.popup.with(|popup| !popup.offered.is_empty())
    }

    /// The place of the chosen suggestion.
    pub(crate) fn chosen(self) -> Option<usize> {
        self.popup.with(|popup| popup.chosen)
    }

    /// Closes the popup.
    pub(crate) fn close(self) {
        self.popup.set(Popup::default());
    }

    /// Offers what the word at the caret of `text` may become.
    pub(crate) fn offer(self, text: &str) {
        let caret = self
            .input
            .get_untracked()
            .and_then(|i| i.selection_start().ok().flatten());
        let caret = byte_offset(
            text,
            usize::try_from(caret.unwrap_or(0)).unwrap_or(usize::MAX),
        );
        let popup = word_before(text, caret).and_then(|word| {
            let offered = self.names.suggest(text.get(word.clone())?);
            Some(Popup {
                word: (word.start, word.end),
                offered,
                chosen: None,
            })
        });
        self.popup.set(popup.unwrap_or_default());
    }

    /// Does what a key says to the popup; whether it said anything.
    pub(crate) fn key(self, event: &KeyboardEvent) -> bool {
        let (open, chosen) = self
            .popup
            .with_untracked(|p| (!p.offered.is_empty(), p.chosen));
        if !open {
            return false;
        }
        match (event.key().as_str(), chosen) {
            ("ArrowDown", _) => self.step(1),
            ("ArrowUp", _) => self.step(-1),
            ("Escape", _) => self.close(),
            ("Tab", _) if !event.shift_key() => self.accept(chosen.unwrap_or(0)),
            ("Enter", Some(chosen)) if !event.shift_key() => self.accept(chosen),
            _ => return false,
        }
        event.prevent_default();
        true
    }

    fn step(self, by: isize) {
        self.popup.update(|popup| {
            let count = popup.offered.len().max(1);
            popup.chosen = Some(match popup.chosen {
                None | Some(0) if by < 0 => count - 1,
                Some(chosen) => chosen.saturating_add_signed(by) % count,
                None => 0,
            });
        });
        // Once the choice is drawn: brings it into view.
        request_animation_frame(|| {
            let chosen = document()
                .query_selector(".suggest__item[aria-selected=true]")
                .ok()
                .flatten();
            if let Some(chosen) = chosen {
                chosen.scroll_into_view_with_bool(false);
            }
        });
    }

    fn accept(self, index: usize) {
        let popup = self.popup.get_untracked();
        self.close();
        let (Some(chosen), Some(input)) = (popup.offered.get(index), self.input.get_untracked())
        else {
            return;
        };
        let text = input.value();
        let (start, end) = popup.word;
        let (Some(before), Some(after)) = (text.get(..start), text.get(end..)) else {
            return;
        };
        // A function is about to be called.
        let bracket = if chosen.kind == Kind::Function && !after.starts_with('(') {
            "("
        } else {
            ""
        };
        let new_text = format!("{before}{}{bracket}{after}", chosen.text);
        let caret = utf16_offset(&new_text, start + chosen.text.len() + bracket.len());
        input.set_value(&new_text);
        let caret = u32::try_from(caret).unwrap_or(u32::MAX);
        // A caret that cannot be set stays at the end of the text.
        let _ = input.set_selection_range(caret, caret);
        self.on_input.run(new_text);
    }
}

/// The list itself.
#[component]
pub(crate) fn SuggestionList(id: String, assist: Assist) -> impl IntoView {
    let i18n = use_i18n();
    let stem = id.clone();
    let items = move || {
        let Popup {
            offered, chosen, ..
        } = assist.popup.get();
        let item = |(index, suggestion): (usize, Suggestion)| {
            let kind = move || match suggestion.kind {
                Kind::Metric => t_string!(i18n, graph.kind_metric),
                Kind::Function => t_string!(i18n, graph.kind_function),
            };
            let name = suggestion.text.clone();
            let help = move || match suggestion.kind {
                Kind::Metric => None,
                Kind::Function => help_for(&name, i18n.get_locale()),
            };
            view! {
                <li
                    class="suggest__item"
                    id=format!("{stem}-{index}")
                    role="option"
                    aria-selected=if chosen == Some(index) { "true" } else { "false" }
                    // Before the field loses the focus.
                    on:pointerdown=move |event| {
                        event.prevent_default();
                        assist.accept(index);
                    }
                >
                    <span class="suggest__text">{suggestion.text}</span>
                    <span class="suggest__help">{help}</span>
                    <span class="suggest__kind">{kind}</span>
                </li>
            }
        };
        offered.into_iter().enumerate().map(item).collect_view()
    };
    view! {
        <ul
            class="suggest"
            id=id
            role="listbox"
            aria-label=t!(i18n, graph.suggestions)
            hidden=move || !assist.is_open()
        >
            {items}
        </ul>
    }
}
