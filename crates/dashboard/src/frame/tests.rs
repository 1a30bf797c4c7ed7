use super::*;
use model::Labels;

fn series(labels: &[(&str, &str)], points: &[(f64, f64)]) -> AnswerSeries {
    AnswerSeries {
        labels: Labels::from_pairs(labels.iter().copied()),
        times: points.iter().map(|point| point.0).collect(),
        values: points.iter().map(|point| point.1).collect(),
    }
}

fn answer(ref_id: &str, legend: &str, format: ResultFormat, series: Vec<AnswerSeries>) -> Answer {
    Answer {
        ref_id: ref_id.into(),
        expr: "up".into(),
        legend: legend.into(),
        format,
        step: Some(1000),
        series,
    }
}

fn names(frames: &[Frame]) -> Vec<String> {
    frames
        .iter()
        .map(|frame| display_name(&frame.fields[1], frame, frames))
        .collect()
}

#[test]
fn legends_are_templates_or_labels_or_the_expression() {
    let two = || {
        vec![
            series(
                &[("__name__", "up"), ("job", "node"), ("instance", "a:1")],
                &[(0.0, 1.0)],
            ),
            series(
                &[("__name__", "up"), ("job", "node"), ("instance", "b:1")],
                &[(0.0, 1.0)],
            ),
        ]
    };
    let of = |legend, series| {
        names(&build_frames(&[answer(
            "A",
            legend,
            ResultFormat::TimeSeries,
            series,
        )]))
    };
    assert_eq!(
        of("{{ job }} on {{instance}}{{nothing}}", two()),
        ["node on a:1", "node on b:1"]
    );
    assert_eq!(of("__auto", two()), ["a:1", "b:1"]);
    assert_eq!(of("", two())[0], r#"up{instance="a:1", job="node"}"#);
    assert_eq!(of("", vec![series(&[], &[(0.0, 1.0)])]), ["up"]);
    assert_eq!(of("__auto", vec![series(&[], &[(0.0, 1.0)])]), ["up"]);
    assert_eq!(
        of("__auto", vec![series(&[("mode", "idle")], &[])]),
        [r#"{mode="idle"}"#]
    );
}

#[test]
fn missing_samples_become_a_gap() {
    let frames = build_frames(&[answer(
        "A",
        "",
        ResultFormat::TimeSeries,
        vec![series(
            &[],
            &[(0.0, 1.0), (1000.0, 2.0), (5000.0, 3.0), (6000.0, 4.0)],
        )],
    )]);
    let Column::Time(times) = &frames[0].fields[0].column else {
        panic!("no times")
    };
    assert_eq!(times, &[0.0, 1000.0, 2000.0, 5000.0, 6000.0]);
    assert_eq!(frames[0].fields[1].column.cell(2), Cell::Null);
}

#[test]
fn tables_have_a_column_for_each_label_and_numbered_values() {
    let rows = || {
        vec![
            series(&[("pod", "a"), ("ns", "x")], &[(9.0, 1.0)]),
            series(&[("pod", "b"), ("node", "n1")], &[(9.0, 2.0)]),
        ]
    };
    let frames = build_frames(&[
        answer("A", "", ResultFormat::Table, rows()),
        answer("B", "", ResultFormat::Table, rows()),
    ]);
    let columns = |frame: &Frame| {
        frame
            .fields
            .iter()
            .map(|field| field.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        columns(&frames[0]),
        ["Time", "ns", "pod", "node", "Value #A"]
    );
    assert_eq!(columns(&frames[1])[4], "Value #B");
    assert_eq!(
        frames[0].fields[1].column.cell(1),
        Cell::Text(String::new())
    );
    let single = build_frames(&[answer("A", "", ResultFormat::Table, rows())]);
    assert_eq!(columns(&single[0])[4], "Value");
}

#[test]
fn heatmaps_take_the_lower_buckets_away_and_sort_by_bound() {
    let frames = build_frames(&[answer(
        "A",
        "{{le}}",
        ResultFormat::Heatmap,
        vec![
            series(&[("le", "+Inf")], &[(0.0, 30.0), (1000.0, 35.0)]),
            series(&[("le", "10")], &[(0.0, 10.0), (1000.0, 10.0)]),
            series(&[("le", "20")], &[(0.0, 20.0), (1000.0, 10.0)]),
        ],
    )]);
    assert_eq!(frames.len(), 1);
    assert_eq!(frames[0].kind, FrameKind::HeatmapRows);
    let columns: Vec<_> = frames[0].fields[1..]
        .iter()
        .map(|field| {
            (
                field.name.as_str(),
                field.column.number(0).unwrap(),
                field.column.number(1).unwrap(),
            )
        })
        .collect();
    assert_eq!(
        columns,
        [("10", 10.0, 10.0), ("20", 10.0, 0.0), ("+Inf", 10.0, 25.0)]
    );
}

#[test]
fn null_is_not_nan_and_survives_in_columns() {
    let column = Column::Number(vec![NULL, f64::NAN, 1.0]);
    assert_eq!(column.cell(0), Cell::Null);
    assert!(matches!(column.cell(1), Cell::Number(n) if n.is_nan()));
    assert_eq!(
        column.pick(&[2, 0, 9]),
        Column::Number(vec![1.0, NULL, NULL])
    );
}
