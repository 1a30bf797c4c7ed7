//! Which series of a chart are drawn.

use crate::data::{ChartData, Loaded};
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// More series than this are drawn only on request.
pub(super) const DRAWN: usize = 200;

/// Which series are drawn and which one is lifted above the others.
#[derive(Clone, Copy)]
pub(super) struct Selection {
    /// Names of hidden series: they stay hidden when data is loaded anew.
    pub(super) hidden: RwSignal<BTreeSet<String>>,
    /// Whether all series are drawn, however many.
    pub(super) all: RwSignal<bool>,
    /// The series that the pointer is on in the legend.
    pub(super) lifted: RwSignal<Option<usize>>,
    /// Indices of the series that the legend lists, [`DRAWN`] at most unless `all`.
    pub(super) listed: Memo<Arc<[usize]>>,
    /// Indices of the series that are drawn: the listed ones that are not hidden.
    pub(super) drawn: Memo<Arc<[usize]>>,
}

impl Selection {
    pub(super) fn new(data: Signal<Option<Arc<Loaded<ChartData>>>>) -> Self {
        let hidden = RwSignal::new(BTreeSet::new());
        let all = RwSignal::new(false);
        let listed = Memo::new(move |_| match data.get() {
            Some(loaded) => listed(&loaded.data, all.get()),
            None => Arc::from([]),
        });
        let drawn = Memo::new(move |_| match data.get() {
            Some(loaded) => hidden.with(|hidden| drawn(&loaded.data, &listed.get(), hidden)),
            None => Arc::from([]),
        });
        Self {
            hidden,
            all,
            lifted: RwSignal::new(None),
            listed,
            drawn,
        }
    }

    /// Shows `index` alone, or everything again if it is alone already.
    pub(super) fn isolate(self, data: &ChartData, index: usize) {
        let alone = matches!(*self.drawn.get_untracked(), [only] if only == index);
        self.hidden.set(if alone {
            BTreeSet::new()
        } else {
            all_but(data, index)
        });
    }

    /// Hides `index`, or shows it again.
    pub(super) fn toggle(self, data: &ChartData, index: usize) {
        let Some(series) = data.series.get(index) else {
            return;
        };
        self.hidden.update(|hidden| {
            if !hidden.remove(&series.name) {
                hidden.insert(series.name.clone());
            }
        });
    }
}

fn all_but(data: &ChartData, index: usize) -> BTreeSet<String> {
    let others = data.series.iter().enumerate().filter(|(i, _)| *i != index);
    others.map(|(_, series)| series.name.clone()).collect()
}

/// All series, or the greatest by last value if there are too many. Ordering: as in the data.
fn listed(data: &ChartData, all: bool) -> Arc<[usize]> {
    let mut indices: Vec<usize> = (0..data.series.len()).collect();
    if !all && indices.len() > DRAWN {
        let last = |i: &usize| data.series.get(*i).map_or(f64::NAN, |s| s.summary.last);
        // Series without a value come last.
        let rank = |i: &usize| {
            if last(i).is_nan() {
                f64::NEG_INFINITY
            } else {
                last(i)
            }
        };
        indices.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
        indices.truncate(DRAWN);
        indices.sort_unstable();
    }
    indices.into()
}

/// The listed series that are not hidden; all of them if nothing would be left.
fn drawn(data: &ChartData, listed: &[usize], hidden: &BTreeSet<String>) -> Arc<[usize]> {
    let shown = |i: &usize| {
        data.series
            .get(*i)
            .is_some_and(|s| !hidden.contains(&s.name))
    };
    let drawn: Arc<[usize]> = listed.iter().copied().filter(shown).collect();
    if drawn.is_empty() {
        listed.into()
    } else {
        drawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api_types::{MatrixSeries, SamplePair};

    fn data(lasts: &[f64]) -> ChartData {
        let series = lasts.iter().enumerate().map(|(i, &value)| MatrixSeries {
            metric: [("n".to_owned(), i.to_string())].into(),
            values: vec![SamplePair { time: 0.0, value }],
            histograms: Vec::new(),
        });
        ChartData::new(series.collect(), (0.0, 1.0), 1.0)
    }

    #[test]
    fn too_many_series_leave_the_greatest() {
        let mut lasts = vec![1.0; DRAWN];
        lasts.extend([f64::NAN, 0.0, 2.0]);
        let listed = listed(&data(&lasts), false);
        assert_eq!(listed.len(), DRAWN);
        assert!(
            listed.contains(&(DRAWN + 2))
                && !listed.contains(&DRAWN)
                && !listed.contains(&(DRAWN + 1))
        );
    }

    #[test]
    fn hiding_everything_shows_everything() {
        let data = data(&[1.0, 2.0]);
        let hidden: BTreeSet<String> = data.series.iter().map(|s| s.name.clone()).collect();
        assert_eq!(*drawn(&data, &[0, 1], &hidden), [0, 1]);
        assert_eq!(*drawn(&data, &[0, 1], &all_but(&data, 1)), [1]);
    }
}
