//! What a query may take: time, memory, patience.

use crate::{Error, QueryContext, QueryStats, Result};
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// How many points may pass between two looks at the clock.
const POINTS_PER_LOOK: usize = 4096;

/// Counts what one query holds and has used up.
#[derive(Debug)]
pub(crate) struct Budget {
    max_samples: usize,
    deadline: Option<Instant>,
    cancel: Option<Arc<AtomicBool>>,
    held: Cell<usize>,
    peak: Cell<usize>,
    since_look: Cell<usize>,
    total: Cell<u64>,
    read: Cell<u64>,
    series: Cell<usize>,
}

impl Budget {
    pub(crate) fn new(max_samples: usize, ctx: &QueryContext) -> Self {
        Self {
            max_samples,
            deadline: ctx.deadline,
            cancel: ctx.cancel.clone(),
            held: Cell::new(0),
            peak: Cell::new(0),
            since_look: Cell::new(0),
            total: Cell::new(0),
            read: Cell::new(0),
            series: Cell::new(0),
        }
    }

    /// Takes memory for `samples` more.
    pub(crate) fn hold(&self, samples: usize) -> Result<()> {
        let held = self.held.get().saturating_add(samples);
        if held > self.max_samples {
            return Err(Error::TooManySamples);
        }
        self.held.set(held);
        self.peak.set(self.peak.get().max(held));
        Ok(())
    }

    /// Gives memory back.
    pub(crate) fn release(&self, samples: usize) {
        self.held.set(self.held.get().saturating_sub(samples));
    }

    /// Says that `points` were worked on; fails if the query must end.
    pub(crate) fn work(&self, points: usize) -> Result<()> {
        let since = self.since_look.get().saturating_add(points);
        if since < POINTS_PER_LOOK {
            self.since_look.set(since);
            return Ok(());
        }
        self.since_look.set(0);
        self.look()
    }

    /// Fails if the query must end.
    pub(crate) fn look(&self) -> Result<()> {
        if self
            .cancel
            .as_ref()
            .is_some_and(|flag| flag.load(Ordering::Relaxed))
        {
            return Err(Error::Canceled);
        }
        if self
            .deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
        {
            return Err(Error::Timeout);
        }
        Ok(())
    }

    /// Counts samples that a selector gave.
    pub(crate) fn count_samples(&self, looked_at: u64, read: u64) {
        self.total.set(self.total.get().saturating_add(looked_at));
        self.read.set(self.read.get().saturating_add(read));
    }

    /// Counts series that a selector found.
    pub(crate) fn count_series(&self, n: usize) {
        self.series.set(self.series.get().saturating_add(n));
    }

    pub(crate) fn stats(&self) -> QueryStats {
        QueryStats {
            total_samples: self.total.get(),
            samples_read: self.read.get(),
            peak_samples: self.peak.get(),
            series: self.series.get(),
        }
    }
}
