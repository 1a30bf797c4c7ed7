//! Metadata of families as sent; storage hears of it when it changes.

use crate::error::Result;
use crate::key::Hasher;
use crate::wire::Reader;
use hashbrown::HashMap;
use model::MetricKind;
use parking_lot::Mutex;
use storage::{Appender, Metadata};

/// Families that are remembered; beyond that all are forgotten and told again.
const MOST_FAMILIES: usize = 100_000;

/// What storage was told already.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Hash of the content by hash of the name.
    families: Mutex<HashMap<u64, u64>>,
}

impl Told {
    /// Tells `appender` what is new among `metadata`.
    ///
    /// # Errors
    /// The storage's; then it counts as not told.
    pub(crate) fn tell(
        &self,
        appender: &dyn Appender,
        hasher: &Hasher,
        metadata: &mut Vec<Metadata>,
    ) -> storage::Result<()> {
        let keys = |one: &Metadata| {
            let content = [one.kind.as_str(), &one.help, &one.unit];
            let content = content.iter().fold(hasher.start(), |so_far, text| {
                hasher.chain(so_far, hasher.bytes(text.as_bytes()))
            });
            (hasher.bytes(one.family.as_bytes()), content)
        };
        {
            let families = self.families.lock();
            metadata.retain(|one| {
                let (family, content) = keys(one);
                families.get(&family) != Some(&content)
            });
        }
        if metadata.is_empty() {
            return Ok(());
        }
        appender.set_metadata(metadata)?;
        let mut families = self.families.lock();
        if families.len() + metadata.len() > MOST_FAMILIES {
            families.clear();
        }
        families.extend(metadata.iter().map(keys));
        Ok(())
    }
}

/// The kind with this number, the same in both versions.
pub(crate) fn kind_of(number: u64) -> MetricKind {
    match number {
        1 => MetricKind::Counter,
        2 => MetricKind::Gauge,
        3 => MetricKind::Histogram,
        4 => MetricKind::GaugeHistogram,
        5 => MetricKind::Summary,
        6 => MetricKind::Info,
        7 => MetricKind::StateSet,
        _ => MetricKind::Unknown,
    }
}

/// Reads a version 1 metadata message; none if it names no family.
pub(crate) fn read_metadata(message: &[u8]) -> Result<Option<Metadata>> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut metadata = Metadata {
        family: String::new(),
        kind: MetricKind::Unknown,
        help: String::new(),
        unit: String::new(),
    };
    let mut reader = Reader::new(message);
    while let Some((number, value)) = reader.field()? {
        match number {
            1 => metadata.kind = kind_of(value.uint()?),
            2 => metadata.family = text(value.bytes()?),
            4 => metadata.help = text(value.bytes()?),
            5 => metadata.unit = text(value.bytes()?),
            _ => {}
        }
    }
    Ok(Some(metadata).filter(|metadata| !metadata.family.is_empty()))
}

/// The family that a series of this name and kind belongs to.
pub(crate) fn family_of(name: &str, kind: MetricKind) -> &str {
    let suffixes: &[&str] = match kind {
        MetricKind::Histogram => &["_bucket", "_sum", "_count"],
        MetricKind::GaugeHistogram => &["_bucket", "_gsum", "_gcount"],
        MetricKind::Summary => &["_sum", "_count"],
        _ => &[],
    };
    suffixes
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix))
        .filter(|family| !family.is_empty())
        .unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_are_those_of_the_kind() {
        assert_eq!(family_of("a_bucket", MetricKind::Histogram), "a");
        assert_eq!(family_of("a_bucket", MetricKind::Gauge), "a_bucket");
        assert_eq!(family_of("a_count", MetricKind::Summary), "a");
        assert_eq!(family_of("_sum", MetricKind::Summary), "_sum");
    }
}
