//! What somebody does on a page: sent to the server, and how that went.

use crate::call::send;
use app::data::UiError;
use app::words::{t, use_i18n};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

/// One thing that a form or a button does.
#[derive(Clone, Copy)]
pub(super) struct Deed {
    /// Whether it is on its way.
    pub(super) busy: RwSignal<bool>,
    /// How it went; nothing before.
    pub(super) outcome: RwSignal<Option<Result<(), UiError>>>,
}

impl Deed {
    pub(super) fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            outcome: RwSignal::new(None),
        }
    }

    /// Forgets how it went.
    pub(super) fn reset(self) {
        self.outcome.set(None);
    }

    /// Sends a request, unless one is on its way; `then` gets what is answered.
    pub(super) fn run(
        self,
        method: &'static str,
        path: String,
        body: Option<Value>,
        then: impl FnOnce(Value) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.outcome.set(None);
        let then: Box<dyn FnOnce(Value)> = Box::new(then);
        spawn_local(async move {
            let result = send(method, &path, body.as_ref(), None).await;
            self.busy.try_set(false);
            match result {
                Ok(answer) => {
                    self.outcome.try_set(Some(Ok(())));
                    then(answer);
                }
                Err(error) => {
                    self.outcome.try_set(Some(Err(error)));
                }
            }
        });
    }

    /// What went wrong before anything was sent.
    pub(super) fn refuse(self, message: &str) {
        self.outcome.set(Some(Err(UiError::Refused {
            kind: String::new(),
            message: message.to_owned(),
        })));
    }
}

/// How a deed went, under its form.
#[component]
pub(super) fn Outcome(
    deed: Deed,
    /// Whether it is worth a word that it went well.
    says_saved: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div role="status">
            {move || match deed.outcome.get() {
                None => None,
                Some(Err(error)) => Some(view! { <p class="form__error">{error.to_string()}</p> }.into_any()),
                Some(Ok(())) => says_saved
                    .then(|| view! { <p class="form__note">{t!(i18n, people.saved)}</p> }.into_any()),
            }}
        </div>
    }
}
