//! A database on files in memory, and what it holds as plain lists.

use clock::ManualClock;
use model::{Labels, Matcher, TimeRange, TimestampMs};
use std::collections::BTreeMap;
use std::sync::Arc;
use storage::{
    Appender, Column, Frame, FrameOutcome, LayoutId, LooseSample, Matchers, Newest, Queryable,
    Selection,
};
use tsdb::{Db, Options};
use vfs::MemDisk;

pub(crate) const NOW: i64 = 1_700_000_000_000;
pub(crate) const DAY: i64 = 86_400_000;

pub(crate) fn options() -> Options {
    Options::new("data")
}

pub(crate) fn open_with(disk: &MemDisk, options: Options) -> Db {
    // Later than what the tests append: samples ahead of the clock are refused.
    let clock = ManualClock::at(TimestampMs(NOW + DAY));
    Db::open(options, Arc::new(disk.clone()), Arc::new(clock)).unwrap()
}

pub(crate) fn open(disk: &MemDisk) -> Db {
    open_with(disk, options())
}

pub(crate) fn series(name: &str) -> Labels {
    Labels::from_pairs([("__name__", name), ("job", "test")])
}

pub(crate) fn layout(db: &impl Appender, names: &[&str]) -> LayoutId {
    let labels: Vec<Labels> = names.iter().map(|name| series(name)).collect();
    let ids: Vec<_> = db
        .register(&labels)
        .unwrap()
        .into_iter()
        .map(|series| series.unwrap())
        .collect();
    db.layout(&ids).unwrap()
}

pub(crate) fn append(db: &impl Appender, layout: LayoutId, time: i64, values: &[f64]) {
    db.append_frame(Frame {
        layout,
        time: TimestampMs(time),
        values,
    })
    .unwrap();
}

/// Everything that is stored: per series its times and the bits of its values.
pub(crate) type Content = BTreeMap<String, Vec<(i64, u64)>>;

pub(crate) fn content(db: &impl Queryable) -> Content {
    let selection = db
        .select(&Matchers::compile(&[]).unwrap(), TimeRange::ALL)
        .unwrap();
    let mut reader = selection.reader();
    let mut column = Column::default();
    let mut content = Content::new();
    for index in 0..selection.len() {
        reader.read(index, TimeRange::ALL, &mut column).unwrap();
        let samples: Vec<_> = column
            .times
            .iter()
            .zip(&column.values)
            .map(|(t, v)| (*t, v.to_bits()))
            .collect();
        if !samples.is_empty() {
            content.insert(selection.labels(index).to_string(), samples);
        }
    }
    content
}

/// The newest sample of every series in `range`, where all samples are selected and where only the newest are,
/// which must be the same.
pub(crate) fn newest(db: &impl Queryable, range: TimeRange) -> BTreeMap<String, (i64, u64)> {
    let all = Matchers::compile(&[]).unwrap();
    let of_all = db.select(&all, range).unwrap();
    let of_newest = db.select_newest(&all, range).unwrap();
    let [one, other, third] = [
        newest_in(&*of_all, range),
        newest_in(&*of_newest, range),
        read_newest(&*of_newest, range),
    ];
    assert_eq!(one, other, "{range:?}");
    assert_eq!(one, third, "{range:?}");
    one
}

fn newest_in(selection: &dyn Selection, range: TimeRange) -> BTreeMap<String, (i64, u64)> {
    let mut newest = Newest::default();
    selection.newest(range, &mut newest).unwrap();
    assert_eq!(newest.times.len(), selection.len());
    let found = newest.times.iter().zip(&newest.values).enumerate();
    let found = found.filter(|(_, (time, _))| **time != Newest::NONE);
    let name = |index| selection.labels(index).to_string();
    found
        .map(|(index, (time, value))| (name(index), (*time, value.to_bits())))
        .collect()
}

fn read_newest(selection: &dyn Selection, range: TimeRange) -> BTreeMap<String, (i64, u64)> {
    let mut reader = selection.reader();
    let mut column = Column::default();
    let mut found = BTreeMap::new();
    for index in 0..selection.len() {
        reader.read(index, range, &mut column).unwrap();
        if let Some((time, value, _)) = column.last() {
            let name = selection.labels(index).to_string();
            assert_eq!(found.insert(name, (time, value.to_bits())), None);
        }
    }
    found
}

/// The samples of the one series of this metric.
pub(crate) fn read(db: &impl Queryable, metric: &str, range: TimeRange) -> Column {
    let matchers = Matchers::compile(&[Matcher::metric(metric)]).unwrap();
    let selection = db.select(&matchers, range).unwrap();
    let mut column = Column::default();
    selection.reader().read(0, range, &mut column).unwrap();
    column
}

pub(crate) fn loose(db: &impl Appender, name: &str, time: i64, value: f64) -> FrameOutcome {
    let series = db.register(&[series(name)]).unwrap().remove(0).unwrap();
    let time = TimestampMs(time);
    let sample = LooseSample {
        series,
        time,
        value,
    };
    db.append_loose(&[sample]).unwrap()
}
