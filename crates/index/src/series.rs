//! The read side of both forms.

use crate::Error;
use crate::Result;
use crate::dictionary::Dictionary;
use crate::identity::Canonical;
use crate::names::NameEntry;
use crate::page::{MAX_LABELS, Row};
use crate::postings::{Postings, bitmap_bytes};
use crate::shapes::Shapes;
use crate::table::Table;
use crate::value_sets::ValueSets;
use model::{Labels, METRIC_NAME};
use roaring::RoaringBitmap;

/// Series and their labels, to be asked.
///
/// Series are known by numbers that mean something in this index only: ids of a [`HeadIndex`](crate::HeadIndex), ordinals
/// of a [`BlockIndex`](crate::BlockIndex). No method panics or fails on a number that there is not.
pub struct SeriesIndex {
    pub(crate) names: Dictionary,
    /// By number of the name.
    pub(crate) entries: Vec<NameEntry>,
    pub(crate) shapes: Shapes,
    pub(crate) table: Table,
    pub(crate) all: RoaringBitmap,
    /// Counts series that came or went.
    pub(crate) generation: u64,
    pub(crate) value_sets: ValueSets,
    pub(crate) last_shape: u32,
}

impl SeriesIndex {
    /// An index without series.
    pub(crate) fn empty() -> Self {
        Self {
            names: Dictionary::default(),
            entries: Vec::new(),
            shapes: Shapes::default(),
            table: Table::default(),
            all: RoaringBitmap::new(),
            generation: 0,
            value_sets: ValueSets::default(),
            last_shape: 0,
        }
    }

    /// Number of series.
    pub fn len(&self) -> usize {
        usize::try_from(self.all.len()).unwrap_or(usize::MAX)
    }

    /// Whether there is no series.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The numbers of all series.
    pub fn all(&self) -> &RoaringBitmap {
        &self.all
    }

    /// Whether there is a series of this number.
    pub fn contains(&self, id: u32) -> bool {
        self.table.row(id).is_some()
    }

    /// Calls `each` with every name and value of series `id`, sorted by name; false if there is none.
    pub fn for_each_label(&self, id: u32, mut each: impl FnMut(&str, &str)) -> bool {
        let Some(row) = self.table.row(id) else {
            return false;
        };
        for (place, name) in self.shapes.get(row.shape()).iter().enumerate() {
            each(
                self.names.get(*name),
                self.value_text(*name, row.value(place)),
            );
        }
        true
    }

    /// The labels of series `id`.
    pub fn labels(&self, id: u32) -> Option<Labels> {
        self.labels_by(id, &mut Vec::new())
    }

    /// Appends the labels of the series `ids` to `found`; numbers that there are not are left out.
    pub fn append_labels(&self, ids: impl IntoIterator<Item = u32>, found: &mut Vec<Labels>) {
        let mut pairs = Vec::new();
        let labels = ids.into_iter();
        found.extend(labels.filter_map(|id| self.labels_by(id, &mut pairs)));
    }

