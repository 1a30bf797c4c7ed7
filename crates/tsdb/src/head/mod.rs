//! The head: all series, the newest samples of each, and the sealed pages.

mod index;
mod layout;
mod loose;
mod page;
mod series;

pub(crate) use layout::Layout;
pub(crate) use series::SeriesTable;

use crate::wal::ABSENT_BITS;
use hashbrown::HashMap;
use loose::LooseColumn;
use model::{Labels, TimeRange, is_stale};
use std::sync::Arc;
use storage::{Column, FrameOutcome};

/// Frames that are staged before they are sealed into a page.
pub const FRAMES_PER_PAGE: usize = 120;

/// Everything in memory. Whoever holds it for writing makes whole frames visible.
#[derive(Debug, Default)]
pub(crate) struct Head {
    pub(crate) series: SeriesTable,
    /// `None` where a layout was dropped with its last page.
    layouts: Vec<Option<Layout>>,
    /// Layouts by their slots, so that a target that comes back goes on where it was.
    by_slots: HashMap<Arc<[u32]>, u32>,
    loose: HashMap<u32, LooseColumn>,
    pub(crate) samples: u64,
}

impl Head {
    /// Finds or makes the layout with these slots.
    pub(crate) fn open_layout(&mut self, slots: &[u32]) -> u32 {
        if let Some(id) = self.by_slots.get(slots)
            && let Some(Some(layout)) = self.layouts.get_mut(*id as usize)
        {
            layout.users += 1;
            return *id;
        }
        let slots: Arc<[u32]> = slots.into();
        let id = u32::try_from(self.layouts.len()).unwrap_or(u32::MAX);
        for (slot, series) in slots.iter().enumerate() {
            self.series.add_place(*series, id, slot);
        }
        self.by_slots.insert(Arc::clone(&slots), id);
        self.layouts.push(Some(Layout::new(slots)));
        id
    }

    pub(crate) fn layout(&self, id: u32) -> Option<&Layout> {
        self.layouts.get(id as usize)?.as_ref()
    }

    pub(crate) fn release_layout(&mut self, id: u32) {
        if let Some(Some(layout)) = self.layouts.get_mut(id as usize) {
            layout.users = layout.users.saturating_sub(1);
        }
    }

    /// What of a frame can be stored: the values with [`ABSENT_BITS`] where a sample is late, a
    /// repetition, or a stale marker behind a stale marker.
    pub(crate) fn admit(
        &self,
        layout: &Layout,
        time: i64,
        values: &[f64],
        out: &mut Vec<f64>,
    ) -> FrameOutcome {
        let absent = f64::from_bits(ABSENT_BITS);
        let mut outcome = FrameOutcome::default();
        out.clear();
        // Staging is in time order; a clock that went back stores nothing until it has caught up.
        let is_late = layout.newest().is_some_and(|newest| newest >= time);
        out.extend(layout.slots.iter().zip(values).map(|(series, value)| {
            self.admit_one(*series, time, *value, is_late, &mut outcome)
                .unwrap_or(absent)
        }));
        outcome
    }

    /// The value to store, if the sample is to be stored.
    fn admit_one(
        &self,
        series: u32,
        time: i64,
        value: f64,
        is_late: bool,
        outcome: &mut FrameOutcome,
    ) -> Option<f64> {
        let (last_time, last_value) = self.series.last(series);
        let had_none = last_time == i64::MIN;
        if is_stale(value) && (had_none || is_stale(last_value)) {
            return None;
        }
        if time == last_time && !had_none {
            outcome.duplicate += usize::from(last_value.to_bits() != value.to_bits());
            return None;
        }
        if time < last_time || is_late {
            outcome.out_of_order += 1;
            return None;
        }
        outcome.appended += 1;
        Some(if value.to_bits() == ABSENT_BITS {
            f64::NAN
        } else {
            value
        })
    }

    /// Stages admitted values; seals the layout when its staging is full.
    pub(crate) fn apply_frame(&mut self, id: u32, time: i64, admitted: &[f64]) {
        let Some(Some(layout)) = self.layouts.get_mut(id as usize) else {
            return;
        };
        if layout.slots.len() != admitted.len()
            || layout.newest().is_some_and(|newest| newest >= time)
        {
            return;
        }
        for (series, value) in layout.slots.iter().zip(admitted) {
            if value.to_bits() != ABSENT_BITS {
                self.series.set_last(*series, time, *value);
                self.samples += 1;
            }
        }
        layout.push(time, admitted);
    }

