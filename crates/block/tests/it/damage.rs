//! Flipped, cut, swapped: an error or no harm, never a panic, never a wrong sample.

use crate::fixture::*;
use block::{BlockStore, Control, StoreOptions};
use model::TimeRange;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use vfs::MemDisk;

type Image = BTreeMap<PathBuf, Vec<u8>>;

/// Two blocks, one of them with tombstones, and what they hold.
fn small() -> (Image, Content) {
    let disk = MemDisk::default();
    let store = open(&disk);
    add(&store, &disk, 1, &mixed(0, 1.0));
    add(&store, &disk, 2, &mixed(7_200_000, 2.0));
    store.delete(&[select("counter")], TimeRange::ALL).unwrap();
    let content = content(&store);
    assert!(content.len() == 5);
    (disk.image(), content)
}

/// Opens and reads; a sample that comes out must be in `truth`.
#[track_caller]
fn check(image: Image, truth: &Content, what: &str) {
    let disk = MemDisk::from_image(image);
    let Ok(store) = BlockStore::open(&vfs(&disk), Path::new("data"), StoreOptions::default())
    else {
        return;
    };
    let snapshot = store.snapshot();
    let mut seen = Content::new();
    for block in snapshot.iter() {
        let mut found = Content::new();
        let _ = read_block(block, TimeRange::ALL, &mut found);
        for (series, samples) in found {
            for (time, sample) in samples {
                let wanted = truth.get(&series).and_then(|samples| samples.get(&time));
                assert_eq!(Some(&sample), wanted, "{what}: {series} at {time}");
                seen.entry(series.clone()).or_default().insert(time, sample);
            }
        }
        let _ = block.verify();
    }
    let report = store.open_report();
    let told = report.failed.len() + report.missing.len() + usize::from(report.manifest_damaged);
    let is_told = told > 0 || store.counts().corruptions > 0;
    // A manifest that ends early is that of a moment before: its later blocks are in the log still.
    let is_earlier = what.contains("manifest cut");
    assert!(
        is_told || is_earlier || seen == *truth,
        "{what}: lost and not told"
    );
    // A second start finds its way too.
    drop((snapshot, store));
    BlockStore::open(&vfs(&disk), Path::new("data"), StoreOptions::default()).unwrap();
}

#[test]
fn any_flipped_bit_of_any_file_is_noticed_or_harmless() {
    let (image, truth) = small();
    for (path, bytes) in &image {
        for bit in 0..bytes.len() * 8 {
            let mut bad = image.clone();
            bad.get_mut(path).unwrap()[bit / 8] ^= 1 << (bit % 8);
            check(bad, &truth, &format!("{} bit {bit}", path.display()));
        }
    }
}

#[test]
fn any_file_cut_anywhere_or_gone_is_noticed_or_harmless() {
    let (image, truth) = small();
    for (path, bytes) in &image {
        for cut in 0..bytes.len() {
            let mut bad = image.clone();
            bad.get_mut(path).unwrap().truncate(cut);
            check(bad, &truth, &format!("{} cut {cut}", path.display()));
        }
        let mut bad = image.clone();
        bad.remove(path);
        // Without the file nobody knows of the deleted series.
        if !path.ends_with("tombstones") {
            check(bad, &truth, &format!("{} gone", path.display()));
        }
    }
}

#[test]
fn a_file_of_another_block_is_noticed() {
    let disk = MemDisk::default();
    let store = open(&disk);
    add(&store, &disk, 1, &mixed(0, 1.0));
    add(&store, &disk, 2, &mixed(7_200_000, 2.0)[..4]);
    store.delete(&[select("constant")], TimeRange::ALL).unwrap();
    let (image, truth) = (disk.image(), content(&store));
    for name in ["data", "index", "meta.json", "tombstones"] {
        let mut bad = image.clone();
        bad.insert(folder(1).join(name), image[&folder(2).join(name)].clone());
        let disk = MemDisk::from_image(bad.clone());
        let store = open(&disk);
        let noticed = store.snapshot().len() == 1
            || store.snapshot().iter().any(|block| block.verify().is_err());
        assert!(noticed, "{name}");
        check(bad, &truth, name);
    }
}

