//! Blocks that older versions wrote stay readable: `testdata/v1` is never made anew.

use crate::fixture::*;
use block::{BlockStore, StoreOptions};
use model::TimeRange;
use std::path::{Path, PathBuf};
use vfs::{Disk, MemDisk, Vfs};

fn frozen() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/v1")
}

/// What was written, when it was written.
fn make() -> MemDisk {
    let disk = MemDisk::default();
    let store = open(&disk);
    let mut series = mixed(1_700_000_000_000, 42.0);
    series.push((
        labels("long", "a"),
        column((0..5000).map(|i| (1_700_000_000_000 + i * 15_000, (i / 100) as f64))),
    ));
    let meta = write(&disk, 1, &series).unwrap();
    store.commit(meta.as_slice(), &[], Some(3)).unwrap();
    add(&store, &disk, 2, &mixed(1_700_000_060_000, 43.0));
    store.delete(&[select("counter")], TimeRange::ALL).unwrap();
    disk
}

#[test]
fn the_first_version_opens_and_says_the_same() {
    // A copy in memory: opening a store may write.
    let mut image = std::collections::BTreeMap::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for name in Disk.list_folders(&frozen().join(&folder)).unwrap() {
            folders.push(folder.join(name));
        }
        for entry in Disk.list(&frozen().join(&folder)).unwrap() {
            let path = folder.join(entry.name);
            image.insert(
                Path::new("data").join(&path),
                Disk.read(&frozen().join(&path)).unwrap(),
            );
        }
    }
    let disk = MemDisk::from_image(image);
    let store = BlockStore::open(&vfs(&disk), Path::new("data"), StoreOptions::default()).unwrap();
    assert_eq!(store.snapshot().len(), 2);
    assert_eq!(store.wal_start(), 3);
    assert_eq!(content(&store), content(&open(&make())));
    for block in store.snapshot().iter() {
        assert!(!block.verify().unwrap().loss.is_some());
    }
}

#[test]
#[ignore = "writes testdata/v1, once for each version of the format"]
fn write_the_frozen_blocks() {
    assert!(!frozen().exists(), "a version is written once");
    for (path, bytes) in make().image() {
        let to = frozen().join(path.strip_prefix("data").unwrap());
        Disk.create_folder(to.parent().unwrap()).unwrap();
        let mut file = Disk.append(&to).unwrap();
        file.write_all(&bytes).unwrap();
    }
}
