//! What is sent to other servers, and what is taken from them.

use crate::components::status::{graph_link, live};
use crate::fmt;
use crate::words::{t, t_string, use_i18n};
use api_types::{RemoteCounter, RemotePeer, RemoteSender, RemoteState};
use leptos::prelude::*;
use leptos_meta::Title;
use std::sync::Arc;

/// The flag that switches the receiver on.
const FLAG: &str = "--web.enable-remote-write-receiver";

/// Remote write in both directions.
#[component]
pub fn RemotePage() -> impl IntoView {
    let i18n = use_i18n();
    let path = Signal::stored("/api/watchfire/remote".to_owned());
    view! {
        <Title text=move || t_string!(i18n, remote.title)/>
        <div class="page-head">
            <h1 class="page-head__title">{t!(i18n, remote.title)}</h1>
        </div>
        {live::<RemoteState>(path, "table", |state| view! { <Parts state/> }.into_any())}
    }
}

#[component]
fn Parts(state: Signal<Arc<RemoteState>>) -> impl IntoView {
    let i18n = use_i18n();
    let writes = Memo::new(move |_| state.with(|state| state.writes.clone()));
    let reads = Memo::new(move |_| state.with(|state| state.reads.clone()));
    let receives = Memo::new(move |_| state.with(|state| state.receives));
    let counters = Memo::new(move |_| state.with(|state| state.counters.clone()));
    let peer = |one: RemotePeer| {
        view! {
            <tr>
                <th scope="row">{if one.name.is_empty() { "–".to_owned() } else { one.name }}</th>
                <td><code class="wrap">{one.url}</code></td>
            </tr>
        }
    };
    let table = move |peers: Memo<Vec<RemotePeer>>| {
        view! {
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, status.name)}</th>
                        <th scope="col">{t!(i18n, alertmanagers.address)}</th>
                    </tr>
                </thead>
                <tbody>{move || peers.get().into_iter().map(peer).collect_view()}</tbody>
            </table>
        }
    };
    let number = |value: f64| view! { <td class="number">{fmt::value(value)}</td> };
    let sender = move |one: RemoteSender| {
        let behind = if one.sent > 0.0 {
            fmt::elapsed(one.behind * 1e3)
        } else {
            "–".to_owned()
        };
        view! {
            <tr>
                <th scope="row">{if one.peer.name.is_empty() { "–".to_owned() } else { one.peer.name }}</th>
                <td><code class="wrap">{one.peer.url}</code></td>
                {number(one.sent)}
                {number(one.failed)}
                {number(one.pending)}
                <td class="number">{behind}</td>
            </tr>
        }
    };
    let senders = move || {
        view! {
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, status.name)}</th>
                        <th scope="col">{t!(i18n, alertmanagers.address)}</th>
                        <th scope="col" class="number">{t!(i18n, remote.sent)}</th>
                        <th scope="col" class="number">{t!(i18n, remote.refused)}</th>
                        <th scope="col" class="number">{t!(i18n, remote.waiting)}</th>
                        <th scope="col" class="number">{t!(i18n, remote.behind)}</th>
                    </tr>
                </thead>
                <tbody>{move || writes.get().into_iter().map(sender).collect_view()}</tbody>
            </table>
        }
    };
    let counter = |one: RemoteCounter| {
        let href = graph_link(&one.series, "graph");
        view! {
            <tr>
                <th scope="row">
                    <a class="wrap" href=href><code>{one.series}</code></a>
                    <p class="instances__summary">{one.help}</p>
                </th>
                <td class="number">{fmt::value(one.value)}</td>
            </tr>
        }
    };
    view! {
        <section class="card" aria-labelledby="sending">
            <div class="card__head"><h2 class="card__title" id="sending">{t!(i18n, remote.sending)}</h2></div>
            <Show
                when=move || !writes.with(Vec::is_empty)
                fallback=move || view! { <p class="card__line">{t!(i18n, remote.no_writes)}</p> }
            >
                {senders()}
            </Show>
            <Show when=move || !reads.with(Vec::is_empty)>
                <p class="card__line">{t!(i18n, remote.reads)}</p>
                {table(reads)}
            </Show>
        </section>
        <section class="card" aria-labelledby="receiving">
            <div class="card__head"><h2 class="card__title" id="receiving">{t!(i18n, remote.receiving)}</h2></div>
            <p class="card__line">
                <Show
                    when=move || receives.get()
                    fallback=move || view! { {t!(i18n, remote.receiver_off)} " " <code>{FLAG}</code> }
                >
                    {t!(i18n, remote.receiver_on)}
                    " "
                    <code>"/api/v1/write"</code>
                </Show>
            </p>
            <Show when=move || !counters.with(Vec::is_empty)>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, remote.counter)}</th>
                            <th scope="col" class="number">{t!(i18n, status.value)}</th>
                        </tr>
                    </thead>
                    <tbody>{move || counters.get().into_iter().map(counter).collect_view()}</tbody>
                </table>
            </Show>
        </section>
    }
}
