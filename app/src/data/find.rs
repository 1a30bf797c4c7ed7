//! Searches on the server: names among very many.

use crate::data::http::fetch;
use crate::data::{Answer, UiError, get};
use crate::fmt;
use crate::state::{name_pattern, query_string};
use api_types::{RuleList, TargetList};
use serde::Deserialize;
use web_sys::{AbortSignal, RequestInit};

/// Names of metrics in which the letters of `wanted` appear in order; at most `limit`.
///
/// # Errors
/// As [`UiError`] tells them.
pub async fn find_metrics(
    wanted: String,
    limit: usize,
    signal: Option<AbortSignal>,
) -> Result<Answer<Vec<String>>, UiError> {
    let selector = format!("{{__name__=~{}}}", fmt::quoted(&name_pattern(&wanted)));
    let limit = limit.to_string();
    let mut pairs = vec![("limit", limit.as_str())];
    if !wanted.trim().is_empty() {
        pairs.push(("match[]", selector.as_str()));
    }
    let address = format!("/api/v1/label/__name__/values?{}", query_string(pairs));
    get(&address, signal.as_ref()).await
}

/// A dashboard, as the search tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FoundDashboard {
    /// Title.
    pub title: String,
    /// Path of its page.
    pub url: String,
    /// Title of the folder that it is in; empty for none.
    #[serde(default, rename = "folderTitle")]
    pub folder: String,
}

/// Dashboards whose title answers `wanted`; at most `limit`.
///
/// # Errors
/// As [`UiError`] tells them.
pub async fn find_dashboards(
    wanted: String,
    limit: usize,
    signal: Option<AbortSignal>,
) -> Result<Answer<Vec<FoundDashboard>>, UiError> {
    let limit = limit.to_string();
    let query = [("type", "dash-db"), ("query", &wanted), ("limit", &limit)];
    let address = format!("/api/search?{}", query_string(query));
    let (status, text) = fetch(&address, &RequestInit::new(), signal.as_ref()).await?;
    let data = serde_json::from_str(&text).map_err(|error| UiError::Unreadable {
        status,
        reason: error.to_string(),
    })?;
    Ok(Answer {
        data,
        warnings: Vec::new(),
        infos: Vec::new(),
    })
}

/// Targets in whose address or labels the words of `wanted` are; at most `limit`.
///
/// # Errors
/// As [`UiError`] tells them.
pub async fn find_targets(
    wanted: String,
    limit: usize,
    signal: Option<AbortSignal>,
) -> Result<Answer<TargetList>, UiError> {
    get(&list_of("targets", &wanted, limit), signal.as_ref()).await
}

/// Rules in whose name, group, file, expression or labels the words of `wanted` are, those of at most
/// `limit` groups.
///
/// # Errors
/// As [`UiError`] tells them.
pub async fn find_rules(
    wanted: String,
    limit: usize,
    signal: Option<AbortSignal>,
) -> Result<Answer<RuleList>, UiError> {
    get(&list_of("rules", &wanted, limit), signal.as_ref()).await
}

fn list_of(list: &str, wanted: &str, limit: usize) -> String {
    let limit = limit.to_string();
    let query = query_string([("search", wanted), ("per_page", &limit)]);
    format!("/api/watchfire/{list}?{query}")
}
