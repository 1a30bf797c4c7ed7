//! Series as a receiver gets them.

use model::Labels;
use relabel::{Rule, Verdict, apply};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A series that is sent.
#[derive(Debug, Clone)]
pub(crate) struct OutSeries {
    pub(crate) labels: Labels,
    /// Says which shard it goes to.
    pub(crate) hash: u64,
}

impl OutSeries {
    /// The series with the labels of this server, relabelled; `None` if it is not sent.
    pub(crate) fn new(labels: &Labels, external: &Labels, rules: &[Rule]) -> Option<Self> {
        let mut builder = labels.to_builder();
        for (name, value) in external.iter() {
            if labels.get(name).is_none() {
                builder.set(name, value);
            }
        }
        if apply(rules, &mut builder) == Verdict::Drop {
            return None;
        }
        let labels = builder.build();
        if labels.is_empty() {
            return None;
        }
        let mut hasher = DefaultHasher::new();
        labels.hash(&mut hasher);
        let hash = hasher.finish();
        Some(Self { labels, hash })
    }
}
