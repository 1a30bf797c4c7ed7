//! Reading a column of integers, a piece at a time on the stack.

use crate::bins::Decoder;
use crate::pack::{packed_length, unpack};
use crate::varint::Reader;
use crate::{Error, Result, form};

/// Integers handed over at once: few enough for the first-level cache. Bounds: a multiple of 8.
const PIECE: usize = 128;

/// Where the residuals come from.
enum Source<'a> {
    Packed {
        bytes: &'a [u8],
        width: u32,
        outliers: Outliers<'a>,
    },
    Bins(Decoder<'a>),
}

struct Outliers<'a> {
    reader: Reader<'a>,
    left: u64,
    /// Where the next one is.
    at: usize,
}

/// Reads the `n` integers of a column with this form and hands them to `sink`, in order; they are
/// signed, the type is the one of unpacked bits.
pub(crate) fn decode(
    tag: u8,
    reader: &mut Reader<'_>,
    n: usize,
    mut sink: impl FnMut(&[u64]),
) -> Result<()> {
    if n == 0 {
        return Ok(());
    }
    let order = tag & form::ORDER;
    if order == form::LINEAR {
        return linear(reader, n, sink);
    }
    let divisor = if tag & form::DIVIDED == 0 {
        1
    } else {
        reader.unsigned()?
    };
    let first = reader.signed()? as u64;
    let mut step = 0u64;
    if order == 2 {
        step = (reader.signed()? as u64).wrapping_mul(divisor);
    }
    // Without differences every number is counted from the first.
    let base = if order == 0 {
        first
    } else {
        (reader.signed()? as u64).wrapping_mul(divisor)
    };
    let given = [first, first.wrapping_add(step)];
    let given = given.get(..n.min(usize::from(order))).unwrap_or_default();
    let count = n - given.len();
    sink(given);
    let mut source = Source::open(tag, reader, count)?;

    let mut numbers = [0u64; PIECE];
    let mut previous = given.last().copied().unwrap_or(first);
    let mut done = 0;
    while done < count {
        let length = PIECE.min(count - done);
        let piece = numbers.get_mut(..length).unwrap_or_default();
        source.fill(done, piece)?;
        // First what each number needs alone, which becomes vector code, then what needs the one before.
        if divisor != 1 {
            for number in &mut *piece {
                *number = number.wrapping_mul(divisor);
            }
        }
        for number in &mut *piece {
            *number = number.wrapping_add(base);
        }
        if order == 1 {
            for number in &mut *piece {
                previous = previous.wrapping_add(*number);
                *number = previous;
            }
        } else if order == 2 {
            for number in &mut *piece {
                step = step.wrapping_add(*number);
                previous = previous.wrapping_add(step);
                *number = previous;
            }
        }
        sink(piece);
        done += length;
    }
    source.close(reader)
}

fn linear(reader: &mut Reader<'_>, n: usize, mut sink: impl FnMut(&[u64])) -> Result<()> {
    let mut next = reader.signed()?;
    let step = reader.signed()?;
    let mut piece = [0u64; PIECE];
    let mut left = n;
    while left > 0 {
        for number in &mut piece {
            *number = next as u64;
            next = next.wrapping_add(step);
        }
        let length = PIECE.min(left);
        sink(piece.get(..length).unwrap_or_default());
        left -= length;
    }
    Ok(())
}

impl<'a> Source<'a> {
    fn open(tag: u8, reader: &mut Reader<'a>, count: usize) -> Result<Self> {
        if tag & form::BINS != 0 {
            return Ok(Self::Bins(Decoder::new(reader.rest())?));
        }
        let width = u32::from(reader.byte()?);
        if width > 64 {
            return Err(Error::Malformed { part: "width" });
        }
        let bytes = reader.bytes(packed_length(count, width).ok_or(Error::Truncated)?)?;
        let left = if tag & form::PATCHED == 0 {
            0
        } else {
            reader.unsigned()?
        };
        let mut outliers = Outliers {
            reader: reader.clone(),
            left,
            at: 0,
        };
        outliers.find()?;
        Ok(Self::Packed {
            bytes,
            width,
            outliers,
        })
    }

    /// Fills `piece` with the residuals from `start` on.
    fn fill(&mut self, start: usize, piece: &mut [u64]) -> Result<()> {
        match self {
            Self::Bins(decoder) => {
                decoder.fill(piece);
                Ok(())
            }
            Self::Packed {
                bytes,
                width,
                outliers,
            } => {
                // A piece starts at a whole group of eight.
                let from = start / 8 * *width as usize;
                unpack(bytes.get(from..).unwrap_or_default(), *width, piece);
                outliers.apply(start, piece)
            }
        }
    }

    /// Moves the reader past the column.
    fn close(self, reader: &mut Reader<'a>) -> Result<()> {
        match self {
            Self::Bins(decoder) => {
                reader.bytes(decoder.finish()?)?;
            }
            Self::Packed { outliers, .. } => {
                if outliers.left > 0 {
                    return Err(Error::Malformed { part: "outlier" });
                }
                *reader = outliers.reader;
            }
        }
        Ok(())
    }
}

impl Outliers<'_> {
    /// Reads the gap before the next outlier.
    fn find(&mut self) -> Result<()> {
        if self.left > 0 {
            let gap = usize::try_from(self.reader.unsigned()?).map_err(|_| Error::Truncated)?;
            self.at = self.at.saturating_add(gap);
        }
        Ok(())
    }

    fn apply(&mut self, start: usize, piece: &mut [u64]) -> Result<()> {
        while self.left > 0 {
            let Some(slot) = self.at.checked_sub(start).and_then(|at| piece.get_mut(at)) else {
                break;
            };
            *slot = self.reader.signed()? as u64;
            self.at = self.at.saturating_add(1);
            self.left -= 1;
            self.find()?;
        }
        Ok(())
    }
}
