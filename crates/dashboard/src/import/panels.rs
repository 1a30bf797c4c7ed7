//! Old kinds of panels, and old options of kinds that are still there.

use super::{graph, old_table, singlestat};
use crate::document::Panel;
use crate::field::ThresholdMode;
use crate::json::{Object, Reading, set_default, take, with_list, with_object};
use crate::notice::Notice;
use serde_json::{Value, json};

/// Brings every panel up to date, those inside of rows too.
pub(super) fn upgrade(document: &mut Object, from: i64, notices: &mut Vec<Notice>) {
    with_list(document, "panels", |panels| {
        // What a repeated panel left behind when it was saved.
        panels.retain(|panel| {
            panel.field("repeatPanelId").is_none() && panel.field("repeatedByRow").is_none()
        });
        for value in panels {
            if let Value::Object(panel) = value {
                upgrade_panel(panel, from, notices);
            }
        }
    });
}

fn upgrade_panel(panel: &mut Object, from: i64, notices: &mut Vec<Notice>) {
    for key in ["repeatIteration", "repeatByRow", "scopedVars"] {
        take(panel, key);
    }
    let path = path_of(panel);
    match panel.str_or_empty("type") {
        "row" => {
            take(panel, "targets");
            if let Some(Value::Array(children)) = panel.get_mut("panels") {
                children.retain(|child| child.field("repeatPanelId").is_none());
                for child in children {
                    if let Value::Object(child) = child {
                        upgrade_panel(child, from, notices);
                    }
                }
            }
        }
        "graph" => graph::upgrade(panel, &path, notices),
        "singlestat" | "grafana-singlestat-panel" => singlestat::upgrade(panel, &path, notices),
        "table-old" => old_table::upgrade(panel, &path, notices),
        "table" if panel.field("styles").is_some() || from > 0 && from < 24 => {
            old_table::upgrade(panel, &path, notices);
        }
        "text2" => {
            panel.insert("type".into(), "text".into());
        }
        "grafana-piechart-panel" => pie(panel, &path, notices),
        "grafana-polystat-panel" | "vonage-status-panel" => stat_grid(panel, &path, notices),
        "natel-discrete-panel" | "flant-statusmap-panel" => {
            let old = panel.text("type").unwrap_or_default();
            panel.insert("type".into(), "state-timeline".into());
            notices.push(Notice::new(
                &path,
                format!("`{old}` is drawn as a state timeline; its colours may differ"),
            ));
        }
        _ => {}
    }
    match panel.str_or_empty("type") {
        "text" => old_text(panel),
        "stat" | "gauge" | "bargauge" => old_single(panel),
        "heatmap" => old_heatmap(panel),
        _ => {}
    }
}

/// The panel in words.
fn path_of(panel: &Object) -> String {
    let value = Value::Object(panel.clone());
    Panel::of(&value).map_or_else(String::new, |panel| panel.path())
}

/// Content and mode were fields of the panel itself.
fn old_text(panel: &mut Object) {
    for key in ["content", "mode"] {
        if let Some(value) = take(panel, key) {
            with_object(panel, "options", |options| set_default(options, key, value));
        }
    }
}

/// Version 6 kept field options inside of `options.fieldOptions`.
fn old_single(panel: &mut Object) {
    let Some(Value::Object(old)) =
        with_object(panel, "options", |options| take(options, "fieldOptions"))
    else {
        return;
    };
    with_object(panel, "options", |options| {
        let mut reduce = Object::new();
        reduce.insert("values".into(), old.is("values").into());
        reduce.insert("calcs".into(), old.texts("calcs").into());
        if let Some(limit) = old.field("limit") {
            reduce.insert("limit".into(), limit.clone());
        }
        reduce.insert("fields".into(), "".into());
        set_default(options, "reduceOptions", reduce);
    });
    with_object(panel, "fieldConfig", |config| {
        with_object(config, "defaults", |defaults| {
            if let Some(old) = old.object("defaults") {
                for (key, value) in old {
                    let key = if key == "title" { "displayName" } else { key };
                    set_default(defaults, key, value.clone());
                }
            }
            for key in ["mappings", "thresholds"] {
                if let Some(value) = old.field(key) {
                    let value = match (key, value) {
                        ("thresholds", Value::Array(steps)) => {
                            thresholds_json(ThresholdMode::Absolute, steps)
                        }
                        _ => value.clone(),
                    };
                    set_default(defaults, key, value);
                }
            }
        });
        set_default(config, "overrides", json!([]));
    });
}

/// Thresholds of their steps; the first holds from minus infinity on.
pub(super) fn thresholds_json(mode: ThresholdMode, steps: &[Value]) -> Value {
    let steps: Vec<Value> = steps
        .iter()
        .enumerate()
        .map(|(i, step)| {
            let value = step
                .field("value")
                .cloned()
                .filter(|_| i > 0)
                .unwrap_or(Value::Null);
            json!({ "color": step.text("color").unwrap_or_else(|| "green".into()), "value": value })
        })
        .collect();
    let mode = match mode {
        ThresholdMode::Absolute => "absolute",
        ThresholdMode::Percentage => "percentage",
    };
    json!({ "mode": mode, "steps": steps })
}

