//! What runs, since when, and what it was built from.

use crate::components::status::{fact, live, live_every};
use crate::components::{Glyph, Icon};
use crate::components::{TimeAgo, use_clock};
use crate::site::at;
use crate::words::{t, t_string, use_i18n};
use api_types::{BuildInfo, RuntimeInfo};
use leptos::prelude::*;
use leptos_meta::Title;
use std::sync::Arc;
use std::time::Duration;

/// How often the build is asked for: it changes with a restart.
const SELDOM: Duration = Duration::from_mins(1);

/// Facts in two columns, warnings first.
#[component]
pub fn RuntimePage() -> impl IntoView {
    let i18n = use_i18n();
    let runtime = Signal::stored("/api/v1/status/runtimeinfo".to_owned());
    let build = Signal::stored("/api/v1/status/buildinfo".to_owned());
    view! {
        <Title text=move || t_string!(i18n, runtime.title)/>
        <div class="page-head">
            <h1 class="page-head__title">{t!(i18n, runtime.title)}</h1>
        </div>
        <div class="columns">
            <section class="card" aria-labelledby="runtime">
                <div class="card__head"><h2 class="card__title" id="runtime">{t!(i18n, runtime.runtime)}</h2></div>
                {live::<RuntimeInfo>(runtime, "table", |info| view! { <Runtime info/> }.into_any())}
            </section>
            <section class="card" aria-labelledby="build">
                <div class="card__head"><h2 class="card__title" id="build">{t!(i18n, runtime.build)}</h2></div>
                {live_every::<BuildInfo>(SELDOM, build, "table", |info| view! { <Build info/> }.into_any())}
            </section>
        </div>
    }
}

#[component]
fn Runtime(info: Signal<Arc<RuntimeInfo>>) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let text = move |of: fn(&RuntimeInfo) -> &str| move || info.with(|info| of(info).to_owned());
    let number = move |of: fn(&RuntimeInfo) -> u64| move || info.with(|info| of(info).to_string());
    let time = move |of: fn(&RuntimeInfo) -> &str| {
        view! { <TimeAgo time=Signal::derive(text(of)) clock/> }
    };
    let reload = move || {
        if info.with(|info| info.reload_config_success) {
            t_string!(i18n, runtime.successful).to_owned()
        } else {
            t_string!(i18n, runtime.unsuccessful).to_owned()
        }
    };
    let failed = Memo::new(move |_| info.with(|info| !info.reload_config_success));
    let corrupt = Memo::new(move |_| info.with(|info| info.corruption_count != 0));
    view! {
        <Show when=move || failed.get()>
            <p class="callout" data-kind="error">
                <Icon glyph=Glyph::Alert/>
                <span>
                    {t!(i18n, runtime.reload_failed)}
                    " "
                    <a href=at("/config")>{t!(i18n, shell.configuration)}</a>
                </span>
            </p>
        </Show>
        <Show when=move || corrupt.get()>
            <p class="callout" data-kind="error">
                <Icon glyph=Glyph::Alert/>
                <span>{t!(i18n, runtime.corrupt)}</span>
            </p>
        </Show>
        <table class="table facts-table">
            <tbody>
                <tr><th scope="row">{t!(i18n, runtime.start)}</th><td>{time(|i| &i.start_time)}</td></tr>
                <tr><th scope="row">{t!(i18n, runtime.time)}</th><td>{text(|i| &i.server_time)}</td></tr>
                {fact(t!(i18n, runtime.host), text(|i| &i.hostname))}
                {fact(t!(i18n, runtime.folder), text(|i| &i.cwd))}
                {fact(t!(i18n, runtime.reload), reload)}
                <tr><th scope="row">{t!(i18n, runtime.loaded)}</th><td>{time(|i| &i.last_config_time)}</td></tr>
                {fact(t!(i18n, runtime.corruptions), number(|i| i.corruption_count))}
                {fact(t!(i18n, runtime.threads), number(|i| i.goroutine_count))}
                {fact(t!(i18n, runtime.workers), number(|i| i.gomaxprocs))}
                {fact(t!(i18n, tsdb.retention), text(|i| &i.storage_retention))}
            </tbody>
        </table>
    }
}

#[component]
fn Build(info: Signal<Arc<BuildInfo>>) -> impl IntoView {
    let i18n = use_i18n();
    let text = move |of: fn(&BuildInfo) -> &str| {
        move || {
            let text = info.with(|info| of(info).to_owned());
            if text.is_empty() {
                "–".to_owned()
            } else {
                text
            }
        }
    };
    view! {
        <table class="table facts-table">
            <tbody>
                {fact(t!(i18n, runtime.version), text(|i| &i.version))}
                {fact(t!(i18n, runtime.revision), text(|i| &i.revision))}
                {fact(t!(i18n, runtime.branch), text(|i| &i.branch))}
                {fact(t!(i18n, runtime.built), text(|i| &i.build_date))}
                {fact(t!(i18n, runtime.builder), text(|i| &i.build_user))}
                {fact(t!(i18n, runtime.compiler), text(|i| &i.go_version))}
            </tbody>
        </table>
    }
}
