//! Bodies, decompressed within bounds.

use crate::buffers::Buffers;
use crate::client::Fetched;
use crate::error::{Result, ScrapeError};
use flate2::bufread::MultiGzDecoder;
use std::io::Read;

/// Memory that a zstd answer may want while it unfolds, as a power of two: 8 MiB, which every encoder that
/// follows RFC 8878 keeps to.
const LARGEST_WINDOW: u32 = 23;

/// No page is so many times larger than what came, unless it is small anyway: it is made to fill our memory.
const MOST_INFLATION: u64 = 100;
/// What is small. Units: bytes.
const SMALL: u64 = 16 << 20;

/// The page of an answer: a buffer and where in it the page begins. Bounds: fewer than `limit` bytes after
/// decompression; a body that would grow beyond is given up at the limit, so a few kilobytes cannot fill
/// the memory.
pub(crate) fn decode(fetched: Fetched, limit: u64, buffers: &Buffers) -> Result<(Vec<u8>, usize)> {
    let (buffer, at) = match fetched.content_encoding.as_deref().map(str::trim) {
        None | Some("" | "identity") => (fetched.buffer, fetched.body_at),
        Some("gzip" | "x-gzip") => {
            let mut page = buffers.take();
            gunzip(fetched.body(), limit, &mut page)?;
            buffers.give(fetched.buffer);
            (page, 0)
        }
        Some("zstd") => {
            let mut page = buffers.take();
            unzstd(fetched.body(), limit, &mut page)?;
            buffers.give(fetched.buffer);
            (page, 0)
        }
        Some(other) => {
            return Err(ScrapeError::Encoding {
                encoding: other.to_owned(),
            });
        }
    };
    if buffer.len().saturating_sub(at) as u64 >= limit {
        return Err(ScrapeError::BodySize { limit });
    }
    Ok((buffer, at))
}

fn gunzip(compressed: &[u8], limit: u64, page: &mut Vec<u8>) -> Result<()> {
    inflate(
        MultiGzDecoder::new(compressed),
        compressed.len(),
        limit,
        page,
    )
}

fn unzstd(compressed: &[u8], limit: u64, page: &mut Vec<u8>) -> Result<()> {
    let failed = |source| ScrapeError::Decompress { source };
    let mut decoder = zstd::stream::read::Decoder::with_buffer(compressed).map_err(failed)?;
    decoder.window_log_max(LARGEST_WINDOW).map_err(failed)?;
    inflate(decoder, compressed.len(), limit, page)
}

/// Reads what `length` bytes hold. Bounds: up to `limit` bytes, and no more than such a page may have.
fn inflate(decoder: impl Read, length: usize, limit: u64, page: &mut Vec<u8>) -> Result<()> {
    page.reserve(length.saturating_mul(4));
    let believable = SMALL.max((length as u64).saturating_mul(MOST_INFLATION));
    decoder
        .take(limit.min(believable))
        .read_to_end(page)
        .map_err(|source| ScrapeError::Decompress { source })?;
    if believable < limit && page.len() as u64 >= believable {
        return Err(ScrapeError::Inflation {
            compressed: length as u64,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn gzipped(page: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(page).unwrap();
        encoder.finish().unwrap()
    }

    fn check(encoding: Option<&str>, body: Vec<u8>, limit: u64) -> Result<Vec<u8>> {
        let content_encoding = encoding.map(str::to_owned);
        let mut buffer = b"head".to_vec();
        buffer.extend(body);
        let fetched = Fetched {
            buffer,
            body_at: 4,
            content_type: None,
            content_encoding,
        };
        let (page, at) = decode(fetched, limit, &Buffers::default())?;
        Ok(page[at..].to_vec())
    }

    #[test]
    fn pages_come_plain_or_as_gzip_of_several_members() {
        assert_eq!(check(None, b"a 1\n".to_vec(), 100).unwrap(), b"a 1\n");
        let mut two = gzipped(b"a 1\n");
        two.extend(gzipped(b"b 2\n"));
        assert_eq!(check(Some("gzip"), two, 100).unwrap(), b"a 1\nb 2\n");
    }

    #[test]
    fn zstd_pages_are_read_within_bounds() {
        let page = zstd::encode_all(&b"a 1\nb 2\n"[..], 3).unwrap();
        assert_eq!(
            check(Some("zstd"), page.clone(), 100).unwrap(),
            b"a 1\nb 2\n"
        );
        assert!(check(Some("zstd"), page[..9].to_vec(), 100).is_err());
        let bomb = zstd::encode_all(&vec![b' '; 8 << 20][..], 3).unwrap();
        assert!(bomb.len() < 1 << 14);
        assert!(check(Some("zstd"), bomb, 1 << 20).is_err());
    }

    #[test]
    fn a_page_that_unfolds_beyond_belief_is_given_up_early() {
        let limit = 256 << 20;
        let bomb = gzipped(&vec![b' '; 4 << 20]).repeat(8);
        let error = check(Some("gzip"), bomb, limit).unwrap_err();
        assert!(error.to_string().ends_with(" times as many"), "{error}");
        let small = gzipped(&vec![b' '; 4 << 20]);
        assert!(check(Some("gzip"), small, limit).is_ok());
        let bomb = zstd::encode_all(&vec![b' '; 32 << 20][..], 1).unwrap();
        assert!(check(Some("zstd"), bomb, limit).is_err());
    }

    #[test]
    fn bodies_at_the_limit_are_refused_before_they_unfold() {
        let bomb = gzipped(&vec![b' '; 4 << 20]);
        assert!(bomb.len() < 1 << 18);
        let error = check(Some("gzip"), bomb, 1 << 20).unwrap_err();
        assert_eq!(
            error.to_string(),
            "body size limit exceeded (limit: 1048576 bytes)"
        );
        assert!(check(None, vec![b' '; 10], 10).is_err());
        assert!(check(None, vec![b' '; 9], 10).is_ok());
    }

    #[test]
    fn broken_and_unknown_encodings_are_errors() {
        let text = |result: Result<Vec<u8>>| result.unwrap_err().to_string();
        assert!(text(check(Some("gzip"), b"no gzip".to_vec(), 9)).starts_with("cannot decompress"));
        let mut cut = gzipped(b"a 1\nb 2\nc 3\n");
        cut.truncate(cut.len() - 9);
        assert!(text(check(Some("gzip"), cut, 99)).starts_with("cannot decompress"));
        assert_eq!(
            text(check(Some("br"), vec![], 9)),
            "unsupported Content-Encoding `br`"
        );
    }
}
