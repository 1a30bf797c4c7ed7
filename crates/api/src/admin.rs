//! `/api/v1/admin/tsdb/*`: what changes stored data, behind `--web.enable-admin-api`.

use crate::error::{ApiError, ErrorKind};
use crate::params::Params;
use crate::response::success;
use crate::state::ApiState;
use crate::tsdb::on_storage;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use model::{TimeRange, TimestampMs};
use std::sync::Arc;

fn allowed(state: &ApiState) -> Result<(), ApiError> {
    if state.admin_enabled {
        return Ok(());
    }
    Err(ApiError::new(ErrorKind::Unavailable, "admin APIs disabled"))
}

/// `/api/v1/admin/tsdb/delete_series`
pub(crate) async fn delete_series(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<StatusCode, ApiError> {
    allowed(&state)?;
    if params.all("match[]").next().is_none() {
        return Err(ApiError::new(
            ErrorKind::BadData,
            "no match[] parameter provided",
        ));
    }
    let any_of = params.selectors();
    let any_of = any_of.map_err(|cause| ApiError::parameter("match[]", cause))?;
    let start = params.time_or("start", TimestampMs::MIN)?;
    let end = params.time_or("end", TimestampMs::MAX)?;
    if end < start {
        return Ok(StatusCode::NO_CONTENT);
    }
    let range = TimeRange::inclusive(start, end);
    on_storage(&state, move |admin| admin.delete_series(&any_of, range)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `/api/v1/admin/tsdb/clean_tombstones`
pub(crate) async fn clean_tombstones(
    State(state): State<Arc<ApiState>>,
) -> Result<StatusCode, ApiError> {
    allowed(&state)?;
    on_storage(&state, |admin| admin.clean_tombstones()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `/api/v1/admin/tsdb/snapshot`
pub(crate) async fn snapshot(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    allowed(&state)?;
    let skip_head = match params.get("skip_head") {
        // Go's boolean words.
        Some("1" | "t" | "T" | "true" | "TRUE" | "True") => true,
        None | Some("0" | "f" | "F" | "false" | "FALSE" | "False") => false,
        Some(other) => {
            let cause = format!("unable to parse boolean \"{other}\"");
            return Err(ApiError::parameter("skip_head", cause));
        }
    };
    let name = on_storage(&state, move |admin| admin.snapshot(skip_head)).await?;
    Ok(success(serde_json::json!({ "name": name })))
}