    /// The labels of series `id`; `pairs` is room to gather them in.
    fn labels_by<'a>(&'a self, id: u32, pairs: &mut Vec<(&'a str, &'a str)>) -> Option<Labels> {
        let row = self.table.row(id)?;
        let names = self.shapes.get(row.shape()).iter().enumerate();
        pairs.clear();
        pairs.extend(names.map(|(place, name)| {
            let value = self.value_text(*name, row.value(place));
            (self.names.get(*name), value)
        }));
        Some(Labels::from_sorted(pairs.iter().copied()))
    }

    /// The value that series `id` has for the label `name`.
    pub fn label(&self, id: u32, name: &str) -> Option<&str> {
        let name = self.names.find(name)?;
        let row = self.table.row(id)?;
        let place = self
            .shapes
            .get(row.shape())
            .iter()
            .position(|have| *have == name)?;
        Some(self.value_text(name, row.value(place)))
    }

    /// The [`identity`](crate::identity) of series `id`; computed, not stored.
    pub fn identity(&self, id: u32) -> Option<u128> {
        let mut canonical = Canonical::default();
        self.for_each_label(id, |name, value| canonical.push(name, value))
            .then(|| canonical.identity())
    }

    /// The series that has exactly these labels, found through its postings. [`HeadIndex::find`](crate::HeadIndex::find) is faster.
    pub fn find(&self, labels: &Labels) -> Option<u32> {
        let pairs: Vec<(&str, &str)> = labels.iter().collect();
        let mut row = Vec::new();
        let shape = self.row_of(&pairs, &mut row)?;
        let names = self.shapes.get(shape);
        let is_it = |id: &u32| {
            self.table
                .row(*id)
                .is_some_and(|have| is_row(have, shape, &row))
        };
        if names.is_empty() {
            return self.all.iter().find(is_it);
        }
        // One list is enough where it is short; the metric name's usually is, and is there already.
        let postings = |(name, value): (&u32, &u32)| self.postings(*name).get(*value as usize);
        let metric = names
            .iter()
            .zip(&row)
            .find(|(name, _)| self.names.get(**name) == METRIC_NAME);
        let mut shortest = metric.and_then(postings);
        if shortest.is_none_or(|list| list.len() > SHORT) {
            shortest = names
                .iter()
                .zip(&row)
                .filter_map(postings)
                .min_by_key(|list| list.len());
        }
        let mut found = None;
        shortest?.for_each(|id| {
            if found.is_none() && is_it(&id) {
                found = Some(id);
            }
        });
        found
    }

    /// Values of the label `name` that some series has for which `is_wanted` is true. Ordering: byte order.
    /// Asks about the series of a value until one is wanted.
    pub fn label_values_where(&self, name: &str, is_wanted: impl Fn(u32) -> bool) -> Vec<String> {
        let Some((name, entry)) = self.name_entry(name) else {
            return Vec::new();
        };
        let lists = self.postings(name);
        let has = |id: &&u32| {
            let list = lists.get(**id as usize);
            list.is_some_and(|list| list.any(&is_wanted))
        };
        let sorted = entry.sorted();
        let wanted = sorted.iter().filter(has);
        wanted.map(|id| entry.values.get(*id).to_owned()).collect()
    }

    /// Label names that some series has for which `is_wanted` is true. Ordering: byte order. Asks about
    /// series until every name is found.
    pub fn label_names_where(&self, is_wanted: impl Fn(u32) -> bool) -> Vec<String> {
        let mut found = vec![false; self.shapes.len()];
        let mut missing = found.len();
        for id in &self.all {
            if missing == 0 {
                break;
            }
            let shape = self.table.row(id).map(|row| row.shape() as usize);
            let Some(found) = shape.and_then(|shape| found.get_mut(shape)) else {
                continue;
            };
            if !*found && is_wanted(id) {
                *found = true;
                missing -= 1;
            }
        }
        let mut has = vec![false; self.entries.len()];
        let shapes = (0..).zip(&found).filter(|(_, found)| **found);
        for name in shapes.flat_map(|(shape, _)| self.shapes.get(shape)) {
            if let Some(has) = has.get_mut(*name as usize) {
                *has = true;
            }
        }
        let mut names: Vec<String> = (0..)
            .zip(has)
            .filter(|(_, has)| *has)
            .map(|(name, _)| self.names.get(name).to_owned())
            .collect();
        names.sort_unstable();
        names
    }

    /// Label names that some series of `among` has; all names without it. Ordering: byte order.
    pub fn label_names(&self, among: Option<&RoaringBitmap>) -> Vec<String> {
        let mut has = vec![among.is_none(); self.entries.len()];
        if let Some(ids) = among {
            let mut seen = vec![false; self.shapes.len()];
            for row in ids.iter().filter_map(|id| self.table.row(id)) {
                let Some(seen) = seen.get_mut(row.shape() as usize).filter(|seen| !**seen) else {
                    continue;
                };
                *seen = true;
                for name in self.shapes.get(row.shape()) {
                    if let Some(has) = has.get_mut(*name as usize) {
                        *has = true;
                    }
                }
            }
        }
        let with_values = self.entries.iter().zip(has).zip(0..);
        let mut names: Vec<String> = with_values
            .filter(|((entry, has), _)| *has && entry.values.len() > 0)
            .map(|(_, name)| self.names.get(name).to_owned())
            .collect();
        names.sort_unstable();
        names
    }

    /// Values of the label `name` that some series of `among` has; all values without it. Ordering: byte
    /// order.
    pub fn label_values(&self, name: &str, among: Option<&RoaringBitmap>) -> Vec<String> {
        let Some((name, entry)) = self.name_entry(name) else {
            return Vec::new();
        };
        let text = |id: &u32| entry.values.get(*id).to_owned();
        let Some(among) = among else {
            return entry.sorted().iter().map(text).collect();
        };
        // A row is read in the time in which a few lists are compared.
        let mut ids: Vec<u32> = if among.len() / 4 < entry.values.len() as u64 {
            let places = self.shapes.places_of(name);
            let mut ids: Vec<u32> = among
                .iter()
                .filter_map(|id| self.value_at(id, &places))
                .collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        } else {
            let lists = (0..).zip(self.postings(name));
            lists
                .filter(|(_, list)| !list.is_disjoint(among))
                .map(|(id, _)| id)
                .collect()
        };
        ids.sort_unstable_by(|a, b| entry.values.get(*a).cmp(entry.values.get(*b)));
        ids.iter().map(text).collect()
    }

    /// All series in the order of blocks: by metric name (none first), then by shape (its names, in byte
    /// order), then by number.
    pub fn in_metric_order(&self) -> Vec<u32> {
        let mut shape_order: Vec<(Vec<&str>, u32)> = (0..)
            .zip(self.shapes.iter())
            .map(|(shape, names)| {
                (
                    names.iter().map(|name| self.names.get(*name)).collect(),
                    shape,
                )
            })
            .collect();
        shape_order.sort_unstable();
        let mut shape_rank = vec![0u32; shape_order.len()];
        for (rank, (_, shape)) in (0..).zip(shape_order) {
            if let Some(place) = shape_rank.get_mut(shape as usize) {
                *place = rank;
            }
        }
        let mut metric_rank = Vec::new();
        let mut places = Vec::new();
        if let Some((name, entry)) = self.name_entry(METRIC_NAME) {
            places = self.shapes.places_of(name);
            metric_rank = vec![0u32; entry.values.bound() as usize];
            for (rank, id) in (1..).zip(entry.sorted().iter()) {
                if let Some(place) = metric_rank.get_mut(*id as usize) {
                    *place = rank;
                }
            }
        }
        let key = |id: u32| {
            let metric = self
                .value_at(id, &places)
                .and_then(|id| metric_rank.get(id as usize));
            let shape = self
                .table
                .row(id)
                .and_then(|row| shape_rank.get(row.shape() as usize));
            (
                metric.copied().unwrap_or(0),
                shape.copied().unwrap_or(0),
                id,
            )
        };
        let mut keys: Vec<(u32, u32, u32)> = self.all.iter().map(key).collect();
        keys.sort_unstable();
        keys.into_iter().map(|(_, _, id)| id).collect()
    }

    /// Heap bytes of the index, caches included; a few per cent off where bitmaps keep room to grow.
    pub fn heap_bytes(&self) -> usize {
        let entries: usize = self.entries.iter().map(NameEntry::heap_bytes).sum();
        entries
            + self.entries.capacity() * size_of::<NameEntry>()
            + self.names.heap_bytes()
            + self.shapes.heap_bytes()
            + self.table.heap_bytes()
            + bitmap_bytes(&self.all)
            + self.value_sets.heap_bytes()
    }

    pub(crate) fn name_entry(&self, name: &str) -> Option<(u32, &NameEntry)> {
        let name = self.names.find(name)?;
        Some((name, self.entries.get(name as usize)?))
    }

    pub(crate) fn value_text(&self, name: u32, value: u32) -> &str {
        self.entries
            .get(name as usize)
            .map_or("", |entry| entry.values.get(value))
    }

    /// The value number of series `id` where `places` are those of a name.
    pub(crate) fn value_at(&self, id: u32, places: &[u32]) -> Option<u32> {
        let row = self.table.row(id)?;
        let place = *places.get(row.shape() as usize)?;
        (place != Shapes::ABSENT).then(|| row.value(place as usize))
    }

    /// The series of each value of `name`.
    pub(crate) fn postings(&self, name: u32) -> &[Postings] {
        let Some(entry) = self.entries.get(name as usize) else {
            return &[];
        };
        entry.postings.get_or_init(|| {
            let mut postings = vec![Postings::default(); entry.values.bound() as usize];
            let places = self.shapes.places_of(name);
            for id in &self.all {
                let value = self.value_at(id, &places);
                if let Some(list) = value.and_then(|value| postings.get_mut(value as usize)) {
                    list.push(id);
                }
            }
            postings.iter_mut().for_each(Postings::seal);
            postings
        })
    }

    /// Shape and value numbers of a label set, if all are known. Ordering: pairs sorted by name.
    pub(crate) fn row_of(&self, pairs: &[(&str, &str)], row: &mut Vec<u32>) -> Option<u32> {
        let shape = if let Some(shape) = self.known_shape(pairs) {
            shape
        } else {
            let names = pairs.iter().map(|(name, _)| self.names.find(name));
            self.shapes.find(&names.collect::<Option<Vec<u32>>>()?)?
        };
        row.clear();
        for (name, (_, value)) in self.shapes.get(shape).iter().zip(pairs) {
            row.push(self.entries.get(*name as usize)?.values.find(value)?);
        }
        Some(shape)
    }

    /// The shape of `pairs` if it is that of the series added last.
    fn known_shape(&self, pairs: &[(&str, &str)]) -> Option<u32> {
        let names = self.shapes.get(self.last_shape);
        let is_same = (self.last_shape as usize) < self.shapes.len()
            && names.len() == pairs.len()
            && names
                .iter()
                .zip(pairs)
                .all(|(name, (wanted, _))| self.names.get(*name) == *wanted);
        is_same.then_some(self.last_shape)
    }

    /// Whether pairs are as in [`Labels`]: strictly sorted by name, no value empty.
    pub(crate) fn is_canonical(&self, pairs: &[(&str, &str)]) -> bool {
        pairs.iter().all(|(_, value)| !value.is_empty())
            && (self.known_shape(pairs).is_some() || pairs.is_sorted_by(|(a, _), (b, _)| a < b))
    }

    /// As [`Self::row_of`], but adds what is not known. Bounds: pairs are strictly sorted, no value is
    /// empty.
    pub(crate) fn intern(&mut self, pairs: &[(&str, &str)], row: &mut Vec<u32>) -> Result<u32> {
        if pairs.len() > MAX_LABELS as usize {
            return Err(Error::TooManyLabels {
                got: pairs.len(),
                max: MAX_LABELS as usize,
            });
        }
        if self.known_shape(pairs).is_none() {
            let mut names = Vec::with_capacity(pairs.len());
            for (name, _) in pairs {
                names.push(self.names.intern(name)?);
            }
            self.entries
                .resize_with(self.names.bound() as usize, NameEntry::growing);
            self.last_shape = self.shapes.intern(&names)?;
        }
        row.clear();
        for (name, (_, value)) in self.shapes.get(self.last_shape).iter().zip(pairs) {
            if let Some(entry) = self.entries.get_mut(*name as usize) {
                row.push(entry.intern(value)?);
            }
        }
        Ok(self.last_shape)
    }
}

/// A list of this length is searched row by row.
const SHORT: u64 = 1024;

/// Whether `have` is the row of `shape` with these `values`.
pub(crate) fn is_row(have: Row<'_>, shape: u32, values: &[u32]) -> bool {
    have.shape() == shape
        && values
            .iter()
            .enumerate()
            .all(|(place, value)| have.value(place) == *value)
}

impl std::fmt::Debug for SeriesIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("SeriesIndex");
        out.field("series", &self.len())
            .field("names", &self.names.len());
        out.field("shapes", &self.shapes.len())
            .finish_non_exhaustive()
    }
}
