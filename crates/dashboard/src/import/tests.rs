#![expect(
    clippy::needless_pass_by_value,
    reason = "documents are written where they are used"
)]

use super::*;
use crate::error::Error;
use crate::layout::GridPos;
use crate::regex::Regex;
use serde_json::json;

fn take_in(value: Value) -> Import {
    import_value(value, &BTreeMap::new()).unwrap()
}

fn panel(value: Value) -> (Value, Vec<String>) {
    let import = take_in(json!({"title": "T", "schemaVersion": 16, "panels": [value]}));
    let panel = Value::Object(import.dashboard.all_panels()[0].json().clone());
    (
        panel,
        import
            .notices
            .iter()
            .map(|notice| notice.what.clone())
            .collect(),
    )
}

#[test]
fn every_envelope_is_opened() {
    let bare = json!({"title": "T", "uid": "u", "panels": []});
    for (wrapped, folder) in [
        (bare.clone(), None),
        (
            json!({"dashboard": bare, "folderUid": "f", "overwrite": true, "message": "m"}),
            Some("f"),
        ),
        (
            json!({"dashboard": bare, "meta": {"folderUid": "g", "version": 3}}),
            Some("g"),
        ),
        (
            json!({"apiVersion": "dashboard.grafana.app/v1beta1", "kind": "Dashboard",
            "metadata": {"name": "u", "annotations": {"grafana.app/folder": "h"}}, "spec": {"title": "T", "panels": []}}),
            Some("h"),
        ),
    ] {
        let import = take_in(wrapped);
        assert_eq!(import.dashboard.title(), "T");
        assert_eq!(import.dashboard.uid(), Some("u"));
        assert_eq!(import.folder_uid.as_deref(), folder);
    }
    let text = format!("\u{feff}{bare}\n\n");
    assert_eq!(
        import(&text, &BTreeMap::new()).unwrap().dashboard.title(),
        "T"
    );
}

#[test]
fn what_is_no_dashboard_says_what_it_is() {
    let words = |value: Value| {
        import_value(value, &BTreeMap::new())
            .unwrap_err()
            .to_string()
    };
    assert!(words(json!({"apiVersion": "dashboard.grafana.app/v2beta1", "kind": "Dashboard", "metadata": {}, "spec": {"elements": {}, "layout": {}}}))
        .starts_with("this is a dashboard of schema V2 (`dashboard.grafana.app/v2beta1`): export it"));
    assert!(words(json!({"elements": {}, "layout": {}})).contains("schema V2"));
    assert_eq!(
        words(json!({"kind": "Dashboard", "spec": {"layouts": [], "panels": {}}})),
        "this is a dashboard of Perses; only Grafana's JSON is read"
    );
    assert_eq!(
        words(json!([1])),
        "this JSON is no dashboard: it is a list; import its items one by one"
    );
    assert_eq!(
        words(json!({"a": 1})),
        "this JSON is no dashboard: it has neither a title nor panels"
    );
    assert!(matches!(
        import("{", &BTreeMap::new()),
        Err(Error::NotJson { .. })
    ));
}

#[test]
fn inputs_are_listed_and_put_in_everywhere() {
    let document = json!({
        "title": "T ${VAR_X}",
        "__inputs": [
            {"name": "DS_P", "label": "Prometheus", "type": "datasource", "pluginId": "prometheus"},
            {"name": "VAR_X", "type": "constant", "value": "node"},
            {"name": "DS_V", "type": "datasource", "pluginId": "prometheus"},
        ],
        "__elements": {},
        "templating": {"list": [{"name": "DS_V", "type": "datasource", "query": "prometheus"}]},
        "panels": [{"type": "stat", "datasource": {"uid": "${DS_P}"}, "targets": [{"expr": "up{job=\"${VAR_X}\"}", "datasource": "${DS_V}"}]}],
    });
    let plain = take_in(document.clone());
    assert_eq!(
        plain
            .inputs
            .iter()
            .map(|input| input.name.as_str())
            .collect::<Vec<_>>(),
        ["DS_P", "VAR_X", "DS_V"]
    );
    assert_eq!(plain.dashboard.title(), "T node");
    let source =
        |import: &Import| import.dashboard.panels()[0].data_source().unwrap()["uid"].clone();
    assert_eq!(source(&plain), "default");
    assert_eq!(
        plain.dashboard.panels()[0].targets()[0].expr(),
        "up{job=\"node\"}"
    );
    // A variable of that name answers the question.
    assert_eq!(
        plain.dashboard.panels()[0].targets()[0]
            .data_source()
            .unwrap(),
        "${DS_V}"
    );
    let answers = BTreeMap::from([
        ("DS_P".to_owned(), "mine".to_owned()),
        ("VAR_X".to_owned(), "web".to_owned()),
    ]);
    let chosen = import_value(document, &answers).unwrap();
    assert_eq!(source(&chosen), "mine");
    assert_eq!(chosen.dashboard.title(), "T web");
    assert!(chosen.dashboard.document().get("__inputs").is_none());
}

