//! The grid of panels and rows.

use super::Board;
use super::panel::PanelTile;
use super::scope_of;
use crate::draw::canvas::{observe_size, px};
use crate::edit::Dragging;
use app::components::{EmptyNotice, Glyph, Icon};
use app::words::{t, t_string, use_i18n};
use dashboard::{
    Choice, Dashboard, Format, GridPos, Panel, PanelKind, interpolate, pixel_rect, place,
};
use leptos::html::Div;
use leptos::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A panel or a row on the page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    pub(crate) key: String,
    pub(crate) id: i64,
    pub(crate) kind: PanelKind,
    pub(crate) place: GridPos,
    pub(crate) clones: Vec<(String, Choice)>,
    pub(crate) json: Arc<Value>,
}

/// All panels in their places.
#[component]
pub(crate) fn Grid(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let frame = NodeRef::<Div>::new();
    let size = observe_size(frame);
    let width = Memo::new(move |_| size.get().0);
    let laid = Memo::new(move |_| {
        let (document, values) = (board.document.get(), board.values.get());
        let page = place(&document, &values);
        let viewed = board
            .viewed
            .get()
            .filter(|id| document.panel(*id).is_some());
        let shown = page
            .placed
            .into_iter()
            .filter(|placed| viewed.is_none_or(|id| placed.panel.id() == id));
        let items = shown.map(|placed| Item {
            key: placed.key,
            id: placed.panel.id(),
            kind: placed.panel.kind(),
            // One panel alone takes the page.
            place: viewed.map_or(placed.place, |_| GridPos::new(0, 0, 24, 20)),
            clones: placed.clones,
            json: Arc::new(Value::Object(placed.panel.json().clone())),
        });
        items.collect::<Vec<Item>>()
    });
    let keys = Memo::new(move |_| {
        laid.with(|items| {
            items
                .iter()
                .map(|item| item.key.clone())
                .collect::<Vec<_>>()
        })
    });
    let by_key = Memo::new(move |_| {
        laid.with(|items| {
            let pairs = items.iter().map(|item| (item.key.clone(), item.clone()));
            pairs.collect::<BTreeMap<_, _>>()
        })
    });
    let height = move || {
        let bottom = laid.with(|items| items.iter().map(|item| item.place.bottom()).max());
        let last = pixel_rect(
            GridPos::new(0, 0, 1, bottom.unwrap_or(1).max(1)),
            width.get(),
        );
        px(last.height)
    };
    let cell = move |key: String| {
        let item = Memo::new(move |before: Option<&Option<Item>>| {
            let now = by_key.with(|items| items.get(&key).cloned());
            // While a panel goes, it stays what it was.
            now.or_else(|| before.cloned().flatten())
        });
        let Some(first) = item.get_untracked() else {
            return ().into_any();
        };
        let rect = Memo::new(move |_| {
            let place = item.with(|item| item.as_ref().map(|item| item.place));
            pixel_rect(place.unwrap_or_default(), width.get().max(1.0))
        });
        let now = Signal::derive(move || item.get().unwrap_or_else(|| first.clone()));
        let is_row = now.with_untracked(|item| item.kind == PanelKind::Row);
        view! {
            <div
                class="board__cell"
                data-row=is_row.then_some("true")
                style:left=move || px(rect.get().left)
                style:top=move || px(rect.get().top)
                style:width=move || px(rect.get().width)
                style:height=move || px(rect.get().height)
            >
                {if is_row {
                    view! { <RowLine item=now board/> }.into_any()
                } else {
                    view! { <PanelTile item=now board/> }.into_any()
                }}
            </div>
        }
        .into_any()
    };
    let is_empty = move || laid.with(Vec::is_empty);
    let ghost = move || {
        let dragging = board.dragging.get()?;
        let place = laid.with(|items| {
            items
                .iter()
                .find(|item| item.id == dragging.panel)
                .map(|item| item.place)
        })?;
        let rect = pixel_rect(dragging.place(place), width.get());
        Some(view! {
            <div class="board__ghost" style:left=px(rect.left) style:top=px(rect.top)
                style:width=px(rect.width) style:height=px(rect.height)></div>
        })
    };
    view! {
        <div
            class="board"
            data-editing=move || board.editing.get().then_some("true")
            node_ref=frame
            style:height=height
            on:pointermove=move |event| Dragging::moved(board, width.get_untracked(), &event)
            on:pointerup=move |_| Dragging::released(board)
            on:pointercancel=move |_| board.dragging.set(None)
        >
            <Show when=move || 0.0 < width.get()>
                <For each=move || keys.get() key=Clone::clone children=cell/>
            </Show>
            {ghost}
            <Show when=is_empty>
                <EmptyNotice title=Signal::derive(move || {
                    t_string!(i18n, dashboards.no_panels).to_owned()
                })>
                    <p>{t!(i18n, dashboards.no_panels_text)}</p>
                </EmptyNotice>
            </Show>
        </div>
    }
}

/// Opens or closes rows: a change while the dashboard is edited, else a look at it.
pub(super) fn look(board: Board, change: &dyn Fn(&mut Dashboard)) {
    if board.editing.get_untracked() {
        board.edit(change);
        return;
    }
    // Looking into a row is no change of the dashboard.
    let mut saved = (*board.saved.get_untracked()).clone();
    let mut shown = (*board.document.get_untracked()).clone();
    let same = saved == shown;
    change(&mut saved);
    change(&mut shown);
    let saved = Arc::new(saved);
    let shown = if same {
        Arc::clone(&saved)
    } else {
        Arc::new(shown)
    };
    board.saved.set(saved);
    board.document.set(shown);
}

/// A row: a line with a title that opens and closes what is under it.
#[component]
fn RowLine(item: Signal<Item>, board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let collapsed =
        move || item.with(|item| Panel::of(&item.json).is_some_and(|panel| panel.collapsed()));
    let title = move || {
        board.values.track();
        let item = item.get();
        let title = Panel::of(&item.json)
            .map(|panel| panel.title().to_owned())
            .unwrap_or_default();
        scope_of(board, &item.clones, |scope| {
            interpolate(&title, scope, &Format::Text)
        })
    };
    let inside =
        move || item.with(|item| Panel::of(&item.json).map_or(0, |panel| panel.children().len()));
    let toggle = move |_| {
        let id = item.with_untracked(|item| item.id);
        let closed = collapsed();
        look(board, &move |dashboard| {
            // A row that went meanwhile needs no opening.
            let _ = if closed {
                dashboard.expand_row(id)
            } else {
                dashboard.collapse_row(id)
            };
        });
    };
    view! {
        <button
            type="button"
            class="row-line"
            aria-expanded=move || if collapsed() { "false" } else { "true" }
            on:click=toggle
        >
            <Icon glyph=Signal::derive(move || if collapsed() { Glyph::Right } else { Glyph::Down })/>
            <span class="row-line__title">{title}</span>
            <Show when=move || collapsed() && inside() != 0>
                <span class="row-line__count">{t!(i18n, dashboards.panels_inside, n = inside)}</span>
            </Show>
        </button>
    }
}
