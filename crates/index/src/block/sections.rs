//! Header, checksums and compression: what all sections have in common.

use crate::{Error, Result, Section};
use columns::Reader;
use std::io::Read;

/// First bytes of an index.
const MAGIC: [u8; 8] = *b"WFINDEX\0";
/// Version of the format.
const VERSION: u16 = 1;
/// Sections, in their order in the bytes.
const SECTIONS: [Section; 4] = [
    Section::Names,
    Section::Values,
    Section::Shapes,
    Section::Rows,
];
const N_SECTIONS: u16 = 4;
/// Bytes before the table of sections.
const PREFIX: usize = 16;
/// Bytes per entry of the table.
const ENTRY: usize = 24;
/// Bytes before the first section; the last four are the header's checksum.
const HEADER: usize = PREFIX + SECTIONS.len() * ENTRY + 4;

const PLAIN: u16 = 0;
const ZSTD: u16 = 1;
/// Slow enough to matter little at a few megabytes a block, most of what higher levels save.
const LEVEL: i32 = 9;

/// Bytes that one stored byte may become; what compresses better is stored as it is. It bounds the memory
/// that hostile bytes can ask for.
const fn max_ratio(section: Section) -> u64 {
    match section {
        Section::Rows => 1024,
        _ => 64,
    }
}
/// Series that one byte of the whole may stand for, likewise.
const MAX_SERIES_PER_BYTE: u64 = 1024;

/// A section as it is stored.
#[derive(Clone, Copy)]
struct Stored<'a> {
    bytes: &'a [u8],
    /// From the start of the whole.
    offset: u64,
    method: u16,
    raw: u64,
    crc: u32,
}

/// The sections of an index whose header is right.
pub(crate) struct Sections<'a> {
    n_series: u32,
    stored: Vec<Stored<'a>>,
}

impl<'a> Sections<'a> {
    /// Reads and checks the header; sections are checked when they are read.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self> {
        let Some((header, mut rest)) = bytes.split_at_checked(HEADER) else {
            return Err(Error::header(bytes.len() as u64, "cut short"));
        };
        let cut = |_| Error::header(0, "cut short");
        let mut reader = Reader::new(header);
        if reader.bytes(MAGIC.len()).map_err(cut)? != MAGIC {
            return Err(Error::header(0, "magic bytes differ"));
        }
        let version = u16::from_le_bytes(fixed(&mut reader)?);
        if version != VERSION {
            return Err(Error::UnknownVersion {
                version,
                supported: VERSION,
            });
        }
        let (body, crc) = header.split_at(HEADER - 4);
        if crc != crc32c::crc32c(body).to_le_bytes() {
            return Err(Error::header(HEADER as u64 - 4, "checksum differs"));
        }
        let n_sections = u16::from_le_bytes(fixed(&mut reader)?);
        if n_sections != N_SECTIONS {
            return Err(Error::header(10, "number of sections differs"));
        }
        let n_series = u32::from_le_bytes(fixed(&mut reader)?);
        if u64::from(n_series) > MAX_SERIES_PER_BYTE * bytes.len() as u64 {
            return Err(Error::header(12, "more series than the bytes can hold"));
        }
        let mut stored = Vec::new();
        let mut offset = HEADER as u64;
        for (entry, section) in (0..).zip(SECTIONS) {
            let at = (PREFIX + entry * ENTRY) as u64;
            let kind = u16::from_le_bytes(fixed(&mut reader)?);
            if kind != section as u16 {
                return Err(Error::header(at, "unknown section"));
            }
            let method = u16::from_le_bytes(fixed(&mut reader)?);
            let crc = u32::from_le_bytes(fixed(&mut reader)?);
            let len = u64::from_le_bytes(fixed(&mut reader)?);
            let raw = u64::from_le_bytes(fixed(&mut reader)?);
            let split = usize::try_from(len)
                .ok()
                .and_then(|len| rest.split_at_checked(len));
            let Some((front, behind)) = split else {
                return Err(Error::header(at + 8, "section is cut short"));
            };
            let is_plain = method == PLAIN && raw == len;
            if !is_plain && (method != ZSTD || raw > len.saturating_mul(max_ratio(section))) {
                return Err(Error::header(at + 2, "impossible compression"));
            }
            stored.push(Stored {
                bytes: front,
                offset,
                method,
                raw,
                crc,
            });
            offset += len;
            rest = behind;
        }
        if !rest.is_empty() {
            return Err(Error::header(offset, "bytes after the last section"));
        }
        Ok(Self { n_series, stored })
    }

    /// Number of series.
    pub(crate) fn n_series(&self) -> u32 {
        self.n_series
    }

    /// The bytes of `section` before compression.
    pub(crate) fn read(&self, section: Section) -> Result<Vec<u8>> {
        let pair = SECTIONS
            .iter()
            .zip(&self.stored)
            .find(|(one, _)| **one == section);
        let Some((_, stored)) = pair else {
            return Err(Error::header(0, "section is missing"));
        };
        let corruption = |what| Error::Corruption {
            section,
            offset: stored.offset,
            what,
        };
        if crc32c::crc32c(stored.bytes) != stored.crc {
            return Err(corruption("checksum differs"));
        }
        if stored.method == PLAIN {
            return Ok(stored.bytes.to_vec());
        }
        let mut out = Vec::new();
        let decoder = zstd::Decoder::with_buffer(stored.bytes);
        decoder
            .and_then(|decoder| decoder.take(stored.raw + 1).read_to_end(&mut out))
            .map_err(|_| corruption("compressed bytes are invalid"))?;
        if out.len() as u64 != stored.raw {
            return Err(corruption("length after decompression differs"));
        }
        Ok(out)
    }
}

