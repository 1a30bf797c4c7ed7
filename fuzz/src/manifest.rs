//! The manifest.

use crate::block::{id, valid_image};
use crate::parts;
use block::{BlockStore, StoreOptions, Ulid};
use columns::put_unsigned;
use std::path::Path;
use std::sync::Arc;
use vfs::{MemDisk, Vfs};

/// A byte: whether the rest is the file, or the payloads of its records.
pub fn run(data: &[u8]) {
    let Some((kind, mut rest)) = data.split_first() else {
        return;
    };
    let file = if kind & 1 == 0 {
        let mut file = header();
        for number in 0.. {
            if rest.is_empty() {
                break;
            }
            put_record(number, parts::take(&mut rest), &mut file);
        }
        file
    } else {
        rest.to_vec()
    };
    let mut image = valid_image();
    image.insert("data/manifest".into(), file);
    let vfs: Arc<dyn Vfs> = Arc::new(MemDisk::from_image(image));
    let open = || BlockStore::open(&vfs, Path::new("data"), StoreOptions::default());
    let Ok(store) = open() else {
        return;
    };
    let start = store.wal_start();
    assert!(store.snapshot().len() <= 1);
    let _ = store.commit(&[], &[Ulid::from_u128(5)], Some(start.saturating_add(9)));
    let (start, live) = (store.wal_start(), store.snapshot().len());
    drop(store);
    let again = open().expect("a store opens again");
    assert_eq!((again.wal_start(), again.snapshot().len()), (start, live));
    assert!(!again.open_report().manifest_damaged);
}

fn header() -> Vec<u8> {
    let mut out = b"WFMAN\0\x01\0".to_vec();
    out.extend_from_slice(&crc32c::crc32c(&out).to_le_bytes());
    out
}

fn put_record(number: u32, payload: &[u8], out: &mut Vec<u8>) {
    let mut head = number.to_le_bytes().to_vec();
    head.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    head.extend_from_slice(&crc32c::crc32c(&head).to_le_bytes());
    let crc = crc32c::crc32c_append(crc32c::crc32c(&number.to_le_bytes()), payload);
    head.extend_from_slice(&crc.to_le_bytes());
    out.extend_from_slice(&head);
    out.extend_from_slice(payload);
}

/// Records that add, remove, and move the start of the log.
pub fn seeds() -> Vec<Vec<u8>> {
    let name = id().to_u128().to_le_bytes();
    let payload = |add: &[[u8; 16]], remove: &[[u8; 16]], start: u64| {
        let mut out = Vec::new();
        for list in [add, remove] {
            put_unsigned(list.len() as u64, &mut out);
            out.extend(list.iter().flatten());
        }
        put_unsigned(start, &mut out);
        out
    };
    let payloads = [
        payload(&[name], &[], 0),
        payload(&[], &[], 7),
        payload(&[[9; 16], name], &[[8; 16]], 8),
        payload(&[], &[name], 0),
    ];
    let (mut seed, mut file) = (vec![0], [&[1], &header()[..]].concat());
    for (number, payload) in (0..).zip(&payloads) {
        parts::put(payload, &mut seed);
        put_record(number, payload, &mut file);
    }
    vec![seed, file]
}
