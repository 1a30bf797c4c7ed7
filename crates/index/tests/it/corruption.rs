//! Bytes that are not what was written.

use crate::fleet::{borrow, host};
use index::{BlockIndex, Error, IndexWriter, Section};
use model::Matcher;
use proptest::prelude::*;
use storage::{Grouping, Matchers};

fn small() -> Vec<u8> {
    let mut writer = IndexWriter::default();
    for pairs in host(0).iter().step_by(23) {
        writer.push(&borrow(pairs)).unwrap();
    }
    writer.finish().unwrap()
}

/// Uses everything: nothing of what opens may panic.
fn use_all(index: &BlockIndex) {
    let ids: Vec<u32> = index.all().iter().collect();
    let matchers = Matchers::compile(&[Matcher::metric("node_disk_counter_1_total")]).unwrap();
    let _ = (
        index.stats(3),
        index.select(&matchers),
        index.label_names(Some(index.all())),
    );
    let _ = index.group(
        &ids,
        &Grouping {
            without: true,
            names: vec!["cpu".into()],
        },
    );
    for id in ids {
        let labels = index.labels(id).unwrap();
        let _ = (index.find(&labels), index.identity(id));
    }
}

/// Writes checksums that fit, so that the checks behind them are met.
fn repair(bytes: &mut [u8]) {
    let mut start: usize = 16 + 4 * 24 + 4;
    for entry in (16..16 + 4 * 24).step_by(24) {
        let len = u64::from_le_bytes(bytes[entry + 8..entry + 16].try_into().unwrap());
        let Some(end) = usize::try_from(len)
            .ok()
            .and_then(|len| start.checked_add(len))
        else {
            return;
        };
        let Some(section) = bytes.get(start..end) else {
            return;
        };
        let crc = crc32c::crc32c(section).to_le_bytes();
        bytes[entry + 4..entry + 8].copy_from_slice(&crc);
        start = end;
    }
    let crc = crc32c::crc32c(&bytes[..112]).to_le_bytes();
    bytes[112..116].copy_from_slice(&crc);
}

#[test]
fn every_flipped_bit_is_detected() {
    let good = small();
    use_all(&BlockIndex::open(&good).unwrap());
    let mut bytes = good.clone();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            bytes[at] ^= 1 << bit;
            let error = BlockIndex::open(&bytes).expect_err("a flipped bit");
            assert!(
                matches!(
                    error,
                    Error::Corruption { .. } | Error::UnknownVersion { .. }
                ),
                "{error}"
            );
            bytes[at] ^= 1 << bit;
        }
    }
}

#[test]
fn every_flipped_bit_behind_a_right_checksum_is_refused_or_harmless() {
    let good = small();
    for at in 0..good.len() {
        for bit in 0..8 {
            let mut bytes = good.clone();
            bytes[at] ^= 1 << bit;
            repair(&mut bytes);
            if let Ok(index) = BlockIndex::open(&bytes) {
                use_all(&index);
            }
        }
    }
}

#[test]
fn every_cut_is_detected() {
    let good = small();
    for end in 0..good.len() {
        assert!(BlockIndex::open(&good[..end]).is_err(), "cut at {end}");
    }
    let longer = [&*good, &[0]].concat();
    assert!(BlockIndex::open(&longer).is_err());
}

#[test]
fn errors_name_section_and_offset() {
    let good = small();
    let mut bytes = good.clone();
    *bytes.last_mut().unwrap() ^= 1;
    let error = BlockIndex::open(&bytes).unwrap_err();
    assert!(
        matches!(error, Error::Corruption { section: Section::Rows, offset, .. } if offset > 116)
    );
    assert!(
        error
            .to_string()
            .starts_with("corrupted index: rows at offset "),
        "{error}"
    );
    bytes.clone_from(&good);
    bytes[8] = 9;
    let expected = "index format version 9 is unknown, this program reads version 1";
    assert_eq!(BlockIndex::open(&bytes).unwrap_err().to_string(), expected);
}

proptest! {
    #[test]
    fn any_bytes_open_or_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(BlockIndex::open(&bytes).is_err());
    }

    #[test]
    fn any_sections_open_or_are_refused(
        sections in prop::collection::vec(prop::collection::vec(prop_oneof![0u8..6, any::<u8>()], 0..40), 4),
        n_series in 0u32..50,
    ) {
        let mut bytes = b"WFINDEX\0\x01\0\x04\0".to_vec();
        bytes.extend(n_series.to_le_bytes());
        for (kind, section) in (1u16..).zip(&sections) {
            bytes.extend(kind.to_le_bytes());
            bytes.extend([0; 6]);
            bytes.extend((section.len() as u64).to_le_bytes());
            bytes.extend((section.len() as u64).to_le_bytes());
        }
        bytes.extend([0; 4]);
        bytes.extend(sections.concat());
        repair(&mut bytes);
        if let Ok(index) = BlockIndex::open(&bytes) {
            use_all(&index);
        }
    }
}
