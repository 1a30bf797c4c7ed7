//! Long lists, a page at a time.

use app::words::{t, use_i18n};
use leptos::prelude::*;

/// Entries of a page.
pub(super) const PAGE: usize = 50;

/// Earlier and later pages of a list, where it has more than one.
#[component]
pub(super) fn Pages(page: RwSignal<usize>, total: usize) -> impl IntoView {
    let i18n = use_i18n();
    let last = total.div_ceil(PAGE).max(1);
    (last > 1).then(|| {
        let facts = move || format!("{} / {last}", page.get());
        view! {
            <nav class="paging" aria-label=t!(i18n, people.paging)>
                <span class="paging__facts">{facts}</span>
                <button
                    type="button"
                    class="button"
                    disabled=move || page.get() <= 1
                    on:click=move |_| page.update(|page| *page = page.saturating_sub(1).max(1))
                >
                    {t!(i18n, people.page_before)}
                </button>
                <button
                    type="button"
                    class="button"
                    disabled=move || page.get() >= last
                    on:click=move |_| page.update(|page| *page += 1)
                >
                    {t!(i18n, people.page_after)}
                </button>
            </nav>
        }
    })
}
