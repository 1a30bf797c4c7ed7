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
use std::ops::ControlFlow;
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
    let mut add = |family: &str, kind: &'static str, help: &str, unit: &str| {
        if wanted.is_some_and(|wanted| wanted != family) {
            return;
        }
        let is_full = limit.is_some_and(|limit| metrics.len() >= limit);
        if is_full && !metrics.contains_key(family) {
            return;
        }
        if !metrics.contains_key(family) {
            metrics.insert(family.to_owned(), BTreeSet::new());
        }
        let entries = metrics.get_mut(family);
        if let Some(entries) = entries
            && per_metric.is_none_or(|limit| entries.len() < limit)
        {
            entries.insert(Entry {
                kind,
                help: help.to_owned(),
                unit: unit.to_owned(),
            });
        }
    };
    state.scrape.visit_metadata(|_, family, said| {
        add(family, said.kind.as_str(), &said.help, &said.unit);
        ControlFlow::Continue(())
    });
    for one in state.storage.metadata() {
        add(&one.family, one.kind.as_str(), &one.help, &one.unit);
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
    let mut entries = Vec::new();
    state.scrape.visit_metadata(|target, family, said| {
        if entries.len() >= limit {
            return ControlFlow::Break(());
        }
        let is_wanted = wanted.is_none_or(|wanted| wanted == family)
            && matchers
                .as_ref()
                .is_none_or(|matchers| matchers.matches(target));
        if is_wanted {
            entries.push(TargetEntry {
                target: map(target),
                metric: wanted.is_none().then(|| family.to_owned()),
                entry: Entry {
                    kind: said.kind.as_str(),
                    help: said.help.clone(),
                    unit: said.unit.clone(),
                },
            });
        }
        ControlFlow::Continue(())
    });
    Ok(success(entries))
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