#[test]
fn names_in_the_wrong_case_are_read_and_unknown_ones_kept() {
    let import = take_in(json!({
        "title": "T", "graphtooltip": 1, "schemaversion": 14, "gnetid": 5, "iteration": 1, "id": 7, "mine": {"$$hashKey": "object:1", "x": [1]},
        "rows": [{"showtitle": true, "title": "R", "height": "250px", "panels": [
            {"type": "text", "span": 6, "targets": [{"refID": "X", "legendformat": "l"}, {"expr": "up"}]}]}],
    }));
    let document = import.dashboard.document();
    assert_eq!(document["graphTooltip"], 1);
    assert_eq!(document["mine"], json!({"x": [1]}));
    assert_eq!(document["schemaVersion"], 42);
    for gone in ["id", "iteration", "gnetId", "gnetid", "rows"] {
        assert!(document.get(gone).is_none(), "{gone}");
    }
    let panel = import.dashboard.all_panels()[1];
    let names: Vec<&str> = panel
        .targets()
        .iter()
        .map(crate::document::Target::ref_id)
        .collect();
    assert_eq!(names, ["X", "A"]);
    assert_eq!(panel.targets()[0].legend(), "l");
}

#[test]
fn rows_become_a_grid() {
    let import = take_in(json!({"title": "T", "schemaVersion": 14, "rows": [
        {"title": "Open", "showTitle": true, "height": 250, "panels": [
            {"id": 1, "type": "graph", "span": 4}, {"id": 2, "type": "graph", "span": 8}, {"id": 3, "type": "graph", "span": 12}]},
        {"title": "Closed", "collapse": true, "height": "100px", "repeat": "host", "panels": [{"id": 4, "type": "text", "span": 12}]},
        {"title": "Last", "panels": [{"id": 5, "type": "text", "span": 2}]},
    ]}));
    let found: Vec<(i64, String, GridPos)> = import
        .dashboard
        .all_panels()
        .iter()
        .map(|panel| (panel.id(), panel.kind().id().to_owned(), panel.grid_pos()))
        .collect();
    let at = |x, y, w, h| GridPos::new(x, y, w, h);
    let expected = [
        (6, "row", at(0, 0, 24, 1)),
        (1, "timeseries", at(0, 1, 8, 7)),
        (2, "timeseries", at(8, 1, 16, 7)),
        (3, "timeseries", at(0, 8, 24, 7)),
        (7, "row", at(0, 15, 24, 1)),
        (4, "text", at(0, 16, 24, 3)),
        (8, "row", at(0, 16, 24, 1)),
        (5, "text", at(0, 17, 4, 7)),
    ];
    assert_eq!(
        found,
        expected.map(|(id, kind, place)| (id, kind.to_owned(), place))
    );
    assert_eq!(import.dashboard.panel(7).unwrap().repeat(), Some("host"));
    assert!(import.dashboard.panel(7).unwrap().collapsed());
}

