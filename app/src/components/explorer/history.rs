//! Earlier queries.

use crate::state::{Settings, clear_history, load_history};
use crate::words::{t, use_i18n};
use leptos::prelude::*;

/// The kept queries, the newest first.
#[component]
pub(crate) fn HistoryList(
    /// Takes a query to run.
    on_run: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let settings = expect_context::<Settings>();
    let queries = RwSignal::new(load_history());
    let none = Memo::new(move |_| queries.with(Vec::is_empty));
    let item = move |query: String| {
        let run = query.clone();
        view! {
            <li>
                <button type="button" class="history__query" on:click=move |_| on_run.run(run.clone())>
                    <code>{query}</code>
                </button>
            </li>
        }
    };
    view! {
        <h2 class="dialog__title">{t!(i18n, graph.history)}</h2>
        <p class="history__keep">
            {t!(i18n, graph.history_off)}
            <label class="settings__line">
                <input
                    type="checkbox"
                    prop:checked=move || settings.history.get()
                    on:change=move |event| settings.history.set(event_target_checked(&event))
                />
                {t!(i18n, graph.history_keep)}
            </label>
        </p>
        <ul class="history">{move || queries.get().into_iter().map(item).collect_view()}</ul>
        <Show when=move || none.get()>
            <p class="explorer__count">{t!(i18n, graph.history_empty)}</p>
        </Show>
        <p class="dialog__end">
            <button
                type="button"
                class="button"
                disabled=move || none.get()
                on:click=move |_| {
                    clear_history();
                    queries.set(Vec::new());
                }
            >
                {t!(i18n, graph.history_clear)}
            </button>
        </p>
    }
}
