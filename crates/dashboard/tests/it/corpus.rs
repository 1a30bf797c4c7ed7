//! Every real dashboard at hand: nothing is lost, everything is drawn or told, every query is PromQL.

use dashboard::{
    Answer, AnswerSeries, BarGauge, Choice, Dashboard, DisplayContext, Format, Gauge, Globals,
    PanelKind, ResultFormat, Scope, Stat, StepInput, Table, TimeSeries, VariableKind,
    VariableValues, export, import, import_value, inject_filters, interpolate, order_variables,
    place, prepare,
};
use model::Labels;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Functions of MetricsQL alone; expressions with them are not PromQL.
const METRICSQL: [&str; 8] = [
    "topk_last(",
    "topk_max(",
    "share_gt_over_time(",
    "increases_over_time(",
    "range_last(",
    "keep_metric_names",
    "rollup_rate(",
    "count_gt_over_time(",
];

/// Name and text of each dashboard; none where there is no corpus.
fn corpus() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/dashboards");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: there are no dashboards beside the workspace");
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .into_iter()
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

fn taken_in() -> Vec<(String, Value, dashboard::Import)> {
    corpus()
        .into_iter()
        .map(|(name, text)| {
            let import =
                import(&text, &BTreeMap::new()).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, serde_json::from_str(&text).unwrap(), import)
        })
        .collect()
}

/// Panels of a document as it was written, inner ones and those of old rows too.
fn panels_of(document: &Value) -> Vec<&Value> {
    let list = |value: &'_ Value, key: &str| -> usize { value[key].as_array().map_or(0, Vec::len) };
    let mut found = Vec::new();
    for key in ["panels", "rows"] {
        for i in 0..list(document, key) {
            let panel = &document[key][i];
            if key == "panels" {
                found.push(panel);
            }
            for j in 0..list(panel, "panels") {
                found.push(&panel["panels"][j]);
            }
        }
    }
    found
}

fn chosen(dashboard: &Dashboard) -> VariableValues {
    let mut values = VariableValues::new(dashboard.variables(&mut Vec::new()));
    for value in values.iter_mut() {
        if let VariableKind::Query(_) = value.variable.kind {
            value.set_options(["a.b-c", "two"].map(Choice::plain).to_vec());
        }
    }
    values
}

#[test]
fn no_panel_is_lost_and_each_is_drawn_or_told_in_words() {
    let (mut panels, mut drawn, mut told) = (0, 0, 0);
    for (name, document, import) in taken_in() {
        let all = import.dashboard.all_panels();
        assert_eq!(all.len(), panels_of(&document).len(), "{name}");
        for panel in all {
            panels += 1;
            if let PanelKind::Other(kind) = panel.kind() {
                told += 1;
                let path = panel.path();
                assert!(
                    import.notices.iter().any(|notice| notice.path == path),
                    "{name}: {kind}"
                );
            } else {
                drawn += 1;
            }
        }
        for notice in &import.notices {
            println!("{name}: {notice}");
        }
        let order = order_variables(&import.dashboard.variables(&mut Vec::new()));
        assert_eq!(order.notices, [], "{name}");
    }
    println!("{panels} panels: {drawn} drawn, {told} told");
}

#[test]
fn taking_in_what_was_given_out_changes_nothing() {
    for (name, document, import) in taken_in() {
        let out = export(&import.dashboard);
        let again = import_value(out.clone(), &BTreeMap::new()).unwrap();
        assert_eq!(
            export(&again.dashboard).to_string(),
            out.to_string(),
            "{name}"
        );
        // What is not known is kept: every key of new documents, but those that servers keep.
        if document["schemaVersion"].as_i64() >= Some(39) {
            for (key, value) in document.as_object().unwrap() {
                let served = matches!(
                    key.as_str(),
                    "id" | "iteration"
                        | "gnetId"
                        | "revision"
                        | "version"
                        | "schemaVersion"
                        | "__inputs"
                        | "__elements"
                        | "style"
                        | "panels"
                        | "timepicker"
                        | "refresh"
                        | "templating"
                        | "hideControls"
                );
                // An old framework's marks are no content.
                let marked = value.to_string().contains("$$hashKey");
                assert!(served || marked || out[key] == *value, "{name}: {key}");
            }
        }
    }
}

