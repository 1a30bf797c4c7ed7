//! Lossless codecs for columns of sample values and times: numbers in, bytes out, and back.
//!
//! Deliberately not here: files, series, anything that allocates per value. Every value comes back with
//! the very bits that went in: NaN payloads, `-0.0` and infinities included.
//!
//! ```
//! let values = [1.5, 1.5, 2.75];
//! let encoded = columns::encode_values(&values);
//! let mut back = Vec::new();
//! columns::decode_values(&encoded, values.len(), &mut back)?;
//! assert_eq!(back, values);
//! # Ok::<(), columns::Error>(())
//! ```
//!
//! | first byte | encoding | then |
//! |---|---|---|
//! | 0 | constant | 8 bytes: the value, little endian |
//! | 1 | scaled integers | decimal exponent (1 byte), first value, delta, differences of deltas (zigzag varints) |
//! | 2 | XOR | per value: a byte with the count of leading and of trailing zero bytes, then the bytes between |

mod error;
mod scaled;
mod times;
mod varint;
mod xor;

pub use error::{Error, Result};
pub use times::{decode_times, encode_times};
pub use varint::{Reader, put_signed, put_unsigned};

const CONSTANT: u8 = 0;
const SCALED: u8 = 1;
const XOR: u8 = 2;

/// Encodes `values` in the smallest form that gives back every bit.
pub fn encode_values(values: &[f64]) -> Vec<u8> {
    let mut out = Vec::new();
    match values.split_first() {
        None => {}
        Some((first, rest)) if rest.iter().all(|value| value.to_bits() == first.to_bits()) => {
            out.push(CONSTANT);
            out.extend_from_slice(&first.to_bits().to_le_bytes());
        }
        Some(_) => {
            out.push(SCALED);
            if !scaled::encode(values, &mut out) {
                out.clear();
                out.push(XOR);
                xor::encode(values, &mut out);
            }
        }
    }
    out.shrink_to_fit();
    out
}

/// Decodes the `n` values of `encoded` and appends them to `out`.
///
/// # Errors
/// [`Error::Truncated`] or [`Error::UnknownEncoding`] where the bytes are not what
/// [`encode_values`] wrote; `out` may then hold some of the values.
pub fn decode_values(encoded: &[u8], n: usize, out: &mut Vec<f64>) -> Result<()> {
    if n == 0 {
        return Ok(());
    }
    let mut reader = Reader::new(encoded);
    match reader.byte()? {
        CONSTANT => {
            let value = f64::from_bits(reader.u64()?);
            out.extend(std::iter::repeat_n(value, n));
            Ok(())
        }
        SCALED => scaled::decode(&mut reader, n, out),
        XOR => xor::decode(&mut reader, n, out),
        tag => Err(Error::UnknownEncoding { tag }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bits(values: &[f64]) -> Vec<u64> {
        values.iter().map(|value| value.to_bits()).collect()
    }

    #[track_caller]
    fn check(values: &[f64]) -> usize {
        let encoded = encode_values(values);
        let mut back = Vec::new();
        decode_values(&encoded, values.len(), &mut back).unwrap();
        assert_eq!(bits(&back), bits(values));
        encoded.len()
    }

    #[test]
    fn special_values_keep_their_bits() {
        check(&[]);
        check(&[
            f64::NAN,
            f64::from_bits(0x7ff0_0000_0000_0002),
            -0.0,
            0.0,
            f64::INFINITY,
        ]);
        check(&[
            f64::MIN,
            f64::MAX,
            f64::MIN_POSITIVE,
            -1.0,
            9_007_199_254_740_993.0,
            0.1 + 0.2,
        ]);
    }

    #[test]
    fn usual_columns_are_small() {
        assert_eq!(check(&[42.0; 120]), 9);
        let counter: Vec<f64> = (0..120).map(|i| f64::from(1_000_000 + i * 37)).collect();
        assert!(
            check(&counter) < 135,
            "a steady counter takes about a byte a value"
        );
        let cpu: Vec<f64> = (0..120)
            .map(|i| f64::from(123_456 + i * 3 + i % 4) / 100.0)
            .collect();
        assert!(check(&cpu) < 140, "two decimals take about a byte a value");
    }

    #[test]
    fn cut_columns_are_an_error_and_not_a_panic() {
        for values in [
            vec![1.0, 2.5, 9.0],
            vec![0.1, f64::NAN, 7.3e-300],
            vec![1.0, 1.0],
        ] {
            let encoded = encode_values(&values);
            for cut in 0..encoded.len() {
                let result = decode_values(&encoded[..cut], values.len(), &mut Vec::new());
                assert!(result.is_err(), "cut at {cut}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_bits_come_back(column in prop::collection::vec(any::<u64>(), 0..200)) {
            check(&column.into_iter().map(f64::from_bits).collect::<Vec<_>>());
        }

        #[test]
        fn decimals_come_back(column in prop::collection::vec(-1_000_000_000i64..1_000_000_000, 0..200), digits in 0i32..5) {
            check(&column.iter().map(|n| *n as f64 / 10f64.powi(digits)).collect::<Vec<_>>());
        }

        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..100), n in 0usize..300) {
            let _ = decode_values(&bytes, n, &mut Vec::new());
            let _ = decode_times(&bytes, n, &mut Vec::new());
        }
    }
}
