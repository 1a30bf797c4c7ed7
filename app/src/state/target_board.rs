//! Targets by pool, and single ones by key.

use crate::fmt;
use crate::state::TargetFilter;
use api_types::{ActiveTarget, Health, TargetsData};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What tells a target from the others, however often it was scraped since.
pub type TargetKey = Arc<str>;

/// All targets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TargetBoard {
    /// Ordering: pools by name, targets as they come.
    pools: BTreeMap<String, Vec<TargetKey>>,
    targets: HashMap<TargetKey, Arc<ActiveTarget>>,
}

/// The part of a pool that a filter chose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PoolView {
    /// The pool.
    pub name: String,
    /// Targets of the whole pool that are up.
    pub up: usize,
    /// Targets of the whole pool.
    pub total: usize,
    /// The chosen targets. Ordering: as they come.
    pub targets: Vec<TargetKey>,
}

impl TargetBoard {
    /// Sorts the targets into pools.
    pub fn new(data: TargetsData) -> Self {
        let mut board = Self::default();
        for target in data.active_targets {
            let key: TargetKey = format!(
                "{}\0{}\0{}",
                target.scrape_pool,
                target.scrape_url,
                fmt::series(&target.labels)
            )
            .into();
            board
                .pools
                .entry(target.scrape_pool.clone())
                .or_default()
                .push(key.clone());
            board.targets.insert(key, Arc::new(target));
        }
        board
    }

    /// Whether there are no targets.
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// The target of this key.
    pub fn target(&self, key: &TargetKey) -> Option<Arc<ActiveTarget>> {
        self.targets.get(key).cloned()
    }

    /// The names of all pools. Ordering: by name.
    pub fn pool_names(&self) -> Vec<String> {
        self.pools.keys().cloned().collect()
    }

    /// How many targets are in a state; `None` counts all.
    pub fn count(&self, health: Option<Health>) -> usize {
        self.targets
            .values()
            .filter(|t| health.is_none_or(|h| h == t.health))
            .count()
    }

    /// The pools in which the filter chooses a target, with those targets.
    pub fn choose(&self, filter: &TargetFilter) -> Vec<PoolView> {
        let view = |(name, keys): (&String, &Vec<TargetKey>)| {
            let is = |key: &&TargetKey, test: &dyn Fn(&ActiveTarget) -> bool| {
                self.targets.get(*key).is_some_and(|target| test(target))
            };
            let targets: Vec<TargetKey> = keys
                .iter()
                .filter(|key| is(key, &|t| filter.matches(t)))
                .cloned()
                .collect();
            (!targets.is_empty()).then(|| PoolView {
                name: name.clone(),
                up: keys
                    .iter()
                    .filter(|key| is(key, &|t| t.health == Health::Up))
                    .count(),
                total: keys.len(),
                targets,
            })
        };
        self.pools.iter().filter_map(view).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(pool: &str, host: &str, health: Health) -> ActiveTarget {
        ActiveTarget {
            discovered_labels: [].into(),
            labels: [("instance".to_owned(), host.to_owned())].into(),
            scrape_pool: pool.into(),
            scrape_url: format!("http://{host}/metrics"),
            global_url: String::new(),
            last_error: String::new(),
            last_scrape: String::new(),
            last_scrape_duration: 0.0,
            health,
            scrape_interval: "15s".into(),
            scrape_timeout: "10s".into(),
        }
    }

    fn board() -> TargetBoard {
        let active_targets = vec![
            target("node", "b", Health::Down),
            target("node", "a", Health::Up),
            target("api", "a", Health::Up),
        ];
        TargetBoard::new(TargetsData {
            active_targets,
            ..TargetsData::default()
        })
    }

    #[test]
    fn pools_come_by_name_and_targets_as_they_are() {
        let chosen = board().choose(&TargetFilter::default());
        let names: Vec<&str> = chosen.iter().map(|pool| pool.name.as_str()).collect();
        assert_eq!(names, ["api", "node"]);
        let [_, node] = chosen.as_slice() else {
            panic!("{chosen:?}")
        };
        let hosts: Vec<_> = node
            .targets
            .iter()
            .map(|key| board().target(key).unwrap().scrape_url.clone())
            .collect();
        assert_eq!(hosts, ["http://b/metrics", "http://a/metrics"]);
    }

    #[test]
    fn a_filter_hides_targets_but_not_the_pools_share() {
        let chosen = board().choose(&TargetFilter {
            health: Some(Health::Down),
            ..TargetFilter::default()
        });
        let [node] = chosen.as_slice() else {
            panic!("{chosen:?}")
        };
        assert_eq!((node.up, node.total, node.targets.len()), (1, 2, 1));
    }

    #[test]
    fn states_are_counted_over_all_pools() {
        let board = board();
        assert_eq!(
            (
                board.count(None),
                board.count(Some(Health::Up)),
                board.count(Some(Health::Unknown))
            ),
            (3, 2, 0)
        );
    }
}
