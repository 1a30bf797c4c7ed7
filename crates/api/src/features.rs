//! `/api/v1/features`: what this server can do, for clients that ask before they try.
//!
//! Source: Prometheus 3.14, `util/features` for names and categories.

use crate::response::success;
use crate::state::ApiState;
use axum::extract::State;
use axum::response::Response;
use promql_syntax::ParseOptions;
use std::collections::BTreeMap;
use std::sync::Arc;

type Category = BTreeMap<&'static str, bool>;

/// Aggregations and operators; whether the language has them without being asked.
const OPERATORS: [(&str, bool); 36] = [
    ("!=", true),
    ("!~", true),
    ("%", true),
    ("*", true),
    ("+", true),
    ("-", true),
    ("/", true),
    ("<", true),
    ("</", true),
    ("<=", true),
    ("==", true),
    ("=~", true),
    (">", true),
    (">/", true),
    (">=", true),
    ("@", true),
    ("^", true),
    ("and", true),
    ("atan2", true),
    ("avg", true),
    ("bottomk", true),
    ("count", true),
    ("count_values", true),
    ("group", true),
    ("limit_ratio", false),
    ("limitk", false),
    ("max", true),
    ("min", true),
    ("or", true),
    ("quantile", true),
    ("stddev", true),
    ("stdvar", true),
    ("sum", true),
    ("topk", true),
    ("unless", true),
    ("=", true),
];

/// `/api/v1/features`
pub(crate) async fn list(State(state): State<Arc<ApiState>>) -> Response {
    let is_on = |flag: &str, name: &str| {
        let value = state.flags.get(flag);
        value.is_some_and(|value| value.split(',').any(|have| have == name))
    };
    let has = |name: &str| is_on("enable-feature", name);
    let set = |flag: &str| is_on(flag, "true");
    let experimental = state.parse_options.experimental_functions;
    let all: BTreeMap<&'static str, Category> = BTreeMap::from([
        (
            "api",
            Category::from([
                ("admin", state.admin_enabled),
                ("exclude_alerts", true),
                ("label_values_match", true),
                ("lifecycle", set("web.enable-lifecycle")),
                ("otlp_write_receiver", false),
                ("query_stats", true),
                ("query_warnings", true),
                ("remote_write_receiver", state.receiver.is_some()),
                ("time_range_labels", true),
                ("time_range_series", true),
            ]),
        ),
        (
            "prometheus",
            Category::from([
                ("agent_mode", false),
                (
                    "auto_reload_config",
                    set("config.auto-reload") || has("auto-reload-config"),
                ),
                ("server_mode", true),
            ]),
        ),
        ("promql", language(state.parse_options, &has)),
        (
            "promql_functions",
            promql_syntax::FUNCTIONS
                .iter()
                .map(|function| (function.name, experimental || !function.experimental))
                .collect(),
        ),
        (
            "promql_operators",
            OPERATORS
                .into_iter()
                .map(|(name, is_stable)| (name, experimental || is_stable))
                .collect(),
        ),
        (
            "rules",
            Category::from([
                ("concurrent_rule_eval", has("concurrent-rule-eval")),
                ("keep_firing_for", true),
                ("query_offset", true),
            ]),
        ),
        (
            "scrape",
            Category::from([
                ("extra_scrape_metrics", true),
                (
                    "start_timestamp_zero_ingestion",
                    has("created-timestamp-zero-ingestion"),
                ),
            ]),
        ),
        (
            "service_discovery_providers",
            ["dns", "file", "http", "static"]
                .map(|name| (name, true))
                .into(),
        ),
        (
            "templating_functions",
            template::function_names()
                .map(|name| (name, true))
                .collect(),
        ),
        (
            "tsdb",
            Category::from([
                ("exemplar_storage", true),
                ("isolation", true),
                ("native_histograms", true),
            ]),
        ),
    ]);
    success(all)
}

/// What of PromQL there is.
fn language(options: ParseOptions, has: &dyn Fn(&str) -> bool) -> Category {
    Category::from([
        ("anchored", options.extended_range_selectors),
        ("at_modifier", true),
        ("bool", true),
        ("by", true),
        ("delayed_name_removal", has("promql-delayed-name-removal")),
        ("duration_expr", true),
        ("fill", options.fill_modifiers),
        ("fill_left", options.fill_modifiers),
        ("fill_right", options.fill_modifiers),
        ("group_left", true),
        ("group_right", true),
        ("ignoring", true),
        ("negative_offset", true),
        ("offset", true),
        ("on", true),
        ("per_query_lookback_delta", true),
        ("smoothed", options.extended_range_selectors),
        ("subqueries", true),
        ("type_and_unit_labels", has("type-and-unit-labels")),
        ("without", true),
    ])
}
