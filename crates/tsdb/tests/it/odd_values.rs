//! Values whose bits are easily lost, from the log to compacted blocks.

use crate::fixture::{Content, NOW, append, content, layout, open, open_with, options, series};
use model::{DurationMs, Histogram, Span, TimeRange, TimestampMs};
use std::sync::Arc;
use storage::{Admin, Appender, Column, HistogramSample, LooseSample, Matchers, Queryable};
use tsdb::{Db, Options};
use vfs::MemDisk;

/// NaNs of both kinds with payloads, the bits that mean something in the log or to queries, zeros,
/// infinities, the smallest and largest numbers, integers that no longer fit.
const ODD: [u64; 20] = [
    0x7ff8_0000_0000_0000,
    0xfff8_0000_0000_0000,
    0x7ff8_0000_dead_beef,
    0x7ff0_0000_0000_0001,
    0xfff0_0000_0000_0001,
    0x7fff_ffff_ffff_ffff,
    0xffff_ffff_ffff_ffff,
    0x7ff0_a85e_0000_0001,
    0x7ff0_0000_0000_0002,
    0x8000_0000_0000_0000,
    0x0000_0000_0000_0000,
    0x7ff0_0000_0000_0000,
    0xfff0_0000_0000_0000,
    0x0000_0000_0000_0001,
    0x800f_ffff_ffff_ffff,
    0x7fef_ffff_ffff_ffff,
    0xffef_ffff_ffff_ffff,
    0x4340_0000_0000_0001,
    0xc3e0_0000_0000_0000,
    0x3fb9_9999_9999_999a,
];

const HOUR: i64 = 3_600_000;

fn options_with_window() -> Options {
    Options {
        out_of_order_window: DurationMs(HOUR),
        ..options()
    }
}

/// Each value beside ordinary ones, in frames, loose, late, and inside histograms.
fn fill(db: &Db, round: i64) -> Vec<(String, i64, u64)> {
    let mut written = Vec::new();
    let pair = layout(db, &["framed", "plain"]);
    let names = ["loose", "late", "h"].map(series);
    let ids = db.register(&names).unwrap();
    let ids: Vec<_> = ids.into_iter().map(Result::unwrap).collect();
    for (step, bits) in (round * 40..).zip(ODD.into_iter().chain(ODD.into_iter().rev())) {
        let (time, value) = (NOW + step * 60_000, f64::from_bits(bits));
        append(db, pair, time, &[value, step as f64]);
        let sample = |series, time, value| LooseSample {
            series,
            time: TimestampMs(time),
            value,
        };
        db.append_loose(&[
            sample(ids[0], time + 1, value),
            sample(ids[1], time + 40_000, 1.0),
        ])
        .unwrap();
        db.append_loose(&[sample(ids[1], time + 3, value)]).unwrap();
        let one = Histogram {
            count: value,
            sum: value,
            zero_count: 1.0,
            positive_spans: vec![Span {
                offset: 0,
                length: 1,
            }],
            positive_buckets: vec![value],
            ..Histogram::default()
        };
        let histogram = HistogramSample {
            series: ids[2],
            time: TimestampMs(time),
            histogram: Arc::new(one),
        };
        if !histogram.histogram.is_stale() {
            assert_eq!(db.append_histograms(&[histogram]).unwrap().appended, 1);
        }
        let float = |name: &str, time: i64, bits: u64| (series(name).to_string(), time, bits);
        written.extend([
            float("framed", time, bits),
            float("plain", time, (step as f64).to_bits()),
            float("loose", time + 1, bits),
            float("late", time + 3, bits),
            float("late", time + 40_000, 1f64.to_bits()),
        ]);
    }
    written
}

fn histograms(db: &Db) -> Vec<(i64, [u64; 3])> {
    let matchers = Matchers::compile(&[model::Matcher::metric("h")]).unwrap();
    let selection = db.select(&matchers, TimeRange::ALL).unwrap();
    let mut column = Column::default();
    selection
        .reader()
        .read(0, TimeRange::ALL, &mut column)
        .unwrap();
    let bits = |one: &Histogram| [one.count, one.sum, one.positive_buckets[0]].map(f64::to_bits);
    let all = column.times.iter().zip(&column.histograms);
    all.map(|(time, one)| (*time, bits(one.as_ref().unwrap())))
        .collect()
}

#[test]
fn odd_bits_come_back_from_the_log_the_head_blocks_and_compaction() {
    let disk = MemDisk::default();
    let mut db = open_with(&disk, options_with_window());
    let mut written = Vec::new();
    for round in 0..10 {
        written.extend(fill(&db, round));
        let mut expected = Content::new();
        for (name, time, bits) in &written {
            expected
                .entry(name.clone())
                .or_default()
                .push((*time, *bits));
        }
        for samples in expected.values_mut() {
            samples.sort_unstable();
        }
        let check = |db: &Db, place: &str| {
            let mut found = content(db);
            found.remove(&series("h").to_string());
            assert!(found == expected, "round {round}: {place}");
            for (time, bits) in histograms(db) {
                let step = usize::try_from((time - NOW) / 60_000 % 40).unwrap();
                let place = if step < 20 { step } else { 39 - step };
                assert_eq!(bits, [ODD[place]; 3], "round {round}: {place}");
            }
            assert_eq!(histograms(db).len(), histograms_of(round + 1));
        };
        check(&db, "head");
        let copy = MemDisk::from_image(disk.image());
        check(&open_with(&copy, options_with_window()), "log");
        if round % 2 == 1 {
            db.flush().unwrap();
            check(&db, "blocks");
            drop(db);
            db = open_with(&disk, options_with_window());
            check(&db, "blocks after a restart");
        }
    }
    let levels: Vec<u32> = db.blocks().iter().map(|block| block.level).collect();
    assert!(levels.iter().any(|level| *level > 0), "{levels:?}");
    drop(db);
    assert_eq!(open(&disk).replay_report().corruptions, 0);
}

/// Histograms of so many rounds: one of the values would be a stale marker.
fn histograms_of(rounds: i64) -> usize {
    let stale = ODD
        .iter()
        .filter(|bits| **bits == model::stale_nan().to_bits())
        .count();
    usize::try_from(rounds).unwrap() * 2 * (ODD.len() - stale)
}
