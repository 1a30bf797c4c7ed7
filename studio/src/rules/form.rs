//! The form of a rule.

use super::chart::WeekChart;
use super::condition::OPS;
use super::draft::Draft;
use super::fault::Fault;
use super::pairs::{PairsField, Sort};
use super::place::PlaceFields;
use super::save::Actions;
use super::summary::Summary;
use super::watch::Watch;
use api_types::{AlertmanagersData, FileRule, RuleFields, RuleTree, StoredRule};
use app::components::ExpressionEditor;
use app::site::at;
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// What a form was opened with.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Opened {
    /// Nothing that is kept.
    New,
    /// A rule of the metadata.
    Stored(Box<StoredRule>),
    /// A rule of a file.
    File(Box<FileRule>),
}

impl Opened {
    /// What the rule said.
    pub(super) fn rule(&self) -> Option<&RuleFields> {
        match self {
            Self::New => None,
            Self::Stored(stored) => Some(&stored.rule),
            Self::File(file) => Some(&file.rule),
        }
    }

    /// Whether whoever looks may change it.
    pub(super) fn may_edit(&self) -> bool {
        match self {
            Self::New => true,
            Self::Stored(stored) => stored.may_edit,
            Self::File(file) => file.may_edit && file.why_not.is_empty(),
        }
    }
}

/// All fields, with what the rule would do.
#[component]
pub(super) fn RuleForm(
    draft: Draft,
    opened: RwSignal<Opened>,
    tree: RwSignal<Option<Arc<RuleTree>>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let watch = Watch::new(draft);
    let is_alert = move || draft.is_alert();
    let locked = move || opened.with(|opened| !opened.may_edit());
    let hint = move || {
        if draft.is_alert() {
            t_string!(i18n, rule_form.name_alert_hint)
        } else {
            t_string!(i18n, rule_form.name_record_hint)
        }
    };
    let kind = move |value: &'static str| {
        let word = move || match value {
            "record" => t_string!(i18n, rule_form.recording),
            _ => t_string!(i18n, rule_form.alerting),
        };
        let is_chosen = move || draft.kind.with(|kind| kind == value);
        view! {
            <button
                type="button"
                class="button"
                data-kind="toggle"
                aria-pressed=move || if is_chosen() { "true" } else { "false" }
                on:click=move |_| draft.kind.set(value.to_owned())
            >
                {word}
            </button>
        }
    };
    view! {
        <form class="rule-form" on:submit=|event| event.prevent_default()>
            <fieldset class="rule-form__fields" disabled=locked>
                <div class="rule-form__head">
                    <div class="group" role="group" aria-label=move || t_string!(i18n, rule_form.kind)>
                        {kind("alert")}
                        {kind("record")}
                    </div>
                    <label class="form__row rule-form__name">
                        <span>{t!(i18n, rule_form.name)}</span>
                        <input
                            class="field"
                            id="rule-name"
                            required
                            spellcheck="false"
                            autocomplete="off"
                            placeholder=hint
                            prop:value=move || draft.name.get()
                            on:input=move |event| draft.name.set(event_target_value(&event))
                        />
                        <Fault field="name".to_owned() watch/>
                    </label>
                    <PlaceFields draft tree opened/>
                </div>
                <ConditionLine draft watch/>
                <Fault field="expr".to_owned() watch/>
            </fieldset>
            <Show when=is_alert>
                <WeekChart draft watch/>
            </Show>
            <Summary draft watch/>
            <fieldset class="rule-form__fields" disabled=locked>
                <PairsField pairs=draft.labels sort=Sort::Labels watch/>
                <Show when=is_alert>
                    <PairsField pairs=draft.annotations sort=Sort::Annotations watch/>
                </Show>
                <Show when=move || opened.with(|opened| !matches!(opened, Opened::File(_)))>
                    <label class="form__check">
                        <input
                            type="checkbox"
                            prop:checked=move || draft.paused.get()
                            on:change=move |event| draft.paused.set(event_target_checked(&event))
                        />
                        <span>{t!(i18n, rule_form.paused)}</span>
                    </label>
                </Show>
            </fieldset>
            <Show when=is_alert><Notifies/></Show>
            <Actions draft opened watch/>
        </form>
    }
}

