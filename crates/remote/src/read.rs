//! What reading a request needs beside its bytes.

use crate::batch::{Batch, Mark};
use crate::error::Result;
use crate::histogram::read_histogram;
use crate::key::Hasher;
use crate::table::{Cursor, Entry, Fresh, Table};
use crate::wire::Reader;
use model::Labels;

/// Whether the series ids of the cache may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// They may.
    Cache,
    /// The storage forgot some: all series are registered again.
    Nothing,
}

/// Reads one request into a batch.
pub(crate) struct Reading<'r> {
    pub(crate) table: &'r Table,
    pub(crate) hasher: &'r Hasher,
    pub(crate) batch: &'r mut Batch,
    pub(crate) cursor: Cursor,
    pub(crate) trust: Trust,
    /// Samples later than this are out of bounds.
    pub(crate) latest: i64,
}

impl<'r> Reading<'r> {
    /// The entry that should come now, unless the cache is not to be trusted.
    #[inline]
    pub(crate) fn predicted(&self) -> Option<(u32, &'r Entry)> {
        match self.trust {
            Trust::Cache => self.table.predicted(self.cursor),
            Trust::Nothing => None,
        }
    }

    /// The entry with this hash: the predicted one, or another one.
    #[inline]
    pub(crate) fn find(&self, hash: u64) -> Option<(u32, &'r Entry)> {
        self.predicted()
            .filter(|(_, entry)| entry.hash() == hash)
            .or_else(|| self.probe(hash))
    }

    /// The entry with this hash, by the index.
    pub(crate) fn probe(&self, hash: u64) -> Option<(u32, &'r Entry)> {
        match self.trust {
            Trust::Cache => self.table.find(hash),
            Trust::Nothing => None,
        }
    }

    /// What came since `mark` is of this entry.
    #[inline]
    pub(crate) fn known(&mut self, mark: Mark, at: u32, entry: &Entry) {
        self.table.advance(&mut self.cursor, at, entry);
        self.batch.assign(mark, entry.series());
    }

    /// What came since `mark` is of a series that is not in the cache. Without a sample that can be stored
    /// it stays unknown.
    pub(crate) fn unknown(&mut self, mark: Mark, labels: Labels, fresh: Fresh) {
        if !self.batch.is_empty_since(mark) {
            self.batch.assign_later(mark, labels, fresh);
        }
    }

    /// Reads a sample message.
    #[inline]
    pub(crate) fn sample(&mut self, message: &[u8]) -> Result<()> {
        if let Some((time, value)) = plain_sample(message) {
            self.float(time, value);
            return Ok(());
        }
        let (mut value, mut time) = (0.0, 0);
        let mut reader = Reader::new(message);
        while let Some((number, field)) = reader.field()? {
            match number {
                1 => value = field.double()?,
                2 => time = field.int()?,
                // The start timestamp of version 2 (3) has no place in storage yet.
                _ => {}
            }
        }
        self.float(time, value);
        Ok(())
    }

    /// Takes a sample.
    #[inline]
    pub(crate) fn float(&mut self, time: i64, value: f64) {
        if time > self.latest {
            self.batch.ahead += 1;
        } else {
            self.batch.float(time, value);
        }
    }

    /// Reads a histogram message; `series` names the series if there is something wrong with it.
    pub(crate) fn histogram(
        &mut self,
        message: &[u8],
        series: impl FnOnce() -> String,
    ) -> Result<()> {
        let (time, histogram) = read_histogram(message)?;
        match histogram {
            _ if time > self.latest => self.batch.ahead += 1,
            Ok(histogram) => self.batch.histogram(time, histogram),
            Err(invalid) => self.batch.problems.add(|| format!("{invalid}{}", series())),
        }
        Ok(())
    }

    /// Complains of samples of the series that were too far ahead, if there were.
    #[inline]
    pub(crate) fn complain_of_future(&mut self, series: impl Fn() -> String) {
        if self.batch.ahead == 0 {
            return;
        }
        let line = || {
            let series = series();
            format!("out of bounds: timestamp is too far in the future{series}")
        };
        for _ in 0..self.batch.ahead {
            self.batch.problems.add(line);
        }
        self.batch.out_of_bounds += self.batch.ahead;
        self.batch.ahead = 0;
    }
}

/// The sample, if `fields` are one plain sample field of number 2 and nothing else, as is usual.
#[inline]
pub(crate) fn only_sample(fields: &[u8]) -> Option<(i64, f64)> {
    match fields {
        [0x12, length, message @ ..] if usize::from(*length) == message.len() => {
            plain_sample(message)
        }
        _ => None,
    }
}

/// The time and value of a sample message that is written as all senders write it: the value, then a
/// positive time.
#[inline]
fn plain_sample(message: &[u8]) -> Option<(i64, f64)> {
    let (value, rest) = match message {
        [0x09, rest @ ..] => rest.split_first_chunk::<8>()?,
        _ => return None,
    };
    let [0x10, time @ .., last] = rest else {
        return None;
    };
    if time.len() > 7 || *last >= 0x80 {
        return None;
    }
    let mut number = u64::from(*last);
    for byte in time.iter().rev() {
        if *byte < 0x80 {
            return None;
        }
        number = number << 7 | u64::from(byte & 0x7f);
    }
    Some((number as i64, f64::from_le_bytes(*value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_samples_are_those_that_fields_give() {
        let sample = b"\x09\0\0\0\0\0\0\xf8\x3f\x10\xac\x02";
        assert_eq!(plain_sample(sample), Some((300, 1.5)));
        let now = b"\x09\0\0\0\0\0\0\xf8\x3f\x10\x80\xd0\x95\xff\xbc\x31";
        assert_eq!(plain_sample(now), Some((1_700_000_000_000, 1.5)));
        // Cut, followed by another field, without value, of an end that goes on.
        for other in [
            &sample[..11],
            b"",
            &sample[9..],
            &[&sample[..], b"\x18\x05"].concat(),
        ] {
            assert_eq!(plain_sample(other), None, "{other:?}");
        }
    }
}
