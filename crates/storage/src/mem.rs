//! A storage in plain memory, for tests of what stands on the traits.

use crate::{
    Appender, Column, Error, Frame, FrameOutcome, LabelQuery, LayoutId, LooseSample, Matchers,
    Queryable, Result, Selection, SeriesId,
};
use model::{Labels, TimeRange, TimestampMs, is_stale};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Series in a list, samples in lists: right, and slow on purpose.
#[derive(Debug, Default)]
pub struct MemStorage {
    state: Mutex<State>,
}

/// Times and values of one series, shared with the selections that read them.
type Samples = Arc<Vec<(i64, f64)>>;

#[derive(Debug, Default)]
struct State {
    series: Vec<(Labels, Samples)>,
    layouts: Vec<Option<Vec<SeriesId>>>,
}

impl MemStorage {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds samples of one series, for tests that do not care how they came in.
    ///
    /// # Errors
    /// As for [`Appender::append_loose`].
    pub fn add(
        &self,
        labels: &Labels,
        samples: impl IntoIterator<Item = (i64, f64)>,
    ) -> Result<()> {
        let registered = self.register(std::slice::from_ref(labels))?.pop();
        let series = registered.ok_or(Error::SeriesLimit { limit: 0 })??;
        for (time, value) in samples {
            self.append_loose(&[LooseSample {
                series,
                time: TimestampMs(time),
                value,
            }])?;
        }
        Ok(())
    }

    fn matching(&self, query: LabelQuery<'_>) -> Vec<Labels> {
        let state = self.state();
        let hit = |labels: &Labels| {
            query.any_of.is_empty() || query.any_of.iter().any(|matchers| matchers.matches(labels))
        };
        let alive = |samples: &[(i64, f64)]| {
            samples
                .iter()
                .any(|(time, _)| query.range.contains(TimestampMs(*time)))
        };
        state
            .series
            .iter()
            .filter(|(labels, samples)| hit(labels) && alive(samples))
            .map(|(labels, _)| labels.clone())
            .collect()
    }
}

impl State {
    fn push(&mut self, sample: LooseSample, outcome: &mut FrameOutcome) -> Result<()> {
        let index = sample.series.0 as usize;
        let Some((_, samples)) = self.series.get_mut(index) else {
            return Err(Error::UnknownSeries(sample.series.0));
        };
        let samples = Arc::make_mut(samples);
        match samples.last() {
            None if is_stale(sample.value) => return Ok(()),
            Some((_, last)) if is_stale(*last) && is_stale(sample.value) => return Ok(()),
            Some((time, _)) if *time > sample.time.0 => outcome.out_of_order += 1,
            Some((time, last)) if *time == sample.time.0 => {
                if last.to_bits() != sample.value.to_bits() {
                    outcome.duplicate += 1;
                }
            }
            _ => {
                samples.push((sample.time.0, sample.value));
                outcome.appended += 1;
            }
        }
        Ok(())
    }
}

impl Appender for MemStorage {
    fn register(&self, series: &[Labels]) -> Result<Vec<Result<SeriesId>>> {
        let mut state = self.state();
        let ids = series.iter().map(|labels| {
            let found = state.series.iter().position(|(have, _)| have == labels);
            let index = found.unwrap_or_else(|| {
                state.series.push((labels.clone(), Arc::default()));
                state.series.len() - 1
            });
            u32::try_from(index)
                .map(SeriesId)
                .map_err(|_| Error::SeriesLimit { limit: index })
        });
        Ok(ids.collect())
    }

    fn layout(&self, series: &[SeriesId]) -> Result<LayoutId> {
        let mut state = self.state();
        if let Some(bad) = series.iter().find(|id| id.0 as usize >= state.series.len()) {
            return Err(Error::UnknownSeries(bad.0));
        }
        state.layouts.push(Some(series.to_vec()));
        let id = u32::try_from(state.layouts.len() - 1).unwrap_or(u32::MAX);
        Ok(LayoutId(id))
    }

    fn release(&self, layout: LayoutId) {
        if let Some(slot) = self.state().layouts.get_mut(layout.0 as usize) {
            *slot = None;
        }
    }

