//! The list of blocks that count, and where the log begins that they do not cover
//! (`docs/format/manifest.md`).

use crate::{Error, Result, Ulid};
use columns::{Reader, put_unsigned};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vfs::{AppendFile, Vfs};

/// Name of the file.
pub(crate) const FILE: &str = "manifest";
const TEMPORARY: &str = "manifest.tmp";
const DAMAGED: &str = "manifest.damaged";
const MAGIC: &[u8; 6] = b"WFMAN\0";
const VERSION: u16 = 1;
/// Magic 6, version 2, crc 4.
const HEADER_BYTES: usize = 12;
/// Sequence 4, length 4, crc of both 4, crc of sequence and payload 4.
const RECORD_HEADER_BYTES: usize = 16;
/// The file is written anew when it has so many records.
const MAX_RECORDS: u32 = 512;

/// One change, whole or not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) add: Vec<Ulid>,
    pub(crate) remove: Vec<Ulid>,
    pub(crate) wal_start: Option<u64>,
}

/// What the changes so far add up to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) live: BTreeSet<Ulid>,
    /// Removed, but the folder may still be there.
    pub(crate) removed: BTreeSet<Ulid>,
    pub(crate) wal_start: u64,
}

impl Listed {
    fn apply(&mut self, change: &Change) {
        for id in &change.add {
            self.live.insert(*id);
            self.removed.remove(id);
        }
        for id in &change.remove {
            self.live.remove(id);
            self.removed.insert(*id);
        }
        self.wal_start = self.wal_start.max(change.wal_start.unwrap_or(0));
    }
}

/// What was found in the file.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) listed: Listed,
    /// There is a file.
    pub(crate) exists: bool,
    /// Something in it is not what was written: changes may be missing.
    pub(crate) is_damaged: bool,
    n_records: u32,
    /// Length of the good part.
    length: u64,
    /// Length of the file.
    size: u64,
}

/// A commit that failed.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) error: Error,
    /// Nobody knows what the next start will find: blocks of both states must stay.
    pub(crate) is_uncertain: bool,
}

/// The open file.
pub(crate) struct Manifest {
    vfs: Arc<dyn Vfs>,
    folder: PathBuf,
    listed: Listed,
    file: Option<Box<dyn AppendFile>>,
    n_records: u32,
    length: u64,
    /// Blocks of commits after which nobody knows what the next start will find.
    uncertain: BTreeSet<Ulid>,
}

impl std::fmt::Debug for Manifest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Manifest")
            .field("listed", &self.listed)
            .finish_non_exhaustive()
    }
}

/// Reads the manifest of `folder`.
pub(crate) fn find(vfs: &dyn Vfs, folder: &Path) -> Result<Found> {
    let path = folder.join(FILE);
    match vfs.read(&path) {
        Ok(bytes) => decode(&bytes, &path),
        Err(error) if error.source.kind() == std::io::ErrorKind::NotFound => Ok(Found::default()),
        Err(error) => Err(error.into()),
    }
}

impl Manifest {
    /// Goes on behind what was found; `listed` is what the caller made of it.
    pub(crate) fn open(
        vfs: &Arc<dyn Vfs>,
        folder: &Path,
        found: &Found,
        listed: Listed,
    ) -> Result<Self> {
        let mut manifest = Self {
            vfs: Arc::clone(vfs),
            folder: folder.to_path_buf(),
            file: None,
            n_records: found.n_records,
            length: found.length,
            listed,
            uncertain: BTreeSet::new(),
        };
        let path = manifest.path();
        if found.is_damaged && found.exists {
            let aside = folder.join(DAMAGED);
            let _ = vfs.remove(&aside);
            vfs.link(&path, &aside)?;
        }
        if found.is_damaged || !found.exists || manifest.listed != found.listed {
            let listed = manifest.listed.clone();
            manifest.rewrite(listed).map_err(|failed| failed.error)?;
        } else {
            if found.length < found.size {
                vfs.truncate(&path, found.length)?;
            }
            manifest.file = Some(vfs.append(&path)?);
        }
        Ok(manifest)
    }

    pub(crate) fn listed(&self) -> &Listed {
        &self.listed
    }

