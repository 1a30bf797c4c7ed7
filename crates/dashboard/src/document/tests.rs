use super::*;

fn dashboard(value: Value) -> Dashboard {
    let Value::Object(document) = value else {
        panic!()
    };
    Dashboard::from_document(document)
}

#[test]
fn settings_have_defaults_and_forgive() {
    let empty = dashboard(json!({}));
    assert_eq!(empty.time(), ("now-6h".into(), "now".into()));
    assert_eq!(
        (
            empty.title(),
            empty.uid(),
            empty.version(),
            empty.editable()
        ),
        ("", None, 0, true)
    );
    assert_eq!(empty.time_picker().refresh_intervals.len(), 10);
    let full = dashboard(json!({
        "title": "T", "uid": "u", "timezone": "UTC", "graphTooltip": "2", "refresh": false, "weekStart": "monday",
        "fiscalYearStartMonth": 3, "time": {"from": 1_700_000_000_000i64, "to": "now"}, "tags": ["a", 1],
        "timepicker": {"nowDelay": "1m", "quick_ranges": [{"display": "x", "from": "now-1h", "to": "now"}]},
        "links": [{"type": "dashboards", "tags": ["k8s"], "asDropdown": true, "includeVars": true, "keepTime": true}],
    }));
    assert_eq!(full.timezone(), "utc");
    assert_eq!(full.cursor_sync(), CursorSync::Tooltip);
    assert_eq!(full.refresh(), None);
    assert_eq!((full.week_start(), full.fiscal_year_start()), (Some(1), 3));
    assert_eq!(full.time().0, "1700000000000");
    assert_eq!(full.tags(), ["a", "1"]);
    assert_eq!(full.time_picker().now_delay.as_deref(), Some("1m"));
    let link = &full.links()[0];
    assert!(
        link.by_tags
            && link.as_dropdown
            && link.include_variables
            && link.keep_time
            && !link.new_page
    );
}

#[test]
fn panels_are_found_inside_of_rows_and_say_what_is_not_done() {
    let mut board = dashboard(json!({"panels": [
        {"id": 1, "type": "row", "collapsed": true, "targets": [{"expr": "stray"}], "panels": [
            {"id": 2, "type": "logs", "title": "L", "targets": [{"refId": "A", "datasource": {"type": "loki"}, "expr": "x"}]},
        ]},
        {"id": 3, "type": "timeseries", "title": "S", "libraryPanel": {"uid": "x", "name": "y"},
            "transformations": [{"id": "spatial"}]},
        {"id": 4, "type": "stat", "title": "Sum", "targets": [{"refId": "B", "datasource": {"type": "__expr__"}, "expression": "$A"}]},
    ]}));
    assert_eq!(board.all_panels().len(), 4);
    assert_eq!(board.panel(1).unwrap().targets().len(), 0);
    assert_eq!(board.free_panel_id(), 5);
    let words: Vec<String> = board
        .all_panels()
        .iter()
        .flat_map(Panel::notices)
        .map(|n| n.to_string())
        .collect();
    assert_eq!(
        words,
        [
            "panel 2 \"L\": panels of kind `logs` are not drawn here; the panel's JSON is kept",
            "panel 2 \"L\" › query A: queries of `loki` are not answered here; the query is kept",
            "panel 3 \"S\": this is a library panel without its content; import the library panel, or paste its JSON here",
            "panel 3 \"S\" › transformations: the transformation `spatial` is not made here; the data passes as it is",
            "panel 4 \"Sum\" › query B: expressions over other queries are not computed here; write them in PromQL",
        ]
    );
    board.change_panel(2, |panel| panel.insert("title".into(), "M".into()));
    assert_eq!(board.panel(2).unwrap().title(), "M");
}

#[test]
fn queries_are_ranges_unless_they_say_otherwise() {
    let board = dashboard(json!({"panels": [{"id": 1, "type": "table", "targets": [
        {"refId": "A", "expr": "up", "instant": true, "format": "table", "hide": true, "intervalFactor": 2, "interval": " "},
        {"refId": "B", "expr": "up", "instant": true, "range": true},
        {"refId": "C", "expr": "up", "format": "heatmap", "interval": "5m", "legendFormat": "__auto"},
    ]}]}));
    let panel = board.panel(1).unwrap();
    let targets = panel.targets();
    let flags: Vec<(bool, bool, bool)> = targets
        .iter()
        .map(|t| (t.instant(), t.range(), t.hidden()))
        .collect();
    assert_eq!(
        flags,
        [
            (true, false, true),
            (true, true, false),
            (false, true, false)
        ]
    );
    assert_eq!(
        (targets[0].interval(), targets[0].interval_factor()),
        (None, 2)
    );
    assert_eq!(
        (targets[2].interval(), targets[2].legend()),
        (Some("5m"), "__auto")
    );
}

#[test]
fn annotations_are_read_and_made_of_what_is_above_zero() {
    let board = dashboard(json!({"annotations": {"list": [
        {"builtIn": 1, "name": "Annotations & Alerts", "type": "dashboard", "target": {"limit": 100, "type": "dashboard"}},
        {"name": "restarts", "expr": "changes(x[1m])", "enable": false, "tagKeys": "a, b", "filter": {"ids": [3], "exclude": true}},
    ]}}));
    let list = board.annotations();
    assert!(list[0].built_in && list[0].limit == Some(100));
    assert_eq!(list[1].tag_keys, ["a", "b"]);
    assert!(!list[1].is_for(3) && list[1].is_for(4) && list[0].is_for(3));
    let stretches = Annotation::stretches(
        &[0.0, 10.0, 20.0, 30.0, 40.0, 90.0],
        &[1.0, 2.0, 0.0, 1.0, f64::NAN, 1.0],
        10.0,
    );
    assert_eq!(stretches, [(0.0, 10.0), (30.0, 30.0), (90.0, 90.0)]);
}
