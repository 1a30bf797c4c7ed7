//! Errors as clients see them: the only place where an error becomes an HTTP status.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The kinds of errors that the API knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request is wrong.
    BadData,
    /// The query is right but cannot be evaluated.
    Execution,
    /// The client went away.
    Canceled,
    /// The query took too long.
    Timeout,
    /// The storage failed.
    Internal,
    /// The server cannot answer now.
    Unavailable,
    /// There is no such thing.
    NotFound,
    /// The client takes no JSON.
    NotAcceptable,
    /// The method is not for this path.
    MethodNotAllowed,
    /// Not without a login.
    LoginNeeded,
    /// Not for this sender.
    Forbidden,
    /// Not so often.
    TooManyRequests,
}

impl ErrorKind {
    /// The `errorType` and the status. Source: `respondError` in Prometheus' `web/api/v1/api.go`.
    fn wire(self) -> (&'static str, StatusCode) {
        match self {
            Self::BadData => ("bad_data", StatusCode::BAD_REQUEST),
            Self::Execution => ("execution", StatusCode::UNPROCESSABLE_ENTITY),
            Self::Canceled => {
                // Not in the registry of statuses; nginx's number for "client closed request".
                (
                    "canceled",
                    StatusCode::from_u16(499).unwrap_or(StatusCode::BAD_REQUEST),
                )
            }
            Self::Timeout => ("timeout", StatusCode::SERVICE_UNAVAILABLE),
            Self::Internal => ("internal", StatusCode::INTERNAL_SERVER_ERROR),
            // Not 503: what Prometheus answers.
            Self::Unavailable => ("unavailable", StatusCode::INTERNAL_SERVER_ERROR),
            Self::NotFound => ("not_found", StatusCode::NOT_FOUND),
            Self::NotAcceptable => ("not_acceptable", StatusCode::NOT_ACCEPTABLE),
            Self::MethodNotAllowed => ("bad_data", StatusCode::METHOD_NOT_ALLOWED),
            Self::LoginNeeded => ("unauthorized", StatusCode::UNAUTHORIZED),
            Self::Forbidden => ("forbidden", StatusCode::FORBIDDEN),
            Self::TooManyRequests => ("too_many_requests", StatusCode::TOO_MANY_REQUESTS),
        }
    }
}

/// An error answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// Its kind.
    pub kind: ErrorKind,
    /// What is wrong, for people.
    pub message: String,
}

impl ApiError {
    /// An error of this kind.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// The HTTP status.
    pub(crate) fn status(&self) -> StatusCode {
        self.kind.wire().1
    }

    /// A parameter that cannot be used.
    pub(crate) fn parameter(name: &str, cause: impl std::fmt::Display) -> Self {
        Self::new(
            ErrorKind::BadData,
            format!("invalid parameter \"{name}\": {cause}"),
        )
    }
}

impl From<promql::Error> for ApiError {
    fn from(error: promql::Error) -> Self {
        let kind = match &error {
            promql::Error::Timeout => ErrorKind::Timeout,
            promql::Error::Canceled => ErrorKind::Canceled,
            promql::Error::Storage(storage) => return Self::from_storage(storage),
            _ => ErrorKind::Execution,
        };
        Self::new(kind, error.to_string())
    }
}

impl From<storage::Error> for ApiError {
    fn from(error: storage::Error) -> Self {
        Self::from_storage(&error)
    }
}

impl ApiError {
    fn from_storage(error: &storage::Error) -> Self {
        let kind = match error {
            storage::Error::BadRegex { .. } => ErrorKind::BadData,
            _ => ErrorKind::Internal,
        };
        Self::new(kind, error.to_string())
    }
}

impl ApiError {
    /// The error as JSON; noted in the log if it is the server's own.
    pub(crate) fn envelope(self) -> String {
        if self.kind == ErrorKind::Internal {
            tracing::error!(error = %self.message, "request failed");
        }
        let (name, _) = self.kind.wire();
        let envelope = api_types::Envelope::<()>::error(name, self.message);
        // Texts always have a JSON form.
        serde_json::to_string(&envelope).unwrap_or_default()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (_, status) = self.kind.wire();
        let json = HeaderValue::from_static("application/json");
        (status, [(header::CONTENT_TYPE, json)], self.envelope()).into_response()
    }
}
