//! What is wrong with a field, under it.

use super::watch::Watch;
use leptos::prelude::*;

/// The faults of a field.
#[component]
pub(super) fn Fault(
    /// The field, in the words of the API.
    #[prop(into)]
    field: Signal<String>,
    watch: Watch,
) -> impl IntoView {
    let faults = move || {
        let field = field.get();
        let all = watch
            .faults()
            .into_iter()
            .filter(|fault| fault.field == field);
        all.map(|fault| {
            let hint = fault.hint.map(|hint| format!(" — {hint}"));
            view! { <p class="form__error">{fault.message}{hint}</p> }
        })
        .collect_view()
    };
    view! { <div role="status">{faults}</div> }
}
