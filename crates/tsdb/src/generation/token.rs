//! One token of an open chunk, and a place between tokens.

use super::open::{IRREGULAR, KIND_DELTA, KIND_EXPONENT, KIND_RAW, KIND_SAME, Open};
use crate::decimal::{MAX_EXPONENT, find, unzigzag};
use columns::{Error, Reader, Result};

/// What a reader must know to go on from a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Start {
    pub(super) time: i64,
    pub(super) bits: u64,
    pub(super) whole: i64,
    pub(super) exponent: u8,
    /// The predicted time step.
    pub(super) step: i64,
    /// Whether the sample itself came at another time than predicted.
    pub(super) was_irregular: bool,
}

impl Start {
    /// The first sample of a chunk.
    pub(super) fn first(open: &Open) -> Self {
        let (exponent, whole) = find(f64::from_bits(open.first_bits)).unwrap_or((0, 0));
        Self {
            time: open.first_time,
            bits: open.first_bits,
            whole,
            exponent,
            step: i64::from(open.first_step),
            was_irregular: false,
        }
    }
}

/// A token of the usual kind, in two bytes: a small difference after a short run, at the predicted time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usual {
    /// Foreseen samples before it.
    pub(super) run: u8,
    /// Difference of the scaled integer.
    pub(super) value: i64,
}

impl Usual {
    /// Whether two bytes where a token begins are one of these.
    #[inline]
    pub(super) fn is_one([header, value]: [u8; 2]) -> bool {
        (u64::from(header & 0x87) ^ KIND_DELTA) | u64::from(value & 0x80) == 0
    }

    /// The token of two bytes that are one.
    #[inline]
    pub(super) fn of([header, value]: [u8; 2]) -> Self {
        Self {
            run: header >> 3,
            value: unzigzag(u64::from(value)),
        }
    }

    /// Takes one off the front of `rest`, if there is one.
    #[inline]
    pub(super) fn take(rest: &mut &[u8]) -> Option<Self> {
        let (bytes, tail) = rest.split_first_chunk::<2>()?;
        Self::is_one(*bytes).then(|| {
            *rest = tail;
            Self::of(*bytes)
        })
    }
}

/// One token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    /// Foreseen samples before it.
    pub(super) run: u64,
    /// The kind of its value, and [`IRREGULAR`].
    pub(super) flags: u64,
    /// Difference of the time step to the predicted one.
    pub(super) step: i64,
    /// Difference of the scaled integer, or the bits as they are.
    pub(super) value: i64,
    /// The new exponent.
    pub(super) exponent: u8,
}

impl From<Usual> for Token {
    fn from(usual: Usual) -> Self {
        Self {
            run: u64::from(usual.run),
            flags: KIND_DELTA,
            step: 0,
            value: usual.value,
            exponent: 0,
        }
    }
}

impl Token {
    /// Takes a token off the front of `rest`.
    ///
    /// # Errors
    /// Where it is not whole.
    #[inline(never)]
    pub(super) fn read(rest: &mut &[u8]) -> Result<Self> {
        let mut reader = Reader::new(rest);
        let header = reader.unsigned()?;
        let mut token = Self {
            run: header >> 3,
            flags: header & (IRREGULAR | 3),
            step: 0,
            value: 0,
            exponent: 0,
        };
        if token.is_irregular() {
            token.step = unzigzag(reader.unsigned()?);
        }
        match token.kind() {
            KIND_SAME => {}
            KIND_RAW => token.value = reader.u64()? as i64,
            kind => {
                if kind == KIND_EXPONENT {
                    token.exponent =
                        u8::try_from(reader.unsigned()?).map_err(|_| Error::Truncated)?;
                    if token.exponent > MAX_EXPONENT {
                        return Err(Error::Truncated);
                    }
                }
                token.value = unzigzag(reader.unsigned()?);
            }
        }
        *rest = reader.rest();
        Ok(token)
    }

    #[inline]
    pub(super) fn is_irregular(&self) -> bool {
        self.flags & IRREGULAR != 0
    }

    /// The kind of its value.
    #[inline]
    pub(super) fn kind(&self) -> u64 {
        self.flags & 3
    }
}
