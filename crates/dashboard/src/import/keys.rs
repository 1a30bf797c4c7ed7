//! Names of fields that were written in the wrong case.

use crate::json::Object;
use crate::notice::Notice;
use serde_json::Value;
use std::collections::HashMap;

/// Names with capitals that migrations and views look for.
const NAMES: &str = "aliasColors alignAsTable allValue asDropdown auto_count avg axisLabel colorBackground \
    colorMode colorPostfix colorPrefix colorValue colors cellOptions dashLength displayMode displayName \
    fieldConfig fillBelowTo fillGradient fillOpacity fiscalYearStartMonth gnetId graphMode graphTooltip gridPos \
    hiddenSeries hideEmpty hideFrom hideTimeOverride hideZero iconColor includeAll includeVars intervalFactor \
    keepTime legendFormat lineInterpolation liveNow logBase mappingType mappingTypes maxDataPoints \
    maxPerRow maxValue minSpan minValue nullPointMode nullText panelId pluginVersion pointradius postfixFontSize \
    prefixFontSize quick_ranges rangeMaps reduceOptions refId repeatDirection repeatIteration repeatPanelId \
    repeatRowId rightSide scaleDistribution schemaVersion seriesOverrides sharedCrosshair showLegend showPoints \
    showTitle sideWidth skipUrlSync sortBy sortDesc spaceLength spanNulls steppedLine tableColumn tagKeys \
    targetBlank textFormat thresholdLabels thresholdMarkers thresholdsStyle timeFrom timeShift titleFormat \
    titleSize useValueForTime valueFontSize valueMaps valueName weekStart";

/// The right names by their small letters.
type Names = HashMap<String, &'static str>;

/// Gives names in small letters their capitals back, where the right name is not there as well.
pub(super) fn fix(document: &mut Object, notices: &mut Vec<Notice>) {
    let names: Names = NAMES
        .split_whitespace()
        .map(|name| (name.to_ascii_lowercase(), name))
        .collect();
    let mut count = 0;
    fix_object(document, &names, &mut count);
    if count > 0 {
        notices.push(Notice::new(
            "dashboard",
            format!(
                "{count} names of fields were in the wrong case and are read as they were meant"
            ),
        ));
    }
}

fn fix_object(object: &mut Object, names: &Names, count: &mut usize) {
    let wrong = object
        .keys()
        .any(|key| proper(key, names).is_some_and(|name| !object.contains_key(name)));
    if wrong {
        let fixed = std::mem::take(object)
            .into_iter()
            .map(|(key, value)| match proper(&key, names) {
                Some(name) => {
                    *count += 1;
                    (name.to_owned(), value)
                }
                None => (key, value),
            })
            .collect();
        *object = fixed;
    }
    for (key, value) in object.iter_mut() {
        // Names in here are people's own: labels, series, texts.
        let own = matches!(
            key.as_str(),
            "aliasColors"
                | "renameByName"
                | "excludeByName"
                | "indexByName"
                | "includeByName"
                | "fields"
        );
        if !own {
            fix_value(value, names, count);
        }
    }
}

fn fix_value(value: &mut Value, names: &Names, count: &mut usize) {
    match value {
        Value::Object(object) => fix_object(object, names, count),
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| fix_value(item, names, count)),
        _ => {}
    }
}

/// The right name of a field whose name is in the wrong case.
fn proper(key: &str, names: &Names) -> Option<&'static str> {
    // `refID` is the one mistake that people make by hand.
    if key.chars().any(char::is_uppercase) {
        return (key == "refID").then_some("refId");
    }
    names.get(key).copied().filter(|name| *name != key)
}
