//! Data that a page shows and asks for again and again.

use crate::components::{ErrorNotice, Skeleton, use_clock};
use crate::data::{Body, UiError, load_body, now_seconds, read_body};
use crate::fmt;
use crate::words::{t_string, use_i18n};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;

/// How often a page asks anew.
const USUAL: Duration = Duration::from_secs(5);

type Source = Resource<Body>;

/// What was read last, and the error if the newest answer brought one.
struct Read<T> {
    data: Option<Arc<T>>,
    error: Option<UiError>,
}

impl<T> Clone for Read<T> {
    fn clone(&self) -> Self {
        Self {
            data: self.data.clone(),
            error: self.error.clone(),
        }
    }
}

impl<T: PartialEq> PartialEq for Read<T> {
    fn eq(&self, other: &Self) -> bool {
        self.data == other.data && self.error == other.error
    }
}

/// The answer of a call of the API as `view` shows it, kept up to date while the page is open and seen.
///
/// While the first answer is on its way there is an outline of the `shape`; after an error the last data stay
/// under it, with the word how old they are.
pub fn live<T>(
    path: Signal<String>,
    shape: &'static str,
    view: impl Fn(Signal<Arc<T>>) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: DeserializeOwned + Default + PartialEq + Send + Sync + 'static,
{
    live_every(USUAL, path, shape, view)
}

/// As [`live`], asking every so often.
pub fn live_every<T>(
    every: Duration,
    path: Signal<String>,
    shape: &'static str,
    view: impl Fn(Signal<Arc<T>>) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: DeserializeOwned + Default + PartialEq + Send + Sync + 'static,
{
    let source: Source = Resource::new(move || path.get(), load_body);
    refresh(source, every);
    view! {
        <Transition fallback=move || view! { <Skeleton shape/> }>{board(source, view.clone())}</Transition>
    }
    .into_any()
}

fn refresh(source: Source, every: Duration) {
    Effect::new(move |_| {
        let ask = move || {
            if !document().hidden() {
                source.refetch();
            }
        };
        let timer = set_interval_with_handle(ask, every);
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
}

fn board<T>(
    source: Source,
    view: impl Fn(Signal<Arc<T>>) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: DeserializeOwned + Default + PartialEq + Send + Sync + 'static,
{
    let answer = Memo::new(move |_| source.get());
    let read = Memo::new(move |last: Option<&Read<T>>| {
        let kept = last.and_then(|last| last.data.clone());
        match answer.with(|answer| answer.as_ref().map(read_body::<T>)) {
            Some(Ok(data)) => Read {
                data: Some(Arc::new(data)),
                error: None,
            },
            Some(Err(error)) => Read {
                data: kept,
                error: Some(error),
            },
            None => Read {
                data: kept,
                error: None,
            },
        }
    });
    let error = Memo::new(move |_| read.with(|read| read.error.clone()));
    let known = Memo::new(move |_| read.with(|read| read.data.is_some()));
    let data = Memo::new(move |_| read.with(|read| read.data.clone()).unwrap_or_default());
    let failure = failure(source, error, known);
    view! {
        {failure}
        <Show when=move || known.get()>{view(data.into())}</Show>
    }
    .into_any()
}

/// The error of the newest answer, and how old that is what stands below it.
fn failure(source: Source, error: Memo<Option<UiError>>, known: Memo<bool>) -> AnyView {
    let i18n = use_i18n();
    let clock = use_clock();
    let fresh = RwSignal::new(None::<f64>);
    Effect::new(move |_| {
        source.track();
        if error.with(Option::is_none) {
            fresh.set(Some(now_seconds()));
        }
    });
    let retry = Callback::new(move |()| source.refetch());
    let age = move || {
        let seconds = clock.get()? - fresh.get()?;
        let age = fmt::ago(i18n.get_locale(), seconds);
        known
            .get()
            .then(|| t_string!(i18n, status.stale, age = age))
    };
    let notice = move || {
        error.get().map(|error| {
            view! {
                <ErrorNotice error on_retry=retry/>
                <p class="stale">{age}</p>
            }
        })
    };
    notice.into_any()
}
