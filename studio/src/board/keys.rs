//! Keys that work on a dashboard: `d` or `t`, and another one.

use super::Board;
use super::grid::look;
use crate::edit::is_field;
use dashboard::{Dashboard, Panel, PanelKind, shift_range, zoom_out};
use leptos::prelude::*;

/// What two keys do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Refresh,
    Settings,
    Kiosk,
    Edit,
    OpenRows,
    CloseRows,
    ZoomOut,
    ZoomIn,
    Earlier,
    Later,
}

impl Deed {
    fn of(first: &str, second: &str) -> Option<Self> {
        Some(match (first, second) {
            ("d", "r") => Self::Refresh,
            ("d", "s") => Self::Settings,
            ("d", "k") => Self::Kiosk,
            ("d", "e") => Self::Edit,
            ("d", "E") => Self::OpenRows,
            ("d", "C") => Self::CloseRows,
            ("t", "z" | "-") => Self::ZoomOut,
            ("t", "+" | "=") => Self::ZoomIn,
            ("t", "ArrowLeft") => Self::Earlier,
            ("t", "ArrowRight") => Self::Later,
            _ => return None,
        })
    }

    fn run(self, board: Board) {
        let window = board.window.get_untracked();
        let may = board.meta.with_untracked(|meta| meta.can_save);
        let show = |(from, to): (i64, i64)| board.set_window(from, to);
        match self {
            Self::Refresh => board.renew(),
            Self::Settings if may => {
                let path = format!("{}/settings", board.home_path());
                board.visit(&path, &[("edit", Some(""))]);
            }
            Self::Edit if may => {
                board.begin_editing();
                board.change_address(&[("edit", Some(""))], true);
            }
            Self::Settings | Self::Edit => {}
            Self::Kiosk => board.change_address(&[("kiosk", Some(""))], false),
            Self::OpenRows => look(board, &|dashboard| turn_rows(dashboard, true)),
            Self::CloseRows => look(board, &|dashboard| turn_rows(dashboard, false)),
            Self::ZoomOut => show(zoom_out(window, super::now())),
            Self::ZoomIn => show(zoom_in(window)),
            Self::Earlier => show(shift_range(window, -1)),
            Self::Later => show(shift_range(window, 1)),
        }
    }
}

/// The middle half of a range.
fn zoom_in((from, to): (i64, i64)) -> (i64, i64) {
    let quarter = (to - from) / 4;
    (from + quarter, to - quarter)
}

/// Opens or closes all rows.
fn turn_rows(dashboard: &mut Dashboard, opens: bool) {
    let rows: Vec<i64> = dashboard
        .panels()
        .iter()
        .filter(|panel| panel.kind() == PanelKind::Row && panel.collapsed() == opens)
        .map(Panel::id)
        .collect();
    for id in rows {
        // A row that is not there needs nothing.
        let _ = if opens {
            dashboard.expand_row(id)
        } else {
            dashboard.collapse_row(id)
        };
    }
}

/// Listens to the keys of the page.
pub(super) fn listen(board: Board) {
    let first = StoredValue::new(String::new());
    Effect::new(move |_| {
        let handle = window_event_listener(leptos::ev::keydown, move |event| {
            let key = event.key();
            let is_other = event.ctrl_key() || event.meta_key() || event.alt_key();
            // Shift comes before the letter that it makes large.
            if is_other || event.is_composing() || is_field(&event) || key == "Shift" {
                return;
            }
            let before = first.try_update_value(|first| std::mem::replace(first, key.clone()));
            if let Some(deed) = before.and_then(|before| Deed::of(&before, &key)) {
                event.prevent_default();
                first.set_value(String::new());
                deed.run(board);
            }
        });
        on_cleanup(move || handle.remove());
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn two_keys_are_one_deed() {
        assert_eq!(Deed::of("d", "r"), Some(Deed::Refresh));
        assert_eq!(Deed::of("t", "="), Some(Deed::ZoomIn));
        assert_eq!(Deed::of("r", "d"), None);
        assert_eq!(zoom_in((0, 1000)), (250, 750));
    }

    #[test]
    fn all_rows_are_opened_and_closed() {
        let text = r#"{"title": "t", "panels": [
            {"id": 1, "type": "row", "collapsed": true, "panels": [{"id": 2, "type": "stat"}]},
            {"id": 3, "type": "row", "collapsed": true, "panels": [{"id": 4, "type": "stat"}]}]}"#;
        let mut board = dashboard::import(text, &BTreeMap::new()).unwrap().dashboard;
        let count = |board: &Dashboard| board.panels().len();
        turn_rows(&mut board, true);
        assert_eq!(count(&board), 4);
        turn_rows(&mut board, false);
        assert_eq!(count(&board), 2);
    }
}
