//! The fields of each transformation.

use super::codes::{AGGREGATIONS, GROUPS, NAMES, OPERAND, ORDER, PAIRS, REF_IDS};
use super::form::{Item, word};
use serde_json::{Value, json};

/// Calculations that are offered where one is meant.
const REDUCERS: &[&str] = &[
    "lastNotNull",
    "firstNotNull",
    "min",
    "max",
    "mean",
    "median",
    "sum",
    "count",
    "range",
    "delta",
    "diff",
    "diffperc",
    "distinctCount",
    "variance",
    "stdDev",
];

/// A transformation.
pub(super) struct Known {
    /// Its id in documents, and older ones of the same.
    pub(super) ids: &'static [&'static str],
    /// What a new one begins with.
    pub(super) fresh: fn() -> Value,
    /// Its fields, below `options`.
    pub(super) items: &'static [Item],
}

/// The transformation with an id.
pub(super) fn known(id: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.ids.contains(&id))
}

/// All transformations, in the order in which they are offered.
pub(super) const KNOWN: &[Known] = &[
    Known {
        ids: &["organize"],
        fresh: || json!({"excludeByName": {}, "indexByName": {}, "renameByName": {}}),
        items: &[
            Item::coded(word!(boards.rename_fields), &["renameByName"], PAIRS),
            Item::coded(word!(boards.left_out), &["excludeByName"], NAMES),
            Item::coded(word!(boards.only_these), &["includeByName"], NAMES),
            Item::coded(word!(boards.in_this_order), &["indexByName"], ORDER),
        ],
    },
    Known {
        ids: &["joinByField", "seriesToColumns"],
        fresh: || json!({"byField": "Time", "mode": "outer"}),
        items: &[
            Item::text(word!(boards.field), &["byField"], "Time"),
            Item::choice(word!(boards.mode), &["mode"], &["outer", "inner"]),
        ],
    },
    Known {
        ids: &["merge"],
        fresh: || json!({}),
        items: &[],
    },
    Known {
        ids: &["groupBy"],
        fresh: || json!({"fields": {}}),
        items: &[
            Item::coded(word!(boards.grouped_by), &["fields"], GROUPS),
            Item::coded(word!(boards.calculations), &["fields"], AGGREGATIONS),
        ],
    },
    Known {
        ids: &["sortBy"],
        fresh: || json!({"fields": {}, "sort": [{"field": "Value", "desc": true}]}),
        items: &[
            Item::text(word!(boards.field), &["sort", "0", "field"], "Value"),
            Item::flag(word!(boards.descending), &["sort", "0", "desc"], false),
        ],
    },
    Known {
        ids: &["limit"],
        fresh: || json!({"limitField": 10}),
        items: &[Item::number(word!(boards.at_most), &["limitField"])],
    },
    Known {
        ids: &["reduce"],
        fresh: || json!({"reducers": ["lastNotNull"], "mode": "seriesToRows"}),
        items: &[
            Item::list(
                word!(dashboards.calculation),
                &["reducers"],
                "min, max, mean",
            ),
            Item::choice(
                word!(boards.mode),
                &["mode"],
                &["seriesToRows", "reduceFields"],
            ),
            Item::flag(word!(boards.with_time), &["includeTimeField"], false),
            Item::flag(word!(boards.labels_as_columns), &["labelsToFields"], false),
        ],
    },
    Known {
        ids: &["calculateField"],
        fresh: || json!({"mode": "reduceRow", "reduce": {"reducer": "sum"}, "alias": "Total"}),
        items: CALCULATE,
    },
    Known {
        ids: &["filterFieldsByName", "filterByName"],
        fresh: || json!({"include": {"pattern": ".*"}}),
        items: &[
            Item::text(word!(boards.pattern), &["include", "pattern"], "/cpu/i"),
            Item::list(word!(boards.fields), &["include", "names"], "Time, Value"),
            Item::text(word!(boards.pattern_left_out), &["exclude", "pattern"], ""),
            Item::list(word!(boards.left_out), &["exclude", "names"], ""),
        ],
    },
    Known {
        ids: &["filterFields"],
        fresh: || json!({"include": {"id": "byName", "options": "Value"}}),
        items: &[
            Item::choice(
                word!(boards.fields_by),
                &["include", "id"],
                &["byName", "byRegexp", "byType", "byFrameRefID"],
            ),
            Item::text(word!(boards.fields), &["include", "options"], ""),
            Item::choice(
                word!(boards.left_out_by),
                &["exclude", "id"],
                &["byName", "byRegexp", "byType", "byFrameRefID"],
            ),
            Item::text(word!(boards.left_out), &["exclude", "options"], ""),
        ],
    },
    Known {
        ids: &["filterByRefId", "filterFrames"],
        fresh: || json!({"include": "A"}),
        items: &[
            Item::coded(word!(dashboards.queries), &["include"], REF_IDS),
            Item::coded(word!(boards.left_out), &["exclude"], REF_IDS),
        ],
    },
    Known {
        ids: &["filterByValue"],
        fresh: || json!({"filters": [{"fieldName": "Value", "config": {"id": "greater", "options": {"value": 0}}}], "match": "any", "type": "include"}),
        items: &[
            Item::choice(
                word!(boards.rows_that_match),
                &["type"],
                &["include", "exclude"],
            ),
            Item::choice(word!(boards.conditions_needed), &["match"], &["any", "all"]),
            Item::rows(
                word!(boards.conditions),
                &["filters"],
                CONDITION,
                || json!({"fieldName": "Value", "config": {"id": "greater", "options": {"value": 0}}}),
            ),
        ],
    },
    Known {
        ids: &["renameByRegex"],
        fresh: || json!({"regex": "(.*)", "renamePattern": "$1"}),
        items: &[
            Item::text(word!(boards.pattern), &["regex"], "(.*)"),
            Item::text(word!(boards.becomes), &["renamePattern"], "$1"),
        ],
    },
    Known {
        ids: &["labelsToFields"],
        fresh: || json!({"mode": "columns"}),
        items: &[
            Item::choice(word!(boards.mode), &["mode"], &["columns", "rows"]),
            Item::text(word!(boards.value_label), &["valueLabel"], "mode"),
            Item::list(word!(boards.labels_kept), &["keepLabels"], "job, instance"),
        ],
    },
    Known {
        ids: &["seriesToRows"],
        fresh: || json!({}),
        items: &[],
    },
    Known {
        ids: &["concatenate", "append"],
        fresh: || json!({"frameNameMode": "field"}),
        items: &[Item::choice(
            word!(boards.frame_names),
            &["frameNameMode"],
            &["field", "drop"],
        )],
    },
    Known {
        ids: &["partitionByValues"],
        fresh: || json!({"fields": []}),
        items: &[
            Item::list(word!(boards.fields), &["fields"], "job"),
            Item::flag(word!(boards.keep_fields), &["keepFields"], false),
        ],
    },
    Known {
        ids: &["convertFieldType"],
        fresh: || json!({"conversions": [{"targetField": "Value", "destinationType": "number"}]}),
        items: &[Item::rows(
            word!(boards.conversions),
            &["conversions"],
            &[
                Item::text(word!(boards.field), &["targetField"], "Value"),
                Item::choice(
                    word!(boards.becomes),
                    &["destinationType"],
                    &["number", "string", "time", "boolean"],
                ),
                Item::text(word!(boards.date_format), &["dateFormat"], "YYYY-MM-DD")
                    .only(&["destinationType"], &["string", "time"]),
            ],
            || json!({"targetField": "Value", "destinationType": "number"}),
        )],
    },
    Known {
        ids: &["formatTime"],
        fresh: || json!({"timeField": "Time", "outputFormat": "YYYY-MM-DD HH:mm", "useTimezone": true}),
        items: &[
            Item::text(word!(boards.field), &["timeField"], "Time"),
            Item::text(
                word!(boards.date_format),
                &["outputFormat"],
                "YYYY-MM-DD HH:mm",
            ),
            Item::flag(word!(boards.readers_zone), &["useTimezone"], true),
        ],
    },
    Known {
        ids: &["formatString"],
        fresh: || json!({"stringField": "", "outputFormat": "Upper Case"}),
        items: &[
            Item::text(word!(boards.field), &["stringField"], ""),
            Item::choice(
                word!(boards.written_in),
                &["outputFormat"],
                &[
                    "Upper Case",
                    "Lower Case",
                    "Sentence Case",
                    "Title Case",
                    "Pascal Case",
                    "Camel Case",
                    "Snake Case",
                    "Kebab Case",
                    "Trim",
                    "Substring",
                ],
            ),
            Item::number(word!(dashboards.from), &["substringStart"])
                .only(&["outputFormat"], &["Substring"]),
            Item::number(word!(dashboards.to), &["substringEnd"])
                .only(&["outputFormat"], &["Substring"]),
        ],
    },
    Known {
        ids: &["histogram"],
        fresh: || json!({}),
        items: super::value_options::BUCKETS,
    },
    Known {
        ids: &["rowsToFields"],
        fresh: || json!({"mappings": []}),
        items: &[Item::rows(
            word!(boards.roles),
            &["mappings"],
            &[
                Item::text(word!(boards.field), &["fieldName"], ""),
                Item::choice(
                    word!(boards.becomes),
                    &["handlerKey"],
                    &["field.name", "field.value"],
                ),
            ],
            || json!({"fieldName": "", "handlerKey": "field.name"}),
        )],
    },
    Known {
        ids: &["groupingToMatrix"],
        fresh: || json!({"columnField": "Time", "rowField": "Time", "valueField": "Value"}),
        items: &[
            Item::text(word!(boards.columns), &["columnField"], "Time"),
            Item::text(word!(boards.rows_of), &["rowField"], "Time"),
            Item::text(word!(boards.cells), &["valueField"], "Value"),
            Item::choice(
                word!(boards.empty_cells),
                &["emptyValue"],
                &["empty", "null", "zero", "true", "false"],
            ),
        ],
    },
    Known {
        ids: &["transpose"],
        fresh: || json!({}),
        items: &[Item::text(
            word!(boards.first_column),
            &["firstFieldName"],
            "Field",
        )],
    },
    Known {
        ids: &["prepareTimeSeries"],
        fresh: || json!({"format": "wide"}),
        items: &[Item::choice(
            word!(dashboards.format),
            &["format"],
            &["wide", "multi", "many"],
        )],
    },
    Known {
        ids: &["extractFields"],
        fresh: || json!({"source": "labels", "format": "auto"}),
        items: &[
            Item::text(word!(boards.field), &["source"], "labels"),
            Item::choice(
                word!(dashboards.format),
                &["format"],
                &["auto", "json", "kvp", "regexp"],
            ),
            Item::text(word!(boards.pattern), &["regExp"], "(?<name>.*)")
                .only(&["format"], &["regexp"]),
            Item::rows(
                word!(boards.paths),
                &["jsonPaths"],
                &[
                    Item::text(word!(boards.path), &["path"], "a.b[0]"),
                    Item::text(word!(dashboards.name), &["alias"], ""),
                ],
                || json!({"path": "", "alias": ""}),
            )
            .only(&["format"], &["json"]),
            Item::flag(word!(boards.replace_fields), &["replace"], false),
            Item::flag(word!(boards.with_time), &["keepTime"], false).only(&["replace"], &["true"]),
        ],
    },
    Known {
        ids: &["ensureColumns"],
        fresh: || json!({}),
        items: &[],
    },
];

