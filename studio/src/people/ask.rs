//! What a page shows, asked of the server whenever its address changes.

use super::frame::Refused;
use crate::call::{Load, get};
use app::components::{ErrorNotice, Skeleton};
use app::data::UiError;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use std::sync::Arc;

/// An answer that follows its address.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    state: RwSignal<Load<Arc<Value>>>,
    /// Asks again.
    pub(super) again: Callback<()>,
}

impl Asked {
    /// Asks `path` now, and whenever it changes; what was there stays until the answer comes.
    pub(super) fn new(path: impl Fn() -> String + Send + Sync + 'static) -> Self {
        let state = RwSignal::new(Load::Waiting);
        let count = RwSignal::new(0_u32);
        let path = Memo::new(move |_| path());
        let turn = StoredValue::new(0_u32);
        Effect::new(move |_| {
            count.track();
            let path = path.get();
            let mine = turn.with_value(|turn| turn.wrapping_add(1));
            turn.set_value(mine);
            spawn_local(async move {
                let answer = get(&path).await;
                // An older question may be answered after a newer one.
                if turn.try_with_value(|turn| *turn == mine) == Some(true) {
                    state.try_set(match answer {
                        Ok(value) => Load::Ready(Arc::new(value)),
                        Err(error) => Load::Failed(error),
                    });
                }
            });
        });
        Self {
            state,
            again: Callback::new(move |()| {
                count.try_update(|count| *count = count.wrapping_add(1));
            }),
        }
    }

    /// What was answered, if it was.
    pub(super) fn ready(self) -> Option<Arc<Value>> {
        self.state.with(|state| state.ready().cloned())
    }

    /// Shows the answer with `show`, or why there is none.
    pub(super) fn show(
        self,
        show: impl Fn(Arc<Value>) -> AnyView + Send + Sync + 'static,
    ) -> impl IntoView {
        let again = self.again;
        move || match self.state.get() {
            Load::Waiting => view! { <Skeleton shape="table"/> }.into_any(),
            Load::Failed(UiError::Refused { kind, .. }) if kind == "401" || kind == "403" => {
                view! { <Refused role="Admin"/> }.into_any()
            }
            Load::Failed(error) => view! { <ErrorNotice error on_retry=again/> }.into_any(),
            Load::Ready(value) => show(value),
        }
    }
}

/// The objects of a list in an answer; `name` empty for an answer that is a list.
pub(super) fn list_of(value: &Value, name: &str) -> Vec<Value> {
    let list = if name.is_empty() {
        Some(value)
    } else {
        value.get(name)
    };
    list.and_then(Value::as_array).cloned().unwrap_or_default()
}

/// A number in an answer; 0 where there is none.
pub(super) fn number_of(value: &Value, name: &str) -> i64 {
    value.get(name).and_then(Value::as_i64).unwrap_or(0)
}
