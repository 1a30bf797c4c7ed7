//! The line above a dashboard: where it is, its times, and its variables.

use super::Board;
use super::kiosk::keep_kiosk;
use super::marks::{keep_marks, sources};
use super::scope_of;
use super::time_picker::TimePicker;
use super::variable_field::VariableField;
use crate::call::{Load, get, load, send, text_of};
use crate::edit::EditTools;
use app::components::{Glyph, Icon};
use app::site::at;
use app::state::query_string;
use app::words::{t, t_string, use_i18n};
use dashboard::{Color, DashboardLink, Format, Hide, VariableKind, interpolate, parse_interval};
use leptos::prelude::*;
use leptos::task::spawn_local;
use render::safe_url;
use serde_json::Value;
use std::time::Duration;

/// Intervals that are offered where a dashboard names none.
const INTERVALS: [&str; 9] = ["5s", "10s", "30s", "1m", "5m", "15m", "30m", "1h", "2h"];
/// The server is not asked more often than this. Units: milliseconds.
const LEAST_REFRESH: i64 = 1000;

/// Title, times, refresh and variables.
#[component]
pub(crate) fn BoardBar(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    refresh_by_itself(board);
    keep_kiosk(board);
    super::keys::listen(board);
    keep_marks(board);
    let title = move || board.document.with(|document| document.title().to_owned());
    let folder = move || board.meta.with(|meta| meta.folder_title.clone());
    let stored = move || board.meta.with(|meta| !meta.uid.is_empty());
    view! {
        <div class="board-head">
            <div class="board-head__name">
                <Show when=stored>
                    <nav class="crumbs" aria-label=move || t_string!(i18n, dashboards.folder)>
                        <a href=at("/dashboards")>{t!(i18n, dashboards.title)}</a>
                        <span aria-hidden="true">"/"</span>
                        <span>{folder}</span>
                        <span aria-hidden="true">"/"</span>
                    </nav>
                </Show>
                <h1 class="board-head__title">{title}</h1>
                <Show when=move || board.meta.with(|meta| meta.can_star)><Star board/></Show>
                <Notices board/>
            </div>
            <div class="board-head__tools">
                <TimePicker board/>
                <Refresh board/>
                <button type="button" class="button" data-kind="icon" aria-label=move || t_string!(i18n, boards.kiosk)
                    title=move || t_string!(i18n, boards.kiosk) on:click=move |_| board.change_address(&[("kiosk", Some(""))], false)>
                    <Icon glyph=Glyph::System/>
                </button>
                <EditTools board/>
            </div>
        </div>
        <Variables board/>
    }
}

