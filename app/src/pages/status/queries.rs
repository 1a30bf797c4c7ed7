//! What is asked: queries that run, and those that ran.

use crate::components::status::{Expression, StateBadge, live_every, rows};
use crate::components::{EmptyNotice, ErrorNotice, TimeAgo, use_clock};
use crate::data::{UiError, change};
use crate::fmt;
use crate::site::at;
use crate::state::{PageAddress, query_string};
use crate::words::{t, t_string, use_i18n};
use api_types::{QueriesData, QueryProfile, RunningQuery};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use std::sync::Arc;
use std::time::Duration;

/// How often the page asks: a query that runs may soon have ended.
const OFTEN: Duration = Duration::from_secs(2);

/// Running and finished queries.
#[component]
pub fn QueriesPage() -> impl IntoView {
    let i18n = use_i18n();
    let address = PageAddress::new("/queries", &["sort"]);
    let path = Signal::derive(move || address.call("/api/watchfire/queries", &[]));
    view! {
        <Title text=move || t_string!(i18n, queries.title)/>
        <div class="page-head">
            <h1 class="page-head__title">{t!(i18n, queries.title)}</h1>
        </div>
        {live_every::<QueriesData>(OFTEN, path, "table", move |data| view! { <Lists data address/> }.into_any())}
    }
}

#[component]
fn Lists(data: Signal<Arc<QueriesData>>, address: PageAddress) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let running = Memo::new(move |_| data.with(|data| data.running.clone()));
    let profiles = Memo::new(move |_| data.with(|data| data.profiles.clone()));
    let seats = move || data.with(|data| data.seats);
    let ended =
        move || data.with(|data| fmt::count(usize::try_from(data.ended).unwrap_or(usize::MAX)));
    let since = Signal::derive(move || data.with(|data| data.since.clone()));
    let error = RwSignal::new(None::<UiError>);
    let retry = Callback::new(move |()| error.set(None));
    let orders = [
        "slowest", "frequent", "samples", "memory", "total", "recent",
    ]
    .map(|order| {
        let is_chosen = move || {
            let sort = address.get("sort");
            sort == order || (sort.is_empty() && order == "slowest")
        };
        let word = move || match order {
            "slowest" => t_string!(i18n, queries.slowest),
            "frequent" => t_string!(i18n, queries.frequent),
            "samples" => t_string!(i18n, queries.samples),
            "memory" => t_string!(i18n, queries.memory),
            "total" => t_string!(i18n, queries.total),
            _ => t_string!(i18n, queries.recent),
        };
        view! {
            <a
                class="button"
                data-kind="toggle"
                href=move || address.with(&[("sort", order)])
                aria-current=move || is_chosen().then_some("true")
            >
                {word}
            </a>
        }
    });
    view! {
        {move || error.get().map(|error| view! { <ErrorNotice error on_retry=retry/> })}
        <section class="card" aria-labelledby="running">
            <div class="card__head">
                <h2 class="card__title" id="running">{t!(i18n, queries.running)}</h2>
                <span class="card__note">{t!(i18n, queries.seats, n = seats)}</span>
            </div>
            <Show
                when=move || !running.with(Vec::is_empty)
                fallback=move || view! { <p class="card__line">{t!(i18n, queries.none_runs)}</p> }
            >
                <div class="scroll-x">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{t!(i18n, queries.state)}</th>
                                <th scope="col">{t!(i18n, queries.query)}</th>
                                <th scope="col" class="number">{t!(i18n, queries.runs_for)}</th>
                                <th scope="col" class="number">{t!(i18n, queries.range)}</th>
                                <th scope="col">{t!(i18n, queries.client)}</th>
                                <th scope="col"><span class="visually-hidden">{t!(i18n, shell.cancel)}</span></th>
                            </tr>
                        </thead>
                        <tbody>
                            {rows(
                                running,
                                |query| query.id.to_string(),
                                move |query| view! { <RunningRow query error/> }.into_any(),
                            )}
                        </tbody>
                    </table>
                </div>
            </Show>
        </section>
        <section class="card" aria-labelledby="ended">
            <div class="card__head">
                <h2 class="card__title" id="ended">{t!(i18n, queries.ended)}</h2>
                <span class="card__note">
                    {t!(i18n, queries.since, n = ended)}
                    " "
                    <TimeAgo time=since clock/>
                </span>
            </div>
            <div class="card__line">
                <div class="group group--wrap" role="group" aria-label=move || t_string!(i18n, queries.order)>
                    {orders.into_iter().collect_view()}
                </div>
            </div>
            <Show
                when=move || !profiles.with(Vec::is_empty)
                fallback=move || view! {
                    <EmptyNotice title=Signal::derive(move || t_string!(i18n, queries.none_title).to_owned())>
                        <a href=at("/graph")>{t!(i18n, shell.not_found_query)}</a>
                    </EmptyNotice>
                }
            >
                <div class="scroll-x">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{t!(i18n, queries.query)}</th>
                                <th scope="col" class="number">{t!(i18n, queries.count)}</th>
                                <th scope="col" class="number">{t!(i18n, queries.longest)}</th>
                                <th scope="col" class="number">{t!(i18n, queries.total)}</th>
                                <th scope="col" class="number">{t!(i18n, queries.samples)}</th>
                                <th scope="col" class="number">{t!(i18n, queries.memory)}</th>
                                <th scope="col">{t!(i18n, queries.last)}</th>
                            </tr>
                        </thead>
                        <tbody>
                            {rows(
                                profiles,
                                |profile| profile.query.clone(),
                                move |profile| view! { <ProfileRow profile clock/> }.into_any(),
                            )}
                        </tbody>
                    </table>
                </div>
            </Show>
        </section>
    }
}

