//! What the word under the pointer means.

use crate::data::{Catalog, Latest, get, info_of};
use crate::promql_help::{call_of, help_for};
use crate::state::query_string;
use crate::words::use_i18n;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// A word and where it stands in the editor. Units: CSS pixels.
#[derive(Debug, Clone, PartialEq)]
struct Word {
    text: String,
    left: f64,
    top: f64,
}

/// The word under the pointer.
#[derive(Clone, Copy)]
pub(super) struct HoverHelp {
    word: RwSignal<Option<Word>>,
    info: Latest<Catalog>,
}

impl HoverHelp {
    pub(super) fn new() -> Self {
        Self {
            word: RwSignal::new(None),
            info: Latest::new(),
        }
    }

    /// Looks at what lies under the pointer; the field is transparent, the words are in its mirror.
    pub(super) fn moved(self, event: &web_sys::PointerEvent) {
        let (x, y) = (event.client_x() as f32, event.client_y() as f32);
        let under = document().elements_from_point(x, y);
        let word = under.iter().find_map(|element| {
            let element: HtmlElement = element.dyn_into().ok()?;
            let text = element.get_attribute("data-help")?;
            let editor = element.closest(".editor").ok()??.get_bounding_client_rect();
            let word = element.get_bounding_client_rect();
            Some(Word {
                text,
                left: word.left() - editor.left(),
                top: word.bottom() - editor.top(),
            })
        });
        if self.word.with_untracked(|old| *old != word) {
            self.look_up(word.as_ref());
            self.word.set(word);
        }
    }

    /// Nothing is under the pointer any more.
    pub(super) fn leave(self) {
        if self.word.try_with_untracked(Option::is_some) == Some(true) {
            self.word.set(None);
        }
    }

    /// Asks for the help of a metric, which only the server knows.
    fn look_up(self, word: Option<&Word>) {
        let Some(word) = word else { return };
        if promql_syntax::Function::named(&word.text).is_some() {
            return;
        }
        let base = ["_bucket", "_count", "_sum"]
            .iter()
            .find_map(|part| word.text.strip_suffix(part));
        let name = base.unwrap_or(&word.text).to_owned();
        let whole = word.text.clone();
        self.info.start(|signal| async move {
            let of = |name: String| {
                format!(
                    "/api/v1/metadata?{}",
                    query_string([("metric", name.as_str())])
                )
            };
            let found = get::<Catalog>(&of(name), signal.as_ref()).await?;
            if found.data.is_empty() {
                return get(&of(whole), signal.as_ref()).await;
            }
            Ok(found)
        });
    }
}

/// The box under the word.
#[component]
pub(super) fn HelpBox(hover: HoverHelp) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let word = hover.word.get()?;
        let line = if let Some(help) = help_for(&word.text, i18n.get_locale()) {
            let call = call_of(&word.text).unwrap_or_else(|| word.text.clone());
            view! { <code>{call}</code> " — " {help} }.into_any()
        } else {
            let loaded = hover.info.state.get().loaded?;
            let info = info_of(&loaded.data, &word.text)?.clone();
            view! { <code>{word.text.clone()}</code> " " <b>{info.kind}</b> " — " {info.help} }
                .into_any()
        };
        Some(view! {
            <div
                class="editor__help"
                role="tooltip"
                style:left=format!("{:.0}px", word.left)
                style:top=format!("{:.0}px", word.top + 6.0)
            >
                {line}
            </div>
        })
    }
}
