//! The variables of a dashboard.

use super::list::{ItemList, Items};
use super::variable_form::VariableForm;
use crate::board::Board;
use app::words::{t, use_i18n};
use leptos::prelude::*;
use serde_json::{Value, json};

/// All variables.
#[component]
pub(super) fn VariablesTab(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let items = Items {
        path: &["templating", "list"],
        describe,
        fresh,
        again,
        form: |board, index| view! { <VariableForm board index/> }.into_any(),
    };
    view! { <ItemList board items add=t!(i18n, boards.add_variable) none=t!(i18n, boards.no_variables)/> }
}

fn describe(item: &Value) -> (String, String) {
    let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default();
    let query = match item.get("query") {
        Some(Value::String(query)) => query.clone(),
        Some(query) => query
            .get("query")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        None => text("definition").to_owned(),
    };
    let kind = text("type");
    (
        text("name").to_owned(),
        format!("{kind} {query}").trim().to_owned(),
    )
}

fn free_name(stem: &str, list: &[Value]) -> String {
    let is_used = |name: &str| {
        list.iter()
            .any(|item| item.get("name").and_then(Value::as_str) == Some(name))
    };
    // Among as many names and one more, one is free.
    (0..=list.len())
        .map(|number| match number {
            0 => stem.to_owned(),
            number => format!("{stem}{number}"),
        })
        .find(|name| !is_used(name))
        .unwrap_or_default()
}

fn fresh(list: &[Value]) -> Value {
    json!({
        "name": free_name("query", list), "type": "query", "query": {"query": "", "refId": "Variable"}, "definition": "",
        "refresh": 1, "sort": 1, "multi": false, "includeAll": false, "hide": 0, "regex": "", "options": [],
    })
}

fn again(item: &Value, list: &[Value]) -> Value {
    let mut copy = item.clone();
    let name = item.get("name").and_then(Value::as_str).unwrap_or("query");
    if let Some(copy) = copy.as_object_mut() {
        copy.insert(
            "name".to_owned(),
            free_name(&format!("{name}_copy"), list).into(),
        );
    }
    copy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_variables_and_copies_have_names_of_their_own() {
        let mut list = Vec::new();
        for _ in 0..2 {
            let fresh = fresh(&list);
            list.push(fresh);
        }
        let copy = again(&list[1], &list);
        let names: Vec<String> = list
            .iter()
            .chain([&copy])
            .map(|item| describe(item).0)
            .collect();
        assert_eq!(names, ["query", "query1", "query1_copy"]);
    }

    #[test]
    fn lines_say_what_is_asked() {
        let of_text = json!({"name": "a", "type": "custom", "query": "x,y"});
        let of_object =
            json!({"name": "b", "type": "query", "query": {"query": "label_values(up, job)"}});
        assert_eq!(describe(&of_text).1, "custom x,y");
        assert_eq!(describe(&of_object).1, "query label_values(up, job)");
    }
}
