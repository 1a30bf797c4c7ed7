//! What charts of a dashboard mark.

use super::list::{ItemList, Items};
use crate::board::Board;
use crate::edit::{CheckField, ListField, NamedField, NumberField, Part, TextField};
use app::words::{t, use_i18n};
use leptos::prelude::*;
use serde_json::{Value, json};

/// All sources of marks.
#[component]
pub(super) fn AnnotationsTab(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let items = Items {
        path: &["annotations", "list"],
        describe,
        fresh: |list| {
            json!({"name": format!("Annotation {}", list.len() + 1), "enable": true, "iconColor": "orange", "expr": "",
                "titleFormat": "", "textFormat": "", "target": {"type": "query"}})
        },
        again: |item, _| {
            let mut copy = item.clone();
            if let Some(copy) = copy.as_object_mut() {
                // There is one of the notes of the dashboard.
                copy.shift_remove("builtIn");
            }
            copy
        },
        form: |board, index| view! { <AnnotationForm board index/> }.into_any(),
    };
    view! { <ItemList board items add=t!(i18n, boards.add_annotation) none=t!(i18n, boards.no_annotations)/> }
}

fn describe(item: &Value) -> (String, String) {
    let text = |path: &str| {
        item.pointer(path)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let expr = match text("/expr") {
        expr if expr.is_empty() => text("/target/expr"),
        expr => expr,
    };
    let tags: Vec<&str> = item
        .pointer("/target/tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let what = if expr.is_empty() {
        tags.join(", ")
    } else {
        expr
    };
    (text("/name"), what)
}

/// The fields of a source of marks.
#[component]
fn AnnotationForm(board: Board, index: usize) -> impl IntoView {
    let i18n = use_i18n();
    let number = index.to_string();
    let part = Part::dashboard(board).inside(&["annotations", "list", &number]);
    let is_query = move || {
        let (kind, built_in) = (part.text(&["target", "type"]), part.text(&["builtIn"]));
        !matches!(kind.as_str(), "dashboard" | "tags") && !matches!(built_in.as_str(), "1" | "true")
    };
    let by_tags = move || part.text(&["target", "type"]) == "tags";
    // The panels are numbers, and the fields write texts.
    let panels = move || part.texts(&["filter", "ids"]).join(", ");
    let put_panels = move |event: web_sys::Event| {
        let texts = crate::edit::texts_of(&event_target_value(&event));
        let numbers: Vec<i64> = texts.iter().filter_map(|text| text.parse().ok()).collect();
        let value = (!numbers.is_empty()).then(|| json!(numbers));
        part.set(&["filter", "ids"], value);
    };
    view! {
        <div class="options__pair">
            <TextField part path=&["name"] label=t!(i18n, dashboards.name)/>
            <NamedField part path=&["target", "type"] label=t!(i18n, boards.marks_from) choices=vec![
                ("query", t!(i18n, boards.marks_of_query)), ("dashboard", t!(i18n, boards.marks_of_dashboard)),
                ("tags", t!(i18n, boards.marks_of_tags)),
            ]/>
            <ColorField part path=&["iconColor"]/>
        </div>
        <div class="options__checks">
            <CheckField part path=&["enable"] label=t!(i18n, boards.on_at_first) usual=true/>
            <CheckField part path=&["hide"] label=t!(i18n, boards.hide_switch)/>
        </div>
        <Show when=is_query>
            <TextField part path=&["expr"] label=t!(i18n, boards.mark_query) hint="ALERTS{alertstate=\"firing\"}" lazy=true/>
            <p class="form__note">{t!(i18n, boards.mark_note)}</p>
            <div class="options__pair">
                <TextField part path=&["step"] label=t!(i18n, dashboards.min_step) hint="1m" lazy=true/>
                <TextField part path=&["titleFormat"] label=t!(i18n, dashboards.name) hint="{{alertname}}" lazy=true/>
                <TextField part path=&["textFormat"] label=t!(i18n, boards.note_text) hint="{{instance}}" lazy=true/>
                <TextField part path=&["tagKeys"] label=t!(i18n, boards.tag_keys) hint="severity,job" lazy=true/>
            </div>
            <CheckField part path=&["useValueForTime"] label=t!(i18n, boards.value_is_time)/>
        </Show>
        <Show when=by_tags>
            <ListField part path=&["target", "tags"] label=t!(i18n, dashboards.tags) hint="deploy, outage"/>
            <CheckField part path=&["target", "matchAny"] label=t!(i18n, boards.match_any)/>
        </Show>
        <Show when=move || !is_query()>
            <NumberField part path=&["target", "limit"] label=t!(i18n, boards.at_most)/>
        </Show>
        <div class="options__pair">
            <label class="form__row">
                <span>{t!(i18n, boards.on_panels)}</span>
                <input class="field" placeholder="1, 2" prop:value=panels on:change=put_panels/>
            </label>
            <CheckField part path=&["filter", "exclude"] label=t!(i18n, boards.exclude_panels)/>
        </div>
    }
}

/// A colour by its name or code.
#[component]
fn ColorField(part: Part, path: crate::edit::Path) -> impl IntoView {
    let i18n = use_i18n();
    let colors = ["red", "orange", "yellow", "green", "blue", "purple"];
    let options = colors.map(|color| view! { <option value=color></option> });
    view! {
        <label class="form__row">
            <span>{t!(i18n, dashboards.color)}</span>
            <input class="field" list="mark-colors" prop:value=move || part.text(path) on:change=move |event| {
                part.set(path, Some(event_target_value(&event).into()));
            }/>
            <datalist id="mark-colors">{options}</datalist>
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_what_is_asked() {
        let of = |value: Value| describe(&value).1;
        assert_eq!(of(json!({"name": "a", "expr": "ALERTS"})), "ALERTS");
        assert_eq!(of(json!({"target": {"expr": "x"}})), "x");
        assert_eq!(of(json!({"target": {"tags": ["a", "b"]}})), "a, b");
    }
}
