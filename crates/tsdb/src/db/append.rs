//! The way in.

use super::{Db, Writer};
use crate::error::read_only;
use crate::generation::Value;
use crate::head::{Admitted, Bounds, Head};
use crate::stats::{Kind, count};
use crate::wal::{Wal, WalFrame};
use hashbrown::HashMap;
use model::{Histogram, Labels};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use storage::{
    Appender, Error, Exemplar, Frame, FrameOutcome, HistogramSample, LayoutId, LooseSample,
    Metadata, Result, SeriesId,
};

/// A histogram, or the float that ends its series.
enum Run<'a> {
    Histograms(&'a [HistogramSample]),
    Stale(&'a [HistogramSample]),
}

/// Splits samples where histograms and stale markers meet, so that each part is one kind of record.
fn runs(samples: &[HistogramSample]) -> impl Iterator<Item = Run<'_>> {
    samples
        .chunk_by(|a, b| a.histogram.is_stale() == b.histogram.is_stale())
        .map(|run| match run.first() {
            Some(first) if first.histogram.is_stale() => Run::Stale(run),
            _ => Run::Histograms(run),
        })
}

impl Db {
    fn bounds(&self, head: &Head) -> Bounds {
        Bounds::new(&self.shared.options, self.shared.clock.now(), head.newest)
    }

    /// Notes how a write to the log went.
    fn written(&self, written: vfs::Result<()>) -> Result<()> {
        let counters = &self.shared.counters;
        counters
            .is_read_only
            .store(written.is_err(), Ordering::Relaxed);
        written.map_err(|error| {
            count(&counters.wal_write_failures, 1);
            read_only(&error)
        })
    }

    /// Takes, logs and stores samples; `log` writes those in order and those that are late.
    fn store<T: Clone + Into<Value>>(
        &self,
        log: &mut Wal,
        samples: &[(u32, i64, T)],
        kind: Kind,
        write: impl FnOnce(&mut Wal, &Admitted<T>, &Head) -> vfs::Result<()>,
    ) -> Result<FrameOutcome> {
        let admitted = {
            let head = self.shared.head.read();
            let is_unknown = |sample: &&(u32, i64, T)| !head.index.contains(sample.0);
            if let Some(unknown) = samples.iter().find(is_unknown) {
                return Err(Error::UnknownSeries(unknown.0));
            }
            let bounds = self.bounds(&head);
            let admitted = head.admit(samples, bounds, |value| value.clone().into());
            if !admitted.is_empty() {
                self.written(write(log, &admitted, &head))?;
            }
            admitted
        };
        let late = admitted.late.len();
        let mut head = self.shared.head.write();
        for (series, time, value) in admitted.in_order {
            head.apply(series, time, value.into());
        }
        for (series, time, value) in admitted.late {
            head.apply_late(series, time, value.into());
        }
        drop(head);
        self.shared.counters.note(admitted.outcome, late, kind);
        Ok(admitted.outcome)
    }

    fn store_floats(&self, log: &mut Wal, samples: &[(u32, i64, f64)]) -> Result<FrameOutcome> {
        self.store(log, samples, Kind::Float, |log, admitted, head| {
            let labels = |id| head.index.labels(id);
            log.loose(&admitted.in_order, &admitted.late, &labels)
        })
    }

    fn store_histograms(
        &self,
        log: &mut Wal,
        samples: &[(u32, i64, Arc<Histogram>)],
    ) -> Result<FrameOutcome> {
        self.store(log, samples, Kind::Histogram, |log, admitted, head| {
            let labels = |id| head.index.labels(id);
            log.histograms(&admitted.in_order, &admitted.late, &labels)
        })
    }
}

impl Appender for Db {
    fn register(&self, series: &[Labels]) -> Result<Vec<Result<SeriesId>>> {
        let mut head = self.shared.head.write();
        let limits = head.limits();
        let mut refused = 0;
        let found = series.iter().map(|labels| {
            let id = head.register(labels, Some(limits));
            refused += usize::from(id.is_err());
            id.map(SeriesId)
        });
        let found = found.collect();
        count(&self.shared.counters.refused_series, refused);
        Ok(found)
    }

    fn layout(&self, series: &[SeriesId]) -> Result<LayoutId> {
        let mut head = self.shared.head.write();
        let slots: Vec<u32> = series.iter().map(|id| id.0).collect();
        match slots.iter().find(|id| !head.index.contains(**id)) {
            Some(unknown) => Err(Error::UnknownSeries(*unknown)),
            None => Ok(LayoutId(head.layouts.open(&slots))),
        }
    }

    fn release(&self, layout: LayoutId) {
        let mut writer = self.shared.writer.lock();
        if self.shared.head.write().layouts.release(layout.0) {
            writer.log.forget_layout(layout.0);
        }
    }

