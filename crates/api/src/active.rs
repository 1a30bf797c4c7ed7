//! Queries that run now, in a file that outlives a crash: what ran then can be told at the next start.
//!
//! Shape: the file begins with `[`; then come slots of [`SLOT_BYTES`] bytes, each all zeros or a JSON object
//! followed by zeros and a comma as its last byte.
//!
//! Source: Prometheus 3.14, `promql/query_logger.go`.

use model::TimestampMs;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Length of a slot.
const SLOT_BYTES: usize = 1000;

/// Name of the file in the data folder.
const FILE: &str = "queries.active";

/// The file. Clones share it.
#[derive(Debug, Clone)]
pub struct ActiveQueries {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    file: File,
    free: Mutex<Vec<usize>>,
}

/// A query that runs; dropping it clears its slot.
#[derive(Debug)]
pub(crate) struct ActiveQuery {
    inner: Arc<Inner>,
    slot: Option<usize>,
}

impl ActiveQueries {
    /// Opens the file in `folder` with room for `slots` queries, and gives what ran when it was last written:
    /// one JSON object per query.
    ///
    /// # Errors
    /// Where the file cannot be read or written.
    pub fn open(folder: &Path, slots: usize) -> io::Result<(Self, Vec<String>)> {
        let path = folder.join(FILE);
        let unfinished = match std::fs::read(&path) {
            Ok(bytes) => unfinished(&bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        let file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .open(&path)?;
        file.set_len(1 + (slots as u64) * (SLOT_BYTES as u64))?;
        file.write_all_at(b"[", 0)?;
        let inner = Arc::new(Inner {
            file,
            free: Mutex::new((0..slots).rev().collect()),
        });
        Ok((Self { inner }, unfinished))
    }

    /// Notes that `query` starts.
    pub(crate) fn begin(&self, query: &str, now: TimestampMs) -> ActiveQuery {
        let mut free = self
            .inner
            .free
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // As many slots as seats; without one the query runs and is not noted.
        let slot = free.pop();
        drop(free);
        if let Some(slot) = slot {
            self.inner.write(slot, &entry(query, now));
        }
        ActiveQuery {
            inner: Arc::clone(&self.inner),
            slot,
        }
    }
}

impl Inner {
    fn write(&self, slot: usize, bytes: &[u8; SLOT_BYTES]) {
        let offset = 1 + (slot as u64) * (SLOT_BYTES as u64);
        if let Err(error) = self.file.write_all_at(bytes, offset) {
            tracing::warn!(%error, file = FILE, "active query not noted");
        }
    }
}

impl Drop for ActiveQuery {
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            self.inner.write(slot, &[0; SLOT_BYTES]);
            let mut free = self
                .inner
                .free
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            free.push(slot);
        }
    }
}

/// A slot's bytes. A query that is too long is cut between two characters.
fn entry(query: &str, now: TimestampMs) -> [u8; SLOT_BYTES] {
    let seconds = now.0.div_euclid(1000);
    let mut slot = [0; SLOT_BYTES];
    let mut length = query.floor_char_boundary(SLOT_BYTES);
    let text = loop {
        let query = query.get(..length).unwrap_or_default();
        let text = serde_json::json!({ "query": query, "timestamp_sec": seconds }).to_string();
        // One byte is the comma's.
        match text.len().checked_sub(SLOT_BYTES - 1) {
            None | Some(0) => break text,
            // An escape is at most six bytes long.
            Some(excess) => {
                length = query.floor_char_boundary(length.saturating_sub(excess.div_ceil(6)));
            }
        }
    };
    for (place, byte) in slot.iter_mut().zip(text.bytes()) {
        *place = byte;
    }
    if let Some(last) = slot.last_mut() {
        *last = b',';
    }
    slot
}

/// The objects in a file's bytes.
fn unfinished(bytes: &[u8]) -> Vec<String> {
    let slots = bytes.get(1..).unwrap_or_default().chunks(SLOT_BYTES);
    let objects = slots.filter_map(|slot| {
        let end = slot
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(slot.len());
        let text = String::from_utf8_lossy(slot.get(..end)?);
        let text = text.trim_end_matches(',');
        (!text.is_empty()).then(|| text.to_owned())
    });
    objects.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_at_a_crash_is_told_and_what_ended_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (queries, before) = ActiveQueries::open(folder.path(), 2).unwrap();
        assert!(before.is_empty());
        let ended = queries.begin("up", TimestampMs(1_500));
        let running = queries.begin("sum(\"é\")", TimestampMs(2_500));
        let third = queries.begin("no room", TimestampMs(2_500));
        drop((ended, third));
        let size = std::fs::metadata(folder.path().join(FILE)).unwrap().len();
        assert_eq!(size, 2001);
        // A crash clears nothing.
        std::mem::forget(running);
        let (queries, before) = ActiveQueries::open(folder.path(), 1).unwrap();
        assert_eq!(before, [r#"{"query":"sum(\"é\")","timestamp_sec":2}"#]);
        drop(queries.begin("up", TimestampMs(0)));
        let (_, before) = ActiveQueries::open(folder.path(), 1).unwrap();
        assert!(before.is_empty());
    }

    #[test]
    fn a_long_query_is_cut_between_characters() {
        for character in ["é", "\"", "\u{1}", "x"] {
            let slot = entry(&character.repeat(5000), TimestampMs(0));
            assert_eq!(slot[SLOT_BYTES - 1], b',');
            let text = &unfinished(&[&b"["[..], &slot].concat())[0];
            let object: serde_json::Value = serde_json::from_str(text).unwrap();
            let query = object["query"].as_str().unwrap();
            assert!(
                query.len() > 150 && query.replace(character, "").is_empty(),
                "{text}"
            );
        }
    }
}
