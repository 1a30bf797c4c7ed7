//! Places that do not overlap, and gravity.

use super::GridPos;
use crate::json::Reading;
use serde_json::Value;

/// Moves every place up as far as it goes; what overlaps is pushed down. Ordering: results stand at the same
/// index as their places.
pub fn compact(places: &[GridPos]) -> Vec<GridPos> {
    compact_with(places, None)
}

/// As [`compact`], but the place with an index wins over the others where it was put.
pub fn compact_with(places: &[GridPos], moved: Option<usize>) -> Vec<GridPos> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    let key = |index: &usize| {
        let place = places.get(*index).copied().unwrap_or_default();
        (place.y, usize::from(moved != Some(*index)), place.x)
    };
    order.sort_by_key(key);
    let mut done: Vec<GridPos> = places.to_vec();
    let mut settled: Vec<GridPos> = places.iter().copied().filter(|place| place.fixed).collect();
    for index in order {
        let Some(place) = places.get(index).copied().filter(|place| !place.fixed) else {
            continue;
        };
        let settled_place = lift(free_below(place, &settled), &settled);
        settled.push(settled_place);
        if let Some(slot) = done.get_mut(index) {
            *slot = settled_place;
        }
    }
    done
}

/// The place, or the first below it that is free.
fn free_below(mut place: GridPos, settled: &[GridPos]) -> GridPos {
    while let Some(hit) = settled.iter().find(|other| other.overlaps(place)) {
        place.y = hit.bottom();
    }
    place
}

/// The place moved up until it touches something.
fn lift(place: GridPos, settled: &[GridPos]) -> GridPos {
    let floor = settled
        .iter()
        .filter(|other| {
            other.bottom() <= place.y && place.x < other.x + other.w && other.x < place.x + place.w
        })
        .map(|other| other.bottom())
        .max()
        .unwrap_or(0);
    GridPos { y: floor, ..place }
}

/// Pushes panels of a document down where they overlap; gaps stay.
pub(crate) fn settle_all(panels: &mut [Value]) {
    let places: Vec<GridPos> = panels
        .iter()
        .map(|panel| GridPos::read(panel.field("gridPos")))
        .collect();
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|index| places.get(*index).map(|place| (place.y, place.x)));
    let mut settled: Vec<GridPos> = Vec::with_capacity(places.len());
    for index in order {
        let Some(place) = places.get(index).copied() else {
            continue;
        };
        let free = free_below(place, &settled);
        settled.push(free);
        if free != place
            && let Some(Value::Object(panel)) = panels.get_mut(index)
        {
            free.write(panel);
        }
    }
}
