//! Selections, label questions, ordering.

use crate::fixture::{NOW, append, content, layout, open, open_with, options, series};
use model::{Labels, MatchOp, Matcher, TimeRange, TimestampMs, is_stale, stale_nan};
use storage::{
    Appender, Column, Error, Frame, FrameOutcome, Grouping, LabelQuery, LooseSample, Matchers,
    Newest, Queryable, Selection,
};
use vfs::MemDisk;

fn metric(name: &str) -> Matchers {
    Matchers::compile(&[Matcher::metric(name)]).unwrap()
}

fn newest(selection: &dyn Selection, range: TimeRange) -> Vec<(i64, f64)> {
    let mut newest = Newest::default();
    selection.newest(range, &mut newest).unwrap();
    newest.times.into_iter().zip(newest.values).collect()
}

#[test]
fn a_selection_does_not_see_what_comes_later() {
    let db = open(&MemDisk::default());
    let one = layout(&db, &["a"]);
    append(&db, one, NOW, &[1.0]);
    let selection = db.select(&metric("a"), TimeRange::ALL).unwrap();
    for step in 1..500 {
        append(&db, one, NOW + step, &[2.0]);
    }
    db.rotate();
    append(&db, one, NOW + 500, &[3.0]);
    let mut column = Column::default();
    let mut reader = selection.reader();
    reader.read(0, TimeRange::ALL, &mut column).unwrap();
    assert_eq!((column.times, column.values), (vec![NOW], vec![1.0]));
    assert_eq!(newest(&*selection, TimeRange::ALL), [(NOW, 1.0)]);
}

#[test]
fn ranges_are_half_open_across_generations() {
    let db = open(&MemDisk::default());
    let one = layout(&db, &["a"]);
    for step in 0..300 {
        if step % 120 == 0 {
            db.rotate();
        }
        append(&db, one, NOW + step, &[step as f64]);
    }
    let selection = db.select(&metric("a"), TimeRange::ALL).unwrap();
    let mut column = Column::default();
    for (from, to) in [
        (0, 1),
        (5, 5),
        (100, 150),
        (119, 121),
        (239, 300),
        (299, 400),
        (-9, 0),
    ] {
        let range = TimeRange::new(TimestampMs(NOW + from), TimestampMs(NOW + to));
        selection.reader().read(0, range, &mut column).unwrap();
        let expected: Vec<i64> = (from.max(0)..to.min(300)).map(|step| NOW + step).collect();
        assert_eq!(column.times, expected, "{from}..{to}");
        let last = newest(&*selection, range)[0].0;
        let expected = expected.last().copied().unwrap_or(Newest::NONE);
        assert_eq!(last, expected, "{from}..{to}");
    }
}

#[test]
fn columns_of_one_target_share_a_timeline_and_one_with_gaps_does_not() {
    let db = open(&MemDisk::default());
    let all = layout(&db, &["a", "b", "c"]);
    for step in 0..250 {
        if step == 200 {
            db.rotate();
        }
        let gap = if step == 7 || step == 8 {
            stale_nan()
        } else {
            1.0
        };
        append(&db, all, NOW + step, &[1.0, 2.0, gap]);
    }
    let selection = db
        .select(&Matchers::compile(&[]).unwrap(), TimeRange::ALL)
        .unwrap();
    let mut columns = Vec::new();
    for index in 0..3 {
        let mut column = Column::default();
        let mut reader = selection.reader();
        reader.read(index, TimeRange::ALL, &mut column).unwrap();
        columns.push(column);
    }
    assert!(columns[0].timeline.is_some());
    assert_eq!(columns[0].timeline, columns[1].timeline);
    assert_eq!(columns[0].times, columns[1].times);
    assert_ne!(columns[0].timeline, columns[2].timeline);
    // Of two absences in a row the first one is the marker, the second one nothing.
    assert_eq!(columns[2].times.len(), 249);
    assert!(is_stale(columns[2].values[7]));
}

#[test]
fn late_repeated_and_unknown_samples_are_told_apart() {
    let db = open(&MemDisk::default());
    let both = layout(&db, &["a", "b"]);
    append(&db, both, NOW, &[1.0, 2.0]);
    let frame = |time, values| Frame {
        layout: both,
        time: TimestampMs(time),
        values,
    };
    let late = db.append_frame(frame(NOW - 1, &[1.0, 1.0])).unwrap();
    assert_eq!(
        late,
        FrameOutcome {
            out_of_order: 2,
            ..FrameOutcome::default()
        }
    );
    let again = db.append_frame(frame(NOW, &[1.0, 5.0])).unwrap();
    assert_eq!(
        again,
        FrameOutcome {
            duplicate: 1,
            ..FrameOutcome::default()
        }
    );
    let short = db.append_frame(frame(NOW + 1, &[1.0])).unwrap_err();
    assert!(matches!(
        short,
        Error::FrameShape {
            expected: 2,
            got: 1
        }
    ));
    let layout = storage::LayoutId(99);
    let unknown = db
        .append_frame(Frame {
            layout,
            ..frame(NOW, &[])
        })
        .unwrap_err();
    assert!(matches!(unknown, Error::UnknownLayout(99)));
    let series = storage::SeriesId(99);
    let sample = LooseSample {
        series,
        time: TimestampMs(1),
        value: 1.0,
    };
    assert!(matches!(
        db.append_loose(&[sample]),
        Err(Error::UnknownSeries(99))
    ));
}

