//! Changes of the layout by hand; after each, panels fall up as far as they go.

use super::rows::{is_row, move_to, place_of};
use super::{COLUMNS, GridPos, compact_with};
use crate::document::Dashboard;
use crate::error::{Error, Result};
use crate::json::{Object, Reading, with_list};
use serde_json::Value;

const NEW_WIDTH: i64 = 12;
const NEW_HEIGHT: i64 = 8;

impl Dashboard {
    /// Moves a panel of the page; others make room.
    ///
    /// # Errors
    /// [`Error::NoPanel`] if it is not on the page.
    pub fn move_panel(&mut self, id: i64, x: i64, y: i64) -> Result<()> {
        self.change_place(id, |place| GridPos::new(x, y, place.w, place.h))
    }

    /// Gives a panel of the page another size; others make room.
    ///
    /// # Errors
    /// [`Error::NoPanel`] if it is not on the page.
    pub fn resize_panel(&mut self, id: i64, w: i64, h: i64) -> Result<()> {
        self.change_place(id, |place| {
            let w = w.clamp(1, COLUMNS - place.x);
            GridPos::new(place.x, place.y, w, h)
        })
    }

    /// Adds a panel where there is room at the end of the page; gives its id.
    pub fn add_panel(&mut self, mut panel: Object) -> i64 {
        let id = self.free_panel_id();
        panel.insert("id".into(), id.into());
        let wish = GridPos::read(panel.field("gridPos"));
        let (w, h) = match panel.field("gridPos") {
            _ if panel.str("type") == Some("row") => (COLUMNS, 1),
            Some(_) => (wish.w, wish.h),
            None => (NEW_WIDTH, NEW_HEIGHT),
        };
        with_list(&mut self.document, "panels", |panels| {
            let places: Vec<GridPos> = panels.iter().map(place_of).collect();
            free_place(&places, w, h).write(&mut panel);
            panels.push(Value::Object(panel));
        });
        self.settle(Some(id));
        id
    }

    /// Copies a panel beside itself, or under itself where there is no room; gives the copy's id.
    ///
    /// # Errors
    /// [`Error::NoPanel`] if it is not on the page.
    pub fn duplicate_panel(&mut self, id: i64) -> Result<i64> {
        let copy_id = self.free_panel_id();
        with_list(&mut self.document, "panels", |panels| {
            let original = panels
                .iter()
                .find(|panel| panel.whole("id") == Some(id) && !is_row(panel))
                .ok_or(Error::NoPanel { id })?;
            let place = place_of(original);
            let mut copy = original.as_object().cloned().unwrap_or_default();
            copy.insert("id".into(), copy_id.into());
            let beside = GridPos {
                x: place.x + place.w,
                ..place
            };
            let fits = beside.x + beside.w <= COLUMNS
                && !panels.iter().any(|panel| place_of(panel).overlaps(beside));
            let below = GridPos {
                y: place.bottom(),
                ..place
            };
            move_to(&mut copy, if fits { beside } else { below });
            panels.push(Value::Object(copy));
            Ok::<(), Error>(())
        })?;
        self.settle(Some(copy_id));
        Ok(copy_id)
    }

    /// Takes a panel away, on the page or inside of a row; of an open row the line alone. Gives its JSON.
    ///
    /// # Errors
    /// [`Error::NoPanel`] if it is nowhere.
    pub fn remove_panel(&mut self, id: i64) -> Result<Object> {
        let removed = with_list(&mut self.document, "panels", |panels| remove(panels, id))
            .ok_or(Error::NoPanel { id })?;
        self.settle(None);
        Ok(removed)
    }

    fn change_place(&mut self, id: i64, change: impl FnOnce(GridPos) -> GridPos) -> Result<()> {
        with_list(&mut self.document, "panels", |panels| {
            let panel = panels
                .iter_mut()
                .find(|panel| panel.whole("id") == Some(id))
                .ok_or(Error::NoPanel { id })?;
            let place = change(place_of(panel));
            if let Value::Object(panel) = panel {
                move_to(panel, place);
            }
            Ok::<(), Error>(())
        })?;
        self.settle(Some(id));
        Ok(())
    }

    /// Lets panels fall up, and puts them in reading order, so that rows own what is under them.
    fn settle(&mut self, moved: Option<i64>) {
        with_list(&mut self.document, "panels", |panels| {
            let places: Vec<GridPos> = panels.iter().map(place_of).collect();
            let moved = moved.and_then(|id| {
                panels
                    .iter()
                    .position(|panel| panel.whole("id") == Some(id))
            });
            for (value, place) in panels.iter_mut().zip(compact_with(&places, moved)) {
                if let Value::Object(panel) = value {
                    move_to(panel, place);
                }
            }
            panels.sort_by_key(|panel| {
                let place = place_of(panel);
                (place.y, place.x)
            });
        });
    }
}

/// The first free place beside or under the last panels.
fn free_place(places: &[GridPos], w: i64, h: i64) -> GridPos {
    let bottom = places.iter().map(|place| place.bottom()).max().unwrap_or(0);
    let candidates = ((bottom - h).max(0)..bottom)
        .flat_map(|y| (0..=COLUMNS - w).map(move |x| GridPos::new(x, y, w, h)));
    candidates
        .into_iter()
        .find(|candidate| {
            let free = !places.iter().any(|place| place.overlaps(*candidate));
            // Not above something: gravity would not leave it there by right.
            free && !places.iter().any(|place| {
                place.y >= candidate.bottom()
                    && place.x < candidate.x + w
                    && candidate.x < place.x + place.w
            })
        })
        .unwrap_or_else(|| GridPos::new(0, bottom, w, h))
}

fn remove(panels: &mut Vec<Value>, id: i64) -> Option<Object> {
    if let Some(at) = panels
        .iter()
        .position(|panel| panel.whole("id") == Some(id))
    {
        return match panels.remove(at) {
            Value::Object(panel) => Some(panel),
            _ => None,
        };
    }
    panels
        .iter_mut()
        .find_map(|panel| match panel.as_object_mut()?.get_mut("panels") {
            Some(Value::Array(children)) => remove(children, id),
            _ => None,
        })
}