    fn path(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// Makes `change` durable.
    pub(crate) fn commit(&mut self, change: &Change) -> Result<(), Failed> {
        let mut listed = self.listed.clone();
        listed.apply(change);
        match self.file.take() {
            Some(file) if self.n_records < MAX_RECORDS => self.append(file, change, listed),
            _ => self.rewrite(listed),
        }
        .inspect_err(|failed| {
            if failed.is_uncertain {
                self.uncertain.extend(&change.add);
            }
        })
    }

    /// Whether the file names the block, or would if the power went now.
    pub(crate) fn may_name(&self, id: Ulid) -> bool {
        self.listed.live.contains(&id) || self.uncertain.contains(&id)
    }

    fn append(
        &mut self,
        mut file: Box<dyn AppendFile>,
        change: &Change,
        listed: Listed,
    ) -> Result<(), Failed> {
        let record = encode_record(self.n_records, change);
        let written = file.write_all(&record).and_then(|()| file.syncer().sync());
        if let Err(error) = written {
            // The file handle is not used again: after a failed sync nobody knows what it would say. The
            // next commit writes a new file.
            let cut = self.vfs.truncate(&self.path(), self.length);
            return Err(Failed {
                error: error.into(),
                is_uncertain: cut.is_err(),
            });
        }
        self.n_records += 1;
        self.length += record.len() as u64;
        self.file = Some(file);
        self.listed = listed;
        Ok(())
    }

    /// Writes a new file that says `listed` in one record, in place of the old one.
    fn rewrite(&mut self, mut listed: Listed) -> Result<(), Failed> {
        let certain = |error: vfs::Error| Failed {
            error: error.into(),
            is_uncertain: false,
        };
        // Removed blocks are named as long as their folder is there, so that a start can tell it from one
        // that the manifest lost.
        let folders = self
            .vfs
            .list_folders(&self.folder.join(crate::store::BLOCKS))
            .map_err(certain)?;
        let present: BTreeSet<Ulid> = folders
            .iter()
            .filter_map(|name| name.parse().ok())
            .collect();
        listed.removed.retain(|id| present.contains(id));
        let change = Change {
            add: listed.live.iter().copied().collect(),
            remove: listed.removed.iter().copied().collect(),
            wal_start: Some(listed.wal_start),
        };
        let mut bytes = header();
        bytes.extend_from_slice(&encode_record(0, &change));
        let temporary = self.folder.join(TEMPORARY);
        let _ = self.vfs.remove(&temporary);
        let written = self.vfs.append(&temporary).and_then(|mut file| {
            file.write_all(&bytes)?;
            file.syncer().sync()
        });
        written.map_err(certain)?;
        self.vfs.rename(&temporary, &self.path()).map_err(certain)?;
        self.vfs.sync_folder(&self.folder).map_err(|error| Failed {
            error: error.into(),
            is_uncertain: true,
        })?;
        self.listed = listed;
        self.uncertain.clear();
        self.n_records = 1;
        self.length = bytes.len() as u64;
        // Without a handle the next commit writes a new file again.
        self.file = self.vfs.append(&self.path()).ok();
        Ok(())
    }
}

fn header() -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_le_bytes());
    bytes
}

fn encode_record(sequence: u32, change: &Change) -> Vec<u8> {
    let mut payload = Vec::new();
    for list in [&change.add, &change.remove] {
        put_unsigned(list.len() as u64, &mut payload);
        for id in list {
            payload.extend_from_slice(&id.to_bytes());
        }
    }
    put_unsigned(
        change.wal_start.map_or(0, |start| start.saturating_add(1)),
        &mut payload,
    );
    let mut out = sequence.to_le_bytes().to_vec();
    out.extend_from_slice(
        &u32::try_from(payload.len())
            .unwrap_or(u32::MAX)
            .to_le_bytes(),
    );
    out.extend_from_slice(&crc32c::crc32c(&out).to_le_bytes());
    let crc = crc32c::crc32c_append(crc32c::crc32c(&sequence.to_le_bytes()), &payload);
    out.extend_from_slice(&crc.to_le_bytes());
    out.extend_from_slice(&payload);
    out
}

/// What stands at one place of the file.
enum Place {
    Record {
        change: Change,
        next: usize,
        sequence: u32,
    },
    /// The file ends inside a record.
    Torn,
    Damage,
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let word = bytes.get(at..at + 4).and_then(|word| word.try_into().ok());
    u32::from_le_bytes(word.unwrap_or_default())
}

fn place(bytes: &[u8], at: usize) -> Place {
    let rest = bytes.get(at..).unwrap_or_default();
    let Some(head) = rest.get(..RECORD_HEADER_BYTES) else {
        return Place::Torn;
    };
    if crc32c::crc32c(head.get(..8).unwrap_or_default()) != word(head, 8) {
        let is_hole = rest.iter().all(|byte| *byte == 0);
        return if is_hole { Place::Torn } else { Place::Damage };
    }
    let end = RECORD_HEADER_BYTES + word(head, 4) as usize;
    let Some(payload) = rest.get(RECORD_HEADER_BYTES..end) else {
        return Place::Torn;
    };
    let crc = crc32c::crc32c_append(crc32c::crc32c(head.get(..4).unwrap_or_default()), payload);
    match decode_change(payload) {
        Some(change) if crc == word(head, 12) => Place::Record {
            change,
            next: at + end,
            sequence: word(head, 0),
        },
        _ => Place::Damage,
    }
}

fn decode_change(payload: &[u8]) -> Option<Change> {
    let mut reader = Reader::new(payload);
    let mut ids = || -> Option<Vec<Ulid>> {
        let mut list = Vec::new();
        for _ in 0..reader.unsigned().ok()? {
            let bytes = reader.bytes(16).ok()?.try_into().ok()?;
            list.push(Ulid::from_u128(u128::from_le_bytes(bytes)));
        }
        Some(list)
    };
    let (add, remove) = (ids()?, ids()?);
    let wal_start = reader.unsigned().ok()?.checked_sub(1);
    reader.rest().is_empty().then_some(Change {
        add,
        remove,
        wal_start,
    })
}

