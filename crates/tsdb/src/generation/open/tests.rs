//! Chunks written and read back.

use super::super::arena::{Arena, DATA};
use super::super::decode::decode;
use super::super::tail::Tail;
use super::super::token::Start;
use super::super::{Gathered, Generation, LookBack};
use super::*;
use model::{TimeRange, TimestampMs};
use proptest::prelude::*;
use storage::Column;

struct Chunk {
    open: Open,
    nodes: Arena,
    last: Last,
}

fn chunk(samples: &[(i64, u64)]) -> Chunk {
    let mut chunk = Chunk {
        open: Open::EMPTY,
        nodes: Arena::default(),
        last: Last::NONE,
    };
    for &(time, bits) in samples {
        if chunk.open.is_empty() {
            chunk.open.start(time, bits);
        } else {
            chunk.open.push(&mut chunk.nodes, chunk.last, time, bits);
        }
        chunk.last = Last { time, bits };
    }
    chunk
}

type Samples = Vec<(i64, u64)>;

/// What is read when tokens are gathered from time `since` on.
fn read_since(chunk: &Chunk, since: i64, range: TimeRange) -> (Samples, u64) {
    let mut tail = Tail::default();
    let start = tail.copy(&chunk.open, &chunk.nodes, since);
    let mut column = Column::default();
    if chunk.open.is_empty() {
        return (Vec::new(), 0);
    }
    let key = decode(&start, tail.bytes(), chunk.open.run, range, &mut column).unwrap();
    let values = column.values.iter().map(|value| value.to_bits());
    (column.times.into_iter().zip(values).collect(), key)
}

fn read(chunk: &Chunk, range: TimeRange) -> (Samples, u64) {
    let whole = read_since(chunk, i64::MIN, range);
    // From wherever reading begins.
    assert_eq!(read_since(chunk, range.start.0, range), whole);
    whole
}

#[test]
fn a_constant_series_owns_no_node() {
    let samples: Vec<_> = (0..1000)
        .map(|i| (7 + i * 15_000, 42f64.to_bits()))
        .collect();
    let chunk = chunk(&samples);
    assert_eq!(chunk.nodes.nodes(), 0);
    assert_eq!(read(&chunk, TimeRange::ALL).0, samples);
}

#[test]
fn a_steady_counter_takes_two_bytes_a_sample() {
    let samples: Vec<_> = (0..280)
        .map(|i| (i * 15_000, (1e9 + i as f64 * 31.0).to_bits()))
        .collect();
    let chunk = chunk(&samples);
    assert!(chunk.nodes.nodes() <= 20, "{} nodes", chunk.nodes.nodes());
    assert_eq!(read(&chunk, TimeRange::ALL).0, samples);
}

#[test]
fn chunks_with_the_same_times_have_the_same_key_and_others_another() {
    let times = [0i64, 10, 20, 35, 45, 62, 79, 80, 1_000_000_000_000];
    let with = |values: &[f64], skip: usize| {
        let all = times.iter().zip(values).enumerate();
        let kept = all.filter(|(index, _)| *index != skip);
        chunk(
            &kept
                .map(|(_, (t, v))| (*t, v.to_bits()))
                .collect::<Vec<_>>(),
        )
    };
    let a = with(&[1.0; 9], 99);
    let b = with(&[1.0, 2.0, 0.1, f64::NAN, 5.0, 5.0, 5.0, 0.0, 9.0], 99);
    let c = with(&[1.0; 9], 4);
    assert_eq!(read(&a, TimeRange::ALL).1, read(&b, TimeRange::ALL).1);
    assert_ne!(read(&a, TimeRange::ALL).1, read(&c, TimeRange::ALL).1);
}

fn value() -> impl Strategy<Value = u64> {
    prop_oneof![
        4 => (-5i32..100).prop_map(|n| f64::from(n).to_bits()),
        2 => (-5000i32..100_000).prop_map(|n| (f64::from(n) / 100.0).to_bits()),
        1 => any::<u64>(),
        2 => Just(1f64.to_bits()),
        1 => Just(model::STALE_NAN_BITS),
    ]
}

fn step() -> impl Strategy<Value = i64> {
    prop_oneof![8 => Just(15_000i64), 2 => 14_990i64..15_010, 1 => 1i64..100_000_000_000]
}

fn at_times(first: i64, samples: Samples) -> Samples {
    let mut time = first;
    let steps = samples.into_iter();
    steps
        .map(|(step, bits)| {
            time += step;
            (time, bits)
        })
        .collect()
}

