//! What changed from version to version of the schema, in documents as a whole.

use crate::document::SCHEMA_VERSION;
use crate::field::upgrade_mapping;
use crate::json::{Object, Reading, flag_of, set_default, take, text_of, with_list, with_object};
use serde_json::{Value, json};

/// Brings a document to the newest version.
pub(super) fn upgrade(document: &mut Object, from: i64) {
    // 14
    if take(document, "sharedCrosshair").is_some_and(|flag| flag_of(&flag) == Some(true)) {
        set_default(document, "graphTooltip", 1);
    }
    // 40: false was how people said never.
    match document.field("refresh") {
        Some(Value::Bool(_)) => {
            document.insert("refresh".into(), "".into());
        }
        Some(Value::Number(_)) => {
            let text = document.text("refresh").unwrap_or_default();
            document.insert("refresh".into(), format!("{text}s").into());
        }
        _ => {}
    }
    take(document, "hideControls");
    take(document, "hidecontrols");
    take(document, "style");
    upgrade_time_picker(document);
    upgrade_variables(document);
    with_list(document, "panels", |panels| {
        for value in panels {
            if let Value::Object(panel) = value {
                upgrade_panel(panel, from);
                if let Some(Value::Array(children)) = panel.get_mut("panels") {
                    for child in children {
                        if let Value::Object(child) = child {
                            upgrade_panel(child, from);
                        }
                    }
                }
            }
        }
    });
    document.insert("schemaVersion".into(), from.max(SCHEMA_VERSION).into());
}

/// 41, and what came before `nav` left.
fn upgrade_time_picker(document: &mut Object) {
    take(document, "nav");
    if document.object("timepicker").is_some() {
        with_object(document, "timepicker", |picker| {
            for key in [
                "time_options",
                "collapse",
                "enable",
                "notice",
                "now",
                "status",
                "type",
            ] {
                take(picker, key);
            }
        });
    }
}

fn upgrade_variables(document: &mut Object) {
    if document.object("templating").is_none() {
        return;
    }
    with_object(document, "templating", |templating| {
        take(templating, "enable");
        with_list(templating, "list", |list| {
            for value in list {
                if let Value::Object(variable) = value {
                    upgrade_variable(variable);
                }
            }
        });
    });
}

fn upgrade_variable(variable: &mut Object) {
    // 23: several choices are a list.
    if variable.is("multi") {
        let upgraded = variable.object("current").map(|current| {
            let mut current = current.clone();
            for key in ["value", "text"] {
                if let Some(single) = current
                    .field(key)
                    .filter(|value| value.is_string())
                    .cloned()
                {
                    current.insert(key.into(), json!([single]));
                }
            }
            current
        });
        if let Some(current) = upgraded.filter(|current| current.field("value").is_some()) {
            variable.insert("current".into(), Value::Object(current));
        }
    }
    // 27: constants were shown, or they were hidden.
    if variable.str("type") == Some("constant") && matches!(variable.whole("hide"), Some(0 | 1)) {
        variable.insert("type".into(), "textbox".into());
    }
    // 28
    for key in ["tags", "tagsQuery", "tagValuesQuery", "useTags"] {
        take(variable, key);
    }
    // Very old ones: a flag for what is a number now, and all as a format.
    if let Some(flag) = variable.get("refresh").and_then(Value::as_bool) {
        variable.insert("refresh".into(), i64::from(flag).into());
    }
    if variable.str("allFormat").is_some() {
        take(variable, "allFormat");
        take(variable, "multiFormat");
    }
}

fn upgrade_panel(panel: &mut Object, from: i64) {
    // 17
    if let Some(span) = take(panel, "minSpan").and_then(|span| crate::json::number_of(&span)) {
        let per_row = 24.0 / span.max(1.0);
        let allowed = [2, 3, 4, 6, 8, 12];
        let fitting = allowed
            .iter()
            .rev()
            .find(|count| f64::from(**count) <= per_row);
        set_default(panel, "maxPerRow", *fitting.unwrap_or(&2));
    }
    upgrade_links(panel, from);
    if panel.object("fieldConfig").is_some() {
        with_object(panel, "fieldConfig", upgrade_field_config);
    }
    if panel.object("options").is_some() {
        with_object(panel, "options", upgrade_legend);
    }
    // 31: one frame for each series, so that the columns meet.
    if from > 0 && from < 31 && panel.field("transformations").is_some() {
        with_list(panel, "transformations", |list| {
            let mut new = Vec::with_capacity(list.len());
            for item in list.drain(..) {
                let split = item.str("id") == Some("labelsToFields");
                new.push(item);
                if split {
                    new.push(json!({ "id": "merge", "options": {} }));
                }
            }
            *list = new;
        });
    }
    if let Some(Value::Array(list)) = panel.get_mut("transformations") {
        for item in list {
            if let Value::Object(item) = item
                && item.str("id") == Some("seriesToColumns")
            {
                item.insert("id".into(), "joinByField".into());
                with_object(item, "options", |options| {
                    set_default(options, "mode", "outer");
                });
            }
        }
    }
}

