//! What a rule says, and what came of it.

use super::instances::Instances;
use super::way::AlertWay;
use crate::components::icon::{Glyph, Icon};
use crate::components::series_name::LabelList;
use crate::components::status::{CopyButton, Expression, ExpressionChart};
use crate::components::time_ago::TimeAgo;
use crate::fmt;
use crate::site::at;
use crate::state::encode;
use crate::words::{t, use_i18n};
use api_types::{AlertingRule, LabelMap, Rule, RuleRow};
use leptos::prelude::*;

/// How much time the chart of an expression shows. Units: seconds.
const SHOWN: f64 = 3600.0;

/// The rule's definition, its last evaluation, and its alerts.
#[component]
pub(super) fn RuleBody(
    row: Memo<RuleRow>,
    /// File and name of its group.
    place: Signal<(String, String)>,
    clock: Signal<Option<f64>>,
    /// Whether it can be seen.
    open: RwSignal<bool>,
    alerts: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let query = Memo::new(move |_| {
        row.with(|row| match &row.rule {
            Rule::Alerting(rule) => rule.query.clone(),
            Rule::Recording(rule) => rule.query.clone(),
        })
    });
    let error = Memo::new(move |_| {
        row.with(|row| match &row.rule {
            Rule::Alerting(rule) => rule.last_error.clone(),
            Rule::Recording(rule) => rule.last_error.clone(),
        })
    });
    let evaluated = Signal::derive(move || {
        row.with(|row| match &row.rule {
            Rule::Alerting(rule) => rule.last_evaluation.clone(),
            Rule::Recording(rule) => rule.last_evaluation.clone(),
        })
    });
    let labels = Memo::new(move |_| {
        row.with(|row| match &row.rule {
            Rule::Alerting(rule) => rule.labels.clone(),
            Rule::Recording(rule) => rule.labels.clone(),
        })
    });
    // What only alerting rules have; the instances are told apart, so that this stays as it is.
    let alerting = Memo::new(move |_| {
        row.with(|row| match &row.rule {
            Rule::Alerting(rule) => Some(AlertingRule {
                alerts: Vec::new(),
                evaluation_time: 0.0,
                last_evaluation: String::new(),
                ..rule.clone()
            }),
            Rule::Recording(_) => None,
        })
    });
    let name = Signal::derive(move || {
        row.with(|row| match &row.rule {
            Rule::Alerting(rule) => rule.name.clone(),
            Rule::Recording(rule) => rule.name.clone(),
        })
    });
    // Its id ends in its number in the group.
    let form = move || {
        let (file, group) = place.get();
        let index = row.with(|row| row.id.rsplit(';').next().unwrap_or("0").to_owned());
        let (file, group) = (encode(&file), encode(&group));
        format!("/rules/at?file={file}&group={group}&index={index}")
    };
    let failure = move || {
        let text = error.get();
        (!text.is_empty()).then(|| {
            view! {
                <div class="notice" data-kind="error">
                    <Icon glyph=Glyph::Alert/>
                    <div class="notice__body">
                        <p class="notice__title">{t!(i18n, rules.failed)}</p>
                        <p class="notice__text">{text}</p>
                    </div>
                </div>
            }
        })
    };
    view! {
        <div class="fold__body">
            <div class="fold__line">
                <Expression text=query/>
                <CopyButton text=name/>
                <a class="button" data-kind="tool" href=at(&form()) rel="external">{t!(i18n, rule_form.edit)}</a>
            </div>
            {failure}
            <dl class="facts">
                {move || (!labels.with(LabelMap::is_empty)).then(|| view! {
                    <dt>{t!(i18n, rules.labels)}</dt>
                    <dd><LabelList labels=labels.get()/></dd>
                })}
                {move || alerting.get().map(|rule| alerting_facts(&rule))}
                <dt>{t!(i18n, rules.last_run)}</dt>
                <dd><TimeAgo time=evaluated clock/></dd>
            </dl>
            <Show when=move || alerts>
                <Instances row clock/>
                <Show when=move || open.get()>
                    <AlertWay row clock/>
                    <ExpressionChart query shown=SHOWN/>
                </Show>
            </Show>
        </div>
    }
}

/// How long, and the annotations as they are written.
fn alerting_facts(rule: &AlertingRule) -> AnyView {
    let i18n = use_i18n();
    let annotations: Vec<_> = rule
        .annotations
        .iter()
        .map(|(name, text)| annotation(name, text))
        .collect();
    let time = |seconds: f64| (seconds > 0.0).then(|| fmt::seconds(seconds));
    view! {
        {time(rule.duration).map(|time| view! {
            <dt>"for"</dt>
            <dd>{time}</dd>
        })}
        {time(rule.keep_firing_for).map(|time| view! {
            <dt>"keep_firing_for"</dt>
            <dd>{time}</dd>
        })}
        {(!annotations.is_empty()).then(|| view! {
            <dt>{t!(i18n, rules.annotations)}</dt>
            <dd><dl class="annotations">{annotations}</dl></dd>
        })}
    }
    .into_any()
}

/// An annotation; an address in it can be followed.
pub(super) fn annotation(name: &str, text: &str) -> AnyView {
    let shown = if text.starts_with("https://") || text.starts_with("http://") {
        view! { <a href=text.to_owned() rel="noreferrer" target="_blank">{text.to_owned()}</a> }
            .into_any()
    } else {
        text.to_owned().into_any()
    };
    view! {
        <dt>{name.to_owned()}</dt>
        <dd>{shown}</dd>
    }
    .into_any()
}