#[test]
fn the_end_of_usual_series_is_known_without_reading_the_rest() {
    let regular = |i: i64| i * 15_000;
    let late_by_some = |i: i64| i * 15_000 + (i * 7_919) % 5;
    let counter = |i: i64| ((i * i) as f64).to_bits();
    let noise = |i: i64| (i as f64 / 3.0).to_bits();
    for time in [regular, late_by_some] {
        for value in [counter, noise] {
            let samples: Samples = (0..500).map(|i| (time(i), value(i))).collect();
            let chunk = chunk(&samples);
            let mut tail = Tail::default();
            for back in [0, 1, 20, 300, 498] {
                let (at, bits) = samples[499 - back];
                let found = tail.find(&chunk.open, &chunk.nodes, at + 1);
                assert_eq!(
                    found.map(|(found, _)| (found.time, found.bits)),
                    Some((at, bits))
                );
                let nodes = chunk.nodes.nodes() * DATA;
                assert!(back > 300 || tail.bytes().len() < nodes * (back + 30) / 500);
            }
        }
    }
}

#[test]
fn no_sample_is_lost_where_there_is_no_room_for_nodes() {
    let mut generation = Generation::default();
    let mut lasts = [Last::NONE; 4];
    let value = |series: u32, i: i64| (1.0 / f64::from(series + 3) + i as f64).to_bits();
    for i in 0..20_000 {
        for (series, last) in (0..).zip(&mut lasts) {
            let (time, bits) = (i * 15_000, value(series, i));
            generation.push(series, *last, time, bits);
            *last = Last { time, bits };
        }
    }
    let mut gathered = Gathered::default();
    for series in 0..4 {
        assert!(generation.gather(series, 0, i64::MIN, &mut gathered));
        let mut column = Column::default();
        gathered
            .read(TimeRange::ALL, i64::MAX, &mut column)
            .unwrap();
        assert_eq!(column.len(), 20_000);
        let expected = (0..20_000).map(|i| value(series, i));
        assert!(expected.eq(column.values.iter().map(|value| value.to_bits())));
    }
}

proptest! {
    #[test]
    fn any_samples_come_back_whole_and_in_ranges(
        samples in prop::collection::vec((step(), value()), 0..200),
        first in -1_000_000i64..1_000_000,
        cut in 0..100i64,
        width in 0..100i64,
    ) {
        let samples = at_times(first, samples);
        let chunk = chunk(&samples);
        prop_assert_eq!(&read(&chunk, TimeRange::ALL).0, &samples);
        let percent = samples.last().map_or(0, |(time, _)| time - first) / 100;
        let start = first + percent * cut;
        let range = TimeRange::new(TimestampMs(start), TimestampMs(start + percent * width));
        let expected: Vec<_> = samples.into_iter().filter(|(time, _)| range.contains(TimestampMs(*time))).collect();
        prop_assert_eq!(read(&chunk, range).0, expected);
    }

    #[test]
    fn the_newest_sample_until_any_time_is_found_from_the_end(
        samples in prop::collection::vec((step(), value()), 1..200),
        first in -1_000_000i64..1_000_000,
        back in 0..200usize,
        beside in -20_000i64..20_000,
    ) {
        let samples = at_times(first, samples);
        let mut generation = Generation::default();
        let mut last = Last::NONE;
        for &(time, bits) in &samples {
            generation.push(3, last, time, bits);
            last = Last { time, bits };
        }
        let near = samples[samples.len().saturating_sub(back + 1)].0;
        for until in [near, near + beside] {
            let expected = samples.iter().rev().find(|(time, _)| *time <= until);
            let expected = expected.map(|(time, bits)| Last { time: *time, bits: *bits });
            match generation.newest_until(3, until, &mut Tail::default()) {
                LookBack::Unknown => {}
                LookBack::Nothing => prop_assert_eq!(expected, None),
                LookBack::Sample(last) => prop_assert_eq!(Some(last), expected),
            }
        }
    }

    #[test]
    fn any_tokens_are_decoded_or_refused(tokens in prop::collection::vec(any::<u8>(), 0..60)) {
        let chunk = chunk(&[(0, 0), (10, 0)]);
        let range = TimeRange::new(TimestampMs(0), TimestampMs(5_000));
        let start = Start::first(&chunk.open);
        let _ = decode(&start, &tokens, 0, range, &mut Column::default());
    }
}
