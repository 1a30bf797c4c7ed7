//! What is done with the data between the queries and the panel, in a form.

use super::fields::{CheckField, ChoiceField, ListField, NumberField, TextField};
use super::part::Part;
use app::components::{Glyph, Icon};
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use serde_json::{Value, json};

/// Where they are.
const PATH: &[&str] = &["transformations"];

/// Those that are offered, with what they begin with.
fn offered() -> [(&'static str, Value); 17] {
    [
        (
            "organize",
            json!({"excludeByName": {}, "indexByName": {}, "renameByName": {}}),
        ),
        ("joinByField", json!({"byField": "Time", "mode": "outer"})),
        ("merge", json!({})),
        ("groupBy", json!({"fields": {}})),
        (
            "sortBy",
            json!({"fields": {}, "sort": [{"field": "Value", "desc": true}]}),
        ),
        ("limit", json!({"limitField": 10})),
        (
            "reduce",
            json!({"reducers": ["lastNotNull"], "mode": "seriesToRows"}),
        ),
        (
            "calculateField",
            json!({"mode": "reduceRow", "reduce": {"reducer": "sum"}, "alias": "Total"}),
        ),
        ("filterFieldsByName", json!({"include": {"pattern": ".*"}})),
        ("filterByRefId", json!({"include": "A"})),
        (
            "filterByValue",
            json!({"filters": [], "match": "any", "type": "include"}),
        ),
        (
            "renameByRegex",
            json!({"regex": "(.*)", "renamePattern": "$1"}),
        ),
        ("labelsToFields", json!({"mode": "columns"})),
        ("seriesToRows", json!({})),
        ("convertFieldType", json!({"conversions": []})),
        ("transpose", json!({})),
        ("extractFields", json!({"source": "labels"})),
    ]
}

/// All transformations of a panel, in their order.
#[component]
pub(super) fn Transforms(part: Part) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| part.count(PATH));
    let add = move |event: web_sys::Event| {
        let id = event_target_value(&event);
        if let Some((id, options)) = offered().into_iter().find(|(known, _)| *known == id) {
            part.change_list(PATH, |list| {
                list.push(json!({"id": id, "options": options}));
            });
        }
        if let Some(select) = event.target().and_then(|target| {
            wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlSelectElement>(target).ok()
        }) {
            select.set_value("");
        }
    };
    let options = offered().map(|(id, _)| view! { <option value=id>{id}</option> });
    view! {
        <section class="workbench__queries" aria-label=move || t_string!(i18n, boards.transformations)>
            <h3 class="workbench__head">{t!(i18n, boards.transformations)}</h3>
            <For each=move || 0..count.get() key=|index| *index children=move |index| view! { <Transform part index/> }/>
            <select class="field" aria-label=move || t_string!(i18n, boards.add_transformation) on:change=add>
                <option value="">{t!(i18n, boards.add_transformation)}</option>
                {options}
            </select>
        </section>
    }
}