    /// Admits loose samples one after the other; `out` gets those to store.
    pub(crate) fn admit_loose(
        &self,
        samples: impl Iterator<Item = (u32, i64, f64)>,
        out: &mut Vec<(u32, i64, f64)>,
    ) -> FrameOutcome {
        let mut outcome = FrameOutcome::default();
        let mut newest: HashMap<u32, i64> = HashMap::new();
        out.clear();
        for (series, time, value) in samples {
            let is_late = newest.get(&series).is_some_and(|newest| *newest >= time);
            if let Some(value) = self.admit_one(series, time, value, is_late, &mut outcome) {
                newest.insert(series, time);
                out.push((series, time, value));
            }
        }
        outcome
    }

    pub(crate) fn apply_loose(&mut self, series: u32, time: i64, value: f64) {
        if self.series.last(series).0 >= time {
            return;
        }
        self.series.set_last(series, time, value);
        self.samples += 1;
        self.loose.entry(series).or_default().push(time, value);
    }

    /// Reads the samples of `series` in `range` into `column`.
    pub(crate) fn read(
        &self,
        series: u32,
        range: TimeRange,
        column: &mut Column,
    ) -> columns::Result<()> {
        column.clear();
        let mut timeline = None;
        let mut pieces = 0;
        for place in self.series.places(series) {
            let Some(layout) = self.layout(place.layout) else {
                continue;
            };
            let before = column.times.len();
            let is_whole = layout.read(place.slot as usize, range, column)?;
            if column.times.len() > before {
                pieces += 1;
                timeline = is_whole.then_some(u64::from(place.layout));
            }
        }
        if let Some(loose) = self.loose.get(&series) {
            let before = column.times.len();
            loose.read(range, column)?;
            pieces += usize::from(column.times.len() > before);
            timeline = timeline.filter(|_| column.times.len() == before);
        }
        if pieces == 1 {
            column.timeline = timeline;
        } else if !column.times.is_sorted() {
            sort(column);
        }
        Ok(())
    }

    /// Whether `series` may have samples in `range`.
    pub(crate) fn is_alive(&self, series: u32, range: TimeRange) -> bool {
        let newest = self.series.last(series).0;
        if newest == i64::MIN || newest < range.start.0 {
            return false;
        }
        let oldest_place = self
            .series
            .places(series)
            .iter()
            .filter_map(|place| self.layout(place.layout)?.oldest());
        let oldest = oldest_place
            .chain(self.loose.get(&series).and_then(LooseColumn::oldest))
            .min();
        oldest.is_some_and(|oldest| oldest < range.end.0)
    }

    /// Drops pages and series that ended before `cutoff`.
    pub(crate) fn drop_before(&mut self, cutoff: i64) {
        for place in &mut self.layouts {
            let Some(layout) = place else { continue };
            layout.drop_before(cutoff);
            if layout.users == 0 && layout.is_empty() {
                self.by_slots.remove(&layout.slots);
                *place = None;
            }
        }
        self.loose.retain(|_, column| {
            column.drop_before(cutoff);
            !column.is_empty()
        });
        let layouts = &self.layouts;
        self.series.drop_before(cutoff, |layout| {
            layouts.get(layout as usize).is_some_and(Option::is_some)
        });
    }

    /// Sealed pages of all layouts.
    pub(crate) fn pages(&self) -> usize {
        self.layouts.iter().flatten().map(Layout::pages).sum()
    }

    /// Finds or makes a series.
    pub(crate) fn register(&mut self, labels: &Labels) -> u32 {
        self.series.register(labels)
    }
}

/// Pieces of one series never share a time, but may lie across each other.
fn sort(column: &mut Column) {
    let mut pairs: Vec<(i64, f64)> = column
        .times
        .iter()
        .copied()
        .zip(column.values.iter().copied())
        .collect();
    pairs.sort_unstable_by_key(|(time, _)| *time);
    (column.times, column.values) = pairs.into_iter().unzip();
}
