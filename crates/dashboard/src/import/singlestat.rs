//! The old `singlestat` panel as `stat` or `gauge`.

use super::panels::thresholds_json;
use crate::field::ThresholdMode;
use crate::json::{
    Object, Reading, json_number, number_of, set_default, take, text_of, with_list, with_object,
};
use crate::notice::Notice;
use crate::reduce::Reducer;
use serde_json::{Value, json};

/// Fields that only the old panel had.
const OLD: [&str; 29] = [
    "cacheTimeout",
    "colorBackground",
    "colorPostfix",
    "colorPrefix",
    "colorValue",
    "colors",
    "decimals",
    "format",
    "gauge",
    "mappingType",
    "mappingTypes",
    "nullPointMode",
    "nullText",
    "postfix",
    "postfixFontSize",
    "prefix",
    "prefixFontSize",
    "rangeMaps",
    "sparkline",
    "tableColumn",
    "thresholds",
    "valueFontSize",
    "valueMaps",
    "valueName",
    "error",
    "editable",
    "combine",
    "bars",
    "options_",
];

/// The calculation that an old name means.
pub(super) fn calculation(name: Option<&Value>) -> String {
    let name = name.and_then(Value::as_str).unwrap_or("avg");
    Reducer::parse(name).unwrap_or(Reducer::LastNotNull).id()
}

/// Rewrites a panel.
pub(super) fn upgrade(panel: &mut Object, path: &str, notices: &mut Vec<Notice>) {
    let old: Object = OLD
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), take(panel, key)?)))
        .collect();
    let gauge = old
        .at(&["gauge", "show"])
        .is_some_and(|show| show == &Value::Bool(true));
    panel.insert("type".into(), if gauge { "gauge" } else { "stat" }.into());
    let value_name = old.str("valueName").unwrap_or("avg");
    let column = old.text("tableColumn").filter(|column| !column.is_empty());
    with_object(panel, "options", |options| {
        let fields = column.as_ref().map_or(String::new(), |column| {
            format!("/^{}$/", crate::regex::escape(column))
        });
        let calc = match value_name {
            "name" | "last_time" => "lastNotNull".to_owned(),
            name => calculation(Some(&name.into())),
        };
        set_default(
            options,
            "reduceOptions",
            json!({ "values": false, "calcs": [calc], "fields": fields }),
        );
        set_default(
            options,
            "orientation",
            if gauge { "auto" } else { "horizontal" },
        );
        if gauge {
            set_default(
                options,
                "showThresholdMarkers",
                old.at(&["gauge", "thresholdMarkers"])
                    .cloned()
                    .unwrap_or(true.into()),
            );
            set_default(
                options,
                "showThresholdLabels",
                old.at(&["gauge", "thresholdLabels"])
                    .cloned()
                    .unwrap_or(false.into()),
            );
            return;
        }
        let color = match (old.is("colorBackground"), old.is("colorValue")) {
            (true, _) => "background",
            (_, true) => "value",
            _ => "none",
        };
        set_default(options, "colorMode", color);
        let sparkline = old
            .field("sparkline")
            .is_some_and(|sparkline| sparkline.is("show"));
        set_default(
            options,
            "graphMode",
            if sparkline { "area" } else { "none" },
        );
        set_default(options, "justifyMode", "auto");
        set_default(
            options,
            "textMode",
            if value_name == "name" { "name" } else { "auto" },
        );
    });
    with_object(panel, "fieldConfig", |config| {
        with_object(config, "defaults", |defaults| {
            field_defaults(defaults, &old, gauge, value_name);
        });
        with_list(config, "overrides", |_| ());
    });
    for (key, what) in [("prefix", "before"), ("postfix", "behind")] {
        if old.text(key).is_some_and(|text| !text.trim().is_empty()) && with_unit(&old).is_none() {
            notices.push(Notice::new(
                path,
                format!("the text {what} the value is left out, for the value has a unit"),
            ));
        }
    }
    if value_name == "last_time" {
        notices.push(Notice::new(
            path,
            "the time of the last value was shown; the last value is shown now",
        ));
    }
}

/// A text around the value becomes its unit, if it has none of its own.
fn with_unit(old: &Object) -> Option<String> {
    let unit = old.str("format").unwrap_or("none");
    if !matches!(unit, "none" | "short" | "") {
        return None;
    }
    let text = |key: &str| {
        old.text(key)
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    match (text("prefix"), text("postfix")) {
        (None, Some(postfix)) => Some(format!("suffix:{postfix}")),
        (Some(prefix), None) => Some(format!("prefix:{prefix}")),
        _ => None,
    }
}

fn field_defaults(defaults: &mut Object, old: &Object, gauge: bool, value_name: &str) {
    let unit = match value_name {
        "last_time" => Some("dateTimeFromNow".to_owned()),
        _ => with_unit(old).or_else(|| old.text("format")),
    };
    if let Some(unit) = unit {
        set_default(defaults, "unit", unit);
    }
    if let Some(decimals) = old.whole("decimals") {
        set_default(defaults, "decimals", decimals);
    }
    if let Some(text) = old.text("nullText") {
        set_default(defaults, "noValue", text);
    }
    if let (true, Some(dial)) = (gauge, old.field("gauge")) {
        set_default(
            defaults,
            "min",
            json_number(dial.number("minValue").unwrap_or(0.0)),
        );
        set_default(
            defaults,
            "max",
            json_number(dial.number("maxValue").unwrap_or(100.0)),
        );
    }
    set_default(defaults, "color", json!({ "mode": "thresholds" }));
    if let Some(thresholds) = thresholds(old) {
        set_default(defaults, "thresholds", thresholds);
    }
    let mappings = mappings(old);
    if !mappings.is_empty() {
        set_default(defaults, "mappings", mappings);
    }
}

/// `"10,20"` and three colours.
fn thresholds(old: &Object) -> Option<Value> {
    let colors = old.texts("colors");
    if colors.is_empty() {
        return None;
    }
    let text = old.text("thresholds").unwrap_or_default();
    let borders: Vec<f64> = text
        .split(',')
        .filter_map(|border| border.trim().parse().ok())
        .collect();
    let steps: Vec<Value> = colors
        .iter()
        .enumerate()
        .take(borders.len() + 1)
        .map(|(i, color)| {
            let border = i.checked_sub(1).and_then(|i| borders.get(i)).copied();
            json!({ "color": color, "value": border.map(json_number) })
        })
        .collect();
    Some(thresholds_json(ThresholdMode::Absolute, &steps))
}

fn mappings(old: &Object) -> Vec<Value> {
    let ranges = old.whole("mappingType") == Some(2);
    let mut found = Vec::new();
    if ranges {
        for map in old.list("rangeMaps") {
            let text = map.text("text").unwrap_or_default();
            let end = |key: &str| map.field(key).and_then(number_of).map(json_number);
            if map.str("from") == Some("null") && map.str("to") == Some("null") {
                found.push(special_null(&text));
                continue;
            }
            found.push(json!({
                "type": "range",
                "options": { "from": end("from"), "to": end("to"), "result": { "text": text } },
            }));
        }
        return found;
    }
    for map in old.list("valueMaps") {
        let text = map.text("text").unwrap_or_default();
        match map.field("value").and_then(text_of) {
            Some(value) if value == "null" => found.push(special_null(&text)),
            Some(value) => found.push(json!({
                "type": "value",
                "options": { value: { "text": text } },
            })),
            None => {}
        }
    }
    found
}

fn special_null(text: &str) -> Value {
    json!({ "type": "special", "options": { "match": "null", "result": { "text": text } } })
}
