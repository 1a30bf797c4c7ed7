//! One queue of samples with the task that sends them.

use crate::error::Error;
use crate::metrics::{Kind, Metrics, TOO_OLD};
use crate::queue::Shared;
use http_client::Connection;
use remote::{Outgoing, OutgoingValue, encode_outgoing};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::Receiver;

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Delivery {
    /// It was sent, or never can be.
    Done,
    /// The server stops, and the receiver does not take it now.
    GivenUp,
}

/// Sends what comes until the queue is closed and empty; counts in `done` what needs not be sent any more.
pub(crate) async fn run(
    shared: Arc<Shared>,
    mut waiting: Receiver<Outgoing>,
    done: Arc<AtomicU64>,
) {
    let most = usize::try_from(shared.config.queue.max_samples_per_send).unwrap_or(usize::MAX);
    let patience = shared.config.queue.batch_send_deadline.to_std();
    let mut batch = Vec::new();
    let mut kept = None;
    loop {
        if waiting.recv_many(&mut batch, most).await == 0 {
            return;
        }
        let full = async {
            while batch.len() < most {
                let rest = most - batch.len();
                if waiting.recv_many(&mut batch, rest).await == 0 {
                    break;
                }
            }
        };
        // Too few in time are sent too.
        let _ = tokio::time::timeout(patience, full).await;
        let count = batch.len() as u64;
        let mut pending = Vec::new();
        each_kind(&batch, |kind, count| pending.push((kind, count)));
        if deliver(&shared, &mut batch, &mut kept).await == Delivery::GivenUp {
            return;
        }
        for (kind, count) in pending {
            shared.metrics.pending.of(kind).add(-count);
        }
        done.fetch_add(count, Ordering::AcqRel);
        batch.clear();
    }
}

async fn deliver(
    shared: &Shared,
    batch: &mut Vec<Outgoing>,
    kept: &mut Option<Connection>,
) -> Delivery {
    let queue = &shared.config.queue;
    let metrics = &shared.metrics;
    let started = Instant::now();
    let mut wait = queue.min_backoff.to_std();
    let mut body = Vec::new();
    for attempt in 0u32.. {
        let before = batch.len();
        if attempt > 0 {
            shared.drop_old(batch);
        }
        if batch.is_empty() {
            return Delivery::Done;
        }
        if attempt == 0 || batch.len() != before {
            body = match encode_outgoing(batch, shared.poster.message) {
                Ok(body) => body,
                Err(error) => {
                    refused(shared, batch, &Error::Encode(error));
                    return Delivery::Done;
                }
            };
        }
        each_kind(batch, |kind, count| {
            let counters = if attempt == 0 {
                &metrics.sent
            } else {
                &metrics.retried
            };
            counters.of(kind).add(count);
        });
        let sent = shared.poster.post(&body, batch.len(), attempt, kept).await;
        match sent {
            Ok(()) => {
                shared.recovered();
                metrics.duration.observe(started.elapsed().as_secs_f64());
                metrics.bytes.add(body.len() as f64);
                if let Some(newest) = batch.iter().map(time).max() {
                    Metrics::newer(&metrics.newest_sent, newest);
                }
                return Delivery::Done;
            }
            Err(Error::Recoverable { reason, after }) => {
                shared.failed(attempt, &reason);
                if !shared.sleep(wait.max(after.unwrap_or_default())).await {
                    return Delivery::GivenUp;
                }
                wait = (wait * 2).min(queue.max_backoff.to_std());
            }
            Err(error) => {
                metrics.duration.observe(started.elapsed().as_secs_f64());
                refused(shared, batch, &error);
                return Delivery::Done;
            }
        }
    }
    Delivery::Done
}

fn refused(shared: &Shared, batch: &[Outgoing], error: &Error) {
    let count = batch.len();
    let (remote_name, url) = (&shared.name, &shared.shown_url);
    tracing::error!(remote_name, url, count, %error, "non-recoverable error");
    each_kind(batch, |kind, count| {
        shared.metrics.failed.of(kind).add(count);
    });
}

fn each_kind(batch: &[Outgoing], mut note: impl FnMut(Kind, f64)) {
    for wanted in [Kind::Sample, Kind::Histogram, Kind::Exemplar] {
        let count = batch.iter().filter(|item| kind(item) == wanted).count();
        if count > 0 {
            note(wanted, count as f64);
        }
    }
}

pub(crate) fn kind(item: &Outgoing) -> Kind {
    match item.value {
        OutgoingValue::Float { .. } => Kind::Sample,
        OutgoingValue::Histogram { .. } => Kind::Histogram,
        OutgoingValue::Exemplar(_) => Kind::Exemplar,
    }
}

/// Units: milliseconds.
pub(crate) fn time(item: &Outgoing) -> i64 {
    match &item.value {
        OutgoingValue::Float { time, .. } | OutgoingValue::Histogram { time, .. } => *time,
        OutgoingValue::Exemplar(exemplar) => exemplar.time,
    }
}

impl Shared {
    /// Whether something of this time is not to be sent any more.
    pub(crate) fn is_too_old(&self, time: i64) -> bool {
        let limit = self.config.queue.sample_age_limit.0;
        limit > 0 && time < self.clock.now().0.saturating_sub(limit)
    }

    fn drop_old(&self, batch: &mut Vec<Outgoing>) {
        batch.retain(|item| {
            let stays = !self.is_too_old(time(item));
            if !stays {
                self.metrics.drop(kind(item), TOO_OLD, 1);
            }
            stays
        });
    }

    /// Waits; false if the queue is to stop.
    pub(crate) async fn sleep(&self, time: Duration) -> bool {
        let mut stopping = self.stopping.subscribe();
        let stop = stopping.wait_for(|stop| *stop);
        tokio::time::timeout(time, stop).await.is_err()
    }
}
