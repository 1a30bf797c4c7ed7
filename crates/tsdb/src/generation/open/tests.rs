//! Chunks written and read back.

use super::super::arena::Arena;
use super::super::decode::decode;
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

fn read(chunk: &Chunk, range: TimeRange) -> (Vec<(i64, u64)>, u64) {
    let mut tokens = Vec::new();
    chunk.nodes.gather(chunk.open.chain(), &mut tokens);
    let mut column = Column::default();
    let key = decode(&chunk.open, &tokens, range, &mut column).unwrap();
    let values = column.values.iter().map(|value| value.to_bits());
    (column.times.into_iter().zip(values).collect(), key)
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

proptest! {
    #[test]
    fn any_samples_come_back_whole_and_in_ranges(
        samples in prop::collection::vec((step(), value()), 0..200),
        first in -1_000_000i64..1_000_000,
        cut in 0..100i64,
        width in 0..100i64,
    ) {
        let mut time = first;
        let samples: Vec<(i64, u64)> = samples.into_iter().map(|(step, bits)| {
            time += step;
            (time, bits)
        }).collect();
        let chunk = chunk(&samples);
        prop_assert_eq!(&read(&chunk, TimeRange::ALL).0, &samples);
        let percent = (time - first) / 100;
        let start = first + percent * cut;
        let range = TimeRange::new(TimestampMs(start), TimestampMs(start + percent * width));
        let expected: Vec<_> = samples.into_iter().filter(|(time, _)| range.contains(TimestampMs(*time))).collect();
        prop_assert_eq!(read(&chunk, range).0, expected);
    }

    #[test]
    fn any_tokens_are_decoded_or_refused(tokens in prop::collection::vec(any::<u8>(), 0..60)) {
        let chunk = chunk(&[(0, 0), (10, 0)]);
        let range = TimeRange::new(TimestampMs(0), TimestampMs(5_000));
        let _ = decode(&chunk.open, &tokens, range, &mut Column::default());
    }
}
