//! What an operator should know now: `/api/v1/notifications`, and `/live` as it changes.
//!
//! Source: Prometheus 3.14, `util/notifications`, `web/api/v1/api.go`.

use crate::response::success;
use crate::state::ApiState;
use crate::time::format_time;
use api_types::Notification;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::TimestampMs;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncWriteExt, DuplexStream};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast};
use tokio::task::JoinSet;
use tokio_util::io::ReaderStream;

/// Events that wait for a slow subscriber; older ones are lost to it.
const BUFFER: usize = 10;

/// What a slow subscriber's connection holds. Units: bytes.
const PIPE: usize = 16 << 10;

/// How often a silent connection is told that it lives, so that those that have gone are noticed.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What an operator should know now. Clones share it.
#[derive(Clone)]
pub struct Notifications {
    shared: Arc<Shared>,
}

struct Shared {
    active: Mutex<Vec<Notification>>,
    events: broadcast::Sender<Notification>,
    /// One task per subscriber.
    feeds: Mutex<JoinSet<()>>,
    seats: Arc<Semaphore>,
}

impl Notifications {
    /// No notifications, and room for so many subscribers.
    pub fn new(max_subscribers: usize) -> Self {
        Self {
            shared: Arc::new(Shared {
                active: Mutex::default(),
                events: broadcast::channel(BUFFER).0,
                feeds: Mutex::default(),
                seats: Arc::new(Semaphore::new(max_subscribers)),
            }),
        }
    }

    /// From `now` on `text` is the matter; nothing changes where it is already.
    pub fn add(&self, text: &str, now: TimestampMs) {
        let mut active = self.active();
        if active.iter().any(|one| one.text == text) {
            return;
        }
        let notification = Notification {
            text: text.to_owned(),
            date: format_time(now),
            active: true,
        };
        active.push(notification.clone());
        self.tell(notification);
    }

    /// `text` is no longer the matter.
    pub fn remove(&self, text: &str) {
        let mut active = self.active();
        let Some(place) = active.iter().position(|one| one.text == text) else {
            return;
        };
        let mut notification = active.remove(place);
        notification.active = false;
        self.tell(notification);
    }

    /// Those that are the matter now. Ordering: the oldest first.
    pub fn current(&self) -> Vec<Notification> {
        self.active().clone()
    }

    /// Ends all subscriptions, so that the server can stop.
    pub fn close(&self) {
        self.shared.seats.close();
        self.feeds().abort_all();
    }

    fn feeds(&self) -> MutexGuard<'_, JoinSet<()>> {
        let feeds = self.shared.feeds.lock();
        feeds.unwrap_or_else(PoisonError::into_inner)
    }

    fn active(&self) -> MutexGuard<'_, Vec<Notification>> {
        let active = self.shared.active.lock();
        active.unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, notification: Notification) {
        // Nobody may listen.
        let _ = self.shared.events.send(notification);
    }

    /// The body of a subscription, or `None` where there is no room.
    fn subscribe(&self) -> Option<Body> {
        let seat = Arc::clone(&self.shared.seats).try_acquire_owned().ok()?;
        let (theirs, ours) = tokio::io::duplex(PIPE);
        // Subscribed before the list is read: what changes between the two is told twice, not never.
        let events = self.shared.events.subscribe();
        let current = self.current();
        let mut feeds = self.feeds();
        while feeds.try_join_next().is_some() {}
        feeds.spawn(feed(current, events, ours, seat));
        Some(Body::from_stream(ReaderStream::new(theirs)))
    }
}

/// Writes events until the subscriber or the server goes.
async fn feed(
    current: Vec<Notification>,
    mut events: broadcast::Receiver<Notification>,
    mut pipe: DuplexStream,
    _seat: OwnedSemaphorePermit,
) {
    for notification in &current {
        if pipe
            .write_all(event(notification).as_bytes())
            .await
            .is_err()
        {
            return;
        }
    }
    loop {
        let text = match tokio::time::timeout(KEEP_ALIVE, events.recv()).await {
            Err(_) => ":\n\n".to_owned(),
            Ok(Ok(notification)) => event(&notification),
            Ok(Err(RecvError::Lagged(_))) => continue,
            Ok(Err(RecvError::Closed)) => return,
        };
        if pipe.write_all(text.as_bytes()).await.is_err() {
            return;
        }
    }
}

fn event(notification: &Notification) -> String {
    let text = serde_json::to_string(notification).unwrap_or_default();
    format!("data: {text}\n\n")
}

/// `/api/v1/notifications`
pub(crate) async fn list(State(state): State<Arc<ApiState>>) -> Response {
    success(state.notifications.current())
}

/// `/api/v1/notifications/live`
pub(crate) async fn live(State(state): State<Arc<ApiState>>) -> Response {
    let Some(body) = state.notifications.subscribe() else {
        return StatusCode::NO_CONTENT.into_response();
    };
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/event-stream"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    async fn next(body: &mut Body) -> Option<String> {
        let frame = body.frame().await?.unwrap();
        Some(String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_subscriber_is_told_what_is_what_comes_and_what_goes() {
        let all = Notifications::new(1);
        all.add("reload failed", TimestampMs(1_000));
        all.add("reload failed", TimestampMs(2_000));
        let mut body = all.subscribe().unwrap();
        let first = next(&mut body).await.unwrap();
        assert_eq!(
            first,
            "data: {\"text\":\"reload failed\",\"date\":\"1970-01-01T00:00:01.000Z\",\"active\":true}\n\n"
        );
        assert!(all.subscribe().is_none(), "one seat");
        all.remove("reload failed");
        assert!(next(&mut body).await.unwrap().contains("\"active\":false"));
        assert!(all.current().is_empty());
        all.close();
        assert_eq!(next(&mut body).await, None);
        assert!(all.subscribe().is_none(), "closed");
    }
}
