//! What the old graph said of single series.

use crate::json::{Object, Reading, json_number};
use serde_json::{Value, json};

/// One colour.
pub(super) fn fixed_color(color: &str) -> Value {
    json!({ "mode": "fixed", "fixedColor": color })
}

/// An override for each entry, in their order.
pub(super) fn series_overrides(
    list: &[Value],
    right: Option<&Value>,
    right_unit: Option<&str>,
) -> Vec<Value> {
    list.iter()
        .filter_map(|item| {
            let alias = item.str("alias")?;
            let matcher = if alias.len() > 1 && alias.starts_with('/') {
                json!({ "id": "byRegexp", "options": alias })
            } else {
                json!({ "id": "byName", "options": alias })
            };
            let properties = properties(item.as_object()?, right, right_unit);
            (!properties.is_empty())
                .then(|| json!({ "matcher": matcher, "properties": properties }))
        })
        .collect()
}

#[expect(clippy::too_many_lines, reason = "a table from old names to new ones")]
fn properties(item: &Object, right: Option<&Value>, right_unit: Option<&str>) -> Vec<Value> {
    let mut found = Vec::new();
    let mut put = |id: &str, value: Value| found.push(json!({ "id": id, "value": value }));
    let mut dash: [Option<f64>; 2] = [None, None];
    let mut hidden_from = Object::new();
    for (key, value) in item {
        let flag = crate::json::flag_of(value).unwrap_or(false);
        let number = crate::json::number_of(value);
        match key.as_str() {
            "color" => put("color", fixed_color(value.as_str().unwrap_or("gray"))),
            "yaxis" if number == Some(2.0) => {
                put("custom.axisPlacement", "right".into());
                if let Some(unit) = right_unit {
                    put("unit", unit.into());
                }
                let right = right.unwrap_or(&Value::Null);
                for end in ["min", "max"] {
                    if let Some(number) = right.number(end) {
                        put(end, json_number(number));
                    }
                }
                if let Some(label) = right.text("label").filter(|label| !label.is_empty()) {
                    put("custom.axisLabel", label.into());
                }
            }
            "stack" => {
                let group = value
                    .as_str()
                    .filter(|group| *group != "true" && *group != "false");
                let mode = if group.is_some() || flag {
                    "normal"
                } else {
                    "none"
                };
                put(
                    "custom.stacking",
                    json!({ "mode": mode, "group": group.unwrap_or("A") }),
                );
            }
            "transform" => put("custom.transform", value.clone()),
            "fill" => put(
                "custom.fillOpacity",
                json_number(number.unwrap_or(0.0) * 10.0),
            ),
            "fillBelowTo" => put("custom.fillBelowTo", value.clone()),
            "fillGradient" => {
                put("custom.gradientMode", "opacity".into());
                put(
                    "custom.fillOpacity",
                    json_number(number.unwrap_or(0.0) * 10.0),
                );
            }
            "lines" if flag => put("custom.drawStyle", "line".into()),
            "lines" => put("custom.lineWidth", 0.into()),
            "linewidth" => put("custom.lineWidth", json_number(number.unwrap_or(1.0))),
            "bars" if flag => {
                put("custom.drawStyle", "bars".into());
                put("custom.fillOpacity", 100.into());
                put("custom.lineWidth", 0.into());
            }
            "points" => put(
                "custom.showPoints",
                if flag { "always" } else { "never" }.into(),
            ),
            "pointradius" => put(
                "custom.pointSize",
                json_number(2.0 + number.unwrap_or(2.0) * 2.0),
            ),
            "steppedLine" if flag => put("custom.lineInterpolation", "stepAfter".into()),
            "nullPointMode" => put(
                "custom.spanNulls",
                (value.as_str() == Some("connected")).into(),
            ),
            "dashes" if flag => dash = [dash[0].or(Some(10.0)), dash[1].or(Some(10.0))],
            "dashLength" => dash[0] = number,
            "spaceLength" => dash[1] = number,
            "legend" if !flag => {
                hidden_from.insert("legend".into(), true.into());
            }
            "hiddenSeries" if flag => {
                hidden_from.insert("viz".into(), true.into());
            }
            "hideTooltip" if flag => {
                hidden_from.insert("tooltip".into(), true.into());
            }
            _ => {}
        }
    }
    if let [Some(length), space] = dash
        && item.is("dashes")
    {
        let space = space.unwrap_or(length);
        put(
            "custom.lineStyle",
            json!({ "fill": "dash", "dash": [json_number(length), json_number(space)] }),
        );
    }
    if !hidden_from.is_empty() {
        for part in ["legend", "tooltip", "viz"] {
            hidden_from.entry(part).or_insert(false.into());
        }
        put("custom.hideFrom", Value::Object(hidden_from));
    }
    found
}
