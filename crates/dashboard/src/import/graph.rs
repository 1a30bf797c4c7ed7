//! The old `graph` panel as `timeseries`.

use super::graph_overrides::{fixed_color, series_overrides};
use super::panels::thresholds_json;
use crate::field::ThresholdMode;
use crate::json::{Object, Reading, set_default, take, with_list, with_object};
use crate::notice::Notice;
use serde_json::{Value, json};

/// Fields that only the old panel had.
const OLD: [&str; 39] = [
    "aliasColors",
    "bars",
    "dashLength",
    "dashes",
    "decimals",
    "fill",
    "fillGradient",
    "grid",
    "hiddenSeries",
    "legend",
    "lines",
    "linewidth",
    "nullPointMode",
    "percentage",
    "pointradius",
    "points",
    "renderer",
    "seriesOverrides",
    "spaceLength",
    "stack",
    "steppedLine",
    "thresholds",
    "timeRegions",
    "tooltip",
    "xaxis",
    "yaxes",
    "yaxis",
    "x-axis",
    "y-axis",
    "y_formats",
    "y_format",
    "leftYAxisLabel",
    "rightYAxisLabel",
    "annotate",
    "zerofill",
    "editable",
    "error",
    "alert",
    "lineWidth",
];

/// Rewrites a panel.
pub(super) fn upgrade(panel: &mut Object, path: &str, notices: &mut Vec<Notice>) {
    let old: Object = OLD
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), take(panel, key)?)))
        .collect();
    let mode = old
        .at(&["xaxis", "mode"])
        .and_then(Value::as_str)
        .unwrap_or("time");
    panel.insert(
        "type".into(),
        match mode {
            "series" => "barchart",
            "histogram" => "histogram",
            _ => "timeseries",
        }
        .into(),
    );
    let axes = axes(&old);
    let thresholds = thresholds(&old);
    let right_unit = axes.get(1).and_then(|axis| axis.text("format"));
    with_object(panel, "fieldConfig", |config| {
        with_object(config, "defaults", |defaults| {
            field_defaults(
                defaults,
                &old,
                axes.first().unwrap_or(&Value::Null),
                thresholds,
            );
        });
        with_list(config, "overrides", |overrides| {
            overrides.extend(alias_colors(old.field("aliasColors")));
            overrides.extend(series_overrides(
                old.list("seriesOverrides"),
                axes.get(1),
                right_unit.as_deref(),
            ));
        });
    });
    with_object(panel, "options", |options| {
        set_default(
            options,
            "legend",
            legend(old.field("legend").unwrap_or(&Value::Null)),
        );
        set_default(
            options,
            "tooltip",
            tooltip(old.field("tooltip").unwrap_or(&Value::Null)),
        );
    });
    if mode == "series" {
        let values = old
            .field("xaxis")
            .map(|axis| axis.texts("values"))
            .unwrap_or_default();
        let calc = values.first().map_or("sum".to_owned(), |name| {
            super::singlestat::calculation(Some(&name.as_str().into()))
        });
        with_list(panel, "transformations", |list| {
            list.push(json!({ "id": "reduce", "options": { "reducers": [calc] } }));
        });
    }
    if old.str("nullPointMode") == Some("null as zero") {
        notices.push(Notice::new(
            path,
            "missing values were drawn as zero; they are gaps now",
        ));
    }
    if !old.list("timeRegions").is_empty() {
        notices.push(Notice::new(
            path,
            "time regions of the old graph are left out; make an annotation of them",
        ));
    }
    if old.field("alert").is_some() {
        notices.push(Notice::new(
            path,
            "the alert inside of the old graph is left out; make an alert rule of the query",
        ));
    }
}

/// Left and right axis; before version 9 they were one object.
fn axes(old: &Object) -> Vec<Value> {
    if !old.list("yaxes").is_empty() {
        return old.list("yaxes").to_vec();
    }
    let formats = old.texts("y_formats");
    let grid = old.field("grid").unwrap_or(&Value::Null);
    let axis = |at: usize, side: &str| {
        json!({
            "format": formats.get(at),
            "min": grid.field(&format!("{side}Min")),
            "max": grid.field(&format!("{side}Max")),
            "label": old.field(&format!("{side}YAxisLabel")),
        })
    };
    vec![axis(0, "left"), axis(1, "right")]
}

