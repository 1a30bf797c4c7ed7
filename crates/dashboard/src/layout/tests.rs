use super::*;
use crate::document::Dashboard;
use crate::variables::{Choice, Variable, VariableValues};
use serde_json::{Value, json};

fn at(x: i64, y: i64, w: i64, h: i64) -> GridPos {
    GridPos::new(x, y, w, h)
}

fn dashboard(panels: &Value) -> Dashboard {
    let Value::Object(document) = json!({ "title": "T", "panels": panels }) else {
        panic!()
    };
    Dashboard::from_document(document)
}

fn panel(id: i64, place: [i64; 4]) -> Value {
    let [x, y, w, h] = place;
    json!({"id": id, "type": "stat", "gridPos": {"x": x, "y": y, "w": w, "h": h}})
}

fn row(id: i64, y: i64) -> Value {
    json!({"id": id, "type": "row", "collapsed": false, "panels": [], "gridPos": {"x": 0, "y": y, "w": 24, "h": 1}})
}

fn places(dashboard: &Dashboard) -> Vec<(i64, [i64; 4])> {
    dashboard
        .panels()
        .iter()
        .map(|panel| {
            let place = panel.grid_pos();
            (panel.id(), [place.x, place.y, place.w, place.h])
        })
        .collect()
}

fn values(name: &str, choices: &[&str]) -> VariableValues {
    let variable = Variable::read(
        &json!({"name": name, "type": "custom", "query": choices.join(","), "multi": true,
            "current": {"value": choices, "text": choices}}),
        &mut Vec::new(),
    );
    VariableValues::new(variable)
}

#[test]
fn gravity_pulls_panels_up_and_pushes_overlaps_down() {
    assert_eq!(
        compact(&[at(0, 5, 12, 4), at(12, 9, 12, 4), at(0, 20, 24, 2)]),
        [at(0, 0, 12, 4), at(12, 0, 12, 4), at(0, 4, 24, 2)]
    );
    assert_eq!(
        compact(&[at(0, 0, 12, 4), at(6, 2, 12, 4)]),
        [at(0, 0, 12, 4), at(6, 4, 12, 4)]
    );
    // The one that was moved wins its place.
    assert_eq!(
        compact_with(&[at(0, 0, 12, 4), at(0, 0, 12, 4)], Some(1)),
        [at(0, 4, 12, 4), at(0, 0, 12, 4)]
    );
    let fixed = GridPos {
        fixed: true,
        ..at(0, 3, 24, 1)
    };
    assert_eq!(compact(&[fixed, at(0, 9, 6, 2)]), [fixed, at(0, 4, 6, 2)]);
}

#[test]
fn places_are_pulled_inside_of_the_grid() {
    let read = |value: Value| GridPos::read(Some(&value));
    assert_eq!(read(json!({})), at(0, 0, 12, 9));
    assert_eq!(
        read(json!({"x": 20, "y": -3, "w": 30, "h": 0})),
        at(0, 0, 24, 1)
    );
    assert_eq!(read(json!({"x": 20, "w": 8, "h": "4"})), at(16, 0, 8, 4));
}

#[test]
fn rows_close_and_open_again_to_what_they_were() {
    let mut board = dashboard(&json!([
        panel(1, [0, 0, 24, 3]),
        row(2, 3),
        panel(3, [0, 4, 12, 8]),
        panel(4, [12, 4, 12, 6]),
        row(5, 12),
        panel(6, [0, 13, 24, 2]),
    ]));
    let before = board.clone();
    board.collapse_row(2).unwrap();
    assert_eq!(
        places(&board),
        [
            (1, [0, 0, 24, 3]),
            (2, [0, 3, 24, 1]),
            (5, [0, 4, 24, 1]),
            (6, [0, 5, 24, 2])
        ]
    );
    assert_eq!(board.all_panels().len(), 6);
    board.collapse_row(2).unwrap();
    board.expand_row(2).unwrap();
    assert_eq!(board, before);
    assert!(board.expand_row(99).is_err());
}

#[test]
fn panels_move_and_grow_and_others_make_room() {
    let mut board = dashboard(&json!([
        panel(1, [0, 0, 12, 4]),
        panel(2, [12, 0, 12, 4]),
        panel(3, [0, 4, 24, 4])
    ]));
    board.move_panel(3, 0, 0).unwrap();
    assert_eq!(
        places(&board),
        [(3, [0, 0, 24, 4]), (1, [0, 4, 12, 4]), (2, [12, 4, 12, 4])]
    );
    board.resize_panel(1, 18, 4).unwrap();
    assert_eq!(
        places(&board),
        [(3, [0, 0, 24, 4]), (1, [0, 4, 18, 4]), (2, [12, 8, 12, 4])]
    );
    board.resize_panel(2, 40, 2).unwrap();
    assert_eq!(board.panel(2).unwrap().grid_pos(), at(12, 8, 12, 2));
    assert!(board.move_panel(9, 0, 0).is_err());
}

