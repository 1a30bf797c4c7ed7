//! The question before something is taken away.

use super::deed::{Deed, Outcome};
use app::components::Dialog;
use app::words::{t, use_i18n};
use leptos::prelude::*;
use serde_json::Value;

/// What is about to be done, and to what.
#[derive(Clone)]
pub(super) struct Question {
    /// What is done, as the button says it.
    pub(super) act: &'static str,
    /// To what: a login, a name.
    pub(super) name: String,
    /// What follows from it.
    pub(super) text: &'static str,
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) body: Option<Value>,
}

/// Asks whatever question is there; afterwards `done` gets what was answered.
#[component]
pub(super) fn Confirm(question: RwSignal<Option<Question>>, done: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let deed = Deed::new();
    Effect::new(move |_| {
        if question.with(Option::is_some) {
            deed.reset();
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            question.set(None);
        }
    });
    let part = move |part: fn(&Question) -> String| {
        Signal::derive(move || {
            question.with(|question| question.as_ref().map(part).unwrap_or_default())
        })
    };
    let title = part(|question| format!("{}: {}", question.act, question.name));
    let act = move |_| {
        let Some(asked) = question.get_untracked() else {
            return;
        };
        deed.run(asked.method, asked.path, asked.body, move |_| {
            open.try_set(false);
            done.run(());
        });
    };
    let text = part(|question| question.text.to_owned());
    let word = part(|question| question.act.to_owned());
    view! {
        <Dialog open kind="confirm" label=title>
            <h2 class="dialog__title people__name">{title}</h2>
            <p>{text}</p>
            <Outcome deed says_saved=false/>
            <p class="dialog__end">
                <button type="button" class="button" on:click=move |_| open.set(false)>
                    {t!(i18n, shell.cancel)}
                </button>
                <button
                    type="button"
                    class="button"
                    data-kind="danger"
                    disabled=move || deed.busy.get()
                    on:click=act
                >
                    {word}
                </button>
            </p>
        </Dialog>
    }
}
