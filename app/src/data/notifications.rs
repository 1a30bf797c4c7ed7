//! The server's notifications, as they come and go.

use crate::data::get;
use crate::site::at;
use api_types::Notification;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

/// How often the list is asked for where the server has no seat for another listener.
const REFRESH: Duration = Duration::from_secs(15);

/// How often the page's connection to the server was cut.
#[derive(Clone, Copy)]
pub struct Cuts(RwSignal<u32>);

impl Cuts {
    /// Provides the count to all below; [`Notifications::follow`] keeps it.
    pub fn provide() {
        provide_context(Self(RwSignal::new(0)));
    }

    /// How often until now; reactive.
    pub fn count(self) -> u32 {
        self.0.get()
    }
}

/// What an operator should know now.
pub struct Notifications;

impl Notifications {
    /// Those that are the matter now, kept up to date while the page is seen.
    ///
    /// A page that is not seen holds no connection: browsers have few of them for each server.
    pub fn follow() -> RwSignal<Vec<Notification>> {
        let all = RwSignal::new(Vec::new());
        let cuts = expect_context::<Cuts>();
        Effect::new(move |_| {
            let feed = StoredValue::new_local(None::<Feed>);
            let look = move || {
                let seen = !document().hidden();
                let listens = feed
                    .try_with_value(|feed| feed.as_ref().is_some_and(Feed::is_open))
                    .unwrap_or(true);
                if !seen {
                    feed.try_update_value(Option::take);
                } else if !listens {
                    ask(all);
                    feed.try_set_value(Feed::open(all, cuts));
                }
            };
            look();
            let timer = set_interval_with_handle(look, REFRESH);
            let handle = window_event_listener_untyped("visibilitychange", move |_| look());
            on_cleanup(move || {
                handle.remove();
                if let Ok(timer) = timer {
                    timer.clear();
                }
            });
        });
        all
    }
}

/// A connection that tells what comes and what goes.
struct Feed {
    source: EventSource,
    _opened: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _cut: Closure<dyn FnMut()>,
}

impl Feed {
    fn open(all: RwSignal<Vec<Notification>>, cuts: Cuts) -> Option<Self> {
        let source = EventSource::new(&at("/api/v1/notifications/live")).ok()?;
        // What went while nobody listened is not told: the list is asked for whenever a connection begins.
        let opened = Closure::<dyn FnMut()>::new(move || ask(all));
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            // A proxy may say what it likes.
            if let Ok(change) = serde_json::from_str(&text) {
                all.try_update(|all| apply(all, change));
            }
        });
        let cut = Closure::<dyn FnMut()>::new(move || {
            cuts.0.try_update(|count| *count = count.wrapping_add(1));
        });
        source.set_onerror(Some(cut.as_ref().unchecked_ref()));
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        source.set_onmessage(Some(message.as_ref().unchecked_ref()));
        Some(Self {
            source,
            _opened: opened,
            _message: message,
            _cut: cut,
        })
    }

    fn is_open(&self) -> bool {
        self.source.ready_state() != EventSource::CLOSED
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.source.close();
    }
}

fn ask(all: RwSignal<Vec<Notification>>) {
    spawn_local(async move {
        if let Ok(answer) = get::<Vec<Notification>>("/api/v1/notifications", None).await
            && all.try_get_untracked().as_ref() != Some(&answer.data)
        {
            all.try_set(answer.data);
        }
    });
}

fn apply(all: &mut Vec<Notification>, change: Notification) {
    all.retain(|one| one.text != change.text);
    if change.active {
        all.push(change);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notifications_come_once_and_go() {
        let one = |active| Notification {
            text: "reload failed".to_owned(),
            date: String::new(),
            active,
        };
        let mut all = Vec::new();
        apply(&mut all, one(true));
        apply(&mut all, one(true));
        assert_eq!(all.len(), 1);
        apply(&mut all, one(false));
        assert!(all.is_empty());
    }
}
