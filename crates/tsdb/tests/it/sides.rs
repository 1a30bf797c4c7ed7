//! Histograms, exemplars and metadata: stored, found, there after a restart.

use crate::fixture::{NOW, append, layout, loose, open, open_with, options, read, series};
use model::{
    Histogram, Labels, MatchOp, Matcher, MetricKind, Span, TimeRange, TimestampMs, is_stale,
};
use std::sync::Arc;
use storage::{
    Appender, Exemplar, FrameOutcome, HistogramSample, Matchers, Metadata, Newest, Queryable,
    SeriesId,
};
use tsdb::{Db, Options};
use vfs::MemDisk;

fn id(db: &Db, name: &str) -> SeriesId {
    db.register(&[series(name)]).unwrap().remove(0).unwrap()
}

fn histogram(count: f64) -> Arc<Histogram> {
    Arc::new(Histogram {
        schema: 3,
        count,
        sum: count / 3.0,
        positive_spans: vec![Span {
            offset: -2,
            length: 2,
        }],
        positive_buckets: vec![count - 1.0, 1.0],
        ..Histogram::default()
    })
}

fn put(db: &Db, name: &str, time: i64, histogram: &Arc<Histogram>) -> FrameOutcome {
    let sample = HistogramSample {
        series: id(db, name),
        time: TimestampMs(time),
        histogram: Arc::clone(histogram),
    };
    db.append_histograms(&[sample]).unwrap()
}

fn newest(db: &Db, name: &str) -> Newest {
    let matchers = Matchers::compile(&[Matcher::metric(name)]).unwrap();
    let selection = db.select(&matchers, TimeRange::ALL).unwrap();
    let mut newest = Newest::default();
    selection.newest(TimeRange::ALL, &mut newest).unwrap();
    newest
}

#[test]
fn floats_and_histograms_of_one_series_stand_in_one_column() {
    let disk = MemDisk::default();
    let db = open(&disk);
    let (five, seven) = (histogram(5.0), histogram(7.0));
    loose(&db, "a", NOW, 1.0);
    loose(&db, "a", NOW + 1, 1.5);
    assert_eq!(put(&db, "a", NOW + 2, &five).appended, 1);
    assert_eq!(put(&db, "a", NOW + 2, &five), FrameOutcome::default());
    assert_eq!(put(&db, "a", NOW + 2, &seven).duplicate, 1);
    assert_eq!(loose(&db, "a", NOW + 2, 5.0).duplicate, 1);
    assert_eq!(put(&db, "a", NOW, &seven).out_of_order, 1);
    loose(&db, "a", NOW + 3, 2.5);
    db.rotate();
    put(&db, "a", NOW + 4, &seven);
    let newest = newest(&db, "a");
    assert_eq!(newest.times, [NOW + 4]);
    assert_eq!(newest.histograms, [Some(Arc::clone(&seven))]);
    put(&db, "a", NOW + 5, &Arc::new(Histogram::stale()));
    put(&db, "a", NOW + 6, &Arc::new(Histogram::stale()));
    let check = |db: &Db| {
        let column = read(db, "a", TimeRange::ALL);
        assert_eq!(column.times, [0, 1, 2, 3, 4, 5].map(|step| NOW + step));
        assert_eq!((column.values[1], column.values[3]), (1.5, 2.5));
        assert!(is_stale(column.values[5]));
        let expected = [None, None, Some(&five), None, Some(&seven), None];
        let found: Vec<_> = column.histograms.iter().map(Option::as_ref).collect();
        assert_eq!(found, expected);
    };
    check(&db);
    drop(db);
    check(&open(&disk));
}

#[test]
fn late_histograms_go_in_between_where_a_window_allows_it() {
    let disk = MemDisk::default();
    let options = Options {
        out_of_order_window: model::DurationMs(1_000),
        ..options()
    };
    let db = open_with(&disk, options.clone());
    put(&db, "a", NOW + 10, &histogram(5.0));
    assert_eq!(put(&db, "a", NOW + 5, &histogram(4.0)).appended, 1);
    assert_eq!(
        put(&db, "a", NOW + 5, &histogram(4.0)),
        FrameOutcome::default()
    );
    drop(db);
    let column = read(&open_with(&disk, options), "a", TimeRange::ALL);
    assert_eq!(column.times, [NOW + 5, NOW + 10]);
    assert_eq!(column.histograms[0].as_ref().unwrap().count, 4.0);
}

