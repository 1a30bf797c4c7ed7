//! The first page: the home dashboard of whoever looks, or one of this machine and this server.

use crate::board::{
    BoardOutline, Meta, OpenBoard, Outline, Stored, home_uid, read_stored, stored_outline,
    uid_of_home,
};
use crate::call::{get, is, send};
use app::site::at;
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The ready-made dashboard.
const MACHINE: &str = include_str!("machine.json");
/// Where a browser keeps that it does not want the strip.
const HIDDEN: &str = "watchfire.home_strip";

/// The home page.
#[component]
pub(crate) fn HomePage() -> impl IntoView {
    let i18n = use_i18n();
    let stored = RwSignal::new(None::<Stored>);
    Effect::new(move |_| {
        spawn_local(async move {
            let own = own_home().await;
            if let Some(found) = own.or_else(machine) {
                stored.try_set(Some(found));
            }
        });
    });
    let outline = Resource::new(|| (), |()| outline());
    view! {
        <Title text=move || t_string!(i18n, shell.home)/>
        <NextSteps/>
        {move || match stored.get() {
            Some(stored) => view! { <OpenBoard stored/> }.into_any(),
            None => view! { <BoardOutline outline/> }.into_any(),
        }}
    }
}

/// The dashboard that somebody chose for their home.
async fn own_home() -> Option<Stored> {
    let answer = get("/api/dashboards/home").await.ok()?;
    let uid = uid_of_home(&answer)?;
    let found = get(&format!("/api/dashboards/uid/{uid}")).await.ok()?;
    read_stored(&found).ok()
}

/// The outline of what [`HomePage`] will show; none in the browser.
async fn outline() -> Option<Outline> {
    if !cfg!(feature = "ssr") {
        return None;
    }
    let own = match home_uid().await {
        Some(uid) => stored_outline(&uid).await,
        None => None,
    };
    own.or_else(|| Some(Outline::of(&machine()?.0, None)))
}

/// The ready-made dashboard, read.
fn machine() -> Option<Stored> {
    let import = dashboard::import(MACHINE, &BTreeMap::new()).ok()?;
    Some(Arc::new((import.dashboard, Meta::default())))
}

/// What to do next, while nothing of it was done.
#[component]
fn NextSteps() -> impl IntoView {
    let i18n = use_i18n();
    let shown = RwSignal::new(false);
    Effect::new(move |_| {
        let hidden = app::state::storage()
            .and_then(|storage| storage.get_item(HIDDEN).ok().flatten())
            .is_some();
        if hidden {
            return;
        }
        spawn_local(async move {
            // With dashboards of its own a server is no longer new.
            let found = send("GET", "/api/search?type=dash-db&limit=1", None, None).await;
            let none = found.is_ok_and(|found| found.as_array().is_some_and(Vec::is_empty));
            let may = get("/api/watchfire/me")
                .await
                .is_ok_and(|me| is(&me, "canEdit"));
            shown.try_set(none && may);
        });
    });
    let hide = move |_| {
        if let Some(storage) = app::state::storage() {
            // Storage that is full or forbidden costs only the memory of the choice.
            let _ = storage.set_item(HIDDEN, "1");
        }
        shown.set(false);
    };
    view! {
        <Show when=move || shown.get()>
            <div class="next-steps" role="note">
                <span>{t!(i18n, dashboards.next)}</span>
                <a href=at("/config")>{t!(i18n, dashboards.next_targets)}</a>
                <a href=at("/dashboards?import")>{t!(i18n, dashboards.next_import)}</a>
                <a href=at("/rules/new")>{t!(i18n, dashboards.next_alert)}</a>
                <button type="button" class="button" data-kind="tool" on:click=hide>
                    {t!(i18n, dashboards.next_hide)}
                </button>
            </div>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn the_ready_made_dashboard_is_read_without_a_notice() {
        let value: Value = serde_json::from_str(MACHINE).unwrap();
        let import = dashboard::import_value(value, &BTreeMap::new()).unwrap();
        assert!(import.notices.is_empty(), "{:?}", import.notices);
        assert!(import.dashboard.panels().len() > 15);
        for panel in import.dashboard.all_panels() {
            for target in panel.targets() {
                assert!(!target.expr().is_empty(), "{}", panel.title());
            }
        }
    }
}
