//! The form of a variable, with the values that it has now.

use crate::board::Board;
use crate::edit::{CheckField, NamedField, NumberField, Part, TextField, text_of_value};
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use serde_json::{Value, json};

/// Values that the preview shows at first.
const SHOWN: usize = 20;

/// Whether a variable may be called so: a word that does not begin as those of the program.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with("__")
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The fields of a variable.
#[component]
pub(super) fn VariableForm(board: Board, index: usize) -> impl IntoView {
    let i18n = use_i18n();
    let number = index.to_string();
    let part = Part::dashboard(board).inside(&["templating", "list", &number]);
    let wrong = RwSignal::new(None::<String>);
    let name = move || part.text(&["name"]);
    let rename = move |event: web_sys::Event| {
        let (old, new) = (untrack(name), event_target_value(&event).trim().to_owned());
        let list = untrack(|| Part::dashboard(board).list(&["templating", "list"]));
        let is_taken = list.iter().enumerate().any(|(at, item)| {
            at != index && item.get("name").and_then(Value::as_str) == Some(&new)
        });
        if !is_name(&new) {
            wrong.set(Some(t_string!(i18n, boards.bad_name).to_owned()));
        } else if is_taken {
            wrong.set(Some(t_string!(i18n, boards.taken_name).to_owned()));
        } else {
            wrong.set(None);
            board.end_step();
            board.edit(|dashboard| dashboard.rename_variable(&old, &new));
        }
    };
    let kind = Memo::new(move |_| part.text(&["type"]));
    let is = move |wanted: &'static [&'static str]| wanted.contains(&kind.get().as_str());
    let query = move || {
        part.with(&["query"], |query| match query {
            Some(Value::Object(query)) => text_of_value(query.get("query")),
            other => text_of_value(other),
        })
    };
    let put_query = move |event: web_sys::Event| {
        let text = event_target_value(&event);
        if untrack(|| kind.get()) == "query" {
            part.set_all(&[
                (
                    &["query"],
                    Some(json!({"query": text, "refId": "Variable"})),
                ),
                (&["definition"], Some(text.into())),
            ]);
        } else {
            part.set(&["query"], Some(text.into()));
        }
    };
    let query_label = move || match kind.get().as_str() {
        "query" => t_string!(i18n, boards.mark_query),
        "textbox" => t_string!(i18n, boards.usual_value),
        "constant" => t_string!(i18n, boards.value),
        "datasource" => t_string!(i18n, boards.source_kind),
        _ => t_string!(i18n, boards.comma_values),
    };
    let query_hint = move || match kind.get().as_str() {
        "query" => "label_values(up, job)",
        "interval" => "1m, 5m, 1h",
        "custom" => "a, b, Text : value",
        "datasource" => "prometheus",
        _ => "",
    };
    let plain = |text: &'static str| Signal::stored(text);
    view! {
        <div class="options__pair">
            <label class="form__row">
                <span>{t!(i18n, boards.variable_name)}</span>
                <input class="field" spellcheck="false" prop:value=name on:change=rename
                    aria-invalid=move || wrong.with(Option::is_some).then_some("true")/>
            </label>
            <NamedField part path=&["type"] label=t!(i18n, boards.variable_kind) choices=vec![
                ("query", t!(i18n, boards.of_query)), ("custom", t!(i18n, boards.of_custom)),
                ("interval", t!(i18n, boards.of_interval)), ("constant", t!(i18n, boards.of_constant)),
                ("textbox", t!(i18n, boards.of_textbox)), ("datasource", t!(i18n, boards.of_source)),
                ("adhoc", t!(i18n, boards.of_adhoc)),
            ]/>
            <NamedField part path=&["hide"] label=t!(i18n, boards.shown_as) choices=vec![
                ("0", t!(i18n, boards.name_and_value)), ("1", t!(i18n, boards.value_only)), ("2", t!(i18n, boards.not_shown)),
            ]/>
        </div>
        {move || wrong.get().map(|text| view! { <p class="form__error" role="alert">{text}</p> })}
        <div class="options__pair">
            <TextField part path=&["label"] label=t!(i18n, boards.label) lazy=true/>
            <TextField part path=&["description"] label=t!(i18n, dashboards.description) lazy=true/>
        </div>
        <Show when=move || !is(&["adhoc"])>
            <label class="form__row">
                <span>{query_label}</span>
                <input class="field form__code" spellcheck="false" placeholder=query_hint prop:value=query on:change=put_query/>
            </label>
        </Show>
        <Show when=move || is(&["query"])>
            <p class="form__note">{t!(i18n, boards.query_note)}</p>
            <div class="options__pair">
                <NamedField part path=&["refresh"] label=t!(i18n, boards.asked_when) choices=vec![
                    ("1", t!(i18n, boards.on_open)), ("2", t!(i18n, boards.on_time)), ("0", t!(i18n, boards.never)),
                ]/>
                <NamedField part path=&["sort"] label=t!(i18n, boards.sort) choices=vec![
                    ("0", t!(i18n, boards.as_they_come)), ("1", plain("A → Z")), ("2", plain("Z → A")), ("3", plain("1 → 9")),
                    ("4", plain("9 → 1")), ("5", plain("a, A → z, Z")), ("6", plain("z, Z → a, A")), ("7", plain("a2 → a10")),
                    ("8", plain("a10 → a2")),
                ]/>
            </div>
        </Show>
        <Show when=move || is(&["query", "datasource"])>
            <TextField part path=&["regex"] label=t!(i18n, boards.regex) hint="/(.*):\\d+/" lazy=true/>
        </Show>
        <Show when=move || is(&["interval"])>
            <CheckField part path=&["auto"] label=t!(i18n, boards.auto_interval)/>
            <div class="options__pair">
                <NumberField part path=&["auto_count"] label=t!(i18n, boards.auto_count)/>
                <TextField part path=&["auto_min"] label=t!(i18n, boards.auto_min) hint="10s" lazy=true/>
            </div>
        </Show>
        <Show when=move || is(&["adhoc"])>
            <p class="form__note">{t!(i18n, boards.adhoc_note)}</p>
        </Show>
        <Show when=move || is(&["query", "custom", "datasource"])>
            <div class="options__checks">
                <CheckField part path=&["multi"] label=t!(i18n, boards.multi)/>
                <CheckField part path=&["includeAll"] label=t!(i18n, boards.include_all)/>
                <CheckField part path=&["allowCustomValue"] label=t!(i18n, boards.allow_custom) usual=true/>
            </div>
        </Show>
        <Show when=move || is(&["query", "custom", "datasource"]) && part.text(&["includeAll"]) == "true">
            <TextField part path=&["allValue"] label=t!(i18n, boards.all_value) hint=".*" lazy=true/>
        </Show>
        <CheckField part path=&["skipUrlSync"] label=t!(i18n, boards.not_in_address)/>
        <Preview board name=Signal::derive(name)/>
    }
}

