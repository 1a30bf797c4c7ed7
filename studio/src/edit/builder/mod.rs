//! A query put together by choosing: a metric, filters of labels, and steps.

mod model;
#[cfg(test)]
mod tests;

use crate::call::get;
use app::components::{Glyph, Icon};
use app::data::find_metrics;
use app::promql_help::help_for;
use app::state::{encode, query_string};
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::{Built, Step, functions, new_matcher, op_of};
use promql_syntax::AggregateOp;
use serde_json::Value;
use std::sync::Arc;

/// Choices that are offered while something is typed.
const OFFERED: usize = 200;

/// Whether an expression can be built by choosing.
pub(super) fn can_build(text: &str) -> bool {
    Built::read(text).is_some()
}

/// Asks for a list of texts.
fn offer(place: RwSignal<Vec<String>>, path: String) {
    spawn_local(async move {
        // Without the list the field takes what is typed.
        if let Ok(answer) = get(&path).await {
            let list = answer.get("data").and_then(Value::as_array);
            let texts = list.into_iter().flatten().filter_map(Value::as_str);
            place.try_set(texts.take(OFFERED).map(str::to_owned).collect());
        }
    });
}

/// A query put together by choosing.
#[component]
pub(super) fn Builder(
    /// Unique on the page; the stem of its parts' ids.
    id: String,
    #[prop(into)] value: Signal<String>,
    on_change: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    // A part that is not whole yet, such as a filter without a label, is no expression but stays in the form.
    let draft = RwSignal::new(Built::read(&value.get_untracked()).unwrap_or_default());
    Effect::new(move |_| {
        let text = value.get();
        if draft.with_untracked(|draft| expression(draft) != text)
            && let Some(read) = Built::read(&text)
        {
            draft.set(read);
        }
    });
    let change = move |change: &dyn Fn(&mut Built)| {
        draft.update(|draft| change(draft));
        on_change.run(draft.with_untracked(expression));
    };
    let metrics = RwSignal::new(Vec::<String>::new());
    let labels = RwSignal::new(Vec::<String>::new());
    let metric = Memo::new(move |_| draft.with(|draft| draft.metric.clone()));
    Effect::new(move |_| {
        let metric = metric.get();
        let path = if metric.is_empty() {
            "/api/v1/labels?limit=200".to_owned()
        } else {
            format!(
                "/api/v1/labels?{}",
                query_string([("match[]", metric.as_str())])
            )
        };
        offer(labels, path);
    });
    let find = move |typed: &str| {
        let typed = typed.to_owned();
        spawn_local(async move {
            if let Ok(found) = find_metrics(typed, OFFERED, None).await {
                metrics.try_set(found.data);
            }
        });
    };
    Effect::new(move |_| find(""));
    let (metric_list, label_list) = (format!("{id}-metrics"), format!("{id}-labels"));
    let (metric_list_of, label_list_of) =
        (metric_list.clone(), StoredValue::new(label_list.clone()));
    let options = |list: RwSignal<Vec<String>>| {
        move || {
            list.get()
                .into_iter()
                .map(|text| view! { <option value=text></option> })
                .collect_view()
        }
    };
    let filters = Memo::new(move |_| draft.with(|draft| draft.matchers.len()));
    let stem = StoredValue::new(id.clone());
    let filter = move |index: usize| {
        let now = move || {
            draft.with(|draft| {
                draft
                    .matchers
                    .get(index)
                    .cloned()
                    .unwrap_or_else(new_matcher)
            })
        };
        let values = RwSignal::new(Vec::<String>::new());
        let list = format!("{}-values-{index}", stem.get_value());
        let list_of = list.clone();
        let ask = move |_| {
            let label = untrack(now).name;
            if !label.is_empty() {
                let metric = metric.get_untracked();
                let query = if metric.is_empty() {
                    String::new()
                } else {
                    query_string([("match[]", metric.as_str())])
                };
                offer(
                    values,
                    format!("/api/v1/label/{}/values?{query}", encode(&label)),
                );
            }
        };
        let ops = ["=", "!=", "=~", "!~"].map(|op| {
            view! { <option value=op selected=move || now().op.as_str() == op>{op}</option> }
        });
        view! {
            <li class="builder__filter">
                <input class="field" aria-label=move || t_string!(i18n, boards.label_name) list=label_list_of.get_value() prop:value=move || now().name
                    on:change=move |event| {
                        let name = event_target_value(&event).trim().to_owned();
                        change(&|draft| { if let Some(one) = draft.matchers.get_mut(index) { one.name.clone_from(&name); } });
                    }/>
                <select class="field" aria-label=move || t_string!(i18n, boards.comparison) on:change=move |event| {
                    let op = op_of(&event_target_value(&event));
                    change(&|draft| { if let Some(one) = draft.matchers.get_mut(index) { one.op = op; } });
                }>{ops}</select>
                <input class="field" aria-label=move || t_string!(i18n, boards.label_value) list=list_of prop:value=move || now().value on:focus=ask
                    on:change=move |event| {
                        let value = event_target_value(&event);
                        change(&|draft| { if let Some(one) = draft.matchers.get_mut(index) { one.value.clone_from(&value); } });
                    }/>
                <datalist id=list>{options(values)}</datalist>
                <button type="button" class="button" data-kind="icon" aria-label=move || t_string!(i18n, boards.remove_filter)
                    on:click=move |_| change(&|draft| { if index < draft.matchers.len() { draft.matchers.remove(index); } })>
                    <Icon glyph=Glyph::Cross/>
                </button>
            </li>
        }
    };
    let steps = Memo::new(move |_| {
        draft.with(|draft| {
            draft
                .steps
                .iter()
                .map(|step| step.name().to_owned())
                .collect::<Vec<_>>()
        })
    });
    let step_views = move || {
        let names = steps.get().into_iter().enumerate();
        names.map(|(index, name)| view! { <StepLine index name draft change=Callback::new(move |step: Option<Step>| {
            change(&|draft| match &step {
                Some(step) => { if let Some(old) = draft.steps.get_mut(index) { old.clone_from(step); } }
                None => draft.remove(index),
            });
        })/> }).collect_view()
    };
    let add = move |event: web_sys::Event| {
        if let Some(step) = Step::named(&event_target_value(&event)) {
            change(&|draft| draft.add(step.clone()));
        }
        // It is a menu: what was chosen is done.
        if let Some(select) = event.target().and_then(|target| {
            wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlSelectElement>(target).ok()
        }) {
            select.set_value("");
        }
    };
    let group = |label: Signal<&'static str>, names: Vec<&'static str>| {
        let options = names
            .into_iter()
            .map(|name| view! { <option value=name>{name}</option> });
        view! { <optgroup label=move || label.get()>{options.collect_view()}</optgroup> }
    };
    // A counter as it is says nothing but how long its process runs.
    let hint = move || {
        draft.with(|draft| {
            let is_counter = ["_total", "_count", "_sum", "_bucket"]
                .iter()
                .any(|end| draft.metric.ends_with(end));
            (is_counter && !draft.needs_range()).then_some("rate")
        })
    };
    view! {
        <div class="builder">
            <label class="form__row">
                <span>{t!(i18n, boards.metric)}</span>
                <input class="field form__code" spellcheck="false" autocomplete="off" list=metric_list_of prop:value=move || metric.get()
                    on:input=move |event| find(&event_target_value(&event))
                    on:change=move |event| {
                        let name = event_target_value(&event).trim().to_owned();
                        change(&|draft| draft.metric.clone_from(&name));
                    }/>
                <datalist id=metric_list>{options(metrics)}</datalist>
            </label>
            <datalist id=label_list>{options(labels)}</datalist>
            <fieldset class="options__group">
                <legend>{t!(i18n, boards.label_filters)}</legend>
                <ul class="thresholds"><For each=move || 0..filters.get() key=|index| *index children=filter/></ul>
                <button type="button" class="button" on:click=move |_| change(&|draft| draft.matchers.push(new_matcher()))>
                    <Icon glyph=Glyph::Plus/>
                    {t!(i18n, boards.add_filter)}
                </button>
            </fieldset>
            <Show when=move || draft.with(Built::needs_range)>
                <label class="form__row">
                    <span>{t!(i18n, boards.window)}</span>
                    <input class="field" spellcheck="false" prop:value=move || draft.with(|draft| draft.range.clone().unwrap_or_default())
                        on:change=move |event| {
                            let range = event_target_value(&event).trim().to_owned();
                            change(&|draft| draft.range = Some(if range.is_empty() { "$__rate_interval".to_owned() } else { range.clone() }));
                        }/>
                </label>
            </Show>
            <fieldset class="options__group">
                <legend>{t!(i18n, boards.steps)}</legend>
                <ol class="thresholds">{step_views}</ol>
                {move || hint().map(|name| view! {
                    <p class="form__note">
                        {t!(i18n, boards.counter_hint)}" "
                        <button type="button" class="button" data-kind="quiet" on:click=move |_| {
                            if let Some(step) = Step::named(name) { change(&|draft| draft.add(step.clone())); }
                        }>{t!(i18n, boards.add_named, name = move || name)}</button>
                    </p>
                })}
                <select class="field" aria-label=move || t_string!(i18n, boards.add_step) on:change=add>
                    <option value="">{t!(i18n, boards.add_step)}</option>
                    {group(t!(i18n, boards.over_time), functions(true).collect())}
                    {group(t!(i18n, boards.aggregations), AggregateOp::ALL.iter().filter(|op| !op.is_experimental()).map(|op| op.as_str()).collect())}
                    {group(t!(i18n, boards.functions), functions(false).collect())}
                    {group(t!(i18n, boards.with_number), vec!["+", "-", "*", "/", "%", "^", ">", "<", ">=", "<=", "==", "!="])}
                </select>
            </fieldset>
            <pre class="file builder__text" tabindex="0" aria-label=move || t_string!(i18n, boards.written)>{move || draft.with(expression)}</pre>
        </div>
    }
}

