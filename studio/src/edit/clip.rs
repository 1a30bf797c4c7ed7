//! A panel that was copied, in this browser.

use super::new_panel;
use app::state::storage;
use leptos::prelude::*;
use serde_json::{Map, Value};

/// Where it is kept.
const KEY: &str = "watchfire.panel";

/// Keeps a panel.
pub(super) fn copy(panel: &Value) {
    app::data::copy_text(&serde_json::to_string_pretty(panel).unwrap_or_default());
    if let Some(storage) = storage() {
        // Storage that is full or forbidden leaves the clipboard.
        let _ = storage.set_item(KEY, &panel.to_string());
    }
}

/// The panel that was kept, in its old size.
pub(super) fn kept() -> Option<Map<String, Value>> {
    let text = storage()?.get_item(KEY).ok().flatten()?;
    read(&text)
}

fn read(text: &str) -> Option<Map<String, Value>> {
    let Ok(Value::Object(mut panel)) = serde_json::from_str::<Value>(text) else {
        return None;
    };
    panel.get("type")?.as_str()?;
    panel.shift_remove("id");
    let place = new_panel("").remove("gridPos").unwrap_or_default();
    panel.entry("gridPos").or_insert(place);
    Some(panel)
}

/// Whether there is one, to be asked for again when something is copied.
pub(super) fn is_kept(changes: RwSignal<u32>) -> bool {
    changes.track();
    kept().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_panels_are_pasted_and_get_numbers_of_their_own() {
        assert!(read("[]").is_none() && read("{}").is_none() && read("x").is_none());
        let panel = read(r#"{"id": 7, "type": "stat", "title": "t"}"#).unwrap();
        assert!(panel.get("id").is_none() && panel.get("gridPos").is_some());
    }
}
