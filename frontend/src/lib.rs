//! The browser's half of the pages: one function that wakes up what the server rendered.
//!
//! What somebody typed or picked before that is not lost: it is put back and told to the page.

mod early_input;

use early_input::EarlyInput;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};

/// Attaches the application to the document; the page calls it once it has loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let early = EarlyInput::collect();
    leptos::mount::hydrate_body(app::App);
    // Parts of a page that wait for data wake up in tasks of their own; a timer comes after those.
    later(move || {
        early.replay();
        mark_awake();
    });
}

fn later(work: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(work);
    if let Some(window) = web_sys::window() {
        // Without timers nothing of the page would work; there is nobody to tell.
        let _ = window.set_timeout_with_callback(callback.unchecked_ref());
    }
}

/// For tests: from now on the page answers.
fn mark_awake() {
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element());
    if let Some(root) = root {
        let _ = root.set_attribute("data-awake", "");
    }
}
