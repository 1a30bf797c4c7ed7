//! Texts.

use super::Markdown;
use crate::board::{Board, scope_of};
use dashboard::{Choice, Panel, TextMode, TextPanel};
use leptos::prelude::*;
use render::html_as_text;
use serde_json::Value;
use std::sync::Arc;

/// A text panel. HTML is read for its words and links alone.
#[component]
pub(crate) fn TextView(
    panel: Signal<Arc<Value>>,
    clones: Vec<(String, Choice)>,
    board: Board,
) -> impl IntoView {
    move || {
        let json = panel.get();
        // Values that a text mentions may change.
        board.values.track();
        board.window.track();
        let text = Panel::of(&json).map(|panel| {
            scope_of(board, &clones, |scope| {
                TextPanel::new(panel.options(), scope)
            })
        })?;
        Some(match text.mode {
            TextMode::Markdown => view! { <Markdown text=text.content/> }.into_any(),
            TextMode::Html => view! { <Markdown text=html_as_text(&text.content)/> }.into_any(),
            TextMode::Code => view! { <pre class="file">{text.content}</pre> }.into_any(),
        })
    }
}
