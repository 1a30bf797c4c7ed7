//! Columns of times: integers, nearly always with one step.

use crate::error::reserve;
use crate::integers::{self, Plan};
use crate::varint::Reader;
use crate::{Effort, Error, Result, form};

/// Appends the column `times`.
///
/// Units: milliseconds, but any integers come back. Shape: no times take no bytes; a regular column
/// takes its first time and its step.
pub fn encode_times(times: &[i64], out: &mut Vec<u8>) {
    if times.is_empty() {
        return;
    }
    // There is one column of times for many of values, and it is read with each of them.
    let plan = Plan::new(times, Effort::Small);
    out.push(form::MARK | plan.form());
    plan.write(out);
}

/// Decodes the `n` times of `encoded`, which is one column and nothing else, and appends them to `out`.
///
/// # Errors
/// Where the bytes are not what [`encode_times`] wrote for `n` times; `out` may then hold some times.
pub fn decode_times(encoded: &[u8], n: usize, out: &mut Vec<i64>) -> Result<()> {
    let mut reader = Reader::new(encoded);
    if n > 0 {
        let tag = reader.byte()?;
        if tag & !form::INTEGERS != form::MARK {
            return Err(Error::UnknownEncoding { tag });
        }
        reserve(out, n)?;
        integers::decode(tag & form::INTEGERS, &mut reader, n, |piece| {
            out.extend(piece.iter().map(|time| *time as i64));
        })?;
    }
    crate::nothing_left(&reader)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(times: &[i64]) -> usize {
        let mut encoded = Vec::new();
        encode_times(times, &mut encoded);
        let mut back = Vec::new();
        decode_times(&encoded, times.len(), &mut back).unwrap();
        assert_eq!(back, times);
        encoded.len()
    }

    #[test]
    fn regular_times_take_a_start_and_a_step() {
        assert_eq!(check(&[]), 0);
        let regular = |n: i64| {
            (0..n)
                .map(|i| 1_700_000_000_000 + i * 15_000)
                .collect::<Vec<_>>()
        };
        assert_eq!(check(&regular(1)), 8);
        assert_eq!(check(&regular(120)), 10);
        assert_eq!(check(&regular(4096)), 10);
    }

    #[test]
    fn missed_scrapes_and_jitter_are_small() {
        let missed: Vec<i64> = (0..480)
            .filter(|i| i % 100 != 50)
            .map(|i| 1_700_000_000_000 + i * 15_000)
            .collect();
        assert!(check(&missed) < 50);
        let jitter: Vec<i64> = (0..480)
            .map(|i| 1_700_000_000_000 + i * 15_000 + i * i % 7)
            .collect();
        assert!(check(&jitter) < 480 / 2, "half a byte a time");
    }

    #[test]
    fn extreme_times_come_back() {
        check(&[i64::MIN, i64::MAX, 0, -1, i64::MAX]);
        check(&[i64::MIN, -5, i64::MAX]);
    }

    proptest! {
        #[test]
        fn any_times_come_back(times in prop::collection::vec(any::<i64>(), 0..200)) {
            check(&times);
        }

        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..100), n in 0usize..300) {
            let _ = decode_times(&bytes, n, &mut Vec::new());
        }
    }
}
