//! A group of rules, and its rules folded.

use super::body::RuleBody;
use crate::components::icon::{Glyph, Icon};
use crate::components::status::{StateBadge, rows};
use crate::components::time_ago::TimeAgo;
use crate::fmt;
use crate::site::at;
use crate::state::encode;
use crate::words::{t, t_string, use_i18n};
use api_types::{GroupRow, LabelMap, Rule, RuleRow, STORED_RULES};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// What alerts are told in a group's head, the one that matters most first.
const STATES: [&str; 4] = ["firing", "pending", "unknown", "inactive"];

/// A group with its rules.
#[component]
pub fn RuleGroupCard(
    /// The group.
    group: Memo<GroupRow>,
    /// The browser's time.
    clock: Signal<Option<f64>>,
    /// Whether alerts matter here, rather than evaluations.
    alerts: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = group.with_untracked(|group| format!("group-{}", group.id));
    let label = id.clone();
    let rules = Memo::new(move |_| group.with(|group| group.rules.clone()));
    let place =
        Signal::derive(move || group.with(|group| (group.file.clone(), group.name.clone())));
    let took = move || fmt::elapsed(group.with(|group| group.evaluation_time) * 1e3);
    let every = move || fmt::seconds(group.with(|group| group.interval));
    let evaluated = Signal::derive(move || group.with(|group| group.last_evaluation.clone()));
    let badge = move |state: &'static str| {
        let count = Signal::derive(move || {
            group.with(|group| group.states.get(state).copied().unwrap_or(0))
        });
        view! {
            <Show when=move || count.get() != 0>
                <StateBadge state=state.to_owned() count/>
            </Show>
        }
    };
    // Groups of the metadata have a form; those of files are changed in their files.
    let form = move || {
        let (file, name) = place.get();
        let is_stored = file == STORED_RULES || file.starts_with(&format!("{STORED_RULES}/"));
        let (file, name) = (encode(&file), encode(&name));
        is_stored.then(|| {
            let href = at(&format!("/rules/group?file={file}&group={name}"));
            view! { <a class="button" data-kind="tool" href=href rel="external">{t!(i18n, rules.edit_group)}</a> }
        })
    };
    let badges = alerts.then(|| STATES.map(badge).into_iter().collect_view());
    view! {
        <section class="card" aria-labelledby=label>
            <div class="card__head">
                <h2 class="card__title" id=id>{move || group.with(|group| group.name.clone())}</h2>
                <span class="card__note">{move || group.with(|group| group.file.clone())}</span>
                <span class="card__facts">
                    {badges}
                    <span>{t!(i18n, rules.last_run)} " " <TimeAgo time=evaluated clock/></span>
                    <span>{t!(i18n, rules.took, time = took)}</span>
                    <span>{t!(i18n, rules.every, time = every)}</span>
                    {(!alerts).then_some(form)}
                </span>
            </div>
            {rows(
                rules,
                |row| row.id.clone(),
                move |row| view! { <RuleFold row place clock alerts/> }.into_any(),
            )}
        </section>
    }
}

/// One rule, folded unless it fires.
#[component]
fn RuleFold(
    row: Memo<RuleRow>,
    /// File and name of its group.
    place: Signal<(String, String)>,
    clock: Signal<Option<f64>>,
    alerts: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let facts = Memo::new(move |_| row.with(|row| Facts::of(&row.rule)));
    let fires = facts.with_untracked(|facts| alerts && facts.state == "firing");
    let open = RwSignal::new(fires);
    let state = Signal::derive(move || {
        facts.with(|facts| {
            if alerts {
                facts.state.clone()
            } else {
                facts.health.clone()
            }
        })
    });
    let glyph = Signal::derive(move || {
        if facts.with(|facts| facts.is_alerting) {
            Glyph::Alert
        } else {
            Glyph::Plus
        }
    });
    let kind = move || {
        if facts.with(|facts| facts.is_alerting) {
            t_string!(i18n, rules.alerting)
        } else {
            t_string!(i18n, rules.recording)
        }
    };
    let numbers = move || {
        let (pending, firing) = row.with(|row| (row.pending, row.firing));
        [("firing", firing), ("pending", pending)]
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(state, count)| {
                view! { <StateBadge state=state.to_owned() count=Signal::stored(count)/> }
            })
            .collect_view()
    };
    let severity = move || facts.with(|facts| facts.labels.get("severity").cloned());
    let toggled = move |event: leptos::ev::Event| {
        let details = event
            .current_target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlDetailsElement>().ok());
        if let Some(details) = details {
            open.set(details.open());
        }
    };
    let shown = move || {
        if alerts {
            numbers().into_any()
        } else {
            view! {
                <span class="fold__note">
                    {t!(i18n, rules.took, time = move || fmt::elapsed(facts.with(|f| f.took) * 1e3))}
                </span>
                <StateBadge state/>
            }
            .into_any()
        }
    };
    view! {
        <details class="fold" data-state=move || state.get() open=fires on:toggle=toggled>
            <summary class="fold__head">
                <Icon glyph=Glyph::Right/>
                <Show when=move || !alerts>
                    <span class="fold__kind" title=kind>
                        <Icon glyph/>
                        <span class="visually-hidden">{kind}</span>
                    </span>
                </Show>
                <span class="fold__name">{move || facts.with(|facts| facts.name.clone())}</span>
                {move || severity().map(|severity| view! { <span class="plate">{severity}</span> })}
                <span class="fold__end">
                    {shown}
                    <Show when=move || alerts && row.with(|row| row.pending + row.firing == 0)>
                        <StateBadge state/>
                    </Show>
                </span>
            </summary>
            <RuleBody row place clock open alerts/>
        </details>
    }
}

/// What a folded rule tells.
#[derive(Debug, Clone, PartialEq)]
struct Facts {
    name: String,
    state: String,
    health: String,
    labels: LabelMap,
    took: f64,
    is_alerting: bool,
}

impl Facts {
    fn of(rule: &Rule) -> Self {
        match rule {
            Rule::Alerting(rule) => Self {
                name: rule.name.clone(),
                state: rule.state.clone(),
                health: rule.health.clone(),
                labels: rule.labels.clone(),
                took: rule.evaluation_time,
                is_alerting: true,
            },
            Rule::Recording(rule) => Self {
                name: rule.name.clone(),
                state: String::new(),
                health: rule.health.clone(),
                labels: rule.labels.clone(),
                took: rule.evaluation_time,
                is_alerting: false,
            },
        }
    }
}
