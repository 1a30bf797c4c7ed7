//! Merging blocks into one.

use super::{BlockStore, count};
use crate::merge::{append, merge_columns};
use crate::open_block::Block;
use crate::order::canonical_order;
use crate::plan::{Plan, Reason};
use crate::reader::{BlockReader, Loss};
use crate::{BlockMeta, BlockWriter, Error, NewBlock, Parent, Result, Ulid};
use columns::Effort;
use index::BlockIndex;
use model::{Labels, TimeRange};
use std::cmp::Ordering;
use std::sync::Arc;
use storage::Column;

/// What the caller of a compaction wants; asked before every series. The caller may take its time to
/// answer: that is how it slows a compaction down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// Go on.
    Go,
    /// Give up.
    Stop,
}

/// What a compaction did.
#[derive(Debug)]
pub struct Compaction {
    /// The new block; `None` if no sample was left.
    pub output: Option<BlockMeta>,
    /// What could not be read; the blocks it was in are kept beside, named `.damaged`.
    pub loss: Loss,
}

impl BlockStore {
    /// Carries out a plan: merges its blocks into one named `id`, in their place.
    ///
    /// At equal times of one series the sample that was written first counts; deleted samples go for good.
    /// Memory: one series, the indexes of the blocks, the timelines.
    ///
    /// # Errors
    /// [`Error::UnknownBlock`] where the plan is out of date, [`Error::Stopped`], [`Error::File`];
    /// [`Error::Corruption`] where an index is damaged. The store is as before; a block that could not be
    /// read is left out of plans until the store is opened again.
    pub fn compact(
        &self,
        plan: &Plan,
        id: Ulid,
        control: &dyn Fn() -> Control,
    ) -> Result<Compaction> {
        let _one_at_a_time = self.compacting.lock();
        count(&self.counters.compactions, 1);
        let done = self.run(plan, id, control);
        *self.deletes.lock() = None;
        match &done {
            Ok(compaction) => count(&self.counters.samples_lost, compaction.loss.samples),
            Err(Error::Stopped) => {}
            Err(_) => count(&self.counters.compactions_failed, 1),
        }
        done
    }

    fn run(&self, plan: &Plan, id: Ulid, control: &dyn Fn() -> Control) -> Result<Compaction> {
        let snapshot = self.snapshot();
        let find = |id: &Ulid| snapshot.iter().find(|block| block.id() == *id).cloned();
        let inputs = plan
            .inputs
            .iter()
            .map(|id| find(id).ok_or(Error::UnknownBlock(*id)));
        let mut inputs = inputs.collect::<Result<Vec<Arc<Block>>>>()?;
        drop(snapshot);
        inputs.sort_unstable_by_key(|block| block.meta().rank());
        if plan.reason == Reason::Overlap {
            count(&self.counters.vertical_compactions, 1);
        }
        // From here on deletes are noted down for the new block.
        let readers: Vec<BlockReader> = {
            let mut deletes = self.deletes.lock();
            *deletes = Some(Vec::new());
            inputs
                .iter()
                .map(|block| block.reader().lenient())
                .collect()
        };
        self.write(plan, id, &inputs, readers, control)
            .inspect_err(|error| {
                // A block that cannot be read must not keep all others from being compacted.
                let excluded = |block: &&Arc<Block>| {
                    error
                        .path()
                        .is_some_and(|path| path.starts_with(block.folder()))
                };
                self.excluded
                    .lock()
                    .extend(inputs.iter().filter(excluded).map(|block| block.id()));
            })
    }

    fn write(
        &self,
        plan: &Plan,
        id: Ulid,
        inputs: &[Arc<Block>],
        readers: Vec<BlockReader>,
        control: &dyn Fn() -> Control,
    ) -> Result<Compaction> {
        let mut sources = Vec::with_capacity(inputs.len());
        for (block, reader) in inputs.iter().zip(readers) {
            sources.push(Source::new(block, reader)?);
        }
        let writer =
            BlockWriter::create(&self.vfs, &self.blocks_folder, describe(plan, id, inputs))?;
        let output = merge(&mut sources, writer, control)?;
        self.replace(inputs, &sources, output)
    }