#[test]
fn a_damaged_manifest_costs_no_block() {
    let (image, truth) = small();
    let path = PathBuf::from("data/manifest");
    for bit in 0..image[&path].len() * 8 {
        let mut bad = image.clone();
        bad.get_mut(&path).unwrap()[bit / 8] ^= 1 << (bit % 8);
        let disk = MemDisk::from_image(bad);
        for start in 0..2 {
            let store = open(&disk);
            assert_eq!(content(&store), truth, "bit {bit} start {start}");
            assert_eq!(store.open_report().manifest_damaged, start == 0);
        }
    }
}

fn many(n: i64) -> Vec<(model::Labels, storage::Column)> {
    (0..n)
        .map(|i| {
            (
                labels("m", &format!("{i:04}")),
                column((0..50).map(|t| (t * 1000, (t * i) as f64 * 0.37))),
            )
        })
        .collect()
}

#[test]
fn a_damaged_page_costs_its_own_series_in_reads_and_in_compaction() {
    let disk = MemDisk::default();
    let store = open(&disk);
    add(&store, &disk, 1, &many(1000));
    let truth = content(&store);
    drop(store);
    let mut image = disk.image();
    let data = image.get_mut(&folder(1).join("data")).unwrap();
    let middle = data.len() / 2;
    data[middle] ^= 4;
    let disk = MemDisk::from_image(image);
    let store = open(&disk);
    let block = store.snapshot()[0].clone();
    let mut reader = block.reader();
    let mut readable = 0;
    for ordinal in 0..1000 {
        let mut column = storage::Column::default();
        match reader.read(ordinal, TimeRange::ALL, &mut column) {
            Ok(_) => readable += 1,
            Err(error) => {
                assert!(
                    error.to_string().contains("data: corrupted at offset"),
                    "{error}"
                );
                assert!(column.is_empty());
            }
        }
    }
    assert!(readable > 500 && readable < 1000, "{readable}");
    assert!(store.counts().corruptions > 0);
    let verification = block.verify().unwrap();
    assert_eq!(verification.loss.pages, 1);
    assert_eq!(verification.samples, readable * 50);

    let done = store.compact(&plan(&[1]), id(2), &|| Control::Go).unwrap();
    assert_eq!(done.loss, verification.loss);
    assert_eq!(store.counts().samples_lost, (1000 - readable) * 50);
    let after = content(&store);
    assert_eq!(after.len() as u64, readable);
    assert!(
        after
            .iter()
            .all(|(series, samples)| truth[series] == *samples)
    );
    drop((block, reader));
    let aside = folder(1).with_extension("damaged").join("data");
    assert!(
        disk.image().contains_key(&aside),
        "the damaged block is kept"
    );
    drop(store);
    let store = open(&disk);
    assert_eq!(content(&store), after);
    assert!(disk.image().contains_key(&aside));
}

#[test]
fn a_block_whose_index_is_damaged_is_not_planned_again() {
    let disk = MemDisk::default();
    let store = open(&disk);
    add(&store, &disk, 1, &many(10));
    drop(store);
    let mut image = disk.image();
    image.get_mut(&folder(1).join("index")).unwrap()[30] ^= 1;
    let disk = MemDisk::from_image(image);
    let store = open(&disk);
    let plan = store.plan(i64::MAX / 2).unwrap();
    assert!(
        store
            .compact(&plan, id(2), &|| Control::Go)
            .unwrap_err()
            .is_damage()
    );
    assert_eq!(store.plan(i64::MAX / 2), None);
    assert_eq!(
        (store.snapshot().len(), store.counts().blocks_excluded),
        (1, 1)
    );
}

#[test]
fn a_block_that_cannot_be_opened_is_kept_and_reported() {
    let (mut image, _) = small();
    image.get_mut(&folder(1).join("meta.json")).unwrap()[3] ^= 1;
    let disk = MemDisk::from_image(image);
    for _ in 0..2 {
        let store = open(&disk);
        assert_eq!(store.open_report().failed[0].0, id(1));
        assert_eq!(store.snapshot().len(), 1);
    }
    assert!(disk.image().contains_key(&folder(1).join("data")));
}
