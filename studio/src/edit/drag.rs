//! Panels moved and resized on the grid, by pointer and by keys.

use crate::board::Board;
use dashboard::{Dashboard, GUTTER, GridPos, ROW_HEIGHT, pixel_rect};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// What a drag changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handle {
    /// The place.
    Place,
    /// The size.
    Size,
}

/// A panel that is being dragged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Dragging {
    pub(crate) panel: i64,
    handle: Handle,
    from: (f64, f64),
    /// Columns and rows gone so far.
    pub(crate) gone: (i64, i64),
}

impl Handle {
    /// Begins a drag.
    pub(crate) fn press(self, board: Board, panel: i64, event: &web_sys::PointerEvent) {
        if event.button() != 0 || !board.editing.get_untracked() {
            return;
        }
        event.prevent_default();
        let target = event
            .current_target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some(target) = target {
            // Without it the drag ends where the pointer leaves the handle.
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        board.dragging.set(Some(Dragging {
            panel,
            handle: self,
            from: (f64::from(event.client_x()), f64::from(event.client_y())),
            gone: (0, 0),
        }));
    }
}

impl Dragging {
    /// Follows the pointer.
    pub(crate) fn moved(board: Board, page_width: f64, event: &web_sys::PointerEvent) {
        let Some(now) = board.dragging.get_untracked() else {
            return;
        };
        let one = pixel_rect(GridPos::new(0, 0, 1, 1), page_width);
        let steps = |pixels: f64, step: f64| {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a number of columns or rows"
            )]
            let steps = (pixels / step.max(1.0)).round() as i64;
            steps
        };
        let gone = (
            steps(f64::from(event.client_x()) - now.from.0, one.width + GUTTER),
            steps(
                f64::from(event.client_y()) - now.from.1,
                ROW_HEIGHT + GUTTER,
            ),
        );
        if gone != now.gone {
            board.dragging.set(Some(Self { gone, ..now }));
        }
    }

    /// Ends a drag; the panel stays where it was taken.
    pub(crate) fn released(board: Board) {
        let Some(done) = board.dragging.get_untracked() else {
            return;
        };
        board.dragging.set(None);
        if done.gone != (0, 0) {
            board.edit(|dashboard| apply(dashboard, done.panel, done.handle, done.gone));
        }
    }

    /// Where the panel would be.
    pub(crate) fn place(self, now: GridPos) -> GridPos {
        match self.handle {
            Handle::Place => GridPos::new(
                (now.x + self.gone.0).max(0),
                (now.y + self.gone.1).max(0),
                now.w,
                now.h,
            ),
            Handle::Size => GridPos::new(
                now.x,
                now.y,
                (now.w + self.gone.0).max(1),
                (now.h + self.gone.1).max(1),
            ),
        }
    }
}

fn apply(dashboard: &mut Dashboard, panel: i64, handle: Handle, gone: (i64, i64)) {
    let Some(now) = dashboard.panel(panel).map(|panel| panel.grid_pos()) else {
        return;
    };
    // A panel inside of a closed row is not on the page, and cannot be dragged.
    let _ = match handle {
        Handle::Place => dashboard.move_panel(
            panel,
            (now.x + gone.0).clamp(0, 23),
            (now.y + gone.1).max(0),
        ),
        Handle::Size => {
            dashboard.resize_panel(panel, (now.w + gone.0).max(1), (now.h + gone.1).max(2))
        }
    };
}

/// Moves with the arrows, resizes with Shift and the arrows, removes with Delete, copies with Ctrl-D.
pub(crate) fn move_by_keys(board: Board, panel: i64, event: &web_sys::KeyboardEvent) {
    if !board.editing.get_untracked() || event.target() != event.current_target() {
        return;
    }
    let gone = match event.key().as_str() {
        "ArrowLeft" => (-1, 0),
        "ArrowRight" => (1, 0),
        "ArrowUp" => (0, -1),
        "ArrowDown" => (0, 1),
        "Delete" => {
            event.prevent_default();
            board.edit(|dashboard| {
                // It may have gone meanwhile.
                let _ = dashboard.remove_panel(panel);
            });
            return;
        }
        "d" if event.ctrl_key() || event.meta_key() => {
            event.prevent_default();
            board.edit(|dashboard| {
                let _ = dashboard.duplicate_panel(panel);
            });
            return;
        }
        _ => return,
    };
    event.prevent_default();
    let handle = if event.shift_key() {
        Handle::Size
    } else {
        Handle::Place
    };
    board.edit(|dashboard| apply(dashboard, panel, handle, gone));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn drags_move_and_resize_by_columns_and_rows() {
        let text = r#"{"title": "x", "panels": [{"id": 1, "type": "stat", "gridPos": {"x": 0, "y": 0, "w": 6, "h": 4}}]}"#;
        let mut dashboard = dashboard::import(text, &BTreeMap::new()).unwrap().dashboard;
        apply(&mut dashboard, 1, Handle::Place, (3, 2));
        apply(&mut dashboard, 1, Handle::Size, (-2, 1));
        let place = dashboard.panel(1).unwrap().grid_pos();
        // It falls up again.
        assert_eq!((place.x, place.y, place.w, place.h), (3, 0, 4, 5));
        apply(&mut dashboard, 9, Handle::Size, (1, 1));
    }
}