#[test]
fn a_series_written_by_two_targets_keeps_its_samples_in_order() {
    let db = open(&MemDisk::default());
    let (first, second) = (layout(&db, &["a", "x"]), layout(&db, &["a", "y"]));
    for step in 0..400 {
        let to = if step % 3 == 0 { first } else { second };
        append(&db, to, NOW + step, &[step as f64, 0.0]);
    }
    let samples = &content(&db)["a{job=\"test\"}"];
    assert_eq!(samples.len(), 400);
    assert!(samples.is_sorted());
}

#[test]
fn new_series_over_the_limit_are_refused_and_known_ones_flow() {
    let db = open_with(
        &MemDisk::default(),
        tsdb::Options {
            max_series: 2,
            ..options()
        },
    );
    let labels: Vec<Labels> = ["a", "b", "c", "a"]
        .iter()
        .map(|name| series(name))
        .collect();
    let ids = db.register(&labels).unwrap();
    assert!(ids[0].is_ok() && ids[1].is_ok() && ids[3].is_ok());
    assert!(matches!(ids[2], Err(Error::SeriesLimit { limit: 2 })));
}

#[test]
fn label_questions_are_about_series_with_samples_in_the_range() {
    let db = open(&MemDisk::default());
    let (old, new) = (layout(&db, &["old"]), layout(&db, &["new"]));
    layout(&db, &["never"]);
    append(&db, old, NOW, &[1.0]);
    append(&db, new, NOW + 1_000, &[1.0]);
    let at = |from, to| TimeRange::new(TimestampMs(NOW + from), TimestampMs(NOW + to));
    let names = |any_of: &[Matchers], range| {
        db.label_values("__name__", LabelQuery { any_of, range })
            .unwrap()
    };
    assert_eq!(names(&[], at(0, 2_000)), ["new", "old"]);
    assert_eq!(names(&[], at(500, 2_000)), ["new"]);
    assert_eq!(names(&[], at(0, 500)), ["old"]);
    assert_eq!(
        names(&[metric("old"), metric("nothing")], at(0, 2_000)),
        ["old"]
    );
    let all = LabelQuery {
        any_of: &[],
        range: at(0, 2_000),
    };
    assert_eq!(db.label_names(all).unwrap(), ["__name__", "job"]);
    assert_eq!(db.series(all).unwrap(), [series("new"), series("old")]);
    let not_old = Matcher::new("__name__", MatchOp::NotEqual, "old");
    let not_old = Matchers::compile(&[not_old]).unwrap();
    assert_eq!(names(&[not_old], at(0, 2_000)), ["new"]);
}

#[test]
fn newest_samples_are_those_of_the_moment_of_the_selection_and_of_the_range() {
    let db = open(&MemDisk::default());
    let all = layout(&db, &["a", "b", "c"]);
    append(&db, all, NOW, &[1.0, 2.0, 3.0]);
    append(&db, all, NOW + 10, &[1.5, stale_nan(), 3.5]);
    let selection = db
        .select(&Matchers::compile(&[]).unwrap(), TimeRange::ALL)
        .unwrap();
    append(&db, all, NOW + 20, &[9.0, 9.0, 9.0]);
    let bits = |found: Vec<(i64, f64)>| -> Vec<(i64, u64)> {
        found.into_iter().map(|(t, v)| (t, v.to_bits())).collect()
    };
    let expected = [(NOW + 10, 1.5), (NOW + 10, stale_nan()), (NOW + 10, 3.5)];
    let all_time = newest(&*selection, TimeRange::ALL);
    assert_eq!(bits(all_time), bits(expected.into()));
    let early = TimeRange::new(TimestampMs(NOW), TimestampMs(NOW + 5));
    let expected = [(NOW, 1.0), (NOW, 2.0), (NOW, 3.0)];
    assert_eq!(newest(&*selection, early), expected);
    let late = TimeRange::new(TimestampMs(NOW + 11), TimestampMs(NOW + 99));
    let found = newest(&*selection, late);
    assert!(found.iter().all(|(time, _)| *time == Newest::NONE));
}

#[test]
fn groups_are_those_that_label_sets_would_make() {
    let db = open(&MemDisk::default());
    let all = layout(&db, &["a", "b", "c"]);
    append(&db, all, NOW, &[1.0, 2.0, 3.0]);
    let selection = db
        .select(&Matchers::compile(&[]).unwrap(), TimeRange::ALL)
        .unwrap();
    for (without, names) in [
        (false, vec!["job"]),
        (true, vec!["job"]),
        (false, vec!["__name__"]),
    ] {
        let names = names.into_iter().map(str::to_owned).collect();
        let grouping = Grouping { without, names };
        let labels = (0..selection.len()).map(|index| selection.labels(index));
        let expected = storage::Groups::of(labels, &grouping);
        assert_eq!(selection.group(&grouping), expected);
    }
}
