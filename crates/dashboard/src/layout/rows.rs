//! Rows that open and close.

use super::GridPos;
use crate::document::Dashboard;
use crate::error::{Error, Result};
use crate::json::{Object, Reading, with_list};
use serde_json::Value;

impl Dashboard {
    /// Closes a row: the panels after it, up to the next row, go inside, and what is below moves up.
    ///
    /// # Errors
    /// [`Error::NoPanel`] if there is no such row on the page.
    pub fn collapse_row(&mut self, id: i64) -> Result<()> {
        with_list(&mut self.document, "panels", |panels| {
            let at = row_index(panels, id).ok_or(Error::NoPanel { id })?;
            if panels.get(at).is_some_and(|row| row.is("collapsed")) {
                return Ok(());
            }
            let rest = panels.split_off(at + 1);
            let end = rest.iter().position(is_row).unwrap_or(rest.len());
            let mut inner = rest;
            let mut below = inner.split_off(end);
            let top = panels.get(at).map_or(0, |row| place_of(row).bottom());
            let bottom = inner
                .iter()
                .map(|panel| place_of(panel).bottom())
                .max()
                .unwrap_or(top);
            shift(&mut below, top - bottom);
            if let Some(Value::Object(row)) = panels.get_mut(at) {
                row.insert("collapsed".into(), true.into());
                row.insert("panels".into(), Value::Array(inner));
            }
            panels.extend(below);
            Ok(())
        })
    }

    /// Opens a row: the panels inside go under it, and what is below moves down.
    ///
    /// # Errors
    /// [`Error::NoPanel`] if there is no such row on the page.
    pub fn expand_row(&mut self, id: i64) -> Result<()> {
        with_list(&mut self.document, "panels", |panels| {
            let at = row_index(panels, id).ok_or(Error::NoPanel { id })?;
            if panels.get(at).is_some_and(|row| !row.is("collapsed")) {
                return Ok(());
            }
            let mut below = panels.split_off(at + 1);
            let top = panels.get(at).map_or(0, |row| place_of(row).bottom());
            let mut inner = Vec::new();
            if let Some(Value::Object(row)) = panels.get_mut(at) {
                row.insert("collapsed".into(), false.into());
                with_list(row, "panels", |list| inner = std::mem::take(list));
            }
            // The row may have moved since it was closed.
            let first = inner
                .iter()
                .map(|panel| place_of(panel).y)
                .min()
                .unwrap_or(top);
            shift(&mut inner, top - first);
            let bottom = inner
                .iter()
                .map(|panel| place_of(panel).bottom())
                .max()
                .unwrap_or(top);
            let next = below
                .iter()
                .map(|panel| place_of(panel).y)
                .min()
                .unwrap_or(bottom);
            shift(&mut below, (bottom - next).max(0));
            panels.extend(inner);
            panels.extend(below);
            Ok(())
        })
    }
}

pub(super) fn is_row(panel: &Value) -> bool {
    panel.str("type") == Some("row")
}

pub(super) fn place_of(panel: &Value) -> GridPos {
    GridPos::read(panel.field("gridPos"))
}

fn row_index(panels: &[Value], id: i64) -> Option<usize> {
    panels
        .iter()
        .position(|panel| is_row(panel) && panel.whole("id") == Some(id))
}

fn shift(panels: &mut [Value], rows: i64) {
    for value in panels {
        let place = place_of(value);
        if let Value::Object(panel) = value {
            move_to(
                panel,
                GridPos {
                    y: (place.y + rows).max(0),
                    ..place
                },
            );
        }
    }
}

pub(super) fn move_to(panel: &mut Object, place: GridPos) {
    place.write(panel);
}
