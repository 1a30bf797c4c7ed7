//! Why there is nothing to see.

use super::Answers;
use crate::components::notice::EmptyNotice;
use crate::components::time_ago::use_zone;
use crate::data::Absence;
use crate::fmt;
use crate::state::{PanelParams, Tab};
use crate::words::{t, t_string, use_i18n};
use leptos::prelude::*;

/// Nothing was asked yet.
#[component]
pub(crate) fn NothingAsked() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <EmptyNotice title=Signal::derive(move || t_string!(i18n, graph.nothing_asked).to_owned())>
            {t!(i18n, graph.nothing_asked_before)}
            <code>"up"</code>
            {t!(i18n, graph.nothing_asked_after)}
        </EmptyNotice>
    }
}

/// The reason why an answer is empty, and the next step.
#[component]
pub(super) fn WhyEmpty(
    params: Signal<PanelParams>,
    answers: Answers,
    on_change: Callback<PanelParams>,
    on_run: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let reason = move || {
        let state = answers.absence.state.get();
        match state.loaded {
            Some(loaded) => reason(&loaded.data, params, on_change, on_run),
            None if state.error.is_some() => t!(i18n, graph.empty_unknown).into_any(),
            None => t!(i18n, graph.empty_looking).into_any(),
        }
    };
    view! {
        <EmptyNotice title=Signal::derive(move || t_string!(i18n, graph.empty).to_owned())>
            <div class="why" role="status">{reason}</div>
        </EmptyNotice>
    }
}

fn reason(
    absence: &Absence,
    params: Signal<PanelParams>,
    on_change: Callback<PanelParams>,
    on_run: Callback<String>,
) -> AnyView {
    let i18n = use_i18n();
    match absence.clone() {
        Absence::NoMetric { name, alike } => {
            let has = !alike.is_empty();
            let wrong = name.clone();
            let offers: Vec<_> = alike
                .into_iter()
                .map(|other| {
                    let right = other.clone();
                    let wrong = wrong.clone();
                    let fix = move |_| {
                        on_run.run(params.get_untracked().expr.replace(&wrong, &right));
                    };
                    view! { <button type="button" class="button why__offer" on:click=fix>{other}</button> }
                })
                .collect();
            view! {
                <p>{move || t_string!(i18n, graph.no_metric, name = name.clone())}</p>
                {has.then(|| view! { <p class="why__offers">{t!(i18n, graph.did_you_mean)} " " {offers}</p> })}
            }
            .into_any()
        }
        Absence::NoSeries { selector, culprit } => match culprit {
            None => view! {
                <p>{t!(i18n, graph.no_series)}</p>
                <p><code>{selector}</code></p>
            }
            .into_any(),
            Some((matcher, values)) => {
                let values: Vec<_> = values
                    .into_iter()
                    .map(|v| view! { <code>{fmt::quoted(&v)}</code> " " })
                    .collect();
                let has = !values.is_empty();
                view! {
                    <p>{t!(i18n, graph.no_series_culprit)} " " <code>{matcher}</code></p>
                    {has.then(|| view! { <p>{t!(i18n, graph.values_are)} " " {values}</p> })}
                }
                .into_any()
            }
        },
        Absence::NoSamples { selector, last } => {
            let zone = use_zone();
            let jump = move |at: f64| {
                #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
                let at = Some((at.ceil() * 1e3) as i64);
                let now = params.get_untracked();
                on_change.run(if now.tab == Tab::Graph {
                    PanelParams { end: at, ..now }
                } else {
                    PanelParams { moment: at, ..now }
                });
            };
            view! {
                <p>{t!(i18n, graph.no_samples)} " " <code>{selector}</code></p>
                {last.map(|at| view! {
                    <p class="why__offers">
                        {move || t_string!(i18n, graph.last_sample, time = fmt::time_in(zone.get(), at))}
                        " "
                        <button type="button" class="button" on:click=move |_| jump(at)>
                            {t!(i18n, graph.jump_there)}
                        </button>
                    </p>
                })}
            }
            .into_any()
        }
        Absence::Removed { part } => view! {
            <p>{t!(i18n, graph.removed)}</p>
            <p><code>{part}</code></p>
        }
        .into_any(),
    }
}