#[test]
fn every_query_is_promql_once_variables_are_put_in() {
    let (mut queries, mut foreign) = (0, 0);
    for (name, _, import) in taken_in() {
        let values = chosen(&import.dashboard);
        let globals = Globals {
            to: 3_600_000,
            ..Globals::default()
        };
        for panel in import.dashboard.all_panels() {
            for target in panel.targets() {
                let step = StepInput {
                    range: 3_600_000,
                    max_data_points: panel.max_data_points().unwrap_or(1200),
                    target_interval: target.interval(),
                    panel_interval: panel.interval(),
                    scrape_interval: 15_000,
                    factor: target.interval_factor(),
                };
                let scope = Scope::new(&values, &globals).with_intervals(step.intervals());
                let expr = interpolate(target.expr(), &scope, &Format::Promql);
                queries += 1;
                if METRICSQL.iter().any(|function| expr.contains(function)) {
                    foreign += 1;
                    continue;
                }
                if let Err(errors) = promql_syntax::parse(&expr) {
                    panic!("{name}: {}: {expr}\n{errors}", panel.path());
                }
                let filter = dashboard::AdHocFilter {
                    key: "job".into(),
                    operator: "=".into(),
                    value: "x".into(),
                    values: Vec::new(),
                };
                let filtered = inject_filters(&expr, &[filter]).unwrap();
                assert!(promql_syntax::parse(&filtered).is_ok(), "{filtered}");
            }
        }
    }
    println!("{queries} queries, {foreign} of them MetricsQL");
}

#[test]
fn pages_have_no_overlaps_and_closed_rows_ask_nothing() {
    for (name, _, import) in taken_in() {
        let page = place(&import.dashboard, &chosen(&import.dashboard));
        for (i, a) in page.placed.iter().enumerate() {
            for b in page.placed.iter().skip(i + 1) {
                assert!(
                    !a.place.overlaps(b.place),
                    "{name}: {} and {}",
                    a.key,
                    b.key
                );
            }
        }
        assert_eq!(page.notices, [], "{name}");
        let hidden: Vec<i64> = import
            .dashboard
            .panels()
            .iter()
            .flat_map(dashboard::Panel::children)
            .map(|panel| panel.id())
            .collect();
        assert!(
            page.placed
                .iter()
                .all(|item| !hidden.contains(&item.panel.id())),
            "{name}"
        );
    }
}

/// Two series for every query, with the labels that the corpus groups by.
fn answers(panel: dashboard::Panel<'_>) -> Vec<Answer> {
    let labels = [
        "cluster",
        "namespace",
        "pod",
        "container",
        "workload",
        "mountpoint",
        "instance",
        "job",
        "device",
    ];
    let series = |which: &str, value: f64, instant: bool| {
        let pairs: Vec<(&str, String)> = labels
            .iter()
            .map(|label| (*label, format!("{label}-{which}")))
            .collect();
        let count = if instant { 1 } else { 20 };
        AnswerSeries {
            labels: Labels::from_pairs(pairs),
            times: (0..count).map(|i| f64::from(i) * 15_000.0).collect(),
            values: (0..count).map(|i| value + f64::from(i)).collect(),
        }
    };
    panel
        .targets()
        .iter()
        .map(|target| Answer {
            ref_id: target.ref_id().to_owned(),
            expr: target.expr().to_owned(),
            legend: target.legend().to_owned(),
            format: target.format(),
            step: Some(15_000).filter(|_| !target.instant()),
            series: vec![
                series("x", 1.0, target.instant()),
                series("y", 70.0, target.instant()),
            ],
        })
        .collect()
}

