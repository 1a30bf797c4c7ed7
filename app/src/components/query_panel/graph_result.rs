//! The chart of a panel.

use super::Answers;
use super::empty::{NothingAsked, WhyEmpty};
use crate::components::chart::{Look, Refine, TimeChart};
use crate::components::notice::{ErrorNotice, Skeleton};
use crate::data::LoadState;
use crate::state::{Display, PanelParams, filtered};
use crate::words::{t, use_i18n};
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub(super) fn GraphResult(
    params: Signal<PanelParams>,
    answers: Answers,
    run: Callback<()>,
    on_change: Callback<PanelParams>,
    on_run: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let zoom = Callback::new(move |(start, end)| {
        on_change.run(params.get_untracked().zoomed(start, end));
    });
    let refine = Callback::new(move |refine: Refine| {
        let expr = params.get_untracked().expr;
        if let Some(narrow) = filtered(&expr, &refine.matchers) {
            on_run.run(if refine.exclude {
                format!("({expr}) unless ({narrow})")
            } else {
                narrow
            });
        }
    });
    // One chart for all answers: its legend and hidden series stay while data comes and goes.
    let data = Memo::new_with_compare(
        move |_| {
            answers
                .chart
                .state
                .get()
                .loaded
                .filter(|loaded| !loaded.data.series.is_empty())
        },
        |a, b| match (a, b) {
            (Some(Some(a)), Some(Some(b))) => !Arc::ptr_eq(a, b),
            (Some(None), Some(None)) => false,
            _ => true,
        },
    );
    let asked = Memo::new(move |_| params.with(|p| !p.expr.trim().is_empty()));
    let heatless = Memo::new(move |_| {
        params.with(|p| p.display == Display::Heatmap)
            && data.with(|data| data.as_ref().is_some_and(|d| !d.data.has_histograms()))
    });
    let state = move || {
        if !asked.get() {
            return view! { <NothingAsked/> }.into_any();
        }
        let LoadState { loaded, error, .. } = answers.chart.state.get();
        if let Some(error) = error {
            return view! { <ErrorNotice error on_retry=run/> }.into_any();
        }
        let Some(loaded) = loaded else {
            return view! { <Skeleton shape="chart"/> }.into_any();
        };
        if loaded.data.series.is_empty() {
            return view! { <WhyEmpty params answers on_change on_run/> }.into_any();
        }
        ().into_any()
    };
    let has_data = Memo::new(move |_| data.with(Option::is_some));
    let look = Memo::new(move |_| {
        params.with(|p| Look {
            display: p.display,
            from_zero: p.from_zero,
            log: p.log,
        })
    });
    let exemplars = Signal::derive(move || answers.exemplars.state.with(|s| s.loaded.clone()));
    view! {
        {state}
        <Show when=move || has_data.get()>
            <Show when=move || heatless.get()>
                <p class="more" role="status">{t!(i18n, graph.no_histograms)}</p>
            </Show>
            <TimeChart data look exemplars on_zoom=zoom on_refine=refine/>
        </Show>
    }
}
