//! A copy of all blocks.

use super::{BLOCKS, BlockStore};
use crate::manifest::{self, Change, Listed, Manifest};
use crate::{Result, tombstones};
use std::path::Path;

impl BlockStore {
    /// Makes `folder` a data folder with all blocks of this moment and no log: files are linked, not
    /// copied, where the file system can.
    ///
    /// # Errors
    /// [`Error::File`](crate::Error::File); the folder may hold part of the copy then.
    pub fn copy_to(&self, folder: &Path) -> Result<()> {
        let blocks_folder = folder.join(BLOCKS);
        self.vfs.create_folder(&blocks_folder)?;
        // Else a delete could replace a tombstones file between two looks at it.
        let _deletes = self.deletes.lock();
        let snapshot = self.snapshot();
        for block in snapshot.iter() {
            let to = blocks_folder.join(block.id().to_string());
            self.vfs.create_folder(&to)?;
            for file in self.vfs.list(block.folder())? {
                if file.name != tombstones::FILE && file.name.starts_with(tombstones::FILE) {
                    continue;
                }
                self.vfs
                    .link(&block.folder().join(&file.name), &to.join(&file.name))?;
            }
            self.vfs.sync_folder(&to)?;
        }
        let found = manifest::find(&*self.vfs, folder)?;
        let mut manifest = Manifest::open(&self.vfs, folder, &found, Listed::default())?;
        let add = snapshot.iter().map(|block| block.id()).collect();
        let change = Change {
            add,
            ..Change::default()
        };
        manifest.commit(&change).map_err(|failed| failed.error)?;
        Ok(())
    }
}
