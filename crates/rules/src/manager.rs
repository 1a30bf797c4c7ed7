//! All groups, through changes of the configuration.

use crate::alert::Alert;
use crate::deps::{RuleDeps, RuleOptions};
use crate::file::RuleFile;
use crate::group::GroupRunner;
use crate::metrics::Metrics;
use crate::snapshot::{GroupSnapshot, RuleDetail};
use parking_lot::RwLock;
use std::collections::HashSet;
use std::sync::Arc;

/// The groups that run.
pub struct Manager {
    deps: RuleDeps,
    metrics: Metrics,
    /// Ordering: by file and name.
    groups: RwLock<Vec<Arc<GroupRunner>>>,
    /// Those of the last change.
    options: RwLock<RuleOptions>,
}

/// What a new configuration changed.
#[derive(Debug, Default)]
pub struct Change {
    /// Groups to run from now on.
    pub started: Vec<Arc<GroupRunner>>,
    /// Groups that were stopped. Those that are replaced by a started group of the same file and name have
    /// no series any more; [end the series](GroupRunner::end_series) of the others after two intervals.
    pub stopped: Vec<Arc<GroupRunner>>,
}

impl Manager {
    /// No groups yet.
    pub fn new(deps: RuleDeps) -> Self {
        Self {
            metrics: Metrics::new(&deps.registry),
            deps,
            groups: RwLock::default(),
            options: RwLock::default(),
        }
    }

    pub(crate) fn deps(&self) -> &RuleDeps {
        &self.deps
    }

    /// How rules are evaluated now.
    pub fn options(&self) -> RuleOptions {
        self.options.read().clone()
    }

    /// Makes the groups of `files` those that run. Groups that stay the same go on untouched; changed ones
    /// take over the alerts of their rules, told apart by name and labels; so does a group that stays the same
    /// but stands in another file now. Of groups of one file and name, the first counts. Blocks until
    /// evaluations of groups that change have ended.
    pub fn apply(&self, files: Vec<RuleFile>, options: &RuleOptions) -> Change {
        self.options.write().clone_from(options);
        let mut groups = self.groups.write();
        let mut old: Vec<Arc<GroupRunner>> = std::mem::take(&mut groups);
        let mut change = Change::default();
        let mut new = Vec::new();
        let mut seen = HashSet::new();
        for file in files {
            for definition in file.groups {
                if !seen.insert((file.path.clone(), definition.name.clone())) {
                    continue;
                }
                let is_same = |group: &Arc<GroupRunner>| {
                    group.file() == file.path && group.name() == definition.name
                };
                let known = old.iter().position(is_same).map(|at| old.remove(at));
                match known {
                    Some(known) if known.is_unchanged(&file.path, &definition, options) => {
                        groups.push(known);
                    }
                    known => new.push((file.path.clone(), definition, known)),
                }
            }
        }
        for (path, definition, known) in new {
            let moved =
                |group: &Arc<GroupRunner>| group.is_unchanged(group.file(), &definition, options);
            let known = known.or_else(|| {
                let at = old.iter().position(moved)?;
                let group = old.remove(at);
                group.forget_metrics();
                Some(group)
            });
            let known = known.inspect(|known| known.stop());
            let (deps, metrics) = (&self.deps, &self.metrics);
            let new = GroupRunner::new(deps, options, metrics, &path, definition);
            let new = Arc::new(new);
            if let Some(known) = known {
                new.take_over(&known);
                change.stopped.push(known);
            }
            groups.push(Arc::clone(&new));
            change.started.push(new);
        }
        for gone in old {
            gone.stop();
            gone.forget_metrics();
            change.stopped.push(gone);
        }
        groups.sort_by(|a, b| (a.file(), a.name()).cmp(&(b.file(), b.name())));
        change
    }

    /// Stops all groups; the series that they gave stay as they are, for the next start.
    pub fn stop(&self) {
        for group in self.groups.read().iter() {
            group.stop();
        }
    }

    /// The groups that run. Ordering: by file and name.
    pub fn runners(&self) -> Vec<Arc<GroupRunner>> {
        self.groups.read().clone()
    }

    /// All groups as they stand. Ordering: by file and name.
    pub fn groups(&self) -> Vec<GroupSnapshot> {
        self.runners()
            .iter()
            .map(|group| group.snapshot())
            .collect()
    }

    /// All alerts that are pending or firing. Ordering: by group, rule, labels.
    pub fn alerts(&self) -> Vec<Alert> {
        let rules = self.groups().into_iter().flat_map(|group| group.rules);
        let alerts = rules.flat_map(|rule| match rule.detail {
            RuleDetail::Alerting { alerts, .. } => alerts,
            RuleDetail::Recording => Vec::new(),
        });
        alerts.collect()
    }
}

impl std::fmt::Debug for Manager {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Manager")
            .field("groups", &self.groups.read().len())
            .finish_non_exhaustive()
    }
}
