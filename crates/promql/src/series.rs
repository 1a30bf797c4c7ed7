//! Series of intermediate results.

use crate::budget::Budget;
use crate::labels::without_metadata;
use crate::{Error, Result};
use hashbrown::HashMap;
use model::{Labels, STALE_NAN_BITS};

/// Says "no sample at this step". Arithmetic never makes it: it is a signalling NaN.
pub(crate) const ABSENT: f64 = f64::from_bits(STALE_NAN_BITS);

/// Whether there is no sample.
pub(crate) fn is_absent(value: f64) -> bool {
    value.to_bits() == STALE_NAN_BITS
}

/// One series of an instant vector over a grid.
#[derive(Debug, Clone, Default)]
pub(crate) struct Series {
    /// Labels; the metric name may still be there although it is dropped.
    pub(crate) labels: Labels,
    /// Whether the metric name (and type and unit) counts as dropped.
    pub(crate) drop_name: bool,
    /// Shape: `values[n_steps]`, [`ABSENT`] where there is no sample.
    pub(crate) values: Vec<f64>,
}

impl Series {
    /// Whether no step has a sample.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.iter().all(|value| is_absent(*value))
    }
}

/// Takes series one by one; it may take a series' values away.
pub(crate) type Sink<'s> = &'s mut dyn FnMut(&mut Series) -> Result<()>;

/// All series of an instant vector, counted in the budget.
#[derive(Debug)]
pub(crate) struct Table<'e> {
    pub(crate) series: Vec<Series>,
    held: usize,
    budget: &'e Budget,
}

impl<'e> Table<'e> {
    pub(crate) fn new(budget: &'e Budget) -> Self {
        Self {
            series: Vec::new(),
            held: 0,
            budget,
        }
    }

    pub(crate) fn push(&mut self, series: Series) -> Result<()> {
        self.budget.hold(series.values.len())?;
        self.held += series.values.len();
        self.series.push(series);
        Ok(())
    }

    /// Hands all series over and gives their memory back.
    pub(crate) fn drain_into(mut self, sink: Sink<'_>) -> Result<()> {
        for mut series in std::mem::take(&mut self.series) {
            let n = series.values.len();
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
                    for (old, new) in have.values.iter_mut().zip(&series.values) {
                        if is_absent(*new) {
                            continue;
                        }
                        if !is_absent(*old) {
                            return Err(Error::SameLabelset);
                        }
                        *old = *new;
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
