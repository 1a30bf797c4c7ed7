//! Changing a dashboard: its layout, its panels, its document.

mod alert_on;
mod builder;
mod clip;
mod codes;
mod drag;
mod editor;
mod fields;
mod form;
mod inspect;
mod json_path;
mod kind_options;
mod list_options;
mod mappings;
mod model;
mod options;
mod overrides;
mod panel_menu;
mod part;
mod queries;
mod save;
mod tools;
mod transform_forms;
mod transforms;
mod value_options;
mod versions;

pub(crate) use drag::{Dragging, Handle, move_by_keys};
pub(crate) use editor::PanelEditor;
pub(crate) use fields::{
    CheckField, ListField, LongField, NamedField, NumberField, Path, TextField,
};
pub(crate) use inspect::Inspector;
pub(crate) use json_path::{text_of as text_of_value, texts_of};
pub(crate) use model::ModelForm;
pub(crate) use panel_menu::PanelMenu;
pub(crate) use part::Part;
pub(crate) use tools::{EditTools, is_field};
pub(crate) use versions::VersionsTable;

use crate::board::Board;
use app::words::{t_string, use_i18n};
use leptos::prelude::*;
use serde_json::{Value, json};

/// A new panel.
pub(crate) fn new_panel(title: &str) -> serde_json::Map<String, Value> {
    let panel = json!({
        "type": "timeseries", "title": title,
        "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8},
        "targets": [{"refId": "A", "expr": "up", "legendFormat": "__auto"}],
        "fieldConfig": {"defaults": {"color": {"mode": "palette-classic"}, "custom": {"showPoints": "never"}}, "overrides": []},
        "options": {"legend": {"showLegend": true, "displayMode": "list", "placement": "bottom", "calcs": []},
            "tooltip": {"mode": "multi", "sort": "desc"}},
    });
    match panel {
        Value::Object(panel) => panel,
        _ => serde_json::Map::new(),
    }
}

/// Asks before changes are lost that are not saved.
pub(crate) fn guard(board: Board) {
    let i18n = use_i18n();
    Effect::new(move |_| {
        let handle = window_event_listener(leptos::ev::beforeunload, move |event| {
            if board.editing.get_untracked() && untrack(|| board.is_changed()) {
                event.prevent_default();
                // Browsers show words of their own; the older ones ask for some.
                event.set_return_value(t_string!(i18n, dashboards.unsaved));
            }
        });
        on_cleanup(move || handle.remove());
    });
}
