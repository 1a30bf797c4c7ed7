//! What a store keeps, drops and copies.

use crate::fixture::*;
use block::{BlockStore, Retention, StoreOptions};
use model::TimeRange;
use std::path::Path;
use vfs::{Disk, MemDisk, Vfs};

#[test]
fn a_removed_block_leaves_the_disk_with_its_last_reader() {
    let disk = MemDisk::default();
    let store = open(&disk);
    add(&store, &disk, 1, &mixed(0, 1.0));
    let snapshot = store.snapshot();
    let truth = content(&store);
    store.commit(&[], &[id(1)], None).unwrap();
    assert!(store.snapshot().is_empty());
    let mut found = Content::new();
    read_block(&snapshot[0], TimeRange::ALL, &mut found).unwrap();
    assert_eq!(found, truth, "who holds it can read it, index included");
    let reader = snapshot[0].reader();
    drop(snapshot);
    assert!(disk.image().contains_key(&folder(1).join("data")));
    drop(reader);
    assert!(!disk.image().contains_key(&folder(1).join("data")));
}

#[test]
fn the_oldest_blocks_go_by_time_and_by_bytes_with_the_log_counted() {
    let disk = MemDisk::default();
    let store = open(&disk);
    for (number, start) in (1..=5).zip((0..).step_by(7_200_000)) {
        add(&store, &disk, number, &mixed(start, 1.0));
    }
    let ends: Vec<i64> = store
        .snapshot()
        .iter()
        .map(|block| block.meta().max_time)
        .collect();
    let one = store.bytes() / 5;
    let gone = |retention: Retention| {
        let mut gone = store.apply_retention(retention).unwrap();
        gone.sort();
        gone
    };
    assert_eq!(gone(Retention::default()), []);
    let by_time = Retention {
        cutoff: Some(ends[0]),
        ..Retention::default()
    };
    assert_eq!(gone(by_time), [id(1)]);
    let by_size = Retention {
        max_bytes: Some(one * 4),
        other_bytes: one + one / 2,
        ..Retention::default()
    };
    assert_eq!(gone(by_size), [id(2), id(3)]);
    let counts = store.counts();
    assert_eq!((counts.time_retentions, counts.size_retentions), (1, 1));
    assert_eq!(store.snapshot().len(), 2);
    assert_eq!(open(&disk).snapshot().len(), 2);
}

#[test]
fn a_copy_is_a_data_folder_of_its_own() {
    let disk = MemDisk::default();
    let store = open(&disk);
    add(&store, &disk, 1, &mixed(0, 1.0));
    add(&store, &disk, 2, &mixed(7_200_000, 1.0));
    store.delete(&[select("special")], TimeRange::ALL).unwrap();
    let truth = content(&store);
    store.copy_to(Path::new("data/snapshots/one")).unwrap();
    store.delete(&[select("counter")], TimeRange::ALL).unwrap();
    store.commit(&[], &[id(1)], Some(3)).unwrap();
    let copy = BlockStore::open(
        &vfs(&disk),
        Path::new("data/snapshots/one"),
        StoreOptions::default(),
    )
    .unwrap();
    assert_eq!(content(&copy), truth);
    assert_eq!(copy.wal_start(), 0);
}

#[test]
fn the_start_of_the_log_moves_with_the_blocks_and_never_back() {
    let disk = MemDisk::default();
    let store = open(&disk);
    let meta = write(&disk, 1, &mixed(0, 1.0)).unwrap();
    store.commit(meta.as_slice(), &[], Some(12)).unwrap();
    store.commit(&[], &[], Some(4)).unwrap();
    assert_eq!(store.wal_start(), 12);
    drop(store);
    assert_eq!(open(&disk).wal_start(), 12);
}

#[test]
fn indexes_beyond_the_budget_and_idle_ones_leave_memory() {
    let disk = MemDisk::default();
    let options = StoreOptions {
        index_cache_bytes: 1,
        ..StoreOptions::default()
    };
    let store = BlockStore::open(&vfs(&disk), Path::new("data"), options).unwrap();
    add(&store, &disk, 1, &mixed(0, 1.0));
    add(&store, &disk, 2, &mixed(7_200_000, 1.0));
    assert_eq!(
        store.counts().index_bytes,
        0,
        "nothing is loaded before it is asked for"
    );
    let one = store.snapshot()[0].index().unwrap().heap_bytes() as u64;
    store.snapshot()[1].index().unwrap();
    assert!(store.counts().index_bytes <= one + one / 2);
    store.drop_idle_indexes();
    store.drop_idle_indexes();
    assert_eq!(store.counts().index_bytes, 0);
}

#[test]
fn everything_works_on_the_real_file_system_too() {
    let top = tempfile::tempdir().unwrap();
    let disk: std::sync::Arc<dyn Vfs> = std::sync::Arc::new(Disk);
    let memory = MemDisk::default();
    open(&memory);
    write(&memory, 1, &mixed(0, 1.0)).unwrap();
    write(&memory, 2, &mixed(60_000, 2.0)).unwrap();
    let store = BlockStore::open(&disk, top.path(), StoreOptions::default()).unwrap();
    let mut metas = Vec::new();
    for number in 1..=2 {
        let to = store.blocks_folder().join(id(number).to_string());
        Disk.create_folder(&to).unwrap();
        for entry in memory.list(&folder(number)).unwrap() {
            let bytes = memory.read(&folder(number).join(&entry.name)).unwrap();
            Disk.append(&to.join(&entry.name))
                .unwrap()
                .write_all(&bytes)
                .unwrap();
        }
        metas.push(block::Block::open(&disk, &to).unwrap().meta().clone());
    }
    store.commit(&metas, &[], None).unwrap();
    let truth = content(&store);
    store
        .compact(&plan(&[1, 2]), id(3), &|| block::Control::Go)
        .unwrap();
    store.copy_to(&top.path().join("copy")).unwrap();
    assert_eq!(content(&store), truth);
    drop(store);
    for folder in [top.path().to_path_buf(), top.path().join("copy")] {
        let store = BlockStore::open(&disk, &folder, StoreOptions::default()).unwrap();
        assert_eq!(content(&store), truth);
        assert_eq!(Disk.list_folders(store.blocks_folder()).unwrap().len(), 1);
    }
}
