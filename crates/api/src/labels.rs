//! `/api/v1/series`, `/api/v1/labels`, `/api/v1/label/<name>/values`.

use crate::encode;
use crate::error::{ApiError, ErrorKind};
use crate::params::Params;
use crate::response::{TRUNCATED, json, limited};
use crate::state::ApiState;
use axum::extract::{Path, State};
use axum::response::Response;
use model::{Labels, TimeRange, TimestampMs};
use std::sync::Arc;
use storage::{LabelQuery, Matchers};

/// Which series a call is about.
struct Scope {
    any_of: Vec<Matchers>,
    range: TimeRange,
    limit: Option<usize>,
}

impl Scope {
    /// The scope of a call; `wrong_selector` words the error about `match[]`.
    fn new(params: &Params, wrong_selector: fn(String) -> ApiError) -> Result<Self, ApiError> {
        let limit = params.limit()?;
        let start = params.time_or("start", TimestampMs::MIN)?;
        let end = params.time_or("end", TimestampMs::MAX)?;
        let any_of = params.selectors().map_err(wrong_selector)?;
        // Some selectors would find every series there is; that must be asked for with `.*`.
        if any_of
            .iter()
            .any(|matchers| matchers.iter().all(storage::CompiledMatcher::matches_empty))
        {
            let cause = "match[] must contain at least one non-empty matcher";
            return Err(wrong_selector(cause.to_owned()));
        }
        Ok(Self {
            any_of,
            range: TimeRange::inclusive(start, end),
            limit,
        })
    }

    fn query(&self) -> LabelQuery<'_> {
        LabelQuery {
            any_of: &self.any_of,
            range: self.range,
        }
    }
}

/// Calls about labels give the cause alone.
fn bad_data(cause: String) -> ApiError {
    ApiError::new(ErrorKind::BadData, cause)
}

/// Runs index work off the threads that serve connections.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> storage::Result<T> + Send + 'static,
) -> Result<T, ApiError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => Ok(result?),
        Err(error) => Err(ApiError::new(ErrorKind::Internal, error.to_string())),
    }
}

/// `/api/v1/series`
pub(crate) async fn series(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    if params.all("match[]").next().is_none() {
        return Err(ApiError::new(
            ErrorKind::BadData,
            "no match[] parameter provided",
        ));
    }
    let scope = Scope::new(&params, |cause| ApiError::parameter("match[]", cause))?;
    let limit = scope.limit.unwrap_or(usize::MAX);
    let found = blocking(move || {
        if scope.range.is_empty() {
            return Ok(series_answer(&[], limit));
        }
        let found = state.storage.series(scope.query())?;
        Ok(series_answer(&found, limit))
    });
    Ok(json(found.await?))
}

fn series_answer(found: &[Labels], limit: usize) -> String {
    let mut body = String::with_capacity(1024);
    body.push_str(r#"{"status":"success","data":["#);
    for (index, labels) in found.iter().take(limit).enumerate() {
        if index > 0 {
            body.push(',');
        }
        encode::labels(labels, &mut body);
    }
    body.push(']');
    if found.len() > limit {
        body.push_str(",\"warnings\":[\"");
        body.push_str(TRUNCATED);
        body.push_str("\"]");
    }
    body.push('}');
    body
}

/// `/api/v1/labels`
pub(crate) async fn names(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    let scope = Scope::new(&params, bad_data)?;
    let limit = scope.limit;
    let names = blocking(move || {
        if scope.range.is_empty() {
            Ok(Vec::new())
        } else {
            state.storage.label_names(scope.query())
        }
    });
    Ok(limited(names.await?, limit))
}

/// `/api/v1/label/<name>/values`
pub(crate) async fn values(
    State(state): State<Arc<ApiState>>,
    Path(name): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    let name = unescape(&name);
    if name.is_empty() {
        return Err(ApiError::new(
            ErrorKind::BadData,
            "invalid label name: \"\"",
        ));
    }
    let scope = Scope::new(&params, bad_data)?;
    let limit = scope.limit;
    let values = blocking(move || {
        if scope.range.is_empty() {
            Ok(Vec::new())
        } else {
            state.storage.label_values(&name, scope.query())
        }
    });
    Ok(limited(values.await?, limit))
}

/// A name with the prefix `U__` has its other characters as `_hex_` and `_` as `__`; what is not
/// well-formed stays as it is.
fn unescape(name: &str) -> String {
    let Some(mut rest) = name.strip_prefix("U__") else {
        return name.to_owned();
    };
    let mut out = String::new();
    while let Some((before, after)) = rest.split_once('_') {
        out.push_str(before);
        if let Some(next) = after.strip_prefix('_') {
            out.push('_');
            rest = next;
            continue;
        }
        let code = after.split_once('_').and_then(|(hex, next)| {
            let character = char::from_u32(u32::from_str_radix(hex, 16).ok()?)?;
            Some((character, next))
        });
        let Some((character, next)) = code else {
            return name.to_owned();
        };
        out.push(character);
        rest = next;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_names_are_unescaped_and_others_stay() {
        assert_eq!(unescape("U__my_2e_metric__x"), "my.metric_x");
        for plain in ["job", "my.metric", "U__broken_zz_", "U__cut_2e"] {
            assert_eq!(unescape(plain), plain);
        }
    }
}
