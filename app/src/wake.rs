//! Waking up what the server rendered. For the browser only.
//!
//! What somebody typed or picked before that is not lost: it is put back and told to the page.

use crate::state::Bundle;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{
    Element, Event, EventInit, HtmlAnchorElement, HtmlInputElement, HtmlSelectElement,
    HtmlTextAreaElement,
};

/// Wakes the pages of `here` up with `mount`.
pub fn wake(here: Bundle, mount: impl FnOnce()) {
    let early = EarlyInput::collect();
    lead_out(here);
    mount();
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

/// Marks links to the other half as it is pressed, before the router takes them for its own.
fn lead_out(here: Bundle) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let pressed = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        let link = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|element| element.closest("a[href]").ok().flatten())
            .and_then(|element| element.dyn_into::<HtmlAnchorElement>().ok());
        if let Some(link) = link.filter(|link| Bundle::of(&link.pathname()) != here) {
            link.set_rel("external");
        }
    });
    let _ = window.add_event_listener_with_callback_and_bool(
        "click",
        pressed.as_ref().unchecked_ref(),
        true,
    );
    // As long as the page.
    pressed.forget();
}

/// Fields that differ from what the server rendered, with what they held.
struct EarlyInput(Vec<(Element, String)>);

impl EarlyInput {
    /// Looks at all fields of the document.
    fn collect() -> Self {
        let document = web_sys::window().and_then(|window| window.document());
        let fields = document.and_then(|d| d.query_selector_all("input, textarea, select").ok());
        let Some(fields) = fields else {
            return Self(Vec::new());
        };
        let elements = (0..fields.length()).filter_map(|index| fields.item(index));
        let changed = elements.filter_map(|node| {
            let element: Element = node.dyn_into().ok()?;
            let value = changed_value(&element)?;
            Some((element, value))
        });
        Self(changed.collect())
    }

    /// Puts the values back and tells the page, as if they were typed now.
    fn replay(self) {
        for (element, value) in self.0 {
            let kind = if let Some(field) = element.dyn_ref::<HtmlTextAreaElement>() {
                field.set_value(&value);
                "input"
            } else if let Some(field) = element.dyn_ref::<HtmlInputElement>() {
                field.set_value(&value);
                "input"
            } else if let Some(field) = element.dyn_ref::<HtmlSelectElement>() {
                field.set_value(&value);
                "change"
            } else {
                continue;
            };
            let bubbling = EventInit::new();
            bubbling.set_bubbles(true);
            if let Ok(event) = Event::new_with_event_init_dict(kind, &bubbling) {
                // A handler that cancels it is free to.
                let _ = element.dispatch_event(&event);
            }
        }
    }
}

fn changed_value(element: &Element) -> Option<String> {
    let (value, rendered) = if let Some(field) = element.dyn_ref::<HtmlTextAreaElement>() {
        (field.value(), field.default_value().ok()?)
    } else if let Some(field) = element.dyn_ref::<HtmlInputElement>() {
        (field.value(), field.default_value())
    } else {
        let field = element.dyn_ref::<HtmlSelectElement>()?;
        (field.value(), rendered_choice(field))
    };
    // Browsers may differ in line ends only.
    (value.replace('\r', "") != rendered.replace('\r', "")).then_some(value)
}

/// The option that the server marked as selected, else the first one.
fn rendered_choice(field: &HtmlSelectElement) -> String {
    let find = |selector: &str| field.query_selector(selector).ok().flatten();
    let option = find("option[selected]").or_else(|| find("option"));
    option
        .and_then(|option| option.get_attribute("value"))
        .unwrap_or_default()
}
