//! How many queries run at once, and what stops one.

use crate::active::ActiveQueries;
use crate::error::{ApiError, ErrorKind};
use clock::Clock;
use promql::QueryContext;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// Queries of one request that run at once on few processors: some wait for the disk.
const AT_LEAST: usize = 4;

/// Lets so many queries run at once; others wait, at most until their own timeout.
#[derive(Clone)]
pub struct QueryGate {
    seats: Arc<Semaphore>,
    /// How many seats there are.
    count: usize,
    active: Option<ActiveQueries>,
    clock: Arc<dyn Clock>,
}

/// Set when the client goes away: dropping the handler's future drops this.
struct CancelOnDrop(Arc<AtomicBool>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl QueryGate {
    /// A gate for `max_concurrency` queries, which notes in `active` those that run.
    pub fn new(
        max_concurrency: usize,
        active: Option<ActiveQueries>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let count = max_concurrency.max(1);
        Self {
            seats: Arc::new(Semaphore::new(count)),
            count,
            active,
            clock,
        }
    }

    /// How many queries of one request run at once: no more than keep the processors busy, and never more
    /// than half of the seats where there are two, so that others need not wait for all of them.
    pub(crate) fn share(&self) -> usize {
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
        (self.count / 2).max(1).min(processors.max(AT_LEAST))
    }

    /// Runs `work` on a blocking thread with a context that ends at `timeout` or when the client goes.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        timeout: Duration,
        context: QueryContext,
        work: impl FnOnce(&QueryContext) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let timed_out = || ApiError::new(ErrorKind::Timeout, "query timed out in query queue");
        let deadline = Instant::now().checked_add(timeout);
        let seat = tokio::time::timeout(timeout, Arc::clone(&self.seats).acquire_owned());
        // The semaphore is never closed.
        let seat = seat
            .await
            .map_err(|_| timed_out())?
            .map_err(|_| timed_out())?;
        // Somebody else may hold it, too.
        let cancel = context.cancel.clone().unwrap_or_default();
        let canceler = CancelOnDrop(Arc::clone(&cancel));
        let context = QueryContext {
            deadline,
            cancel: Some(cancel),
            ..context
        };
        let (active, clock) = (self.active.clone(), Arc::clone(&self.clock));
        let task = tokio::task::spawn_blocking(move || {
            let text = context.text.clone().unwrap_or_default();
            let _noted = active.map(|active| active.begin(&text, clock.now()));
            // Given back when the work has ended, not when the client has gone.
            let _seat = seat;
            work(&context)
        });
        let result = task.await;
        drop(canceler);
        result.unwrap_or_else(|_| {
            Err(ApiError::new(
                ErrorKind::Internal,
                "the query ended unexpectedly; see the server's log",
            ))
        })
    }
}
