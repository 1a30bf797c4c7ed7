//! Pieces of forms.

use super::deed::{Deed, Outcome};
use crate::call::is;
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use serde_json::Value;

/// The roles, the one that may least first.
pub(super) const ROLES: [&str; 3] = ["Viewer", "Editor", "Admin"];

/// A labelled field of one line.
#[component]
pub(super) fn Line(
    #[prop(into)] label: Signal<&'static str>,
    value: RwSignal<String>,
    /// As in HTML: `text`, `email`, `password`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What browsers fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
    /// A list of suggestions, by its id.
    #[prop(optional)]
    list: Option<&'static str>,
) -> impl IntoView {
    view! {
        <label class="form__row">
            <span>{label}</span>
            <input
                class="field"
                type=kind
                autocomplete=autocomplete
                required=required
                autofocus=autofocus
                list=list
                spellcheck="false"
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
        </label>
    }
}

/// A labelled choice: values with their words.
#[component]
pub(super) fn Choice(
    #[prop(into)] label: Signal<&'static str>,
    value: RwSignal<String>,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    view! {
        <label class="form__row">
            <span>{label}</span>
            <select class="field" on:change=move |event| value.set(event_target_value(&event))>
                {move || options.get().into_iter().map(|(name, words)| {
                    let own = name.clone();
                    view! { <option value=name selected=move || value.with(|value| *value == own)>{words}</option> }
                }).collect_view()}
            </select>
        </label>
    }
}

/// What a role may do, in a word or two.
#[component]
pub(super) fn RoleChoice(value: RwSignal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let options = Signal::derive(move || {
        ROLES
            .iter()
            .map(|role| {
                let may = match *role {
                    "Viewer" => t_string!(i18n, people.role_viewer),
                    "Editor" => t_string!(i18n, people.role_editor),
                    _ => t_string!(i18n, people.role_admin),
                };
                ((*role).to_owned(), format!("{role} · {may}"))
            })
            .collect::<Vec<_>>()
    });
    view! { <Choice label=t!(i18n, people.role) value options/> }
}

/// How a deed went, and the button that does it: what a form on a page ends with.
#[component]
pub(super) fn FormEnd(deed: Deed, #[prop(into)] label: Signal<&'static str>) -> impl IntoView {
    view! {
        <Outcome deed says_saved=true/>
        <p class="people__buttons">
            <button type="submit" class="button" data-kind="primary" disabled=move || deed.busy.get()>
                {label}
            </button>
        </p>
    }
}

/// How a deed went, and the buttons to do it or not: what a form in a dialog ends with.
#[component]
pub(super) fn DialogEnd(deed: Deed, open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Outcome deed says_saved=false/>
        <p class="dialog__end">
            <button type="button" class="button" on:click=move |_| open.set(false)>
                {t!(i18n, shell.cancel)}
            </button>
            <button type="submit" class="button" data-kind="primary" disabled=move || deed.busy.get()>
                {t!(i18n, people.create)}
            </button>
        </p>
    }
}

/// A number in a pill, or a word.
#[component]
pub(super) fn Pill(
    state: &'static str,
    #[prop(into)] words: Signal<&'static str>,
) -> impl IntoView {
    view! { <span class="badge people__pill" data-state=state>{words}</span> }
}

/// Whether a user or a service account may do anything.
#[component]
pub(super) fn Standing(one: Value) -> impl IntoView {
    let i18n = use_i18n();
    let (state, words) = if is(&one, "isDisabled") {
        ("down", t!(i18n, people.disabled))
    } else {
        ("up", t!(i18n, people.active))
    };
    view! { <Pill state words/> }
}
