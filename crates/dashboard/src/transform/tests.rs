use super::*;
use crate::frame::{Answer, AnswerSeries, Cell, Column, NULL, ResultFormat, build_frames};
use model::Labels;
use serde_json::json;

/// The answer to an instant query as a table: labels and value of each row.
fn answer(ref_id: &str, rows: &[(&[(&str, &str)], f64)]) -> Answer {
    Answer {
        ref_id: ref_id.into(),
        format: ResultFormat::Table,
        series: rows
            .iter()
            .map(|(labels, value)| AnswerSeries {
                labels: Labels::from_pairs(labels.iter().copied()),
                times: vec![1000.0],
                values: vec![*value],
            })
            .collect(),
        ..Answer::default()
    }
}

fn run(frames: Vec<Frame>, list: Value) -> Vec<Frame> {
    let done = transform(
        frames,
        list.as_array().unwrap(),
        &TransformContext::default(),
    );
    assert_eq!(done.notices, []);
    done.frames
}

/// Names and cells, as text.
fn show(frame: &Frame) -> Vec<String> {
    let frames = [frame.clone()];
    frames[0]
        .fields
        .iter()
        .zip(names(&frames[0], &frames))
        .map(|(field, name)| {
            let cells: Vec<String> = (0..field.column.len())
                .map(|row| field.column.cell(row).plain_text())
                .collect();
            format!("{name}: {}", cells.join(" "))
        })
        .collect()
}

fn numbers(name: &str, values: &[f64]) -> Field {
    Field::new(name, Column::Number(values.to_vec()))
}

fn texts(name: &str, values: &[&str]) -> Field {
    Field::new(
        name,
        Column::Text(values.iter().map(|text| Some((*text).to_owned())).collect()),
    )
}

fn times(values: &[f64]) -> Field {
    Field::new("Time", Column::Time(values.to_vec()))
}

fn namespaces() -> Vec<Frame> {
    build_frames(&[
        answer(
            "A",
            &[
                (&[("namespace", "kube")], 3.0),
                (&[("namespace", "web")], 5.0),
            ],
        ),
        answer(
            "B",
            &[
                (&[("namespace", "web")], 0.5),
                (&[("namespace", "new")], 0.25),
            ],
        ),
    ])
}

#[test]
fn tables_of_kubernetes_join_hide_and_name_their_columns() {
    let join = json!({"id": "joinByField", "options": {"byField": "namespace", "mode": "outer"}});
    let joined = run(namespaces(), json!([join]));
    assert_eq!(
        show(&joined[0]),
        [
            "namespace: kube web new",
            "Time 1: 1000 1000 ",
            "Value #A: 3 5 ",
            "Time 2:  1000 1000",
            "Value #B:  0.5 0.25",
        ]
    );
    let organize = json!({"id": "organize", "options": {
        "excludeByName": {"Time": true, "Time 1": true, "Time 2": true},
        "indexByName": {"Time 1": 0, "Time 2": 1, "Value #A": 3, "Value #B": 4, "namespace": 2},
        "renameByName": {"Value #A": "Pods", "namespace": "Namespace"},
    }});
    assert_eq!(
        show(&run(namespaces(), json!([join, organize]))[0]),
        [
            "Namespace: kube web new",
            "Pods: 3 5 ",
            "Value #B:  0.5 0.25",
        ]
    );
    let inner =
        json!({"id": "seriesToColumns", "options": {"byField": "namespace", "mode": "inner"}});
    assert_eq!(
        show(&run(namespaces(), json!([inner]))[0])[0],
        "namespace: web"
    );
}

