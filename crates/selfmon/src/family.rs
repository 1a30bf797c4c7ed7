//! Instruments of one name, keyed by their label values.

use crate::instrument::{Counter, Gauge, Histogram};
use model::{BUCKET_LABEL, Labels, MetricFamily, MetricKind, Point};
use parking_lot::RwLock;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An instrument that a family can hold.
pub(crate) trait Instrument: Clone {
    /// Adds the instrument's points to its family.
    fn write(&self, labels: &Labels, points: &mut Vec<Point>);
}

impl Instrument for Counter {
    fn write(&self, labels: &Labels, points: &mut Vec<Point>) {
        points.push(Point {
            suffix: "",
            labels: labels.clone(),
            value: self.get(),
        });
    }
}

impl Instrument for Gauge {
    fn write(&self, labels: &Labels, points: &mut Vec<Point>) {
        points.push(Point {
            suffix: "",
            labels: labels.clone(),
            value: self.get(),
        });
    }
}

impl Instrument for Histogram {
    fn write(&self, labels: &Labels, points: &mut Vec<Point>) {
        let snapshot = self.snapshot();
        let mut builder = labels.to_builder();
        for (bound, count) in &snapshot.cumulative {
            let bound = if bound.is_finite() {
                bound.to_string()
            } else {
                "+Inf".to_owned()
            };
            let labels = builder.set(BUCKET_LABEL, &bound).build();
            points.push(Point {
                suffix: "_bucket",
                labels,
                value: *count as f64,
            });
        }
        let total = snapshot.cumulative.last().map_or(0, |(_, count)| *count);
        points.push(Point {
            suffix: "_sum",
            labels: labels.clone(),
            value: snapshot.sum,
        });
        points.push(Point {
            suffix: "_count",
            labels: labels.clone(),
            value: total as f64,
        });
    }
}

/// Members by label set. Ordering: of the labels, so pages do not change without reason.
#[derive(Debug)]
pub(crate) struct Members<I>(Arc<RwLock<BTreeMap<Labels, I>>>);

impl<I> Clone for Members<I> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<I> Default for Members<I> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<I: Instrument> Members<I> {
    pub(crate) fn get_or_add(&self, labels: Labels, make: impl FnOnce() -> I) -> I {
        if let Some(found) = self.0.read().get(&labels) {
            return found.clone();
        }
        self.0.write().entry(labels).or_insert_with(make).clone()
    }

    fn write(&self, points: &mut Vec<Point>) {
        for (labels, instrument) in self.0.read().iter() {
            instrument.write(labels, points);
        }
    }

    fn remove(&self, labels: &Labels) {
        self.0.write().remove(labels);
    }
}

/// What one name stands for.
#[derive(Debug, Clone)]
pub(crate) enum FamilyMembers {
    Counters(Members<Counter>),
    Gauges(Members<Gauge>),
    Histograms(Members<Histogram>, Arc<[f64]>),
}

#[derive(Debug, Clone)]
pub(crate) struct Family {
    pub(crate) help: String,
    pub(crate) members: FamilyMembers,
}

impl Family {
    pub(crate) fn gather(&self, name: &str) -> MetricFamily {
        let kind = match self.members {
            FamilyMembers::Counters(_) => MetricKind::Counter,
            FamilyMembers::Gauges(_) => MetricKind::Gauge,
            FamilyMembers::Histograms(..) => MetricKind::Histogram,
        };
        let mut family = MetricFamily::new(name, kind, self.help.clone());
        match &self.members {
            FamilyMembers::Counters(members) => members.write(&mut family.points),
            FamilyMembers::Gauges(members) => members.write(&mut family.points),
            FamilyMembers::Histograms(members, _) => members.write(&mut family.points),
        }
        family
    }
}

/// Pairs names with values; a missing value leaves its label out.
fn labels_of(names: &[&'static str], values: &[&str]) -> Labels {
    debug_assert_eq!(names.len(), values.len(), "one value per label name");
    Labels::from_pairs(names.iter().zip(values))
}

/// Counters of one name, one per combination of label values. Clones share their counters.
#[derive(Debug, Clone)]
pub struct CounterVec {
    pub(crate) names: Arc<[&'static str]>,
    pub(crate) members: Members<Counter>,
}

impl CounterVec {
    /// The counter of these values, in the order of the label names. Keep it where calls are frequent.
    pub fn with(&self, values: &[&str]) -> Counter {
        self.members
            .get_or_add(labels_of(&self.names, values), Counter::default)
    }

    /// Forgets the counter of these values.
    pub fn remove(&self, values: &[&str]) {
        self.members.remove(&labels_of(&self.names, values));
    }
}

/// Gauges of one name, one per combination of label values. Clones share their gauges.
#[derive(Debug, Clone)]
pub struct GaugeVec {
    pub(crate) names: Arc<[&'static str]>,
    pub(crate) members: Members<Gauge>,
}

impl GaugeVec {
    /// The gauge of these values, in the order of the label names.
    pub fn with(&self, values: &[&str]) -> Gauge {
        self.members
            .get_or_add(labels_of(&self.names, values), Gauge::default)
    }

    /// Forgets the gauge of these values.
    pub fn remove(&self, values: &[&str]) {
        self.members.remove(&labels_of(&self.names, values));
    }
}

/// Histograms of one name, one per combination of label values. Clones share their histograms.
#[derive(Debug, Clone)]
pub struct HistogramVec {
    pub(crate) names: Arc<[&'static str]>,
    pub(crate) members: Members<Histogram>,
    pub(crate) bounds: Arc<[f64]>,
}

impl HistogramVec {
    /// The histogram of these values, in the order of the label names.
    pub fn with(&self, values: &[&str]) -> Histogram {
        self.members.get_or_add(labels_of(&self.names, values), || {
            Histogram::with_bounds(&self.bounds)
        })
    }

    /// Forgets the histogram of these values.
    pub fn remove(&self, values: &[&str]) {
        self.members.remove(&labels_of(&self.names, values));
    }
}
