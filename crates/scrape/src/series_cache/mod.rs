//! The series of one target and their slots in its frame.

use crate::error::Result;
use crate::lines::Lines;
use hashbrown::HashMap;
use model::{Labels, TimestampMs, stale_nan};
use storage::{Appender, Frame, FrameOutcome, LayoutId, LooseSample, SeriesId};

/// Scrapes that a series may stay away before its slot is given up.
const KEPT_SCRAPES: u32 = 10;
/// The cache is swept once in so many scrapes.
const SWEEP_EVERY: u32 = 16;
/// A series that stayed away longer counts as added when it comes back.
const ADDED_AFTER: u32 = 2;

/// The series of one target and the values of its current scrape.
#[derive(Debug, Default)]
pub(crate) struct SeriesCache {
    by_series: HashMap<SeriesId, u32>,
    tracked: Vec<Tracked>,
    /// Number in `tracked` of the series in each slot. The report series hold the first ones.
    slots: Vec<u32>,
    reports: usize,
    /// The layout of `slots`; none if they changed since.
    layout: Option<LayoutId>,
    /// Layouts that no frame will use again.
    outdated: Vec<LayoutId>,
    /// Slots that there were when the current scrape began.
    begun_slots: usize,
    /// Shape: `values[slots.len()]`, the current frame.
    values: Vec<f64>,
    loose: Vec<LooseSample>,
    /// Series that some line is known to mean.
    named: usize,
    /// Number of the current scrape, from 1.
    scrape: u32,
}

#[derive(Debug)]
struct Tracked {
    series: SeriesId,
    /// Its place in the frame; [`NO_SLOT`] while all its samples carried times of their own.
    slot: u32,
    /// Scrapes that had it last, at all, in the frame, and with a time of its own.
    seen: u32,
    framed: u32,
    loose: u32,
    /// The last scrape before that had it at all, and with a time of its own.
    seen_before: u32,
    loose_before: u32,
    /// Whether a line is known to mean it.
    named: bool,
}

/// In no frame.
const NO_SLOT: u32 = u32::MAX;

/// What became of one sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Placed {
    /// First sample of a series that is new, or was away for long.
    Added,
    /// Another sample of a known series.
    Known,
    /// The page has the series twice: only the first counts.
    Duplicate,
}

/// Whether series with times of their own end when they vanish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LooseStaleness {
    Tracked,
    Ignored,
}

impl SeriesCache {
    /// Gives the report series their slots, once.
    ///
    /// # Errors
    /// What the storage says; then it is tried again in the next scrape.
    pub(crate) fn ensure_reports(
        &mut self,
        appender: &dyn Appender,
        reports: &[Labels],
    ) -> Result<(), storage::Error> {
        if self.has_reports() {
            return Ok(());
        }
        let ids = appender
            .register(reports)?
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?;
        for series in ids {
            let index = self.track(series);
            self.give_slot(index, stale_nan());
        }
        self.reports = self.slots.len();
        Ok(())
    }

    /// Whether the report series have their slots.
    pub(crate) fn has_reports(&self) -> bool {
        self.reports > 0
    }

    /// The layout of the last frame.
    #[cfg(test)]
    pub(crate) fn layout_id(&self) -> Option<LayoutId> {
        self.layout
    }

    /// Says that no line is known any more. Series keep their slots: those that no line of the next page
    /// means end with it.
    pub(crate) fn forget_names(&mut self) {
        self.named = 0;
        for tracked in &mut self.tracked {
            tracked.named = false;
        }
    }

    /// Forgets all series, for the storage does not know some of them any more.
    pub(crate) fn forget_series(&mut self, appender: &dyn Appender) {
        for layout in self
            .layout
            .take()
            .into_iter()
            .chain(self.outdated.drain(..))
        {
            appender.release(layout);
        }
        *self = Self {
            scrape: self.scrape,
            ..Self::default()
        };
    }

    /// Starts a scrape: until told otherwise, every series is away.
    pub(crate) fn begin(&mut self) {
        self.scrape += 1;
        self.values.clear();
        self.begun_slots = self.slots.len();
        self.values.resize(self.begun_slots, stale_nan());
        self.loose.clear();
    }

    /// Number of the current scrape.
    pub(crate) fn scrape(&self) -> u32 {
        self.scrape
    }

