//! What is stored, what most of it is, and how to be rid of it.

mod admin;
mod blocks;
mod drill;
mod top;

use crate::components::chart::HoverTime;
use crate::components::status::{ExpressionChart, fact, live, live_every};
use crate::fmt;
use crate::state::PageAddress;
use crate::words::{t, t_string, use_i18n};
use admin::AdminForms;
use api_types::{BlocksData, RuntimeInfo, TsdbStatus};
use blocks::BlockLine;
use drill::Drill;
use leptos::prelude::*;
use leptos_meta::Title;
use std::sync::Arc;
use std::time::Duration;
use top::TopLists;

/// How often blocks and settings are asked for: they change seldom.
const SELDOM: Duration = Duration::from_secs(30);

/// How much time the growth is shown of. Units: seconds.
const DAY: f64 = 86_400.0;

/// Series of the head as the server counts them about itself; several jobs may scrape it.
const HEAD_SERIES: &str = "max(prometheus_tsdb_head_series)";

/// The head, what most of it is, and the blocks.
#[component]
pub fn TsdbPage() -> impl IntoView {
    let i18n = use_i18n();
    HoverTime::provide();
    let address = PageAddress::new("/tsdb-status", &["limit", "metric", "label", "value"]);
    let limit = Memo::new(move |_| match address.get("limit").as_str() {
        "50" => "50",
        "200" => "200",
        _ => "10",
    });
    let path = Signal::derive(move || format!("/api/v1/status/tsdb?limit={}", limit.get()));
    let runtime = Signal::stored("/api/v1/status/runtimeinfo".to_owned());
    let blocks = Signal::stored("/api/v1/status/tsdb/blocks".to_owned());
    view! {
        <Title text=move || t_string!(i18n, tsdb.title)/>
        <div class="page-head">
            <h1 class="page-head__title">{t!(i18n, tsdb.title)}</h1>
        </div>
        {live::<TsdbStatus>(path, "table", move |status| view! { <Head status address/> }.into_any())}
        <section class="card" aria-labelledby="blocks">
            <div class="card__head"><h2 class="card__title" id="blocks">{t!(i18n, tsdb.blocks)}</h2></div>
            {live_every::<RuntimeInfo>(SELDOM, runtime, "line", move |info| view! {
                <p class="card__line">
                    {t!(i18n, tsdb.retention)}
                    " "
                    <strong>{move || info.with(|info| info.storage_retention.clone())}</strong>
                </p>
            }.into_any())}
            {live_every::<BlocksData>(SELDOM, blocks, "table", |data| view! { <BlockLine data/> }.into_any())}
        </section>
        <AdminForms/>
    }
}

#[component]
fn Head(status: Signal<Arc<TsdbStatus>>, address: PageAddress) -> impl IntoView {
    let i18n = use_i18n();
    let number = move |of: fn(&TsdbStatus) -> u64| {
        move || fmt::count(usize::try_from(status.with(|status| of(status))).unwrap_or(usize::MAX))
    };
    let time = move |of: fn(&TsdbStatus) -> i64| {
        move || {
            let time = status.with(|status| of(status));
            // An empty head has its ends beyond all times.
            if status.with(|status| status.head_stats.num_series == 0)
                || time.unsigned_abs() > 1 << 52
            {
                t_string!(i18n, tsdb.no_samples).to_owned()
            } else {
                format!("{} UTC", fmt::time((time as f64 / 1e3).round()))
            }
        }
    };
    let facts = view! {
        {fact(t!(i18n, tsdb.series), number(|status| status.head_stats.num_series))}
        {fact(t!(i18n, tsdb.pairs), number(|status| status.head_stats.num_label_pairs))}
        {fact(t!(i18n, tsdb.chunks), number(|status| status.head_stats.chunk_count))}
        {fact(t!(i18n, tsdb.min_time), time(|status| status.head_stats.min_time))}
        {fact(t!(i18n, tsdb.max_time), time(|status| status.head_stats.max_time))}
    };
    view! {
        <div class="columns">
            <section class="card" aria-labelledby="head">
                <div class="card__head"><h2 class="card__title" id="head">{t!(i18n, tsdb.head)}</h2></div>
                <table class="table facts-table"><tbody>{facts}</tbody></table>
            </section>
            <section class="card" aria-labelledby="growth">
                <div class="card__head">
                    <h2 class="card__title" id="growth">{t!(i18n, tsdb.growth)}</h2>
                    <span class="card__note"><code>{HEAD_SERIES}</code></span>
                </div>
                <div class="growth">
                    <ExpressionChart query=Signal::stored(HEAD_SERIES.to_owned()) shown=DAY/>
                </div>
            </section>
        </div>
        <Drill address/>
        <TopLists status address/>
    }
}
