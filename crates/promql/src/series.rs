//! Series of intermediate results.

use crate::budget::Budget;
use crate::labels::without_metadata;
use crate::{Error, Result, histogram};
use hashbrown::HashMap;
use model::{Histogram, Labels, STALE_NAN_BITS};
use std::sync::Arc;

/// Says "no sample at this step". Arithmetic never makes it: it is a signalling NaN.
pub(crate) const ABSENT: f64 = f64::from_bits(STALE_NAN_BITS);

/// Whether there is no sample.
pub(crate) fn is_absent(value: f64) -> bool {
    value.to_bits() == STALE_NAN_BITS
}

/// Whether any of `values` says that there is no sample. Without a branch per value: it looks at all.
pub(crate) fn has_absent(values: &[f64]) -> bool {
    let mut any = false;
    for value in values {
        any |= value.to_bits() == STALE_NAN_BITS;
    }
    any
}

/// One series of an instant vector over a grid.
#[derive(Debug, Clone, Default)]
pub(crate) struct Series {
    /// Labels; the metric name may still be there although it is dropped.
    pub(crate) labels: Labels,
    /// Whether the metric name (and type and unit) counts as dropped.
    pub(crate) drop_name: bool,
    /// Its number in the selection that it comes from, where that stands in for labels.
    pub(crate) number: usize,
    /// Shape: `values[n_steps]`, [`ABSENT`] where there is no sample, any other NaN where there is a
    /// histogram.
    pub(crate) values: Vec<f64>,
    /// Shape: empty where there is no histogram at all, else `histograms[n_steps]`.
    pub(crate) histograms: Vec<Option<Arc<Histogram>>>,
}

/// The value of a series at one step.
#[derive(Debug, Clone)]
pub(crate) enum Sample {
    /// A number.
    Float(f64),
    /// A native histogram.
    Histogram(Arc<Histogram>),
}

impl Series {
    /// A series of numbers.
    pub(crate) fn of_floats(labels: Labels, drop_name: bool, values: Vec<f64>) -> Self {
        Self {
            labels,
            drop_name,
            number: 0,
            values,
            histograms: Vec::new(),
        }
    }

    /// Whether there is a sample at any step.
    pub(crate) fn has_samples(&self) -> bool {
        let mut values = self.values.iter();
        values.any(|value| !is_absent(*value)) || self.histograms.iter().any(Option::is_some)
    }

    /// A series with room for `n` samples and none of them there.
    pub(crate) fn blank_of(labels: Labels, drop_name: bool, n: usize) -> Self {
        Self::of_floats(labels, drop_name, vec![ABSENT; n])
    }

    /// Whether no step has a sample.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.iter().all(|value| is_absent(*value))
    }

    /// The histogram at step number `k`.
    pub(crate) fn histogram(&self, k: usize) -> Option<&Arc<Histogram>> {
        self.histograms.get(k).and_then(Option::as_ref)
    }

    /// The sample at step number `k`.
    pub(crate) fn sample(&self, k: usize) -> Option<Sample> {
        if let Some(histogram) = self.histogram(k) {
            return Some(Sample::Histogram(Arc::clone(histogram)));
        }
        let value = *self.values.get(k)?;
        (!is_absent(value)).then_some(Sample::Float(value))
    }

    /// Sets the sample at step number `k`.
    pub(crate) fn set(&mut self, k: usize, sample: Option<Sample>) {
        let Some(slot) = self.values.get_mut(k) else {
            return;
        };
        let histogram = match sample {
            None => {
                *slot = ABSENT;
                None
            }
            Some(Sample::Float(value)) => {
                *slot = value;
                None
            }
            Some(Sample::Histogram(histogram)) => {
                *slot = f64::NAN;
                Some(histogram)
            }
        };
        if histogram.is_some() && self.histograms.is_empty() {
            self.histograms.resize(self.values.len(), None);
        }
        if let Some(slot) = self.histograms.get_mut(k) {
            *slot = histogram;
        }
    }

    /// Forgets all samples and keeps their memory.
    pub(crate) fn clear(&mut self) {
        self.values.clear();
        self.histograms.clear();
    }

    /// Takes the histograms out; whether there was any.
    pub(crate) fn keep_floats(&mut self) -> bool {
        if self.histograms.is_empty() {
            return false;
        }
        let mut any = false;
        for (value, histogram) in self.values.iter_mut().zip(&self.histograms) {
            if histogram.is_some() {
                *value = ABSENT;
                any = true;
            }
        }
        self.histograms.clear();
        any
    }

    /// What the series counts for in the budget.
    pub(crate) fn size(&self) -> usize {
        let histograms = self.histograms.iter().flatten();
        self.values.len() + histograms.map(|one| histogram::samples(one)).sum::<usize>()
    }
}

