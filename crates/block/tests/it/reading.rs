//! What goes in comes out, whole and in parts.

use crate::fixture::*;
use block::{Block, BlockReader, Error};
use model::{Labels, TimeRange, TimestampMs};
use proptest::prelude::*;
use std::sync::Arc;
use storage::Column;
use vfs::MemDisk;

fn make(series: &[(Labels, Column)]) -> Arc<Block> {
    let disk = MemDisk::default();
    write(&disk, 1, series).unwrap();
    Block::open(&vfs(&disk), &folder(1)).unwrap()
}

fn range(start: i64, end: i64) -> TimeRange {
    TimeRange::new(TimestampMs(start), TimestampMs(end))
}

/// Reads the block in every which way and compares with what was given.
fn check(series: &[(Labels, Column)], ranges: &[TimeRange]) {
    let block = make(series);
    for range in ranges.iter().copied().chain([TimeRange::ALL]) {
        let mut expected = Content::new();
        for (labels, whole) in series {
            let mut part = whole.clone();
            let lo = part.times.partition_point(|time| *time < range.start.0);
            let hi = part
                .times
                .partition_point(|time| *time < range.end.0)
                .max(lo);
            part.times = part.times[lo..hi].to_vec();
            part.values = part.values[lo..hi].to_vec();
            if !part.histograms.is_empty() {
                part.histograms = part.histograms[lo..hi].to_vec();
            }
            if !part.starts.is_empty() {
                part.starts = part.starts[lo..hi].to_vec();
            }
            put(&mut expected, labels, &part);
        }
        let mut found = Content::new();
        read_block(&block, range, &mut found).unwrap();
        assert_eq!(found, expected, "{range:?}");
    }
    let verification = block.verify().unwrap();
    assert_eq!(
        verification.samples,
        series
            .iter()
            .map(|(_, column)| column.len() as u64)
            .sum::<u64>()
    );
}

#[test]
fn all_kinds_of_samples_come_back_bit_by_bit_in_any_range() {
    let ranges: Vec<TimeRange> = [
        (0, 1),
        (20_000, 90_001),
        (105_000, 111_000),
        (0, 0),
        (90_000, i64::MAX),
    ]
    .map(|(start, end)| range(start, end))
    .to_vec();
    check(&mixed(0, 4.5), &ranges);
    check(&mixed(-1_000_000, 4.5), &ranges);
}

#[test]
fn long_series_and_many_series_span_pages() {
    let mut series = vec![(
        labels("long", "a"),
        column((0..20_000).map(|i| (i * 1000, (i as f64).sin()))),
    )];
    series.push((
        labels("long", "b"),
        column((100..20_000).map(|i| (i * 1000, (i as f64).cos()))),
    ));
    for i in 0..3000 {
        series.push((
            labels("many", &format!("{i:05}")),
            column((0..3).map(|j| (j * 1000, f64::from(i)))),
        ));
    }
    check(
        &series,
        &[
            range(4_095_000, 4_097_000),
            range(19_999_000, 20_000_000),
            range(1, 2_000),
        ],
    );
}

#[test]
fn times_at_the_ends_of_all_time_come_back() {
    let times = [i64::MIN, i64::MIN + 1, 0, i64::MAX - 1];
    check(
        &[(labels("x", "a"), column(times.map(|time| (time, 1.0))))],
        &[range(i64::MIN, 0), range(0, i64::MAX)],
    );
}

#[test]
fn series_may_be_read_in_any_order_and_again() {
    let series: Vec<(Labels, Column)> = (0..5000)
        .map(|i| {
            (
                labels("x", &format!("{i:05}")),
                column([(i, i as f64), (i + 10, 0.5)]),
            )
        })
        .collect();
    let block = make(&series);
    let mut reader = block.reader();
    let mut state = 7u32;
    for _ in 0..20_000 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let ordinal = (state >> 8) % 5001;
        let mut column = Column::default();
        reader.read(ordinal, TimeRange::ALL, &mut column).unwrap();
        let expected = series
            .get(ordinal as usize)
            .map(|(_, column)| column.clone());
        assert_eq!(column, expected.unwrap_or_default());
    }
}

fn key(reader: &mut BlockReader, ordinal: u32, range: TimeRange) -> (Option<u64>, Vec<i64>) {
    let mut column = Column::default();
    let key = reader.read(ordinal, range, &mut column).unwrap();
    (key, column.times)
}

#[test]
fn equal_timeline_keys_mean_equal_times() {
    let regular = |from: i64, to: i64| column((from..to).map(|i| (i * 1000, i as f64)));
    let gap = column((0..500).filter(|i| *i != 250).map(|i| (i * 1000, 1.0)));
    let series = [
        (labels("x", "0"), regular(0, 500)),
        (labels("x", "1"), regular(0, 500)),
        (labels("x", "2"), regular(100, 500)),
        (labels("x", "3"), gap),
        (
            labels("x", "4"),
            column((0..500).map(|i| (i * 1000 + i % 3, 1.0))),
        ),
    ];
    let block = make(&series);
    let mut reader = block.reader();
    let whole: Vec<_> = (0..5)
        .map(|ordinal| key(&mut reader, ordinal, TimeRange::ALL))
        .collect();
    assert!(whole[0].0.is_some() && whole[0].0 == whole[1].0);
    assert!(whole[2].0.is_some() && whole[2].0 != whole[0].0);
    assert_eq!(whole[3].0, None, "two parts");
    assert!(whole[4].0.is_some() && whole[4].0 != whole[0].0);
    let late = range(300_000, 400_000);
    let parts: Vec<_> = (0..4)
        .map(|ordinal| key(&mut reader, ordinal, late))
        .collect();
    assert!(
        parts
            .iter()
            .all(|part| part.0 == parts[0].0 && part.1 == parts[0].1)
    );
    let other = make(&series);
    assert_ne!(
        key(&mut other.reader(), 0, TimeRange::ALL).0,
        whole[0].0,
        "keys of two blocks differ"
    );
}

