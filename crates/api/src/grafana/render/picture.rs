//! A picture: what its panels ask, and how they are drawn.

use super::super::{GrafanaError, GrafanaState};
use super::ask::{Asker, Replied};
use super::request::{Kind, Wanted};
use super::values;
use super::zone::NamedZone;
use axum::http::StatusCode;
use dashboard::{
    Answer, Calendar, Choice, Dashboard, DateContext, DisplayContext, Globals, Panel, PanelData,
    PanelKind, PixelRect, Scope, VariableValues, place, prepare, resolve_range,
};
use render::{
    BoardTile, Language, PanelPicture, Plan, Surroundings, board_svg, page_width, panel_svg,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Points that one panel draws; a line of more would be a blot.
const MOST_POINTS: usize = 1_000_000;
/// Widths in steps, as the page has them, so that both ask the same. Units: CSS pixels.
const WIDTH_STEP: f64 = 50.0;

/// A panel with its answers.
struct Tile {
    panel: Value,
    clones: Vec<(String, Choice)>,
    place: PixelRect,
    answers: Vec<Answer>,
    error: Option<String>,
    /// Units: milliseconds since the epoch.
    window: (i64, i64),
    /// Units: milliseconds.
    step: i64,
}

/// All that is known of a picture before it is drawn.
pub(super) struct Picture {
    wanted: Wanted,
    title: String,
    values: VariableValues,
    globals: Globals,
    zone: NamedZone,
    now: i64,
    tiles: Vec<Tile>,
}

/// A panel on the page, before it is asked.
struct Placed {
    panel: Value,
    clones: Vec<(String, Choice)>,
    place: PixelRect,
}

impl Picture {
    /// Asks all that the picture shows.
    pub(super) async fn ask(
        state: &GrafanaState,
        stored: &metadata::Dashboard,
        wanted: Wanted,
    ) -> Result<Self, GrafanaError> {
        let document: Value = serde_json::from_str(&stored.json).unwrap_or_default();
        let dashboard = dashboard::import_value(document, &BTreeMap::new())?.dashboard;
        let now = state.clock.now().0;
        let own_zone = NamedZone::parse(&dashboard.timezone());
        let zone = wanted.zone.or(own_zone).unwrap_or_default();
        let range = wanted.range().unwrap_or_else(|| dashboard.time());
        let (from, to) = window_of(&dashboard, &range, zone, now)?;
        let globals = Globals {
            from,
            to,
            raw_from: range.0,
            raw_to: range.1,
            timezone: dashboard.timezone(),
            dashboard_title: dashboard.title().to_owned(),
            dashboard_uid: stored.uid.clone(),
            ..Globals::default()
        };
        let mut asker = Asker::new(state);
        let variables = dashboard.variables(&mut Vec::new());
        let values = values::resolve(variables, &wanted.pairs, &globals, &asker).await;
        let mut tiles = Vec::new();
        for placed in placed(&dashboard, &values, &wanted)? {
            let Some((kind, plans, window)) =
                plans_of(&dashboard, &values, &globals, &placed, (&zone, now))
            else {
                continue;
            };
            let (answers, error) = answers_to(&kind, &plans, &mut asker).await;
            let step = plans.iter().filter_map(|plan| plan.question.step).max();
            tiles.push(Tile {
                panel: placed.panel,
                clones: placed.clones,
                place: placed.place,
                answers,
                error,
                window,
                step: step.unwrap_or(15_000),
            });
        }
        Ok(Self {
            title: dashboard.title().to_owned(),
            wanted,
            values,
            globals,
            zone,
            now,
            tiles,
        })
    }

    /// Draws the picture. Takes the processor for a while.
    pub(super) fn draw(&self) -> Result<Vec<u8>, GrafanaError> {
        let language = match self.wanted.kind {
            Kind::Png if !render::writes_hangul() => Language::English,
            _ => self.wanted.language,
        };
        let context = DisplayContext {
            theme: self.wanted.theme,
            dates: DateContext {
                now: self.now,
                zone: &self.zone,
            },
        };
        let scopes: Vec<Scope<'_>> = self
            .tiles
            .iter()
            .map(|tile| {
                Scope::new(&self.values, &self.globals)
                    .with_clones(&tile.clones)
                    .in_zone(&self.zone)
            })
            .collect();
        let data: Vec<PanelData> = self
            .tiles
            .iter()
            .zip(&scopes)
            .map(|(tile, scope)| {
                Panel::of(&tile.panel)
                    .map(|panel| prepare(&panel, &tile.answers, scope))
                    .unwrap_or_default()
            })
            .collect();
        let shown = self.tiles.iter().zip(&scopes).zip(&data);
        let boards: Vec<BoardTile<'_>> = shown
            .filter_map(|((tile, scope), data)| {
                let picture = PanelPicture {
                    panel: Panel::of(&tile.panel)?,
                    scope,
                    data,
                    error: tile.error.as_deref(),
                    window: tile.window,
                    step: tile.step as f64,
                    language,
                };
                Some(BoardTile {
                    place: tile.place,
                    picture,
                })
            })
            .collect();
        let width = self.wanted.width;
        let svg = match (&self.wanted.panel, boards.first()) {
            (Some(_), Some(tile)) => {
                let height = self.wanted.height.unwrap_or(tile.place.height);
                panel_svg(&tile.picture, &context, (width, height))
            }
            _ => board_svg(&self.title, &boards, &context, width, self.wanted.height),
        };
        match self.wanted.kind {
            Kind::Svg => Ok(svg.into_bytes()),
            Kind::Png => render::png(&svg, self.wanted.scale)
                .map_err(|error| GrafanaError::new(StatusCode::BAD_REQUEST, error.to_string())),
        }
    }
}

/// The range of a picture. Units: milliseconds since the epoch.
fn window_of(
    dashboard: &Dashboard,
    (from, to): &(String, String),
    zone: NamedZone,
    now: i64,
) -> Result<(i64, i64), GrafanaError> {
    let calendar = Calendar {
        week_start: dashboard.week_start().unwrap_or(1),
        fiscal_start: dashboard.fiscal_year_start(),
        ..Calendar::new(now, &zone)
    };
    Ok(resolve_range(from, to, &calendar)?)
}

/// What a panel asks, and its range.
fn plans_of(
    dashboard: &Dashboard,
    values: &VariableValues,
    globals: &Globals,
    placed: &Placed,
    (zone, now): (&NamedZone, i64),
) -> Option<(PanelKind, Vec<Plan>, (i64, i64))> {
    let around = Surroundings {
        dashboard,
        values,
        globals,
        clones: &placed.clones,
        zone,
        now,
        width: points_in(placed.place.width),
    };
    let panel = Panel::of(&placed.panel)?;
    Some((panel.kind(), around.plans(&panel), around.window(&panel)))
}

/// The panels of a picture.
fn placed(
    dashboard: &Dashboard,
    values: &VariableValues,
    wanted: &Wanted,
) -> Result<Vec<Placed>, GrafanaError> {
    let page = place(dashboard, values);
    let all = page.placed.into_iter();
    let Some(id) = &wanted.panel else {
        let width = page_width(wanted.width);
        return Ok(all
            .map(|placed| Placed {
                panel: Value::Object(placed.panel.json().clone()),
                clones: placed.clones,
                place: dashboard::pixel_rect(placed.place, width),
            })
            .collect());
    };
    let number = id.parse::<i64>().ok();
    let found = all
        .filter(|placed| placed.key == *id || Some(placed.panel.id()) == number)
        .map(|placed| (placed.panel, placed.clones))
        .next()
        // Panels of closed rows are not on the page.
        .or_else(|| Some((dashboard.panel(number?)?, Vec::new())));
    let (panel, clones) = found.ok_or_else(|| GrafanaError::not_found("Panel not found"))?;
    Ok(vec![Placed {
        panel: Value::Object(panel.json().clone()),
        clones,
        place: PixelRect {
            left: 0.0,
            top: 0.0,
            width: wanted.width,
            height: wanted.height.unwrap_or(0.0),
        },
    }])
}

/// Points that there is room for.
#[expect(clippy::cast_possible_truncation, reason = "a number of pixels")]
fn points_in(width: f64) -> i64 {
    ((width / WIDTH_STEP).ceil() * WIDTH_STEP) as i64
}

/// The answers that came, and why others did not.
async fn answers_to(
    kind: &PanelKind,
    plans: &[Plan],
    asker: &mut Asker<'_>,
) -> (Vec<Answer>, Option<String>) {
    let (mut answers, mut error) = (Vec::new(), None);
    let mut points = 0;
    for plan in plans {
        let reply: Replied = asker.reply(&plan.question).await;
        match reply {
            Ok(reply) => {
                points += reply
                    .series
                    .iter()
                    .map(|series| series.times.len())
                    .sum::<usize>();
                if points > MOST_POINTS {
                    let words = format!("more than {MOST_POINTS} points in one panel");
                    return (Vec::new(), Some(words));
                }
                answers.push(plan.answer(kind, &reply));
            }
            Err(reason) => error = error.or(Some(reason)),
        }
    }
    (answers, error)
}
