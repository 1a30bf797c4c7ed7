//! What a query may take: time, memory, patience.

use crate::{Error, QueryContext, QueryStats, Result};
use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// How many points may pass between two looks at the clock.
const POINTS_PER_LOOK: usize = 4096;

/// What a query takes from the memory of all at once. Units: bytes.
const GRANULE: usize = 256 << 10;

/// What a held sample takes: a time and a value. Units: bytes.
const SAMPLE_BYTES: usize = 16;

/// The memory that all running queries of an engine share. Units: bytes.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    used: AtomicUsize,
}

impl Pool {
    /// What running queries have taken.
    pub(crate) fn used(&self) -> usize {
        self.used.load(Relaxed)
    }
}

/// What a query may hold. Units: samples and bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) samples: usize,
    pub(crate) query_bytes: usize,
    pub(crate) total_bytes: usize,
}

/// What all threads of one query have in common.
#[derive(Debug)]
struct Account {
    limits: Limits,
    pool: Arc<Pool>,
    deadline: Option<Instant>,
    cancel: Option<Arc<AtomicBool>>,
    samples: AtomicUsize,
    peak_samples: AtomicUsize,
    bytes: AtomicUsize,
    peak_bytes: AtomicUsize,
    /// Taken from the pool.
    reserved: AtomicUsize,
}

impl Drop for Account {
    fn drop(&mut self) {
        self.pool.used.fetch_sub(*self.reserved.get_mut(), Relaxed);
    }
}

impl Account {
    fn hold_bytes(&self, bytes: usize) -> Result<()> {
        let before = self.bytes.fetch_add(bytes, Relaxed);
        let held = before.saturating_add(bytes);
        let limit = self.limits.query_bytes;
        if held > limit {
            self.bytes.fetch_sub(bytes, Relaxed);
            return Err(Error::QueryMemory { limit });
        }
        self.peak_bytes.fetch_max(held, Relaxed);
        // Two threads may reserve for the same bytes; the next to hold more finds them there.
        let missing = held.saturating_sub(self.reserved.load(Relaxed));
        if missing == 0 {
            return Ok(());
        }
        let granules = missing.div_ceil(GRANULE).saturating_mul(GRANULE);
        let used = self.pool.used.fetch_add(granules, Relaxed);
        let limit = self.limits.total_bytes;
        if used.saturating_add(granules) > limit {
            self.pool.used.fetch_sub(granules, Relaxed);
            self.bytes.fetch_sub(bytes, Relaxed);
            return Err(Error::TotalMemory { limit });
        }
        self.reserved.fetch_add(granules, Relaxed);
        Ok(())
    }

    fn release_bytes(&self, bytes: usize) {
        // Never more than is held, so that a slip cannot turn into a huge number.
        let _ = self
            .bytes
            .fetch_update(Relaxed, Relaxed, |held| Some(held.saturating_sub(bytes)));
    }
}

/// Counts what one thread of a query has used up, and holds memory in the account of all its threads.
#[derive(Debug)]
pub(crate) struct Budget {
    account: Arc<Account>,
    since_look: Cell<usize>,
    counts: Cell<Counts>,
    /// Samples looked at, per step of the query; empty unless they are wanted.
    per_step: RefCell<Vec<u64>>,
    /// Whether samples are looked at for something that counts them itself.
    is_inner: Cell<bool>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    total: u64,
    read: u64,
    series: usize,
    preparing: Duration,
}

impl Budget {
    /// The budget of a query of `steps` steps.
    pub(crate) fn new(limits: Limits, pool: &Arc<Pool>, ctx: &QueryContext, steps: usize) -> Self {
        let account = Account {
            limits,
            pool: Arc::clone(pool),
            deadline: ctx.deadline,
            cancel: ctx.cancel.clone(),
            samples: AtomicUsize::new(0),
            peak_samples: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            peak_bytes: AtomicUsize::new(0),
            reserved: AtomicUsize::new(0),
        };
        // More steps than may be held have no result whose samples could be told.
        let wanted = ctx.per_step_stats && steps <= limits.samples;
        Self {
            account: Arc::new(account),
            since_look: Cell::new(0),
            counts: Cell::default(),
            per_step: RefCell::new(vec![0; if wanted { steps } else { 0 }]),
            is_inner: Cell::new(false),
        }
    }

    /// The budget of another thread of the same query.
    pub(crate) fn fork(&self) -> Self {
        Self {
            account: Arc::clone(&self.account),
            since_look: Cell::new(0),
            counts: Cell::default(),
            per_step: RefCell::new(vec![0; self.per_step.borrow().len()]),
            is_inner: Cell::new(self.is_inner.get()),
        }
    }

