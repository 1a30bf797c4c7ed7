//! Rows that held their panels, before there was a grid.

use crate::json::{Object, Reading, take};
use crate::layout::COLUMNS;
use serde_json::{Value, json};

/// Pixels of a row of the grid with its gutter, as the migration counts.
const ROW_PIXELS: f64 = 38.0;
const LEAST_HEIGHT: i64 = 3;

/// Lays the panels of `rows` out on the grid.
pub(super) fn upgrade(document: &mut Object) {
    let Some(Value::Array(rows)) = take(document, "rows") else {
        return;
    };
    if document
        .field("panels")
        .is_some_and(|panels| panels.as_array().is_some_and(|p| !p.is_empty()))
    {
        return;
    }
    // Rows become visible if any of them has something to say.
    let show_rows = rows.iter().any(|row| {
        is_collapsed(row)
            || row.is("showTitle")
            || row.text("repeat").is_some_and(|name| !name.is_empty())
    });
    let mut id = rows
        .iter()
        .flat_map(|row| row.list("panels"))
        .filter_map(|panel| panel.whole("id"))
        .max()
        .unwrap_or(0);
    let mut placer = Placer::default();
    let mut panels = Vec::new();
    for row in rows {
        if row.field("repeatIteration").is_some() {
            continue;
        }
        let height = row_height(&row);
        let collapsed = is_collapsed(&row);
        let mut inner = Vec::new();
        let row_y = placer.y;
        if show_rows {
            placer.y += 1;
        }
        placer.start_row(height);
        let Value::Object(mut row) = row else {
            continue;
        };
        let children = match take(&mut row, "panels") {
            Some(Value::Array(children)) => children,
            _ => Vec::new(),
        };
        for child in children {
            let Value::Object(mut panel) = child else {
                continue;
            };
            if panel
                .field("gridPos")
                .is_none_or(|pos| pos.whole("w").is_none())
            {
                let span = panel.number("span").unwrap_or(4.0).clamp(1.0, 12.0);
                let width = crate::number::to_i64((span * 2.0).floor()).clamp(1, COLUMNS);
                let height = panel
                    .field("height")
                    .map_or(height, |value| grid_height(Some(value)));
                let (x, y) = placer.place(width, height);
                panel.insert(
                    "gridPos".into(),
                    json!({ "h": height, "w": width, "x": x, "y": y }),
                );
            }
            take(&mut panel, "span");
            inner.push(Value::Object(panel));
        }
        placer.end_row();
        if show_rows {
            id += 1;
            let mut header = row_panel(id, row_y, &row, collapsed);
            if collapsed {
                header.insert("panels".into(), Value::Array(std::mem::take(&mut inner)));
                // What is hidden takes no room.
                placer.y = row_y + 1;
            }
            panels.push(Value::Object(header));
        }
        panels.extend(inner);
    }
    document.insert("panels".into(), Value::Array(panels));
}

fn is_collapsed(row: &Value) -> bool {
    row.is("collapse") || row.is("collapsed")
}

fn row_panel(id: i64, y: i64, row: &Object, collapsed: bool) -> Object {
    let mut header = Object::new();
    header.insert("id".into(), id.into());
    header.insert("type".into(), "row".into());
    header.insert("title".into(), row.text("title").unwrap_or_default().into());
    header.insert("collapsed".into(), collapsed.into());
    header.insert(
        "gridPos".into(),
        json!({ "h": 1, "w": COLUMNS, "x": 0, "y": y }),
    );
    header.insert("panels".into(), json!([]));
    if let Some(repeat) = row.text("repeat").filter(|name| !name.is_empty()) {
        header.insert("repeat".into(), repeat.into());
    }
    header
}

fn row_height(row: &Value) -> i64 {
    grid_height(row.field("height"))
}

/// Pixels, as a number or as `250px`, to rows of the grid.
fn grid_height(value: Option<&Value>) -> i64 {
    let pixels = match value {
        Some(Value::String(text)) => text.trim_end_matches("px").trim().parse().ok(),
        Some(Value::Number(number)) => number.as_f64(),
        _ => None,
    };
    let pixels: f64 = pixels.unwrap_or(250.0);
    crate::number::to_i64((pixels / ROW_PIXELS).ceil()).max(LEAST_HEIGHT)
}

/// Places panels from left to right, and under the panels of the row that leave room.
#[derive(Default)]
struct Placer {
    y: i64,
    row_height: i64,
    /// How far down each column of the row is taken.
    filled: Vec<i64>,
}

impl Placer {
    fn start_row(&mut self, height: i64) {
        self.row_height = height;
        self.filled = vec![0; usize::try_from(COLUMNS).unwrap_or(24)];
    }

    /// The first place, top to bottom and left to right, where the panel fits without covering another.
    fn place(&mut self, width: i64, height: i64) -> (i64, i64) {
        let width_columns = usize::try_from(width).unwrap_or(1);
        let best = self
            .filled
            .windows(width_columns)
            .enumerate()
            .map(|(x, columns)| (columns.iter().copied().max().unwrap_or(0), x))
            .min();
        let (y, x) = best.unwrap_or((0, 0));
        for column in self.filled.iter_mut().skip(x).take(width_columns) {
            *column = y + height;
        }
        (i64::try_from(x).unwrap_or(0), self.y + y)
    }

    fn end_row(&mut self) {
        let deepest = self.filled.iter().copied().max().unwrap_or(0);
        self.y += if deepest == 0 {
            0
        } else {
            deepest.max(self.row_height)
        };
    }
}
