//! Opening a folder of blocks after whatever happened to it.

use crate::manifest::{self, Listed, Manifest};
use crate::open_block::{Block, DAMAGED, Shared};
use crate::writer::UNFINISHED;
use crate::{Error, Result, Ulid};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use vfs::Vfs;

/// What opening a store found.
#[derive(Debug, Default)]
pub struct OpenReport {
    /// Blocks that cannot be opened, and why. They stay on the disk and out of queries.
    pub failed: Vec<(Ulid, Error)>,
    /// Blocks that the manifest names and whose folder is gone.
    pub missing: Vec<Ulid>,
    /// Blocks that a damaged manifest did not name and that are used all the same.
    pub adopted: Vec<Ulid>,
    /// Folders that a crash or a removed block left.
    pub swept: usize,
    /// The manifest was damaged; the old file is kept beside the new one.
    pub manifest_damaged: bool,
}

pub(super) struct Recovered {
    pub(super) manifest: Manifest,
    pub(super) blocks: Vec<Arc<Block>>,
    pub(super) report: OpenReport,
}

/// Finds out which blocks count.
///
/// A block that the manifest does not name is the result of work whose commit a crash prevented, and its
/// samples are elsewhere too: it goes. If they are not, because the manifest is damaged or blocks that it
/// was made from are lost, it is used.
pub(super) fn recover(
    vfs: &Arc<dyn Vfs>,
    folder: &Path,
    shared: &Arc<Shared>,
) -> Result<Recovered> {
    let blocks_folder = folder.join(super::BLOCKS);
    let mut found = manifest::find(&**vfs, folder)?;
    let mut report = OpenReport::default();
    let mut present = BTreeSet::new();
    for name in vfs.list_folders(&blocks_folder)? {
        if name.ends_with(UNFINISHED) {
            vfs.remove_folder(&blocks_folder.join(name))?;
            report.swept += 1;
        } else if let Ok(id) = name.parse::<Ulid>() {
            present.insert(id);
        }
    }
    if !found.exists && !present.is_empty() {
        found.is_damaged = true;
    }
    report.manifest_damaged = found.is_damaged;

    let mut opened = BTreeMap::new();
    let mut unnamed = BTreeMap::new();
    for id in &present {
        if found.listed.removed.contains(id) {
            continue;
        }
        let is_named = found.listed.live.contains(id);
        let path = blocks_folder.join(id.to_string());
        match Block::open_shared(vfs, &path, shared) {
            Ok(block) if is_named => _ = opened.insert(*id, block),
            Ok(block) => _ = unnamed.insert(*id, block),
            Err(error) if is_named => report.failed.push((*id, error)),
            Err(_) if found.is_damaged => {
                let aside = path.with_extension(DAMAGED.trim_start_matches('.'));
                vfs.rename(&path, &aside)?;
            }
            Err(_) => {}
        }
    }
    adopt(&mut opened, unnamed, &found, &mut report);
    // An older one may have survived a lost removal.
    let superseded: Vec<Ulid> = opened
        .values()
        .flat_map(|block| block.meta().parents.iter().map(|parent| parent.id))
        .filter(|id| opened.contains_key(id))
        .collect();
    for id in superseded {
        opened.remove(&id);
    }

    let failed = report.failed.iter().map(|(id, _)| *id);
    let live: BTreeSet<Ulid> = opened.keys().copied().chain(failed).collect();
    report.missing = found
        .listed
        .live
        .iter()
        .copied()
        .filter(|id| !present.contains(id))
        .collect();
    let gone: Vec<Ulid> = present
        .iter()
        .copied()
        .filter(|id| !live.contains(id))
        .collect();
    let mut listed = Listed {
        live,
        ..found.listed.clone()
    };
    if listed.live != found.listed.live {
        // Named before they are removed, so that a crash between does not bring them back.
        listed.removed.extend(&gone);
    }
    let manifest = Manifest::open(vfs, folder, &found, listed)?;
    for id in gone {
        let path = blocks_folder.join(id.to_string());
        if vfs.remove_folder(&path).is_ok() {
            report.swept += 1;
        }
    }
    Ok(Recovered {
        manifest,
        blocks: opened.into_values().collect(),
        report,
    })
}

/// Takes in what is not named but needed.
fn adopt(
    opened: &mut BTreeMap<Ulid, Arc<Block>>,
    unnamed: BTreeMap<Ulid, Arc<Block>>,
    found: &manifest::Found,
    report: &mut OpenReport,
) {
    // Younger ones first: a parent is older than what was made from it.
    for (id, block) in unnamed.into_iter().rev() {
        let is_lost = |parent: &crate::Parent| {
            !opened.contains_key(&parent.id) && !found.listed.removed.contains(&parent.id)
        };
        if found.is_damaged || block.meta().parents.iter().any(is_lost) {
            report.adopted.push(id);
            opened.insert(id, block);
        }
    }
}