#[component]
fn RunningRow(query: Memo<RunningQuery>, error: RwSignal<Option<UiError>>) -> impl IntoView {
    let i18n = use_i18n();
    let state = Signal::derive(move || {
        let word = query.with(|query| match (query.cancelled, query.waiting) {
            (true, _) => "cancelled",
            (_, true) => "waiting",
            _ => "running",
        });
        word.to_owned()
    });
    let range = move || {
        query.with(|query| {
            if query.range > 0.0 {
                format!(
                    "{} / {}",
                    fmt::seconds(query.range),
                    fmt::seconds(query.step)
                )
            } else {
                "–".to_owned()
            }
        })
    };
    let cancel = move |_| {
        let path = format!(
            "/api/watchfire/queries/{}",
            query.with_untracked(|query| query.id)
        );
        spawn_local(async move {
            if let Err(failed) = change("DELETE", &path, &[]).await {
                error.try_set(Some(failed));
            }
        });
    };
    view! {
        <tr>
            <td><StateBadge state/></td>
            <td><Expression text=Signal::derive(move || query.with(|query| query.query.clone()))/></td>
            <td class="number">{move || fmt::elapsed(query.with(|query| query.elapsed) * 1e3)}</td>
            <td class="number">{range}</td>
            <td>
                {move || query.with(|query| query.client.clone())}
                " "
                <code class="wrap">{move || query.with(|query| query.path.clone())}</code>
            </td>
            <td>
                <button
                    type="button"
                    class="button"
                    data-kind="quiet"
                    disabled=move || query.with(|query| query.cancelled)
                    on:click=cancel
                >
                    {t!(i18n, shell.cancel)}
                </button>
            </td>
        </tr>
    }
}

#[component]
fn ProfileRow(profile: Memo<QueryProfile>, clock: Signal<Option<f64>>) -> impl IntoView {
    let i18n = use_i18n();
    let query = Signal::derive(move || profile.with(|profile| profile.query.clone()));
    let explain = move || {
        let query = query.get();
        at(&format!(
            "/graph?{}",
            query_string([("g0.expr", query.as_str()), ("g0.tab", "explain")])
        ))
    };
    let number = |n: u64| fmt::count(usize::try_from(n).unwrap_or(usize::MAX));
    let failure = move || {
        let (errors, error) = profile.with(|one| (one.errors, one.last_error.clone()));
        (errors != 0).then(|| {
            view! {
                <p class="targets__error">
                    {t!(i18n, queries.failed, n = number(errors))}
                    " "
                    {error}
                </p>
            }
        })
    };
    view! {
        <tr>
            <td class="queries__text">
                <Expression text=query/>
                " "
                <a href=explain>{t!(i18n, queries.explain)}</a>
                {failure}
            </td>
            <td class="number">{move || number(profile.with(|one| one.count))}</td>
            <td class="number">{move || fmt::elapsed(profile.with(|one| one.max_time) * 1e3)}</td>
            <td class="number">{move || fmt::elapsed(profile.with(|one| one.total_time) * 1e3)}</td>
            <td class="number">{move || number(profile.with(|one| one.max_samples))}</td>
            <td class="number">{move || fmt::bytes(profile.with(|one| one.max_bytes) as f64)}</td>
            <td class="nowrap">
                <TimeAgo time=Signal::derive(move || profile.with(|one| one.last.clone())) clock/>
            </td>
        </tr>
    }
}
