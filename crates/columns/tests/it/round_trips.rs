//! Every bit comes back, and damaged bytes are refused or decoded, never a panic.

use crate::classes::{Rng, SHARES, column};
use columns::{Effort, Error, decode_values, encode_values, encoding_name};
use proptest::prelude::*;

const STALE: u64 = 0x7ff0_0000_0000_0002;

fn encoded(values: &[f64], effort: Effort) -> Vec<u8> {
    let mut out = vec![0xaa];
    encode_values(values, effort, &mut out);
    out.split_off(1)
}

/// Bytes with either effort.
#[track_caller]
fn check(values: &[f64]) -> [usize; 2] {
    [Effort::Fast, Effort::Small].map(|effort| {
        let bytes = encoded(values, effort);
        let mut back = vec![0.5];
        decode_values(&bytes, values.len(), &mut back).unwrap();
        let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&back[1..]), bits(values), "{}", encoding_name(&bytes));
        assert!(bytes.len() <= values.len() * 8 + 2);
        bytes.len()
    })
}

/// Columns that get each encoding, with the most bytes it may take.
fn examples() -> Vec<(&'static str, Vec<f64>, usize)> {
    let mut rng = Rng(7);
    let mut noise = |most: f64| (rng.unit() * most).floor();
    let reset = |i: i32| if i < 150 { i } else { i - 150 };
    vec![
        ("constant", vec![42.0; 120], 1),
        ("constant", vec![1_700_000.0; 120], 6),
        ("constant", vec![0.25; 120], 4),
        ("constant", vec![f64::from_bits(STALE); 120], 2),
        ("constant", vec![f64::INFINITY; 120], 4),
        (
            "linear",
            (0..300).map(|i| f64::from(1_000_000 + i * 15)).collect(),
            6,
        ),
        (
            "linear",
            (0..300).map(|i| f64::from(i * 5) / 100.0).collect(),
            5,
        ),
        ("for", (0..300).map(|_| 5000.0 + noise(16.0)).collect(), 156),
        (
            "delta",
            (0..300)
                .map(|i| f64::from(i * 1000) + noise(16.0))
                .collect(),
            300 * 5 / 8 + 10,
        ),
        (
            "delta",
            (0..300)
                .map(|i| f64::from(reset(i) * 1000) + noise(64.0))
                .collect(),
            300,
        ),
        (
            "delta of delta",
            (0..300)
                .map(|i| f64::from(i * i * 7) + noise(3.0))
                .collect(),
            160,
        ),
        (
            "sparse",
            (0..300)
                .map(|i| f64::from((i / 30) * (i / 30) * 977))
                .collect(),
            40,
        ),
        (
            "float for",
            (0..300).map(|_| noise(1e16).sqrt().sin()).collect(),
            2401,
        ),
        (
            "xor",
            (0..12).map(|i| (-65536f64).powi(i * 5 % 7) / 3.0).collect(),
            40,
        ),
        (
            "raw",
            (0..40)
                .map(|_| f64::from_bits(noise(1e15).to_bits().rotate_left(40)))
                .collect(),
            321,
        ),
    ]
}

#[test]
fn each_encoding_is_chosen_and_small() {
    for (name, values, most) in examples() {
        let bytes = encoded(&values, Effort::Fast);
        assert!(
            bytes.len() <= most,
            "{name}: {} bytes, not {most}",
            bytes.len()
        );
        if name != "float for" {
            assert_eq!(encoding_name(&bytes), name);
        }
        check(&values);
    }
}

#[test]
fn bytes_are_those_of_the_format() {
    let cases: [(&[f64], &[u8]); 7] = [
        (&[7.0; 5], &[7]),
        (&[1000.0; 2], &[0xe0, 0, 0xd0, 0x0f]),
        (&[f64::from_bits(STALE); 9], &[0xe0, 63]),
        (&[1000.0, 1015.0, 1030.0], &[0x83, 0xd0, 0x0f, 30]),
        (&[0.25, 0.5, 0.75], &[0xa3, 2, 50, 50]),
        // Three bits each, counted from 0.
        (&[0.0, 1.0, 4.0, 6.0, 7.0], &[0x80, 0, 3, 0x08, 0x7d]),
        // Differences 1, 2, 3 and 0 over the base 1000, two bits each.
        (
            &[1000.0, 2001.0, 3003.0, 4006.0, 5006.0],
            &[0x81, 0xd0, 0x0f, 0xd0, 0x0f, 2, 0b0011_1001],
        ),
    ];
    for (values, bytes) in cases {
        assert_eq!(encoded(values, Effort::Fast), bytes);
    }
}

