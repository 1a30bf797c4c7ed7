//! Reading the log into a head.

use crate::exemplars::{self, ExemplarRing};
use crate::generation::Value;
use crate::head::{Head, Slots};
use crate::metadata::MetadataTable;
use crate::wal::{Order, Sink};
use model::{Histogram, Labels};
use std::sync::Arc;
use storage::{Exemplar, Metadata};

/// Fills a head.
pub(super) struct Filler<'a> {
    head: Head,
    exemplars: exemplars::Replayed,
    metadata: &'a MetadataTable,
}

impl<'a> Filler<'a> {
    pub(super) fn new(head: Head, metadata: &'a MetadataTable) -> Self {
        Self {
            head,
            exemplars: exemplars::Replayed::default(),
            metadata,
        }
    }

    pub(super) fn finish(self, max_exemplars: usize) -> (Head, ExemplarRing) {
        (self.head, self.exemplars.into_ring(max_exemplars))
    }

    fn sample(&mut self, series: u32, time: i64, value: Value, order: Order) {
        match order {
            Order::InOrder => self.head.apply(series, time, value),
            Order::Late => self.head.apply_late(series, time, value),
        }
    }
}

impl Sink for Filler<'_> {
    type Slots = Slots;

    fn layout(&mut self, series: Vec<u32>) -> Slots {
        Slots::new(series)
    }

    fn series(&mut self, labels: Labels) -> u32 {
        // The limits were kept when it was written. An index that is full has no number to give, and
        // nothing can be stored under the one that stands for that.
        self.head.register(&labels, None).unwrap_or(u32::MAX)
    }

    fn frame(&mut self, slots: &Slots, time: i64, values: &[f64]) {
        self.head.apply_frame(slots, time, values);
    }

    fn loose(&mut self, series: u32, time: i64, value: f64, order: Order) {
        self.sample(series, time, value.into(), order);
    }

    fn histogram(&mut self, series: u32, time: i64, histogram: Arc<Histogram>, order: Order) {
        self.sample(series, time, histogram.into(), order);
    }

    fn exemplar(&mut self, series: u32, exemplar: Exemplar) {
        if let Some(labels) = self.head.index.labels(series) {
            self.exemplars.push(labels, exemplar);
        }
    }

    fn metadata(&mut self, metadata: Metadata) {
        self.metadata.set([metadata]);
    }

    fn deleted(&mut self, series: u32, start: i64, end: i64) {
        self.head.delete(series, start, end);
    }
}