fn pie(panel: &mut Object, path: &str, notices: &mut Vec<Notice>) {
    panel.insert("type".into(), "piechart".into());
    let kind = take(panel, "pieType").unwrap_or_else(|| "pie".into());
    let calc = singlestat::calculation(take(panel, "valueName").as_ref());
    let unit = take(panel, "format");
    let legend = take(panel, "legend").unwrap_or(Value::Null);
    let placement = match take(panel, "legendType").as_ref().and_then(Value::as_str) {
        Some("Right side") => "right",
        _ => "bottom",
    };
    let mut values = Vec::new();
    for (key, name) in [("values", "value"), ("percentage", "percent")] {
        if legend.is(key) {
            values.push(name);
        }
    }
    let show = legend.flag("show").unwrap_or(true);
    with_object(panel, "options", |options| {
        set_default(options, "pieType", kind);
        set_default(
            options,
            "reduceOptions",
            json!({ "values": false, "calcs": [calc], "fields": "" }),
        );
        set_default(
            options,
            "legend",
            json!({ "showLegend": show, "displayMode": "table", "placement": placement, "values": values }),
        );
    });
    let colors = take(panel, "aliasColors");
    with_object(panel, "fieldConfig", |config| {
        with_object(config, "defaults", |defaults| {
            if let Some(unit) = unit {
                set_default(defaults, "unit", unit);
            }
            set_default(defaults, "color", json!({ "mode": "palette-classic" }));
        });
        with_list(config, "overrides", |overrides| {
            overrides.extend(graph::alias_colors(colors.as_ref()));
        });
    });
    notices.push(Notice::new(
        path,
        "the old pie chart is drawn as the new one",
    ));
}

fn stat_grid(panel: &mut Object, path: &str, notices: &mut Vec<Notice>) {
    let old = panel.text("type").unwrap_or_default();
    panel.insert("type".into(), "stat".into());
    let unit = panel.at(&["polystat", "globalUnitFormat"]).cloned();
    with_object(panel, "options", |options| {
        set_default(options, "colorMode", "background");
        set_default(options, "graphMode", "none");
        set_default(options, "textMode", "value_and_name");
    });
    if let Some(unit) = unit {
        with_object(panel, "fieldConfig", |config| {
            with_object(config, "defaults", |defaults| {
                set_default(defaults, "unit", unit);
            });
        });
    }
    notices.push(Notice::new(
        path,
        format!("`{old}` is drawn as a grid of stats; its own thresholds are kept, not used"),
    ));
}

/// Options were fields of the panel itself.
fn old_heatmap(panel: &mut Object) {
    if panel.field("dataFormat").is_none() && panel.field("yBucketBound").is_none() {
        return;
    }
    let calculate = panel.str("dataFormat") != Some("tsbuckets");
    let y_axis = take(panel, "yAxis").unwrap_or(Value::Null);
    let color = take(panel, "color").unwrap_or(Value::Null);
    let mut calculation = Object::new();
    for (axis, name) in [("x", "xBuckets"), ("y", "yBuckets")] {
        let size = take(panel, &format!("{axis}BucketSize"))
            .and_then(|value| crate::json::text_of(&value));
        let number = take(panel, &format!("{axis}BucketNumber"))
            .and_then(|value| crate::json::text_of(&value));
        if let Some(size) = size {
            calculation.insert(name.into(), json!({ "mode": "size", "value": size }));
        } else if let Some(number) = number {
            calculation.insert(name.into(), json!({ "mode": "count", "value": number }));
        }
    }
    let scheme = color
        .str("colorScheme")
        .map_or("Oranges", |scheme| scheme.trim_start_matches("interpolate"))
        .to_owned();
    let opacity = color.str("mode") == Some("opacity");
    let hide_zero = panel.is("hideZeroBuckets");
    let reverse = panel.is("reverseYBuckets");
    let layout = match panel.str("yBucketBound") {
        Some("upper") => "le",
        Some("lower") => "ge",
        _ => "auto",
    };
    let legend = panel
        .at(&["legend", "show"])
        .cloned()
        .unwrap_or(false.into());
    for key in [
        "dataFormat",
        "hideZeroBuckets",
        "reverseYBuckets",
        "yBucketBound",
        "highlightCards",
        "cards",
        "heatmap",
        "xAxis",
        "legend",
        "tooltip",
        "tooltipDecimals",
        "yAxis",
    ] {
        take(panel, key);
    }
    let options = json!({
        "calculate": calculate,
        "calculation": calculation,
        "color": {
            "mode": if opacity { "opacity" } else { "scheme" },
            "scheme": scheme,
            "exponent": color.number("exponent").unwrap_or(0.5),
            "fill": color.str("cardColor").unwrap_or("dark-orange"),
            "scale": if color.str("colorScale") == Some("linear") { "linear" } else { "exponential" },
            "steps": 64,
            "reverse": false,
            "min": color.field("min"),
            "max": color.field("max"),
        },
        "cellGap": 1,
        "filterValues": { "le": if hide_zero { 1e-9 } else { -1e9 } },
        "yAxis": {
            "unit": y_axis.str("format").unwrap_or("short"),
            "decimals": y_axis.field("decimals"),
            "min": y_axis.field("min"),
            "max": y_axis.field("max"),
            "reverse": reverse,
            "axisPlacement": if y_axis.flag("show").unwrap_or(true) { "left" } else { "hidden" },
        },
        "rowsFrame": { "layout": layout },
        "legend": { "show": legend },
    });
    panel.insert("options".into(), options);
}