fn exemplar(time: i64, trace: &str) -> Exemplar {
    Exemplar {
        labels: Labels::from_pairs([("trace_id", trace)]),
        value: 0.5,
        time,
    }
}

fn traces(db: &Db, name: &str) -> Vec<String> {
    let all = [vec![Matcher::new("__name__", MatchOp::Equal, name)]];
    let found = db.exemplars(&all, TimeRange::ALL).unwrap();
    let exemplars = found.iter().flat_map(|one| &one.exemplars);
    exemplars
        .map(|one| one.labels.get("trace_id").unwrap().to_owned())
        .collect()
}

#[test]
fn exemplars_are_a_ring_that_survives_restarts_and_rotations() {
    let disk = MemDisk::default();
    let options = Options {
        max_exemplars: 3,
        retention: model::DurationMs(1_000),
        ..options()
    };
    let clock = clock::ManualClock::at(TimestampMs(NOW));
    let open = || {
        let disk: Arc<dyn vfs::Vfs> = Arc::new(disk.clone());
        Db::open(options.clone(), disk, Arc::new(clock.clone())).unwrap()
    };
    let db = open();
    let both = layout(&db, &["a", "b"]);
    append(&db, both, NOW, &[1.0, 2.0]);
    let (a, b) = (id(&db, "a"), id(&db, "b"));
    let stored = db
        .append_exemplars(&[
            (a, exemplar(NOW, "1")),
            (a, exemplar(NOW, "same time")),
            (b, exemplar(NOW, "2")),
            (a, exemplar(NOW - 1, "older")),
        ])
        .unwrap();
    assert_eq!(stored, 2);
    db.append_exemplars(&[(a, exemplar(NOW + 1, "3"))]).unwrap();
    db.append_exemplars(&[(a, exemplar(NOW + 2, "4"))]).unwrap();
    assert_eq!(traces(&db, "a"), ["3", "4"]);
    assert_eq!(traces(&db, "b"), ["2"]);
    // The segments that told them go; they are told again.
    db.rotate();
    clock.advance(model::DurationMs(60_000));
    db.apply_retention();
    assert_eq!(db.samples(), 0);
    drop(db);
    let db = open();
    assert_eq!(traces(&db, "a"), ["3", "4"]);
    assert_eq!(traces(&db, "b"), ["2"]);
}

#[test]
fn a_ring_without_room_takes_nothing() {
    let options = Options {
        max_exemplars: 0,
        ..options()
    };
    let db = open_with(&MemDisk::default(), options);
    let stored = db.append_exemplars(&[(id(&db, "a"), exemplar(NOW, "1"))]);
    assert_eq!(stored.unwrap(), 0);
}

#[test]
fn metadata_is_told_in_every_segment_and_the_last_word_counts() {
    let disk = MemDisk::default();
    let db = open(&disk);
    let what = |family: &str, help: &str| Metadata {
        family: family.to_owned(),
        kind: MetricKind::Gauge,
        help: help.to_owned(),
        unit: String::new(),
    };
    db.set_metadata(&[what("b", "old"), what("a", "x")])
        .unwrap();
    db.set_metadata(&[what("b", "new")]).unwrap();
    let one = layout(&db, &["a"]);
    append(&db, one, NOW, &[1.0]);
    db.rotate();
    append(&db, one, NOW + 1, &[1.0]);
    let expected = [what("a", "x"), what("b", "new")];
    assert_eq!(db.metadata(), expected);
    drop(db);
    let mut files = disk.image();
    let oldest = files.keys().find(|path| path.starts_with("data/wal"));
    let oldest = oldest.unwrap().clone();
    files.remove(&oldest);
    assert_eq!(open(&MemDisk::from_image(files)).metadata(), expected);
}
