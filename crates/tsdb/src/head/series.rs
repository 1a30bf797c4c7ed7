//! The series: labels, where their samples are, and the newest sample of each.

use super::index::Index;
use hashbrown::HashMap;
use model::Labels;

/// A series' seat in a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) layout: u32,
    pub(crate) slot: u32,
}

/// All series, by number.
#[derive(Debug, Default)]
pub(crate) struct SeriesTable {
    by_labels: HashMap<Labels, u32>,
    /// `None` where a series was dropped; numbers are not used again.
    labels: Vec<Option<Labels>>,
    places: Vec<Vec<Place>>,
    last_times: Vec<i64>,
    last_values: Vec<f64>,
    pub(crate) index: Index,
    pub(crate) created: u64,
    pub(crate) removed: u64,
}

impl SeriesTable {
    /// Series that are there.
    pub(crate) fn len(&self) -> usize {
        self.by_labels.len()
    }

    pub(crate) fn find(&self, labels: &Labels) -> Option<u32> {
        self.by_labels.get(labels).copied()
    }

    /// Finds or makes a series.
    pub(crate) fn register(&mut self, labels: &Labels) -> u32 {
        if let Some(id) = self.find(labels) {
            return id;
        }
        let id = u32::try_from(self.labels.len()).unwrap_or(u32::MAX);
        self.by_labels.insert(labels.clone(), id);
        self.index.insert(id, labels);
        self.labels.push(Some(labels.clone()));
        self.places.push(Vec::new());
        self.last_times.push(i64::MIN);
        self.last_values.push(0.0);
        self.created += 1;
        id
    }

    pub(crate) fn labels(&self, id: u32) -> Option<&Labels> {
        self.labels.get(id as usize)?.as_ref()
    }

    /// Time and value of the newest sample; the earliest time there is where there is no sample.
    pub(crate) fn last(&self, id: u32) -> (i64, f64) {
        let index = id as usize;
        let time = self.last_times.get(index).copied().unwrap_or(i64::MIN);
        (time, self.last_values.get(index).copied().unwrap_or(0.0))
    }

    pub(crate) fn set_last(&mut self, id: u32, time: i64, value: f64) {
        let index = id as usize;
        if let (Some(last_time), Some(last_value)) = (
            self.last_times.get_mut(index),
            self.last_values.get_mut(index),
        ) {
            *last_time = time;
            *last_value = value;
        }
    }

    pub(crate) fn places(&self, id: u32) -> &[Place] {
        self.places.get(id as usize).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn add_place(&mut self, id: u32, layout: u32, slot: usize) {
        if let Some(places) = self.places.get_mut(id as usize) {
            places.push(Place {
                layout,
                slot: u32::try_from(slot).unwrap_or(u32::MAX),
            });
        }
    }

    /// Time of the newest sample of all.
    pub(crate) fn newest_time(&self) -> Option<i64> {
        self.last_times
            .iter()
            .copied()
            .filter(|time| *time != i64::MIN)
            .max()
    }

    /// Forgets places in layouts that are gone, and series that have no place left and no sample since
    /// `cutoff`.
    pub(crate) fn drop_before(&mut self, cutoff: i64, layout_exists: impl Fn(u32) -> bool) {
        for (id, labels) in (0u32..).zip(&mut self.labels) {
            let index = id as usize;
            let Some(places) = self.places.get_mut(index) else {
                continue;
            };
            places.retain(|place| layout_exists(place.layout));
            // One without samples yet was registered a moment ago.
            let last = self.last_times.get(index).copied().unwrap_or(i64::MIN);
            let is_old = last != i64::MIN && last < cutoff;
            if places.is_empty()
                && is_old
                && let Some(labels) = labels.take()
            {
                self.by_labels.remove(&labels);
                self.index.remove(id, &labels);
                self.removed += 1;
            }
        }
    }
}