/// `When [value] is [>] [0.5] for [5m]`
#[component]
fn ConditionLine(draft: Draft, watch: Watch) -> impl IntoView {
    let i18n = use_i18n();
    let label = Signal::derive(move || t_string!(i18n, rule_form.expression).to_owned());
    let word = move || {
        if draft.is_alert() {
            t_string!(i18n, rule_form.when)
        } else {
            t_string!(i18n, rule_form.expression)
        }
    };
    let option = move |op: &'static str| {
        let chosen = move || draft.op.with(|have| have == op);
        view! { <option value=op selected=chosen>{op}</option> }
    };
    let text = move |name: &'static str, value: RwSignal<String>, width: u32| {
        view! {
            <input
                class="field rule-form__short"
                name=name
                size=width
                spellcheck="false"
                autocomplete="off"
                placeholder=move || t_string!(i18n, rule_form.hold_hint)
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
        }
    };
    view! {
        <div class="rule-form__condition">
            <div class="rule-form__query">
                <span class="rule-form__word">{word}</span>
                <ExpressionEditor
                    label
                    id="rule-expression".to_owned()
                    value=draft.query
                    notes=Signal::stored(Vec::new())
                    on_input=Callback::new(move |text| draft.query.set(text))
                    on_run=watch.now
                />
            </div>
            <Show when=move || draft.is_alert()>
                <div class="rule-form__limits">
                    <label class="form__row">
                        <span>{t!(i18n, rule_form.is)}</span>
                        <select class="field" name="op" on:change=move |event| draft.op.set(event_target_value(&event))>
                            <option value="" selected=move || draft.op.with(String::is_empty)>
                                {t!(i18n, rule_form.any_result)}
                            </option>
                            {OPS.map(option).into_iter().collect_view()}
                        </select>
                    </label>
                    <Show when=move || draft.op.with(|op| !op.is_empty())>
                        <label class="form__row">
                            <span>{t!(i18n, rule_form.threshold)}</span>
                            <input
                                class="field rule-form__short"
                                name="threshold"
                                size="8"
                                inputmode="decimal"
                                autocomplete="off"
                                prop:value=move || draft.threshold.get()
                                on:input=move |event| draft.threshold.set(event_target_value(&event))
                            />
                        </label>
                    </Show>
                    <label class="form__row">
                        <span>{t!(i18n, rule_form.hold)}</span>
                        {text("for", draft.hold, 6)}
                        <Fault field="for".to_owned() watch/>
                    </label>
                    <label class="form__row">
                        <span>{t!(i18n, rule_form.keep)}</span>
                        {text("keep_firing_for", draft.keep, 6)}
                        <Fault field="keep_firing_for".to_owned() watch/>
                    </label>
                </div>
            </Show>
        </div>
    }
}

/// How many Alertmanagers an alert goes to.
#[component]
fn Notifies() -> impl IntoView {
    let i18n = use_i18n();
    let count = RwSignal::new(None::<usize>);
    Effect::new(move |_| {
        spawn_local(async move {
            let path = "/api/v1/alertmanagers";
            if let Ok(found) = app::data::get::<AlertmanagersData>(path, None).await {
                count.try_set(Some(found.data.active_alertmanagers.len()));
            }
        });
    });
    move || {
        let n = count.get()?;
        let words = move || {
            if n == 0 {
                t_string!(i18n, rule_form.notifies_nobody).to_owned()
            } else {
                t_string!(i18n, rule_form.notifies, n = n).clone()
            }
        };
        Some(view! {
            <p class="form__note"><a href=at("/alertmanager-discovery") rel="external">{words}</a></p>
        })
    }
}
