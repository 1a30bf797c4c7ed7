//! Lists of series as their memory lies: mostly in a row.

use crate::paged::PAGE;
use std::sync::Arc;

/// Series in slot order. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Slots {
    ids: Arc<[u32]>,
    runs: Arc<[Run]>,
}

/// Slots whose series follow each other, within one page of the arrays by series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    /// Series of the first slot.
    pub(crate) first: u32,
    /// Slots.
    pub(crate) len: u32,
}

impl Slots {
    pub(crate) fn new(ids: impl Into<Arc<[u32]>>) -> Self {
        let ids: Arc<[u32]> = ids.into();
        let is_next =
            |a: &u32, b: &u32| a.checked_add(1) == Some(*b) && !(*b as usize).is_multiple_of(PAGE);
        let runs = ids.chunk_by(is_next).filter_map(|run| {
            Some(Run {
                first: *run.first()?,
                len: u32::try_from(run.len()).ok()?,
            })
        });
        Self {
            runs: runs.collect(),
            ids,
        }
    }

    /// The series.
    pub(crate) fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// The same list, shared.
    pub(crate) fn shared_ids(&self) -> &Arc<[u32]> {
        &self.ids
    }

    /// The list in runs, each with its part of `values`, which has one entry per slot.
    pub(crate) fn runs<'a>(
        &'a self,
        mut values: &'a [f64],
    ) -> impl Iterator<Item = (Run, &'a [f64])> {
        self.runs.iter().map(move |run| {
            let (part, rest) = values
                .split_at_checked(run.len as usize)
                .unwrap_or((values, &[]));
            values = rest;
            (*run, part)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_where_a_page_ends_or_a_number_is_left_out() {
        let edge = u32::try_from(PAGE).unwrap();
        let slots = Slots::new(vec![7, 8, 9, 5, 6, edge - 1, edge, edge + 1]);
        let values: Vec<f64> = (0..8).map(f64::from).collect();
        let runs: Vec<(u32, u32, f64)> = slots
            .runs(&values)
            .map(|(run, values)| (run.first, run.len, values[0]))
            .collect();
        assert_eq!(
            runs,
            [(7, 3, 0.0), (5, 2, 3.0), (edge - 1, 1, 5.0), (edge, 2, 6.0)]
        );
    }
}