#[test]
fn special_values_keep_their_bits() {
    assert_eq!(check(&[]), [0, 0]);
    check(&[f64::NAN, f64::from_bits(STALE), -0.0, 0.0, f64::INFINITY]);
    check(&[
        f64::MIN,
        f64::MAX,
        f64::MIN_POSITIVE,
        -1.0,
        9_007_199_254_740_993.0,
        0.1 + 0.2,
    ]);
    check(&[
        9.2e18,
        9.3e18,
        -9.3e18,
        1e19,
        1.8e19,
        2f64.powi(63),
        2f64.powi(51),
        -(2f64.powi(51)),
    ]);
    check(&[127.0, -0.0, 128.0]);
    for value in [
        0.0,
        -0.0,
        127.0,
        128.0,
        -1.0,
        f64::NAN,
        f64::NEG_INFINITY,
        1e300,
        5e-324,
        1.0 / 3.0,
    ] {
        check(&[value]);
        check(&[value; 3]);
    }
}

#[test]
fn stale_markers_do_not_spoil_a_column_of_decimals() {
    for (class, _) in SHARES {
        let mut values = column(class, 240, 3);
        let [_, without] = check(&values);
        values[100] = f64::from_bits(STALE);
        values[101] = f64::from_bits(STALE);
        values[239] = f64::from_bits(STALE);
        let [_, with] = check(&values);
        assert!(
            with <= without + 24,
            "{class:?}: {with} bytes, {without} without"
        );
    }
}

#[test]
fn a_few_true_floats_are_exceptions() {
    let mut values: Vec<f64> = (0..300).map(|i| f64::from(i * i % 97) / 10.0).collect();
    let [before, _] = check(&values);
    values[50] = 1.0 / 3.0;
    values[150] = 2.0 / 3.0;
    let [after, _] = check(&values);
    assert!(after < before + 50, "{after} bytes, {before} before");
}

#[test]
fn cut_columns_and_bytes_too_many_are_errors() {
    let mut columns: Vec<Vec<f64>> = examples()
        .into_iter()
        .map(|(_, values, _)| values)
        .collect();
    columns.extend(SHARES.map(|(class, _)| column(class, 200, 1)));
    columns.push(vec![1.0, 2.0, f64::NAN, 4.0, 5.5, 6.0, 7.0, 9.0]);
    for values in columns {
        for effort in [Effort::Fast, Effort::Small] {
            let mut bytes = encoded(&values, effort);
            for cut in 0..bytes.len() {
                let result = decode_values(&bytes[..cut], values.len(), &mut Vec::new());
                assert!(result.is_err(), "{} cut at {cut}", encoding_name(&bytes));
            }
            bytes.push(1);
            let result = decode_values(&bytes, values.len(), &mut Vec::new());
            assert_eq!(result, Err(Error::Trailing { count: 1 }));
        }
    }
}

#[test]
fn a_count_beyond_all_memory_is_refused() {
    for first in 0..=255u8 {
        let mut bytes = vec![1u8; 64];
        bytes[0] = first;
        assert!(decode_values(&bytes, usize::MAX / 64, &mut Vec::new()).is_err());
        assert!(decode_values(&bytes[..1], usize::MAX, &mut Vec::new()).is_err());
    }
}

proptest! {
    #[test]
    fn any_bits_come_back(column in prop::collection::vec(any::<u64>(), 0..200)) {
        check(&column.into_iter().map(f64::from_bits).collect::<Vec<_>>());
    }

    #[test]
    fn decimals_come_back(column in prop::collection::vec(-1_000_000_000i64..1_000_000_000, 0..200), digits in 0i32..12) {
        check(&column.iter().map(|n| *n as f64 / 10f64.powi(digits)).collect::<Vec<_>>());
    }

    #[test]
    fn mixtures_come_back(column in prop::collection::vec(prop_oneof![
        8 => (0i32..500).prop_map(|m| f64::from(m) / 4.0),
        2 => Just(f64::from_bits(STALE)),
        1 => Just(-0.0),
        1 => any::<f64>()], 0..400)) {
        check(&column);
    }

    #[test]
    fn floats_of_single_precision_take_half(column in prop::collection::vec(0f32..1f32, 100..200)) {
        let [_, bytes] = check(&column.iter().map(|v| f64::from(*v)).collect::<Vec<_>>());
        prop_assert!(bytes < column.len() * 5 + 20);
    }

    #[test]
    fn each_class_comes_back(class in 0usize..7, n in 0usize..700, seed in 0u64..1000) {
        check(&column(SHARES[class].0, n, seed));
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), n in 0usize..600) {
        let _ = decode_values(&bytes, n, &mut Vec::new());
        let _ = encoding_name(&bytes);
    }

    #[test]
    fn flipped_bits_never_panic(
        class in 0usize..7,
        small in any::<bool>(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0u8..8), 1..4),
        n in 0usize..500,
    ) {
        let values = column(SHARES[class].0, 300, 5);
        let mut bytes = encoded(&values, if small { Effort::Small } else { Effort::Fast });
        for (at, bit) in flips {
            *at.get_mut(&mut bytes) ^= 1 << bit;
        }
        let _ = decode_values(&bytes, 300, &mut Vec::new());
        let _ = decode_values(&bytes, n, &mut Vec::new());
    }
}
