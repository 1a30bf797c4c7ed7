//! Full disks, failing operations, power cuts at every operation: the old set of blocks or the new one.

use crate::fixture::*;
use block::{BlockStore, Control, Result, StoreOptions};
use model::TimeRange;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use vfs::{Fault, Loss, MemDisk, Vfs};

fn try_open(disk: &MemDisk) -> Result<BlockStore> {
    BlockStore::open(&vfs(disk), Path::new("data"), StoreOptions::default())
}

/// A disk with two blocks.
fn base() -> MemDisk {
    static IMAGE: OnceLock<BTreeMap<PathBuf, Vec<u8>>> = OnceLock::new();
    let image = IMAGE.get_or_init(|| {
        let disk = MemDisk::default();
        let store = open(&disk);
        add(&store, &disk, 1, &mixed(0, 1.0));
        add(&store, &disk, 2, &mixed(60_000, 2.0));
        disk.image()
    });
    MemDisk::from_image(image.clone())
}

type Work = fn(&MemDisk) -> Result<()>;

fn seal(disk: &MemDisk) -> Result<()> {
    let store = try_open(disk)?;
    let meta = write(disk, 3, &mixed(7_200_000, 3.0))?;
    store.commit(meta.as_slice(), &[], Some(9))
}

fn compact(disk: &MemDisk) -> Result<()> {
    let store = try_open(disk)?;
    store
        .compact(&plan(&[1, 2]), id(4), &|| Control::Go)
        .map(|_| ())
}

fn delete(disk: &MemDisk) -> Result<()> {
    let store = try_open(disk)?;
    store.delete(&[select("counter")], TimeRange::ALL)
}

fn retain(disk: &MemDisk) -> Result<()> {
    let store = try_open(disk)?;
    store.commit(&[], &[id(1)], None)
}

/// What can be read after a fresh start, and where the log begins.
fn state(disk: &MemDisk) -> (Content, u64) {
    let store = open(disk);
    assert!(store.open_report().failed.is_empty());
    assert!(store.open_report().missing.is_empty());
    assert!(!store.open_report().manifest_damaged);
    let state = (content(&store), store.wal_start());
    let listed = disk.list_folders(Path::new("data/blocks")).unwrap();
    assert_eq!(
        listed.len(),
        store.snapshot().len(),
        "remains are swept: {listed:?}"
    );
    state
}

/// The states before and after each step of `work` that may be seen.
fn states(work: Work) -> Vec<(Content, u64)> {
    let disk = base();
    let mut states = vec![state(&disk)];
    work(&disk).unwrap();
    states.push(state(&disk));
    states
}

fn each_work(mut check: impl FnMut(&str, Work, &[(Content, u64)])) {
    let all: [(&str, Work); 4] = [
        ("seal", seal),
        ("compact", compact),
        ("delete", delete),
        ("retain", retain),
    ];
    for (name, work) in all {
        let mut states = states(work);
        if name == "delete" {
            // Each block by itself is masked in one step, whether or not the other one was.
            let whole = base();
            delete(&whole).unwrap();
            for number in [1, 2] {
                let path = folder(number).join("tombstones");
                let mut half = base().image();
                half.insert(path.clone(), whole.image()[&path].clone());
                states.push(state(&MemDisk::from_image(half)));
            }
        }
        check(name, work, &states);
    }
}

#[test]
fn after_a_power_cut_at_any_operation_there_is_the_old_state_or_the_new() {
    each_work(|name, work, states| {
        let disk = base();
        let before = disk.operations();
        work(&disk).unwrap();
        let n = disk.operations() - before;
        assert!(n > 3);
        for operation in 0..=n {
            for loss in Loss::ALL {
                let disk = base();
                disk.set_fault(Fault::DeadAfter(operation));
                let done = work(&disk);
                assert!(operation == n || done.is_err() || name != "seal");
                disk.crash_with(loss);
                let found = state(&disk);
                assert!(
                    states.contains(&found),
                    "{name} cut at {operation}, {loss:?}"
                );
                if done.is_ok() && name != "delete" {
                    assert_eq!(
                        found, states[1],
                        "{name} cut at {operation}, {loss:?}: was acknowledged"
                    );
                }
                // And again: what recovery did is durable or can be repeated.
                disk.crash_with(loss);
                assert_eq!(state(&disk), found);
            }
        }
    });
}

#[test]
fn after_an_operation_that_fails_the_state_is_whole_and_the_work_can_be_done_again() {
    each_work(|name, work, states| {
        let disk = base();
        let before = disk.operations();
        work(&disk).unwrap();
        let n = disk.operations() - before;
        for operation in 0..n {
            let disk = base();
            disk.set_fault(Fault::FailsOnceAfter(operation));
            let done = work(&disk);
            disk.set_fault(Fault::None);
            let found = state(&disk);
            assert!(states.contains(&found), "{name} failed at {operation}");
            if found != states[1] {
                assert!(done.is_err());
                work(&disk).unwrap();
                assert_eq!(state(&disk), states[1], "{name} again after {operation}");
            }
        }
    });
}

#[test]
fn a_disk_full_at_any_byte_leaves_the_old_state_whole() {
    each_work(|name, work, states| {
        for room in 0.. {
            let disk = base();
            disk.set_fault(Fault::FullAfter(room));
            let done = work(&disk);
            disk.set_fault(Fault::None);
            let found = state(&disk);
            if done.is_ok() {
                assert_eq!(found, states[1]);
                assert!(room > 10);
                break;
            }
            assert!(
                found == states[0] || name == "delete" && states.contains(&found),
                "{name}, room for {room}"
            );
            let left: Vec<_> = disk
                .image()
                .into_keys()
                .filter(|path| path.to_string_lossy().contains("tmp"))
                .collect();
            assert!(
                left.is_empty() || name == "delete",
                "{name}, room for {room}: {left:?}"
            );
        }
    });
}

#[test]
fn a_running_store_goes_on_after_failures_at_every_operation() {
    // All in one life of the store: whatever fails, the next try works and nothing is lost.
    let count = {
        let disk = base();
        let store = open(&disk);
        let before = disk.operations();
        store
            .compact(&plan(&[1, 2]), id(4), &|| Control::Go)
            .unwrap();
        disk.operations() - before
    };
    for operation in 0..count {
        let disk = base();
        let store = open(&disk);
        let truth = content(&store);
        disk.set_fault(Fault::FailsOnceAfter(operation));
        let failed = store.compact(&plan(&[1, 2]), id(4), &|| Control::Go);
        disk.set_fault(Fault::None);
        assert_eq!(content(&store), truth, "failed at {operation}");
        if failed.is_err() {
            store
                .compact(&plan(&[1, 2]), id(5), &|| Control::Go)
                .unwrap();
        }
        assert_eq!(content(&store), truth, "again after {operation}");
        drop(store);
        disk.crash();
        assert_eq!(state(&disk).0, truth, "after {operation} and a power cut");
    }
}