    fn append_frame(&self, frame: Frame<'_>) -> Result<FrameOutcome> {
        let mut state = self.state();
        let known = state
            .layouts
            .get(frame.layout.0 as usize)
            .cloned()
            .flatten();
        let slots = known.ok_or(Error::UnknownLayout(frame.layout.0))?;
        if slots.len() != frame.values.len() {
            return Err(Error::FrameShape {
                expected: slots.len(),
                got: frame.values.len(),
            });
        }
        let mut outcome = FrameOutcome::default();
        for (&series, &value) in slots.iter().zip(frame.values) {
            state.push(
                LooseSample {
                    series,
                    time: frame.time,
                    value,
                },
                &mut outcome,
            )?;
        }
        Ok(outcome)
    }

    fn append_loose(&self, samples: &[LooseSample]) -> Result<FrameOutcome> {
        let mut state = self.state();
        let mut outcome = FrameOutcome::default();
        for sample in samples {
            state.push(*sample, &mut outcome)?;
        }
        Ok(outcome)
    }
}

struct MemSelection {
    labels: Vec<Labels>,
    samples: Vec<Samples>,
}

impl Selection for MemSelection {
    fn series(&self) -> &[Labels] {
        &self.labels
    }

    fn read(&self, index: usize, range: TimeRange, column: &mut Column) -> Result<()> {
        column.clear();
        for (time, value) in self
            .samples
            .get(index)
            .map(|samples| samples.iter())
            .into_iter()
            .flatten()
        {
            if range.contains(TimestampMs(*time)) {
                column.times.push(*time);
                column.values.push(*value);
            }
        }
        Ok(())
    }
}

impl Queryable for MemStorage {
    fn select(&self, matchers: &Matchers, _range: TimeRange) -> Result<Box<dyn Selection>> {
        let state = self.state();
        let mut hits: Vec<_> = state
            .series
            .iter()
            .filter(|(labels, _)| matchers.matches(labels))
            .cloned()
            .collect();
        hits.sort_by(|a, b| a.0.cmp(&b.0));
        let (labels, samples) = hits.into_iter().unzip();
        Ok(Box::new(MemSelection { labels, samples }))
    }

    fn series(&self, query: LabelQuery<'_>) -> Result<Vec<Labels>> {
        let mut hits = self.matching(query);
        hits.sort();
        Ok(hits)
    }

    fn label_names(&self, query: LabelQuery<'_>) -> Result<Vec<String>> {
        let hits = self.matching(query);
        let names: BTreeSet<&str> = hits
            .iter()
            .flat_map(|labels| labels.iter().map(|(name, _)| name))
            .collect();
        Ok(names.into_iter().map(str::to_owned).collect())
    }

    fn label_values(&self, name: &str, query: LabelQuery<'_>) -> Result<Vec<String>> {
        let hits = self.matching(query);
        let values: BTreeSet<&str> = hits.iter().filter_map(|labels| labels.get(name)).collect();
        Ok(values.into_iter().map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Matcher, stale_nan};

    #[test]
    fn absent_slots_end_a_series_once() {
        let store = MemStorage::default();
        let labels = Labels::from_pairs([("__name__", "a")]);
        let id = store.register(&[labels]).unwrap().remove(0).unwrap();
        let layout = store.layout(&[id]).unwrap();
        for (time, value) in [
            (1, stale_nan()),
            (2, 7.0),
            (3, stale_nan()),
            (4, stale_nan()),
        ] {
            store
                .append_frame(Frame {
                    layout,
                    time: TimestampMs(time),
                    values: &[value],
                })
                .unwrap();
        }
        let found = store.select(
            &Matchers::compile(&[Matcher::metric("a")]).unwrap(),
            TimeRange::ALL,
        );
        let mut column = Column::default();
        found.unwrap().read(0, TimeRange::ALL, &mut column).unwrap();
        assert_eq!(column.times, [2, 3]);
        assert!(is_stale(column.values[1]));
    }

    #[test]
    fn late_and_repeated_samples_are_counted_and_not_stored() {
        let store = MemStorage::default();
        let id = store
            .register(&[Labels::from_pairs([("a", "b")])])
            .unwrap()
            .remove(0)
            .unwrap();
        let sample = |time, value| LooseSample {
            series: id,
            time: TimestampMs(time),
            value,
        };
        let outcome = store
            .append_loose(&[
                sample(5, 1.0),
                sample(4, 1.0),
                sample(5, 1.0),
                sample(5, 2.0),
            ])
            .unwrap();
        assert_eq!(
            outcome,
            FrameOutcome {
                appended: 1,
                out_of_order: 1,
                duplicate: 1
            }
        );
    }
}
