//! Noes, in the words of whichever API was asked.

use super::door::BEHIND_A_PROXY;
use crate::error::{ApiError, ErrorKind};
use crate::grafana::GrafanaError;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use metadata::access::Decision;
use model::DurationMs;

/// Why a request was refused before its handler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Not without a login.
    LoginNeeded,
    /// The same, where nobody has one and none was thought to be needed.
    BehindAProxy,
    /// A token or password of nobody.
    WrongCredentials,
    /// Not for this sender.
    Forbidden,
    /// The route has no line in the table.
    NoRule,
    /// The path takes other methods.
    WrongMethod,
    /// A page of another site sent it.
    Forged,
    /// Too many wrong passwords.
    TooManyLogins(DurationMs),
    /// Who it is cannot be found out yet.
    Starting,
    /// Who it is cannot be found out while the database of users cannot be reached.
    Unreachable,
    /// Who it is cannot be found out; told in the log.
    Failed,
}

impl From<metadata::Error> for Refusal {
    fn from(error: metadata::Error) -> Self {
        if let metadata::Error::TooManyLogins { retry_after } = error {
            return Self::TooManyLogins(retry_after);
        }
        tracing::error!(%error, "cannot find out who sent a request");
        if error.is_outage() {
            return Self::Unreachable;
        }
        Self::Failed
    }
}

impl Refusal {
    /// What a decision refuses, if it does.
    pub(super) fn of(decision: Decision) -> Option<Self> {
        match decision {
            Decision::Allow => None,
            Decision::LoginNeeded => Some(Self::LoginNeeded),
            Decision::Forbidden => Some(Self::Forbidden),
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::LoginNeeded | Self::BehindAProxy | Self::WrongCredentials => {
                StatusCode::UNAUTHORIZED
            }
            Self::Forbidden | Self::NoRule | Self::Forged => StatusCode::FORBIDDEN,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooManyLogins(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Starting | Self::Unreachable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn words(&self) -> &'static str {
        match self {
            Self::LoginNeeded => "Unauthorized",
            Self::BehindAProxy => BEHIND_A_PROXY,
            Self::WrongCredentials => "Invalid username, password or token",
            Self::Forbidden => "Access denied",
            Self::NoRule => "Access denied: nobody may use this address",
            Self::WrongMethod => "Method not allowed",
            Self::Forged => "Origin not allowed",
            Self::TooManyLogins(_) => "Too many failed logins, try again later",
            Self::Starting => "The server is still opening its metadata",
            Self::Unreachable => crate::grafana::UNREACHABLE,
            Self::Failed => "Internal server error",
        }
    }

    /// The answer to whoever asked at `asked`.
    pub(super) fn answer(self, asked: &Asked) -> Response {
        let status = self.status();
        let mut response = if asked.is_prometheus() {
            let kind = match &self {
                Self::LoginNeeded | Self::BehindAProxy | Self::WrongCredentials => {
                    ErrorKind::LoginNeeded
                }
                Self::WrongMethod => ErrorKind::MethodNotAllowed,
                Self::TooManyLogins(_) => ErrorKind::TooManyRequests,
                Self::Starting | Self::Unreachable => ErrorKind::Unavailable,
                Self::Failed => ErrorKind::Internal,
                Self::Forbidden | Self::NoRule | Self::Forged => ErrorKind::Forbidden,
            };
            ApiError::new(kind, self.words()).into_response()
        } else if asked.is_api() {
            GrafanaError::new(status, self.words()).into_response()
        } else if self == Self::LoginNeeded && asked.wants_page {
            let back: String =
                form_urlencoded::byte_serialize(asked.path_and_query.as_bytes()).collect();
            Redirect::to(&format!("/login?redirectTo={back}")).into_response()
        } else {
            (status, format!("{}\n", self.words())).into_response()
        };
        if let Self::TooManyLogins(wait) = self {
            retry_after(response.headers_mut(), wait);
        }
        // A browser would ask with a window of its own, where our page is to ask.
        if response.status() == StatusCode::UNAUTHORIZED && !asked.is_browser {
            let challenge = HeaderValue::from_static("Basic realm=\"Watchfire\"");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// Says when the next try may come. Units: whole seconds, rounded up.
pub(crate) fn retry_after(headers: &mut HeaderMap, wait: DurationMs) {
    let seconds = wait.0.max(0).div_euclid(1000) + 1;
    headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
}

/// What of a request decides how a no is worded.
pub(super) struct Asked {
    path: String,
    path_and_query: String,
    wants_page: bool,
    is_browser: bool,
}

impl Asked {
    pub(super) fn of(request: &Request) -> Self {
        let headers = request.headers();
        let accepts_page = headers
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.contains("text/html"));
        let uri = request.uri();
        Self {
            path: uri.path().to_owned(),
            path_and_query: uri
                .path_and_query()
                .map_or_else(|| uri.path().to_owned(), ToString::to_string),
            wants_page: accepts_page && matches!(*request.method(), Method::GET | Method::HEAD),
            is_browser: headers.contains_key("sec-fetch-site"),
        }
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    fn is_prometheus(&self) -> bool {
        self.path.starts_with("/api/v1/") || self.path == "/api/watchfire/explain"
    }

    /// Whether the address is of Grafana's API, or of ours in its style. Pictures are: who may see a folder may
    /// see pictures of it.
    pub(super) fn is_api(&self) -> bool {
        !self.is_prometheus()
            && (self.path.starts_with("/api/")
                || self.path.starts_with("/render/")
                || matches!(&*self.path, "/login" | "/logout"))
    }
}
