//! Sealed frames: encoded columns that share their times.

use crate::wal::ABSENT_BITS;
use columns::{decode_times, decode_values, encode_times, encode_values};
use model::TimeRange;
use storage::Column;

/// Frames of one layout, or samples of one loose series, that do not change any more.
#[derive(Debug)]
pub(crate) struct Page {
    n: usize,
    pub(crate) oldest: i64,
    pub(crate) newest: i64,
    times: Box<[u8]>,
    columns: Box<[Box<[u8]>]>,
}

/// First byte of an encoded slot: every frame has a sample.
const FULL: u8 = 0;
/// First byte of an encoded slot: a bit per frame follows, set where there is a sample.
const PARTIAL: u8 = 1;

impl Page {
    /// Seals `values[slot][frame]` at `times[frame]`.
    pub(crate) fn seal(times: &[i64], values: &[Vec<f64>]) -> Self {
        Self {
            n: times.len(),
            oldest: times.first().copied().unwrap_or(i64::MAX),
            newest: times.last().copied().unwrap_or(i64::MIN),
            times: encode_times(times).into(),
            columns: values.iter().map(|column| seal_column(column)).collect(),
        }
    }

    /// Appends the samples of `slot` in `range` to `column`; whether every frame in the range has one.
    pub(crate) fn read(
        &self,
        slot: usize,
        range: TimeRange,
        column: &mut Column,
    ) -> columns::Result<bool> {
        if self.newest < range.start.0 || self.oldest >= range.end.0 {
            return Ok(true);
        }
        let Some(encoded) = self
            .columns
            .get(slot)
            .and_then(|encoded| encoded.split_first())
        else {
            return Ok(false);
        };
        let start = column.times.len();
        decode_times(&self.times, self.n, &mut column.times)?;
        let is_full = match encoded {
            (&FULL, bytes) => {
                decode_values(bytes, self.n, &mut column.values)?;
                true
            }
            (&PARTIAL, bytes) => {
                let (mask, bytes) = bytes
                    .split_at_checked(self.n.div_ceil(8))
                    .ok_or(columns::Error::Truncated)?;
                let has = |frame: usize| {
                    mask.get(frame / 8)
                        .is_some_and(|byte| byte & (1 << (frame % 8)) != 0)
                };
                let mut frame = 0;
                keep_from(&mut column.times, start, |_| {
                    frame += 1;
                    has(frame - 1)
                });
                let count = column.times.len() - start;
                decode_values(bytes, count, &mut column.values)?;
                false
            }
            (&tag, _) => return Err(columns::Error::UnknownEncoding { tag }),
        };
        cut(column, start, range);
        Ok(is_full)
    }
}

fn seal_column(values: &[f64]) -> Box<[u8]> {
    let present: Vec<f64> = values
        .iter()
        .copied()
        .filter(|value| value.to_bits() != ABSENT_BITS)
        .collect();
    if present.is_empty() {
        return Box::default();
    }
    let mut out = Vec::new();
    if present.len() == values.len() {
        out.push(FULL);
    } else {
        out.push(PARTIAL);
        let mut mask = vec![0u8; values.len().div_ceil(8)];
        for (frame, value) in values.iter().enumerate() {
            if value.to_bits() != ABSENT_BITS
                && let Some(byte) = mask.get_mut(frame / 8)
            {
                *byte |= 1 << (frame % 8);
            }
        }
        out.extend_from_slice(&mask);
    }
    out.extend_from_slice(&encode_values(&present));
    out.into()
}

/// Keeps those elements from `start` on that `keep` accepts.
fn keep_from(times: &mut Vec<i64>, start: usize, mut keep: impl FnMut(i64) -> bool) {
    let mut index = 0;
    times.retain(|time| {
        index += 1;
        index <= start || keep(*time)
    });
}

/// Cuts what was appended from `start` on to `range`. Ordering: the appended times rise.
pub(crate) fn cut(column: &mut Column, start: usize, range: TimeRange) {
    let appended = column.times.get(start..).unwrap_or_default();
    let from = start + appended.partition_point(|time| *time < range.start.0);
    let to = start + appended.partition_point(|time| *time < range.end.0);
    column.times.truncate(to);
    column.values.truncate(to);
    column.times.drain(start..from.min(to));
    column.values.drain(start..from.min(to));
}
