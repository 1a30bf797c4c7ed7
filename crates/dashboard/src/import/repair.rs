//! What documents lack: numbers of panels, names of queries, places.

use crate::json::{Object, Reading, with_list};
use crate::layout::{GridPos, settle_all};
use crate::notice::Notice;
use serde_json::Value;
use std::collections::BTreeSet;

/// Repairs a document.
pub(super) fn repair(document: &mut Object, notices: &mut Vec<Notice>) {
    if document
        .str("title")
        .is_none_or(|title| title.trim().is_empty())
    {
        document.insert("title".into(), "Untitled".into());
        notices.push(Notice::new("dashboard", "it had no title"));
    }
    let mut ids = BTreeSet::new();
    let mut next = document
        .list("panels")
        .iter()
        .flat_map(|panel| std::iter::once(panel).chain(panel.list("panels")))
        .filter_map(|panel| panel.whole("id"))
        .max()
        .unwrap_or(0)
        .max(0)
        + 1;
    with_list(document, "panels", |panels| {
        panels.retain(Value::is_object);
        for value in panels.iter_mut() {
            if let Value::Object(panel) = value {
                repair_panel(panel, &mut ids, &mut next);
                if panel.str("type") == Some("row") {
                    with_list(panel, "panels", |children| {
                        children.retain(Value::is_object);
                        for child in children.iter_mut() {
                            if let Value::Object(child) = child {
                                repair_panel(child, &mut ids, &mut next);
                            }
                        }
                        settle_all(children);
                    });
                }
            }
        }
        free_children(panels);
        settle_all(panels);
    });
}

/// Panels inside of a row that is open stand after it on the page.
fn free_children(panels: &mut Vec<Value>) {
    let mut freed = Vec::with_capacity(panels.len());
    for mut value in panels.drain(..) {
        let open = value.str("type") == Some("row") && !value.is("collapsed");
        let mut children = Vec::new();
        if open && let Value::Object(row) = &mut value {
            with_list(row, "panels", |list| children = std::mem::take(list));
        }
        freed.push(value);
        freed.extend(children);
    }
    *panels = freed;
}

fn repair_panel(panel: &mut Object, ids: &mut BTreeSet<i64>, next: &mut i64) {
    let id = panel.whole("id").filter(|id| *id > 0 && ids.insert(*id));
    if id.is_none() {
        panel.insert("id".into(), (*next).into());
        ids.insert(*next);
        *next += 1;
    } else if let Some(id) = id
        && panel.get("id").is_some_and(|value| !value.is_i64())
    {
        panel.insert("id".into(), id.into());
    }
    if panel.str("type") == Some("row") {
        let y = GridPos::read(panel.field("gridPos")).y;
        let place = GridPos::new(0, y, crate::layout::COLUMNS, 1);
        place.write(panel);
    } else {
        let place = GridPos::read(panel.field("gridPos"));
        place.write(panel);
        name_targets(panel);
    }
}

/// Gives queries without a name the letters that are free, in order.
fn name_targets(panel: &mut Object) {
    if panel.list("targets").is_empty() {
        return;
    }
    let mut taken: BTreeSet<String> = BTreeSet::new();
    with_list(panel, "targets", |targets| {
        for target in targets.iter() {
            taken.extend(target.text("refId"));
        }
        let mut seen = BTreeSet::new();
        for target in targets.iter_mut() {
            let Value::Object(target) = target else {
                continue;
            };
            let known = target.text("refId").filter(|name| !name.is_empty());
            if known.is_some_and(|name| seen.insert(name)) {
                continue;
            }
            let free = (0..=u32::from(u16::MAX))
                .map(letters)
                .find(|name| !taken.contains(name))
                .unwrap_or_default();
            taken.insert(free.clone());
            seen.insert(free.clone());
            target.insert("refId".into(), free.into());
        }
    });
}

/// A, B, ... Z, AA, AB, ...
pub(super) fn letters(number: u32) -> String {
    let letter = |n: u32| char::from_u32(u32::from('A') + n % 26).unwrap_or('A');
    if number < 26 {
        letter(number).to_string()
    } else {
        format!("{}{}", letters(number / 26 - 1), letter(number))
    }
}
