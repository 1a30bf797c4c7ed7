//! PromQL with examples that run here, the keyboard, and the API.

use crate::components::status::Expression;
use crate::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use leptos_meta::Title;
use promql_syntax::{FUNCTIONS, Function};

/// Calls of the API, by what they are about.
const API: [(&str, &str); 27] = [
    ("GET POST", "/api/v1/query"),
    ("GET POST", "/api/v1/query_range"),
    ("GET POST", "/api/v1/query_exemplars"),
    ("GET POST", "/api/v1/format_query"),
    ("GET POST", "/api/v1/parse_query"),
    ("GET POST", "/api/watchfire/explain"),
    ("GET POST", "/api/v1/series"),
    ("GET POST", "/api/v1/labels"),
    ("GET", "/api/v1/label/<name>/values"),
    ("GET", "/api/v1/metadata"),
    ("GET", "/api/v1/targets"),
    ("GET", "/api/v1/targets/metadata"),
    ("GET", "/api/v1/targets/relabel_steps"),
    ("GET", "/api/v1/rules"),
    ("GET", "/api/v1/alerts"),
    ("GET", "/api/v1/alertmanagers"),
    ("GET", "/api/v1/status/config"),
    ("GET", "/api/v1/status/flags"),
    ("GET", "/api/v1/status/runtimeinfo"),
    ("GET", "/api/v1/status/tsdb"),
    ("GET", "/api/v1/notifications/live"),
    ("GET", "/api/watchfire/queries"),
    ("DELETE", "/api/watchfire/queries/<id>"),
    ("POST", "/api/v1/admin/tsdb/delete_series"),
    ("POST", "/api/v1/write"),
    ("GET", "/federate?match[]=…"),
    ("GET", "/metrics"),
];

/// Keys, and the number of the text that says what they do.
const KEYS: [(&str, usize); 12] = [
    ("Ctrl K", 0),
    ("?", 1),
    ("g g", 2),
    ("g a", 3),
    ("g t", 4),
    ("g r", 5),
    ("Enter", 6),
    ("Shift Enter", 7),
    ("← →", 8),
    ("+ −", 9),
    ("Space", 10),
    ("Esc", 11),
];

/// The reference.
#[component]
pub fn HelpPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Title text=move || t_string!(i18n, help.title)/>
        <div class="page-head">
            <h1 class="page-head__title">{t!(i18n, help.title)}</h1>
        </div>
        <div class="columns">
            <section class="card" aria-labelledby="promql">
                <div class="card__head"><h2 class="card__title" id="promql">"PromQL"</h2></div>
                <dl class="examples">{examples()}</dl>
            </section>
            <section class="card" aria-labelledby="keys">
                <div class="card__head"><h2 class="card__title" id="keys">{t!(i18n, shell.keys)}</h2></div>
                <table class="table facts-table"><tbody>{keys()}</tbody></table>
            </section>
            <section class="card" aria-labelledby="functions">
                <div class="card__head"><h2 class="card__title" id="functions">{t!(i18n, help.functions)}</h2></div>
                <p class="card__line">{t!(i18n, help.experimental)}</p>
                <ul class="functions">{FUNCTIONS.iter().map(function).collect_view()}</ul>
            </section>
            <section class="card" aria-labelledby="api">
                <div class="card__head"><h2 class="card__title" id="api">{t!(i18n, help.api)}</h2></div>
                <p class="card__line">{t!(i18n, help.api_hint)}</p>
                <table class="table facts-table">
                    <tbody>
                        {API.map(|(method, path)| view! {
                            <tr><th scope="row">{method}</th><td><code class="wrap">{path}</code></td></tr>
                        }).into_iter().collect_view()}
                    </tbody>
                </table>
            </section>
        </div>
    }
}

/// Expressions that find something on any server of this kind, and what they say.
fn examples() -> AnyView {
    let i18n = use_i18n();
    let example = |words: AnyView, query: &'static str| {
        view! {
            <dt>{words}</dt>
            <dd><Expression text=Signal::stored(query.to_owned())/></dd>
        }
    };
    view! {
        {example(t!(i18n, help.instant).into_any(), "up")}
        {example(t!(i18n, help.labels).into_any(), r#"prometheus_http_requests_total{code=~"4..|5.."}"#)}
        {example(t!(i18n, help.rate).into_any(), "rate(prometheus_http_requests_total[5m])")}
        {example(t!(i18n, help.sum).into_any(), "sum by (handler) (rate(prometheus_http_requests_total[5m]))")}
        {example(t!(i18n, help.top).into_any(), "topk(5, count by (__name__) ({__name__!=\"\"}))")}
        {example(
            t!(i18n, help.quantile).into_any(),
            "histogram_quantile(0.99, sum by (le) (rate(prometheus_http_request_duration_seconds_bucket[5m])))",
        )}
        {example(t!(i18n, help.share).into_any(), "process_resident_memory_bytes / 1024 / 1024")}
        {example(t!(i18n, help.filter).into_any(), "scrape_duration_seconds > 0.1")}
        {example(t!(i18n, help.join).into_any(), "up * on (job, instance) group_left scrape_samples_scraped")}
        {example(t!(i18n, help.offset).into_any(), "prometheus_tsdb_head_series - prometheus_tsdb_head_series offset 1h")}
        {example(t!(i18n, help.over_time).into_any(), "max_over_time(process_resident_memory_bytes[1h])")}
        {example(t!(i18n, help.subquery).into_any(), "max_over_time(rate(process_cpu_seconds_total[5m])[1h:1m])")}
        {example(t!(i18n, help.absent).into_any(), r#"absent(up{job="nothing"})"#)}
        {example(t!(i18n, help.at).into_any(), "up @ end()")}
    }
    .into_any()
}

fn keys() -> AnyView {
    let i18n = use_i18n();
    let row = |(key, which): (&'static str, usize)| {
        let words = move || match which {
            0 => t_string!(i18n, shell.keys_search),
            1 => t_string!(i18n, shell.keys_help),
            2 => t_string!(i18n, shell.keys_go_graph),
            3 => t_string!(i18n, shell.keys_go_alerts),
            4 => t_string!(i18n, shell.keys_go_targets),
            5 => t_string!(i18n, shell.keys_go_rules),
            6 => t_string!(i18n, shell.keys_run),
            7 => t_string!(i18n, shell.keys_line),
            8 => t_string!(i18n, shell.keys_arrows),
            9 => t_string!(i18n, shell.keys_zoom),
            10 => t_string!(i18n, shell.keys_pin),
            _ => t_string!(i18n, shell.keys_escape),
        };
        view! {
            <tr><th scope="row"><kbd>{key}</kbd></th><td>{words}</td></tr>
        }
    };
    KEYS.map(row).into_iter().collect_view().into_any()
}

/// A function with the types of its arguments.
fn function(function: &'static Function) -> AnyView {
    let last = function.args.len().saturating_sub(1);
    let args: Vec<String> = function
        .args
        .iter()
        .enumerate()
        .map(|(index, kind)| match function.variadic {
            0 => kind.documented().to_owned(),
            _ if index == last => format!("{}…", kind.documented()),
            _ => kind.documented().to_owned(),
        })
        .collect();
    view! {
        <li>
            <code>
                <span class="code__function">{function.name}</span>
                {format!("({})", args.join(", "))}
            </code>
            {function.experimental.then_some(" *")}
        </li>
    }
    .into_any()
}
