#![expect(
    clippy::needless_pass_by_value,
    reason = "frames are written where they are used"
)]

use super::*;
use crate::document::PanelKind;
use crate::field::FieldConfig;
use crate::frame::{
    Answer, AnswerSeries, Column, DisplayContext, Field, Frame, NULL, ResultFormat, build_frames,
    configure,
};
use model::Labels;
use serde_json::{Value, json};

fn series(name: &str, points: &[(f64, f64)]) -> AnswerSeries {
    AnswerSeries {
        labels: Labels::from_pairs([("name", name)]),
        times: points.iter().map(|point| point.0).collect(),
        values: points.iter().map(|point| point.1).collect(),
    }
}

fn frames(kind: &PanelKind, config: &Value, list: Vec<AnswerSeries>) -> Vec<Frame> {
    let answer = Answer {
        ref_id: "A".into(),
        legend: "{{name}}".into(),
        step: Some(1000),
        series: list,
        ..Answer::default()
    };
    shown(kind, config, build_frames(&[answer]))
}

fn shown(kind: &PanelKind, config: &Value, frames: Vec<Frame>) -> Vec<Frame> {
    let config = FieldConfig::read(Some(config), "panel", &mut Vec::new());
    configure(
        &frames,
        &config,
        &default_field_options(kind),
        &|text, _, _| text.to_owned(),
    )
    .frames
}

fn in_and_out() -> Vec<AnswerSeries> {
    vec![
        series("in", &[(0.0, 1.0), (1000.0, 2.0)]),
        series("out", &[(0.0, 3.0), (1000.0, 4.0)]),
        series("all in", &[(0.0, 10.0), (1000.0, 20.0)]),
    ]
}

fn lines(config: &Value) -> TimeSeries {
    TimeSeries::new(
        &frames(&PanelKind::TimeSeries, config, in_and_out()),
        &json!({}),
        &DisplayContext::default(),
    )
}

#[test]
fn stacks_stand_on_each_other_and_negative_ones_hang_below() {
    let drawn = lines(&json!({
        "defaults": {"custom": {"stacking": {"mode": "normal", "group": "A"}}},
        "overrides": [{"matcher": {"id": "byName", "options": "out"}, "properties": [{"id": "custom.transform", "value": "negative-Y"}]}],
    }));
    let values: Vec<Vec<f64>> = drawn.lines.iter().map(|line| line.values.clone()).collect();
    assert_eq!(values, [vec![1.0, 2.0], vec![-3.0, -4.0], vec![11.0, 22.0]]);
    assert_eq!(drawn.lines[2].base, Some(vec![1.0, 2.0]));
    assert_eq!(drawn.axes.len(), 1);
    let (low, high) = drawn.axes[0].limits();
    assert!(low < -4.0 && high > 22.0);
    let percent = lines(&json!({"defaults": {"custom": {"stacking": {"mode": "percent"}}}}));
    assert_eq!(percent.axes[0].unit, "percent");
    assert!((percent.lines[2].values[0] - 100.0).abs() < 1e-9);
    assert_eq!(percent.axes[0].limits(), (0.0, 100.0));
}

#[test]
fn a_stack_has_a_gap_where_none_of_its_series_has_a_value() {
    let list = vec![
        series("in", &[(0.0, 1.0), (1000.0, 2.0), (60_000.0, 3.0)]),
        series("out", &[(0.0, 4.0), (60_000.0, 5.0)]),
    ];
    let config = json!({"defaults": {"custom": {"stacking": {"mode": "normal", "group": "A"}}}});
    let drawn = TimeSeries::new(
        &frames(&PanelKind::TimeSeries, &config, list),
        &json!({}),
        &DisplayContext::default(),
    );
    let at = |line: usize, time: f64| {
        let line = &drawn.lines[line];
        let index = line.times.iter().position(|own| *own == time);
        index.map(|index| line.values[index])
    };
    assert_eq!(at(1, 0.0), Some(5.0));
    assert_eq!(at(1, 60_000.0), Some(8.0));
    for line in &drawn.lines {
        let between = line.times.iter().zip(&line.values);
        let gaps = between
            .filter(|(time, _)| **time > 1000.0 && **time < 60_000.0)
            .map(|(_, value)| crate::is_null(*value));
        let gaps: Vec<bool> = gaps.collect();
        assert!(!gaps.is_empty() && gaps.iter().all(|gap| *gap), "{line:?}");
    }
}