#[component]
fn Transform(part: Part, index: usize) -> impl IntoView {
    let i18n = use_i18n();
    let own = part.inside(PATH).inside(&[&index.to_string()]);
    let id = Memo::new(move |_| own.text(&["id"]));
    let is_off = move || own.text(&["disabled"]) == "true";
    let count = move || part.count(PATH);
    let swap = move |to: usize| {
        part.change_list(PATH, |list| {
            if index.max(to) < list.len() {
                list.swap(index, to);
            }
        });
    };
    let fields = move || {
        match id.get().as_str() {
        "joinByField" | "seriesToColumns" => view! {
            <TextField part=own path=&["options", "byField"] label=t!(i18n, boards.field) hint="Time" lazy=true/>
            <ChoiceField part=own path=&["options", "mode"] label=t!(i18n, boards.mode) choices=&["outer", "inner"]/>
        }
        .into_any(),
        "limit" => view! { <NumberField part=own path=&["options", "limitField"] label=t!(i18n, boards.at_most)/> }.into_any(),
        "sortBy" => view! {
            <TextField part=own path=&["options", "sort", "0", "field"] label=t!(i18n, boards.field) lazy=true/>
            <CheckField part=own path=&["options", "sort", "0", "desc"] label=t!(i18n, boards.descending)/>
        }
        .into_any(),
        "reduce" => view! {
            <ListField part=own path=&["options", "reducers"] label=t!(i18n, dashboards.calculation) hint="min, max, mean"/>
            <ChoiceField part=own path=&["options", "mode"] label=t!(i18n, boards.mode) choices=&["seriesToRows", "reduceFields"]/>
        }
        .into_any(),
        "renameByRegex" => view! {
            <TextField part=own path=&["options", "regex"] label=t!(i18n, boards.pattern) lazy=true/>
            <TextField part=own path=&["options", "renamePattern"] label=t!(i18n, boards.becomes) lazy=true/>
        }
        .into_any(),
        "filterFieldsByName" => view! {
            <TextField part=own path=&["options", "include", "pattern"] label=t!(i18n, boards.pattern) lazy=true/>
        }
        .into_any(),
        "filterByRefId" => view! { <TextField part=own path=&["options", "include"] label=t!(i18n, dashboards.queries) hint="A|B" lazy=true/> }.into_any(),
        "labelsToFields" => view! {
            <ChoiceField part=own path=&["options", "mode"] label=t!(i18n, boards.mode) choices=&["columns", "rows"]/>
            <TextField part=own path=&["options", "valueLabel"] label=t!(i18n, boards.value_label) lazy=true/>
        }
        .into_any(),
        "calculateField" => view! {
            <ChoiceField part=own path=&["options", "mode"] label=t!(i18n, boards.mode) choices=&["reduceRow", "binary", "unary", "cumulativeFunctions", "windowFunctions", "index"]/>
            <TextField part=own path=&["options", "reduce", "reducer"] label=t!(i18n, dashboards.calculation) hint="sum" lazy=true/>
            <TextField part=own path=&["options", "alias"] label=t!(i18n, dashboards.name) lazy=true/>
            <CheckField part=own path=&["options", "replaceFields"] label=t!(i18n, boards.replace_fields)/>
        }
        .into_any(),
        "organize" => view! {
            <PairsField part=own path=&["options", "renameByName"] label=t!(i18n, boards.rename_fields)/>
            <HiddenField part=own/>
        }
        .into_any(),
        _ => ().into_any(),
    }
    };
    let failed = RwSignal::new(false);
    let take = move |event: web_sys::Event| {
        let read = serde_json::from_str::<Value>(&event_target_value(&event));
        failed.set(read.is_err());
        if let Ok(value) = read {
            own.set(&["options"], Some(value));
        }
    };
    let json = move || {
        own.with(&["options"], |value| {
            value
                .and_then(|value| serde_json::to_string_pretty(value).ok())
                .unwrap_or_default()
        })
    };
    view! {
        <div class="query">
            <div class="query__head">
                <strong>{move || id.get()}</strong>
                <button type="button" class="button" data-kind="toggle" aria-pressed=move || if is_off() { "false" } else { "true" }
                    on:click=move |_| own.set(&["disabled"], Some((!untrack(is_off)).into()))>
                    {t!(i18n, boards.in_use)}
                </button>
                <button type="button" class="button" data-kind="icon" disabled=index == 0 aria-label=move || t_string!(i18n, boards.up, name = id.get())
                    on:click=move |_| swap(index.saturating_sub(1))><span aria-hidden="true">"↑"</span></button>
                <button type="button" class="button" data-kind="icon" disabled=move || count() <= index + 1 aria-label=move || t_string!(i18n, boards.down, name = id.get())
                    on:click=move |_| swap(index + 1)><span aria-hidden="true">"↓"</span></button>
                <button type="button" class="button" data-kind="icon" aria-label=move || t_string!(i18n, dashboards.delete_named, name = id.get())
                    on:click=move |_| part.change_list(PATH, |list| { if index < list.len() { list.remove(index); } })>
                    <Icon glyph=Glyph::Cross/>
                </button>
            </div>
            <div class="query__options">{fields}</div>
            <details>
                <summary>"JSON"</summary>
                <textarea class="field form__code query__json" rows="6" spellcheck="false" aria-label=move || format!("JSON {}", id.get()) prop:value=json
                    aria-invalid=move || failed.get().then_some("true")
                    on:change=take></textarea>
            </details>
        </div>
    }
}

/// Names and what they become, one a line: `old = new`.
#[component]
fn PairsField(part: Part, path: super::fields::Path, label: Signal<&'static str>) -> impl IntoView {
    let text = move || part.with(path, lines_of);
    view! {
        <label class="form__row">
            <span>{label}</span>
            <textarea class="field form__code" rows="3" spellcheck="false" placeholder="Value #A = CPU" prop:value=text on:change=move |event| {
                part.set(path, Some(pairs_of(&event_target_value(&event))));
            }></textarea>
        </label>
    }
}

fn lines_of(pairs: Option<&Value>) -> String {
    let pairs = pairs.and_then(Value::as_object).into_iter().flatten();
    let lines = pairs.map(|(old, new)| format!("{old} = {}", new.as_str().unwrap_or_default()));
    lines.collect::<Vec<_>>().join("\n")
}

fn pairs_of(text: &str) -> Value {
    let pairs = text.lines().filter_map(|line| line.split_once(" = "));
    let pairs = pairs.map(|(old, new)| (old.trim().to_owned(), Value::from(new.trim())));
    Value::Object(pairs.filter(|(old, _)| !old.is_empty()).collect())
}

/// The fields that are left out.
#[component]
fn HiddenField(part: Part) -> impl IntoView {
    const HIDDEN: &[&str] = &["options", "excludeByName"];
    let i18n = use_i18n();
    let text = move || {
        part.with(HIDDEN, |names| {
            let names = names.and_then(Value::as_object).into_iter().flatten();
            let names = names.filter(|(_, hidden)| hidden.as_bool() == Some(true));
            names
                .map(|(name, _)| name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        })
    };
    view! {
        <label class="form__row">
            <span>{t!(i18n, boards.left_out)}</span>
            <input class="field" placeholder="Time, job" prop:value=text on:change=move |event| {
                let names = super::json_path::texts_of(&event_target_value(&event)).into_iter();
                let hidden: serde_json::Map<String, Value> = names.map(|name| (name, true.into())).collect();
                part.set(HIDDEN, Some(Value::Object(hidden)));
            }/>
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_names_come_back_from_their_lines() {
        let pairs = json!({"Value #A": "CPU", "a=b": "c"});
        let text = lines_of(Some(&pairs));
        assert_eq!(text, "Value #A = CPU\na=b = c");
        assert_eq!(pairs_of(&text), pairs);
        assert_eq!(pairs_of("nothing\n = x"), json!({}));
    }

    #[test]
    fn everything_that_is_offered_is_done() {
        for (id, options) in offered() {
            let list = [json!({"id": id, "options": options})];
            let done =
                dashboard::transform(Vec::new(), &list, &dashboard::TransformContext::default());
            assert!(done.notices.is_empty(), "{id}");
        }
    }
}