fn field_defaults(
    defaults: &mut Object,
    old: &Object,
    axis: &Value,
    thresholds: Option<(Value, &'static str)>,
) {
    if let Some(unit) = axis.text("format").filter(|unit| !unit.is_empty()) {
        set_default(defaults, "unit", unit);
    }
    for key in ["min", "max"] {
        if let Some(number) = axis.number(key) {
            set_default(defaults, key, crate::json::json_number(number));
        }
    }
    if let Some(decimals) = axis.whole("decimals").or_else(|| old.whole("decimals")) {
        set_default(defaults, "decimals", decimals);
    }
    set_default(defaults, "color", json!({ "mode": "palette-classic" }));
    let style = thresholds.as_ref().map_or("off", |(_, style)| style);
    if let Some((thresholds, _)) = thresholds {
        set_default(defaults, "thresholds", thresholds);
    }
    let custom = custom(old, axis, style);
    with_object(defaults, "custom", |slot| {
        for (key, value) in custom {
            set_default(slot, &key, value);
        }
    });
}

fn custom(old: &Object, axis: &Value, thresholds_style: &str) -> Object {
    let lines = old.flag("lines").unwrap_or(true);
    let (bars, points) = (old.is("bars"), old.is("points"));
    let style = if bars {
        "bars"
    } else if points && !lines {
        "points"
    } else {
        "line"
    };
    let width = if lines || bars {
        old.number("linewidth").unwrap_or(1.0)
    } else {
        0.0
    };
    let gradient = old.number("fillGradient").filter(|fill| *fill > 0.0);
    let fill = match gradient {
        Some(gradient) => gradient * 10.0,
        // The old panel filled lightly if nobody said anything.
        None if lines => old.number("fill").unwrap_or(1.0) * 10.0,
        None => 0.0,
    };
    let number = crate::json::json_number;
    let mut custom = Object::new();
    let mut put = |key: &str, value: Value| {
        custom.insert(key.to_owned(), value);
    };
    put("drawStyle", style.into());
    put("lineWidth", number(width.clamp(0.0, 10.0)));
    put(
        "fillOpacity",
        number(if bars { fill.max(100.0) } else { fill }.clamp(0.0, 100.0)),
    );
    put(
        "gradientMode",
        if gradient.is_some() {
            "opacity"
        } else {
            "none"
        }
        .into(),
    );
    put(
        "showPoints",
        match (points, style) {
            (true, "line") => "always",
            (_, "points") => "auto",
            _ => "never",
        }
        .into(),
    );
    put(
        "pointSize",
        number(2.0 + old.number("pointradius").unwrap_or(2.0) * 2.0),
    );
    put(
        "lineInterpolation",
        if old.is("steppedLine") {
            "stepAfter"
        } else {
            "linear"
        }
        .into(),
    );
    if old.is("dashes") {
        let length = |key: &str| old.number(key).unwrap_or(10.0);
        put(
            "lineStyle",
            json!({ "fill": "dash", "dash": [number(length("dashLength")), number(length("spaceLength"))] }),
        );
    }
    put(
        "spanNulls",
        (old.str("nullPointMode") == Some("connected")).into(),
    );
    let stacking = match (old.is("stack"), old.is("percentage")) {
        (true, true) => "percent",
        (true, false) => "normal",
        _ => "none",
    };
    put("stacking", json!({ "mode": stacking, "group": "A" }));
    let hidden = axis.flag("show") == Some(false);
    put(
        "axisPlacement",
        if hidden { "hidden" } else { "auto" }.into(),
    );
    put("axisLabel", axis.text("label").unwrap_or_default().into());
    let base = axis.whole("logBase").unwrap_or(1);
    put(
        "scaleDistribution",
        if base > 1 {
            json!({ "type": "log", "log": base })
        } else {
            json!({ "type": "linear" })
        },
    );
    put("thresholdsStyle", json!({ "mode": thresholds_style }));
    put(
        "hideFrom",
        json!({ "legend": false, "tooltip": false, "viz": false }),
    );
    custom
}

/// Colours of series by name, one override each.
pub(super) fn alias_colors(colors: Option<&Value>) -> Vec<Value> {
    let Some(Value::Object(colors)) = colors else {
        return Vec::new();
    };
    colors
        .iter()
        .filter_map(|(name, color)| {
            Some(json!({
                "matcher": { "id": "byName", "options": name },
                "properties": [{ "id": "color", "value": fixed_color(color.as_str()?) }],
            }))
        })
        .collect()
}

fn legend(old: &Value) -> Value {
    const CALCS: [(&str, &str); 5] = [
        ("min", "min"),
        ("max", "max"),
        ("avg", "mean"),
        ("current", "lastNotNull"),
        ("total", "sum"),
    ];
    let values = old.flag("values").unwrap_or(true);
    let calcs: Vec<&str> = CALCS
        .iter()
        .filter(|(key, _)| values && old.is(key))
        .map(|(_, calc)| *calc)
        .collect();
    let mut legend = json!({
        "showLegend": old.flag("show").unwrap_or(true),
        "displayMode": if old.is("alignAsTable") { "table" } else { "list" },
        "placement": if old.is("rightSide") { "right" } else { "bottom" },
        "calcs": calcs,
    });
    if let Value::Object(legend) = &mut legend {
        if let Some(width) = old.number("sideWidth").filter(|width| *width > 0.0) {
            legend.insert("width".into(), crate::json::json_number(width));
        }
        let sorted = old
            .str("sort")
            .and_then(|sort| CALCS.iter().find(|(key, _)| *key == sort))
            .and_then(|(_, calc)| crate::reduce::Reducer::parse(calc));
        if let Some(reducer) = sorted {
            legend.insert("sortBy".into(), reducer.name().into());
            legend.insert("sortDesc".into(), old.is("sortDesc").into());
        }
    }
    legend
}

fn tooltip(old: &Value) -> Value {
    let sort = match old.whole("sort") {
        Some(1) => "asc",
        Some(2) => "desc",
        _ => "none",
    };
    let mode = if old.flag("shared").unwrap_or(true) {
        "multi"
    } else {
        "single"
    };
    json!({ "mode": mode, "sort": sort })
}

/// Borders and how they are drawn.
fn thresholds(old: &Object) -> Option<(Value, &'static str)> {
    let list = old.list("thresholds");
    if list.is_empty() {
        return None;
    }
    let mut borders: Vec<(f64, bool, String)> = list
        .iter()
        .filter_map(|threshold| {
            let color = match threshold.str("colorMode") {
                Some("ok") => "green",
                Some("warning") => "orange",
                Some("custom") => threshold
                    .str("fillColor")
                    .or(threshold.str("lineColor"))
                    .unwrap_or("red"),
                _ => "red",
            };
            Some((
                threshold.number("value")?,
                threshold.str("op") != Some("lt"),
                color.to_owned(),
            ))
        })
        .collect();
    borders.sort_by(|a, b| a.0.total_cmp(&b.0));
    let below = borders
        .iter()
        .find(|(_, above, _)| !above)
        .map(|(.., color)| color.clone());
    let mut steps =
        vec![json!({ "color": below.unwrap_or_else(|| "transparent".into()), "value": null })];
    for (value, above, color) in borders {
        let color = if above {
            color
        } else {
            "transparent".to_owned()
        };
        steps.push(json!({ "color": color, "value": crate::json::json_number(value) }));
    }
    let any = |key: &str| {
        list.iter()
            .any(|threshold| threshold.flag(key).unwrap_or(key == "fill"))
    };
    let style = match (any("line"), any("fill")) {
        (true, true) => "line+area",
        (true, false) => "line",
        (false, true) => "area",
        (false, false) => "off",
    };
    Some((thresholds_json(ThresholdMode::Absolute, &steps), style))
}