#[test]
fn old_graphs_become_time_series_with_all_their_settings() {
    let (new, notices) = panel(json!({
        "id": 1, "type": "graph", "title": "G", "lines": true, "fill": 2, "linewidth": 3, "points": true, "pointradius": 1,
        "stack": true, "percentage": true, "steppedLine": true, "nullPointMode": "connected",
        "yaxes": [{"format": "bytes", "min": "0", "max": null, "label": "memory", "logBase": 2, "decimals": 1}, {"format": "percent", "max": 100}],
        "legend": {"show": true, "values": true, "avg": true, "current": true, "alignAsTable": true, "rightSide": true, "sideWidth": 200, "sort": "current", "sortDesc": true},
        "tooltip": {"shared": false, "sort": 2, "value_type": "individual"},
        "aliasColors": {"used": "#FF0000"},
        "seriesOverrides": [
            {"alias": "/out/", "transform": "negative-Y", "color": "blue", "stack": false},
            {"alias": "limit", "yaxis": 2, "dashes": true, "fill": 0, "legend": false, "dashLength": 4},
        ],
        "thresholds": [{"value": 80, "op": "gt", "colorMode": "critical", "fill": true, "line": true}],
        "alert": {"name": "x"}, "renderer": "flot", "custom_key": 1,
    }));
    assert_eq!(new["type"], "timeseries");
    assert_eq!(new["custom_key"], 1);
    for gone in [
        "yaxes",
        "aliasColors",
        "lines",
        "renderer",
        "alert",
        "tooltip",
    ] {
        assert!(new.get(gone).is_none(), "{gone}");
    }
    let defaults = &new["fieldConfig"]["defaults"];
    assert_eq!(
        (&defaults["unit"], &defaults["min"], &defaults["decimals"]),
        (&json!("bytes"), &json!(0), &json!(1))
    );
    let custom = &defaults["custom"];
    for (key, value) in [
        ("drawStyle", json!("line")),
        ("lineWidth", json!(3)),
        ("fillOpacity", json!(20)),
        ("showPoints", json!("always")),
        ("pointSize", json!(4)),
        ("lineInterpolation", json!("stepAfter")),
        ("spanNulls", json!(true)),
        ("stacking", json!({"mode": "percent", "group": "A"})),
        ("axisLabel", json!("memory")),
        ("scaleDistribution", json!({"type": "log", "log": 2})),
        ("thresholdsStyle", json!({"mode": "line+area"})),
    ] {
        assert_eq!(custom[key], value, "{key}");
    }
    assert_eq!(
        defaults["thresholds"]["steps"],
        json!([{"color": "transparent", "value": null}, {"color": "red", "value": 80}])
    );
    let overrides = new["fieldConfig"]["overrides"].as_array().unwrap();
    assert_eq!(
        overrides[0]["matcher"],
        json!({"id": "byName", "options": "used"})
    );
    assert_eq!(
        overrides[1]["properties"],
        json!([
            {"id": "custom.transform", "value": "negative-Y"},
            {"id": "color", "value": {"mode": "fixed", "fixedColor": "blue"}},
            {"id": "custom.stacking", "value": {"mode": "none", "group": "A"}},
        ])
    );
    let right: Vec<&str> = overrides[2]["properties"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        right,
        [
            "custom.axisPlacement",
            "unit",
            "max",
            "custom.fillOpacity",
            "custom.lineStyle",
            "custom.hideFrom"
        ]
    );
    assert_eq!(
        new["options"]["legend"],
        json!({"showLegend": true, "displayMode": "table", "placement": "right",
        "calcs": ["mean", "lastNotNull"], "width": 200, "sortBy": "Last *", "sortDesc": true})
    );
    assert_eq!(
        new["options"]["tooltip"],
        json!({"mode": "single", "sort": "desc"})
    );
    assert_eq!(
        notices,
        ["the alert inside of the old graph is left out; make an alert rule of the query"]
    );
}

#[test]
fn old_single_stats_become_stats_or_gauges() {
    let (stat, _) = panel(json!({
        "type": "singlestat", "format": "percent", "valueName": "current", "thresholds": "50,80", "colors": ["green", "orange", "red"],
        "colorBackground": true, "sparkline": {"show": true}, "nullText": "-", "decimals": 1,
        "valueMaps": [{"op": "=", "value": "null", "text": "N/A"}, {"op": "=", "value": "1", "text": "up"}],
    }));
    assert_eq!(stat["type"], "stat");
    assert_eq!(stat["options"]["colorMode"], "background");
    assert_eq!(stat["options"]["graphMode"], "area");
    assert_eq!(
        stat["options"]["reduceOptions"]["calcs"],
        json!(["lastNotNull"])
    );
    let defaults = &stat["fieldConfig"]["defaults"];
    assert_eq!(
        defaults["thresholds"]["steps"],
        json!([
        {"color": "green", "value": null}, {"color": "orange", "value": 50}, {"color": "red", "value": 80}])
    );
    assert_eq!(defaults["mappings"][0]["options"]["match"], "null");
    assert_eq!(defaults["mappings"][1]["options"]["1"]["text"], "up");
    let (gauge, _) = panel(
        json!({"type": "singlestat", "gauge": {"show": true, "minValue": 0, "maxValue": 10, "thresholdMarkers": true}, "postfix": " req"}),
    );
    assert_eq!(gauge["type"], "gauge");
    let defaults = &gauge["fieldConfig"]["defaults"];
    assert_eq!(
        (&defaults["max"], &defaults["unit"]),
        (&json!(10), &json!("suffix:req"))
    );
    assert_eq!(gauge["options"]["reduceOptions"]["calcs"], json!(["mean"]));
}