    /// Number of series that some line is known to mean: those that the target exposed lately.
    pub(crate) fn named(&self) -> usize {
        self.named
    }

    /// The storage's id of a series.
    pub(crate) fn series(&self, index: u32) -> Option<SeriesId> {
        Some(self.tracked.get(index as usize)?.series)
    }

    /// Says that a line means `series`; gives the series' number here.
    pub(crate) fn name(&mut self, series: SeriesId) -> u32 {
        let known = self.by_series.get(&series).copied();
        let index = known.unwrap_or_else(|| self.track(series));
        self.mark_named(index);
        index
    }

    fn mark_named(&mut self, index: u32) {
        if let Some(tracked) = self.tracked.get_mut(index as usize)
            && !tracked.named
        {
            tracked.named = true;
            self.named += 1;
        }
    }

    /// Takes a sample of the scrape's own time.
    #[inline]
    pub(crate) fn set(&mut self, index: u32, value: f64) -> Placed {
        let scrape = self.scrape;
        let Some(tracked) = self.tracked.get_mut(index as usize) else {
            return Placed::Known;
        };
        if tracked.framed == scrape || (tracked.slot as usize) < self.reports {
            return Placed::Duplicate;
        }
        tracked.framed = scrape;
        let placed = tracked.see(scrape);
        let slot = tracked.slot;
        if let Some(place) = self.values.get_mut(slot as usize) {
            *place = value;
        } else {
            self.give_slot(index, value);
        }
        placed
    }

    /// Takes a sample with a time of its own.
    pub(crate) fn set_loose(&mut self, index: u32, time: TimestampMs, value: f64) -> Placed {
        let scrape = self.scrape;
        let Some(tracked) = self.tracked.get_mut(index as usize) else {
            return Placed::Known;
        };
        if tracked.loose != scrape {
            tracked.loose_before = tracked.loose;
            tracked.loose = scrape;
        }
        self.loose.push(LooseSample {
            series: tracked.series,
            time,
            value,
        });
        tracked.see(scrape)
    }

    /// Takes back all samples, for the page is read once more.
    pub(crate) fn rewind(&mut self) {
        self.values.fill(stale_nan());
        self.loose.clear();
        for tracked in &mut self.tracked {
            tracked.framed = 0;
        }
    }

    /// Takes back all samples: the scrape failed, every series is away.
    pub(crate) fn take_back(&mut self) {
        // Nothing is to end for a slot of this scrape: its series had none, or samples with times of their own.
        for index in self.slots.drain(self.begun_slots.min(self.slots.len())..) {
            if let Some(tracked) = self.tracked.get_mut(index as usize) {
                tracked.slot = NO_SLOT;
            }
        }
        self.values.truncate(self.slots.len());
        self.values.fill(stale_nan());
        self.loose.clear();
        for tracked in &mut self.tracked {
            if tracked.seen == self.scrape {
                tracked.seen = tracked.seen_before;
            }
            if tracked.loose == self.scrape {
                tracked.loose = tracked.loose_before;
            }
        }
    }

    /// Stores the scrape with its report.
    ///
    /// Shape: `report` begins with one value per report series.
    ///
    /// # Errors
    /// What the storage says; then nothing of the frame is stored.
    pub(crate) fn commit(
        &mut self,
        appender: &dyn Appender,
        time: TimestampMs,
        report: &[f64],
        staleness: LooseStaleness,
    ) -> Result<FrameOutcome, storage::Error> {
        for (place, value) in self.values.iter_mut().take(self.reports).zip(report) {
            *place = *value;
        }
        if staleness == LooseStaleness::Tracked {
            self.end_loose(time);
        }
        let layout = self.layout(appender)?;
        let mut outcome = FrameOutcome::default();
        if !self.loose.is_empty() {
            outcome = appender.append_loose(&self.loose)?;
        }
        let framed = appender.append_frame(Frame {
            layout,
            time,
            values: &self.values,
        })?;
        outcome.add(framed);
        Ok(outcome)
    }

    /// Ends every series, the report series too: the target is gone.
    ///
    /// # Errors
    /// What the storage says.
    pub(crate) fn end(
        &mut self,
        appender: &dyn Appender,
        time: TimestampMs,
        staleness: LooseStaleness,
    ) -> Result<(), storage::Error> {
        if self.reports == 0 {
            return Ok(());
        }
        self.begin();
        self.commit(appender, time, &[], staleness)?;
        if let Some(layout) = self.layout.take() {
            appender.release(layout);
        }
        Ok(())
    }

