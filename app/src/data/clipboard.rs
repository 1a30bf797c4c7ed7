//! Out of the page: the clipboard and files.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlAnchorElement, Url};

/// Puts `text` into the clipboard.
pub fn copy_text(text: &str) {
    let Some(window) = web_sys::window() else {
        return;
    };
    // Without a secure page there is no clipboard, and nobody to tell.
    if js_sys::Reflect::get(&window.navigator(), &JsValue::from_str("clipboard"))
        .is_ok_and(|clipboard| !clipboard.is_undefined())
    {
        let written = window.navigator().clipboard().write_text(text);
        wasm_bindgen_futures::spawn_local(async move {
            // A browser that refuses has said so itself.
            let _ = wasm_bindgen_futures::JsFuture::from(written).await;
        });
    }
}

/// Saves `text` as a file of this name.
pub fn save_text(name: &str, text: &str) {
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    if let Ok(blob) = Blob::new_with_str_sequence(&parts) {
        save(name, &blob);
    }
}

/// Saves `blob` as a file of this name.
pub fn save(name: &str, blob: &Blob) {
    let Ok(address) = Url::create_object_url_with_blob(blob) else {
        return;
    };
    let link = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.create_element("a").ok())
        .and_then(|element| element.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    // What is left in memory goes with the page.
    let _ = Url::revoke_object_url(&address);
}