#[test]
fn old_tables_texts_and_plugins_find_their_successors() {
    let (table, _) = panel(
        json!({"type": "table", "transform": "timeseries_aggregations", "columns": [{"value": "avg"}, {"value": "current"}], "styles": [
            {"pattern": "Time", "type": "hidden"},
            {"pattern": "/Val.*/", "type": "number", "unit": "bytes", "decimals": 2, "alias": "Size", "colorMode": "cell", "thresholds": ["1", "2"], "colors": ["green", "red", "blue"],
                "link": true, "linkUrl": "/d/x?var-a=$__cell_1&b=$__cell"},
        ]}),
    );
    assert_eq!(
        table["transformations"],
        json!([{"id": "reduce", "options": {"reducers": ["mean", "lastNotNull"], "includeTimeField": false}}])
    );
    let overrides = &table["fieldConfig"]["overrides"];
    assert_eq!(
        overrides[0],
        json!({"matcher": {"id": "byName", "options": "Time"}, "properties": [{"id": "custom.hidden", "value": true}]})
    );
    assert_eq!(
        overrides[1]["properties"][5]["value"][0]["url"],
        "/d/x?var-a=${__data.fields[1]}&b=${__value.text}"
    );
    let (text, _) = panel(json!({"type": "text", "content": "# hi", "mode": "markdown"}));
    assert_eq!(
        text["options"],
        json!({"content": "# hi", "mode": "markdown"})
    );
    let (pie, notices) = panel(
        json!({"type": "grafana-piechart-panel", "pieType": "donut", "format": "s", "legend": {"show": true, "percentage": true}}),
    );
    assert_eq!(
        (&pie["type"], &pie["options"]["pieType"]),
        (&json!("piechart"), &json!("donut"))
    );
    assert_eq!(notices, ["the old pie chart is drawn as the new one"]);
    let (heat, _) = panel(
        json!({"type": "heatmap", "dataFormat": "tsbuckets", "color": {"mode": "spectrum", "colorScheme": "interpolateSpectral"}, "yAxis": {"format": "s"}, "hideZeroBuckets": true}),
    );
    assert_eq!(heat["options"]["color"]["scheme"], "Spectral");
    assert_eq!(heat["options"]["calculate"], false);
    assert_eq!(heat["options"]["yAxis"]["unit"], "s");
}

