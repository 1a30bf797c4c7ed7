//! What every node of an expression took, for those who ask.

use crate::budget::Budget;
use hashbrown::HashMap;
use promql_syntax::Expr;
use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

/// What one node took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Series that it gave.
    pub(crate) series: u64,
    /// Samples read from the storage, by it and by what it is made from.
    pub(crate) samples: u64,
    /// Time, with that of what it is made from, without that of what takes its series; of all threads.
    pub(crate) time: Duration,
}

/// The costs of nodes by where they are in memory: the expression stays where it is for a query's time.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    costs: RefCell<HashMap<usize, Cost>>,
}

fn key(expr: &Expr) -> usize {
    std::ptr::from_ref(expr).addr()
}

impl Profile {
    /// The cost of a node, if it was evaluated on its own.
    pub(crate) fn of(&self, expr: &Expr) -> Option<Cost> {
        self.costs.borrow().get(&key(expr)).copied()
    }

    /// Adds to the cost of a node.
    pub(crate) fn add(&self, expr: &Expr, more: Cost) {
        self.add_to(key(expr), more);
    }

    fn add_to(&self, key: usize, more: Cost) {
        let mut costs = self.costs.borrow_mut();
        let cost = costs.entry(key).or_default();
        cost.series += more.series;
        cost.samples += more.samples;
        cost.time += more.time;
    }

    /// Adds what another thread has found.
    pub(crate) fn absorb(&self, other: &Self) {
        for (key, cost) in other.costs.borrow().iter() {
            self.add_to(*key, *cost);
        }
    }

    /// Measures what `evaluate` takes without what happens in [`Watch::outside`].
    pub(crate) fn watch<T>(
        &self,
        expr: &Expr,
        budget: &Budget,
        evaluate: impl FnOnce(&Watch) -> T,
    ) -> T {
        let watch = Watch::default();
        let (started, read) = (Instant::now(), budget.read());
        let outcome = evaluate(&watch);
        self.add(
            expr,
            Cost {
                series: watch.series.get(),
                samples: budget.read().saturating_sub(read),
                time: started.elapsed().saturating_sub(watch.outside.get()),
            },
        );
        outcome
    }
}

/// Counts the series that a node gives away, and the time that it does not have itself.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    series: Cell<u64>,
    outside: Cell<Duration>,
}

impl Watch {
    /// Hands one series over, which counts if it has samples.
    pub(crate) fn outside<T>(&self, has_samples: bool, take: impl FnOnce() -> T) -> T {
        self.series.set(self.series.get() + u64::from(has_samples));
        let started = Instant::now();
        let outcome = take();
        self.outside.set(self.outside.get() + started.elapsed());
        outcome
    }
}
