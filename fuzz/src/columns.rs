//! Columns of values, times and native histograms.

use crate::Dice;
use columns::{
    Effort, decode_histograms, decode_times, decode_values, encode_histograms, encode_times,
    encode_values, encoding_name,
};
use model::{Histogram, Span};
use std::sync::Arc;

const EFFORTS: [Effort; 2] = [Effort::Fast, Effort::Small];

/// A byte says which kind of column, two how many numbers; the rest is the column.
pub fn decode(data: &[u8]) {
    let Some(([kind, low, high], column)) = data.split_first_chunk::<3>() else {
        return;
    };
    let n = usize::from(u16::from_le_bytes([*low, *high])) % 4_097;
    match kind % 3 {
        0 => {
            let _ = encoding_name(column);
            let mut values = Vec::new();
            if decode_values(column, n, &mut values).is_ok() {
                assert_eq!(values.len(), n);
                check_values(&values);
            }
        }
        1 => {
            let mut times = Vec::new();
            if decode_times(column, n, &mut times).is_ok() {
                assert_eq!(times.len(), n);
                check_times(&times);
            }
        }
        _ => {
            let n = n % 65;
            let mut histograms = Vec::new();
            if decode_histograms(column, n, &mut histograms).is_ok() {
                assert_eq!(histograms.len(), n);
                check_histograms(&histograms);
            }
        }
    }
}

/// A byte says how the rest becomes numbers; they must come back as they were.
pub fn encode(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else {
        return;
    };
    let values = numbers(*kind, rest);
    check_values(&values);
    let times: Vec<i64> = values.iter().map(|value| value.to_bits() as i64).collect();
    check_times(&times);
    if kind & 0x40 != 0 {
        check_times(&values.iter().map(|value| *value as i64).collect::<Vec<_>>());
    }
}

fn numbers(kind: u8, data: &[u8]) -> Vec<f64> {
    let mut value = 0.0f64;
    let mut out = Vec::new();
    let mut rest = data;
    while let Some((op, behind)) = rest.split_first() {
        rest = behind;
        let scale = 10f64.powi(i32::from(kind & 15));
        match op {
            0..=63 => out.resize(out.len() + usize::from(*op), value),
            64..=191 => value = ((value * scale).round() + f64::from(*op) - 128.0) / scale,
            192..=223 => value = f64::from_bits(value.to_bits() ^ 1 << (op & 31)),
            _ => {
                let Some((bits, behind)) = rest.split_first_chunk::<8>() else {
                    break;
                };
                rest = behind;
                value = f64::from_bits(u64::from_le_bytes(*bits));
            }
        }
        out.push(value);
        if out.len() > 4_096 {
            break;
        }
    }
    out
}

fn check_values(values: &[f64]) {
    for effort in EFFORTS {
        let (mut bytes, mut back) = (Vec::new(), Vec::new());
        encode_values(values, effort, &mut bytes);
        decode_values(&bytes, values.len(), &mut back).expect("what was encoded can be decoded");
        let same = back
            .iter()
            .zip(values)
            .all(|(a, b)| a.to_bits() == b.to_bits());
        assert!(
            same && back.len() == values.len(),
            "{values:?} became {back:?}"
        );
    }
}

fn check_times(times: &[i64]) {
    let (mut bytes, mut back) = (Vec::new(), Vec::new());
    encode_times(times, &mut bytes);
    decode_times(&bytes, times.len(), &mut back).expect("what was encoded can be decoded");
    assert_eq!(back, times);
}

fn check_histograms(histograms: &[Arc<Histogram>]) {
    for effort in EFFORTS {
        let (mut bytes, mut back) = (Vec::new(), Vec::new());
        encode_histograms(histograms, effort, &mut bytes);
        decode_histograms(&bytes, histograms.len(), &mut back)
            .expect("what was encoded can be decoded");
        let same = back.iter().zip(histograms).all(|(a, b)| a.same_bits(b));
        assert!(
            same && back.len() == histograms.len(),
            "{histograms:?} became {back:?}"
        );
    }
}

/// Columns of all encodings.
pub fn decode_seeds() -> Vec<Vec<u8>> {
    let mut dice = Dice(7);
    let mut seeds = Vec::new();
    let mut seed = |kind: u8, n: usize, column: &[u8]| {
        let mut seed = vec![kind];
        seed.extend_from_slice(&(n as u16).to_le_bytes());
        seed.extend_from_slice(column);
        seeds.push(seed);
    };
    for n in [1usize, 2, 9, 100, 600] {
        let mut count = 0.0;
        let columns: [Vec<f64>; 8] = [
            vec![5.0; n],
            (0..n).map(|i| 3.0 * i as f64).collect(),
            (0..n).map(|_| dice.below(1_000) as f64).collect(),
            (0..n).map(|_| dice.below(100_000) as f64 / 100.0).collect(),
            (0..n)
                .map(|i| if i % 40 == 7 { 2.5 } else { 1.0 })
                .collect(),
            (0..n).map(|_| f64::from_bits(dice.next())).collect(),
            (0..n)
                .map(|_| 1.0 + dice.next() as f64 / u64::MAX as f64)
                .collect(),
            (0..n)
                .map(|i| {
                    count += (dice.below(4) * 64) as f64;
                    if i % 90 == 50 { f64::INFINITY } else { count }
                })
                .collect(),
        ];
        for values in &columns {
            for effort in EFFORTS {
                let mut bytes = Vec::new();
                encode_values(values, effort, &mut bytes);
                seed(0, n, &bytes);
            }
        }
        for jitter in [1, 3, 1_000_000] {
            let at = |i: usize, dice: &mut Dice| {
                1_700_000_000_000 + i as i64 * 15_000 + dice.below(jitter) as i64
            };
            let times: Vec<i64> = (0..n).map(|i| at(i, &mut dice)).collect();
            let mut bytes = Vec::new();
            encode_times(&times, &mut bytes);
            seed(1, n, &bytes);
        }
    }
    for n in [1usize, 3, 60] {
        let histograms: Vec<_> = (0..n).map(|i| Arc::new(histogram(i as f64))).collect();
        let mut bytes = Vec::new();
        encode_histograms(&histograms, Effort::Small, &mut bytes);
        seed(2, n, &bytes);
    }
    seeds
}

pub(crate) fn histogram(count: f64) -> Histogram {
    let span = |offset, length| Span { offset, length };
    Histogram {
        schema: if count > 2.0 { 3 } else { -53 },
        count: 2.0 * count + 3.0,
        sum: count * 0.7,
        zero_threshold: 1e-128,
        zero_count: 2.0,
        positive_spans: vec![span(-2, 1), span(3, 1)],
        positive_buckets: vec![count, 1.0],
        negative_spans: vec![span(0, 1)],
        negative_buckets: vec![count],
        custom_values: vec![0.5, 1.0],
        ..Histogram::default()
    }
}

/// A few of each kind of number.
pub fn encode_seeds() -> Vec<Vec<u8>> {
    let mut dice = Dice(3);
    let mut seeds = Vec::new();
    for kind in [0u8, 1, 2, 0x43, 12] {
        for bound in [64, 192, 224, 256] {
            let mut seed = vec![kind];
            seed.extend((0..200).map(|_| dice.below(bound) as u8));
            seeds.push(seed);
        }
    }
    seeds
}
