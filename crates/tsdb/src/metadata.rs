//! What families are.

use parking_lot::RwLock;
use std::collections::BTreeMap;
use std::ops::Deref;
use storage::Metadata;

/// Metadata by family. Written only by whoever holds the log.
#[derive(Debug, Default)]
pub(crate) struct MetadataTable {
    by_family: RwLock<BTreeMap<String, Metadata>>,
}

impl MetadataTable {
    /// The table, to read.
    pub(crate) fn read(&self) -> impl Deref<Target = BTreeMap<String, Metadata>> + '_ {
        self.by_family.read()
    }

    /// Those of `metadata` that say something new.
    pub(crate) fn news(&self, metadata: &[Metadata]) -> Vec<Metadata> {
        let table = self.by_family.read();
        let is_new = |one: &&Metadata| table.get(&one.family) != Some(one);
        metadata.iter().filter(is_new).cloned().collect()
    }

    /// Notes what families are; the last word counts.
    pub(crate) fn set(&self, metadata: impl IntoIterator<Item = Metadata>) {
        let mut table = self.by_family.write();
        for one in metadata {
            table.insert(one.family.clone(), one);
        }
    }
}