#[test]
fn wrong_order_is_refused_and_an_empty_block_leaves_nothing() {
    let disk = MemDisk::default();
    let new = block::NewBlock::sealed(id(1), columns::Effort::Fast);
    let mut writer = block::BlockWriter::create(&vfs(&disk), "data/blocks".as_ref(), new).unwrap();
    let one = column([(1, 1.0)]);
    let falling = column([(2, 1.0), (1, 1.0)]);
    assert!(matches!(
        writer.series(&[("__name__", "a")], &falling),
        Err(Error::SampleOrder { .. })
    ));
    writer
        .series(&[("__name__", "a")], &Column::default())
        .unwrap();
    writer.series(&[("__name__", "b")], &one).unwrap();
    for name in ["a", "b"] {
        let refused = writer.series(&[("__name__", name)], &one);
        assert!(matches!(refused, Err(Error::SeriesOrder { .. })), "{name}");
    }
    drop(writer);
    assert!(disk.image().is_empty());
    assert_eq!(
        write(&disk, 2, &[(labels("x", "a"), Column::default())]).unwrap(),
        None
    );
    assert!(disk.image().is_empty());
}

#[test]
fn what_is_not_samples_takes_less_than_a_fiftieth_of_a_byte_per_sample() {
    // 100 targets of 500 series, 2 h at 15 s; each target at its own time, with jitter.
    let disk = MemDisk::default();
    let new = block::NewBlock::sealed(id(1), columns::Effort::Fast);
    let mut writer = block::BlockWriter::create(&vfs(&disk), "data/blocks".as_ref(), new).unwrap();
    let mut column_bytes = 0;
    let targets: Vec<Vec<i64>> = (0..100i64)
        .map(|target| {
            (0..480)
                .map(|i| 1_700_000_000_000 + target * 150 + i * 15_000 + (i * 7 + target) % 3)
                .collect()
        })
        .collect();
    for metric in 0..500 {
        for (target, times) in targets.iter().enumerate() {
            let values: Vec<f64> = if metric % 4 == 0 {
                (0..480).map(|i| f64::from(i / 20 * metric)).collect()
            } else {
                vec![f64::from(metric); 480]
            };
            let mut bytes = Vec::new();
            columns::encode_values(&values, columns::Effort::Fast, &mut bytes);
            column_bytes += bytes.len();
            let column = Column {
                times: times.clone(),
                values,
                ..Column::default()
            };
            let name = format!("metric_{metric:04}");
            let instance = format!("host-{target:03}:9100");
            writer
                .series(
                    &[
                        ("__name__", &name),
                        ("instance", &instance),
                        ("job", "node"),
                    ],
                    &column,
                )
                .unwrap();
        }
    }
    let meta = writer.finish().unwrap().unwrap();
    let total: usize = disk.image().values().map(Vec::len).sum();
    let overhead = (total - column_bytes) as f64 / meta.stats.samples as f64;
    for (path, bytes) in disk.image() {
        println!("{} {}", path.display(), bytes.len());
    }
    println!("columns {column_bytes}, overhead {overhead} bytes a sample");
    assert!(overhead < 0.02, "{overhead}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn random_series_come_back_in_random_ranges(
        list in prop::collection::vec((0u8..4, 0i64..50, prop::collection::vec((1i64..4, any::<u64>(), any::<bool>()), 0..200)), 0..30),
        ranges in prop::collection::vec((0i64..400, 0i64..400), 0..4),
    ) {
        let mut series = std::collections::BTreeMap::new();
        for (n, (metric, start, steps)) in list.into_iter().enumerate() {
            let mut column = Column::default();
            let mut time = start;
            for (step, bits, is_plain) in steps {
                // Mostly shared times: the timelines are to be found again.
                time += if is_plain { 1 } else { step };
                match metric {
                    3 if bits % 3 == 0 => column.push_histogram(time, histogram((bits % 100) as f64)),
                    2 => column.push(time, f64::from_bits(bits)),
                    _ => column.push(time, (bits % 7) as f64),
                }
            }
            series.insert(format!("{metric} {n:03}"), (labels(&format!("m{metric}"), &format!("{n:03}")), column));
        }
        let series: Vec<_> = series.into_values().collect();
        if series.iter().any(|(_, column)| !column.is_empty()) {
            let ranges: Vec<_> = ranges.into_iter().map(|(a, b)| range(a.min(b), a.max(b))).collect();
            check(&series, &ranges);
        }
    }
}
