//! A list that shows nothing.

use crate::components::EmptyNotice;
use crate::site::at;
use leptos::prelude::*;

/// Why a list shows nothing, if it does: there is nothing to list, or nothing matches the filters.
#[component]
pub fn NothingListed(
    /// Whether the list shows nothing.
    #[prop(into)]
    is_empty: Signal<bool>,
    /// Whether there is nothing to list, whatever the filters.
    #[prop(into)]
    none_at_all: Signal<bool>,
    /// What there is nothing of.
    #[prop(into)]
    none_title: Signal<String>,
    /// That nothing matches.
    #[prop(into)]
    no_match: Signal<String>,
    /// The page without filters.
    href: &'static str,
    /// What its link says.
    #[prop(into)]
    all: Signal<String>,
    /// What to do so that there is something to list.
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    move || {
        is_empty.get().then(|| {
            if none_at_all.get() {
                view! { <EmptyNotice title=none_title>{children.with_value(|children| children())}</EmptyNotice> }
                    .into_any()
            } else {
                view! {
                    <EmptyNotice title=no_match>
                        <a href=at(href)>{move || all.get()}</a>
                    </EmptyNotice>
                }
                .into_any()
            }
        })
    }
}
