//! Protobuf, as far as these messages need it: fields of a message, read in place.

use crate::error::{Error, Result};

/// What one field holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value<'b> {
    Varint(u64),
    Fixed64(u64),
    Bytes(&'b [u8]),
    Fixed32,
}

/// Fields of one message, from its first byte on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'b> {
    rest: &'b [u8],
}

fn malformed(what: &'static str) -> Error {
    Error::Protobuf { what }
}

impl<'b> Reader<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What is not read yet.
    pub(crate) fn rest(&self) -> &'b [u8] {
        self.rest
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// A number of 7 bits per byte.
    #[inline]
    pub(crate) fn varint(&mut self) -> Result<u64> {
        match self.rest {
            [first, rest @ ..] if *first < 0x80 => {
                self.rest = rest;
                return Ok(u64::from(*first));
            }
            [first, second, rest @ ..] if *second < 0x80 => {
                self.rest = rest;
                return Ok(u64::from(*first & 0x7f) | u64::from(*second) << 7);
            }
            _ => {}
        }
        self.long_varint()
    }

    #[cold]
    fn long_varint(&mut self) -> Result<u64> {
        let mut value = 0_u64;
        for (place, &byte) in self.rest.iter().enumerate().take(10) {
            value |= u64::from(byte & 0x7f) << (7 * place);
            if byte < 0x80 {
                if place == 9 && byte > 1 {
                    return Err(malformed("integer overflow"));
                }
                self.rest = self.rest.get(place + 1..).unwrap_or_default();
                return Ok(value);
            }
        }
        Err(malformed(if self.rest.len() < 10 {
            "unexpected EOF"
        } else {
            "integer overflow"
        }))
    }

    /// Eight bytes, least significant first.
    #[inline]
    pub(crate) fn fixed64(&mut self) -> Result<u64> {
        let (head, rest) = self
            .rest
            .split_first_chunk::<8>()
            .ok_or_else(|| malformed("unexpected EOF"))?;
        self.rest = rest;
        Ok(u64::from_le_bytes(*head))
    }

    /// As many bytes as the number before them says.
    #[inline]
    pub(crate) fn bytes(&mut self) -> Result<&'b [u8]> {
        let length = self.varint()?;
        let length = usize::try_from(length).map_err(|_| malformed("invalid length"))?;
        let (head, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or_else(|| malformed("unexpected EOF"))?;
        self.rest = rest;
        Ok(head)
    }

    /// The next field's number and content; none at the end.
    #[inline]
    pub(crate) fn field(&mut self) -> Result<Option<(u64, Value<'b>)>> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let tag = self.varint()?;
        let value = match tag & 7 {
            0 => Value::Varint(self.varint()?),
            1 => Value::Fixed64(self.fixed64()?),
            2 => Value::Bytes(self.bytes()?),
            5 => {
                let (_, rest) = self
                    .rest
                    .split_first_chunk::<4>()
                    .ok_or_else(|| malformed("unexpected EOF"))?;
                self.rest = rest;
                Value::Fixed32
            }
            _ => return Err(malformed("illegal wire type")),
        };
        match tag >> 3 {
            0 => Err(malformed("illegal tag 0")),
            number => Ok(Some((number, value))),
        }
    }
}

impl<'b> Value<'b> {
    /// An embedded message, a text or a packed list.
    pub(crate) fn bytes(self) -> Result<&'b [u8]> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            _ => Err(malformed("wrong wire type")),
        }
    }

    /// An unsigned number.
    pub(crate) fn uint(self) -> Result<u64> {
        match self {
            Self::Varint(value) => Ok(value),
            _ => Err(malformed("wrong wire type")),
        }
    }

    /// A number that is sent in two's complement (`int64`).
    pub(crate) fn int(self) -> Result<i64> {
        self.uint().map(|value| value as i64)
    }

    /// A number that is sent in zigzag form (`sint64`).
    pub(crate) fn sint(self) -> Result<i64> {
        self.uint().map(zigzag)
    }

    /// A floating point number, bit by bit.
    pub(crate) fn double(self) -> Result<f64> {
        match self {
            Self::Fixed64(bits) => Ok(f64::from_bits(bits)),
            _ => Err(malformed("wrong wire type")),
        }
    }

    /// Calls `each` for every number of a list, packed or not.
    #[inline]
    pub(crate) fn each_uint(self, mut each: impl FnMut(u64)) -> Result<()> {
        match self {
            Self::Varint(value) => each(value),
            Self::Bytes(packed) => {
                let mut reader = Reader::new(packed);
                while !reader.is_empty() {
                    each(reader.varint()?);
                }
            }
            _ => return Err(malformed("wrong wire type")),
        }
        Ok(())
    }

    /// Calls `each` for every floating point number of a list, packed or not.
    pub(crate) fn each_double(self, mut each: impl FnMut(f64)) -> Result<()> {
        match self {
            Self::Fixed64(bits) => each(f64::from_bits(bits)),
            Self::Bytes(packed) => {
                let mut reader = Reader::new(packed);
                while !reader.is_empty() {
                    each(f64::from_bits(reader.fixed64()?));
                }
            }
            _ => return Err(malformed("wrong wire type")),
        }
        Ok(())
    }
}

/// Undoes zigzag: 0, 1, 2, 3 become 0, -1, 1, -2.
pub(crate) fn zigzag(value: u64) -> i64 {
    ((value >> 1) as i64) ^ -((value & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_up_to_ten_bytes_are_read_and_longer_ones_refused() {
        let read = |bytes: &[u8]| Reader::new(bytes).varint().ok();
        assert_eq!(read(&[0x7f]), Some(127));
        assert_eq!(read(&[0xac, 0x02]), Some(300));
        let mut most = [0xff; 10];
        most[9] = 1;
        assert_eq!(read(&most), Some(u64::MAX));
        most[9] = 2;
        assert_eq!(read(&most), None);
        assert_eq!(read(&[0x80; 11]), None);
        assert_eq!(read(&[0x80]), None);
        assert_eq!(read(&[]), None);
    }

    #[test]
    fn zigzag_alternates_around_zero() {
        let numbers = [0, 1, 2, 3, u64::MAX].map(zigzag);
        assert_eq!(numbers, [0, -1, 1, -2, i64::MIN]);
    }

    #[test]
    fn groups_and_field_zero_are_refused() {
        for bad in [&[0x0b][..], &[0x00, 0x01], &[0x09, 1, 2], &[0x0a, 5, 1]] {
            assert!(Reader::new(bad).field().is_err(), "{bad:?}");
        }
    }
}
