//! Small blocks and what is in them.

use block::{
    Block, BlockMeta, BlockStore, BlockWriter, NewBlock, Plan, Reason, Result, StoreOptions, Ulid,
    canonical_order,
};
use columns::Effort;
use model::{Histogram, Labels, Matcher, TimeRange};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use storage::{Column, Matchers};
use vfs::{MemDisk, Vfs};

/// A sample whose equality is that of all its bits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Bits {
    Float(u64),
    Histogram(String),
}

/// Samples with start times by series and time.
pub(crate) type Content = BTreeMap<String, BTreeMap<i64, (Bits, i64)>>;

pub(crate) fn vfs(disk: &MemDisk) -> Arc<dyn Vfs> {
    Arc::new(disk.clone())
}

pub(crate) fn open(disk: &MemDisk) -> BlockStore {
    BlockStore::open(&vfs(disk), Path::new("data"), StoreOptions::default()).unwrap()
}

pub(crate) fn id(number: u128) -> Ulid {
    Ulid::new(1_700_000_000_000, number)
}

pub(crate) fn folder(number: u128) -> PathBuf {
    Path::new("data/blocks").join(id(number).to_string())
}

pub(crate) fn labels(name: &str, instance: &str) -> Labels {
    Labels::from_pairs([("__name__", name), ("instance", instance)])
}

pub(crate) fn column(samples: impl IntoIterator<Item = (i64, f64)>) -> Column {
    let mut column = Column::default();
    for (time, value) in samples {
        column.push(time, value);
    }
    column
}

pub(crate) fn histogram(count: f64) -> Arc<Histogram> {
    Arc::new(Histogram {
        schema: 3,
        count,
        sum: count * 1.5,
        zero_threshold: 1e-128,
        positive_spans: vec![model::Span {
            offset: 2,
            length: 2,
        }],
        positive_buckets: vec![count - 1.0, 1.0],
        ..Histogram::default()
    })
}

/// Writes a block without committing it.
pub(crate) fn write(
    disk: &MemDisk,
    number: u128,
    series: &[(Labels, Column)],
) -> Result<Option<BlockMeta>> {
    let mut sorted: Vec<&(Labels, Column)> = series.iter().collect();
    sorted.sort_by(|(a, _), (b, _)| canonical_order(a.iter(), b.iter()));
    let new = NewBlock::sealed(id(number), Effort::Fast);
    let mut writer = BlockWriter::create(&vfs(disk), Path::new("data/blocks"), new)?;
    for (labels, column) in sorted {
        writer.series(&labels.iter().collect::<Vec<_>>(), column)?;
    }
    writer.finish()
}

/// Writes a block and commits it.
pub(crate) fn add(store: &BlockStore, disk: &MemDisk, number: u128, series: &[(Labels, Column)]) {
    let meta = write(disk, number, series).unwrap();
    store.commit(meta.as_slice(), &[], None).unwrap();
}

pub(crate) fn plan(inputs: &[u128]) -> Plan {
    Plan {
        inputs: inputs.iter().map(|number| id(*number)).collect(),
        reason: Reason::Window,
    }
}

pub(crate) fn select(name: &str) -> Matchers {
    Matchers::compile(&[Matcher::metric(name)]).unwrap()
}

pub(crate) fn put(content: &mut Content, labels: &Labels, column: &Column) {
    let series = content.entry(labels.to_string()).or_default();
    for (i, time) in column.times.iter().enumerate() {
        let bits = match column.histograms.get(i).and_then(Option::as_ref) {
            Some(histogram) => Bits::Histogram(format!("{histogram:?}")),
            None => Bits::Float(column.values[i].to_bits()),
        };
        let start = column.starts.get(i).copied().unwrap_or(0);
        series.entry(*time).or_insert((bits, start));
    }
    if series.is_empty() {
        content.remove(&labels.to_string());
    }
}

pub(crate) fn read_block(
    block: &Arc<Block>,
    range: TimeRange,
    content: &mut Content,
) -> Result<()> {
    let index = block.index()?;
    let mut reader = block.reader();
    let mut column = Column::default();
    for ordinal in 0..u32::try_from(index.len()).unwrap() {
        column.clear();
        reader.read(ordinal, range, &mut column)?;
        put(content, &index.labels(ordinal).unwrap(), &column);
    }
    Ok(())
}

/// Everything that can be read; the block that was written first counts.
pub(crate) fn content(store: &BlockStore) -> Content {
    let mut blocks: Vec<Arc<Block>> = store.snapshot().to_vec();
    blocks.sort_by_key(|block| block.meta().rank());
    let mut content = Content::new();
    for block in &blocks {
        read_block(block, TimeRange::ALL, &mut content).unwrap();
    }
    content
}

/// A few series of all kinds, with `salt` in their values and from time `start` on.
pub(crate) fn mixed(start: i64, salt: f64) -> Vec<(Labels, Column)> {
    let regular = |n: i64| (0..n).map(move |i| start + i * 15_000);
    let mut with_starts = column(regular(10).map(|t| (t, salt)));
    with_starts.starts = (0..10).map(|i| if i < 5 { 0 } else { start - i }).collect();
    let mut histograms = Column::default();
    for time in regular(6) {
        histograms.push_histogram(time, histogram(salt + 2.0));
    }
    histograms.push(start + 100_000, 0.5);
    histograms.push_histogram(start + 110_000, histogram(salt + 3.0));
    histograms.push_histogram(start + 120_000, Arc::new(Histogram::stale()));
    vec![
        (
            labels("constant", "a"),
            column(regular(20).map(|t| (t, salt))),
        ),
        (
            labels("constant", "b"),
            column(regular(20).map(|t| (t + 7, salt))),
        ),
        (
            labels("special", "a"),
            column(regular(8).zip([
                f64::NAN,
                model::stale_nan(),
                f64::from_bits(0x7ff0_0000_dead_beef),
                -0.0,
                f64::INFINITY,
                f64::NEG_INFINITY,
                f64::from_bits(1),
                salt,
            ])),
        ),
        (
            labels("counter", "a"),
            column(regular(20).map(|t| (t, t as f64 * 0.25 + salt))),
        ),
        (labels("started", "a"), with_starts),
        (labels("histogram", "a"), histograms),
    ]
}
