//! One node in words.

use super::matches::Matches;
use crate::fmt;
use crate::promql_help::{call_of, help_for};
use crate::state::PanelParams;
use crate::words::{t, use_i18n};
use api_types::PlanNode;
use leptos::prelude::*;
use promql_syntax::{Expr, ExprKind, ValueType};

#[component]
pub(super) fn Detail(
    node: PlanNode,
    params: Signal<PanelParams>,
    on_run: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let expr = promql_syntax::parse(&node.text).ok();
    let matches = expr.as_ref().and_then(|expr| binary_of(expr, params));
    let described = expr.as_ref().map(describe);
    let count = |n: Option<u64>| {
        n.map_or_else(
            || "–".to_owned(),
            |n| fmt::count(usize::try_from(n).unwrap_or(usize::MAX)),
        )
    };
    let time =
        |time: Option<f64>| time.map_or_else(|| "–".to_owned(), |time| fmt::elapsed(time * 1e3));
    let part = node.text.clone();
    // A range is no answer of its own.
    let runs = expr.is_some_and(|expr| expr.value_type() != ValueType::Matrix);
    view! {
        <h3 class="plan__heading"><code>{node.text.clone()}</code></h3>
        {described}
        <dl class="plan__facts">
            <dt>{t!(i18n, graph.how)}</dt>
            <dd>{node.how}</dd>
            <dt>{t!(i18n, graph.series_in)}</dt>
            <dd>{count(node.series_in)}</dd>
            <dt>{t!(i18n, graph.series_out)}</dt>
            <dd>{count(node.series_out)}</dd>
            <dt>{t!(i18n, graph.samples)}</dt>
            <dd>{count(node.samples)}</dd>
            <dt>{t!(i18n, graph.own_time)}</dt>
            <dd>{time(node.own_time)}</dd>
            <dt>{t!(i18n, graph.total_time)}</dt>
            <dd>{time(node.total_time)}</dd>
        </dl>
        {matches}
        {runs.then(|| view! {
            <p>
                <button type="button" class="button" on:click=move |_| on_run.run(part.clone())>
                    {t!(i18n, graph.run_part)}
                </button>
            </p>
        })}
    }
}

/// What the function or the aggregation does, or which labels a selector wants.
fn describe(expr: &Expr) -> AnyView {
    let i18n = use_i18n();
    let line = |name: &'static str, call: Option<String>| {
        view! {
            <p class="plan__help">
                {call.map(|call| view! { <code>{call}</code> " — " })}
                {move || help_for(name, i18n.get_locale())}
            </p>
        }
        .into_any()
    };
    match &expr.unparenthesised().kind {
        ExprKind::Call(call) => line(call.function.name, call_of(call.function.name)),
        ExprKind::Aggregate(aggregate) => line(aggregate.op.as_str(), None),
        ExprKind::Selector(selector) => matchers(&selector.all_matchers()),
        ExprKind::Matrix(matrix) => matchers(&matrix.selector.all_matchers()),
        _ => ().into_any(),
    }
}

fn matchers(matchers: &[model::Matcher]) -> AnyView {
    let list: Vec<_> = matchers
        .iter()
        .map(|matcher| view! { <li class="plate"><code>{matcher.to_string()}</code></li> })
        .collect();
    view! { <ul class="plates">{list}</ul> }.into_any()
}

/// How the operands of an operator between vectors find each other.
fn binary_of(expr: &Expr, params: Signal<PanelParams>) -> Option<AnyView> {
    let ExprKind::Binary(binary) = &expr.unparenthesised().kind else {
        return None;
    };
    let matching = binary.matching.clone()?;
    let (left, right) = (binary.left.to_string(), binary.right.to_string());
    let op = binary.op;
    Some(view! { <Matches matching op left right params/> }.into_any())
}
