//! Lossless codecs for columns of sample values, times and native histograms: numbers in, bytes out,
//! and back.
//!
//! Deliberately not here: files, series, checksums, compression of text. Every value comes back with
//! the very bits that went in: NaN payloads, `-0.0` and infinities included. Any bytes are decoded or
//! refused; they never cause a panic, nor more memory than the count of values that the caller expects.
//!
//! ```
//! use columns::{Effort, decode_values, encode_values};
//!
//! let values = [1.5, 1.5, 2.75, f64::INFINITY];
//! let mut encoded = Vec::new();
//! encode_values(&values, Effort::Fast, &mut encoded);
//! let mut back = Vec::new();
//! decode_values(&encoded, values.len(), &mut back)?;
//! assert_eq!(back, values);
//! # Ok::<(), columns::Error>(())
//! ```
//!
//! # Columns of values
//!
//! The count of values is the caller's to keep; no values take no bytes. "varint" is seven bits a byte,
//! lowest first, "signed" the same in zigzag form; bits are filled from the lowest, the last byte with
//! zeros. The first byte:
//!
//! | first byte | encoding | then |
//! |---|---|---|
//! | `0vvvvvvv` | constant | nothing: all values are the integer `v` |
//! | `100ppppp` | integers | a column of integers of form `p` |
//! | `101ppppp` | decimals | a byte: exponent `e` in bits 0 to 4, bit 5 for exceptions; with that bit positions, then a constant, XOR or raw column of the values there; then a column of integers `m` of form `p`. Values are `m / 10^e` as floats divide; with `e > 0` all `m` are below 2^51 |
//! | `110ppppp` | floats | a column of integers of form `p`: the bits of each float, those below the sign inverted where it is negative |
//! | `11100000` | constant | a byte `k`: up to 22 the exponent of a decimal, then `m` (signed); 32 to 40 means `k - 32` first bytes of the float, big endian, the others zero; 63 the stale marker |
//! | `11100001` | sparse | positions among the `n - 1` later values of those that differ from the one before; a column, not sparse, of the first value and these |
//! | `11100010` | XOR | per value a byte: count of leading zero bytes times 8 plus that of trailing ones, of the XOR with the value before (at first 0), or 128 for a repeat; then the bytes between, little endian |
//! | `11100011` | raw | 8 bytes each, little endian |
//!
//! Positions: a byte 255, then one bit for each place; or a Rice parameter `k` up to 31, the count
//! (varint) and for each the places left out before it: `gap >> k` ones, a zero, the low `k` bits.
//!
//! # Columns of integers
//!
//! | form | meaning |
//! |---|---|
//! | bits 0, 1 | differences taken: 0, 1 or 2 times; 3 is a linear column: first integer and step (both signed), no more |
//! | bit 2 | bins, else packed bits |
//! | bit 3 | a divisor (varint) comes first; all differences are multiples of it |
//! | bit 4 | outliers follow the packed bits |
//!
//! In this order: the divisor; the first integer (signed; without differences, the one that all are
//! counted from); after two differences the first step (signed, over the divisor); after any the base
//! (signed) that is added to each of the rest. Then the rest, over the divisor:
//!
//! - packed: the width (a byte), then each number in as many bits; outliers: their count, then for each
//!   the places since the one before (varint) and the number (signed). At its place is a zero.
//! - bins: in bits, the count of bins less one (6), the logarithm `l` of the table's size (4), the bits
//!   of a lower bound (7) and of a width (3); for each bin its width, its share of the table less one
//!   (`l`), and, except for the first, which starts at 0, its lower bound; the states of four coders
//!   (`l` each); then for each number its offset in the bin and the bits that lead to the next state of
//!   its coder; the coders take turns. States are those of a table-driven asymmetric numeral system
//!   in which bin after bin is given its entries, `2^l / 2 + 2^l / 8 + 3` apart.
//!
//! A column of times is a column of integers after the byte `100ppppp`.
//!
//! # Columns of histograms
//!
//! | part | bytes |
//! |---|---|
//! | count of shapes | varint |
//! | each shape | reset hint (0 unknown, 1 reset, 2 not reset, 3 gauge), schema (signed), zero threshold (a constant column), spans of both signs (count, then offset, signed, and length), custom values (count, then a column), count of positive and of negative buckets |
//! | with several shapes | a column: the shape of each histogram |
//! | for each shape | a byte, 1 where counts are the sum of zero, positive and negative buckets in this order, else 0; columns of the sums, the zero buckets, each positive, each negative bucket; with 0 of the counts |
//!
//! Sources: A. Afroozeh et al., "ALP: Adaptive Lossless floating-Point Compression" (decimals and
//! exceptions); M. Loncaric et al., "Pcodec" (arXiv 2502.06112; bins and offsets); J. Duda, "Asymmetric
//! numeral systems" (arXiv 1311.2540); R. Rice, "Some practical universal noiseless coding techniques".

mod bins;
mod bits;
mod constant;
mod decimal;
mod error;
mod exceptions;
mod form;
mod histograms;
mod integers;
mod pack;
mod plain;
mod positions;
mod stats;
mod survey;
mod times;
mod values;
mod varint;
mod xor;

pub use error::{Error, Result};
pub use histograms::{decode_histograms, encode_histograms};
pub use stats::{ValueStats, value_stats};
pub use times::{decode_times, encode_times};
pub use values::{decode_values, encode_values, encoding_name};
pub use varint::{Reader, put_signed, put_unsigned};

/// How hard an encoder tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// For sealing what was just collected: packed bits only.
    Fast,
    /// For compaction: bins too, and whichever of several encodings is smallest.
    Small,
}

/// Refuses a column with bytes left over.
fn nothing_left(reader: &Reader<'_>) -> Result<()> {
    match reader.rest().len() {
        0 => Ok(()),
        count => Err(Error::Trailing { count }),
    }
}
