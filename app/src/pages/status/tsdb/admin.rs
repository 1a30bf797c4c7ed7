//! Deleting series, and taking deleted ones off the disk.

use crate::components::status::live_every;
use crate::components::{Dialog, ErrorNotice};
use crate::data::{UiError, change, instant};
use crate::fmt;
use crate::words::{t, t_string, use_i18n};
use api_types::QueryData;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The flag that allows it.
const FLAG: &str = "web.enable-admin-api";

/// The forms, if the server allows what they ask for.
#[component]
pub(super) fn AdminForms() -> impl IntoView {
    let i18n = use_i18n();
    let flags = Signal::stored("/api/v1/status/flags".to_owned());
    let forms = move |flags: Signal<Arc<BTreeMap<String, String>>>| {
        let is_on = move || flags.with(|flags| flags.get(FLAG).is_some_and(|on| on == "true"));
        view! {
            <Show
                when=is_on
                fallback=move || view! {
                    <p class="card__line">
                        {t!(i18n, tsdb.admin_off)}
                        " "
                        <code>{format!("--{FLAG}")}</code>
                    </p>
                }
            >
                <DeleteForm/>
            </Show>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="admin">
            <div class="card__head"><h2 class="card__title" id="admin">{t!(i18n, tsdb.admin)}</h2></div>
            {live_every(super::SELDOM, flags, "table", forms)}
        </section>
    }
}

/// How an order to the storage stands.
#[derive(Debug, Clone, Default, PartialEq)]
enum Order {
    #[default]
    None,
    Done(&'static str),
    Failed(UiError),
}

#[component]
fn DeleteForm() -> impl IntoView {
    let i18n = use_i18n();
    let selectors = RwSignal::new(String::new());
    let start = RwSignal::new(String::new());
    let end = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    let matching = RwSignal::new(None::<String>);
    let order = RwSignal::new(Order::default());
    let lines = move || -> Vec<String> {
        selectors.with(|text| {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            lines.map(str::to_owned).collect()
        })
    };
    let ask = move |_| {
        matching.set(None);
        open.set(true);
        let either: Vec<String> = untrack(lines)
            .iter()
            .map(|line| format!("count({line})"))
            .collect();
        spawn_local(async move {
            let mut total = 0.0;
            for query in either {
                if let Ok(answer) = instant(query, None, None).await
                    && let QueryData::Vector(samples) = &answer.data.result
                {
                    total += samples
                        .first()
                        .map_or(0.0, |sample| sample.value.map_or(0.0, |pair| pair.value));
                }
            }
            matching.try_set(Some(fmt::value(total)));
        });
    };
    let delete = move |_| {
        open.set(false);
        let (lines, start, end) = (untrack(lines), start.get_untracked(), end.get_untracked());
        spawn_local(async move {
            let mut form: Vec<(&str, &str)> = lines
                .iter()
                .map(|line| ("match[]", line.as_str()))
                .collect();
            let (start, end) = (rfc3339(&start), rfc3339(&end));
            for (name, time) in [("start", &start), ("end", &end)] {
                if !time.is_empty() {
                    form.push((name, time));
                }
            }
            let result = change("POST", "/api/v1/admin/tsdb/delete_series", &form).await;
            order.try_set(match result {
                Ok(()) => Order::Done("deleted"),
                Err(error) => Order::Failed(error),
            });
        });
    };
    let clean = move |_| {
        spawn_local(async move {
            let result = change("POST", "/api/v1/admin/tsdb/clean_tombstones", &[]).await;
            order.try_set(match result {
                Ok(()) => Order::Done("cleaned"),
                Err(error) => Order::Failed(error),
            });
        });
    };
    let told = move || match order.get() {
        Order::None => None,
        Order::Done("deleted") => Some(view! { <p>{t!(i18n, tsdb.deleted)}</p> }.into_any()),
        Order::Done(_) => Some(view! { <p>{t!(i18n, tsdb.cleaned)}</p> }.into_any()),
        Order::Failed(error) => {
            let retry = Callback::new(move |()| order.set(Order::None));
            Some(view! { <ErrorNotice error on_retry=retry/> }.into_any())
        }
    };
    view! {
        <div class="form">
            <label class="form__wide">
                <span>{t!(i18n, tsdb.selectors)}</span>
                <textarea
                    class="field field--text"
                    rows="3"
                    spellcheck="false"
                    placeholder="old_metric{job=\"gone\"}"
                    prop:value=move || selectors.get()
                    on:input=move |event| selectors.set(event_target_value(&event))
                ></textarea>
            </label>
            <label>
                <span>{t!(i18n, tsdb.start)}</span>
                <input
                    class="field"
                    type="datetime-local"
                    on:input=move |event| start.set(event_target_value(&event))
                />
            </label>
            <label>
                <span>{t!(i18n, tsdb.end)}</span>
                <input
                    class="field"
                    type="datetime-local"
                    on:input=move |event| end.set(event_target_value(&event))
                />
            </label>
            <button
                type="button"
                class="button"
                disabled=move || lines().is_empty()
                on:click=ask
            >
                {t!(i18n, tsdb.delete)}
            </button>
            <button type="button" class="button" title=move || t_string!(i18n, tsdb.clean_hint) on:click=clean>
                {t!(i18n, tsdb.clean)}
            </button>
            <div class="form__wide" role="status">{told}</div>
        </div>
        <Dialog open label=Signal::derive(move || t_string!(i18n, tsdb.delete).to_owned()) kind="confirm">
            <p>{move || match matching.get() {
                Some(n) => t!(i18n, tsdb.confirm, n = n).into_any(),
                None => t!(i18n, shell.loading).into_any(),
            }}</p>
            <ul>{move || lines().into_iter().map(|line| view! { <li><code>{line}</code></li> }).collect_view()}</ul>
            <p class="dialog__end">
                <button type="button" class="button" on:click=move |_| open.set(false)>
                    {t!(i18n, shell.cancel)}
                </button>
                <button type="button" class="button" data-kind="primary" on:click=delete>
                    {t!(i18n, tsdb.delete_now)}
                </button>
            </p>
        </Dialog>
    }
}

/// What a field for date and time holds, as the API reads it; UTC.
fn rfc3339(text: &str) -> String {
    match text.len() {
        0 => String::new(),
        // Without seconds.
        16 => format!("{text}:00Z"),
        _ => format!("{text}Z"),
    }
}
