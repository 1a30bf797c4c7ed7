//! Deleted ranges: left out when a block is read, dropped for good when it is compacted.

use crate::format::{checked, checksum};
use crate::{Error, Result, Ulid};
use columns::{Reader, put_signed, put_unsigned};
use model::{TimeRange, TimestampMs};
use std::collections::BTreeMap;
use std::path::Path;
use storage::Column;
use vfs::Vfs;

/// Name of the file.
pub(crate) const FILE: &str = "tombstones";
const TEMPORARY: &str = "tombstones.tmp";
const MAGIC: &[u8; 6] = b"WFTMB\0";
const VERSION: u16 = 1;

/// Deleted ranges of the series of a block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tombstones {
    /// Ordering: ranges by time; they neither overlap nor touch.
    ranges: BTreeMap<u32, Vec<TimeRange>>,
}

impl Tombstones {
    pub(crate) fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Number of ranges.
    pub(crate) fn len(&self) -> u64 {
        self.ranges.values().map(|ranges| ranges.len() as u64).sum()
    }

    pub(crate) fn add(&mut self, ordinal: u32, new: TimeRange) {
        if new.is_empty() {
            return;
        }
        let ranges = self.ranges.entry(ordinal).or_default();
        ranges.push(new);
        ranges.sort_unstable_by_key(|range| range.start);
        let mut merged: Vec<TimeRange> = Vec::with_capacity(ranges.len());
        for range in ranges.drain(..) {
            match merged.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => merged.push(range),
            }
        }
        *ranges = merged;
    }

    /// Takes deleted samples out of what stands in `column` from `from` on; whether there were any.
    pub(crate) fn apply(&self, ordinal: u32, from: usize, column: &mut Column) -> bool {
        let Some(ranges) = self.ranges.get(&ordinal) else {
            return false;
        };
        let mut removed = false;
        for range in ranges.iter().rev() {
            let fresh = column.times.get(from..).unwrap_or_default();
            let lo = from + fresh.partition_point(|time| *time < range.start.0);
            let hi = from + fresh.partition_point(|time| *time < range.end.0);
            if lo < hi {
                removed = true;
                column.times.drain(lo..hi);
                column.values.drain(lo..hi);
                if !column.histograms.is_empty() {
                    column.histograms.drain(lo..hi);
                }
                if !column.starts.is_empty() {
                    column.starts.drain(lo..hi);
                }
            }
        }
        removed
    }

    fn encode(&self, id: Ulid) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        put_unsigned(self.ranges.len() as u64, &mut out);
        for (ordinal, ranges) in &self.ranges {
            put_unsigned(u64::from(*ordinal), &mut out);
            put_unsigned(ranges.len() as u64, &mut out);
            for range in ranges {
                put_signed(range.start.0, &mut out);
                put_unsigned(range.end.0.wrapping_sub(range.start.0) as u64, &mut out);
            }
        }
        let crc = checksum(id, 0, &out);
        out.extend_from_slice(&crc.to_le_bytes());
        out
    }

    fn decode(bytes: &[u8], id: Ulid, path: &Path) -> Result<Self> {
        let broken = |what| Error::corrupted(path, 0, what);
        let payload = checked(id, 0, bytes).ok_or(broken("tombstones checksum"))?;
        let (head, rest) = payload.split_at_checked(8).ok_or(broken("tombstones"))?;
        let (magic, version) = head.split_at(6);
        if magic != MAGIC {
            return Err(broken("no tombstones"));
        }
        if version != VERSION.to_le_bytes() {
            let version = u16::from_le_bytes(version.try_into().unwrap_or_default());
            let path = path.to_path_buf();
            return Err(Error::Version { path, version });
        }
        Self::fields(&mut Reader::new(rest)).map_err(|_| broken("tombstones"))
    }

    fn fields(reader: &mut Reader<'_>) -> columns::Result<Self> {
        let mut tombstones = Self::default();
        for _ in 0..reader.unsigned()? {
            let ordinal = reader.unsigned()?;
            let ordinal = u32::try_from(ordinal).map_err(|_| columns::Error::Truncated)?;
            for _ in 0..reader.unsigned()? {
                let start = reader.signed()?;
                let end = start.wrapping_add(reader.unsigned()? as i64);
                tombstones.add(
                    ordinal,
                    TimeRange::new(TimestampMs(start), TimestampMs(end)),
                );
            }
        }
        Ok(tombstones)
    }

    /// The tombstones of the block in `folder`; none if there is no such file.
    pub(crate) fn load(vfs: &dyn Vfs, folder: &Path, id: Ulid) -> Result<Self> {
        let path = folder.join(FILE);
        match vfs.read(&path) {
            Ok(bytes) => Self::decode(&bytes, id, &path),
            Err(error) if error.source.kind() == std::io::ErrorKind::NotFound => {
                Ok(Self::default())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Replaces the file: after a power cut there is the old or the new one.
    pub(crate) fn save(&self, vfs: &dyn Vfs, folder: &Path, id: Ulid) -> Result<()> {
        let temporary = folder.join(TEMPORARY);
        // What another attempt left; appending to it would be wrong.
        let _ = vfs.remove(&temporary);
        let mut file = vfs.append(&temporary)?;
        file.write_all(&self.encode(id))?;
        file.syncer().sync()?;
        vfs.rename(&temporary, &folder.join(FILE))?;
        Ok(vfs.sync_folder(folder)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: i64, end: i64) -> TimeRange {
        TimeRange::new(TimestampMs(start), TimestampMs(end))
    }

    #[test]
    fn ranges_merge_and_come_back_from_their_bytes() {
        let mut tombstones = Tombstones::default();
        for (start, end) in [(10, 20), (30, 40), (20, 25), (5, 5), (i64::MIN, -5)] {
            tombstones.add(3, range(start, end));
        }
        tombstones.add(0, TimeRange::ALL);
        assert_eq!(tombstones.len(), 4);
        let id = Ulid::from_u128(9);
        let bytes = tombstones.encode(id);
        let path = Path::new("t");
        assert_eq!(Tombstones::decode(&bytes, id, path).unwrap(), tombstones);
        assert!(Tombstones::decode(&bytes, Ulid::from_u128(8), path).is_err());
        for bit in 0..bytes.len() * 8 {
            let mut bad = bytes.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(Tombstones::decode(&bad, id, path).is_err(), "bit {bit}");
        }
        for cut in 0..bytes.len() {
            assert!(
                Tombstones::decode(&bytes[..cut], id, path).is_err(),
                "cut {cut}"
            );
        }
    }

    #[test]
    fn only_what_was_appended_is_masked() {
        let mut tombstones = Tombstones::default();
        tombstones.add(1, range(2, 4));
        tombstones.add(1, range(6, 7));
        let mut column = Column::default();
        for time in 0..8 {
            column.push(time, time as f64);
        }
        assert!(!tombstones.apply(0, 0, &mut column));
        assert!(tombstones.apply(1, 3, &mut column));
        assert_eq!(column.times, [0, 1, 2, 4, 5, 7]);
        assert_eq!(column.values, [0.0, 1.0, 2.0, 4.0, 5.0, 7.0]);
    }
}
