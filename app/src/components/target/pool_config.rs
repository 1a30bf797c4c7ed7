//! The configuration of one scrape pool.

use crate::components::ErrorNotice;
use crate::components::status::{Code, Language};
use crate::data::{Latest, get};
use crate::state::query_string;
use crate::words::{t, use_i18n};
use leptos::prelude::*;
use serde::Deserialize;

/// The answer of `/api/v1/scrape_pools/config`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
struct Shown {
    yaml: String,
}

/// The pool's part of the file, folded; asked for when it is opened.
#[component]
pub fn PoolConfig(
    /// The job.
    pool: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let latest = Latest::<Shown>::new();
    let pool = StoredValue::new(pool);
    let ask = move || {
        let pool = pool.get_value();
        let path = format!(
            "/api/v1/scrape_pools/config?{}",
            query_string([("scrapePool", pool.as_str())])
        );
        latest.start(|signal| async move { get(&path, signal.as_ref()).await });
    };
    let retry = Callback::new(move |()| ask());
    let shown = move || {
        let state = latest.state.get();
        if let Some(error) = state.error {
            return Some(view! { <ErrorNotice error on_retry=retry/> }.into_any());
        }
        let text = state.loaded?.data.yaml.clone();
        Some(
            view! { <pre class="file" tabindex="0"><Code text language=Language::Yaml/></pre> }
                .into_any(),
        )
    };
    view! {
        <details class="pool__config" on:toggle=move |_| ask()>
            <summary>{t!(i18n, targets.config)}</summary>
            {shown}
        </details>
    }
}
