//! The alerts of a rule.

use super::body::annotation;
use crate::components::series_name::LabelList;
use crate::components::status::{StateBadge, rows};
use crate::components::time_ago::TimeAgo;
use crate::fmt;
use crate::state::Settings;
use crate::words::{t, use_i18n};
use api_types::{Alert, Rule, RuleRow};
use leptos::prelude::*;

/// A table of alerts; nothing where there are none.
#[component]
pub(super) fn Instances(row: Memo<RuleRow>, clock: Signal<Option<f64>>) -> impl IntoView {
    let i18n = use_i18n();
    let alerts = Memo::new(move |_| {
        row.with(|row| match &row.rule {
            Rule::Alerting(rule) => rule.alerts.clone(),
            Rule::Recording(_) => Vec::new(),
        })
    });
    let total = move || row.with(|row| row.pending + row.firing);
    let left_out = move || total().saturating_sub(alerts.with(Vec::len));
    view! {
        <Show when=move || !alerts.with(Vec::is_empty)>
            <div class="scroll-x">
                <table class="table instances">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, alerts.state)}</th>
                            <th scope="col">{t!(i18n, alerts.labels)}</th>
                            <th scope="col">{t!(i18n, alerts.since)}</th>
                            <th scope="col" class="number">{t!(i18n, alerts.value)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {rows(
                            alerts,
                            |alert| fmt::series(&alert.labels),
                            move |alert| instance(alert, clock),
                        )}
                    </tbody>
                </table>
            </div>
            <Show when=move || left_out() != 0>
                <p class="more">{t!(i18n, alerts.left_out, n = move || fmt::count(left_out()))}</p>
            </Show>
        </Show>
    }
}

fn instance(alert: Memo<Alert>, clock: Signal<Option<f64>>) -> AnyView {
    let i18n = use_i18n();
    let expanded = expect_context::<Settings>().expanded_annotations;
    let labels = alert.with_untracked(|alert| alert.labels.clone());
    let labels = labels
        .into_iter()
        .filter(|(name, _)| name != "alertname")
        .collect();
    let state = Signal::derive(move || alert.with(|alert| alert.state.clone()));
    let summary = move || {
        alert.with(|alert| {
            let of = |name: &str| alert.annotations.get(name).cloned();
            of("summary")
                .or_else(|| of("message"))
                .or_else(|| of("description"))
        })
    };
    let annotations = move || {
        let all = alert.with(|alert| alert.annotations.clone());
        let list: Vec<_> = all
            .iter()
            .map(|(name, text)| annotation(name, text))
            .collect();
        view! { <dl class="annotations">{list}</dl> }
    };
    let value = move || {
        let text = alert.with(|alert| alert.value.clone());
        text.parse::<f64>().map_or(text, fmt::value)
    };
    let kept = move || alert.with(|alert| alert.keep_firing_since.is_some());
    view! {
        <tr>
            <td><StateBadge state/></td>
            <td>
                <LabelList labels/>
                {move || if expanded.get() {
                    annotations().into_any()
                } else {
                    summary().map(|text| view! { <p class="instances__summary">{text}</p> }).into_any()
                }}
            </td>
            <td class="nowrap">
                <TimeAgo time=Signal::derive(move || alert.with(|a| a.active_at.clone())) clock/>
                <Show when=kept>
                    <p class="instances__summary">{t!(i18n, alerts.kept)}</p>
                </Show>
            </td>
            <td class="number">{value}</td>
        </tr>
    }
    .into_any()
}
