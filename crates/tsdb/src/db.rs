//! The database as a whole.

use crate::error::read_only;
use crate::head::Head;
use crate::maintenance::{self, Maintenance};
use crate::select::Selected;
use crate::stats::{self, Counters, count};
use crate::wal::{self, ReplayReport, Wal, WalFrame};
use crate::{Error, Options, Result};
use clock::Clock;
use model::{Labels, MetricFamily, TimeRange};
use parking_lot::{Mutex, RwLock};
use roaring::RoaringBitmap;
use std::io::ErrorKind;
use std::sync::Arc;
use storage::{
    Appender, Frame, FrameOutcome, LabelQuery, LayoutId, LooseSample, Matchers, Queryable,
    Selection, SeriesId,
};
use vfs::{Lock, Vfs};

/// An open database. Dropping it forces the log to the disk.
pub struct Db {
    shared: Arc<Shared>,
    // Stopped before the last sync.
    maintenance: Option<Maintenance>,
    _lock: Box<dyn Lock>,
}

/// What the database's parts share. Lock order: `wal` before `head`.
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) wal: Mutex<Wal>,
    pub(crate) head: RwLock<Head>,
    pub(crate) counters: Counters,
    pub(crate) report: ReplayReport,
}

/// Reads the log into the head.
struct Filler(Head);

impl wal::Sink for Filler {
    fn series(&mut self, labels: Labels) -> u32 {
        self.0.register(&labels)
    }

    fn layout(&mut self, slots: &[u32]) -> u32 {
        let id = self.0.open_layout(slots);
        // Nobody writes it until a scrape opens it again.
        self.0.release_layout(id);
        id
    }

    fn frame(&mut self, layout: u32, time: i64, values: &[f64]) {
        self.0.apply_frame(layout, time, values);
    }

    fn loose(&mut self, series: u32, time: i64, value: f64) {
        self.0.apply_loose(series, time, value);
    }
}

impl Db {
    /// Opens the database in `options.folder`, and makes it if it is not there. What the log holds is
    /// read back; what of it is torn or corrupted is skipped, kept aside and counted, and never stops
    /// the opening.
    ///
    /// # Errors
    /// [`Error::Locked`] where another process has it open; [`Error::File`] where the folder cannot be
    /// read or written.
    pub fn open(options: Options, vfs: Arc<dyn Vfs>, clock: Arc<dyn Clock>) -> Result<Self> {
        let folder = wal::folder(&options.folder);
        vfs.create_folder(&folder)?;
        let lock_path = options.folder.join("lock");
        let lock = vfs
            .lock(&lock_path)
            .map_err(|error| match error.source.kind() {
                ErrorKind::WouldBlock => Error::Locked {
                    path: lock_path.clone(),
                },
                _ => Error::File(error),
            })?;
        let mut filler = Filler(Head::default());
        let replayed = wal::replay(&*vfs, &folder, &mut filler)?;
        let log = Wal::new(vfs, folder, options.sync, options.segment_bytes, &replayed);
        let shared = Arc::new(Shared {
            options,
            clock,
            wal: Mutex::new(log),
            head: RwLock::new(filler.0),
            counters: Counters::default(),
            report: replayed.report,
        });
        maintenance::apply_retention(&shared);
        let maintenance = Maintenance::start(Arc::clone(&shared)).map_err(Error::Thread)?;
        Ok(Self {
            shared,
            maintenance: Some(maintenance),
            _lock: lock,
        })
    }

    /// What reading the log back found.
    pub fn replay_report(&self) -> ReplayReport {
        self.shared.report
    }

    /// Samples held, those read back from the log included.
    pub fn samples(&self) -> u64 {
        self.shared.head.read().samples
    }

    /// Series held.
    pub fn series_count(&self) -> usize {
        self.shared.head.read().series.len()
    }

    /// Distinct label pairs held.
    pub fn label_pairs(&self) -> usize {
        self.shared.head.read().series.index.pairs()
    }

    /// Drops what is older than the retention now, instead of within a minute.
    pub fn apply_retention(&self) {
        maintenance::apply_retention(&self.shared);
    }

    /// What the database tells about itself.
    pub fn metrics(&self) -> Vec<MetricFamily> {
        stats::families(&self.shared)
    }

    fn note(&self, outcome: FrameOutcome) -> FrameOutcome {
        count(&self.shared.counters.appended, outcome.appended);
        count(&self.shared.counters.out_of_order, outcome.out_of_order);
        count(&self.shared.counters.duplicate, outcome.duplicate);
        outcome
    }

    fn refuse(&self, error: &vfs::Error) -> storage::Error {
        count(&self.shared.counters.wal_write_failures, 1);
        read_only(error)
    }

    /// The series that a label query is about; `None` is all of them.
    fn among(head: &Head, query: LabelQuery<'_>) -> Option<RoaringBitmap> {
        if query.any_of.is_empty() && query.range == TimeRange::ALL {
            return None;
        }
        let mut ids = RoaringBitmap::new();
        for matchers in query.any_of {
            ids |= head.series.index.select(matchers);
        }
        if query.any_of.is_empty() {
            ids.clone_from(head.series.index.all());
        }
        ids.iter()
            .filter(|id| head.is_alive(*id, query.range))
            .collect::<RoaringBitmap>()
            .into()
    }
}

