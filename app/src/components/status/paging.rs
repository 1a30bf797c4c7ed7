//! The pages of a long list.

use crate::components::icon::{Glyph, Icon};
use crate::fmt;
use crate::state::PageAddress;
use crate::words::{t, t_string, use_i18n};
use api_types::Paging;
use leptos::prelude::*;

/// How much of a list is shown, and the way to its other pages.
#[component]
pub fn PageLinks(
    /// The page.
    address: PageAddress,
    /// Which part is shown.
    #[prop(into)]
    paging: Signal<Paging>,
) -> impl IntoView {
    let i18n = use_i18n();
    let to = move |page: usize| address.with(&[("page", &page.to_string())]);
    let matched = move || fmt::count(paging.get().matched);
    let total = move || fmt::count(paging.get().total);
    let page = move || fmt::count(paging.get().page);
    let pages = move || fmt::count(paging.get().pages);
    let several = Memo::new(move |_| paging.get().pages > 1);
    let earlier = move || {
        let Paging { page, .. } = paging.get();
        (page > 1).then(|| {
            view! {
                <a class="button" href=to(page - 1) rel="prev">
                    <Icon glyph=Glyph::Left/>
                    {t!(i18n, status.previous)}
                </a>
            }
        })
    };
    let later = move || {
        let Paging { page, pages, .. } = paging.get();
        (page < pages).then(|| {
            view! {
                <a class="button" href=to(page + 1) rel="next">
                    {t!(i18n, status.next)}
                    <Icon glyph=Glyph::Right/>
                </a>
            }
        })
    };
    view! {
        <nav class="paging" aria-label=move || t_string!(i18n, status.pages)>
            <span class="paging__facts">
                {t!(i18n, status.matched, n = matched, total = total)}
            </span>
            <Show when=move || several.get()>
                <span class="paging__facts">{t!(i18n, status.page_of, page = page, pages = pages)}</span>
                {earlier}
                {later}
            </Show>
        </nav>
    }
}
