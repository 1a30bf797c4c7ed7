//! Lists of dashboards, and of notes.

use super::canvas::px;
use crate::board::{Board, scope_of};
use crate::call::{Load, get, load, text_of};
use app::data::UiError;
use app::site::at;
use app::state::{query_string, storage};
use app::words::{t, use_i18n};
use dashboard::{Choice, DashListOptions, Format, Mark, Panel, interpolate};
use leptos::prelude::*;
use serde_json::Value;
use std::sync::Arc;

/// Where the browser keeps which dashboards were open.
const RECENT: &str = "watchfire.recent";
/// How many it keeps.
const KEPT: usize = 30;

/// A part of the list: what it is, and titles with addresses.
type Section = (Kind, Vec<(String, String)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Starred,
    Recent,
    Found,
}

/// Notes that a dashboard was open.
pub(crate) fn remember(uid: &str) {
    let mut uids = recent();
    uids.retain(|known| known != uid);
    uids.insert(0, uid.to_owned());
    uids.truncate(KEPT);
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(&uids)) {
        // Storage that is full or forbidden costs only the memory of it.
        let _ = storage.set_item(RECENT, &text);
    }
}

fn recent() -> Vec<String> {
    let text = storage().and_then(|storage| storage.get_item(RECENT).ok().flatten());
    text.and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

async fn ask(pairs: Vec<(&'static str, String)>) -> Result<Vec<(String, String, String)>, UiError> {
    let query = query_string(pairs.iter().map(|(name, value)| (*name, value.as_str())));
    let answer = get(&format!("/api/search?type=dash-db&{query}")).await?;
    let list = answer.as_array().map(Vec::as_slice).unwrap_or_default();
    let read = |hit: &Value| {
        (
            text_of(hit, "uid").to_owned(),
            text_of(hit, "title").to_owned(),
            text_of(hit, "url").to_owned(),
        )
    };
    Ok(list.iter().map(read).collect())
}

async fn sections(options: DashListOptions) -> Result<Vec<Section>, UiError> {
    let limit = || ("limit", options.max_items.max(1).to_string());
    let shown = |hits: Vec<(String, String, String)>| {
        hits.into_iter()
            .map(|(_, title, url)| (title, url))
            .take(options.max_items)
            .collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    if options.starred {
        let hits = ask(vec![("starred", "true".to_owned()), limit()]).await?;
        found.push((Kind::Starred, shown(hits)));
    }
    if options.recent {
        let uids = recent();
        let mut hits = Vec::new();
        if !uids.is_empty() {
            hits = ask(vec![("dashboardUIDs", uids.join(","))]).await?;
            hits.sort_by_key(|(uid, ..)| uids.iter().position(|known| known == uid));
        }
        found.push((Kind::Recent, shown(hits)));
    }
    if options.search {
        let mut pairs = vec![limit()];
        if !options.query.is_empty() {
            pairs.push(("query", options.query.clone()));
        }
        if !options.folder_uid.is_empty() {
            pairs.push(("folderUIDs", options.folder_uid.clone()));
        }
        pairs.extend(options.tags.iter().map(|tag| ("tag", tag.clone())));
        found.push((Kind::Found, shown(ask(pairs).await?)));
    }
    Ok(found)
}

/// Dashboards with a star, those that were open lately, and those that are found.
#[component]
pub(crate) fn DashListView(
    panel: Signal<Arc<Value>>,
    clones: Vec<(String, Choice)>,
    board: Board,
) -> impl IntoView {
    let i18n = use_i18n();
    let clones = StoredValue::new(clones);
    let options = Memo::new(move |_| {
        board.values.track();
        let json = panel.get();
        let panel = Panel::of(&json);
        let mut options =
            DashListOptions::read(panel.map_or(&Value::Null, |panel| panel.options()));
        scope_of(board, &clones.get_value(), |scope| {
            options.query = interpolate(&options.query, scope, &Format::Text);
            for tag in &mut options.tags {
                *tag = interpolate(tag, scope, &Format::Text);
            }
        });
        options
    });
    let found = RwSignal::new(Load::<Vec<Section>>::Waiting);
    Effect::new(move |_| {
        board.beat.track();
        load(found, sections(options.get()));
    });
    let address = move |url: &str| {
        let options = options.get();
        board.link_to(url, options.keep_time, options.include_variables)
    };
    let heading = move |kind: Kind| match kind {
        Kind::Starred => t!(i18n, dashboards.starred_only),
        Kind::Recent => t!(i18n, boards.recent),
        Kind::Found => t!(i18n, boards.found),
    };
    move || match found.get() {
        Load::Waiting => view! { <p class="tile__none">{t!(i18n, shell.loading)}</p> }.into_any(),
        Load::Failed(error) => {
            view! { <p class="tile__none" data-kind="error" role="alert">{error.to_string()}</p> }
                .into_any()
        }
        Load::Ready(sections) => {
            let is_empty = sections.iter().all(|(_, lines)| lines.is_empty());
            let headings = options.with(|options| options.headings);
            let parts = sections.into_iter().map(|(kind, lines)| {
                let lines = lines.into_iter().map(|(title, url)| {
                    view! { <li><a class="menu-line" href=move || at(&address(&url))>{title}</a></li> }
                });
                view! {
                    {headings.then(|| view! { <h4 class="dash-list__head">{heading(kind)}</h4> })}
                    <ul class="dash-list__lines">{lines.collect_view()}</ul>
                }
            });
            view! {
                <div class="fill--scroll dash-list">
                    {parts.collect_view()}
                    {is_empty.then(|| view! { <p class="form__note">{t!(i18n, boards.no_dashboards)}</p> })}
                </div>
            }
            .into_any()
        }
    }
}

/// The marks of this dashboard as a list, newest first.
#[component]
pub(crate) fn NoteListView(panel: Signal<Arc<Value>>, board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let all = Memo::new(move |_| {
        let json = panel.get();
        let options = Panel::of(&json).map_or(&Value::Null, |panel| panel.options());
        let limit = options.get("limit").and_then(Value::as_u64).unwrap_or(10);
        let wanted: Vec<String> = options
            .get("tags")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|tag| tag.as_str().map(str::to_owned))
            .collect();
        let mut marks: Vec<Mark> = board.marks.found.with(|found| {
            found
                .iter()
                .flat_map(|source| source.marks.clone())
                .collect()
        });
        marks.retain(|mark| wanted.iter().all(|tag| mark.tags.contains(tag)));
        marks.sort_by(|a, b| b.from.total_cmp(&a.from));
        marks.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        marks
    });
    move || {
        let clocks = board.clocks();
        let lines = all.get().into_iter().map(|mark| {
            let half = 1_800_000.0;
            #[expect(clippy::cast_possible_truncation, reason = "milliseconds of this age")]
            let window = ((mark.from - half) as i64, (mark.to + half) as i64);
            let tags = mark.tags.into_iter().map(|tag| view! { <span class="tag">{tag}</span> });
            let text = if mark.title.is_empty() { mark.text } else { format!("{}: {}", mark.title, mark.text) };
            view! {
                <li>
                    <button type="button" class="menu-line" style:min-height=px(28.0) on:click=move |_| board.set_window(window.0, window.1)>
                        <span class="alert-line__note">{app::fmt::time_in(clocks, (mark.from / 1e3).round())}</span>
                        " "{text}" "{tags.collect_view()}
                    </button>
                </li>
            }
        });
        if all.with(Vec::is_empty) {
            view! { <p class="tile__none">{t!(i18n, boards.no_notes)}</p> }.into_any()
        } else {
            view! { <ul class="dash-list__lines fill--scroll">{lines.collect_view()}</ul> }
                .into_any()
        }
    }
}