impl Drop for Db {
    fn drop(&mut self) {
        drop(self.maintenance.take());
        maintenance::sync(&self.shared);
    }
}

impl Appender for Db {
    fn register(&self, series: &[Labels]) -> storage::Result<Vec<storage::Result<SeriesId>>> {
        let limit = self.shared.options.max_series;
        let mut head = self.shared.head.write();
        Ok(series
            .iter()
            .map(|labels| {
                if head.series.len() >= limit && head.series.find(labels).is_none() {
                    count(&self.shared.counters.refused_series, 1);
                    return Err(storage::Error::SeriesLimit { limit });
                }
                Ok(SeriesId(head.register(labels)))
            })
            .collect())
    }

    fn layout(&self, series: &[SeriesId]) -> storage::Result<LayoutId> {
        let mut head = self.shared.head.write();
        let slots: Vec<u32> = series.iter().map(|id| id.0).collect();
        match slots.iter().find(|id| head.series.labels(**id).is_none()) {
            Some(unknown) => Err(storage::Error::UnknownSeries(*unknown)),
            None => Ok(LayoutId(head.open_layout(&slots))),
        }
    }

    fn release(&self, layout: LayoutId) {
        self.shared.head.write().release_layout(layout.0);
    }

    fn append_frame(&self, frame: Frame<'_>) -> storage::Result<FrameOutcome> {
        // Held to the end: writers come one after the other, so what is admitted stays admissible.
        let mut log = self.shared.wal.lock();
        let mut admitted = Vec::with_capacity(frame.values.len());
        let time = frame.time.0;
        let outcome = {
            let head = self.shared.head.read();
            let unknown = storage::Error::UnknownLayout(frame.layout.0);
            let layout = head.layout(frame.layout.0).ok_or(unknown)?;
            let (expected, got) = (layout.slots.len(), frame.values.len());
            if expected != got {
                return Err(storage::Error::FrameShape { expected, got });
            }
            let outcome = head.admit(layout, time, frame.values, &mut admitted);
            if outcome.appended == 0 {
                return Ok(self.note(outcome));
            }
            let slots = &layout.slots;
            let logged = WalFrame {
                layout: frame.layout.0,
                slots,
                time,
                values: &admitted,
            };
            log.frame(&logged, |id| head.series.labels(id))
                .map_err(|error| self.refuse(&error))?;
            outcome
        };
        self.shared
            .head
            .write()
            .apply_frame(frame.layout.0, time, &admitted);
        Ok(self.note(outcome))
    }

    fn append_loose(&self, samples: &[LooseSample]) -> storage::Result<FrameOutcome> {
        let mut log = self.shared.wal.lock();
        let mut admitted = Vec::with_capacity(samples.len());
        let outcome = {
            let head = self.shared.head.read();
            let known = |sample: &&LooseSample| head.series.labels(sample.series.0).is_none();
            if let Some(unknown) = samples.iter().find(known) {
                return Err(storage::Error::UnknownSeries(unknown.series.0));
            }
            let plain = samples
                .iter()
                .map(|one| (one.series.0, one.time.0, one.value));
            let outcome = head.admit_loose(plain, &mut admitted);
            if !admitted.is_empty() {
                let logged = log.loose(&admitted, |id| head.series.labels(id));
                logged.map_err(|error| self.refuse(&error))?;
            }
            outcome
        };
        let mut head = self.shared.head.write();
        for (series, time, value) in admitted {
            head.apply_loose(series, time, value);
        }
        Ok(self.note(outcome))
    }
}

impl Queryable for Db {
    fn select(&self, matchers: &Matchers, range: TimeRange) -> storage::Result<Box<dyn Selection>> {
        let head = self.shared.head.read();
        let ids = head.series.index.select(matchers);
        Ok(Box::new(Selected::new(
            Arc::clone(&self.shared),
            &head,
            ids.iter(),
            range,
        )))
    }

    fn series(&self, query: LabelQuery<'_>) -> storage::Result<Vec<Labels>> {
        let head = self.shared.head.read();
        let ids = Self::among(&head, query).unwrap_or_else(|| head.series.index.all().clone());
        let mut found: Vec<Labels> = ids
            .iter()
            .filter_map(|id| head.series.labels(id).cloned())
            .collect();
        drop(head);
        found.sort();
        Ok(found)
    }

    fn label_names(&self, query: LabelQuery<'_>) -> storage::Result<Vec<String>> {
        let head = self.shared.head.read();
        let among = Self::among(&head, query);
        Ok(head.series.index.names(among.as_ref()))
    }

    fn label_values(&self, name: &str, query: LabelQuery<'_>) -> storage::Result<Vec<String>> {
        let head = self.shared.head.read();
        let among = Self::among(&head, query);
        Ok(head.series.index.values(name, among.as_ref()))
    }
}
