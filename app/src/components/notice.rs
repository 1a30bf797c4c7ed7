//! What stands where data would: an error, the reason why there is none, or its outline.

use crate::components::icon::{Glyph, Icon};
use crate::data::UiError;
use crate::words::{t, t_string, use_i18n};
use leptos::prelude::*;

/// What happened, in the server's words, and a way to try again.
#[component]
pub fn ErrorNotice(
    /// The error.
    error: UiError,
    /// Tries again.
    on_retry: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = error.clone();
    view! {
        <div class="notice" data-kind="error" role="alert">
            <Icon glyph=Glyph::Alert/>
            <div class="notice__body">
                <p class="notice__title">{move || title.title(i18n.get_locale())}</p>
                <p class="notice__text">{error.to_string()}</p>
            </div>
            <button type="button" class="button" on:click=move |_| on_retry.run(())>
                {t!(i18n, shell.retry)}
            </button>
        </div>
    }
}

/// Why there is nothing to see, and what to do next.
#[component]
pub fn EmptyNotice(
    /// What is not there.
    #[prop(into)]
    title: Signal<String>,
    /// Why, and the next step.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="notice" data-kind="empty">
            <div class="notice__body">
                <p class="notice__title">{move || title.get()}</p>
                <div class="notice__text">{children()}</div>
            </div>
        </div>
    }
}

/// Warnings and infos that came with an answer.
#[component]
pub fn Hints(
    /// Things that may make the data wrong.
    warnings: Vec<String>,
    /// Hints about the query.
    infos: Vec<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let line = move |kind: &'static str| {
        move |text: String| {
            view! {
                <li class="hint" data-kind=kind>
                    <strong>
                        {move || match kind {
                            "warning" => t_string!(i18n, shell.warning),
                            _ => t_string!(i18n, shell.note),
                        }}
                    </strong>
                    " "
                    {text}
                </li>
            }
        }
    };
    let lines: Vec<_> = warnings
        .into_iter()
        .map(line("warning"))
        .chain(infos.into_iter().map(line("info")))
        .collect();
    (!lines.is_empty()).then(|| view! { <ul class="hints" role="status">{lines}</ul> })
}

/// The outline of what is loading.
#[component]
pub fn Skeleton(
    /// `chart` or `table`.
    shape: &'static str,
) -> impl IntoView {
    view! {
        <div class="skeleton" data-shape=shape role="status">
            <span class="visually-hidden">{t!(use_i18n(), shell.loading)}</span>
        </div>
    }
}
