use super::*;
use crate::color::{Color, Theme};
use crate::frame::{Cell, Column, DisplayContext, Field, Frame, NULL, configure};
use serde_json::{Value, json};

fn config(value: &Value) -> FieldConfig {
    let mut notices = Vec::new();
    let config = FieldConfig::read(Some(value), "panel 1", &mut notices);
    assert_eq!(notices, [], "{value}");
    config
}

fn frames() -> Vec<Frame> {
    let mut errors = Field::new("Value", Column::Number(vec![1.0, NULL, 50.0]));
    errors.options.legend = Some("errors out".into());
    let mut reads = Field::new("Value", Column::Number(vec![0.5, 99.0, f64::NAN]));
    reads.options.legend = Some("reads".into());
    let time = || Field::new("Time", Column::Time(vec![0.0, 1000.0, 2000.0]));
    let frame = |ref_id: &str, field| Frame {
        ref_id: Some(ref_id.into()),
        fields: vec![time(), field],
        ..Frame::default()
    };
    vec![frame("A", errors), frame("B", reads)]
}

fn configured(value: &Value) -> Vec<Frame> {
    let done = configure(
        &frames(),
        &config(value),
        &FieldOptions::default(),
        &|text, _, _| text.to_owned(),
    );
    assert_eq!(done.notices, []);
    done.frames
}

fn shown(field: &Field, cell: &Cell) -> (String, String) {
    let shown = field.display(&DisplayContext::default()).show(cell);
    (shown.text.to_string(), shown.color.to_css())
}

#[test]
fn overrides_win_by_order_and_find_fields_by_every_matcher() {
    let unit_of = |matcher: Value| -> Vec<bool> {
        let frames = configured(&json!({
            "defaults": {"unit": "short"},
            "overrides": [{"matcher": matcher, "properties": [{"id": "unit", "value": "bytes"}]}],
        }));
        frames
            .iter()
            .flat_map(|frame| &frame.fields)
            .map(|field| field.options.unit.as_deref() == Some("bytes"))
            .collect()
    };
    // Time and value of A, time and value of B.
    let cases = [
        (
            json!({"id": "byName", "options": "reads"}),
            [false, false, false, true],
        ),
        (
            json!({"id": "byName", "options": "Time"}),
            [true, false, true, false],
        ),
        (
            json!({"id": "byRegexp", "options": "/.*out.*/"}),
            [false, true, false, false],
        ),
        (
            json!({"id": "byRegexp", "options": "reads|errors"}),
            [false, false, false, true],
        ),
        (
            json!({"id": "byFrameRefID", "options": "B"}),
            [false, false, true, true],
        ),
        (
            json!({"id": "byType", "options": "time"}),
            [true, false, true, false],
        ),
        (json!({"id": "numeric"}), [false, true, false, true]),
        (json!({"id": "first"}), [true, false, true, false]),
        (
            json!({"id": "byNames", "options": {"mode": "exclude", "names": ["reads"]}}),
            [true, true, true, false],
        ),
        (
            json!({"id": "byRegexpOrNames", "options": {"pattern": "/OUT/i", "names": ["reads"]}}),
            [false, true, false, true],
        ),
        (
            json!({"id": "byValue", "options": {"reducer": "max", "op": "gt", "value": 60}}),
            [false, false, false, true],
        ),
    ];
    for (matcher, expected) in cases {
        assert_eq!(unit_of(matcher.clone()), expected, "{matcher}");
    }
    let frames = configured(&json!({"overrides": [
        {"matcher": {"id": "byName", "options": "reads"}, "properties": [{"id": "unit", "value": "bytes"}, {"id": "decimals", "value": 1}]},
        {"matcher": {"id": "byRegexp", "options": "/read/"}, "properties": [{"id": "unit", "value": "bps"}]},
    ]}));
    let options = &frames[1].fields[1].options;
    assert_eq!(
        (options.unit.as_deref(), options.decimals),
        (Some("bps"), Some(1))
    );
}

#[test]
fn a_color_may_be_a_bare_text_and_hidden_a_text_too() {
    let frames = configured(&json!({"overrides": [{
        "matcher": {"id": "byName", "options": "reads"},
        "properties": [
            {"id": "color", "value": "#56A64B"},
            {"id": "custom.hidden", "value": "true"},
            {"id": "custom.hideFrom.legend", "value": true},
            {"id": "custom.stacking", "value": {"group": false, "mode": "normal"}},
            {"id": "custom.align", "value": null},
        ],
    }]}));
    let field = &frames[1].fields[1];
    assert_eq!(field.color(&DisplayContext::default()).to_css(), "#56a64b");
    assert!(field.options.hidden_from("viz") && field.options.hidden_from("legend"));
    assert!(!field.options.hidden_from("tooltip"));
}

