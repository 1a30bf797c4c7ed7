//! The browser's part of forms: one function that wakes up what the server rendered.

use app::state::Bundle;
use wasm_bindgen::prelude::wasm_bindgen;

/// Attaches the application to the document; the page calls it once it has loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    app::wake::wake(Bundle::Forms, || {
        leptos::mount::hydrate_body(studio::FormsApp);
    });
}