#[test]
fn units_have_axes_of_their_own_and_hidden_series_keep_their_color() {
    let drawn = lines(&json!({
        "defaults": {"unit": "bytes", "custom": {"thresholdsStyle": {"mode": "line"}, "axisSoftMin": 0}},
        "overrides": [
            {"matcher": {"id": "byName", "options": "out"}, "properties": [{"id": "unit", "value": "percent"}]},
            {"matcher": {"id": "byName", "options": "in"}, "properties": [{"id": "custom.hideFrom", "value": {"viz": true}}]},
        ],
    }));
    let sides: Vec<(AxisSide, &str)> = drawn
        .axes
        .iter()
        .map(|axis| (axis.side, axis.unit.as_str()))
        .collect();
    assert_eq!(
        sides,
        [(AxisSide::Left, "percent"), (AxisSide::Right, "bytes")]
    );
    assert_eq!(drawn.lines[0].color.to_css(), "#fade2a");
    assert_eq!(drawn.axes[1].thresholds.len(), 2);
    assert_eq!(drawn.axes[1].limits().0, 0.0);
}

#[test]
fn legends_sort_by_the_column_they_name() {
    let options = json!({"legend": {"displayMode": "table", "calcs": ["mean", "lastNotNull"], "sortBy": "Last *", "sortDesc": true}});
    let data = frames(
        &PanelKind::TimeSeries,
        &json!({"defaults": {"unit": "bps"}}),
        in_and_out(),
    );
    let drawn = TimeSeries::new(&data, &options, &DisplayContext::default());
    let rows: Vec<(String, String)> = drawn
        .legend_rows(&DisplayContext::default())
        .into_iter()
        .map(|row| (row.name, row.values[1].text.to_string()))
        .collect();
    let row = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        rows,
        [
            row("all in", "20 b/s"),
            row("out", "4 b/s"),
            row("in", "2 b/s")
        ]
    );
}

#[test]
fn line_styles_have_grafanas_defaults() {
    let style = LineStyle::read(&serde_json::Map::new());
    assert_eq!(
        (style.draw, style.interpolation),
        (DrawStyle::Line, Interpolation::Linear)
    );
    assert_eq!(
        (
            style.line_width,
            style.fill_opacity,
            style.point_size,
            style.bar_width
        ),
        (1.0, 0.0, 5.0, 0.6)
    );
    assert_eq!(
        (style.span_nulls, style.stack, style.axis),
        (SpanNulls::Never, StackMode::None, AxisPlacement::Auto)
    );
    let Value::Object(custom) = json!({"lineStyle": {"fill": "dash", "dash": [4, 2]}, "spanNulls": 60000, "scaleDistribution": {"type": "log", "log": 10},
        "stacking": {"group": false, "mode": "normal"}})
    else {
        panic!()
    };
    let style = LineStyle::read(&custom);
    assert_eq!(
        (style.dash, style.span_nulls, style.scale),
        (
            vec![4.0, 2.0],
            SpanNulls::Below(60_000.0),
            ScaleKind::Log(10.0)
        )
    );
    assert_eq!(style.stack_group, "false");
}

#[test]
fn stats_show_value_color_change_and_nothing() {
    let stat = |config: Value, options: Value, list| {
        Stat::new(
            &frames(&PanelKind::Stat, &config, list),
            &options,
            &DisplayContext::default(),
        )
    };
    let drawn = stat(
        json!({"defaults": {"unit": "percentunit", "decimals": 1}}),
        json!({"showPercentChange": true}),
        vec![series("a", &[(0.0, 0.4), (1000.0, 0.5)])],
    );
    let item = &drawn.items[0];
    assert_eq!(
        (item.name.as_deref(), item.text.as_deref()),
        (None, Some("50.0%"))
    );
    assert_eq!(item.text_color.unwrap().to_css(), "#73bf69");
    assert_eq!(item.change, Some(("+25.0%".into(), true)));
    assert_eq!(item.value.sparkline.as_ref().unwrap().1, [0.4, 0.5]);
    let two = stat(
        json!({}),
        json!({"colorMode": "background", "graphMode": "none", "reduceOptions": {"calcs": ["max"]}}),
        vec![series("a", &[(0.0, 90.0)]), series("b", &[(0.0, 1.0)])],
    );
    assert_eq!(two.items[0].name.as_deref(), Some("a"));
    assert_eq!(two.items[0].background.unwrap().to_css(), "#f2495c");
    let none = stat(json!({}), json!({}), Vec::new());
    assert_eq!(none.items[0].text.as_deref(), Some("No data"));
    assert!(none.items[0].value.empty);
    let null = stat(json!({}), json!({}), vec![series("a", &[(0.0, NULL)])]);
    assert_eq!(null.items[0].text.as_deref(), Some("-"));
}

