//! The old `table` panel as the new one.

use super::panels::thresholds_json;
use crate::field::ThresholdMode;
use crate::json::{Object, Reading, json_number, set_default, take, with_list, with_object};
use crate::notice::Notice;
use serde_json::{Value, json};

/// Rewrites a panel.
pub(super) fn upgrade(panel: &mut Object, path: &str, notices: &mut Vec<Notice>) {
    panel.insert("type".into(), "table".into());
    let styles = take(panel, "styles");
    let transform = take(panel, "transform");
    let columns = take(panel, "columns");
    for key in [
        "fontSize",
        "pageSize",
        "scroll",
        "showHeader",
        "sort",
        "filterNull",
    ] {
        if key == "showHeader"
            && let Some(show) = take(panel, key)
        {
            with_object(panel, "options", |options| {
                set_default(options, "showHeader", show);
            });
            continue;
        }
        take(panel, key);
    }
    let mut new = Vec::new();
    match transform.as_ref().and_then(Value::as_str) {
        Some("timeseries_to_columns") => {
            new.push(
                json!({ "id": "joinByField", "options": { "byField": "Time", "mode": "outer" } }),
            );
        }
        Some("timeseries_to_rows") => new.push(json!({ "id": "seriesToRows", "options": {} })),
        Some("timeseries_aggregations") => {
            let calcs: Vec<String> = columns
                .as_ref()
                .and_then(Value::as_array)
                .map_or(&[][..], Vec::as_slice)
                .iter()
                .filter_map(|column| column.text("value"))
                .map(|name| super::singlestat::calculation(Some(&name.into())))
                .collect();
            new.push(json!({ "id": "reduce", "options": { "reducers": calcs, "includeTimeField": false } }));
        }
        Some("table") => new.push(json!({ "id": "merge", "options": {} })),
        Some(other @ ("annotations" | "json")) => {
            notices.push(Notice::new(
                path,
                format!("the old table's rows of `{other}` are not made here"),
            ));
        }
        _ => {}
    }
    if !new.is_empty() {
        with_list(panel, "transformations", |list| list.extend(new));
    }
    let overrides: Vec<Value> = styles
        .as_ref()
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice)
        .iter()
        .filter_map(style)
        .collect();
    with_object(panel, "fieldConfig", |config| {
        with_object(config, "defaults", |defaults| {
            with_object(defaults, "custom", |_| ());
        });
        with_list(config, "overrides", |list| list.extend(overrides));
    });
}

/// A style of a column as an override.
fn style(style: &Value) -> Option<Value> {
    let pattern = style.str("pattern")?;
    let matcher = if pattern.starts_with('/') {
        json!({ "id": "byRegexp", "options": pattern })
    } else {
        json!({ "id": "byName", "options": pattern })
    };
    let mut properties = Vec::new();
    let mut put = |id: &str, value: Value| properties.push(json!({ "id": id, "value": value }));
    if let Some(alias) = style.text("alias").filter(|alias| !alias.is_empty()) {
        put("displayName", alias.into());
    }
    match style.str("type") {
        Some("hidden") => put("custom.hidden", true.into()),
        Some("date") => {
            let format = style
                .text("dateFormat")
                .unwrap_or_else(|| "YYYY-MM-DD HH:mm:ss".into());
            put("unit", format!("time:{format}").into());
        }
        Some("number") => {
            if let Some(unit) = style.text("unit") {
                put("unit", unit.into());
            }
            if let Some(decimals) = style.whole("decimals") {
                put("decimals", decimals.into());
            }
        }
        _ => {}
    }
    let cell = match style.str("colorMode") {
        Some("cell" | "row") => Some("color-background"),
        Some("value") => Some("color-text"),
        _ => None,
    };
    if let Some(cell) = cell {
        let row = style.str("colorMode") == Some("row");
        let mut options = Object::new();
        options.insert("type".into(), cell.into());
        if row {
            options.insert("applyToRow".into(), true.into());
        }
        put("custom.cellOptions", Value::Object(options));
        let borders = style.list("thresholds");
        let colors = style.texts("colors");
        let steps: Vec<Value> = colors
            .iter()
            .enumerate()
            .take(borders.len() + 1)
            .map(|(i, color)| {
                let border = i
                    .checked_sub(1)
                    .and_then(|i| borders.get(i))
                    .and_then(crate::json::number_of);
                json!({ "color": color, "value": border.map(json_number) })
            })
            .collect();
        if !steps.is_empty() {
            put(
                "thresholds",
                thresholds_json(ThresholdMode::Absolute, &steps),
            );
        }
    }
    if style.is("link")
        && let Some(url) = style.text("linkUrl")
    {
        let title = style.text("linkTooltip").unwrap_or_default();
        put(
            "links",
            json!([{
                "title": title,
                "url": link_macros(&url),
                "targetBlank": style.is("linkTargetBlank"),
            }]),
        );
    }
    let align = style
        .str("align")
        .filter(|align| *align != "auto" && !align.is_empty());
    if let Some(align) = align {
        put("custom.align", align.into());
    }
    (!properties.is_empty()).then(|| json!({ "matcher": matcher, "properties": properties }))
}

/// `$__cell`, `$__cell_2` as today's names.
fn link_macros(url: &str) -> String {
    let mut out = String::new();
    let mut rest = url;
    while let Some((before, after)) = rest.split_once("$__cell") {
        out.push_str(before);
        let numbered = after.strip_prefix('_').map(|text| {
            let digits = text
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(text.len());
            text.split_at(digits)
        });
        match numbered {
            Some((number, after)) if !number.is_empty() => {
                out.push_str("${__data.fields[");
                out.push_str(number);
                out.push_str("]}");
                rest = after;
            }
            _ => {
                out.push_str("${__value.text}");
                rest = after.strip_prefix(":raw").unwrap_or(after);
            }
        }
    }
    out.push_str(rest);
    out
}
