//! What pages say about their families: help, type, unit.

use crate::lines::hash_bytes;
use exposition::Event;
use hashbrown::HashMap;
use model::MetricKind;
use storage::Metadata;

/// Scrapes after which a family that no page mentions is forgotten.
const KEPT_SCRAPES: u32 = 10;

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

/// The families of one target.
#[derive(Debug, Default)]
pub(crate) struct MetadataCache {
    by_name: HashMap<String, u32>,
    /// Ordering: a family keeps its number for as long as it is remembered.
    families: Vec<Option<Family>>,
    free: Vec<u32>,
    /// Whether a family may have to be told to the storage.
    changed: bool,
}

#[derive(Debug)]
struct Family {
    name: String,
    metadata: FamilyMetadata,
    /// The scrape that mentioned it last.
    seen: u32,
    /// The block of comments that spoke of it last; 0 if that is not known.
    writer: u32,
    /// Hash of what the storage was told last.
    told: Option<u64>,
}

impl MetadataCache {
    /// Remembers what an event of scrape number `scrape` says; gives the number of the family.
    pub(crate) fn note(&mut self, event: &Event<'_>, scrape: u32) -> Option<u32> {
        let name = match event {
            Event::Help { family, .. }
            | Event::Type { family, .. }
            | Event::Unit { family, .. } => family,
            Event::Sample(_) => return None,
        };
        let number = self.number_of(name);
        self.changed = true;
        let family = self.families.get_mut(number as usize)?.as_mut()?;
        family.seen = scrape;
        family.writer = 0;
        let metadata = &mut family.metadata;
        match event {
            Event::Help { text, .. } if metadata.help != **text => {
                metadata.help = text.clone().into_owned();
            }
            Event::Type { kind, .. } => metadata.kind = *kind,
            Event::Unit { unit, .. } if metadata.unit != *unit => {
                (*unit).clone_into(&mut metadata.unit);
            }
            _ => {}
        }
        Some(number)
    }

    /// Says that the block of comments that was noted last for a family is number `writer`.
    pub(crate) fn set_writer(&mut self, family: u32, writer: u32) {
        if let Some(Some(family)) = self.families.get_mut(family as usize) {
            family.writer = writer;
        }
    }

    /// Mentions a family as the block `writer` did before; tells whether that changes nothing of it. If
    /// it does, the block must be [noted](Self::note) anew.
    #[inline]
    pub(crate) fn mention(&mut self, family: u32, writer: u32, scrape: u32) -> bool {
        match self.families.get_mut(family as usize) {
            Some(Some(family)) if family.writer == writer => {
                family.seen = scrape;
                true
            }
            _ => false,
        }
    }

    fn number_of(&mut self, name: &str) -> u32 {
        if let Some(number) = self.by_name.get(name) {
            return *number;
        }
        let (help, unit) = (String::new(), String::new());
        let family = Family {
            name: name.to_owned(),
            metadata: FamilyMetadata {
                kind: MetricKind::Unknown,
                help,
                unit,
            },
            seen: 0,
            writer: 0,
            told: None,
        };
        let number = self.free.pop().unwrap_or_else(|| {
            self.families.push(None);
            u32::try_from(self.families.len() - 1).unwrap_or(u32::MAX)
        });
        if let Some(place) = self.families.get_mut(number as usize) {
            *place = Some(family);
        }
        self.by_name.insert(name.to_owned(), number);
        number
    }

    /// Forgets what was not mentioned for a while.
    pub(crate) fn forget_old(&mut self, scrape: u32) {
        for (number, place) in (0..).zip(&mut self.families) {
            let is_old = |family: &mut Family| scrape.saturating_sub(family.seen) >= KEPT_SCRAPES;
            if let Some(family) = place.take_if(is_old) {
                self.by_name.remove(&family.name);
                self.free.push(number);
            }
        }
    }

    /// What the storage was not told yet.
    pub(crate) fn untold(&self) -> Vec<Metadata> {
        if !self.changed {
            return Vec::new();
        }
        let families = self.families.iter().flatten();
        families
            .filter(|family| family.told != Some(family.metadata.hash()))
            .map(|family| Metadata {
                family: family.name.clone(),
                kind: family.metadata.kind,
                help: family.metadata.help.clone(),
                unit: family.metadata.unit.clone(),
            })
            .collect()
    }

    /// Says that the storage was told everything.
    pub(crate) fn set_told(&mut self) {
        if !std::mem::take(&mut self.changed) {
            return;
        }
        for family in self.families.iter_mut().flatten() {
            family.told = Some(family.metadata.hash());
        }
    }

    /// Number of families, and bytes of their names and texts.
    pub(crate) fn size(&self) -> (usize, usize) {
        let known = self.families.iter().flatten();
        known.fold((0, 0), |(number, bytes), family| {
            let metadata = &family.metadata;
            let own = family.name.len() + metadata.help.len() + metadata.unit.len();
            (number + 1, bytes + own)
        })
    }

    /// All families and what is said about them. Ordering: as they were first met.
    pub(crate) fn families(&self) -> impl Iterator<Item = (&str, &FamilyMetadata)> {
        let known = self.families.iter().flatten();
        known.map(|family| (family.name.as_str(), &family.metadata))
    }
}

impl FamilyMetadata {
    fn hash(&self) -> u64 {
        let text = format!("{}\n{}\n{}", self.kind.as_str(), self.unit, self.help);
        hash_bytes(text.as_bytes())
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
        assert_eq!(cache.families().next(), Some(("a", &a)));
        cache.forget_old(10);
        assert_eq!(cache.families().count(), 2);
        cache.forget_old(11);
        assert_eq!(cache.families().count(), 1);
    }

    #[test]
    fn the_storage_is_told_changes_only() {
        let mut cache = MetadataCache::default();
        let help = |text: &'static str| Event::Help {
            family: "a".into(),
            text: text.into(),
        };
        let untold = |cache: &MetadataCache| -> Vec<String> {
            cache
                .untold()
                .into_iter()
                .map(|family| family.help)
                .collect()
        };
        cache.note(&help("One."), 1);
        assert_eq!(untold(&cache), ["One."]);
        assert_eq!(untold(&cache), ["One."], "until it was told");
        cache.set_told();
        cache.note(&help("Two."), 2);
        cache.note(&help("One."), 2);
        assert!(untold(&cache).is_empty());
        cache.note(&help("Two."), 3);
        assert_eq!(untold(&cache), ["Two."]);
    }

    #[test]
    fn only_the_last_block_that_spoke_of_a_family_may_mention_it() {
        let mut cache = MetadataCache::default();
        let event = Event::Type {
            family: "a".into(),
            kind: MetricKind::Gauge,
        };
        let family = cache.note(&event, 1).unwrap();
        cache.set_writer(family, 7);
        assert!(cache.mention(family, 7, 2) && !cache.mention(family, 6, 2));
        cache.note(&event, 3);
        assert!(!cache.mention(family, 7, 3));
        cache.set_writer(family, 7);
        cache.forget_old(13);
        assert!(!cache.mention(family, 7, 13));
    }
}