#[test]
fn disks_merge_group_calculate_and_sort() {
    let disk = |device: &str, mount: &str, value| -> (Vec<(String, String)>, f64) {
        (
            vec![
                ("device".into(), device.into()),
                ("mountpoint".into(), mount.into()),
            ],
            value,
        )
    };
    let rows = |list: Vec<(Vec<(String, String)>, f64)>, ref_id: &str| Answer {
        ref_id: ref_id.into(),
        format: ResultFormat::Table,
        series: list
            .into_iter()
            .map(|(labels, value)| AnswerSeries {
                labels: Labels::from_pairs(labels),
                times: vec![1000.0],
                values: vec![value],
            })
            .collect(),
        ..Answer::default()
    };
    let frames = build_frames(&[
        rows(
            vec![disk("sda", "/", 100.0), disk("sdb", "/data", 400.0)],
            "A",
        ),
        rows(
            vec![disk("sda", "/", 25.0), disk("sdb", "/data", 300.0)],
            "B",
        ),
    ]);
    let steps = json!([
        {"id": "groupBy", "options": {"fields": {
            "Value #A": {"aggregations": ["lastNotNull"], "operation": "aggregate"},
            "Value #B": {"aggregations": ["lastNotNull"], "operation": "aggregate"},
            "mountpoint": {"aggregations": [], "operation": "groupby"},
        }}},
        {"id": "merge"},
        {"id": "calculateField", "options": {"alias": "Used", "mode": "binary", "reduce": {"reducer": "sum"},
            "binary": {"left": "Value #A (lastNotNull)", "operator": "-", "reducer": "sum", "right": "Value #B (lastNotNull)"}}},
        {"id": "calculateField", "options": {"alias": "Used, %", "mode": "binary",
            "binary": {"left": {"matcher": {"id": "byName", "options": "Used"}}, "operator": "/", "right": {"matcher": {"id": "byName", "options": "Value #A (lastNotNull)"}}}}},
        {"id": "organize", "options": {"excludeByName": {}, "indexByName": {}, "renameByName": {"mountpoint": "Mounted on"}}},
        {"id": "sortBy", "options": {"fields": {}, "sort": [{"field": "Mounted on", "desc": true}]}},
    ]);
    assert_eq!(
        show(&run(frames, steps)[0]),
        [
            "Mounted on: /data /",
            "Value #A (lastNotNull): 400 100",
            "Value #B (lastNotNull): 300 25",
            "Used: 100 75",
            "Used, %: 0.25 0.75",
        ]
    );
}

fn sample() -> Vec<Frame> {
    vec![table(vec![
        times(&[1000.0, 2000.0, 3000.0, 4000.0]),
        numbers("cpu", &[1.0, 5.0, NULL, 3.0]),
        texts("host", &["a", "b", "a", "b"]),
    ])]
}

#[test]
fn rows_are_filtered_sorted_and_cut() {
    let rows = |list: Value| show(&run(sample(), list)[0])[0].clone();
    let filter = |kind: &str, how: &str, tests: Value| json!([{"id": "filterByValue", "options": {"type": kind, "match": how, "filters": tests}}]);
    let test = |field: &str, id: &str, value: Value| json!({"fieldName": field, "config": {"id": id, "options": {"value": value}}});
    assert_eq!(
        rows(filter(
            "include",
            "any",
            json!([test("cpu", "greater", json!(2))])
        )),
        "Time: 2000 4000"
    );
    assert_eq!(
        rows(filter(
            "exclude",
            "any",
            json!([test("cpu", "isNull", Value::Null)])
        )),
        "Time: 1000 2000 4000"
    );
    assert_eq!(
        rows(filter(
            "include",
            "all",
            json!([
                test("cpu", "lowerOrEqual", json!(3)),
                test("host", "regex", json!("^b"))
            ])
        )),
        "Time: 4000"
    );
    assert_eq!(
        rows(filter(
            "include",
            "any",
            json!([
                test("host", "equal", json!("a")),
                test("cpu", "equal", json!("5"))
            ])
        )),
        "Time: 1000 2000 3000"
    );
    assert_eq!(
        rows(json!([{"id": "sortBy", "options": {"sort": [{"field": "cpu"}]}}])),
        "Time: 3000 1000 4000 2000"
    );
    assert_eq!(
        rows(json!([{"id": "limit", "options": {"limitField": 2}}])),
        "Time: 1000 2000"
    );
    assert_eq!(
        rows(json!([{"id": "limit", "options": {"limitField": "2"}, "disabled": true}])),
        "Time: 1000 2000 3000 4000"
    );
}

