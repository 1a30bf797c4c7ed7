//! How many bytes columns of a host's series take.

use crate::classes::{Class, SHARES, column};
use columns::{Effort, decode_values, encode_values, encoding_name};
use std::collections::BTreeMap;

const COLUMNS: u64 = 60;

/// Mean bytes a value, and which encodings were chosen how often.
fn measure(class: Class, n: usize, effort: Effort) -> (f64, BTreeMap<&'static str, u32>) {
    let mut bytes = 0;
    let mut names = BTreeMap::new();
    for seed in 0..COLUMNS {
        let values = column(class, n, seed);
        let mut encoded = Vec::new();
        encode_values(&values, effort, &mut encoded);
        let mut back = Vec::new();
        decode_values(&encoded, n, &mut back).unwrap();
        assert!(
            back.iter()
                .zip(&values)
                .all(|(a, b)| a.to_bits() == b.to_bits())
                && back.len() == n
        );
        bytes += encoded.len();
        *names.entry(encoding_name(&encoded)).or_default() += 1;
    }
    (bytes as f64 / COLUMNS as f64 / n as f64, names)
}

/// Bytes a value over all classes; prints a row for each.
fn mix(n: usize, effort: Effort) -> f64 {
    println!("{effort:?}, {n} values");
    let total = SHARES
        .iter()
        .map(|(class, share)| {
            let (bytes, names) = measure(*class, n, effort);
            println!("  {:11} {bytes:.4} B/value {names:?}", format!("{class:?}"));
            bytes * share
        })
        .sum();
    println!("  mix         {total:.4}");
    total
}

#[test]
fn a_hosts_columns_take_few_bytes() {
    for (n, effort, most) in [
        (120, Effort::Fast, 0.60),
        (480, Effort::Fast, 0.55),
        (120, Effort::Small, 0.60),
        (480, Effort::Small, 0.43),
        (1920, Effort::Small, 0.41),
    ] {
        let mean = mix(n, effort);
        assert!(mean <= most, "{n} values, {effort:?}: {mean} bytes a value");
    }
}
