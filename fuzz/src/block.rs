//! Files of blocks.

use crate::columns::histogram;
use block::{Block, BlockStore, BlockWriter, Control, NewBlock, Plan, Reason, StoreOptions, Ulid};
use columns::{Effort, Reader, put_unsigned};
use model::{Matcher, TimeRange, TimestampMs};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use storage::{Column, Matchers};
use vfs::{MemDisk, Vfs};

const START: i64 = 1_700_000_000_000;
const SERIES: u32 = 7;

pub(crate) fn id() -> Ulid {
    Ulid::new(START as u64, 1)
}

pub(crate) fn folder() -> PathBuf {
    Path::new("data/blocks").join(id().to_string())
}

/// Bytes with their checksum behind them.
fn summed(offset: usize, bytes: &[u8]) -> Vec<u8> {
    [bytes, &sum(offset, bytes).to_le_bytes()].concat()
}

/// The checksum of what stands at `offset` of a file of the block.
fn sum(offset: usize, bytes: &[u8]) -> u32 {
    let name = crc32c::crc32c(&id().to_u128().to_le_bytes());
    let seed = crc32c::crc32c_append(name, &(offset as u64).to_le_bytes());
    crc32c::crc32c_append(seed, bytes)
}

/// A small valid block in its parts: one page, one page of timelines.
#[derive(Clone)]
struct Parts {
    page: Vec<u8>,
    timelines: Vec<u8>,
    /// Without the number of pages and the length of the page.
    directory: Vec<u8>,
    index: Vec<u8>,
    meta: Vec<u8>,
    tombstones: Option<Vec<u8>>,
}

fn samples(series: u32) -> Column {
    let mut column = Column::default();
    for step in 0..i64::from(20 + 3 * series) {
        let time = START + step * 15_000 + i64::from(series % 2 * 7);
        match series {
            0 => column.push(time, 5.0),
            1 => column.push(time, step as f64 * 0.25),
            2 => column.push(
                time,
                f64::from_bits((step as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            ),
            3 if step % 5 != 2 => column.push_histogram(time, Arc::new(histogram(step as f64))),
            _ => column.push(time, (step % 7) as f64 / 10.0),
        }
    }
    if series == 4 {
        column.starts = (0i64..)
            .take(column.len())
            .map(|step| START - step % 4)
            .collect();
    }
    column
}

fn valid() -> &'static (Parts, BTreeMap<PathBuf, Vec<u8>>) {
    static VALID: OnceLock<(Parts, BTreeMap<PathBuf, Vec<u8>>)> = OnceLock::new();
    VALID.get_or_init(|| {
        let disk = MemDisk::default();
        let vfs: Arc<dyn Vfs> = Arc::new(disk.clone());
        let new = NewBlock::sealed(id(), Effort::Small);
        let mut writer =
            BlockWriter::create(&vfs, Path::new("data/blocks"), new).expect("memory has room");
        for series in 0..SERIES {
            let number = series.to_string();
            let labels = [("__name__", "m"), ("n", number.as_str())];
            writer
                .series(&labels, &samples(series))
                .expect("memory has room");
        }
        writer.finish().expect("memory has room");
        let image = disk.image();
        let data = &image[&folder().join("data")];
        let footer = data.len() - 48;
        let at = u64::from_le_bytes(data[footer..footer + 8].try_into().expect("8 bytes")) as usize;
        let mut reader = Reader::new(&data[at..footer]);
        assert_eq!(reader.unsigned(), Ok(1), "one page");
        let page = reader.unsigned().expect("its length") as usize;
        let parts = Parts {
            page: data[28..28 + page - 4].to_vec(),
            timelines: data[28 + page..at - 4].to_vec(),
            directory: reader.rest().to_vec(),
            index: image[&folder().join("index")].clone(),
            meta: image[&folder().join("meta.json")].clone(),
            tombstones: None,
        };
        assert_eq!(
            parts.image(),
            image,
            "what is taken apart can be put together"
        );
        (parts, image)
    })
}

/// The files of a small valid block.
pub(crate) fn valid_image() -> BTreeMap<PathBuf, Vec<u8>> {
    valid().1.clone()
}

impl Parts {
    fn image(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut directory = Vec::new();
        put_unsigned(1, &mut directory);
        put_unsigned(self.page.len() as u64 + 4, &mut directory);
        directory.extend_from_slice(&self.directory);
        self.image_with(&directory)
    }

    fn image_with(&self, directory: &[u8]) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut data = b"WFBLK\0\x01\0".to_vec();
        data.extend_from_slice(&id().to_u128().to_le_bytes());
        data = summed(0, &data);
        for part in [&self.page, &self.timelines] {
            let page = summed(data.len(), part);
            data.extend_from_slice(&page);
        }
        let at = data.len();
        data.extend_from_slice(directory);
        let mut footer = (at as u64).to_le_bytes().to_vec();
        footer.extend_from_slice(&(directory.len() as u32).to_le_bytes());
        footer.extend_from_slice(&sum(at, directory).to_le_bytes());
        footer.extend_from_slice(&(self.meta.len() as u32).to_le_bytes());
        footer.extend_from_slice(&sum(0, &self.meta).to_le_bytes());
        footer.extend_from_slice(&(self.index.len() as u64).to_le_bytes());
        footer.extend_from_slice(&sum(0, &self.index).to_le_bytes());
        footer.extend_from_slice(b"\x01\0WFBLK\0");
        let footer = summed(data.len(), &footer);
        data.extend_from_slice(&footer);
        self.files(data)
    }

    fn files(&self, data: Vec<u8>) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut image = BTreeMap::new();
        image.insert(folder().join("data"), data);
        image.insert(folder().join("index"), self.index.clone());
        image.insert(folder().join("meta.json"), self.meta.clone());
        if let Some(tombstones) = &self.tombstones {
            image.insert(folder().join("tombstones"), tombstones.clone());
        }
        image
    }
}

