//! Errors in Grafana's shape: the only place where an error of the metadata becomes an HTTP status.

use crate::access::retry_after;
use crate::error::ApiError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use metadata::{Current, Error, Kind};
use model::DurationMs;
use serde_json::json;

/// What is said where the metadata are not there.
pub(crate) const UNREACHABLE: &str = "The database of dashboards, users and rules cannot be reached. \
    Metrics and alerts go on; the server keeps trying, and its log says why";

/// An error answer: `message`, and where Grafana has one, the word of `status`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GrafanaError {
    status: StatusCode,
    message: String,
    word: Option<&'static str>,
    retry_after: Option<DurationMs>,
}

impl GrafanaError {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            word: None,
            retry_after: None,
        }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    pub(crate) fn login_needed() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized")
    }

    pub(crate) fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Access denied")
    }

    pub(crate) fn starting() -> Self {
        let words = "The server is still opening its metadata";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, words)
    }

    pub(crate) fn unreachable() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, UNREACHABLE)
    }

    /// Something of which there may be one only, or that somebody changed.
    pub(crate) fn conflict(word: &'static str, message: &str) -> Self {
        Self {
            word: Some(word),
            ..Self::new(StatusCode::PRECONDITION_FAILED, message)
        }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }
}

impl From<Error> for GrafanaError {
    fn from(error: Error) -> Self {
        let status = match &error {
            Error::NotFound { kind, .. } => {
                return Self::not_found(format!("{} not found", name(*kind)));
            }
            Error::AlreadyExists { kind, id } => return already_exists(*kind, id),
            Error::Conflict { current, .. } => {
                return Self::conflict(
                    "version-mismatch",
                    match current {
                        Current::Dashboard(_) => "The dashboard has been changed by someone else",
                        Current::Folder(_) => "The folder has been changed by someone else",
                        _ => "It has been changed by someone else",
                    },
                );
            }
            Error::NotEmpty { .. } | Error::LastAdmin { .. } | Error::Invalid { .. } => {
                StatusCode::BAD_REQUEST
            }
            Error::LoginRefused => {
                return Self::new(StatusCode::UNAUTHORIZED, "Invalid username or password");
            }
            Error::TooManyLogins { retry_after } => {
                let words = "Too many failed logins, try again later";
                return Self {
                    retry_after: Some(*retry_after),
                    ..Self::new(StatusCode::TOO_MANY_REQUESTS, words)
                };
            }
            error if error.is_outage() => {
                tracing::error!(%error, "the metadata cannot be reached");
                return Self::unreachable();
            }
            error => {
                // What the database says is for the log, not for whoever asks.
                tracing::error!(%error, "request failed");
                let words = "Internal server error";
                return Self::new(StatusCode::INTERNAL_SERVER_ERROR, words);
            }
        };
        Self::new(status, error.to_string())
    }
}

fn already_exists(kind: Kind, id: &str) -> GrafanaError {
    match kind {
        Kind::Dashboard => GrafanaError::conflict(
            "name-exists",
            "A dashboard with the same uid already exists",
        ),
        Kind::Folder => GrafanaError::conflict(
            "name-exists",
            "a folder with the same name already exists in the current location",
        ),
        kind => {
            let words = format!("{} `{id}` already exists", name(kind));
            GrafanaError::new(StatusCode::CONFLICT, words)
        }
    }
}

/// The word for it at the beginning of a sentence.
fn name(kind: Kind) -> String {
    match kind {
        Kind::Dashboard => "Dashboard".to_owned(),
        Kind::DashboardVersion => "Dashboard version".to_owned(),
        Kind::ServiceAccount => "Service account".to_owned(),
        kind => {
            let word = kind.to_string();
            let mut letters = word.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            first.into_iter().chain(letters).collect()
        }
    }
}

impl From<dashboard::Error> for GrafanaError {
    fn from(error: dashboard::Error) -> Self {
        Self::bad_request(error.to_string())
    }
}

impl From<ApiError> for GrafanaError {
    fn from(error: ApiError) -> Self {
        Self::new(error.status(), error.message)
    }
}

impl IntoResponse for GrafanaError {
    fn into_response(self) -> Response {
        let mut body = json!({"message": self.message});
        if let (Some(word), Some(object)) = (self.word, body.as_object_mut()) {
            object.insert("status".to_owned(), word.into());
        }
        let kind = HeaderValue::from_static("application/json; charset=UTF-8");
        let headers = [(header::CONTENT_TYPE, kind)];
        let mut response = (self.status, headers, body.to_string()).into_response();
        if let Some(wait) = self.retry_after {
            retry_after(response.headers_mut(), wait);
        }
        response
    }
}
