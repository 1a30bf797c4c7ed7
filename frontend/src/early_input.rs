//! What was typed and picked before the page woke up.

use wasm_bindgen::JsCast;
use web_sys::{
    Element, Event, EventInit, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement,
};

/// Fields that differ from what the server rendered, with what they held.
pub(crate) struct EarlyInput(Vec<(Element, String)>);

impl EarlyInput {
    /// Looks at all fields of the document.
    pub(crate) fn collect() -> Self {
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
    pub(crate) fn replay(self) {
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
