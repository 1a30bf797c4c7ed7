//! Places on the grid as pixels.

use super::{COLUMNS, GridPos};

/// Height of a row of the grid. Units: pixels.
pub const ROW_HEIGHT: f64 = 30.0;
/// Room between panels. Units: pixels.
pub const GUTTER: f64 = 8.0;

/// A rectangle. Units: pixels.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PixelRect {
    /// From the left.
    pub left: f64,
    /// From the top.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

fn column_width(page_width: f64) -> f64 {
    let columns = COLUMNS as f64;
    ((page_width - GUTTER * (columns - 1.0)) / columns).max(1.0)
}

/// The rectangle of a place on a page of so many pixels.
pub fn pixel_rect(place: GridPos, page_width: f64) -> PixelRect {
    let column = column_width(page_width);
    PixelRect {
        left: place.x as f64 * (column + GUTTER),
        top: place.y as f64 * (ROW_HEIGHT + GUTTER),
        width: place.w as f64 * (column + GUTTER) - GUTTER,
        height: place.h as f64 * (ROW_HEIGHT + GUTTER) - GUTTER,
    }
}

/// The column and row nearest to a point of a page, for dragging.
pub fn grid_point(left: f64, top: f64, page_width: f64) -> (i64, i64) {
    let column = (left / (column_width(page_width) + GUTTER)).round();
    let row = (top / (ROW_HEIGHT + GUTTER)).round();
    (
        crate::number::to_i64(column).clamp(0, COLUMNS),
        crate::number::to_i64(row).max(0),
    )
}
