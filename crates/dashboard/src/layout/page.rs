//! The page as it is shown: panels and rows repeated for the values of variables.

use super::{COLUMNS, GridPos, compact};
use crate::document::{Dashboard, Panel, PanelKind};
use crate::notice::Notice;
use crate::variables::{Choice, VariableValues};

/// Bounds: copies of one panel or row; a variable with ten thousand values must not lock the browser.
pub const REPEAT_CAP: usize = 100;
/// How many copies stand side by side if the panel does not say.
const DEFAULT_PER_ROW: i64 = 4;

/// A panel or row on the page.
#[derive(Debug, Clone)]
pub struct Placed<'a> {
    /// Name of this copy, the same as long as the value is: `7`, `7-a`, `7-a-b`.
    pub key: String,
    /// What it is.
    pub panel: Panel<'a>,
    /// Where it is.
    pub place: GridPos,
    /// The values that it is a copy for.
    pub clones: Vec<(String, Choice)>,
}

/// The page.
#[derive(Debug, Clone, Default)]
pub struct Page<'a> {
    /// Panels and rows, top to bottom; panels of closed rows are not there.
    pub placed: Vec<Placed<'a>>,
    /// What is repeated less, or not at all.
    pub notices: Vec<Notice>,
}

/// A row with what is under it; what is above the first row has none.
struct Section<'a> {
    row: Option<Panel<'a>>,
    panels: Vec<Panel<'a>>,
}

/// Lays a dashboard out.
pub fn place<'a>(dashboard: &'a Dashboard, values: &VariableValues) -> Page<'a> {
    let mut page = Page::default();
    let mut y = 0;
    for section in sections(dashboard) {
        let copies = section
            .row
            .and_then(|row| repeat(row, values, &mut page.notices))
            .unwrap_or_else(|| vec![Vec::new()]);
        for clones in copies {
            y = place_section(&section, &clones, y, values, &mut page);
        }
    }
    page
}

fn sections(dashboard: &Dashboard) -> Vec<Section<'_>> {
    let mut sections = vec![Section {
        row: None,
        panels: Vec::new(),
    }];
    for panel in dashboard.panels() {
        if panel.kind() == PanelKind::Row {
            sections.push(Section {
                row: Some(panel),
                panels: Vec::new(),
            });
        } else if let Some(section) = sections.last_mut() {
            section.panels.push(panel);
        }
    }
    sections
}

/// Places a section from a row of the grid on; gives the first row after it. What is inside of a closed row is
/// not among the section's panels.
fn place_section<'a>(
    section: &Section<'a>,
    clones: &[(String, Choice)],
    top: i64,
    values: &VariableValues,
    page: &mut Page<'a>,
) -> i64 {
    let mut y = top;
    if let Some(row) = section.row {
        page.placed.push(Placed {
            key: key(row, clones),
            panel: row,
            place: GridPos::new(0, y, COLUMNS, 1),
            clones: clones.to_vec(),
        });
        y += 1;
    }
    let mut placed: Vec<Placed<'a>> = Vec::new();
    let mut ordered = section.panels.clone();
    ordered.sort_by_key(|panel| (panel.grid_pos().y, panel.grid_pos().x));
    // How much copies have pushed down what is below them.
    let mut pushes: Vec<(i64, i64)> = Vec::new();
    for panel in ordered {
        let own = panel.grid_pos();
        let pushed: i64 = pushes
            .iter()
            .filter(|(below, _)| own.y >= *below)
            .map(|(_, rows)| rows)
            .sum();
        let base = GridPos {
            y: own.y + pushed,
            ..own
        };
        match repeat(panel, values, &mut page.notices) {
            None => placed.push(Placed {
                key: key(panel, clones),
                panel,
                place: base,
                clones: clones.to_vec(),
            }),
            Some(copies) => {
                let places = copy_places(panel, base, copies.len());
                let bottom = places
                    .iter()
                    .map(|place| place.bottom())
                    .max()
                    .unwrap_or(base.bottom());
                pushes.push((own.bottom(), bottom - base.bottom()));
                for (copy, place) in copies.into_iter().zip(places) {
                    let mut all = clones.to_vec();
                    all.extend(copy);
                    placed.push(Placed {
                        key: key(panel, &all),
                        panel,
                        place,
                        clones: all,
                    });
                }
            }
        }
    }
    let places: Vec<GridPos> = placed.iter().map(|item| item.place).collect();
    let mut bottom = 0;
    for (item, place) in placed.iter_mut().zip(compact(&places)) {
        bottom = bottom.max(place.bottom());
        item.place = GridPos {
            y: place.y + y,
            ..place
        };
    }
    placed.sort_by_key(|item| (item.place.y, item.place.x));
    page.placed.extend(placed);
    y + bottom
}

/// The places of copies: side by side over the whole width, or one under the other.
fn copy_places(panel: Panel<'_>, base: GridPos, count: usize) -> Vec<GridPos> {
    use crate::json::Reading;
    let count = i64::try_from(count).unwrap_or(1).max(1);
    if panel.json().str("repeatDirection") == Some("v") {
        return (0..count)
            .map(|i| GridPos {
                y: base.y + i * base.h,
                ..base
            })
            .collect();
    }
    let per_row = panel
        .json()
        .whole("maxPerRow")
        .unwrap_or(DEFAULT_PER_ROW)
        .clamp(1, COLUMNS);
    let across = count.min(per_row);
    let width = COLUMNS / across;
    (0..count)
        .map(|i| GridPos {
            x: i % across * width,
            y: base.y + i / across * base.h,
            w: width,
            ..base
        })
        .collect()
}

/// The values to repeat for; `None` if it is not repeated.
fn repeat(
    panel: Panel<'_>,
    values: &VariableValues,
    notices: &mut Vec<Notice>,
) -> Option<Vec<Vec<(String, Choice)>>> {
    let name = panel.repeat()?;
    let Some(value) = values.get(name) else {
        notices.push(Notice::new(
            panel.path(),
            format!(
                "it is repeated for the variable `{name}`, which is not there; it is shown once"
            ),
        ));
        return None;
    };
    let mut chosen = value.chosen();
    if chosen.is_empty() {
        return None;
    }
    if chosen.len() > REPEAT_CAP {
        notices.push(Notice::new(
            panel.path(),
            format!(
                "`{name}` has {} values; the first {REPEAT_CAP} are shown",
                chosen.len()
            ),
        ));
        chosen.truncate(REPEAT_CAP);
    }
    Some(
        chosen
            .into_iter()
            .map(|choice| vec![(name.to_owned(), choice)])
            .collect(),
    )
}

fn key(panel: Panel<'_>, clones: &[(String, Choice)]) -> String {
    let mut key = panel.id().to_string();
    for (_, choice) in clones {
        key.push('-');
        key.push_str(&choice.value);
    }
    key
}
