//! Requests of which only the newest counts.

use crate::data::{Answer, UiError, stopwatch};
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use std::future::Future;
use std::sync::Arc;
use web_sys::{AbortController, AbortSignal};

/// An answer and what is known about it.
#[derive(Debug)]
pub struct Loaded<T> {
    /// The data.
    pub data: T,
    /// Things that may make the data wrong.
    pub warnings: Vec<String>,
    /// Hints about the query.
    pub infos: Vec<String>,
    /// From the request to the read answer. Units: milliseconds.
    pub elapsed: f64,
}

/// How a request stands. The previous answer stays while a new one is on its way.
#[derive(Debug)]
pub struct LoadState<T> {
    /// The last answer, unless an error followed it.
    pub loaded: Option<Arc<Loaded<T>>>,
    /// The error that came instead.
    pub error: Option<UiError>,
    /// Whether a request is on its way.
    pub busy: bool,
}

impl<T> Clone for LoadState<T> {
    fn clone(&self) -> Self {
        Self {
            loaded: self.loaded.clone(),
            error: self.error.clone(),
            busy: self.busy,
        }
    }
}

impl<T> Default for LoadState<T> {
    fn default() -> Self {
        Self {
            loaded: None,
            error: None,
            busy: false,
        }
    }
}

/// A place for the newest answer. Starting a request cancels the one before.
pub struct Latest<T: Send + Sync + 'static> {
    /// How the newest request stands.
    pub state: RwSignal<LoadState<T>>,
    running: StoredValue<Option<SendWrapper<AbortController>>>,
    serial: StoredValue<u64>,
}

impl<T: Send + Sync + 'static> Clone for Latest<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Latest<T> {}

impl<T: Send + Sync + 'static> Default for Latest<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Send + Sync + 'static> Latest<T> {
    /// An empty place; what runs is cancelled with the component that made it.
    pub fn new() -> Self {
        let latest = Self {
            state: RwSignal::new(LoadState::default()),
            running: StoredValue::new(None),
            serial: StoredValue::new(0),
        };
        on_cleanup(move || latest.abort());
        latest
    }

    /// Starts a request. For the browser only.
    pub fn start<F>(self, request: impl FnOnce(Option<AbortSignal>) -> F)
    where
        F: Future<Output = Result<Answer<T>, UiError>> + 'static,
    {
        self.abort();
        let serial = self.serial.try_get_value().unwrap_or_default() + 1;
        self.serial.set_value(serial);
        let controller = AbortController::new().ok();
        let signal = controller.as_ref().map(AbortController::signal);
        self.running.set_value(controller.map(SendWrapper::new));
        self.state.update(|state| state.busy = true);
        let began = stopwatch();
        let request = request(signal);
        spawn_local(async move {
            let result = request.await;
            if self.serial.try_get_value() == Some(serial) {
                self.finish(result, stopwatch() - began);
            }
        });
    }

    /// Cancels what runs, if anything does; the previous answer stays.
    pub fn cancel(self) {
        self.abort();
        self.serial.update_value(|serial| *serial += 1);
        self.state.update(|state| state.busy = false);
    }

    /// Forgets everything.
    pub fn clear(self) {
        self.cancel();
        self.state.set(LoadState::default());
    }

    fn finish(self, result: Result<Answer<T>, UiError>, elapsed: f64) {
        self.running.set_value(None);
        let state = match result {
            Ok(Answer {
                data,
                warnings,
                infos,
            }) => LoadState {
                loaded: Some(Arc::new(Loaded {
                    data,
                    warnings,
                    infos,
                    elapsed,
                })),
                error: None,
                busy: false,
            },
            Err(error) => LoadState {
                loaded: None,
                error: Some(error),
                busy: false,
            },
        };
        self.state.set(state);
    }

    fn abort(self) {
        let running = self.running.try_update_value(Option::take).flatten();
        if let Some(controller) = running {
            controller.abort();
        }
    }
}