const MODE: &[&str] = &["mode"];

/// The fields of a calculation, by its mode.
const CALCULATE: &[Item] = &[
    Item::choice(
        word!(boards.mode),
        MODE,
        &[
            "reduceRow",
            "binary",
            "unary",
            "cumulativeFunctions",
            "windowFunctions",
            "index",
        ],
    ),
    Item::choice(
        word!(dashboards.calculation),
        &["reduce", "reducer"],
        REDUCERS,
    )
    .only(MODE, &["", "reduceRow"]),
    Item::list(word!(boards.fields), &["reduce", "include"], "").only(MODE, &["", "reduceRow"]),
    Item::coded(word!(boards.left_side), &["binary", "left"], OPERAND).only(MODE, &["binary"]),
    Item::choice(
        word!(boards.operation),
        &["binary", "operator"],
        &[
            "+", "-", "*", "/", "**", "%", "==", "!=", ">", ">=", "<", "<=",
        ],
    )
    .only(MODE, &["binary"]),
    Item::coded(word!(boards.right_side), &["binary", "right"], OPERAND).only(MODE, &["binary"]),
    Item::choice(
        word!(boards.operation),
        &["unary", "operator"],
        &["abs", "exp", "ln", "floor", "ceil", "round"],
    )
    .only(MODE, &["unary"]),
    Item::text(word!(boards.field), &["unary", "fieldName"], "").only(MODE, &["unary"]),
    Item::choice(
        word!(dashboards.calculation),
        &["cumulative", "reducer"],
        &["sum", "mean"],
    )
    .only(MODE, &["cumulativeFunctions"]),
    Item::text(word!(boards.field), &["cumulative", "field"], "")
        .only(MODE, &["cumulativeFunctions"]),
    Item::choice(
        word!(dashboards.calculation),
        &["window", "reducer"],
        REDUCERS,
    )
    .only(MODE, &["windowFunctions"]),
    Item::text(word!(boards.field), &["window", "field"], "").only(MODE, &["windowFunctions"]),
    Item::choice(
        word!(boards.window_lies),
        &["window", "windowAlignment"],
        &["trailing", "centered"],
    )
    .only(MODE, &["windowFunctions"]),
    Item::choice(
        word!(boards.size_is),
        &["window", "windowSizeMode"],
        &["percentage", "fixed"],
    )
    .only(MODE, &["windowFunctions"]),
    Item::number(word!(boards.size), &["window", "windowSize"]).only(MODE, &["windowFunctions"]),
    Item::flag(word!(boards.as_part), &["index", "asPercentile"], false).only(MODE, &["index"]),
    Item::text(word!(dashboards.name), &["alias"], "Total"),
    Item::flag(word!(boards.replace_fields), &["replaceFields"], false),
];