/// The values that a variable has now.
#[component]
fn Preview(board: Board, name: Signal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let all = RwSignal::new(false);
    let values = Memo::new(move |_| {
        board.values.with(|values| {
            let value = values.get(&name.get());
            let options = value.map(|value| {
                value
                    .options
                    .iter()
                    .map(|choice| choice.text.clone())
                    .collect()
            });
            options.unwrap_or_else(Vec::new)
        })
    });
    let error = move || {
        board
            .variable_errors
            .with(|errors| errors.get(&name.get()).cloned())
    };
    let count = move || values.with(Vec::len);
    let shown = move || {
        let most = if all.get() { usize::MAX } else { SHOWN };
        let values = values.get().into_iter().take(most);
        values
            .map(|value| view! { <li class="tag">{value}</li> })
            .collect_view()
    };
    view! {
        <section class="board-settings__preview" aria-label=move || t_string!(i18n, boards.preview)>
            <h3>{t!(i18n, boards.values_now, n = count)}</h3>
            {move || error().map(|error| view! { <p class="form__error" role="alert">{error}</p> })}
            <ul class="board-settings__values">{shown}</ul>
            <Show when=move || SHOWN < count() && !all.get()>
                <button type="button" class="button" data-kind="quiet" on:click=move |_| all.set(true)>
                    {t!(i18n, dashboards.more_series, n = move || count() - SHOWN)}
                </button>
            </Show>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_that_are_not_the_programs() {
        assert!(is_name("job") && is_name("ds_1") && is_name("_x"));
        assert!(!is_name("") && !is_name("__from") && !is_name("a-b") && !is_name("a b"));
    }
}