/// The expression of what is whole.
fn expression(draft: &Built) -> String {
    let mut whole = draft.clone();
    whole.matchers.retain(|matcher| !matcher.name.is_empty());
    whole.text()
}

/// A step with its parameters, and what it does in words.
#[component]
fn StepLine(
    index: usize,
    name: String,
    draft: RwSignal<Built>,
    change: Callback<Option<Step>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let now = move || draft.with(|draft| draft.steps.get(index).cloned());
    let put = Arc::new(move |edit: &dyn Fn(&mut Step)| {
        if let Some(mut step) = untrack(now) {
            edit(&mut step);
            change.run(Some(step));
        }
    });
    let words = {
        let name = name.clone();
        move || help_for(&name, i18n.get_locale())
    };
    let fields = match untrack(now) {
        Some(Step::Call { params, .. }) => {
            let count = params.len();
            let fields = (0..count).map(|at| {
                let put = Arc::clone(&put);
                let text = move || match now() {
                    Some(Step::Call { params, .. }) => params.get(at).cloned().unwrap_or_default(),
                    _ => String::new(),
                };
                view! {
                    <input class="field rule-form__short" aria-label=move || t_string!(i18n, boards.parameter) prop:value=text on:change=move |event| {
                        let value = event_target_value(&event);
                        put(&|step| { if let Step::Call { params, .. } = step && let Some(param) = params.get_mut(at) { param.clone_from(&value); } });
                    }/>
                }
            });
            fields.collect_view().into_any()
        }
        Some(Step::Aggregate { param, .. }) => {
            let (put_param, put_kind, put_labels) =
                (Arc::clone(&put), Arc::clone(&put), Arc::clone(&put));
            let text = move || match now() {
                Some(Step::Aggregate { param, .. }) => param.unwrap_or_default(),
                _ => String::new(),
            };
            let labels = move || match now() {
                Some(Step::Aggregate { labels, .. }) => labels.join(", "),
                _ => String::new(),
            };
            let is_without = move || matches!(now(), Some(Step::Aggregate { without: true, .. }));
            view! {
                {param.is_some().then(|| view! {
                    <input class="field rule-form__short" aria-label=move || t_string!(i18n, boards.parameter) prop:value=text on:change=move |event| {
                        let value = event_target_value(&event);
                        put_param(&|step| { if let Step::Aggregate { param, .. } = step { *param = Some(value.clone()); } });
                    }/>
                })}
                <select class="field" aria-label=move || t_string!(i18n, boards.grouping) on:change=move |event| {
                    let wanted = event_target_value(&event) == "without";
                    put_kind(&|step| { if let Step::Aggregate { without, .. } = step { *without = wanted; } });
                }>
                    <option value="by" selected=move || !is_without()>"by"</option>
                    <option value="without" selected=is_without>"without"</option>
                </select>
                <input class="field" placeholder="job, instance" aria-label=move || t_string!(i18n, boards.labels) prop:value=labels on:change=move |event| {
                    let names = super::json_path::texts_of(&event_target_value(&event));
                    put_labels(&|step| { if let Step::Aggregate { labels, .. } = step { labels.clone_from(&names); } });
                }/>
            }
            .into_any()
        }
        Some(Step::Number { .. }) => {
            let put = Arc::clone(&put);
            let text = move || match now() {
                Some(Step::Number { value, .. }) => value,
                _ => String::new(),
            };
            view! {
                <input class="field rule-form__short" aria-label=move || t_string!(i18n, boards.number) prop:value=text on:change=move |event| {
                    let typed = event_target_value(&event).trim().to_owned();
                    put(&|step| { if let Step::Number { value, .. } = step { value.clone_from(&typed); } });
                }/>
            }
            .into_any()
        }
        None => ().into_any(),
    };
    let label = name.clone();
    view! {
        <li class="builder__step">
            <code>{name}</code>
            {fields}
            <button type="button" class="button" data-kind="icon" aria-label=move || t_string!(i18n, dashboards.delete_named, name = label.clone())
                on:click=move |_| change.run(None)>
                <Icon glyph=Glyph::Cross/>
            </button>
            {move || words().map(|text| view! { <span class="form__note">{text}</span> })}
        </li>
    }
}
