//! `/api/v1/write`: samples that others push, behind `--web.enable-remote-write-receiver`.

use crate::error::{ApiError, ErrorKind};
use crate::state::ApiState;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use remote::WriteHeaders;
use std::sync::Arc;

/// A larger body is refused before it is unpacked.
const MAX_BODY_BYTES: usize = 64 << 20;

/// What Prometheus answers while its receiver is off.
const OFF: &str =
    "remote write receiver needs to be enabled with --web.enable-remote-write-receiver\n";

/// `/api/v1/write`
pub(crate) async fn receive(
    State(state): State<Arc<ApiState>>,
    request: Request,
) -> Result<Response, ApiError> {
    let Some(receiver) = state.receiver.clone() else {
        return Ok((StatusCode::NOT_FOUND, OFF).into_response());
    };
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY_BYTES).await else {
        let limit = MAX_BODY_BYTES >> 20;
        let message = format!("the body cannot be read, or is larger than {limit} MiB\n");
        return Ok((StatusCode::PAYLOAD_TOO_LARGE, message).into_response());
    };
    let headers = head.headers;
    let written = tokio::task::spawn_blocking(move || {
        let text = |name: HeaderName| text(&headers, &name);
        receiver.write(
            WriteHeaders {
                content_type: text(header::CONTENT_TYPE),
                content_encoding: text(header::CONTENT_ENCODING),
            },
            &body,
        )
    });
    let answer = written
        .await
        .map_err(|error| ApiError::new(ErrorKind::Internal, error.to_string()))?;
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, answer.body).into_response();
    for (name, value) in answer.headers {
        let name = HeaderName::try_from(name);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&value)) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> &'h str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}
