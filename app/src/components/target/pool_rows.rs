//! A page of targets, by pool.

use api_types::PoolSummary;

/// A pool and those of its targets that the page shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PoolRow<T> {
    /// The pool as a whole.
    pub pool: PoolSummary,
    /// Its targets on this page.
    pub targets: Vec<T>,
}

/// Puts the targets of a page under their pools. Ordering: as the targets come; a pool's stand together.
pub fn by_pool<T: Clone>(
    pools: &[PoolSummary],
    targets: &[T],
    pool_of: impl Fn(&T) -> &str,
) -> Vec<PoolRow<T>> {
    let summary = |name: &str| pools.iter().find(|pool| pool.name == name).cloned();
    let mut found: Vec<PoolRow<T>> = Vec::new();
    for target in targets {
        let name = pool_of(target);
        match found.last_mut().filter(|row| row.pool.name == name) {
            Some(row) => row.targets.push(target.clone()),
            None => found.push(PoolRow {
                pool: summary(name).unwrap_or_default(),
                targets: vec![target.clone()],
            }),
        }
    }
    found
}

/// The names of pools.
pub fn names_of(pools: &[PoolSummary]) -> Vec<String> {
    pools.iter().map(|pool| pool.name.clone()).collect()
}
