//! Timelines in the making: distinct columns of times, each stored once.

use crate::format::{COLUMN_SAMPLES, CRC_BYTES, PAGE_BYTES, TimelineInfo, TimelinePage, checksum};
use crate::{Error, Result, Ulid};
use hashbrown::HashMap;

/// A part of a timeline shorter than this is not worth an entry of its own, unless it is all there is.
const MIN_PART: usize = 32;
/// Every so many times of a timeline one is findable, so a series that begins late finds its timeline too.
const STRIDE: usize = 16;
/// The same for timelines of more than [`LONG`] times.
const LONG_STRIDE: usize = 64;
const LONG: usize = 512;
/// How many timelines that share a time are tried, youngest first.
const MAX_TRIES: usize = 16;
/// Decoded timelines that are kept for comparison. Units: times.
const KEPT_TIMES: usize = 4 << 20;
const NONE: u32 = u32::MAX;

/// A contiguous part of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) timeline: u32,
    pub(crate) first: u32,
    pub(crate) n: u32,
    /// It is the whole timeline.
    pub(crate) covers: bool,
}

/// A findable time: which timeline, where in it, and the mark of the same time made before.
#[derive(Debug, Clone, Copy)]
struct Mark {
    timeline: u32,
    place: u32,
    before: u32,
}

/// Finds the timelines of series, or makes them.
///
/// Memory: the timelines in encoded form, some decoded ones, and a mark per [`STRIDE`] times.
#[derive(Debug, Default)]
pub(crate) struct Timelines {
    infos: Vec<TimelineInfo>,
    encoded: Vec<u8>,
    starts: Vec<usize>,
    marks: Vec<Mark>,
    marks_by_time: HashMap<i64, u32>,
    decoded: HashMap<u32, Vec<i64>>,
    n_decoded: usize,
}

impl Timelines {
    /// The timeline, old or new, that `times` begin with: its part covers some of them, at least one.
    pub(crate) fn part_for(&mut self, times: &[i64]) -> Result<Part> {
        let times = times.get(..COLUMN_SAMPLES).unwrap_or(times);
        if let Some(part) = self.find(times) {
            return Ok(part);
        }
        let timeline = self.make(times)?;
        Ok(Part {
            timeline,
            first: 0,
            n: u32::try_from(times.len()).map_err(|_| Error::TooLarge)?,
            covers: true,
        })
    }

    fn find(&mut self, times: &[i64]) -> Option<Part> {
        let mut best: Option<Part> = None;
        for (at, time) in times.iter().enumerate().take(LONG_STRIDE) {
            let mut mark = self.marks_by_time.get(time).copied().unwrap_or(NONE);
            for _ in 0..MAX_TRIES {
                let Some(found) = self.marks.get(mark as usize).copied() else {
                    break;
                };
                mark = found.before;
                let part = (found.place as usize)
                    .checked_sub(at)
                    .and_then(|first| self.run(found.timeline, first, times));
                if let Some(part) = part {
                    if part.n as usize == times.len() {
                        return Some(part);
                    }
                    best = best.filter(|best| best.n >= part.n).or(Some(part));
                }
            }
            if best.is_some() {
                break;
            }
        }
        best.filter(|part| part.n as usize >= MIN_PART)
    }

    /// The longest beginning of `times` that stands in `timeline` from place `first` on.
    fn run(&mut self, timeline: u32, first: usize, times: &[i64]) -> Option<Part> {
        let stored = self.times(timeline)?;
        let rest = stored.get(first..)?;
        let shorter = rest.len().min(times.len());
        let same = if rest.get(..shorter) == times.get(..shorter) {
            shorter
        } else {
            rest.iter().zip(times).take_while(|(a, b)| a == b).count()
        };
        (same > 0).then_some(Part {
            timeline,
            first: u32::try_from(first).ok()?,
            n: u32::try_from(same).ok()?,
            covers: first == 0 && same == stored.len(),
        })
    }

    fn times(&mut self, timeline: u32) -> Option<&[i64]> {
        if !self.decoded.contains_key(&timeline) {
            let info = self.infos.get(timeline as usize)?;
            let start = *self.starts.get(timeline as usize)?;
            let bytes = self.encoded.get(start..start + info.bytes as usize)?;
            let mut times = Vec::with_capacity(info.n as usize);
            columns::decode_times(bytes, info.n as usize, &mut times).ok()?;
            self.keep(timeline, times);
        }
        self.decoded.get(&timeline).map(Vec::as_slice)
    }

    fn keep(&mut self, timeline: u32, times: Vec<i64>) {
        if self.n_decoded > KEPT_TIMES {
            self.decoded.clear();
            self.n_decoded = 0;
        }
        self.n_decoded += times.len();
        self.decoded.insert(timeline, times);
    }

