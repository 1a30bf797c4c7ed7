//! One target that is scraped.

use super::relabelling::RelabelSteps;
use crate::components::series_name::LabelList;
use crate::components::status::{StateBadge, graph_link};
use crate::components::time_ago::TimeAgo;
use crate::fmt;
use crate::words::{t, use_i18n};
use api_types::{ActiveTarget, Health};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// One target. Its address and labels never change; what the last scrape brought does.
#[component]
pub fn TargetRow(
    /// The target.
    target: Memo<ActiveTarget>,
    /// The browser's time.
    clock: Signal<Option<f64>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let first = target.get_untracked();
    let open = RwSignal::new(false);
    let error = Memo::new(move |_| target.with(|t| t.last_error.clone()));
    let failure = move || {
        let text = error.get();
        (!text.is_empty()).then(|| {
            view! {
                <p class="targets__error">
                    <strong>{t!(i18n, targets.failed)}</strong>
                    " "
                    {text}
                </p>
            }
        })
    };
    let duration = move || {
        target.with(|t| match t.health {
            Health::Unknown => "–".to_owned(),
            Health::Up | Health::Down => fmt::elapsed(t.last_scrape_duration * 1e3),
        })
    };
    let state = Signal::derive(move || {
        let state = target.with(|t| match t.health {
            Health::Up => "up",
            Health::Down => "down",
            Health::Unknown => "unknown",
        });
        state.to_owned()
    });
    let (interval, timeout) = (first.scrape_interval.clone(), first.scrape_timeout.clone());
    let series = graph_link(&fmt::series(&first.labels), "table");
    let (pool, discovered) = (first.scrape_pool.clone(), first.discovered_labels.clone());
    let toggled = move |event: leptos::ev::Event| {
        let details = event
            .current_target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlDetailsElement>().ok());
        if let Some(details) = details {
            open.set(details.open());
        }
    };
    let steps = move || {
        open.get().then(|| {
            view! {
                <p class="targets__word">{t!(i18n, targets.steps)}</p>
                <RelabelSteps pool=pool.clone() discovered=discovered.clone()/>
            }
        })
    };
    view! {
        <tr>
            <td><StateBadge state/></td>
            <td>
                <a class="targets__url" href=first.global_url.clone() rel="noreferrer">
                    {first.scrape_url.clone()}
                </a>
                {failure}
            </td>
            <td>
                <LabelList labels=first.labels.clone()/>
                <details class="targets__discovered" on:toggle=toggled>
                    <summary>{t!(i18n, targets.more)}</summary>
                    <p class="targets__word">
                        {t!(i18n, targets.timing, interval = interval, timeout = timeout)}
                        " "
                        <a href=series>{t!(i18n, targets.series)}</a>
                    </p>
                    <p class="targets__word">{t!(i18n, targets.discovered)}</p>
                    <LabelList labels=first.discovered_labels.clone()/>
                    {steps}
                </details>
            </td>
            <td class="targets__number">
                <TimeAgo time=Signal::derive(move || target.with(|t| t.last_scrape.clone())) clock/>
            </td>
            <td class="targets__number">{duration}</td>
        </tr>
    }
}