/// What of the dashboard is not done as it asks.
#[component]
fn Notices(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let count = move || board.meta.with(|meta| meta.notices.len());
    let lines = move || board.meta.with(|meta| meta.notices.clone());
    view! {
        <Show when=move || count() != 0>
            <details class="fold-out">
                <summary class="button" data-kind="tool">{t!(i18n, dashboards.notices, n = count)}</summary>
                <ul class="fold-out__box form__list">
                    {move || lines().into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
                </ul>
            </details>
        </Show>
    }
}

#[component]
fn Star(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let starred = move || board.meta.with(|meta| meta.starred);
    let label = move || {
        let name = board.document.with(|document| document.title().to_owned());
        if starred() {
            t_string!(i18n, dashboards.unstar, name = name)
        } else {
            t_string!(i18n, dashboards.star, name = name)
        }
    };
    let toggle = move |_| {
        let (uid, was) = board
            .meta
            .with_untracked(|meta| (meta.uid.clone(), meta.starred));
        spawn_local(async move {
            let method = if was { "DELETE" } else { "POST" };
            let path = format!("/api/user/stars/dashboard/uid/{uid}");
            if send(method, &path, None, None).await.is_ok() {
                board.meta.try_update(|meta| meta.starred = !was);
            }
        });
    };
    view! {
        <button
            type="button"
            class="button shelf__star"
            data-kind="icon"
            aria-label=label
            title=label
            aria-pressed=move || if starred() { "true" } else { "false" }
            on:click=toggle
        >
            <Icon glyph=Glyph::Star/>
        </button>
    }
}

/// Asks anew as often as the page says, while it is seen.
fn refresh_by_itself(board: Board) {
    Effect::new(move |_| {
        let every = board.refresh.get();
        let Some(every) = parse_interval(&every).ok().filter(|every| *every > 0) else {
            return;
        };
        let every = u64::try_from(every.max(LEAST_REFRESH)).unwrap_or(60_000);
        let tick = move || {
            let typing = board.editing.get_untracked();
            if !document().hidden() && !typing {
                board.renew();
            }
        };
        let timer = set_interval_with_handle(tick, Duration::from_millis(every));
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
}

#[component]
fn Refresh(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let intervals = move || {
        let own = board
            .document
            .with(|document| document.time_picker().refresh_intervals);
        let mut all: Vec<String> = if own.is_empty() {
            INTERVALS.map(str::to_owned).to_vec()
        } else {
            own
        };
        let now = board.refresh.get();
        if !now.is_empty() && !all.contains(&now) {
            all.insert(0, now);
        }
        all
    };
    view! {
        <div class="group">
            <button
                type="button"
                class="button"
                aria-label=move || t_string!(i18n, dashboards.refresh)
                title=move || t_string!(i18n, dashboards.refresh)
                on:click=move |_| board.renew()
            >
                <Icon glyph=Glyph::Again/>
            </button>
            <select
                class="field"
                aria-label=move || t_string!(i18n, dashboards.refresh_every)
                on:change=move |event| {
                    let every = event_target_value(&event);
                    board.refresh.set(every.clone());
                    board.change_address(&[("refresh", Some(&every))], true);
                }
            >
                <option value="" selected=move || board.refresh.with(String::is_empty)>
                    {t!(i18n, dashboards.refresh_off)}
                </option>
                {move || intervals().into_iter().map(|every| {
                    let (value, own) = (every.clone(), every.clone());
                    let chosen = move || board.refresh.with(|now| *now == own);
                    view! { <option value=value selected=chosen>{every}</option> }
                }).collect_view()}
            </select>
        </div>
    }
}

/// Variables and links, one after the other.
#[component]
fn Variables(board: Board) -> impl IntoView {
    let names = Memo::new(move |_| {
        let values = board.values.get();
        let shown = values.iter().filter(|value| {
            value.variable.hide != Hide::Variable
                && !matches!(value.variable.kind, VariableKind::Constant)
        });
        // There is one source of data; a choice among one is none.
        let shown = shown.filter(|value| {
            !matches!(value.variable.kind, VariableKind::DataSource { .. })
                || value.options.len() > 1
        });
        shown
            .map(|value| value.variable.name.clone())
            .collect::<Vec<_>>()
    });
    let links = move || {
        board.values.track();
        board.window.track();
        let links = board.document.with(|document| document.links());
        links
            .into_iter()
            .filter(|link| !link.by_tags)
            .filter_map(|link| link_view(&link, board))
            .collect_view()
    };
    let by_tags = Memo::new(move |_| {
        let mut links = board.document.with(|document| document.links());
        links.retain(|link| link.by_tags);
        links
    });
    let is_there = move || {
        !names.with(Vec::is_empty)
            || board.document.with(|document| !document.links().is_empty())
            || sources(board).iter().any(|source| !source.hidden)
    };
    view! {
        <Show when=is_there>
            <div class="board-values">
                <For each=move || names.get() key=Clone::clone children=move |name| {
                    view! { <VariableField name board/> }
                }/>
                <MarkSwitches board/>
                <span class="board-values__links">
                    {links}
                    {move || by_tags.get().into_iter().map(|link| view! { <TagLinks link board/> }).collect_view()}
                </span>
            </div>
        </Show>
    }
}

fn link_view(link: &DashboardLink, board: Board) -> Option<AnyView> {
    let url = scope_of(board, &[], |scope| {
        interpolate(&link.url, scope, &Format::PercentEncode)
    });
    let url = board.link_to(&safe_url(&url)?, link.keep_time, link.include_variables);
    let away = link.new_page.then_some("_blank");
    Some(
        view! {
            <a class="button" data-kind="tool" href=url target=away rel=away.map(|_| "noopener") title=link.tooltip.clone()>
                <Icon glyph=Glyph::Link/>
                {link.title.clone()}
            </a>
        }
        .into_any(),
    )
}

/// Links to all dashboards of some tags.
#[component]
fn TagLinks(link: DashboardLink, board: Board) -> impl IntoView {
    let found = RwSignal::new(Load::<Vec<(String, String, String)>>::Waiting);
    let tags = link.tags.clone();
    Effect::new(move |_| {
        let pairs = tags.iter().map(|tag| ("tag", tag.as_str()));
        let path = format!("/api/search?type=dash-db&limit=100&{}", query_string(pairs));
        load(found, async move {
            let answer = get(&path).await?;
            let list = answer.as_array().map(Vec::as_slice).unwrap_or_default();
            let read = |hit: &Value| {
                let text = |name: &str| text_of(hit, name).to_owned();
                (text("uid"), text("title"), text("url"))
            };
            Ok(list.iter().map(read).collect())
        });
    });
    let (with_time, with_values, in_list) =
        (link.keep_time, link.include_variables, link.as_dropdown);
    let away = link.new_page.then_some("_blank");
    let links = move |class: &'static str, kind: Option<&'static str>| {
        let own = board.meta.with(|meta| meta.uid.clone());
        let hits = found.with(|found| found.ready().cloned().unwrap_or_default());
        hits.into_iter()
            .filter(|(uid, ..)| *uid != own)
            .map(|(_, title, url)| {
                let url = move || at(&board.link_to(&url, with_time, with_values));
                view! { <a class=class data-kind=kind href=url target=away rel=away.map(|_| "noopener")>{title}</a> }
            })
            .collect_view()
    };
    if in_list {
        let title = link.title.clone();
        view! {
            <details class="fold-out">
                <summary class="button" data-kind="tool" title=link.tooltip.clone()>{title}<Icon glyph=Glyph::Down/></summary>
                <div class="fold-out__box fold-out__box--links">{move || links("menu-line", None)}</div>
            </details>
        }
        .into_any()
    } else {
        view! { {move || links("button", Some("tool"))} }.into_any()
    }
}

/// Switches for what charts mark.
#[component]
fn MarkSwitches(board: Board) -> impl IntoView {
    let marks = board.marks;
    let shown = Memo::new(move |_| {
        let mut all = sources(board);
        all.retain(|source| !source.hidden);
        all
    });
    let switches = move || {
        shown
            .get()
            .into_iter()
            .map(|source| {
                let name = source.name.clone();
                let color = board.display(|context| Color::named(&source.color, context.theme).to_css());
                let kept = StoredValue::new(source);
                let is_on = move || kept.with_value(|source| marks.is_on(source));
                view! {
                    <button type="button" class="button" data-kind="toggle" aria-pressed=move || if is_on() { "true" } else { "false" }
                        on:click=move |_| {
                            let next = !untrack(is_on);
                            let name = kept.with_value(|source| source.name.clone());
                            marks.switched.update(|switched| { switched.insert(name, next); });
                        }>
                        <span class="key-name__mark" style:background=color></span>
                        {name}
                    </button>
                }
            })
            .collect_view()
    };
    view! {
        {switches}
        {move || marks.failed.get().map(|reason| view! {
            <span class="tile__note" data-kind="warning" title=reason.clone() role="note" aria-label=reason>
                <Icon glyph=Glyph::Alert/>
            </span>
        })}
    }
}
