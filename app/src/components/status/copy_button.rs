//! Copies a text.

use crate::data::copy_text;
use crate::words::{t, use_i18n};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;

/// How long the button says that it is done.
const DONE: Duration = Duration::from_secs(2);

/// A button that copies a text.
#[component]
pub fn CopyButton(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_done = RwSignal::new(false);
    let press = move |_| {
        if copy(&text.get_untracked()).is_some() {
            is_done.set(true);
            set_timeout(
                move || {
                    is_done.try_set(false);
                },
                DONE,
            );
        }
    };
    view! {
        <button type="button" class="button" data-kind="quiet" on:click=press>
            {move || if is_done.get() {
                t!(i18n, shell.copied).into_any()
            } else {
                t!(i18n, shell.copy).into_any()
            }}
        </button>
    }
}

/// Puts `text` on the clipboard; `None` where the browser does not let it.
fn copy(text: &str) -> Option<()> {
    let window = web_sys::window()?;
    if window.is_secure_context() {
        copy_text(text);
        return Some(());
    }
    // Pages over plain HTTP have no clipboard; they can copy what is selected.
    let document = window
        .document()?
        .dyn_into::<web_sys::HtmlDocument>()
        .ok()?;
    let element = document.create_element("textarea").ok()?;
    let field: web_sys::HtmlTextAreaElement = element.dyn_into().ok()?;
    field.set_value(text);
    let body = document.body()?;
    body.append_child(&field).ok()?;
    field.select();
    let copied = document.exec_command("copy").unwrap_or(false);
    field.remove();
    copied.then_some(())
}