    /// Ends the series that had times of their own in the last scrape and are away in this one.
    fn end_loose(&mut self, time: TimestampMs) {
        for tracked in &self.tracked {
            if tracked.loose > 0 && tracked.loose + 1 == self.scrape {
                let (series, value) = (tracked.series, stale_nan());
                self.loose.push(LooseSample {
                    series,
                    time,
                    value,
                });
            }
        }
    }

    fn layout(&mut self, appender: &dyn Appender) -> Result<LayoutId, storage::Error> {
        if let Some(layout) = self.layout {
            return Ok(layout);
        }
        let series: Vec<SeriesId> = self
            .slots
            .iter()
            .filter_map(|index| self.tracked.get(*index as usize))
            .map(|tracked| tracked.series)
            .collect();
        let layout = appender.layout(&series)?;
        self.layout = Some(layout);
        for old in self.outdated.drain(..) {
            appender.release(old);
        }
        Ok(layout)
    }

    fn track(&mut self, series: SeriesId) -> u32 {
        let index = as_u32(self.tracked.len());
        self.tracked.push(Tracked {
            series,
            slot: NO_SLOT,
            seen: 0,
            framed: 0,
            loose: 0,
            seen_before: 0,
            loose_before: 0,
            named: false,
        });
        self.by_series.insert(series, index);
        index
    }

    /// Appends a slot for the series. The old layout has no place for it: the next frame gets a new one.
    fn give_slot(&mut self, index: u32, value: f64) {
        let slot = as_u32(self.slots.len());
        self.slots.push(index);
        self.values.push(value);
        if let Some(tracked) = self.tracked.get_mut(index as usize) {
            tracked.slot = slot;
        }
        self.outdated.extend(self.layout.take());
    }

    /// Gives up what has long been away, once in a while: series and the lines that mean them. Call it
    /// after a scrape.
    pub(crate) fn sweep(&mut self, lines: &mut Lines) {
        if !self.scrape.is_multiple_of(SWEEP_EVERY) {
            return;
        }
        let oldest = self.scrape.saturating_sub(KEPT_SCRAPES);
        let reports = self.reports;
        let is_kept =
            |tracked: &Tracked| tracked.seen > oldest || (tracked.slot as usize) < reports;
        if self.tracked.iter().all(is_kept) {
            lines.sweep(self.scrape, Some);
        } else {
            let mut moved: Vec<Option<u32>> = Vec::with_capacity(self.tracked.len());
            let mut kept = Vec::new();
            for tracked in std::mem::take(&mut self.tracked) {
                if is_kept(&tracked) {
                    moved.push(Some(as_u32(kept.len())));
                    kept.push(tracked);
                } else {
                    moved.push(None);
                }
            }
            self.tracked = kept;
            let new_index = |old: u32| moved.get(old as usize).copied().flatten();
            self.move_series(new_index);
            lines.sweep(self.scrape, new_index);
        }
        self.forget_names();
        for index in lines.series() {
            self.mark_named(index);
        }
    }

    fn move_series(&mut self, new_index: impl Fn(u32) -> Option<u32>) {
        self.by_series
            .retain(|_, index| move_to(index, new_index(*index)));
        let slots = self.slots.len();
        self.slots
            .retain_mut(|index| move_to(index, new_index(*index)));
        if self.slots.len() == slots {
            return;
        }
        for (slot, index) in self.slots.iter().enumerate() {
            if let Some(tracked) = self.tracked.get_mut(*index as usize) {
                tracked.slot = as_u32(slot);
            }
        }
        self.outdated.extend(self.layout.take());
    }
}

impl Tracked {
    #[inline]
    fn see(&mut self, scrape: u32) -> Placed {
        if self.seen == scrape {
            return Placed::Known;
        }
        let away = scrape - self.seen;
        let is_new = self.seen == 0 || away > ADDED_AFTER;
        self.seen_before = self.seen;
        self.seen = scrape;
        if is_new { Placed::Added } else { Placed::Known }
    }
}

/// Writes the new number, or says that there is none.
fn move_to(index: &mut u32, new: Option<u32>) -> bool {
    if let Some(new) = new {
        *index = new;
    }
    new.is_some()
}

/// Storages number series with 32 bits, so a target has no more of them.
fn as_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
