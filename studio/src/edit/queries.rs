//! The queries of a panel that is being edited.

use super::builder::{Builder, can_build};
use super::editor::Edited;
use app::components::{ExpressionEditor, Glyph, Icon};
use app::words::{t, t_string, use_i18n};
use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;
use serde_json::{Value, json};
use std::time::Duration;

/// How long typing must rest before the panel asks.
const REST: Duration = Duration::from_millis(350);

/// All queries, and a button for one more.
#[component]
pub(super) fn Queries(edited: Edited) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| targets(edited).len());
    let add = move |_| {
        edited.change("queries", |panel| {
            let list = panel.entry("targets").or_insert_with(|| json!([]));
            if let Some(list) = list.as_array_mut() {
                let used: Vec<String> = list
                    .iter()
                    .filter_map(|target| target.get("refId")?.as_str().map(str::to_owned))
                    .collect();
                let free = ('A'..='Z').map(String::from).find(|name| !used.contains(name));
                list.push(json!({"refId": free.unwrap_or_else(|| format!("Q{}", list.len())), "expr": "", "legendFormat": "__auto"}));
            }
        });
    };
    view! {
        <section class="workbench__queries" aria-label=move || t_string!(i18n, dashboards.queries)>
            <For each=move || 0..count.get() key=|index| *index children=move |index| {
                view! { <Query edited index/> }
            }/>
            <button type="button" class="button" on:click=add>
                <Icon glyph=Glyph::Plus/>
                {t!(i18n, dashboards.add_query)}
            </button>
        </section>
    }
}

fn targets(edited: Edited) -> Vec<Value> {
    edited.json.with(|json| {
        let list = json
            .as_ref()
            .and_then(|json| json.get("targets"))
            .and_then(Value::as_array);
        list.cloned().unwrap_or_default()
    })
}

#[component]
fn Query(edited: Edited, index: usize) -> impl IntoView {
    let i18n = use_i18n();
    let text = move |name: &'static str| {
        let value = targets(edited)
            .get(index)
            .and_then(|target| target.get(name))
            .cloned();
        super::json_path::text_of(value.as_ref())
    };
    let put = move |name: &'static str, value: Option<Value>| {
        edited.change(&format!("query{index}.{name}"), move |panel| {
            let list = panel.get_mut("targets").and_then(Value::as_array_mut);
            if let Some(target) = list
                .and_then(|list| list.get_mut(index))
                .and_then(Value::as_object_mut)
            {
                super::json_path::set(target, &[name], value);
            }
        });
    };
    // What is typed shows at once; the panel asks when typing rests.
    let typed = RwSignal::new(untrack(|| text("expr")));
    Effect::new(move |_| {
        let now = text("expr");
        if typed.get_untracked() != now {
            typed.set(now);
        }
    });
    let later = StoredValue::new_local(debounce(REST, move |expr: String| {
        if typed.try_get_untracked().is_some() {
            put("expr", Some(expr.into()));
        }
    }));
    let on_input = Callback::new(move |expr: String| {
        typed.set(expr.clone());
        later.update_value(|later| later(expr));
    });
    let on_run = Callback::new(move |()| {
        put("expr", Some(typed.get_untracked().into()));
        edited.board.renew();
    });
    let remove = move |_| {
        edited.change("queries", |panel| {
            let list = panel.get_mut("targets").and_then(Value::as_array_mut);
            if let Some(list) = list.filter(|list| index < list.len()) {
                list.remove(index);
            }
        });
    };
    let is_hidden = move || text("hide") == "true";
    let name = move || text("refId");
    let format = move || match text("format").as_str() {
        "table" => "table",
        "heatmap" => "heatmap",
        _ => "time_series",
    };
    let id = StoredValue::new(format!("query-{index}"));
    let builds = RwSignal::new(untrack(|| text("editorMode")) == "builder");
    let switch = move |to_builder: bool| {
        builds.set(to_builder);
        put(
            "editorMode",
            Some(if to_builder { "builder" } else { "code" }.into()),
        );
    };
    let on_built = Callback::new(move |expr: String| {
        typed.set(expr.clone());
        put("expr", Some(expr.into()));
    });
    view! {
        <div class="query">
            <div class="query__head">
                <strong>{name}</strong>
                <button type="button" class="button" data-kind="toggle" aria-pressed=move || if is_hidden() { "false" } else { "true" }
                    on:click=move |_| put("hide", Some((!untrack(is_hidden)).into()))>
                    {t!(i18n, dashboards.query_shown)}
                </button>
                <span class="group" role="group" aria-label=move || t_string!(i18n, boards.written_as)>
                    <button type="button" class="button" data-kind="toggle" aria-pressed=move || if builds.get() { "true" } else { "false" }
                        on:click=move |_| switch(true)>{t!(i18n, boards.builder)}</button>
                    <button type="button" class="button" data-kind="toggle" aria-pressed=move || if builds.get() { "false" } else { "true" }
                        on:click=move |_| switch(false)>{t!(i18n, boards.code)}</button>
                </span>
                <button type="button" class="button" data-kind="icon" aria-label=move || t_string!(i18n, dashboards.remove_query)
                    title=move || t_string!(i18n, dashboards.remove_query) on:click=remove>
                    <Icon glyph=Glyph::Cross/>
                </button>
            </div>
            <Show when=move || !builds.get() || !can_build(&typed.get())>
            <ExpressionEditor
                label=Signal::derive(move || t_string!(i18n, dashboards.expression, name = name()))
                id=id.get_value()
                value=typed
                notes=Signal::derive(Vec::new)
                on_input
                on_run
                has_variables=true
            />
            </Show>
            <Show when=move || builds.get() && can_build(&typed.get())>
                <Builder id=format!("builder-{index}") value=typed on_change=on_built/>
            </Show>
            <Show when=move || builds.get() && !can_build(&typed.get())>
                <p class="form__note">{t!(i18n, boards.too_rich)}</p>
            </Show>
            <div class="query__options">
                <label class="form__row">
                    <span>{t!(i18n, dashboards.legend_format)}</span>
                    <input class="field" prop:value=move || text("legendFormat") on:input=move |event| {
                        put("legendFormat", Some(event_target_value(&event).into()));
                    }/>
                </label>
                <label class="form__row">
                    <span>{t!(i18n, dashboards.min_step)}</span>
                    <input class="field" placeholder="15s" prop:value=move || text("interval") on:change=move |event| {
                        let value = event_target_value(&event);
                        put("interval", (!value.is_empty()).then(|| value.into()));
                    }/>
                </label>
                <label class="form__row">
                    <span>{t!(i18n, dashboards.format)}</span>
                    <select class="field" prop:value=format on:change=move |event| put("format", Some(event_target_value(&event).into()))>
                        <option value="time_series">{t!(i18n, dashboards.format_series)}</option>
                        <option value="table">{t!(i18n, dashboards.format_table)}</option>
                        <option value="heatmap">{t!(i18n, dashboards.format_heatmap)}</option>
                    </select>
                </label>
                <label class="form__check">
                    <input type="checkbox" prop:checked=move || text("instant") == "true" on:change=move |event| {
                        put("instant", Some(event_target_checked(&event).into()));
                    }/>
                    <span>{t!(i18n, dashboards.instant)}</span>
                </label>
            </div>
        </div>
    }
}
