//! What families are, told to receivers of version 1 from time to time.

use crate::error::Error;
use crate::metrics::Kind;
use crate::queue::Shared;
use remote::Message;
use remote::encode::WriteRequest;
use std::sync::{Arc, Weak};
use storage::{Metadata, Queryable};
use tsdb::Db;

/// Sends everything that is known every `send_interval`.
pub(crate) async fn run(shared: Arc<Shared>, db: Weak<Db>) {
    let settings = shared.config.metadata;
    let most = usize::try_from(settings.max_samples_per_send).unwrap_or(usize::MAX);
    while shared.sleep(settings.send_interval.to_std()).await {
        let Some(known) = db.upgrade().map(|db| db.metadata()) else {
            return;
        };
        for part in known.chunks(most.max(1)) {
            if !send(&shared, part).await {
                return;
            }
        }
    }
}

/// Sends one request; false if the queue is to stop.
async fn send(shared: &Shared, part: &[Metadata]) -> bool {
    let count = part.len() as f64;
    let metrics = &shared.metrics;
    let request = part.iter().fold(WriteRequest::new(), |request, one| {
        request.metadata(one.clone())
    });
    let body = match request.encode(Message::V1) {
        Ok(body) => body,
        Err(error) => {
            tracing::error!(%error, "metadata not sent");
            return true;
        }
    };
    let mut wait = shared.config.queue.min_backoff.to_std();
    let mut kept = None;
    for attempt in 0u32.. {
        let counters = if attempt == 0 {
            &metrics.sent
        } else {
            &metrics.retried
        };
        counters.of(Kind::Metadata).add(count);
        match shared.poster.post(&body, 0, attempt, &mut kept).await {
            Ok(()) => {
                metrics.metadata_bytes.add(body.len() as f64);
                return true;
            }
            Err(Error::Recoverable { after, .. }) => {
                if !shared.sleep(wait.max(after.unwrap_or_default())).await {
                    return false;
                }
                wait = (wait * 2).min(shared.config.queue.max_backoff.to_std());
            }
            Err(error) => {
                let (remote_name, url) = (&shared.name, &shared.shown_url);
                tracing::error!(remote_name, url, %error, "metadata refused");
                metrics.failed.of(Kind::Metadata).add(count);
                return true;
            }
        }
    }
    true
}
