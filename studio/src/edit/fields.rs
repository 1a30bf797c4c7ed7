//! Fields of forms that change a part of the document.

use super::json_path::{number_of, texts_of};
use super::part::Part;
use leptos::prelude::*;
use serde_json::json;

/// A path in a part of the document.
pub(crate) type Path = &'static [&'static str];

/// What is looked for among the options around.
#[derive(Clone, Copy)]
pub(crate) struct OptionSearch(pub(crate) RwSignal<String>);

/// Whether a field with this name is left out, because another one is looked for.
pub(crate) fn left_out(label: Signal<&'static str>) -> Signal<bool> {
    let search = use_context::<OptionSearch>();
    Signal::derive(move || {
        search.is_some_and(|OptionSearch(text)| {
            text.with(|text| {
                let text = text.trim().to_lowercase();
                !text.is_empty() && !label.get().to_lowercase().contains(&text)
            })
        })
    })
}

/// A line of text; nothing takes the value away. A lazy one waits until it is left.
#[component]
pub(crate) fn TextField(
    part: Part,
    path: Path,
    label: Signal<&'static str>,
    #[prop(optional)] lazy: bool,
    #[prop(optional, into)] hint: &'static str,
) -> impl IntoView {
    let take = move |event: web_sys::Event| {
        let text = event_target_value(&event);
        part.set(path, (!text.is_empty()).then(|| text.into()));
    };
    view! {
        <label class="form__row" hidden=left_out(label)>
            <span>{label}</span>
            <input class="field" placeholder=hint prop:value=move || part.text(path)
                on:input=move |event| { if !lazy { take(event); } }
                on:change=move |event| { if lazy { take(event); } }
            />
        </label>
    }
}

/// Several lines of text.
#[component]
pub(crate) fn LongField(
    part: Part,
    path: Path,
    label: Signal<&'static str>,
    #[prop(default = 12)] rows: u32,
) -> impl IntoView {
    view! {
        <label class="form__row" hidden=left_out(label)>
            <span>{label}</span>
            <textarea class="field form__code" rows=rows prop:value=move || part.text(path) on:input=move |event| {
                part.set(path, Some(event_target_value(&event).into()));
            }></textarea>
        </label>
    }
}

/// A number.
#[component]
pub(crate) fn NumberField(part: Part, path: Path, label: Signal<&'static str>) -> impl IntoView {
    view! {
        <label class="form__row" hidden=left_out(label)>
            <span>{label}</span>
            <input class="field" type="number" step="any" prop:value=move || part.text(path) on:change=move |event| {
                part.set(path, number_of(&event_target_value(&event)));
            }/>
        </label>
    }
}

/// Yes or no; `usual` is what holds where nothing is said.
#[component]
pub(crate) fn CheckField(
    part: Part,
    path: Path,
    label: Signal<&'static str>,
    #[prop(optional)] usual: bool,
) -> impl IntoView {
    let is_on = move || match part.text(path).as_str() {
        "" => usual,
        text => text == "true",
    };
    view! {
        <label class="form__check" hidden=left_out(label)>
            <input type="checkbox" prop:checked=is_on on:change=move |event| {
                part.set(path, Some(event_target_checked(&event).into()));
            }/>
            <span>{label}</span>
        </label>
    }
}

/// Texts with commas between them.
#[component]
pub(crate) fn ListField(
    part: Part,
    path: Path,
    label: Signal<&'static str>,
    #[prop(optional, into)] hint: &'static str,
) -> impl IntoView {
    view! {
        <label class="form__row" hidden=left_out(label)>
            <span>{label}</span>
            <input class="field" placeholder=hint prop:value=move || part.texts(path).join(", ") on:change=move |event| {
                part.set(path, Some(json!(texts_of(&event_target_value(&event)))));
            }/>
        </label>
    }
}

/// One of some words of the format, which are shown as they are.
#[component]
pub(crate) fn ChoiceField(
    part: Part,
    path: Path,
    label: Signal<&'static str>,
    choices: &'static [&'static str],
) -> impl IntoView {
    let options = choices.iter().map(|choice| {
        view! { <option value=*choice selected=move || part.text(path) == *choice>{*choice}</option> }
    });
    let is_other = move || !choices.contains(&part.text(path).as_str());
    view! {
        <label class="form__row" hidden=left_out(label)>
            <span>{label}</span>
            <select class="field" on:change=move |event| {
                let value = event_target_value(&event);
                part.set(path, (!value.is_empty()).then(|| value.into()));
            }>
                <option value="" selected=is_other>"—"</option>
                {options.collect_view()}
            </select>
        </label>
    }
}

/// One of some values that have names; numbers stay numbers. The first holds where nothing is said, and a value that is
/// none of them is shown as it is.
#[component]
pub(crate) fn NamedField(
    part: Part,
    path: Path,
    label: Signal<&'static str>,
    choices: Vec<(&'static str, Signal<&'static str>)>,
) -> impl IntoView {
    let first = choices.first().map_or("", |(value, _)| *value);
    let known: Vec<&'static str> = choices.iter().map(|(value, _)| *value).collect();
    let now = move || match part.text(path) {
        text if text.is_empty() => first.to_owned(),
        text => text,
    };
    let options = choices.into_iter().map(|(value, name)| {
        view! { <option value=value selected=move || now() == value>{name}</option> }
    });
    let other = move || Some(now()).filter(|now| !known.contains(&now.as_str()));
    view! {
        <label class="form__row" hidden=left_out(label)>
            <span>{label}</span>
            <select class="field" on:change=move |event| {
                let value = event_target_value(&event);
                part.set(path, Some(number_of(&value).unwrap_or_else(|| value.into())));
            }>
                {options.collect_view()}
                {move || other().map(|value| { let shown = value.clone(); view! { <option value=value selected>{shown}</option> } })}
            </select>
        </label>
    }
}
