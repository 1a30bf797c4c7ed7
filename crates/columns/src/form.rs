//! The first byte of a column.
//!
//! Below 128 it is the one value of a constant column. Else bits 5 and 6 say what the numbers are, and
//! bits 0 to 4 how a column of integers is written, or which other encoding it is.

/// Set in every first byte that is not a value itself.
pub(crate) const MARK: u8 = 0x80;
/// Bits of the kind.
pub(crate) const KIND: u8 = 0x60;
/// Integers.
pub(crate) const WHOLE: u8 = 0x00;
/// Decimals, or integers with exceptions: a byte of exponent and flag follows.
pub(crate) const DECIMAL: u8 = 0x20;
/// Bits of floats as integers that keep their order.
pub(crate) const FLOAT: u8 = 0x40;
/// Not integers.
const OTHER: u8 = MARK | 0x60;

/// One value.
pub(crate) const CONSTANT: u8 = OTHER;
/// Positions of changes, then a column of the values changed to.
pub(crate) const SPARSE: u8 = OTHER | 1;
/// Differing bytes.
pub(crate) const XOR: u8 = OTHER | 2;
/// Eight bytes each.
pub(crate) const RAW: u8 = OTHER | 3;

/// Bits of an integer column's form.
pub(crate) const INTEGERS: u8 = 0x1f;
/// How often differences were taken; [`LINEAR`] means that nothing is left then.
pub(crate) const ORDER: u8 = 0x03;
/// One step throughout.
pub(crate) const LINEAR: u8 = 3;
/// Bins, else packed bits.
pub(crate) const BINS: u8 = 0x04;
/// A common divisor was taken out.
pub(crate) const DIVIDED: u8 = 0x08;
/// Outliers follow the packed bits.
pub(crate) const PATCHED: u8 = 0x10;

/// The exponent in a decimal's second byte.
pub(crate) const EXPONENT: u8 = 0x1f;
/// Exceptions follow the decimal's second byte.
pub(crate) const EXCEPTIONS: u8 = 0x20;

/// What an integer column's form is called.
pub(crate) fn name(integers: u8) -> &'static str {
    match (integers & ORDER, integers & BINS != 0) {
        (LINEAR, _) => "linear",
        (0, false) => "for",
        (1, false) => "delta",
        (_, false) => "delta of delta",
        (0, true) => "bins",
        (1, true) => "delta bins",
        (_, true) => "delta of delta bins",
    }
}
