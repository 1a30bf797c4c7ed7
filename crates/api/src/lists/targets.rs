//! `/api/watchfire/targets` and `/api/watchfire/discovery`.

use super::{Cut, Search, push_pairs, words};
use crate::error::ApiError;
use crate::params::Params;
use crate::response::success;
use crate::state::ApiState;
use crate::targets::{active as active_target, map};
use api_types::{DiscoveryList, FoundTarget, PoolSummary, TargetList};
use axum::extract::State;
use axum::response::Response;
use model::Labels;
use scrape::{Health, TargetStatus};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Targets per page where the call names no number.
const USUAL: usize = 50;

/// `/api/watchfire/targets`: `pool`, `health` (words between commas), `search`, `page`, `per_page`.
pub(crate) async fn active(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    let cut = Cut::new(&params, USUAL)?;
    let (search, health) = (Search::new(&params), words(&params, "health"));
    let pool = params.get("pool");
    let all = state.scrape.targets();
    let pools = pools(&state, &all);
    let total = all.len();
    let wanted = |target: &TargetStatus| {
        pool.is_none_or(|pool| pool == target.pool)
            && (health.is_empty() || health.iter().any(|word| word == word_of(target.health)))
            && (search.is_empty() || search.finds(&text(&target.url, &target.labels)))
    };
    let mut chosen: Vec<TargetStatus> = all.into_iter().filter(|one| wanted(one)).collect();
    chosen.sort_by(|a, b| a.pool.cmp(&b.pool));
    let (part, paging) = cut.take(chosen, total);
    Ok(success(TargetList {
        pools,
        targets: part.iter().map(active_target).collect(),
        paging,
    }))
}

/// `/api/watchfire/discovery`: `pool`, `state` (`active`, `dropped`), `search`, `page`, `per_page`.
pub(crate) async fn discovery(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    let cut = Cut::new(&params, USUAL)?;
    let (search, states) = (Search::new(&params), words(&params, "state"));
    let pool = params.get("pool");
    let (active, dropped) = (state.scrape.targets(), state.scrape.dropped_targets());
    let pools = pools(&state, &active);
    let total = active.len() + dropped.len();
    let in_state = |word: &str| states.is_empty() || states.iter().any(|one| one == word);
    let in_pool = |name: &str| pool.is_none_or(|pool| pool == name);
    let finds = |discovered: &Labels, labels: &Labels| {
        search.is_empty() || {
            let mut text = text("", discovered);
            push_pairs(&mut text, labels.iter());
            search.finds(&text)
        }
    };
    // References first: of ten thousand targets a page shows some.
    let mut chosen: Vec<(&str, Option<&Labels>, &Labels)> = Vec::new();
    if in_state("active") {
        let wanted = active
            .iter()
            .filter(|one| in_pool(&one.pool) && finds(&one.discovered_labels, &one.labels));
        chosen.extend(
            wanted.map(|one| (one.pool.as_str(), Some(&one.labels), &one.discovered_labels)),
        );
    }
    if in_state("dropped") {
        let none = Labels::default();
        let wanted = dropped
            .iter()
            .filter(|one| in_pool(&one.pool) && finds(&one.discovered_labels, &none));
        chosen.extend(wanted.map(|one| (one.pool.as_str(), None, &one.discovered_labels)));
    }
    chosen.sort_by_key(|(pool, ..)| *pool);
    let (part, paging) = cut.take(chosen, total);
    let found = |(pool, labels, discovered): (&str, Option<&Labels>, &Labels)| FoundTarget {
        pool: pool.to_owned(),
        discovered: map(discovered),
        labels: labels.map(map),
    };
    Ok(success(DiscoveryList {
        pools,
        targets: part.into_iter().map(found).collect(),
        paging,
    }))
}

/// All pools, those without targets too.
fn pools(state: &ApiState, active: &[TargetStatus]) -> Vec<PoolSummary> {
    let mut pools: BTreeMap<String, PoolSummary> = BTreeMap::new();
    for pool in state.scrape.pools() {
        pools.insert(pool.job_name.clone(), PoolSummary::default());
    }
    for target in active {
        let pool = pools.entry(target.pool.clone()).or_default();
        match target.health {
            Health::Up => pool.up += 1,
            Health::Down => pool.down += 1,
            Health::Unknown => pool.unknown += 1,
        }
    }
    for (name, count) in state.scrape.dropped_counts() {
        let pool = pools.entry(name).or_default();
        pool.dropped = usize::try_from(count).unwrap_or(usize::MAX);
        pool.not_kept = pool.dropped;
    }
    for target in state.scrape.dropped_targets() {
        if let Some(pool) = pools.get_mut(&target.pool) {
            pool.not_kept = pool.not_kept.saturating_sub(1);
        }
    }
    let named = |(name, pool)| PoolSummary { name, ..pool };
    pools.into_iter().map(named).collect()
}

fn word_of(health: Health) -> &'static str {
    match health {
        Health::Up => "up",
        Health::Down => "down",
        Health::Unknown => "unknown",
    }
}

fn text(url: &str, labels: &Labels) -> String {
    let mut text = url.to_owned();
    push_pairs(&mut text, labels.iter());
    text
}