const TEST: &[&str] = &["config", "id"];

/// A condition on the values of a field.
const CONDITION: &[Item] = &[
    Item::text(word!(boards.field), &["fieldName"], "Value"),
    Item::choice(
        word!(boards.condition),
        TEST,
        &[
            "greater",
            "greaterOrEqual",
            "lower",
            "lowerOrEqual",
            "equal",
            "notEqual",
            "between",
            "regex",
            "substring",
            "notSubstring",
            "isNull",
            "isNotNull",
        ],
    ),
    Item::text(word!(boards.value), &["config", "options", "value"], "0").only(
        TEST,
        &[
            "",
            "greater",
            "greaterOrEqual",
            "lower",
            "lowerOrEqual",
            "equal",
            "notEqual",
            "regex",
            "substring",
            "notSubstring",
        ],
    ),
    Item::text(word!(dashboards.from), &["config", "options", "from"], "0")
        .only(TEST, &["between", "range"]),
    Item::text(word!(dashboards.to), &["config", "options", "to"], "1")
        .only(TEST, &["between", "range"]),
];

#[cfg(test)]
mod tests {
    use super::super::form::tests::check;
    use super::*;

    #[test]
    fn every_transformation_that_is_made_has_a_form() {
        for id in dashboard::transformation_ids() {
            assert!(known(id).is_some(), "{id}");
        }
    }

    #[test]
    fn everything_that_is_offered_is_made() {
        for one in KNOWN {
            check(one.ids[0], one.items);
            for id in one.ids {
                let list = [json!({"id": id, "options": (one.fresh)()})];
                let done = dashboard::transform(
                    Vec::new(),
                    &list,
                    &dashboard::TransformContext::default(),
                );
                assert!(done.notices.is_empty(), "{id}");
            }
        }
    }
}