    /// Adds what another thread has counted.
    pub(crate) fn absorb(&self, other: &Self) {
        let (mut counts, more) = (self.counts.get(), other.counts.get());
        counts.total = counts.total.saturating_add(more.total);
        counts.read = counts.read.saturating_add(more.read);
        counts.series += more.series;
        counts.preparing += more.preparing;
        self.counts.set(counts);
        let mut per_step = self.per_step.borrow_mut();
        for (count, more) in per_step.iter_mut().zip(other.per_step.borrow().iter()) {
            *count += more;
        }
    }

    /// Takes memory for `samples` more.
    pub(crate) fn hold(&self, samples: usize) -> Result<()> {
        let before = self.account.samples.fetch_add(samples, Relaxed);
        let held = before.saturating_add(samples);
        if held > self.account.limits.samples {
            self.account.samples.fetch_sub(samples, Relaxed);
            return Err(Error::TooManySamples);
        }
        self.account.peak_samples.fetch_max(held, Relaxed);
        let bytes = samples.saturating_mul(SAMPLE_BYTES);
        let outcome = self.account.hold_bytes(bytes);
        if outcome.is_err() {
            self.account.samples.fetch_sub(samples, Relaxed);
        }
        outcome
    }

    /// Gives memory back.
    pub(crate) fn release(&self, samples: usize) {
        let _ = self
            .account
            .samples
            .fetch_update(Relaxed, Relaxed, |held| Some(held.saturating_sub(samples)));
        self.release_bytes(samples.saturating_mul(SAMPLE_BYTES));
    }

    /// Takes memory that is not for samples.
    pub(crate) fn hold_bytes(&self, bytes: usize) -> Result<()> {
        self.account.hold_bytes(bytes)
    }

    /// Gives back what [`Budget::hold_bytes`] took.
    pub(crate) fn release_bytes(&self, bytes: usize) {
        self.account.release_bytes(bytes);
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
        let Account {
            cancel, deadline, ..
        } = &*self.account;
        if cancel.as_ref().is_some_and(|flag| flag.load(Relaxed)) {
            return Err(Error::Canceled);
        }
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(Error::Timeout);
        }
        Ok(())
    }

    /// Counts samples that a selector gave: `read` from the storage, and `looked_at` of them, once per step
    /// and window; `per_step` tells how many that were at each step.
    pub(crate) fn count_samples(
        &self,
        looked_at: u64,
        read: u64,
        per_step: impl IntoIterator<Item = u64>,
    ) {
        let mut counts = self.counts.get();
        counts.read = counts.read.saturating_add(read);
        if !self.is_inner.get() {
            counts.total = counts.total.saturating_add(looked_at);
            let mut steps = self.per_step.borrow_mut();
            if !steps.is_empty() {
                for (count, more) in steps.iter_mut().zip(per_step) {
                    *count += more;
                }
            }
        }
        self.counts.set(counts);
    }

    /// Evaluates something whose samples are looked at for what stands around it: they are read, and counted
    /// there.
    pub(crate) fn inside<T>(&self, inside: impl FnOnce() -> T) -> T {
        let outer = self.is_inner.replace(true);
        let outcome = inside();
        self.is_inner.set(outer);
        outcome
    }

    /// Evaluates something at one step whose outcome stands for `steps` steps: its samples count at each.
    pub(crate) fn repeated<T>(&self, steps: usize, once: impl FnOnce() -> T) -> T {
        let before = self.counts.get().total;
        let outcome = once();
        let mut counts = self.counts.get();
        let new = counts.total.saturating_sub(before);
        let rest = u64::try_from(steps).unwrap_or(u64::MAX).saturating_sub(1);
        counts.total = counts.total.saturating_add(new.saturating_mul(rest));
        self.counts.set(counts);
        // The first step has them already.
        for count in self.per_step.borrow_mut().iter_mut().skip(1) {
            *count += new;
        }
        outcome
    }

    /// Counts series that a selector found, and the time that finding them took.
    pub(crate) fn count_series(&self, n: usize, took: Duration) {
        let mut counts = self.counts.get();
        counts.series = counts.series.saturating_add(n);
        counts.preparing += took;
        self.counts.set(counts);
    }

    /// Samples read from the storage until now.
    pub(crate) fn read(&self) -> u64 {
        self.counts.get().read
    }

    pub(crate) fn stats(&self) -> QueryStats {
        let counts = self.counts.get();
        QueryStats {
            total_samples: counts.total,
            samples_read: counts.read,
            peak_samples: self.account.peak_samples.load(Relaxed),
            peak_bytes: self.account.peak_bytes.load(Relaxed),
            series: counts.series,
            preparing: counts.preparing,
            ..QueryStats::default()
        }
    }

    /// Samples looked at per step; empty unless they were wanted.
    pub(crate) fn take_per_step(&self) -> Vec<u64> {
        self.per_step.take()
    }
}
