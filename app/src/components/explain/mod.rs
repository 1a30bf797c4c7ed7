//! How a query is evaluated: its tree, what each node takes, and how operands find each other.

mod detail;
mod matches;
mod tree;

use crate::components::notice::{ErrorNotice, Skeleton};
use crate::components::query_panel::{Answers, NothingAsked};
use crate::data::LoadState;
use crate::fmt;
use crate::state::PanelParams;
use crate::words::{t, use_i18n};
use api_types::ExplainData;
use detail::Detail;
use leptos::prelude::*;
use std::sync::Arc;
use tree::{Row, Tree, rows};

/// The tree and the chosen node.
#[component]
pub(crate) fn ExplainResult(
    params: Signal<PanelParams>,
    answers: Answers,
    run: Callback<()>,
    on_run: Callback<String>,
) -> impl IntoView {
    let asked = Memo::new(move |_| params.with(|p| !p.expr.trim().is_empty()));
    move || {
        if !asked.get() {
            return view! { <NothingAsked/> }.into_any();
        }
        let LoadState { loaded, error, .. } = answers.explained.state.get();
        if let Some(error) = error {
            return view! { <ErrorNotice error on_retry=run/> }.into_any();
        }
        match loaded {
            None => view! { <Skeleton shape="table"/> }.into_any(),
            Some(loaded) => {
                let rows = Arc::new(rows(&loaded.data.plan));
                view! {
                    {total(&loaded.data)}
                    <Plan rows params on_run/>
                }
                .into_any()
            }
        }
    }
}

fn total(data: &ExplainData) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let count = |n: u64| fmt::count(usize::try_from(n).unwrap_or(usize::MAX));
    let (series, samples) = (count(data.series), count(data.samples_read));
    let (peak, time) = (count(data.peak_samples), fmt::elapsed(data.eval_time * 1e3));
    view! {
        <p class="plan__total">
            {t!(i18n, graph.explain_total, series = series, samples = samples, peak = peak, time = time)}
        </p>
    }
}

#[component]
fn Plan(
    rows: Arc<Vec<Row>>,
    params: Signal<PanelParams>,
    on_run: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    // The whole expression, until another part is chosen.
    let chosen = RwSignal::new(0usize);
    let list = rows.clone();
    let detail = move || match rows.get(chosen.get()) {
        Some(row) => view! { <Detail node=row.node.clone() params on_run/> }.into_any(),
        None => t!(i18n, graph.choose_node).into_any(),
    };
    view! {
        <div class="plan">
            <Tree rows=list chosen/>
            <div class="plan__detail">{detail}</div>
        </div>
    }
}