#[test]
fn fields_and_rows_are_chosen_as_asked() {
    let table = || {
        vec![Frame {
            fields: vec![
                Field::new(
                    "version",
                    Column::Text(vec![Some("v1.2".into()), Some("v1.3".into())]),
                ),
                Field::new("Value", Column::Number(vec![1.0, 2.0])),
            ],
            ..Frame::default()
        }]
    };
    let texts = |options: Value| -> Vec<(String, String)> {
        let frames = shown(&PanelKind::Stat, &json!({}), table());
        Stat::new(&frames, &options, &DisplayContext::default())
            .items
            .iter()
            .map(|item| (item.value.name.clone(), item.text.clone().unwrap()))
            .collect()
    };
    let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    assert_eq!(
        texts(json!({"reduceOptions": {"calcs": ["last"], "fields": "/^version$/"}})),
        [pair("version", "v1.3")]
    );
    assert_eq!(
        texts(json!({"reduceOptions": {"values": true}})),
        [pair("v1.2", "1"), pair("v1.3", "2")]
    );
    assert_eq!(
        texts(json!({"reduceOptions": {"values": true, "limit": 1}})),
        [pair("v1.2", "1")]
    );
}

#[test]
fn gauges_have_scales_and_colored_segments() {
    let config = json!({"defaults": {"unit": "percent", "thresholds": {"mode": "absolute", "steps": [
        {"color": "green", "value": null}, {"color": "orange", "value": 85}, {"color": "red", "value": 95}]}}});
    let data = frames(
        &PanelKind::Gauge,
        &config,
        vec![series("a", &[(0.0, 90.0)])],
    );
    let drawn = Gauge::new(
        &data,
        &json!({"showThresholdLabels": true}),
        &DisplayContext::default(),
    );
    let item = &drawn.items[0];
    assert_eq!((item.scale, item.part), ((0.0, 100.0), 0.9));
    let ends: Vec<(f64, f64)> = item
        .segments
        .iter()
        .map(|segment| (segment.from, segment.to))
        .collect();
    assert_eq!(ends, [(0.0, 0.85), (0.85, 0.95), (0.95, 1.0)]);
    assert_eq!(
        item.labels,
        [("85%".to_owned(), 0.85), ("95%".to_owned(), 0.95)]
    );
    assert_eq!(item.value.shown.color.to_css(), "#ff9830");
    let bars = BarGauge::new(
        &frames(
            &PanelKind::BarGauge,
            &json!({"defaults": {"min": 0}}),
            vec![series("a", &[(0.0, 5.0)]), series("b", &[(0.0, 20.0)])],
        ),
        &json!({"displayMode": "lcd"}),
        &DisplayContext::default(),
    );
    assert_eq!(
        bars.items.iter().map(|item| item.part).collect::<Vec<_>>(),
        [0.25, 1.0]
    );
}

#[test]
fn pies_leave_out_what_is_not_above_zero() {
    let data = frames(
        &PanelKind::PieChart,
        &json!({}),
        vec![
            series("a", &[(0.0, 1.0)]),
            series("b", &[(0.0, 3.0)]),
            series("c", &[(0.0, -1.0)]),
        ],
    );
    let drawn = Pie::new(
        &data,
        &json!({"pieType": "donut"}),
        &DisplayContext::default(),
    );
    let slices: Vec<(&str, f64, f64, &str)> = drawn
        .slices
        .iter()
        .map(|slice| {
            (
                slice.value.name.as_str(),
                slice.start,
                slice.part,
                slice.percent.as_str(),
            )
        })
        .collect();
    assert_eq!(slices, [("b", 0.0, 0.75, "75%"), ("a", 0.75, 0.25, "25%")]);
    assert!(drawn.options.donut);
}

