//! The way to one Alertmanager.

use crate::body;
use crate::metrics::SenderMetrics;
use crate::queue::Queue;
use http::Uri;
use http_client::{HttpClient, Request};
use rules::Notification;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What a request says of itself.
const HEADERS: &str = concat!(
    "User-Agent: Watchfire/",
    env!("CARGO_PKG_VERSION"),
    "\r\nContent-Type: application/json\r\n"
);

/// Why alerts were not taken.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error(transparent)]
    Http(#[from] http_client::Error),
    #[error("bad response status {status} {reason}")]
    Status { status: u16, reason: String },
}

/// One Alertmanager with what waits for it.
pub(crate) struct Sender {
    pub(crate) url: Uri,
    client: HttpClient,
    timeout: Duration,
    queue: Queue,
    /// Most alerts of one request.
    batch: usize,
    pub(crate) metrics: SenderMetrics,
    /// Set when the server stops: what waits is still sent, then the task ends.
    draining: AtomicBool,
}

impl Sender {
    pub(crate) fn new(
        url: Uri,
        client: HttpClient,
        timeout: Duration,
        capacity: usize,
        batch: usize,
        metrics: SenderMetrics,
    ) -> Self {
        Self {
            url,
            client,
            timeout,
            queue: Queue::new(capacity),
            batch: batch.max(1),
            metrics,
            draining: AtomicBool::new(false),
        }
    }

    /// Puts alerts into the queue.
    pub(crate) fn add(&self, alerts: &[Arc<Notification>]) {
        let dropped = self.queue.add(alerts.iter().cloned());
        if dropped > 0 {
            let alertmanager = self.url.to_string();
            tracing::warn!(
                alertmanager,
                dropped,
                "queue of alerts full, oldest dropped"
            );
            self.metrics.dropped.add(dropped as f64);
        }
        self.metrics.queue_length.set(self.queue.len() as f64);
    }

    /// Lets the task end when nothing waits any more.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Ordering::Release);
        self.queue.add(std::iter::empty());
    }

    /// Sends what comes, until it is told to end.
    pub(crate) async fn run(self: Arc<Self>) {
        loop {
            self.queue.filled().await;
            loop {
                let batch = self.queue.take(self.batch);
                if batch.is_empty() {
                    break;
                }
                self.metrics.queue_length.set(self.queue.len() as f64);
                self.send(&batch).await;
            }
            if self.draining.load(Ordering::Acquire) {
                return;
            }
        }
    }

    async fn send(&self, batch: &[Arc<Notification>]) {
        let count = batch.len() as f64;
        let started = Instant::now();
        let done = self.post(batch).await;
        self.metrics.took(started.elapsed());
        self.metrics.sent.add(count);
        if let Err(error) = done {
            let (alertmanager, alerts) = (self.url.to_string(), batch.len());
            tracing::error!(alertmanager, alerts, %error, "alerts not sent");
            self.metrics.errors.add(count);
            self.metrics.dropped.add(count);
        }
    }

    async fn post(&self, batch: &[Arc<Notification>]) -> Result<(), Refused> {
        let body = body::encode(batch.iter().map(|alert| &**alert));
        let request = Request::post(self.url.clone(), self.timeout, body).with_headers(HEADERS);
        let response = self.client.fetch(request).await?;
        if (200..300).contains(&response.status) {
            return Ok(());
        }
        Err(Refused::Status {
            status: response.status,
            reason: response.reason,
        })
    }
}