/// Takes series one by one; it may take a series' values away.
pub(crate) type Sink<'s> = &'s mut dyn FnMut(&mut Series) -> Result<()>;

/// All series of an instant vector, counted in the budget.
#[derive(Debug)]
pub(crate) struct Table<'e> {
    pub(crate) series: Vec<Series>,
    held: usize,
    bytes: usize,
    budget: &'e Budget,
}

impl<'e> Table<'e> {
    pub(crate) fn new(budget: &'e Budget) -> Self {
        Self {
            series: Vec::new(),
            held: 0,
            bytes: 0,
            budget,
        }
    }

    pub(crate) fn push(&mut self, series: Series) -> Result<()> {
        let size = series.size();
        self.budget.hold(size)?;
        self.held += size;
        let bytes = series.labels.heap_bytes() + size_of::<Series>();
        self.budget.hold_bytes(bytes)?;
        self.bytes += bytes;
        self.series.push(series);
        Ok(())
    }

    /// Hands all series over and gives their memory back.
    pub(crate) fn drain_into(mut self, sink: Sink<'_>) -> Result<()> {
        for mut series in std::mem::take(&mut self.series) {
            let n = series.size();
            sink(&mut series)?;
            self.budget.release(n);
            self.held -= n;
        }
        Ok(())
    }

    /// Takes dropped names off for good, and joins the series that look the same without them.
    ///
    /// # Errors
    /// [`Error::SameLabelset`] where two of them have samples at the same step.
    pub(crate) fn settle(&mut self) -> Result<()> {
        if !self.series.iter().any(|series| series.drop_name) {
            return Ok(());
        }
        for series in &mut self.series {
            if series.drop_name {
                series.labels = without_metadata(&series.labels);
                series.drop_name = false;
            }
        }
        self.join_same()
    }

    /// Takes dropped names off for good where no two series may look the same without them.
    ///
    /// # Errors
    /// [`Error::SameLabelset`] where two of them do, even if never at the same step.
    pub(crate) fn settle_apart(&mut self) -> Result<()> {
        let count = self.series.len();
        self.settle()?;
        if self.series.len() < count {
            return Err(Error::SameLabelset);
        }
        Ok(())
    }

    /// Joins series with equal labels.
    ///
    /// # Errors
    /// [`Error::SameLabelset`] where two of them have samples at the same step.
    pub(crate) fn join_same(&mut self) -> Result<()> {
        let mut places: HashMap<Labels, usize> = HashMap::with_capacity(self.series.len());
        let mut kept: Vec<Series> = Vec::with_capacity(self.series.len());
        for series in std::mem::take(&mut self.series) {
            let place = *places.entry(series.labels.clone()).or_insert(kept.len());
            match kept.get_mut(place) {
                None => kept.push(series),
                Some(have) => {
                    for (k, new) in series.values.iter().enumerate() {
                        if is_absent(*new) {
                            continue;
                        }
                        if have.values.get(k).is_none_or(|old| !is_absent(*old)) {
                            return Err(Error::SameLabelset);
                        }
                        have.set(k, series.sample(k));
                    }
                }
            }
        }
        self.series = kept;
        Ok(())
    }
}

impl Drop for Table<'_> {
    fn drop(&mut self) {
        self.budget.release(self.held);
        self.budget.release_bytes(self.bytes);
    }
}

/// A scalar at every step.
#[derive(Debug, Clone)]
pub(crate) enum Scalars {
    /// The same everywhere.
    Same(f64),
    /// Shape: `values[n_steps]`.
    Each(Vec<f64>),
}

impl Scalars {
    /// The scalar at step number `k`.
    pub(crate) fn at(&self, k: usize) -> f64 {
        match self {
            Self::Same(value) => *value,
            Self::Each(values) => values.get(k).copied().unwrap_or(f64::NAN),
        }
    }

    /// The scalars of two, step by step.
    pub(crate) fn zip(self, other: &Self, n: usize, op: impl Fn(f64, f64) -> f64) -> Self {
        match (self, other) {
            (Self::Same(a), Self::Same(b)) => Self::Same(op(a, *b)),
            (a, b) => Self::Each((0..n).map(|k| op(a.at(k), b.at(k))).collect()),
        }
    }

    /// Every scalar changed.
    pub(crate) fn map(self, op: impl Fn(f64) -> f64) -> Self {
        match self {
            Self::Same(value) => Self::Same(op(value)),
            Self::Each(values) => Self::Each(values.into_iter().map(op).collect()),
        }
    }
}