#[test]
fn panels_are_added_copied_and_taken_away() {
    let mut board = dashboard(&json!([panel(1, [0, 0, 12, 8])]));
    let Value::Object(new) = json!({"type": "table"}) else {
        panic!()
    };
    assert_eq!(board.add_panel(new.clone()), 2);
    assert_eq!(board.panel(2).unwrap().grid_pos(), at(12, 0, 12, 8));
    assert_eq!(board.add_panel(new), 3);
    assert_eq!(board.panel(3).unwrap().grid_pos(), at(0, 8, 12, 8));
    assert_eq!(board.duplicate_panel(3).unwrap(), 4);
    assert_eq!(board.panel(4).unwrap().grid_pos(), at(12, 8, 12, 8));
    assert_eq!(board.duplicate_panel(1).unwrap(), 5);
    assert_eq!(board.panel(5).unwrap().grid_pos(), at(0, 8, 12, 8));
    assert_eq!(board.remove_panel(1).unwrap()["type"], "stat");
    assert_eq!(board.panel(5).unwrap().grid_pos(), at(0, 0, 12, 8));
    assert!(board.remove_panel(1).is_err());
}

#[test]
fn repeated_panels_share_the_width_and_push_what_is_below() {
    let mut repeated = panel(1, [0, 0, 8, 4]);
    repeated["repeat"] = "pod".into();
    repeated["maxPerRow"] = 2.into();
    let board = dashboard(&json!([repeated, panel(2, [0, 4, 24, 2])]));
    let values = values("pod", &["a", "b", "c"]);
    let page = place(&board, &values);
    let found: Vec<(&str, GridPos)> = page
        .placed
        .iter()
        .map(|item| (item.key.as_str(), item.place))
        .collect();
    assert_eq!(
        found,
        [
            ("1-a", at(0, 0, 12, 4)),
            ("1-b", at(12, 0, 12, 4)),
            ("1-c", at(0, 4, 12, 4)),
            ("2", at(0, 8, 24, 2)),
        ]
    );
    assert_eq!(
        page.placed[1].clones,
        [("pod".to_owned(), Choice::plain("b"))]
    );
}

#[test]
fn repeated_rows_copy_all_under_them_and_closed_rows_show_none() {
    let mut repeated = row(1, 0);
    repeated["repeat"] = "host".into();
    repeated["repeatDirection"] = "h".into();
    let mut closed = row(4, 9);
    closed["collapsed"] = true.into();
    closed["panels"] = json!([panel(5, [0, 10, 24, 4])]);
    let mut stacked = panel(3, [0, 5, 6, 2]);
    stacked["repeat"] = "host".into();
    stacked["repeatDirection"] = "v".into();
    let board = dashboard(&json!([repeated, panel(2, [0, 1, 24, 4]), stacked, closed]));
    let page = place(&board, &values("host", &["x", "y"]));
    let found: Vec<(&str, i64)> = page
        .placed
        .iter()
        .map(|item| (item.key.as_str(), item.place.y))
        .collect();
    assert_eq!(
        found,
        [
            ("1-x", 0),
            ("2-x", 1),
            ("3-x-x", 5),
            ("3-x-y", 7),
            ("1-y", 9),
            ("2-y", 10),
            ("3-y-x", 14),
            ("3-y-y", 16),
            ("4", 18),
        ]
    );
}

#[test]
fn repeats_have_a_cap_and_say_so() {
    let mut repeated = panel(1, [0, 0, 8, 4]);
    repeated["repeat"] = "pod".into();
    let mut lost = panel(2, [0, 4, 8, 4]);
    lost["repeat"] = "nobody".into();
    let board = dashboard(&json!([repeated, lost]));
    let many: Vec<String> = (0..250).map(|n| n.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let page = place(&board, &values("pod", &many));
    assert_eq!(page.placed.len(), REPEAT_CAP + 1);
    let words: Vec<&str> = page
        .notices
        .iter()
        .map(|notice| notice.what.as_str())
        .collect();
    assert_eq!(
        words,
        [
            "`pod` has 250 values; the first 100 are shown",
            "it is repeated for the variable `nobody`, which is not there; it is shown once",
        ]
    );
}

#[test]
fn pixels_follow_columns_rows_and_gutters() {
    // 24 columns of 42 px and 23 gutters.
    let width = 24.0 * 42.0 + 23.0 * 8.0;
    let rect = pixel_rect(at(12, 2, 12, 3), width);
    assert_eq!(
        rect,
        PixelRect {
            left: 600.0,
            top: 76.0,
            width: 592.0,
            height: 106.0
        }
    );
    assert_eq!(grid_point(610.0, 70.0, width), (12, 2));
    assert_eq!(grid_point(-50.0, -50.0, width), (0, 0));
}