/// The next `N` bytes of the header.
fn fixed<const N: usize>(reader: &mut Reader<'_>) -> Result<[u8; N]> {
    let bytes = reader.bytes(N).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or(Error::header(0, "cut short"))
}

/// Puts header and sections together.
pub(crate) fn assemble(n_series: u32, raw: [Vec<u8>; 4]) -> Result<Vec<u8>> {
    let mut stored = Vec::new();
    for (section, raw) in SECTIONS.into_iter().zip(raw) {
        let packed =
            zstd::bulk::compress(&raw, LEVEL).map_err(|_| Error::Compression { section })?;
        let is_usable = packed.len() < raw.len()
            && raw.len() as u64 <= packed.len() as u64 * max_ratio(section);
        stored.push((section, raw, packed, is_usable));
    }
    let length = |stored: &[(Section, Vec<u8>, Vec<u8>, bool)]| -> usize {
        stored
            .iter()
            .map(|(_, raw, packed, usable)| if *usable { packed.len() } else { raw.len() })
            .sum::<usize>()
            + HEADER
    };
    if u64::from(n_series) > MAX_SERIES_PER_BYTE * length(&stored) as u64 {
        // Rows as they are take more than a byte per thousand series.
        for (.., is_usable) in &mut stored {
            *is_usable = false;
        }
    }
    let mut out = Vec::with_capacity(length(&stored));
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&VERSION.to_le_bytes());
    out.extend_from_slice(&N_SECTIONS.to_le_bytes());
    out.extend_from_slice(&n_series.to_le_bytes());
    for (section, raw, packed, is_usable) in &stored {
        let (method, bytes) = if *is_usable {
            (ZSTD, packed)
        } else {
            (PLAIN, raw)
        };
        out.extend_from_slice(&(*section as u16).to_le_bytes());
        out.extend_from_slice(&method.to_le_bytes());
        out.extend_from_slice(&crc32c::crc32c(bytes).to_le_bytes());
        out.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        out.extend_from_slice(&(raw.len() as u64).to_le_bytes());
    }
    let crc = crc32c::crc32c(&out);
    out.extend_from_slice(&crc.to_le_bytes());
    for (_, raw, packed, is_usable) in &stored {
        out.extend_from_slice(if *is_usable { packed } else { raw });
    }
    Ok(out)
}

/// Reads a section; errors name it and the place.
pub(crate) struct Cursor<'a> {
    section: Section,
    length: usize,
    reader: Reader<'a>,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(section: Section, bytes: &'a [u8]) -> Self {
        Self {
            section,
            length: bytes.len(),
            reader: Reader::new(bytes),
        }
    }

    /// An error at this place.
    pub(crate) fn corruption(&self, what: &'static str) -> Error {
        let offset = (self.length - self.reader.rest().len()) as u64;
        Error::Corruption {
            section: self.section,
            offset,
            what,
        }
    }

    /// Bytes that are left.
    pub(crate) fn left(&self) -> usize {
        self.reader.rest().len()
    }

    /// The next varint, which must be at most `max`.
    pub(crate) fn number(&mut self, max: u32, what: &'static str) -> Result<u32> {
        let number = self
            .reader
            .unsigned()
            .ok()
            .and_then(|number| u32::try_from(number).ok());
        number
            .filter(|number| *number <= max)
            .ok_or_else(|| self.corruption(what))
    }

    /// The next byte.
    pub(crate) fn byte(&mut self) -> Result<u8> {
        self.reader.byte().map_err(|_| self.corruption("cut short"))
    }

    /// The next `n` bytes.
    pub(crate) fn bytes(&mut self, n: usize) -> Result<&'a [u8]> {
        self.reader
            .bytes(n)
            .map_err(|_| self.corruption("cut short"))
    }

    /// Checks that nothing is left.
    pub(crate) fn end(self) -> Result<()> {
        if self.left() > 0 {
            return Err(self.corruption("bytes after the end"));
        }
        Ok(())
    }
}
