//! Segment header and record framing.

use columns::Reader;

/// First bytes of every segment.
pub(crate) const MAGIC: &[u8; 6] = b"WFWAL\0";
/// Version of the format that this build writes.
pub(crate) const VERSION: u16 = 2;
/// Size of a segment header: magic 6, version 2, sequence 8, key 8, crc 4, zeros 4.
pub(crate) const HEADER_BYTES: usize = 32;
/// Size of a record header: len 4, crc 4, type 1, flags 1, shard 2, lsn 8.
pub(crate) const RECORD_HEADER_BYTES: usize = 20;
/// Records start at multiples of this.
const ALIGNMENT: usize = 8;
/// A longer record cannot have been written.
const MAX_PAYLOAD_BYTES: usize = 256 << 20;

/// What the checksums of a segment's records start from, so that bytes of another segment never pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SegmentHeader {
    pub(crate) sequence: u64,
    pub(crate) key: u64,
}

impl SegmentHeader {
    pub(crate) fn encode(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&self.sequence.to_le_bytes());
        bytes.extend_from_slice(&self.key.to_le_bytes());
        let crc = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&crc.to_le_bytes());
        bytes.resize(HEADER_BYTES, 0);
        bytes
    }

    /// The header of `segment`, if its bytes are whole.
    pub(crate) fn decode(segment: &[u8]) -> Option<Self> {
        let (checked, rest) = segment.get(..HEADER_BYTES)?.split_at_checked(24)?;
        let crc = u32::from_le_bytes(rest.get(..4)?.try_into().ok()?);
        if crc32c::crc32c(checked) != crc || !checked.starts_with(MAGIC) {
            return None;
        }
        let mut reader = Reader::new(checked.get(8..)?);
        let version = u16::from_le_bytes(checked.get(6..8)?.try_into().ok()?);
        let header = Self {
            sequence: reader.u64().ok()?,
            key: reader.u64().ok()?,
        };
        (version == VERSION).then_some(header)
    }

    fn checksum(self, kind: u8, lsn: u64, payload: &[u8]) -> u32 {
        let mut seed = [0u8; 25];
        let fields = self
            .key
            .to_le_bytes()
            .into_iter()
            .chain(self.sequence.to_le_bytes());
        let fields = fields.chain(lsn.to_le_bytes()).chain([kind]);
        for (to, from) in seed.iter_mut().zip(fields) {
            *to = from;
        }
        crc32c::crc32c_append(crc32c::crc32c(&seed), payload)
    }

    /// Appends one framed record to `out`, padded to the alignment. The bytes before it in `out` are
    /// whole records too.
    pub(crate) fn put_record(self, kind: u8, lsn: u64, payload: &[u8], out: &mut Vec<u8>) {
        let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&self.checksum(kind, lsn, payload).to_le_bytes());
        out.extend_from_slice(&[kind, 0, 0, 0]);
        out.extend_from_slice(&lsn.to_le_bytes());
        out.extend_from_slice(payload);
        out.resize(out.len().next_multiple_of(ALIGNMENT), 0);
    }

    /// The record at `offset` of `segment`, if its bytes are whole.
    pub(crate) fn record_at(self, segment: &[u8], offset: usize) -> Option<RawRecord<'_>> {
        let bytes = segment.get(offset..)?;
        let header = bytes.get(..RECORD_HEADER_BYTES)?;
        let word = |at: usize| -> Option<u32> {
            Some(u32::from_le_bytes(header.get(at..at + 4)?.try_into().ok()?))
        };
        let length = word(0)? as usize;
        if length > MAX_PAYLOAD_BYTES {
            return None;
        }
        let kind = *header.get(8)?;
        if header.get(9..12)? != [0; 3] {
            return None;
        }
        let lsn = u64::from_le_bytes(header.get(12..20)?.try_into().ok()?);
        let payload = bytes.get(RECORD_HEADER_BYTES..RECORD_HEADER_BYTES + length)?;
        if self.checksum(kind, lsn, payload) != word(4)? {
            return None;
        }
        let end = offset + (RECORD_HEADER_BYTES + length).next_multiple_of(ALIGNMENT);
        // The padding is part of the write: a record whose padding is missing is the torn last one, but
        // its payload is whole, so it counts and only the end is bounded.
        Some(RawRecord {
            kind,
            lsn,
            payload,
            end: end.min(segment.len()),
        })
    }

    /// The offset of the first whole record at or after `offset`.
    pub(crate) fn next_record(self, segment: &[u8], offset: usize) -> Option<usize> {
        let first = offset.next_multiple_of(ALIGNMENT);
        (first..segment.len())
            .step_by(ALIGNMENT)
            .find(|at| self.record_at(segment, *at).is_some())
    }
}

/// A record whose checksum was right.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RawRecord<'a> {
    pub(crate) kind: u8,
    pub(crate) lsn: u64,
    pub(crate) payload: &'a [u8],
    /// Offset of the next record.
    pub(crate) end: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: SegmentHeader = SegmentHeader {
        sequence: 3,
        key: 0x1234_5678_9abc_def0,
    };

    #[test]
    fn header_comes_back_and_any_flipped_bit_is_noticed() {
        let bytes = HEADER.encode();
        assert_eq!(bytes.len(), HEADER_BYTES);
        assert_eq!(SegmentHeader::decode(&bytes), Some(HEADER));
        for bit in 0..28 * 8 {
            let mut bad = bytes.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(SegmentHeader::decode(&bad), None, "bit {bit}");
        }
    }

    #[test]
    fn records_are_aligned_and_any_flipped_bit_is_noticed() {
        let mut bytes = Vec::new();
        HEADER.put_record(7, 42, b"hello", &mut bytes);
        assert_eq!(bytes.len() % 8, 0);
        let record = HEADER.record_at(&bytes, 0).unwrap();
        assert_eq!(
            (record.kind, record.lsn, record.payload),
            (7, 42, &b"hello"[..])
        );
        let checked = RECORD_HEADER_BYTES + 5;
        for bit in 0..checked * 8 {
            let mut bad = bytes.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(HEADER.record_at(&bad, 0).is_none(), "bit {bit}");
        }
        let other = SegmentHeader { key: 1, ..HEADER };
        assert!(
            other.record_at(&bytes, 0).is_none(),
            "another segment's record"
        );
    }

    #[test]
    fn the_next_record_is_found_behind_garbage() {
        let mut bytes = vec![0xffu8; 37];
        bytes.resize(40, 0);
        HEADER.put_record(1, 1, b"x", &mut bytes);
        assert_eq!(HEADER.next_record(&bytes, 3), Some(40));
    }
}
