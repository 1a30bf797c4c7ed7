//! Columns of times: first time, first delta, differences of deltas. A regular column takes a byte a
//! time.

use crate::Result;
use crate::varint::{Reader, put_signed};

/// Encodes `times`, in milliseconds; any order works, a regular one is small.
pub fn encode_times(times: &[i64]) -> Vec<u8> {
    let mut out = Vec::with_capacity(times.len() + 10);
    let mut previous = 0i64;
    let mut delta = 0i64;
    for time in times {
        // Wrapping on both sides: extreme times still come back.
        let next = time.wrapping_sub(previous);
        put_signed(next.wrapping_sub(delta), &mut out);
        delta = next;
        previous = *time;
    }
    out
}

/// Decodes the `n` times of `encoded` and appends them to `out`.
///
/// # Errors
/// [`Error::Truncated`](crate::Error::Truncated) where there are fewer.
pub fn decode_times(encoded: &[u8], n: usize, out: &mut Vec<i64>) -> Result<()> {
    let mut reader = Reader::new(encoded);
    let mut previous = 0i64;
    let mut delta = 0i64;
    out.reserve(n.min(encoded.len()));
    for _ in 0..n {
        delta = delta.wrapping_add(reader.signed()?);
        previous = previous.wrapping_add(delta);
        out.push(previous);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_back_and_regular_ones_are_small() {
        let regular: Vec<i64> = (0..120).map(|i| 1_700_000_000_000 + i * 15_000).collect();
        let extreme = [i64::MIN, i64::MAX, 0, -1, i64::MAX];
        for times in [&regular[..], &extreme, &[]] {
            let mut back = Vec::new();
            decode_times(&encode_times(times), times.len(), &mut back).unwrap();
            assert_eq!(back, times);
        }
        assert!(encode_times(&regular).len() < 135);
    }
}
