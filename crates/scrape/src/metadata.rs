//! What pages say about their families: help, type, unit.

use exposition::Event;
use hashbrown::HashMap;
use model::{Labels, MetricKind};

/// Scrapes after which a family that no page mentions is forgotten.
const KEPT_SCRAPES: u64 = 10;

/// Help, type and unit of one family, as a target told them last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FamilyMetadata {
    /// Type.
    pub kind: MetricKind,
    /// One line of help.
    pub help: String,
    /// Unit, such as `seconds`; empty if not said.
    pub unit: String,
}

/// What one target says about one family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetMetadata {
    /// Labels of the target.
    pub target: Labels,
    /// Family name.
    pub family: String,
    /// What it says.
    pub metadata: FamilyMetadata,
}

/// The families of one target.
#[derive(Debug, Default)]
pub(crate) struct MetadataCache {
    families: HashMap<String, (FamilyMetadata, u64)>,
}

impl MetadataCache {
    /// Remembers what an event of scrape number `scrape` says.
    pub(crate) fn note(&mut self, event: &Event<'_>, scrape: u64) {
        match event {
            Event::Help { family, text } => {
                let metadata = self.entry(family, scrape);
                if metadata.help != **text {
                    metadata.help = text.clone().into_owned();
                }
            }
            Event::Type { family, kind } => self.entry(family, scrape).kind = *kind,
            Event::Unit { family, unit } => {
                let metadata = self.entry(family, scrape);
                if metadata.unit != *unit {
                    (*unit).clone_into(&mut metadata.unit);
                }
            }
            Event::Sample(_) => {}
        }
    }

    fn entry(&mut self, family: &str, scrape: u64) -> &mut FamilyMetadata {
        let (metadata, seen) = self.families.entry_ref(family).or_insert_with(|| {
            let (help, unit) = (String::new(), String::new());
            (
                FamilyMetadata {
                    kind: MetricKind::Unknown,
                    help,
                    unit,
                },
                scrape,
            )
        });
        *seen = scrape;
        metadata
    }

    /// Forgets what was not mentioned for a while.
    pub(crate) fn forget_old(&mut self, scrape: u64) {
        self.families
            .retain(|_, (_, seen)| scrape.saturating_sub(*seen) < KEPT_SCRAPES);
    }

    /// All families. Ordering: by name.
    pub(crate) fn families(&self) -> Vec<(String, FamilyMetadata)> {
        let mut families: Vec<_> = self
            .families
            .iter()
            .map(|(name, (metadata, _))| (name.clone(), metadata.clone()))
            .collect();
        families.sort_by(|a, b| a.0.cmp(&b.0));
        families
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_remembered_and_forgotten_when_gone() {
        let mut cache = MetadataCache::default();
        cache.note(
            &Event::Help {
                family: "a".into(),
                text: "A.".into(),
            },
            1,
        );
        cache.note(
            &Event::Type {
                family: "a".into(),
                kind: MetricKind::Counter,
            },
            1,
        );
        cache.note(
            &Event::Unit {
                family: "b".into(),
                unit: "bytes",
            },
            5,
        );
        let a = FamilyMetadata {
            kind: MetricKind::Counter,
            help: "A.".to_owned(),
            unit: String::new(),
        };
        assert_eq!(cache.families()[0], ("a".to_owned(), a));
        cache.forget_old(10);
        assert_eq!(cache.families().len(), 2);
        cache.forget_old(11);
        assert_eq!(cache.families().len(), 1);
    }
}
