//! Values that are shown as something else, in a form.

use super::fields::{Path, left_out};
use super::json_path::{number_of, text_of};
use super::part::Part;
use app::components::{Glyph, Icon};
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use serde_json::{Map, Value, json};

/// Kinds of mappings.
const KINDS: [&str; 4] = ["value", "range", "regex", "special"];
/// What is special.
const SPECIAL: [&str; 6] = ["null", "nan", "null+nan", "true", "false", "empty"];

/// A line of the form.
#[derive(Debug, Clone, PartialEq, Default)]
struct Row {
    kind: String,
    /// The value, the lower end, the pattern, or what is special.
    what: String,
    /// The upper end.
    to: String,
    text: String,
    color: String,
    /// What of the result has no field.
    more: Map<String, Value>,
}

impl Row {
    fn of(kind: &str, what: String, to: String, result: Option<&Value>) -> Self {
        let mut more = result
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        more.shift_remove("index");
        let mut text = |name: &str| text_of(more.shift_remove(name).as_ref());
        Self {
            kind: kind.to_owned(),
            what,
            to,
            text: text("text"),
            color: text("color"),
            more,
        }
    }

    fn result(&self, index: usize) -> Value {
        let mut result = self.more.clone();
        if !self.text.is_empty() {
            result.insert("text".to_owned(), self.text.clone().into());
        }
        if !self.color.is_empty() {
            result.insert("color".to_owned(), self.color.clone().into());
        }
        result.insert("index".to_owned(), index.into());
        Value::Object(result)
    }
}

/// The mappings as lines: each value is one of its own.
fn rows_of(list: &[Value]) -> Vec<Row> {
    let mut rows = Vec::new();
    for item in list {
        let kind = item.get("type").and_then(Value::as_str).unwrap_or_default();
        let options = item.get("options");
        let option = |name: &str| options.and_then(|options| options.get(name));
        match kind {
            "value" => {
                let values = options.and_then(Value::as_object).into_iter().flatten();
                let mut values: Vec<(&String, &Value)> = values.collect();
                values.sort_by_key(|(_, result)| {
                    result.get("index").and_then(Value::as_i64).unwrap_or(0)
                });
                rows.extend(
                    values.into_iter().map(|(key, result)| {
                        Row::of(kind, key.clone(), String::new(), Some(result))
                    }),
                );
            }
            "range" => rows.push(Row::of(
                kind,
                text_of(option("from")),
                text_of(option("to")),
                option("result"),
            )),
            "regex" => rows.push(Row::of(
                kind,
                text_of(option("pattern")),
                String::new(),
                option("result"),
            )),
            "special" => rows.push(Row::of(
                kind,
                text_of(option("match")),
                String::new(),
                option("result"),
            )),
            _ => {}
        }
    }
    rows
}

/// The lines as mappings.
fn list_of(rows: &[Row]) -> Vec<Value> {
    let one = |(index, row): (usize, &Row)| {
        let result = row.result(index);
        match row.kind.as_str() {
            "range" => {
                json!({"type": "range", "options": {"from": number_of(&row.what), "to": number_of(&row.to), "result": result}})
            }
            "regex" => json!({"type": "regex", "options": {"pattern": row.what, "result": result}}),
            "special" => {
                let what = if row.what.is_empty() {
                    "null"
                } else {
                    &row.what
                };
                json!({"type": "special", "options": {"match": what, "result": result}})
            }
            _ => {
                let mut options = Map::new();
                options.insert(row.what.clone(), result);
                json!({"type": "value", "options": options})
            }
        }
    };
    rows.iter().enumerate().map(one).collect()
}

