//! Where panels are: a grid of 24 columns, rows that open and close, panels repeated for values.

mod edit;
mod grid;
mod page;
mod pixels;
mod rows;
#[cfg(test)]
mod tests;

use crate::json::{Object, Reading, with_object};
use serde_json::Value;

pub(crate) use grid::settle_all;
pub use grid::{compact, compact_with};
pub use page::{Page, Placed, REPEAT_CAP, place};
pub use pixels::{GUTTER, PixelRect, ROW_HEIGHT, grid_point, pixel_rect};

/// Columns of the grid.
pub const COLUMNS: i64 = 24;
const DEFAULT_WIDTH: i64 = 12;
const DEFAULT_HEIGHT: i64 = 9;
/// Bounds: keeps broken documents from making pages without end.
const MAX_HEIGHT: i64 = 1000;
const MAX_Y: i64 = 1_000_000;

/// A place on the grid. Units: columns and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GridPos {
    /// First column. Bounds: 0 to 23.
    pub x: i64,
    /// First row. Bounds: from 0.
    pub y: i64,
    /// Width. Bounds: 1 to 24, and inside of the grid.
    pub w: i64,
    /// Height. Bounds: from 1.
    pub h: i64,
    /// Whether it stays where it is.
    pub fixed: bool,
}

impl GridPos {
    /// A place pulled inside of the grid.
    pub fn new(x: i64, y: i64, w: i64, h: i64) -> Self {
        let w = w.clamp(1, COLUMNS);
        Self {
            x: x.clamp(0, COLUMNS - w),
            y: y.clamp(0, MAX_Y),
            w,
            h: h.clamp(1, MAX_HEIGHT),
            fixed: false,
        }
    }

    /// Reads a place; what is missing has a default.
    pub fn read(value: Option<&Value>) -> Self {
        let value = value.unwrap_or(&Value::Null);
        let whole = |key: &str, default| value.whole(key).unwrap_or(default);
        Self {
            fixed: value.is("static"),
            ..Self::new(
                whole("x", 0),
                whole("y", 0),
                whole("w", DEFAULT_WIDTH),
                whole("h", DEFAULT_HEIGHT),
            )
        }
    }

    /// Writes the place into a panel; other keys of its place stay.
    pub(crate) fn write(self, panel: &mut Object) {
        with_object(panel, "gridPos", |place| {
            for (key, value) in [("h", self.h), ("w", self.w), ("x", self.x), ("y", self.y)] {
                if place.whole(key) != Some(value) || !place.get(key).is_some_and(Value::is_i64) {
                    place.insert(key.into(), value.into());
                }
            }
        });
    }

    /// The first row below.
    pub fn bottom(self) -> i64 {
        self.y + self.h
    }

    /// Whether two places share a cell.
    pub fn overlaps(self, other: Self) -> bool {
        self.x < other.x + other.w
            && other.x < self.x + self.w
            && self.y < other.bottom()
            && other.y < self.bottom()
    }
}
