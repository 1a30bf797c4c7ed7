//! Series and labels.

use crate::data::copy_text;
use crate::fmt;
use api_types::LabelMap;
use leptos::prelude::*;

/// A series as PromQL writes it, its parts in their own colours. A double click on a label copies its matcher.
#[component]
pub fn SeriesName(
    /// The labels, the metric's name among them.
    labels: LabelMap,
) -> impl IntoView {
    let name = labels.get("__name__").cloned().unwrap_or_default();
    let pairs: Vec<_> = fmt::pairs(&labels)
        .enumerate()
        .map(|(i, (name, value))| {
            let matcher = format!("{name}={}", fmt::quoted(value));
            view! {
                {if i > 0 { ", " } else { "" }}
                <span class="series__pair" on:dblclick=move |_| copy_text(&matcher)>
                    <span class="series__label">{name.to_owned()}</span>
                    "="
                    <span class="series__value">{fmt::quoted(value)}</span>
                </span>
            }
        })
        .collect();
    let bare = pairs.is_empty() && !name.is_empty();
    view! {
        <code class="series">
            <span class="series__name">{name}</span>
            {if bare { "" } else { "{" }}
            {pairs}
            {if bare { "" } else { "}" }}
        </code>
    }
}

/// Labels one by one, as small plates.
#[component]
pub fn LabelList(
    /// The labels.
    labels: LabelMap,
) -> impl IntoView {
    let plates: Vec<_> = labels
        .into_iter()
        .map(|(name, value)| {
            view! {
                <li class="plate">
                    <span class="series__label">{name}</span>
                    "="
                    <span class="series__value">{fmt::quoted(&value)}</span>
                </li>
            }
        })
        .collect();
    view! { <ul class="plates">{plates}</ul> }
}
