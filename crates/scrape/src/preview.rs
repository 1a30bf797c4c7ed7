//! What relabelling makes of discovered targets, without scraping them.

use crate::target::{Settled, Target};
use config::ScrapeConfig;
use discovery::TargetGroup;
use model::Labels;
use std::sync::Arc;

/// A discovered target and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewedTarget {
    /// Labels before relabelling.
    pub discovered_labels: Labels,
    /// Labels that its series would get; empty if it is dropped or no target.
    pub labels: Labels,
    /// Why it is no target, or empty.
    pub error: String,
}

/// What a job would make of the targets of `groups`. Ordering: as discovered, each once.
pub fn preview(job: &ScrapeConfig, groups: &[Arc<TargetGroup>]) -> Vec<PreviewedTarget> {
    let mut all: Vec<PreviewedTarget> = Vec::new();
    for group in groups {
        for target in &group.targets {
            let mut labels = group.labels.to_builder();
            for (name, value) in target.iter() {
                labels.set(name, value);
            }
            let before = labels.build();
            let one = match Target::settle_labels(job, labels) {
                Ok(Settled::Scraped(target)) => PreviewedTarget {
                    discovered_labels: target.discovered,
                    labels: target.labels,
                    error: String::new(),
                },
                Ok(Settled::Dropped(discovered_labels)) => PreviewedTarget {
                    discovered_labels,
                    labels: Labels::empty(),
                    error: String::new(),
                },
                Err(error) => PreviewedTarget {
                    discovered_labels: before,
                    labels: Labels::empty(),
                    error: error.to_string(),
                },
            };
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    all
}