/// The mappings at a path of a part.
#[component]
pub(super) fn Mappings(part: Part, path: Path) -> impl IntoView {
    let i18n = use_i18n();
    let rows = Memo::new(move |_| rows_of(&part.list(path)));
    let count = Memo::new(move |_| rows.with(Vec::len));
    let put = move |change: &dyn Fn(&mut Vec<Row>)| {
        let mut rows = rows.get_untracked();
        change(&mut rows);
        part.set(path, Some(Value::Array(list_of(&rows))));
    };
    let line = move |index: usize| {
        let now = move || rows.with(|rows| rows.get(index).cloned().unwrap_or_default());
        let field = move |label: Signal<&'static str>,
                          read: fn(&Row) -> &String,
                          write: fn(&mut Row, String)| {
            view! {
                <input class="field" aria-label=move || label.get() placeholder=move || label.get() prop:value=move || read(&now()).clone()
                    on:change=move |event| {
                        let text = event_target_value(&event);
                        put(&move |rows| { if let Some(row) = rows.get_mut(index) { write(row, text.clone()); } });
                    }/>
            }
        };
        let kind = Memo::new(move |_| now().kind);
        let name = move |kind: &str| match kind {
            "range" => t_string!(i18n, boards.map_range),
            "regex" => t_string!(i18n, boards.map_regex),
            "special" => t_string!(i18n, boards.map_special),
            _ => t_string!(i18n, boards.map_value),
        };
        let kinds = KINDS.map(|one| {
            view! { <option value=one selected=move || kind.get() == one>{move || name(one)}</option> }
        });
        let what = move || match kind.get().as_str() {
            "special" => {
                let options = SPECIAL.map(|one| view! { <option value=one selected=move || now().what == one>{one}</option> });
                view! {
                    <select class="field" aria-label=move || t_string!(i18n, boards.value) on:change=move |event| {
                        let what = event_target_value(&event);
                        put(&move |rows| { if let Some(row) = rows.get_mut(index) { row.what.clone_from(&what); } });
                    }>{options}</select>
                }
                .into_any()
            }
            "range" => view! {
                {field(t!(i18n, dashboards.from), |row| &row.what, |row, text| row.what = text)}
                {field(t!(i18n, dashboards.to), |row| &row.to, |row, text| row.to = text)}
            }
            .into_any(),
            _ => field(
                t!(i18n, boards.value),
                |row| &row.what,
                |row, text| row.what = text,
            )
            .into_any(),
        };
        view! {
            <li class="mapping">
                <select class="field" aria-label=move || t_string!(i18n, dashboards.kind) on:change=move |event| {
                    let kind = event_target_value(&event);
                    put(&move |rows| { if let Some(row) = rows.get_mut(index) { row.kind.clone_from(&kind); } });
                }>{kinds}</select>
                {what}
                {field(t!(i18n, boards.shown_text), |row| &row.text, |row, text| row.text = text)}
                {field(t!(i18n, dashboards.color), |row| &row.color, |row, text| row.color = text)}
                <button type="button" class="button" data-kind="icon" aria-label=move || t_string!(i18n, boards.remove_mapping)
                    on:click=move |_| put(&move |rows| { if index < rows.len() { rows.remove(index); } })>
                    <Icon glyph=Glyph::Cross/>
                </button>
            </li>
        }
    };
    view! {
        <fieldset class="options__group" hidden=left_out(t!(i18n, boards.mappings))>
            <legend>{t!(i18n, boards.mappings)}</legend>
            <ul class="thresholds"><For each=move || 0..count.get() key=|index| *index children=line/></ul>
            <button type="button" class="button" on:click=move |_| put(&|rows| rows.push(Row { kind: "value".to_owned(), ..Row::default() }))>
                {t!(i18n, boards.add_mapping)}
            </button>
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_come_back_from_their_lines_with_what_has_no_field() {
        let list = json!([
            {"type": "value", "options": {"1": {"text": "up", "color": "green", "index": 1, "icon": "x"}, "0": {"text": "down", "index": 0}}},
            {"type": "range", "options": {"from": 2, "to": null, "result": {"text": "many", "index": 2}}},
            {"type": "regex", "options": {"pattern": "a(.*)", "result": {"text": "$1", "index": 3}}},
            {"type": "special", "options": {"match": "null+nan", "result": {"text": "N/A", "index": 4}}},
        ]);
        let rows = rows_of(list.as_array().unwrap());
        let whats: Vec<&str> = rows.iter().map(|row| row.what.as_str()).collect();
        assert_eq!(whats, ["0", "1", "2", "a(.*)", "null+nan"]);
        let again = list_of(&rows);
        assert_eq!(rows_of(&again), rows);
        assert_eq!(
            again[1],
            json!({"type": "value", "options": {"1": {"icon": "x", "text": "up", "color": "green", "index": 1}}})
        );
        assert_eq!(
            again[2],
            json!({"type": "range", "options": {"from": 2, "to": null, "result": {"text": "many", "index": 2}}})
        );
    }
}
