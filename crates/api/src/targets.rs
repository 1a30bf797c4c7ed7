//! `/api/v1/targets`.

use crate::error::ApiError;
use crate::params::Params;
use crate::response::success;
use crate::state::ApiState;
use crate::time::{ZERO_TIME, format_time};
use api_types::{ActiveTarget, DroppedTarget, Health, LabelMap, TargetsData};
use axum::extract::State;
use axum::response::Response;
use model::Labels;
use scrape::{Manager, TargetStatus};
use std::sync::Arc;

/// `/api/v1/targets`
pub(crate) async fn list(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    let wanted = params.get("state").unwrap_or("any").to_lowercase();
    let mut data = targets_data(&state.scrape);
    if let Some(pool) = params.get("scrapePool") {
        data.active_targets
            .retain(|target| target.scrape_pool == pool);
        data.dropped_targets
            .retain(|target| target.scrape_pool == pool);
    }
    if wanted == "dropped" {
        data.active_targets.clear();
    }
    if wanted == "active" {
        data.dropped_targets.clear();
        data.dropped_target_counts.clear();
    }
    Ok(success(data))
}

/// All targets in the shape of the API, for pages too.
pub fn targets_data(manager: &Manager) -> TargetsData {
    let mut data = TargetsData {
        dropped_target_counts: manager.dropped_counts(),
        ..TargetsData::default()
    };
    for target in manager.dropped_targets() {
        data.dropped_targets.push(DroppedTarget {
            discovered_labels: map(&target.discovered_labels),
            scrape_pool: target.pool,
        });
    }
    for target in manager.targets() {
        data.active_targets.push(active(&target));
    }
    data.active_targets
        .sort_by(|a, b| a.scrape_pool.cmp(&b.scrape_pool));
    data.dropped_targets
        .sort_by(|a, b| a.scrape_pool.cmp(&b.scrape_pool));
    data
}

/// A target in the shape of the API.
pub(crate) fn active(target: &TargetStatus) -> ActiveTarget {
    ActiveTarget {
        discovered_labels: map(&target.discovered_labels),
        labels: map(&target.labels),
        scrape_pool: target.pool.clone(),
        scrape_url: target.url.clone(),
        global_url: target.url.clone(),
        last_error: target.last_error.clone(),
        last_scrape: target
            .last_scrape
            .map_or_else(|| ZERO_TIME.to_owned(), format_time),
        last_scrape_duration: target.last_scrape_duration,
        health: match target.health {
            scrape::Health::Unknown => Health::Unknown,
            scrape::Health::Up => Health::Up,
            scrape::Health::Down => Health::Down,
        },
        scrape_interval: target.scrape_interval.to_string(),
        scrape_timeout: target.scrape_timeout.to_string(),
    }
}

/// Labels in the shape of the API.
pub(crate) fn map(labels: &Labels) -> LabelMap {
    labels
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