#[test]
fn bar_charts_group_by_name_and_stack() {
    let data = shown(
        &PanelKind::BarChart,
        &json!({}),
        vec![Frame {
            fields: vec![
                Field::new(
                    "host",
                    Column::Text(vec![Some("long name".into()), Some("b".into())]),
                ),
                Field::new("in", Column::Number(vec![1.0, 2.0])),
                Field::new("out", Column::Number(vec![-1.0, NULL])),
                Field::new("more", Column::Number(vec![3.0, 2.0])),
            ],
            ..Frame::default()
        }],
    );
    let drawn = BarChart::new(
        &data,
        &json!({"stacking": "normal", "xTickLabelMaxLength": 4}),
        &DisplayContext::default(),
    );
    assert_eq!(
        drawn.categories[0],
        XCategory {
            label: "long…".into(),
            full: "long name".into()
        }
    );
    let bars: Vec<&Vec<Option<(f64, f64)>>> =
        drawn.series.iter().map(|series| &series.bars).collect();
    assert_eq!(
        bars,
        [
            &vec![Some((0.0, 1.0)), Some((0.0, 2.0))],
            &vec![Some((0.0, -1.0)), None],
            &vec![Some((1.0, 4.0)), Some((2.0, 4.0))],
        ]
    );
}

#[test]
fn states_merge_with_equal_neighbours_and_last_until_the_end() {
    let config = json!({"defaults": {"mappings": [{"type": "value", "options": {"1": {"text": "up"}, "0": {"text": "down"}}}]}});
    let data = frames(
        &PanelKind::StateTimeline,
        &config,
        vec![series(
            "a",
            &[(0.0, 1.0), (1000.0, 1.0), (2000.0, 0.0), (6000.0, 1.0)],
        )],
    );
    let options = StateOptions::read(&json!({}));
    let lanes = state_timeline(&data, &options, 7000.0, &DisplayContext::default());
    let states: Vec<(f64, f64, String)> = lanes[0]
        .states
        .iter()
        .map(|state| (state.from, state.to, state.shown.text.to_string()))
        .collect();
    // Nothing was known from 3000 on.
    assert_eq!(
        states,
        [
            (0.0, 2000.0, "up".into()),
            (2000.0, 3000.0, "down".into()),
            (6000.0, 7000.0, "up".into())
        ]
    );
    let squares = status_history(&data, &DisplayContext::default());
    assert_eq!(squares[0].states.len(), 4);
    assert_eq!(
        (squares[0].states[1].from, squares[0].states[1].to),
        (500.0, 1500.0)
    );
}

#[test]
fn heatmaps_take_buckets_or_make_them() {
    let bucket = |le: &str, values: [f64; 2]| AnswerSeries {
        labels: Labels::from_pairs([("le", le)]),
        times: vec![0.0, 1000.0],
        values: values.to_vec(),
    };
    let answer = Answer {
        ref_id: "A".into(),
        format: ResultFormat::Heatmap,
        step: Some(1000),
        series: vec![
            bucket("+Inf", [6.0, 4.0]),
            bucket("0.5", [2.0, 0.0]),
            bucket("0.1", [1.0, 0.0]),
        ],
        ..Answer::default()
    };
    let data = shown(
        &PanelKind::Heatmap,
        &json!({"defaults": {"unit": "s"}}),
        build_frames(&[answer]),
    );
    let drawn = Heatmap::new(
        &data,
        &json!({"color": {"scheme": "Oranges", "scale": "linear"}}),
        &DisplayContext::default(),
    );
    let labels: Vec<&str> = drawn
        .ys
        .iter()
        .map(|bucket| bucket.label.as_str())
        .collect();
    assert_eq!(labels, ["100 ms", "500 ms", "+Inf"]);
    assert_eq!((drawn.ys[1].low, drawn.ys[1].high), (Some(0.1), Some(0.5)));
    let cells: Vec<(usize, usize, f64)> = drawn
        .cells
        .iter()
        .map(|cell| (cell.x, cell.y, cell.count))
        .collect();
    assert_eq!(cells, [(0, 0, 1.0), (0, 1, 1.0), (0, 2, 4.0), (1, 2, 4.0)]);
    assert_eq!(
        (drawn.cells[0].color.to_css(), drawn.cells[2].color.to_css()),
        ("#fff5eb".into(), "#7f2704".into())
    );
    assert_eq!((drawn.x_size, drawn.scale), (1000.0, (1.0, 4.0)));
    let plain = frames(
        &PanelKind::Heatmap,
        &json!({}),
        vec![series("a", &[(0.0, 1.0), (500.0, 1.5), (1000.0, 9.0)])],
    );
    let made = Heatmap::new(
        &plain,
        &json!({"calculate": true, "calculation": {
        "xBuckets": {"mode": "size", "value": "1s"}, "yBuckets": {"mode": "size", "value": "5"}}}),
        &DisplayContext::default(),
    );
    let cells: Vec<(usize, usize, f64)> = made
        .cells
        .iter()
        .map(|cell| (cell.x, cell.y, cell.count))
        .collect();
    assert_eq!(cells, [(0, 0, 2.0), (1, 1, 1.0)]);
}