/// 19 to 21: links were dashboards and parameters, and values had other names.
fn upgrade_links(panel: &mut Object, from: i64) {
    if panel.list("links").is_empty() {
        return;
    }
    with_list(panel, "links", |links| {
        for link in links.iter_mut() {
            let Value::Object(link) = link else {
                continue;
            };
            if link.field("url").is_none() {
                let slug =
                    text_of(link.get("dashboard").unwrap_or(&Value::Null)).unwrap_or_default();
                let mut url = link.text("dashUri").map_or_else(
                    || format!("/dashboard/db/{}", slug.to_lowercase().replace(' ', "-")),
                    |uri| format!("/dashboard/{uri}"),
                );
                let mut separator = '?';
                for (key, mention) in [
                    ("keepTime", "${__url_time_range}"),
                    ("includeVars", "${__all_variables}"),
                ] {
                    if link.is(key) {
                        url.push(separator);
                        url.push_str(mention);
                        separator = '&';
                    }
                }
                if let Some(params) = link.text("params").filter(|params| !params.is_empty()) {
                    url.push(separator);
                    url.push_str(&params);
                }
                link.insert("url".into(), url.into());
            }
            if from < 21
                && let Some(Value::String(url)) = link.get_mut("url")
            {
                rename_macros(url);
            }
        }
    });
}

fn rename_macros(text: &mut String) {
    for (old, new) in [
        ("__series_name", "__series.name"),
        ("__value_time", "__value.time"),
        ("__field_name", "__field.name"),
        ("$__field_label_", "$__field.labels."),
    ] {
        if text.contains(old) {
            *text = text.replace(old, new);
        }
    }
}

fn upgrade_field_config(config: &mut Object) {
    if config.object("defaults").is_some() {
        with_object(config, "defaults", |defaults| {
            if let Some(Value::Array(mappings)) = defaults.get_mut("mappings") {
                upgrade_mappings(mappings);
            }
            if defaults.object("custom").is_some() {
                with_object(defaults, "custom", |custom| {
                    upgrade_cells(custom);
                    hide_tooltip(custom);
                });
            }
        });
    }
    let Some(Value::Array(overrides)) = config.get_mut("overrides") else {
        return;
    };
    for item in overrides {
        let Value::Object(item) = item else {
            continue;
        };
        let Some(Value::Array(properties)) = item.get_mut("properties") else {
            continue;
        };
        for property in properties {
            let Value::Object(property) = property else {
                continue;
            };
            match property.str_or_empty("id") {
                "mappings" => {
                    if let Some(Value::Array(mappings)) = property.get_mut("value") {
                        upgrade_mappings(mappings);
                    }
                }
                "custom.displayMode" => {
                    let value = property.text("value").unwrap_or_default();
                    property.insert("id".into(), "custom.cellOptions".into());
                    property.insert("value".into(), cell_options(&value));
                }
                "custom.hideFrom" => {
                    if let Some(Value::Object(hide)) = property.get_mut("value") {
                        hide_everywhere(hide);
                    }
                }
                _ => {}
            }
        }
    }
}

/// 30
fn upgrade_mappings(mappings: &mut [Value]) {
    for mapping in mappings {
        if let Some(new) = upgrade_mapping(mapping) {
            *mapping = new;
        }
    }
}

/// 38
fn upgrade_cells(custom: &mut Object) {
    if let Some(mode) = take(custom, "displayMode") {
        let mode = text_of(&mode).unwrap_or_default();
        set_default(custom, "cellOptions", cell_options(&mode));
    }
}

fn cell_options(mode: &str) -> Value {
    match mode {
        "basic" | "gradient-gauge" | "lcd-gauge" => {
            let mode = if mode == "basic" {
                "basic"
            } else {
                mode.trim_end_matches("-gauge")
            };
            json!({ "type": "gauge", "mode": mode })
        }
        "color-background" => json!({ "type": "color-background", "mode": "gradient" }),
        "color-background-solid" => json!({ "type": "color-background", "mode": "basic" }),
        "" => json!({ "type": "auto" }),
        other => json!({ "type": other }),
    }
}

/// 42: what is not drawn is not named under the pointer either.
fn hide_tooltip(custom: &mut Object) {
    if custom.object("hideFrom").is_some() {
        with_object(custom, "hideFrom", hide_everywhere);
    }
}

fn hide_everywhere(hide: &mut Object) {
    if hide.is("viz") {
        hide.insert("tooltip".into(), true.into());
    }
}

/// 37
fn upgrade_legend(options: &mut Object) {
    if options.object("legend").is_none() {
        return;
    }
    with_object(options, "legend", |legend| {
        if legend.str("displayMode") == Some("hidden") {
            legend.insert("displayMode".into(), "list".into());
            legend.insert("showLegend".into(), false.into());
        } else if legend.field("displayMode").is_some() || legend.is("asTable") {
            set_default(legend, "showLegend", true);
        }
    });
}