    fn make(&mut self, times: &[i64]) -> Result<u32> {
        let timeline = u32::try_from(self.infos.len()).map_err(|_| Error::TooLarge)?;
        let start = self.encoded.len();
        columns::encode_times(times, &mut self.encoded);
        let (Some(first), Some(last)) = (times.first(), times.last()) else {
            return Err(Error::TooLarge);
        };
        self.infos.push(TimelineInfo {
            first: *first,
            last: *last,
            n: u32::try_from(times.len()).map_err(|_| Error::TooLarge)?,
            page: 0,
            start: 0,
            bytes: u32::try_from(self.encoded.len() - start).map_err(|_| Error::TooLarge)?,
        });
        self.starts.push(start);
        let stride = if times.len() > LONG {
            LONG_STRIDE
        } else {
            STRIDE
        };
        for (place, time) in times.iter().enumerate().step_by(stride) {
            let mark = u32::try_from(self.marks.len()).map_err(|_| Error::TooLarge)?;
            let before = self.marks_by_time.insert(*time, mark).unwrap_or(NONE);
            self.marks.push(Mark {
                timeline,
                place: u32::try_from(place).map_err(|_| Error::TooLarge)?,
                before,
            });
        }
        self.keep(timeline, times.to_vec());
        Ok(timeline)
    }

    /// Gives every timeline its place; `write` takes the finished pages one by one.
    pub(crate) fn finish(
        mut self,
        id: Ulid,
        mut offset: u64,
        mut write: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<(Vec<TimelineInfo>, Vec<TimelinePage>)> {
        let mut pages = Vec::new();
        let mut page: Vec<u8> = Vec::new();
        let mut close = |page: &mut Vec<u8>| -> Result<TimelinePage> {
            page.extend_from_slice(&checksum(id, offset, page).to_le_bytes());
            let bytes = u32::try_from(page.len()).map_err(|_| Error::TooLarge)?;
            write(page)?;
            let closed = TimelinePage { offset, bytes };
            offset += u64::from(bytes);
            page.clear();
            Ok(closed)
        };
        for (info, start) in self.infos.iter_mut().zip(&self.starts) {
            if page.len() + CRC_BYTES >= PAGE_BYTES {
                pages.push(close(&mut page)?);
            }
            info.page = u32::try_from(pages.len()).map_err(|_| Error::TooLarge)?;
            info.start = u32::try_from(page.len()).map_err(|_| Error::TooLarge)?;
            let bytes = self.encoded.get(*start..*start + info.bytes as usize);
            page.extend_from_slice(bytes.unwrap_or_default());
        }
        if !page.is_empty() {
            pages.push(close(&mut page)?);
        }
        Ok((self.infos, pages))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(timelines: &mut Timelines, times: &[i64]) -> Vec<(u32, u32, u32, bool)> {
        let mut parts = Vec::new();
        let mut from = 0;
        while from < times.len() {
            let part = timelines.part_for(&times[from..]).unwrap();
            from += part.n as usize;
            parts.push((part.timeline, part.first, part.n, part.covers));
        }
        parts
    }

    fn times(range: std::ops::Range<i64>) -> Vec<i64> {
        range.map(|i| i * 1000 + i * i % 7).collect()
    }

    #[test]
    fn equal_late_and_early_ending_series_share_a_timeline() {
        let mut timelines = Timelines::default();
        let whole = times(0..480);
        assert_eq!(parts(&mut timelines, &whole), [(0, 0, 480, true)]);
        assert_eq!(parts(&mut timelines, &whole), [(0, 0, 480, true)]);
        assert_eq!(parts(&mut timelines, &whole[..100]), [(0, 0, 100, false)]);
        for from in 1..40 {
            let n = 480 - u32::try_from(from).unwrap();
            assert_eq!(
                parts(&mut timelines, &whole[from..]),
                [(0, 480 - n, n, false)]
            );
        }
    }

    #[test]
    fn a_gap_makes_two_parts_and_another_rhythm_another_timeline() {
        let mut timelines = Timelines::default();
        let whole = times(0..480);
        parts(&mut timelines, &whole);
        let mut gap = whole.clone();
        gap.remove(200);
        assert_eq!(
            parts(&mut timelines, &gap),
            [(0, 0, 200, false), (0, 201, 279, false)]
        );
        let other: Vec<i64> = whole.iter().map(|time| time * 2).collect();
        assert_eq!(parts(&mut timelines, &other), [(1, 0, 480, true)]);
        let flapping: Vec<i64> = whole.iter().copied().step_by(2).collect();
        assert_eq!(parts(&mut timelines, &flapping), [(2, 0, 240, true)]);
    }

    #[test]
    fn a_late_series_of_a_long_block_falls_into_step_with_its_timelines() {
        let mut timelines = Timelines::default();
        let whole = times(0..20_000);
        let pieces = parts(&mut timelines, &whole);
        assert_eq!(pieces.len(), 5);
        let late = parts(&mut timelines, &whole[1000..]);
        assert_eq!(late[0], (0, 1000, 3096, false));
        assert_eq!(late[1..], pieces[1..]);
        assert_eq!(timelines.infos.len(), 5);
    }
}