#[test]
fn histograms_draw_made_and_given_buckets() {
    let data = frames(
        &PanelKind::Histogram,
        &json!({"defaults": {"unit": "s"}}),
        vec![series("a", &[(0.0, 1.0), (1000.0, 1.2), (2000.0, 3.0)])],
    );
    let drawn = Histogram::new(&data, &json!({"bucketSize": 1}), &DisplayContext::default());
    let counts: Vec<f64> = drawn.series[0].bars.iter().map(|bar| bar.count).collect();
    assert_eq!((counts, drawn.unit.as_str()), (vec![2.0, 0.0, 1.0], "s"));
}

#[test]
fn tables_sort_color_and_sum_up() {
    let config = json!({"overrides": [
        {"matcher": {"id": "byName", "options": "used"}, "properties": [
            {"id": "custom.cellOptions", "value": {"type": "color-background", "mode": "basic", "applyToRow": true}}, {"id": "unit", "value": "percent"}]},
        {"matcher": {"id": "byName", "options": "secret"}, "properties": [{"id": "custom.hidden", "value": "true"}]},
    ]});
    let data = shown(
        &PanelKind::Table,
        &config,
        vec![Frame {
            fields: vec![
                Field::new(
                    "host",
                    Column::Text(["b", "a", "c"].map(|text| Some(text.to_owned())).to_vec()),
                ),
                Field::new("used", Column::Number(vec![90.0, 10.0, NULL])),
                Field::new("secret", Column::Number(vec![1.0, 1.0, 1.0])),
            ],
            ..Frame::default()
        }],
    );
    let options =
        json!({"sortBy": [{"displayName": "host"}], "footer": {"show": true, "reducer": ["sum"]}});
    let drawn = Table::new(&data, &options, &DisplayContext::default());
    let columns: Vec<(&str, &str, &str)> = drawn
        .columns
        .iter()
        .map(|column| (column.name.as_str(), column.align, column.footer.as_str()))
        .collect();
    assert_eq!(columns, [("host", "left", ""), ("used", "right", "100%")]);
    let row = drawn.row(1, &DisplayContext::default());
    assert_eq!(
        (row[0].shown.text.to_string(), row[1].shown.text.to_string()),
        ("b".into(), "90%".into())
    );
    assert_eq!(row[0].background.unwrap().to_css(), "#f2495c");
    assert_eq!(
        drawn.row(2, &DisplayContext::default())[1]
            .shown
            .text
            .to_string(),
        ""
    );
}

#[test]
fn texts_and_lists_read_their_options() {
    use crate::variables::{Globals, Scope, Variable, VariableValues};
    let variable = Variable::read(
        &json!({"name": "x", "type": "textbox", "query": "<b>"}),
        &mut Vec::new(),
    );
    let values = VariableValues::new(variable);
    let globals = Globals::default();
    let scope = Scope::new(&values, &globals);
    let text = TextPanel::new(&json!({"mode": "html", "content": "<i>$x</i>"}), &scope);
    assert_eq!(
        (text.mode, text.content.as_str()),
        (TextMode::Html, "<i>&lt;b&gt;</i>")
    );
    let alerts = AlertListOptions::read(
        &json!({"stateFilter": {"firing": true, "normal": true}, "groupMode": "custom", "groupBy": ["severity"]}),
    );
    assert_eq!(
        (alerts.states, alerts.group_by, alerts.max_items),
        (
            vec!["firing".to_owned(), "normal".to_owned()],
            vec!["severity".to_owned()],
            20
        )
    );
    let boards = DashListOptions::read(&json!({"showSearch": true, "tags": ["k8s"]}));
    assert!(boards.starred && boards.search && boards.headings && boards.max_items == 10);
}