    /// Puts the new block in the place of the old ones.
    fn replace(
        &self,
        inputs: &[Arc<Block>],
        sources: &[Source],
        output: Option<BlockMeta>,
    ) -> Result<Compaction> {
        // Held to the end: a delete comes either before, and is applied here, or after, to the new block.
        let mut deletes = self.deletes.lock();
        let committed = output
            .as_ref()
            .map(|meta| self.open_block(meta.id))
            .transpose()
            .and_then(|block| {
                for delete in deletes.take().unwrap_or_default() {
                    block.as_ref().map_or(Ok(()), |block| delete.apply(block))?;
                }
                let add: Vec<Arc<Block>> = block.into_iter().collect();
                let remove: Vec<Ulid> = inputs.iter().map(|block| block.id()).collect();
                self.commit_blocks(&add, &remove, None)
            });
        if let Err(error) = committed {
            self.discard(output.as_slice());
            return Err(error);
        }
        let mut loss = Loss::default();
        for (block, source) in inputs.iter().zip(sources) {
            let lost = source.reader.loss();
            loss.pages += lost.pages;
            loss.samples += lost.samples;
            if lost.is_some() {
                block.put_aside();
            }
        }
        Ok(Compaction { output, loss })
    }
}

fn describe(plan: &Plan, id: Ulid, inputs: &[Arc<Block>]) -> NewBlock {
    let level = inputs
        .iter()
        .map(|block| block.meta().level)
        .max()
        .unwrap_or(0);
    NewBlock {
        id,
        level: level + u32::from(plan.reason != Reason::Tombstones),
        sources: inputs
            .iter()
            .flat_map(|block| block.meta().sources.iter().copied())
            .collect(),
        parents: inputs
            .iter()
            .map(|block| Parent {
                id: block.id(),
                min_time: block.meta().min_time,
                max_time: block.meta().max_time,
            })
            .collect(),
        effort: Effort::Small,
    }
}

/// One block being merged.
struct Source {
    reader: BlockReader,
    index: Arc<BlockIndex>,
    ordinal: u32,
    /// Of the series number `ordinal`; none at the end.
    labels: Option<Labels>,
}

impl Source {
    fn new(block: &Arc<Block>, reader: BlockReader) -> Result<Self> {
        let index = block.index()?;
        Ok(Self {
            reader,
            ordinal: 0,
            labels: index.labels(0),
            index,
        })
    }

    fn advance(&mut self) {
        self.ordinal += 1;
        self.labels = self.index.labels(self.ordinal);
    }
}

/// Writes the union of `sources`, of which earlier ones count more.
fn merge(
    sources: &mut [Source],
    mut writer: BlockWriter,
    control: &dyn Fn() -> Control,
) -> Result<Option<BlockMeta>> {
    let (mut merged, mut next, mut spare) =
        (Column::default(), Column::default(), Column::default());
    while let Some(labels) = lowest(sources) {
        if control() == Control::Stop {
            return Err(Error::Stopped);
        }
        merged.clear();
        for source in sources.iter_mut() {
            if source.labels.as_ref() != Some(&labels) {
                continue;
            }
            next.clear();
            source
                .reader
                .read(source.ordinal, TimeRange::ALL, &mut next)?;
            source.advance();
            if merged.times.last() < next.times.first() || next.is_empty() {
                append(&next, 0..next.len(), &mut merged);
            } else {
                merge_columns(&merged, &next, &mut spare);
                std::mem::swap(&mut merged, &mut spare);
            }
        }
        let pairs: Vec<(&str, &str)> = labels.iter().collect();
        writer.series(&pairs, &merged)?;
    }
    writer.finish()
}

/// The labels that come first among the sources' current ones.
fn lowest(sources: &[Source]) -> Option<Labels> {
    let labels = sources.iter().filter_map(|source| source.labels.as_ref());
    let first = labels.reduce(
        |best, labels| match canonical_order(labels.iter(), best.iter()) {
            Ordering::Less => labels,
            _ => best,
        },
    );
    first.cloned()
}