#[test]
fn every_panel_draws_something_from_answers() {
    let context = DisplayContext::default();
    for (name, _, import) in taken_in() {
        let values = chosen(&import.dashboard);
        let globals = Globals::default();
        let scope = Scope::new(&values, &globals);
        for panel in import.dashboard.all_panels() {
            if panel.targets().is_empty() {
                continue;
            }
            let answers = answers(panel);
            let data = prepare(&panel, &answers, &scope);
            let place = format!("{name}: {}", panel.path());
            assert_eq!(data.notices, [], "{place}");
            match panel.kind() {
                PanelKind::TimeSeries => {
                    let drawn = TimeSeries::new(&data.frames, panel.options(), &context);
                    assert!(!drawn.lines.is_empty(), "{place}");
                    assert!(
                        drawn
                            .lines
                            .iter()
                            .all(|line| !line.name.is_empty() || !answers[0].legend.is_empty()),
                        "{place}"
                    );
                    assert!(
                        drawn
                            .axes
                            .iter()
                            .all(|axis| axis.limits().0 < axis.limits().1),
                        "{place}"
                    );
                    drawn.legend_rows(&context);
                }
                PanelKind::Stat => {
                    let drawn = Stat::new(&data.frames, panel.options(), &context);
                    assert!(drawn.items.iter().all(|item| !item.value.empty), "{place}");
                }
                PanelKind::Gauge => assert!(
                    !Gauge::new(&data.frames, panel.options(), &context)
                        .items
                        .is_empty(),
                    "{place}"
                ),
                PanelKind::BarGauge => assert!(
                    !BarGauge::new(&data.frames, panel.options(), &context)
                        .items
                        .is_empty(),
                    "{place}"
                ),
                PanelKind::Table => {
                    let drawn = Table::new(&data.frames, panel.options(), &context);
                    assert!(drawn.rows() > 0 && !drawn.columns.is_empty(), "{place}");
                    for row in 0..drawn.rows() {
                        assert_eq!(
                            drawn.row(row, &context).len(),
                            drawn.columns.len(),
                            "{place}"
                        );
                    }
                    // Names that organising gives never leave a generated one of a query.
                    let tables = answers
                        .iter()
                        .filter(|answer| answer.format == ResultFormat::Table)
                        .count();
                    if tables > 1 && name.contains("k8s-resources") {
                        let names: Vec<&str> = drawn
                            .columns
                            .iter()
                            .map(|column| column.name.as_str())
                            .collect();
                        assert!(!names.iter().any(|name| name.starts_with("Value #") || name.starts_with("Time")), "{place}: {names:?}");
                    }
                }
                other => panic!("{place}: {other:?}"),
            }
        }
    }
}

#[test]
fn node_exporter_full_and_the_namespace_table_look_as_their_authors_meant() {
    let all = taken_in();
    let find = |name: &str| {
        all.iter()
            .find(|(known, ..)| known == name)
            .map(|(.., import)| &import.dashboard)
    };
    let Some(full) = find("node-exporter-full") else {
        println!("skipped: there is no such dashboard beside the workspace");
        return;
    };
    let rows = full
        .panels()
        .iter()
        .filter(|panel| panel.kind() == PanelKind::Row)
        .count();
    assert_eq!((full.all_panels().len() - rows, rows), (125, 16));
    let context = DisplayContext::default();
    let values = chosen(full);
    let globals = Globals::default();
    let scope = Scope::new(&values, &globals);
    let network = full
        .all_panels()
        .into_iter()
        .find(|panel| panel.title() == "Network Traffic")
        .unwrap();
    let data = prepare(&network, &answers(network), &scope);
    let drawn = TimeSeries::new(&data.frames, network.options(), &context);
    let out: Vec<_> = drawn
        .lines
        .iter()
        .filter(|line| line.style.negative)
        .collect();
    assert!(
        !out.is_empty()
            && out
                .iter()
                .all(|line| line.values.iter().all(|value| *value < 0.0))
    );
    let namespace = find("kube-prometheus-k8s-resources-namespace").unwrap();
    let values = chosen(namespace);
    let scope = Scope::new(&values, &globals);
    let table = namespace
        .all_panels()
        .into_iter()
        .find(|panel| panel.kind() == PanelKind::Table)
        .unwrap();
    let data = prepare(&table, &answers(table), &scope);
    let drawn = Table::new(&data.frames, table.options(), &context);
    let names: Vec<&str> = drawn
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert!(
        names.contains(&"Pod") && names.iter().any(|name| name.contains('%')),
        "{names:?}"
    );
    let percent = drawn
        .columns
        .iter()
        .position(|column| column.name.contains('%'))
        .unwrap();
    assert!(
        drawn.row(0, &context)[percent]
            .shown
            .text
            .to_string()
            .ends_with('%')
    );
    let pod = &drawn.frame.fields[drawn
        .columns
        .iter()
        .find(|column| column.name == "Pod")
        .unwrap()
        .field];
    let url = dashboard::link_url(
        &pod.options.links[0].url,
        &scope,
        &drawn.frame,
        pod,
        Some(0),
    );
    assert!(url.contains("var-pod=pod-x") && !url.contains('$'), "{url}");
}
