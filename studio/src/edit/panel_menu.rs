//! What may be done with a panel.

use crate::board::{Board, scope_of};
use app::components::{Glyph, Icon};
use app::site::at;
use app::state::query_string;
use app::words::{t, t_string, use_i18n};
use dashboard::{Format, Panel, interpolate};
use leptos::prelude::*;
use serde_json::Value;
use std::sync::Arc;

/// A panel's menu.
#[component]
pub(crate) fn PanelMenu(board: Board, id: i64, panel: Signal<Arc<Value>>) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let close = move || open.set(false);
    let may = move || board.meta.with(|meta| meta.can_save);
    let explore = move || {
        board.values.track();
        let json = panel.get();
        let panel = Panel::of(&json)?;
        let (from, to) = board.range.get();
        let exprs: Vec<String> = scope_of(board, &[], |scope| {
            let targets = panel.targets().into_iter();
            targets
                .map(|target| interpolate(target.expr(), scope, &Format::Promql))
                .collect()
        });
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (number, expr) in exprs
            .into_iter()
            .filter(|expr| !expr.is_empty())
            .enumerate()
        {
            pairs.push((
                format!("g{number}.expr"),
                expr.replace("$__rate_interval", "5m")
                    .replace("$__interval", "1m")
                    .replace("$__range", "1h"),
            ));
            pairs.push((format!("g{number}.tab"), "graph".to_owned()));
            if let (Some(length), "now") = (from.strip_prefix("now-"), to.as_str()) {
                pairs.push((format!("g{number}.range_input"), length.to_owned()));
            }
        }
        let query = query_string(
            pairs
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        );
        (!query.is_empty()).then(|| format!("/graph?{query}"))
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
            &[("edit", Some(""))],
        );
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
    view! {
        <div class="tile__menu">
            <button
                type="button"
                class="button"
                data-kind="icon"
                aria-label=move || t_string!(i18n, dashboards.panel_menu)
                aria-expanded=move || if open.get() { "true" } else { "false" }
                on:click=move |_| open.update(|open| *open = !*open)
                on:pointerdown=|event| event.stop_propagation()
            >
                <Icon glyph=Glyph::Menu/>
            </button>
            <Show when=move || open.get()>
                <div class="time-picker__veil" on:click=move |_| close()></div>
                <ul class="tile__menu-box" role="menu" on:pointerdown=|event| event.stop_propagation()>
                    <li><button type="button" class="menu-line" role="menuitem" on:click=view>
                        {move || if board.viewed.get() == Some(id) { t_string!(i18n, dashboards.view_all) } else { t_string!(i18n, dashboards.view_one) }}
                    </button></li>
                    {move || explore().map(|address| view! {
                        <li><a class="menu-line" role="menuitem" href=at(&address)>{t!(i18n, dashboards.explore)}</a></li>
                    })}
                    {move || image().map(|address| view! {
                        <li><a class="menu-line" role="menuitem" rel="external" target="_blank" href=at(&address)>{t!(i18n, dashboards.image)}</a></li>
                    })}
                    <Show when=may>
                        <li><button type="button" class="menu-line" role="menuitem" on:click=edit>{t!(i18n, dashboards.edit)}</button></li>
                        <li><button type="button" class="menu-line" role="menuitem" on:click=duplicate>{t!(i18n, dashboards.duplicate)}</button></li>
                        <li><button type="button" class="menu-line" role="menuitem" on:click=remove>{t!(i18n, dashboards.remove)}</button></li>
                    </Show>
                </ul>
            </Show>
        </div>
    }
}
