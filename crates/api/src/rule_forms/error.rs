//! Noes to forms: in Grafana's shape, with more where a form can do something with it.

use crate::error::ApiError;
use crate::grafana::GrafanaError;
use api_types::{RuleConflict, RuleFault};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Why something was not done.
#[derive(Debug)]
pub(super) enum FormError {
    /// The rule has faults, each at its field.
    Faults(Vec<RuleFault>),
    /// Somebody else changed it meanwhile.
    Conflict(Box<RuleConflict>),
    /// The file cannot be changed.
    File(String),
    /// Anything else.
    Other(GrafanaError),
}

impl<E: Into<GrafanaError>> From<E> for FormError {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

impl FormError {
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::Other(GrafanaError::bad_request(message))
    }

    pub(super) fn internal(error: impl std::fmt::Display) -> Self {
        let kind = crate::ErrorKind::Internal;
        Self::Other(ApiError::new(kind, error.to_string()).into())
    }
}

impl IntoResponse for FormError {
    fn into_response(self) -> Response {
        let (status, body) = match self {
            Self::Other(error) => return error.into_response(),
            Self::Faults(faults) => {
                let message = faults.first().map_or("", |fault| fault.message.as_str());
                let body = json!({"message": message, "faults": faults});
                (StatusCode::BAD_REQUEST, body)
            }
            Self::Conflict(conflict) => (StatusCode::CONFLICT, json!(conflict)),
            Self::File(message) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                json!({"message": message}),
            ),
        };
        let mut response = crate::response::json(body.to_string());
        *response.status_mut() = status;
        response
    }
}