#[test]
fn fields_are_kept_renamed_and_taken_by_query() {
    let fields = |list: Value| show(&run(sample(), list)[0]);
    let names_of = |list: Value| -> Vec<String> {
        fields(list)
            .iter()
            .map(|text| text.split(':').next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        names_of(
            json!([{"id": "filterFieldsByName", "options": {"include": {"names": ["cpu"], "pattern": "/^h/"}}}])
        ),
        ["cpu", "host"]
    );
    assert_eq!(
        names_of(
            json!([{"id": "filterFieldsByName", "options": {"exclude": {"pattern": "cpu|Time"}}}])
        ),
        ["host"]
    );
    assert_eq!(
        names_of(
            json!([{"id": "filterFields", "options": {"include": {"id": "byType", "options": "number"}}}])
        ),
        ["cpu"]
    );
    assert_eq!(
        names_of(
            json!([{"id": "renameByRegex", "options": {"regex": "/(c)pu/", "renamePattern": "$1ores"}}])
        ),
        ["Time", "cores", "host"]
    );
    let kept = run(
        namespaces(),
        json!([{"id": "filterByRefId", "options": {"include": "B|C"}}]),
    );
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].ref_id.as_deref(), Some("B"));
    let only_b = run(
        namespaces(),
        json!([{"id": "limit", "filter": {"id": "byRefId", "options": "B"}, "options": {"limitField": 1}}]),
    );
    assert_eq!(only_b.iter().map(Frame::rows).collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn new_fields_are_calculated_in_every_way() {
    let last = |options: Value| {
        show(
            &run(
                sample(),
                json!([{"id": "calculateField", "options": options}]),
            )[0],
        )
        .pop()
        .unwrap()
    };
    assert_eq!(
        last(json!({"mode": "reduceRow", "reduce": {"reducer": "sum"}})),
        "Total: 1 5 0 3"
    );
    assert_eq!(
        last(
            json!({"mode": "binary", "binary": {"left": "cpu", "operator": "*", "right": {"fixed": "2"}}})
        ),
        "cpu * 2: 2 10  6"
    );
    assert_eq!(last(json!({"mode": "unary", "unary": {"operator": "exp", "fieldName": "cpu"}, "alias": "e", "replaceFields": true})).split(' ').next().unwrap(), "e:");
    assert_eq!(
        last(
            json!({"mode": "cumulativeFunctions", "cumulative": {"field": "cpu", "reducer": "sum"}})
        ),
        "cumulative sum(cpu): 1 6 6 9"
    );
    assert_eq!(
        last(
            json!({"mode": "windowFunctions", "window": {"field": "cpu", "reducer": "mean", "windowAlignment": "trailing", "windowSizeMode": "fixed", "windowSize": 2}})
        ),
        "trailing moving mean(cpu): 1 3 5 3"
    );
    assert_eq!(last(json!({"mode": "index"})), "Row: 0 1 2 3");
}

fn two_series() -> Vec<Frame> {
    let series = |name: &str, values: &[f64]| AnswerSeries {
        labels: Labels::from_pairs([("host", name), ("job", "node")]),
        times: vec![1000.0, 2000.0],
        values: values.to_vec(),
    };
    build_frames(&[Answer {
        ref_id: "A".into(),
        legend: "{{host}}".into(),
        step: Some(1000),
        series: vec![series("a", &[1.0, 2.0]), series("b", &[3.0, 4.0])],
        ..Answer::default()
    }])
}

#[test]
fn series_become_tables_in_every_shape() {
    let one = |list: Value| show(&run(two_series(), list)[0]);
    assert_eq!(
        one(json!([{"id": "seriesToRows"}])),
        [
            "Time: 2000 2000 1000 1000",
            "Metric: a b a b",
            "Value: 2 4 1 3"
        ]
    );
    assert_eq!(
        one(json!([{"id": "reduce", "options": {"reducers": ["max", "lastNotNull"]}}])),
        ["Field: a b", "Max: 2 4", "Last *: 2 4"]
    );
    assert_eq!(
        one(json!([{"id": "reduce", "options": {"reducers": ["mean"], "labelsToFields": true}}])),
        ["host: a b", "job: node node", "Mean: 1.5 3.5"]
    );
    assert_eq!(
        one(json!([{"id": "reduce", "options": {"mode": "reduceFields", "reducers": ["sum"]}}])),
        ["a: 3"]
    );
    assert_eq!(
        one(json!([{"id": "labelsToFields", "options": {}}])),
        [
            "Time: 1000 2000",
            "host: a a",
            "job: node node",
            "Value: 1 2"
        ]
    );
    assert_eq!(
        one(json!([{"id": "labelsToFields", "options": {}}, {"id": "merge"}])),
        [
            "Time: 1000 2000 1000 2000",
            "host: a a b b",
            "job: node node node node",
            "Value: 1 2 3 4"
        ]
    );
    assert_eq!(
        one(json!([{"id": "joinByField", "options": {}}])),
        ["Time: 1000 2000", "a: 1 2", "b: 3 4"]
    );
    assert_eq!(
        run(
            two_series(),
            json!([{"id": "prepareTimeSeries", "options": {"format": "multi"}}])
        )
        .len(),
        2
    );
    assert_eq!(
        one(json!([{"id": "concatenate", "options": {"frameNameMode": "drop"}}])).len(),
        4
    );
}

#[test]
fn tables_turn_over_and_split() {
    let one = |list: Value| show(&run(sample(), list)[0]);
    assert_eq!(
        one(
            json!([{"id": "limit", "options": {"limitField": 2}}, {"id": "rowsToFields", "options": {"mappings": [
            {"fieldName": "host", "handlerKey": "field.name"}, {"fieldName": "cpu", "handlerKey": "field.value"}]}}])
        ),
        ["a: 1", "b: 5"]
    );
    assert_eq!(
        one(
            json!([{"id": "groupingToMatrix", "options": {"columnField": "host", "rowField": "Time", "valueField": "cpu", "emptyValue": "zero"}}])
        ),
        ["Time\\host: 1000 2000 3000 4000", "a: 1 0  0", "b: 0 5 0 3"]
    );
    assert_eq!(
        one(
            json!([{"id": "filterFieldsByName", "options": {"include": {"names": ["host", "cpu"]}}}, {"id": "organize", "options": {"indexByName": {"host": 0, "cpu": 1}}},
            {"id": "limit", "options": {"limitField": 2}}, {"id": "transpose", "options": {}}])
        ),
        ["host: cpu", "a: 1", "b: 5"]
    );
    let parts = run(
        sample(),
        json!([{"id": "partitionByValues", "options": {"fields": ["host"]}}]),
    );
    assert_eq!(parts.len(), 2);
    assert_eq!(parts[1].name.as_deref(), Some("b"));
    assert_eq!(parts[1].fields[1].labels.get("host"), Some("b"));
}

#[test]
fn values_are_converted_and_taken_apart() {
    let frames = || {
        vec![table(vec![
            texts("at", &["2025-01-31 12:00:00"]),
            texts("n", &["42"]),
            texts("json", &[r#"{"a": {"b": [7]}, "c": "x"}"#]),
            texts("kv", &[r#"level=info msg="all good" took=3"#]),
        ])]
    };
    let one = |list: Value| show(&run(frames(), list)[0]);
    let converted = run(
        frames(),
        json!([{"id": "convertFieldType", "options": {"conversions": [
        {"targetField": "n", "destinationType": "number"}, {"targetField": "at", "destinationType": "time"}]}}]),
    );
    assert_eq!(converted[0].fields[1].column, Column::Number(vec![42.0]));
    assert_eq!(
        converted[0].fields[0].column.cell(0),
        Cell::Time(1_738_324_800_000.0)
    );
    assert_eq!(
        one(
            json!([{"id": "extractFields", "options": {"source": "json", "format": "json", "replace": true,
            "jsonPaths": [{"path": "a.b[0]", "alias": "seven"}, {"path": "c"}]}}])
        ),
        ["seven: 7", "c: x"]
    );
    assert_eq!(
        one(
            json!([{"id": "extractFields", "options": {"source": "kv", "format": "kvp", "replace": true}}])
        ),
        ["level: info", "msg: all good", "took: 3"]
    );
    assert_eq!(
        one(
            json!([{"id": "convertFieldType", "options": {"conversions": [{"targetField": "at", "destinationType": "time"}]}},
            {"id": "formatTime", "options": {"timeField": "at", "outputFormat": "DD.MM.YYYY"}}])
        )[0],
        "at: 31.01.2025"
    );
    assert_eq!(one(json!([{"id": "formatString", "options": {"stringField": "kv", "outputFormat": "Upper Case"}}]))[3].split(' ').nth(1), Some("LEVEL=INFO"));
}

#[test]
fn histograms_have_round_buckets() {
    let frames = vec![table(vec![
        numbers("a", &[0.0, 1.0, 2.0, 9.5, NULL]),
        numbers("b", &[4.0]),
    ])];
    let done = run(
        frames.clone(),
        json!([{"id": "histogram", "options": {"bucketSize": 5}}]),
    );
    assert_eq!(
        show(&done[0]),
        ["xMin: 0 5", "xMax: 5 10", "a: 3 1", "b: 1 0"]
    );
    let done = run(
        frames,
        json!([{"id": "histogram", "options": {"bucketCount": 4, "combine": true}}]),
    );
    assert_eq!(
        show(&done[0]),
        ["xMin: 0 2.5 5 7.5", "xMax: 2.5 5 7.5 10", "Count: 3 1 0 1"]
    );
}

#[test]
fn what_is_not_known_passes_data_on_and_says_so() {
    let list = [
        json!({"id": "regression", "options": {}}),
        json!({"id": "limit", "options": {"limitField": 1}}),
    ];
    let done = transform(sample(), &list, &TransformContext::default());
    assert_eq!(done.frames[0].rows(), 1);
    assert_eq!(
        done.notices[0].to_string(),
        "transformations › transformations: the transformation `regression` is not made here; the data passes as it is"
    );
}