#[test]
fn thresholds_give_colors_by_value_and_by_percent() {
    let frames = configured(&json!({"defaults": {
        "min": 0, "max": 200, "decimals": 0,
        "thresholds": {"mode": "percentage", "steps": [{"color": "green", "value": null}, {"color": "red", "value": 25}]},
    }}));
    let field = &frames[0].fields[1];
    assert_eq!(
        shown(field, &Cell::Number(49.0)),
        ("49".into(), "#73bf69".into())
    );
    assert_eq!(
        shown(field, &Cell::Number(50.0)),
        ("50".into(), "#f2495c".into())
    );
    assert_eq!(shown(field, &Cell::Number(500.0)).1, "#f2495c");
    let absolute = configured(&json!({"defaults": {
        "thresholds": {"mode": "absolute", "steps": [{"color": "rgba(50, 172, 45, 0.97)"}, {"color": "#ff0000", "value": 85}]},
    }}));
    let field = &absolute[0].fields[1];
    assert_eq!(
        shown(field, &Cell::Number(84.9)).1,
        "rgba(50, 172, 45, 0.97)"
    );
    assert_eq!(shown(field, &Cell::Number(85.0)).1, "#ff0000");
    assert_eq!(shown(field, &Cell::Null).1, "rgba(50, 172, 45, 0.97)");
}

#[test]
fn palettes_count_series_and_schemes_look_at_values() {
    let frames = configured(&json!({"defaults": {"color": {"mode": "palette-classic"}}}));
    let color = |frame: &Frame| frame.fields[1].color(&DisplayContext::default()).to_css();
    assert_eq!(
        frames.iter().map(color).collect::<Vec<_>>(),
        ["#73bf69", "#fade2a"]
    );
    let frames = configured(
        &json!({"defaults": {"color": {"mode": "continuous-GrYlRd", "seriesBy": "max"}, "min": 0, "max": 99}}),
    );
    assert_eq!(color(&frames[1]), Color::named("red", Theme::Dark).to_css());
}

#[test]
fn mappings_of_all_kinds_and_ages_apply_in_their_order() {
    let rules = json!({"defaults": {"unit": "short", "mappings": [
        {"type": "special", "options": {"match": "null+nan", "result": {"text": "N/A", "color": "blue"}}},
        {"type": "value", "options": {"1": {"text": "up", "color": "green", "index": 1}, "down": {"text": "DOWN", "index": 2}}},
        {"type": "range", "options": {"from": 10, "to": 20, "result": {"text": "some"}}},
        {"type": "range", "options": {"from": 100, "to": null, "result": {"color": "purple"}}},
        {"type": "regex", "options": {"pattern": "/^v(\\d+)\\..*/", "result": {"text": "version $1"}}},
        {"id": 1, "type": 1, "op": "=", "value": "42", "text": "the answer"},
        {"id": 2, "type": 2, "from": "30", "to": "40", "text": "thirties"},
    ]}});
    let frames = configured(&rules);
    let field = &frames[0].fields[1];
    let text = |cell| shown(field, &cell).0;
    assert_eq!(text(Cell::Null), "N/A");
    assert_eq!(text(Cell::Number(f64::NAN)), "N/A");
    assert_eq!(
        shown(field, &Cell::Number(1.0)),
        ("up".into(), "#73bf69".into())
    );
    assert_eq!(text(Cell::Text("down".into())), "DOWN");
    assert_eq!(text(Cell::Number(20.0)), "some");
    assert_eq!(
        shown(field, &Cell::Number(1000.0)),
        ("1 K".into(), "#b877d9".into())
    );
    assert_eq!(text(Cell::Text("v12.3".into())), "version 12");
    assert_eq!(text(Cell::Number(42.0)), "the answer");
    assert_eq!(text(Cell::Number(35.0)), "thirties");
    assert_eq!(text(Cell::Number(7.0)), "7");
}

#[test]
fn nothing_shows_what_the_panel_says_for_it() {
    let frames = configured(&json!({"defaults": {"noValue": "0"}}));
    assert_eq!(shown(&frames[0].fields[1], &Cell::Null).0, "0");
}

#[test]
fn what_is_not_known_is_told_in_words() {
    let mut notices = Vec::new();
    let value = json!({
        "defaults": {"sparkle": 3},
        "overrides": [{"matcher": {"id": "byMood", "options": "good"}, "properties": []}],
    });
    FieldConfig::read(Some(&value), "panel 7 \"CPU\"", &mut notices);
    let words: Vec<String> = notices.iter().map(ToString::to_string).collect();
    assert_eq!(
        words,
        [
            "panel 7 \"CPU\": the field option `sparkle` is kept, but does nothing here",
            "panel 7 \"CPU\" › override 1: the matcher `byMood` is not known; what it matches stays as it is",
        ]
    );
}