fn parts() -> Parts {
    valid().0.clone()
}

/// Opens the block and reads all of it.
fn explore(image: BTreeMap<PathBuf, Vec<u8>>) -> Option<u64> {
    let vfs: Arc<dyn Vfs> = Arc::new(MemDisk::from_image(image));
    let block = Block::open(&vfs, &folder()).ok()?;
    let range = TimeRange::new(TimestampMs(START + 60_000), TimestampMs(START + 200_000));
    let mut column = Column::default();
    for range in [TimeRange::ALL, range] {
        let mut reader = block.reader();
        for ordinal in (0..=SERIES).rev() {
            column.clear();
            let read = reader.read(ordinal, range, &mut column);
            let n = column.times.len();
            assert_eq!(column.values.len(), n);
            assert!(column.histograms.is_empty() || column.histograms.len() == n);
            assert!(column.starts.is_empty() || column.starts.len() == n);
            if read.is_err() {
                break;
            }
        }
    }
    let _ = block.info();
    block.verify().ok().map(|verification| verification.samples)
}

/// As a store's only block: compacted, deleted from, opened again.
fn tend(image: BTreeMap<PathBuf, Vec<u8>>) {
    let vfs: Arc<dyn Vfs> = Arc::new(MemDisk::from_image(image));
    let open = || BlockStore::open(&vfs, Path::new("data"), StoreOptions::default());
    let Ok(store) = open() else {
        return;
    };
    let second = Ulid::new(START as u64, 2);
    let plan = Plan {
        inputs: vec![id()],
        reason: Reason::Tombstones,
    };
    let matchers = Matchers::compile(&[Matcher::metric("m")]).expect("valid");
    let range = TimeRange::new(TimestampMs(START), TimestampMs(START + 30_000));
    let _ = store.delete(&[matchers], range);
    if store.compact(&plan, second, &|| Control::Go).is_ok() {
        for block in store.snapshot().iter() {
            let verified = block.verify().expect("what was compacted is whole");
            assert!(!verified.loss.is_some());
        }
    }
    drop(store);
    open().expect("a store opens again");
}

/// The content of a page of columns.
pub fn page(data: &[u8]) {
    let parts = Parts {
        page: data.to_vec(),
        ..parts()
    };
    let image = parts.image();
    if explore(image.clone()).is_some() {
        tend(image);
    }
}

/// The page of a valid block.
pub fn page_seeds() -> Vec<Vec<u8>> {
    vec![parts().page]
}

/// A directory.
pub fn directory(data: &[u8]) {
    explore(parts().image_with(data));
}

/// That of a valid block.
pub fn directory_seeds() -> Vec<Vec<u8>> {
    let parts = parts();
    let mut directory = vec![1];
    put_unsigned(parts.page.len() as u64 + 4, &mut directory);
    directory.extend_from_slice(&parts.directory);
    vec![directory]
}

/// A byte says which: description, tombstones, page of timelines, the whole data file.
pub fn files(data: &[u8]) {
    let Some((which, content)) = data.split_first() else {
        return;
    };
    let mut parts = parts();
    let image = match which % 4 {
        0 => {
            parts.meta = content.to_vec();
            parts.image()
        }
        1 => {
            let bytes = [b"WFTMB\0\x01\0", content].concat();
            parts.tombstones = Some(summed(0, &bytes));
            parts.image()
        }
        2 => {
            // The directory says how long it is.
            let length = parts.timelines.len();
            parts.timelines = content.to_vec();
            parts.timelines.resize(length, 0);
            parts.image()
        }
        _ => parts.files(content.to_vec()),
    };
    if explore(image.clone()).is_some() && which % 4 < 2 {
        tend(image);
    }
}

/// One of each.
pub fn files_seeds() -> Vec<Vec<u8>> {
    let parts = parts();
    let mut tombstones = Vec::new();
    for number in [
        2,
        0,
        1,
        (START * 2) as u64,
        90_000,
        3,
        2,
        (START * 2) as u64,
        5,
        100_000,
        7,
    ] {
        put_unsigned(number, &mut tombstones);
    }
    let data = &valid().1[&folder().join("data")];
    let contents = [&parts.meta, &tombstones, &parts.timelines, data];
    let seeds = (0u8..).zip(contents);
    seeds
        .map(|(which, content)| [&[which], &content[..]].concat())
        .collect()
}