fn decode(bytes: &[u8], path: &Path) -> Result<Found> {
    let mut found = Found {
        exists: true,
        size: bytes.len() as u64,
        ..Found::default()
    };
    let head = bytes.get(..HEADER_BYTES);
    if head != Some(&header()) {
        let is_other = head.is_some_and(|head| {
            head.starts_with(MAGIC)
                && crc32c::crc32c(head.get(..8).unwrap_or_default()) == word(head, 8)
        });
        if is_other {
            let version = u16::try_from(word(bytes, 6) & 0xffff).unwrap_or(0);
            let path = path.to_path_buf();
            return Err(Error::Version { path, version });
        }
        found.is_damaged = true;
    }
    let mut at = HEADER_BYTES;
    found.length = at as u64;
    while at < bytes.len() {
        match place(bytes, at) {
            Place::Record {
                change,
                next,
                sequence,
            } => {
                // A gap in the numbers: records between were lost.
                found.is_damaged |= sequence != found.n_records;
                found.n_records = sequence.saturating_add(1);
                found.listed.apply(&change);
                at = next;
                found.length = at as u64;
            }
            Place::Torn if !found.is_damaged => break,
            // Behind damage every place may be the next record.
            Place::Torn | Place::Damage => {
                found.is_damaged = true;
                at += 1;
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vfs::{Fault, MemDisk};

    fn ids(numbers: &[u128]) -> Vec<Ulid> {
        numbers
            .iter()
            .map(|number| Ulid::from_u128(*number))
            .collect()
    }

    fn change(add: &[u128], remove: &[u128], wal_start: Option<u64>) -> Change {
        Change {
            add: ids(add),
            remove: ids(remove),
            wal_start,
        }
    }

    fn small() -> (MemDisk, Manifest, Vec<Listed>) {
        let disk = MemDisk::default();
        disk.create_folder(Path::new("d/blocks")).unwrap();
        let vfs: Arc<dyn Vfs> = Arc::new(disk.clone());
        let found = find(&disk, Path::new("d")).unwrap();
        let mut manifest = Manifest::open(&vfs, Path::new("d"), &found, Listed::default()).unwrap();
        let mut states = vec![manifest.listed().clone()];
        for change in [
            change(&[1, 2], &[], Some(5)),
            change(&[3], &[1, 2], None),
            change(&[4], &[], Some(9)),
        ] {
            manifest.commit(&change).unwrap();
            states.push(manifest.listed().clone());
        }
        (disk, manifest, states)
    }

    #[test]
    fn commits_come_back_and_a_cut_file_is_one_of_the_states() {
        let (disk, _, states) = small();
        let bytes = disk.read(Path::new("d/manifest")).unwrap();
        for cut in 0..=bytes.len() {
            let found = decode(&bytes[..cut], Path::new("m")).unwrap();
            assert!(states.contains(&found.listed), "cut {cut}");
            assert_eq!(found.is_damaged, cut < HEADER_BYTES, "cut {cut}");
        }
        let found = decode(&bytes, Path::new("m")).unwrap();
        assert_eq!(Some(&found.listed), states.last());
    }

    #[test]
    fn any_flipped_bit_is_noticed() {
        let (disk, _, _) = small();
        let bytes = disk.read(Path::new("d/manifest")).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut bad = bytes.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            let found = decode(&bad, Path::new("m"));
            assert!(found.map_or(true, |found| found.is_damaged), "bit {bit}");
        }
    }

    #[test]
    fn a_failed_commit_leaves_the_old_state_and_the_next_one_works() {
        for fault in (0..3)
            .map(Fault::FailsOnceAfter)
            .chain((0..40).map(Fault::FullAfter))
        {
            let (disk, mut manifest, states) = small();
            disk.set_fault(fault);
            let failed = manifest.commit(&change(&[7], &[3], None));
            disk.set_fault(Fault::None);
            let after = find(&disk, Path::new("d")).unwrap();
            assert!(!after.is_damaged, "{fault:?}");
            if let Err(failed) = failed {
                assert!(!failed.is_uncertain);
                assert_eq!(Some(&after.listed), states.last(), "{fault:?}");
                manifest.commit(&change(&[7], &[3], None)).unwrap();
            }
            let after = find(&disk, Path::new("d")).unwrap();
            assert_eq!(&after.listed.live, &manifest.listed().live);
            assert!(after.listed.live.contains(&Ulid::from_u128(7)));
        }
    }

    #[test]
    fn a_long_file_is_written_anew() {
        let (disk, mut manifest, _) = small();
        for number in 10..10 + u128::from(MAX_RECORDS) * 2 {
            manifest
                .commit(&change(&[number], &[number - 1], None))
                .unwrap();
        }
        let found = find(&disk, Path::new("d")).unwrap();
        assert!(found.n_records <= MAX_RECORDS && found.size < 100_000);
        assert_eq!(found.listed.live, manifest.listed().live);
        assert_eq!(found.listed.wal_start, 9);
    }
}
