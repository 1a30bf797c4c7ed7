//! Searches on the server: names among very many.

use crate::data::{Answer, UiError, get};
use crate::fmt;
use crate::state::{name_pattern, query_string};
use web_sys::AbortSignal;

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
