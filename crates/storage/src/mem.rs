//! A storage in plain memory, for tests of what stands on the traits.

use crate::{
    Appender, Column, ColumnReader, Error, Exemplar, Frame, FrameOutcome, HistogramSample,
    LabelQuery, LayoutId, LooseSample, Matchers, Metadata, Queryable, Result, Selection,
    SeriesExemplars, SeriesId,
};
use model::{Histogram, Labels, Matcher, TimeRange, TimestampMs, is_stale, stale_nan};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Series in a list, samples in lists: right, and slow on purpose.
#[derive(Debug, Default)]
pub struct MemStorage {
    state: Mutex<State>,
}

/// Samples of one series, shared with the selections that read them.
type Samples = Arc<Vec<Sample>>;

/// One sample: a float, or a histogram beside a value that means nothing.
#[derive(Debug, Clone)]
struct Sample {
    time: i64,
    value: f64,
    histogram: Option<Arc<Histogram>>,
    start: i64,
}

impl Sample {
    fn is_same(&self, other: &Self) -> bool {
        match (&self.histogram, &other.histogram) {
            (None, None) => self.value.to_bits() == other.value.to_bits(),
            (Some(a), Some(b)) => a.same_bits(b),
            _ => false,
        }
    }
}

#[derive(Debug, Default)]
struct State {
    series: Vec<(Labels, Samples)>,
    layouts: Vec<Option<Vec<SeriesId>>>,
    exemplars: BTreeMap<Labels, Vec<Exemplar>>,
    metadata: BTreeMap<String, Metadata>,
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
        let mut column = Column::default();
        for (time, value) in samples {
            column.push(time, value);
        }
        self.add_column(labels, &column)
    }

    /// Adds a column of one series, histograms and start times included. Samples that come too late are
    /// left out.
    ///
    /// # Errors
    /// As for [`Appender::append_loose`].
    pub fn add_column(&self, labels: &Labels, column: &Column) -> Result<()> {
        let registered = self.register(std::slice::from_ref(labels))?.pop();
        let series = registered.ok_or(Error::SeriesLimit { limit: 0 })??;
        let mut state = self.state();
        for (index, (time, value)) in column.times.iter().zip(&column.values).enumerate() {
            let sample = Sample {
                time: *time,
                value: *value,
                histogram: column.histograms.get(index).cloned().flatten(),
                start: column.starts.get(index).copied().unwrap_or(0),
            };
            state.push(series, sample, &mut FrameOutcome::default())?;
        }
        Ok(())
    }

    fn matching(&self, query: LabelQuery<'_>) -> Vec<Labels> {
        let state = self.state();
        let hit = |labels: &Labels| {
            query.any_of.is_empty() || query.any_of.iter().any(|matchers| matchers.matches(labels))
        };
        let alive = |samples: &[Sample]| {
            samples
                .iter()
                .any(|sample| query.range.contains(TimestampMs(sample.time)))
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
    fn push(&mut self, series: SeriesId, sample: Sample, outcome: &mut FrameOutcome) -> Result<()> {
        let Some((_, samples)) = self.series.get_mut(series.0 as usize) else {
            return Err(Error::UnknownSeries(series.0));
        };
        let samples = Arc::make_mut(samples);
        let ends = |one: &Sample| one.histogram.is_none() && is_stale(one.value);
        match samples.last() {
            None if ends(&sample) => return Ok(()),
            Some(last) if ends(last) && ends(&sample) => return Ok(()),
            Some(last) if last.time > sample.time => outcome.out_of_order += 1,
            Some(last) if last.time == sample.time => {
                outcome.duplicate += usize::from(!last.is_same(&sample));
            }
            _ => {
                samples.push(sample);
                outcome.appended += 1;
            }
        }
        Ok(())
    }

    fn push_float(&mut self, sample: LooseSample, outcome: &mut FrameOutcome) -> Result<()> {
        let float = Sample {
            time: sample.time.0,
            value: sample.value,
            histogram: None,
            start: 0,
        };
        self.push(sample.series, float, outcome)
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
            state.push_float(
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
            state.push_float(*sample, &mut outcome)?;
        }
        Ok(outcome)
    }

    fn append_histograms(&self, samples: &[HistogramSample]) -> Result<FrameOutcome> {
        let mut state = self.state();
        let mut outcome = FrameOutcome::default();
        for sample in samples {
            let is_stale = sample.histogram.is_stale();
            let stored = Sample {
                time: sample.time.0,
                value: if is_stale { stale_nan() } else { f64::NAN },
                histogram: Some(Arc::clone(&sample.histogram)).filter(|_| !is_stale),
                start: 0,
            };
            state.push(sample.series, stored, &mut outcome)?;
        }
        Ok(outcome)
    }

    fn append_exemplars(&self, exemplars: &[(SeriesId, Exemplar)]) -> Result<usize> {
        let mut state = self.state();
        let mut stored = 0;
        for (series, exemplar) in exemplars {
            let Some((labels, _)) = state.series.get(series.0 as usize) else {
                return Err(Error::UnknownSeries(series.0));
            };
            let labels = labels.clone();
            let have = state.exemplars.entry(labels).or_default();
            if have.last().is_none_or(|last| last.time < exemplar.time) {
                have.push(exemplar.clone());
                stored += 1;
            }
        }
        Ok(stored)
    }

    fn set_metadata(&self, metadata: &[Metadata]) -> Result<()> {
        let mut state = self.state();
        for one in metadata {
            state.metadata.insert(one.family.clone(), one.clone());
        }
        Ok(())
    }
}

struct MemSelection {
    labels: Vec<Labels>,
    samples: Vec<Samples>,
}

impl Selection for MemSelection {
    fn len(&self) -> usize {
        self.labels.len()
    }

    fn labels(&self, index: usize) -> Labels {
        self.labels.get(index).cloned().unwrap_or_default()
    }

    fn reader(&self) -> Box<dyn ColumnReader + '_> {
        Box::new(MemReader(self))
    }
}

