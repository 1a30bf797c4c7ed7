//! Indexes of blocks.

use crate::{Dice, parts};
use index::{BlockIndex, IndexWriter};
use model::{Labels, MatchOp, Matcher};
use storage::Matchers;

/// Two bytes: how many series; then the four sections.
pub fn open(data: &[u8]) {
    let Some((n_series, mut rest)) = data.split_first_chunk::<2>() else {
        return;
    };
    let sections: [&[u8]; 4] = std::array::from_fn(|_| parts::take(&mut rest));
    let bytes = whole(u16::from_le_bytes(*n_series).into(), sections);
    if let Ok(index) = BlockIndex::open(&bytes) {
        explore(&index);
    }
    // And as they come.
    let _ = BlockIndex::open(data);
}

/// The bytes of an index with these sections, stored as they are.
fn whole(n_series: u32, sections: [&[u8]; 4]) -> Vec<u8> {
    let mut out = b"WFINDEX\0".to_vec();
    out.extend_from_slice(&1u16.to_le_bytes());
    out.extend_from_slice(&4u16.to_le_bytes());
    out.extend_from_slice(&n_series.to_le_bytes());
    for (kind, section) in (1u16..).zip(sections) {
        out.extend_from_slice(&kind.to_le_bytes());
        out.extend_from_slice(&0u16.to_le_bytes());
        out.extend_from_slice(&crc32c::crc32c(section).to_le_bytes());
        for _ in 0..2 {
            out.extend_from_slice(&(section.len() as u64).to_le_bytes());
        }
    }
    out.extend_from_slice(&crc32c::crc32c(&out).to_le_bytes());
    for section in sections {
        out.extend_from_slice(section);
    }
    out
}

/// Asks for everything; answers must agree with the labels of each series.
fn explore(index: &BlockIndex) {
    let n = u32::try_from(index.len()).unwrap_or(u32::MAX).min(600);
    let all: Vec<Labels> = (0..n)
        .map(|id| index.labels(id).expect("a series has labels"))
        .collect();
    for (id, labels) in (0..).zip(&all) {
        let found = index.find(labels).expect("a series is found by its labels");
        assert_eq!(index.labels(found).as_ref(), Some(labels), "series {id}");
        assert_eq!(index.identity(id), index.identity(found));
    }
    let names = index.label_names(None);
    for name in names.iter().take(4) {
        let values = index.label_values(name, None);
        let value = values.first().map_or("", String::as_str);
        for (op, value) in [
            (MatchOp::Equal, value),
            (MatchOp::NotEqual, value),
            (MatchOp::Regex, ".+"),
            (MatchOp::NotRegex, "a.*|"),
        ] {
            let matchers = Matchers::compile(&[Matcher::new(name.as_str(), op, value)]);
            let matchers = matchers.expect("these patterns are valid");
            let selected = index.select(&matchers);
            for (id, labels) in (0..).zip(&all) {
                assert_eq!(
                    selected.contains(id),
                    matchers.matches(labels),
                    "{labels} and {matchers:?}"
                );
            }
        }
    }
    assert_eq!(index.in_metric_order().len(), index.len());
    let _ = index.stats(5);
}

/// Small indexes, taken apart.
pub fn seeds() -> Vec<Vec<u8>> {
    let mut dice = Dice(11);
    let mut seeds = Vec::new();
    for n in [0u64, 1, 5, 40, 300] {
        let mut writer = IndexWriter::default();
        for i in 0..n {
            let (name, number) = (format!("m{}", i / 7), dice.below(1 + n).to_string());
            let mut pairs = vec![("__name__", name.as_str()), ("instance", &number)];
            if i % 3 == 0 {
                pairs.push(("job", "node"));
            }
            writer.push(&pairs).expect("there is room");
        }
        let bytes = writer.finish().expect("it can be put together");
        seeds.push(sections(&bytes));
    }
    seeds
}

fn sections(bytes: &[u8]) -> Vec<u8> {
    let word = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("8 bytes"));
    let mut seed = bytes[12..14].to_vec();
    let mut at = 116;
    for entry in (16..112).step_by(24) {
        let length = word(entry + 8) as usize;
        let section = &bytes[at..at + length];
        // What is compressed stays a seed for the bytes as they come.
        parts::put(section, &mut seed);
        at += length;
    }
    seed
}
