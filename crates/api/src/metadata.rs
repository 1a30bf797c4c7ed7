//! `/api/v1/metadata` and `/api/v1/targets/metadata`: what targets and senders say about their metrics.

use crate::error::{ApiError, ErrorKind};
use crate::params::{Params, selector};
use crate::response::success;
use crate::state::ApiState;
use crate::targets::map;
use api_types::LabelMap;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One thing that targets say about a metric.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Entry {
    #[serde(rename = "type")]
    kind: &'static str,
    help: String,
    unit: String,
}

/// `/api/v1/metadata`
pub(crate) async fn by_metric(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    let limit = number(&params, "limit")?;
    let per_metric = number(&params, "limit_per_metric")?;
    let wanted = params.get("metric");
    let mut metrics: BTreeMap<String, BTreeSet<Entry>> = BTreeMap::new();
    let scraped = state.scrape.metadata().into_iter().map(|target| {
        let metadata = target.metadata;
        (target.family, metadata.kind, metadata.help, metadata.unit)
    });
    let pushed = state.storage.metadata().into_iter();
    let pushed = pushed.map(|one| (one.family, one.kind, one.help, one.unit));
    for (family, kind, help, unit) in scraped.chain(pushed) {
        if wanted.is_some_and(|wanted| wanted != family) {
            continue;
        }
        let is_full = limit.is_some_and(|limit| metrics.len() >= limit);
        if is_full && !metrics.contains_key(&family) {
            continue;
        }
        let entries = metrics.entry(family).or_default();
        if per_metric.is_none_or(|limit| entries.len() < limit) {
            let kind = kind.as_str();
            entries.insert(Entry { kind, help, unit });
        }
    }
    Ok(success(metrics))
}

/// What one target says about a metric, as an object of the answer.
#[derive(Debug, Serialize)]
struct TargetEntry {
    target: LabelMap,
    /// Left out where the call names the metric.
    #[serde(skip_serializing_if = "Option::is_none")]
    metric: Option<String>,
    #[serde(flatten)]
    entry: Entry,
}

/// `/api/v1/targets/metadata`
pub(crate) async fn by_target(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    let limit = match params.get("limit").map(str::parse::<i64>) {
        None => usize::MAX,
        // Here, unlike elsewhere, 0 is a limit.
        Some(Ok(limit)) => usize::try_from(limit).unwrap_or(usize::MAX),
        Some(Err(_)) => return Err(not_a_number("limit")),
    };
    let matchers = params.get("match_target").map(selector).transpose();
    let matchers = matchers.map_err(|cause| ApiError::parameter("match_target", cause))?;
    let wanted = params.get("metric");
    let metadata = state.scrape.metadata().into_iter();
    let found = metadata.filter(|one| {
        wanted.is_none_or(|wanted| wanted == one.family)
            && matchers
                .as_ref()
                .is_none_or(|matchers| matchers.matches(&one.target))
    });
    let entries = found.take(limit).map(|one| TargetEntry {
        target: map(&one.target),
        metric: wanted.is_none().then_some(one.family),
        entry: Entry {
            kind: one.metadata.kind.as_str(),
            help: one.metadata.help,
            unit: one.metadata.unit,
        },
    });
    Ok(success(entries.collect::<Vec<_>>()))
}

fn not_a_number(name: &str) -> ApiError {
    ApiError::new(ErrorKind::BadData, format!("{name} must be a number"))
}

/// A limit; negative and zero ones mean none.
fn number(params: &Params, name: &str) -> Result<Option<usize>, ApiError> {
    let Some(text) = params.get(name) else {
        return Ok(None);
    };
    match text.parse::<i64>() {
        Ok(limit) => Ok(usize::try_from(limit).ok().filter(|limit| *limit > 0)),
        Err(_) => Err(not_a_number(name)),
    }
}