#[test]
fn versions_change_what_they_changed() {
    let import = take_in(
        json!({"title": "T", "schemaVersion": 20, "refresh": false, "sharedCrosshair": true, "style": "dark",
        "timepicker": {"time_options": ["5m"], "refresh_intervals": ["5s"]},
        "templating": {"list": [
            {"name": "m", "type": "query", "multi": true, "current": {"text": "a", "value": "a"}, "tags": [], "useTags": false},
            {"name": "c", "type": "constant", "query": "x", "hide": 0},
        ]},
        "panels": [
            {"id": 1, "type": "stat", "minSpan": 6, "repeatPanelId": null, "links": [{"title": "l", "url": "/d/x?s=$__series_name"}],
                "options": {"legend": {"displayMode": "hidden"}, "fieldOptions": {"calcs": ["last"], "values": false, "defaults": {"unit": "s", "title": "name"}}},
                "transformations": [{"id": "labelsToFields", "options": {}}, {"id": "seriesToColumns", "options": {"byField": "x"}}]},
            {"id": 2, "type": "table", "fieldConfig": {"defaults": {"custom": {"displayMode": "color-background", "hideFrom": {"viz": true}},
                "mappings": [{"id": 0, "op": "=", "type": 1, "value": "null", "text": "N/A"}]}, "overrides": [
                {"matcher": {"id": "byName", "options": "a"}, "properties": [{"id": "custom.displayMode", "value": "lcd-gauge"}]}]},
                "styles": null},
            {"id": 3, "type": "stat", "repeatPanelId": 1},
        ]}),
    );
    let document = import.dashboard.document();
    assert_eq!(
        (&document["refresh"], &document["graphTooltip"]),
        (&json!(""), &json!(1))
    );
    assert_eq!(document["timepicker"], json!({"refresh_intervals": ["5s"]}));
    let list = &document["templating"]["list"];
    assert_eq!(list[0]["current"], json!({"text": ["a"], "value": ["a"]}));
    assert_eq!(list[1]["type"], "textbox");
    let panels = document["panels"].as_array().unwrap();
    assert_eq!(panels.len(), 2, "a saved clone goes");
    assert_eq!(panels[0]["maxPerRow"], 4);
    assert_eq!(panels[0]["links"][0]["url"], "/d/x?s=$__series.name");
    assert_eq!(panels[0]["options"]["legend"]["showLegend"], false);
    assert_eq!(
        panels[0]["options"]["reduceOptions"]["calcs"],
        json!(["last"])
    );
    assert_eq!(
        panels[0]["fieldConfig"]["defaults"],
        json!({"unit": "s", "displayName": "name"})
    );
    let ids: Vec<&str> = panels[0]["transformations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["labelsToFields", "merge", "joinByField"]);
    let config = &panels[1]["fieldConfig"];
    assert_eq!(
        config["defaults"]["custom"]["cellOptions"],
        json!({"type": "color-background", "mode": "gradient"})
    );
    assert_eq!(
        config["defaults"]["custom"]["hideFrom"],
        json!({"viz": true, "tooltip": true})
    );
    assert_eq!(config["defaults"]["mappings"][0]["type"], "special");
    assert_eq!(
        config["overrides"][0]["properties"][0],
        json!({"id": "custom.cellOptions", "value": {"type": "gauge", "mode": "lcd"}})
    );
}

#[test]
fn panels_without_number_place_or_query_names_get_them() {
    let import = take_in(json!({"title": "", "panels": [
        {"type": "stat", "targets": [{"expr": "a"}, {"expr": "b", "refId": "A"}, {"expr": "c"}]},
        {"type": "stat", "id": 4, "gridPos": {"x": 0, "y": 0, "w": 12, "h": 4}},
        {"type": "stat", "id": 4, "gridPos": {"x": 30, "y": 0, "w": 12, "h": 4}},
        {"type": "row", "collapsed": false, "panels": [{"type": "stat"}], "gridPos": {"y": 20}},
        "rubbish",
    ]}));
    let ids: Vec<i64> = import
        .dashboard
        .all_panels()
        .iter()
        .map(crate::document::Panel::id)
        .collect();
    assert_eq!(ids, [5, 4, 6, 7, 8]);
    let names: Vec<&str> = import.dashboard.panels()[0]
        .targets()
        .iter()
        .map(crate::document::Target::ref_id)
        .collect();
    assert_eq!(names, ["B", "A", "C"]);
    let places: Vec<GridPos> = import
        .dashboard
        .panels()
        .iter()
        .map(crate::document::Panel::grid_pos)
        .collect();
    for (i, a) in places.iter().enumerate() {
        assert!(
            places.iter().skip(i + 1).all(|b| !a.overlaps(*b)),
            "{places:?}"
        );
    }
    assert_eq!(import.dashboard.title(), "Untitled");
    assert_eq!(
        (
            repair::letters(25),
            repair::letters(26),
            repair::letters(52)
        ),
        ("Z".into(), "AA".into(), "BA".into())
    );
}

#[test]
fn sharing_asks_for_the_data_source() {
    let import = take_in(
        json!({"title": "T", "version": 3, "panels": [{"type": "stat", "datasource": {"type": "prometheus", "uid": "abc"}}]}),
    );
    let shared = export_for_sharing(&import.dashboard);
    assert_eq!(shared["__inputs"][0]["name"], "DS_PROMETHEUS");
    assert_eq!(shared["panels"][0]["datasource"]["uid"], "${DS_PROMETHEUS}");
    assert!(shared.get("version").is_none());
    let again = take_in(shared);
    assert_eq!(
        again.dashboard.panels()[0].data_source().unwrap()["uid"],
        "default"
    );
}

#[test]
fn exports_read_back_the_same() {
    let import = take_in(
        json!({"title": "T", "version": 3, "zzz": {"b": 1, "a": 2}, "panels": [{"type": "graph", "fill": 0}]}),
    );
    let out = export(&import.dashboard);
    let again = take_in(out.clone());
    assert_eq!(export(&again.dashboard).to_string(), out.to_string());
    assert!(
        Regex::new("\"zzz\":\\{\"b\":1,\"a\":2\\}")
            .unwrap()
            .is_match(&out.to_string())
    );
}
