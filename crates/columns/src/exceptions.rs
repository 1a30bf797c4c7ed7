//! The few values of a column that its encoding cannot express: their positions, then the values as
//! a column of their own.

use crate::error::reserve;
use crate::varint::Reader;
use crate::{Error, Result, plain, positions};

/// Of a column of decimals, one value in so many may be a true float.
pub(crate) const MAX_SHARE: usize = 10;

/// About how many bits these exceptions of `values` take.
pub(crate) fn estimate(at: &[usize], values: &[f64]) -> usize {
    let same = picked(at, values)
        .map(f64::to_bits)
        .is_sorted_by(|a, b| a == b);
    let each = if same { 16 } else { at.len() * 64 };
    positions::estimate(at.len(), values.len()) + each
}

/// Appends the exceptions at these positions.
pub(crate) fn encode(at: &[usize], values: &[f64], out: &mut Vec<u8>) {
    positions::encode(at, values.len(), out);
    let picked: Vec<f64> = picked(at, values).collect();
    plain::encode(&picked, out);
}

fn picked(at: &[usize], values: &[f64]) -> impl Iterator<Item = f64> {
    at.iter().filter_map(|at| values.get(*at).copied())
}

/// Exceptions of one column.
#[derive(Default)]
pub(crate) struct Exceptions {
    positions: Vec<usize>,
    values: Vec<f64>,
}

impl Exceptions {
    pub(crate) fn decode(reader: &mut Reader<'_>, n: usize) -> Result<Self> {
        let positions = positions::decode(reader, n)?.listed()?;
        let mut values = Vec::new();
        reserve(&mut values, positions.len())?;
        plain::decode(reader, positions.len(), &mut values)?;
        Ok(Self { positions, values })
    }

    /// Puts them into the column.
    pub(crate) fn apply(&self, column: &mut [f64]) -> Result<()> {
        for (at, value) in self.positions.iter().zip(&self.values) {
            *column.get_mut(*at).ok_or(Error::Truncated)? = *value;
        }
        Ok(())
    }
}
