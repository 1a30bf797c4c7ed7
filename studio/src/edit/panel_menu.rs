//! What may be done with a panel.

use super::alert_on::rule_address;
use super::clip;
use crate::board::{Board, Item, scope_of};
use app::components::{Glyph, Icon};
use app::site::at;
use app::state::query_string;
use app::words::{t, t_string, use_i18n};
use dashboard::{Format, Intervals, Panel, interpolate};
use leptos::prelude::*;

/// The page of queries, with those of a panel. Tracked.
fn graph_address(board: Board, item: &Item) -> Option<String> {
    board.values.track();
    let panel = Panel::of(&item.json)?;
    let (from, to) = board.range.get();
    let intervals = Intervals {
        step: 60_000,
        rate: 300_000,
        range: 3_600_000,
    };
    let exprs: Vec<String> = scope_of(board, &item.clones, |scope| {
        let scope = scope.clone().with_intervals(intervals);
        let targets = panel.targets().into_iter();
        targets
            .map(|target| interpolate(target.expr(), &scope, &Format::Promql))
            .filter(|expr| !expr.trim().is_empty())
            .collect()
    });
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (number, expr) in exprs.into_iter().enumerate() {
        pairs.push((format!("g{number}.expr"), expr));
        pairs.push((format!("g{number}.tab"), "graph".to_owned()));
        if let (Some(length), "now") = (from.strip_prefix("now-"), to.as_str()) {
            pairs.push((format!("g{number}.range_input"), length.to_owned()));
        }
    }
    let pairs = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let query = query_string(pairs);
    (!query.is_empty()).then(|| format!("/graph?{query}"))
}

/// A panel's menu.
#[component]
pub(crate) fn PanelMenu(
    board: Board,
    item: Signal<Item>,
    inspecting: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let button = NodeRef::<leptos::html::Button>::new();
    let close = move || open.set(false);
    let id = item.with_untracked(|item| item.id);
    let may = move || board.meta.with(|meta| meta.can_save);
    let stored = move || board.meta.with(|meta| !meta.uid.is_empty());
    let explore = move || graph_address(board, &item.get());
    let rule = move || item.with(|item| rule_address(board, &item.json, &item.clones));
    let asks = move || {
        item.with(|item| Panel::of(&item.json).is_some_and(|panel| !panel.targets().is_empty()))
    };
    // What is saved is drawn by the server; what is not, it does not know.
    let image = move || {
        let path = board.home_path().strip_prefix("/d/")?.to_owned();
        let (id, (from, to)) = (id.to_string(), board.range.get());
        let pairs = [
            ("panelId", Some(&*id)),
            ("from", Some(&*from)),
            ("to", Some(&*to)),
        ];
        Some(board.address_at(&format!("/render/d-solo/{path}"), &pairs))
    };
    let view = move |_| {
        close();
        let is_viewed = board.viewed.get_untracked() == Some(id);
        let wanted = id.to_string();
        board.change_address(
            &[("viewPanel", (!is_viewed).then_some(wanted.as_str()))],
            false,
        );
    };
    let edit = move |_| {
        close();
        board.visit(
            &format!("{}/edit/{id}", board.home_path()),
            &[("edit", Some("")), ("viewPanel", None)],
        );
    };
    let inspect = move |_| {
        close();
        inspecting.set(true);
    };
    let copy = move |_| {
        close();
        item.with_untracked(|item| clip::copy(&item.json));
        board.copied.update(|copied| *copied += 1);
    };
    let link = move |_| {
        close();
        let number = id.to_string();
        let address = board.address_at(
            &board.home_path(),
            &[("viewPanel", Some(&number)), ("edit", None)],
        );
        let origin = window().location().origin().unwrap_or_default();
        app::data::copy_text(&format!("{origin}{}", at(&address)));
    };
    let duplicate = move |_| {
        close();
        board.begin_editing();
        board.edit(|dashboard| {
            // Panels inside of closed rows have no menu.
            let _ = dashboard.duplicate_panel(id);
        });
    };
    let remove = move |_| {
        close();
        board.begin_editing();
        board.edit(|dashboard| {
            let _ = dashboard.remove_panel(id);
        });
    };
    let escape = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            event.prevent_default();
            event.stop_propagation();
            close();
            if let Some(button) = button.get_untracked() {
                // A button that cannot have the focus can still be clicked.
                let _ = button.focus();
            }
        }
    };
    view! {
        <div class="tile__menu" on:keydown=escape>
            <button
                type="button"
                class="button"
                data-kind="icon"
                node_ref=button
                aria-label=move || t_string!(i18n, dashboards.panel_menu)
                aria-haspopup="menu"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                on:click=move |_| open.update(|open| *open = !*open)
                on:pointerdown=|event| event.stop_propagation()
            >
                <Icon glyph=Glyph::Menu/>
            </button>
            <Show when=move || open.get()>
                <div class="time-picker__veil" on:click=move |_| close()></div>
                <ul class="tile__menu-box" role="menu" on:pointerdown=|event| event.stop_propagation()>
                    <li role="none"><button type="button" class="menu-line" role="menuitem" on:click=view>
                        {move || if board.viewed.get() == Some(id) { t_string!(i18n, dashboards.view_all) } else { t_string!(i18n, dashboards.view_one) }}
                    </button></li>
                    <Show when=move || may() && stored()>
                        <li role="none"><button type="button" class="menu-line" role="menuitem" on:click=edit>{t!(i18n, dashboards.edit)}</button></li>
                    </Show>
                    {move || explore().map(|address| view! {
                        <li role="none"><a class="menu-line" role="menuitem" href=at(&address) rel="external">{t!(i18n, dashboards.explore)}</a></li>
                    })}
                    {move || image().map(|address| view! {
                        <li role="none"><a class="menu-line" role="menuitem" rel="external" target="_blank" href=at(&address)>{t!(i18n, dashboards.image)}</a></li>
                    })}
                    {move || rule().map(|address| view! {
                        <li role="none"><a class="menu-line" role="menuitem" href=at(&address)>{t!(i18n, boards.alert_on)}</a></li>
                    })}
                    <Show when=asks>
                        <li role="none"><button type="button" class="menu-line" role="menuitem" on:click=inspect>{t!(i18n, boards.inspect)}</button></li>
                    </Show>
                    <Show when=stored>
                        <li role="none"><button type="button" class="menu-line" role="menuitem" on:click=link>{t!(i18n, boards.copy_link)}</button></li>
                    </Show>
                    <li role="none"><button type="button" class="menu-line" role="menuitem" on:click=copy>{t!(i18n, boards.copy)}</button></li>
                    <Show when=move || may() && stored()>
                        <li role="none"><button type="button" class="menu-line" role="menuitem" on:click=duplicate>{t!(i18n, dashboards.duplicate)}</button></li>
                        <li role="none"><button type="button" class="menu-line" role="menuitem" on:click=remove>{t!(i18n, dashboards.remove)}</button></li>
                    </Show>
                </ul>
            </Show>
        </div>
    }
}
