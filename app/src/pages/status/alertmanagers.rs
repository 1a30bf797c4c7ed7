//! Where alerts are sent.

use crate::components::EmptyNotice;
use crate::components::status::live;
use crate::site::at;
use crate::words::{t, t_string, use_i18n};
use api_types::{Alertmanager, AlertmanagersData};
use leptos::prelude::*;
use leptos_meta::Title;
use std::sync::Arc;

/// Alertmanagers that were found, and those that relabelling dropped.
#[component]
pub fn AlertmanagersPage() -> impl IntoView {
    let i18n = use_i18n();
    let path = Signal::stored("/api/v1/alertmanagers".to_owned());
    view! {
        <Title text=move || t_string!(i18n, alertmanagers.title)/>
        <div class="page-head">
            <h1 class="page-head__title">{t!(i18n, alertmanagers.title)}</h1>
        </div>
        {live::<AlertmanagersData>(path, "table", |data| view! { <Lists data/> }.into_any())}
    }
}

#[component]
fn Lists(data: Signal<Arc<AlertmanagersData>>) -> impl IntoView {
    let i18n = use_i18n();
    let active = Memo::new(move |_| data.with(|data| data.active_alertmanagers.clone()));
    let dropped = Memo::new(move |_| data.with(|data| data.dropped_alertmanagers.clone()));
    let row = |one: Alertmanager| {
        view! { <tr><td><a class="wrap" href=one.url.clone() rel="noreferrer">{one.url.clone()}</a></td></tr> }
    };
    let table = move |urls: Memo<Vec<Alertmanager>>| {
        view! {
            <table class="table">
                <thead><tr><th scope="col">{t!(i18n, alertmanagers.address)}</th></tr></thead>
                <tbody>{move || urls.get().into_iter().map(row).collect_view()}</tbody>
            </table>
        }
    };
    view! {
        <section class="card" aria-labelledby="active">
            <div class="card__head"><h2 class="card__title" id="active">{t!(i18n, alertmanagers.active)}</h2></div>
            <Show
                when=move || !active.with(Vec::is_empty)
                fallback=move || view! {
                    <EmptyNotice title=Signal::derive(move || t_string!(i18n, alertmanagers.none).to_owned())>
                        {t!(i18n, alertmanagers.none_next)}
                        " "
                        <code>"alerting"</code>
                    </EmptyNotice>
                }
            >
                {table(active)}
            </Show>
        </section>
        <Show when=move || !dropped.with(Vec::is_empty)>
            <section class="card" aria-labelledby="dropped">
                <div class="card__head"><h2 class="card__title" id="dropped">{t!(i18n, alertmanagers.dropped)}</h2></div>
                {table(dropped)}
            </section>
        </Show>
        <p class="more">
            <a href=at("/graph?g0.expr=rate(prometheus_notifications_errors_total%5B5m%5D)&g0.tab=graph")>
                {t!(i18n, alertmanagers.errors)}
            </a>
        </p>
    }
}
