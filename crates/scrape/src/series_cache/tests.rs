use super::*;
use crate::lines::Meaning;
use model::{Matcher, MetricKind, TimeRange, is_stale};
use storage::{Column, Matchers, MemStorage, Queryable};

/// A cache on a storage, with one report series `up`.
struct Fixture {
    store: MemStorage,
    cache: SeriesCache,
    lines: Lines,
    time: i64,
}

fn named(name: &str) -> Labels {
    Labels::from_pairs([("__name__", name)])
}

fn register(store: &MemStorage, name: &str) -> SeriesId {
    store.register(&[named(name)]).unwrap().remove(0).unwrap()
}

impl Fixture {
    fn new() -> Self {
        let store = MemStorage::default();
        let mut cache = SeriesCache::default();
        cache.ensure_reports(&store, &[named("up")]).unwrap();
        Self {
            store,
            cache,
            lines: Lines::default(),
            time: 0,
        }
    }

    /// One scrape of these series with value 1; tells how each was placed.
    fn scrape(&mut self, ids: &[&str]) -> Vec<Placed> {
        self.cache.begin();
        let placed = ids.iter().map(|id| {
            let index = self.find(id).unwrap_or_else(|| {
                let name = id.trim_start_matches("alias-");
                let index = self.cache.name(register(&self.store, name));
                let (kind, meaning) = (MetricKind::Unknown, Meaning::Series(index));
                let scrape = self.cache.scrape();
                self.lines.add_sample(id.as_bytes(), kind, meaning, scrape);
                index
            });
            self.cache.set(index, 1.0)
        });
        let placed = placed.collect();
        self.commit();
        placed
    }

    /// The series that a line with this id means.
    fn find(&mut self, id: &str) -> Option<u32> {
        let line = self.lines.find_sample(id.as_bytes(), MetricKind::Unknown)?;
        let line = self.lines.get_mut(line).unwrap();
        line.seen = self.cache.scrape();
        match line.meaning {
            Meaning::Series(index) => Some(index),
            _ => None,
        }
    }

    fn commit(&mut self) {
        self.time += 1;
        let time = TimestampMs(self.time);
        self.cache
            .commit(&self.store, time, &[1.0], LooseStaleness::Tracked)
            .unwrap();
        self.cache.sweep(&mut self.lines);
    }

    /// Times of a series; negative where it ends.
    fn times(&self, name: &str) -> Vec<i64> {
        let matchers = Matchers::compile(&[Matcher::metric(name)]).unwrap();
        let selection = self.store.select(&matchers, TimeRange::ALL).unwrap();
        let mut column = Column::default();
        selection
            .reader()
            .read(0, TimeRange::ALL, &mut column)
            .unwrap();
        let samples = column.times.iter().zip(&column.values);
        samples
            .map(|(time, value)| if is_stale(*value) { -time } else { *time })
            .collect()
    }
}

#[test]
fn series_that_vanish_end_and_come_back() {
    let mut fixture = Fixture::new();
    assert_eq!(fixture.scrape(&["a", "b"]), [Placed::Added, Placed::Added]);
    assert_eq!(fixture.scrape(&["b"]), [Placed::Known]);
    assert_eq!(fixture.scrape(&["b", "a"]), [Placed::Known, Placed::Known]);
    assert_eq!(fixture.times("a"), [1, -2, 3]);
    assert_eq!(fixture.times("b"), [1, 2, 3]);
    assert_eq!(fixture.times("up"), [1, 2, 3]);
}

#[test]
fn repeated_series_count_once_whatever_their_id() {
    let mut fixture = Fixture::new();
    assert_eq!(
        fixture.scrape(&["a", "a"]),
        [Placed::Added, Placed::Duplicate]
    );
    assert_eq!(
        fixture.scrape(&["alias-a", "a"]),
        [Placed::Known, Placed::Duplicate]
    );
    assert_eq!(fixture.scrape(&["up"]), [Placed::Duplicate]);
    assert_eq!(fixture.times("a"), [1, 2, -3]);
}

#[test]
fn failed_scrapes_end_everything_but_the_report() {
    let mut fixture = Fixture::new();
    fixture.scrape(&["a"]);
    fixture.cache.begin();
    let a = fixture.find("a").unwrap();
    fixture.cache.set(a, 1.0);
    fixture.cache.take_back();
    fixture.commit();
    assert_eq!(
        (fixture.times("a"), fixture.times("up")),
        (vec![1, -2], vec![1, 2])
    );
}

#[test]
fn long_gone_series_lose_their_slot_and_count_as_added_again() {
    let mut fixture = Fixture::new();
    fixture.scrape(&["gone", "stays"]);
    let scrape = fixture.cache.scrape();
    let (kind, id) = (MetricKind::Unknown, b"dropped");
    fixture.lines.add_sample(id, kind, Meaning::Dropped, scrape);
    for _ in 0..2 * SWEEP_EVERY {
        fixture.scrape(&["stays"]);
    }
    assert_eq!(fixture.cache.slots.len(), 2);
    assert_eq!(fixture.find("gone"), None);
    assert_eq!(fixture.lines.find_sample(id, kind), None);
    assert_eq!(fixture.cache.named(), 1);
    assert_eq!(
        fixture.scrape(&["stays", "gone"]),
        [Placed::Known, Placed::Added]
    );
    let now = fixture.time;
    assert_eq!(fixture.times("gone"), [1, -2, now]);
    assert_eq!(fixture.times("stays").len() as i64, now);
}

#[test]
fn series_with_times_of_their_own_stay_out_of_the_frame() {
    let mut fixture = Fixture::new();
    let id = register(&fixture.store, "own");
    fixture.cache.begin();
    let index = fixture.cache.name(id);
    assert_eq!(
        fixture.cache.set_loose(index, TimestampMs(-50), 7.0),
        Placed::Added
    );
    fixture.commit();
    assert_eq!(fixture.cache.slots.len(), 1);
    fixture.cache.begin();
    fixture.commit();
    assert_eq!(fixture.times("own"), [-50, -2]);
}

#[test]
fn forgotten_lines_keep_their_series() {
    let mut fixture = Fixture::new();
    fixture.scrape(&["a", "b"]);
    fixture.cache.forget_names();
    fixture.lines = Lines::default();
    assert_eq!(fixture.scrape(&["a"]), [Placed::Known]);
    assert_eq!(
        (fixture.times("a"), fixture.times("b")),
        (vec![1, 2], vec![1, -2])
    );
}

#[test]
fn an_ended_target_ends_its_report_too() {
    let mut fixture = Fixture::new();
    fixture.scrape(&["a"]);
    let Fixture { store, cache, .. } = &mut fixture;
    cache
        .end(store, TimestampMs(9), LooseStaleness::Ignored)
        .unwrap();
    assert_eq!(
        (fixture.times("a"), fixture.times("up")),
        (vec![1, -9], vec![1, -9])
    );
}