struct MemReader<'s>(&'s MemSelection);

impl ColumnReader for MemReader<'_> {
    fn read(&mut self, index: usize, range: TimeRange, column: &mut Column) -> Result<()> {
        column.clear();
        for sample in self
            .0
            .samples
            .get(index)
            .into_iter()
            .flat_map(|all| all.iter())
        {
            if !range.contains(TimestampMs(sample.time)) {
                continue;
            }
            match &sample.histogram {
                Some(histogram) => column.push_histogram(sample.time, Arc::clone(histogram)),
                None => column.push(sample.time, sample.value),
            }
            if sample.start != 0 {
                column.starts.resize(column.times.len() - 1, 0);
                column.starts.push(sample.start);
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

    fn exemplars(&self, any_of: &[Vec<Matcher>], range: TimeRange) -> Result<Vec<SeriesExemplars>> {
        let selectors = any_of
            .iter()
            .map(|matchers| Matchers::compile(matchers))
            .collect::<Result<Vec<_>>>()?;
        let state = self.state();
        let mut found = Vec::new();
        for (series, all) in &state.exemplars {
            if !selectors.iter().any(|matchers| matchers.matches(series)) {
                continue;
            }
            let exemplars: Vec<Exemplar> = all
                .iter()
                .filter(|one| range.contains(TimestampMs(one.time)))
                .cloned()
                .collect();
            if !exemplars.is_empty() {
                found.push(SeriesExemplars {
                    series: series.clone(),
                    exemplars,
                });
            }
        }
        Ok(found)
    }

    fn metadata(&self) -> Vec<Metadata> {
        self.state().metadata.values().cloned().collect()
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
        let found = found.unwrap();
        found.reader().read(0, TimeRange::ALL, &mut column).unwrap();
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
                duplicate: 1,
                ..FrameOutcome::default()
            }
        );
    }
}