    fn append_frame(&self, frame: Frame<'_>) -> Result<FrameOutcome> {
        let mut writer = self.shared.writer.lock();
        let Writer { log, admitted } = &mut *writer;
        let time = frame.time.0;
        let slots = {
            let head = self.shared.head.read();
            let slots = head.layouts.slots(frame.layout.0);
            let slots = slots.ok_or(Error::UnknownLayout(frame.layout.0))?.clone();
            let (expected, got) = (slots.ids().len(), frame.values.len());
            if expected != got {
                return Err(Error::FrameShape { expected, got });
            }
            let bounds = self.bounds(&head);
            let plain = head.admit_frame(&slots, time, frame.values, bounds, admitted);
            if let Some(appended) = plain {
                let outcome = FrameOutcome {
                    appended,
                    ..FrameOutcome::default()
                };
                if appended > 0 {
                    let logged = WalFrame {
                        layout: frame.layout.0,
                        slots: slots.ids(),
                        time,
                        values: admitted,
                    };
                    self.written(log.frame(&logged, &|id| head.index.labels(id)))?;
                    drop(head);
                    self.shared.head.write().apply_frame(&slots, time, admitted);
                    self.shared.counters.note(outcome, 0, Kind::Float);
                }
                return Ok(outcome);
            }
            slots
        };
        // A clock that went back, or a series that others write too: rare.
        let values = slots.ids().iter().zip(frame.values);
        let samples: Vec<_> = values
            .map(|(series, value)| (*series, time, *value))
            .collect();
        self.store_floats(log, &samples)
    }

    fn append_loose(&self, samples: &[LooseSample]) -> Result<FrameOutcome> {
        let plain = samples
            .iter()
            .map(|one| (one.series.0, one.time.0, one.value));
        let samples: Vec<_> = plain.collect();
        self.store_floats(&mut self.shared.writer.lock().log, &samples)
    }

    fn append_histograms(&self, samples: &[HistogramSample]) -> Result<FrameOutcome> {
        let mut writer = self.shared.writer.lock();
        {
            let head = self.shared.head.read();
            let is_unknown = |one: &&HistogramSample| !head.index.contains(one.series.0);
            if let Some(unknown) = samples.iter().find(is_unknown) {
                return Err(Error::UnknownSeries(unknown.series.0));
            }
        }
        let mut outcome = FrameOutcome::default();
        for run in runs(samples) {
            outcome.add(match run {
                Run::Histograms(run) => {
                    let plain = run
                        .iter()
                        .map(|one| (one.series.0, one.time.0, Arc::clone(&one.histogram)));
                    self.store_histograms(&mut writer.log, &plain.collect::<Vec<_>>())?
                }
                Run::Stale(run) => {
                    let plain = run
                        .iter()
                        .map(|one| (one.series.0, one.time.0, model::stale_nan()));
                    self.store_floats(&mut writer.log, &plain.collect::<Vec<_>>())?
                }
            });
        }
        Ok(outcome)
    }

    fn append_exemplars(&self, exemplars: &[(SeriesId, Exemplar)]) -> Result<usize> {
        if self.shared.options.max_exemplars == 0 {
            return Ok(0);
        }
        let mut writer = self.shared.writer.lock();
        let head = self.shared.head.read();
        let mut admitted: Vec<(u32, Exemplar)> = Vec::new();
        let mut named: Vec<Labels> = Vec::new();
        {
            let ring = self.shared.exemplars.read();
            let mut newest: HashMap<u32, i64> = HashMap::new();
            for (series, exemplar) in exemplars {
                let labels = head.index.labels(series.0);
                let labels = labels.ok_or(Error::UnknownSeries(series.0))?;
                let is_newest = match newest.get(&series.0) {
                    Some(time) => *time < exemplar.time,
                    None => ring.takes(&labels, exemplar.time),
                };
                if is_newest {
                    newest.insert(series.0, exemplar.time);
                    admitted.push((series.0, exemplar.clone()));
                    named.push(labels);
                }
            }
        }
        let counters = &self.shared.counters;
        let refused = exemplars.len() - admitted.len();
        if !admitted.is_empty() {
            let logged = writer.log.exemplars(&admitted, &|id| head.index.labels(id));
            self.written(logged)?;
        }
        drop(head);
        count(&counters.exemplars_out_of_order, refused);
        count(&counters.exemplars_appended, admitted.len());
        let stored = admitted.len();
        let mut ring = self.shared.exemplars.write();
        for (labels, (_, exemplar)) in named.into_iter().zip(admitted) {
            ring.push(labels, exemplar);
        }
        Ok(stored)
    }

    fn set_metadata(&self, metadata: &[Metadata]) -> Result<()> {
        let mut writer = self.shared.writer.lock();
        let news = self.shared.metadata.news(metadata);
        if !news.is_empty() {
            self.written(writer.log.metadata(&news))?;
            self.shared.metadata.set(news);
        }
        Ok(())
    }
}
