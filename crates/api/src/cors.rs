//! Which pages from elsewhere may read answers.

use crate::state::ApiState;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use model::{MatchOp, Matcher};
use std::sync::Arc;
use storage::CompiledMatcher;

/// `--web.cors.origin`: a regular expression of origins that may read answers.
#[derive(Debug, Clone)]
pub struct CorsOrigins(Option<CompiledMatcher>);

/// The expression that allows everybody.
const ANY: &str = ".*";

impl CorsOrigins {
    /// Origins that `regex` matches as a whole.
    ///
    /// # Errors
    /// [`storage::Error::BadRegex`] where it is none.
    pub fn new(regex: &str) -> storage::Result<Self> {
        if regex == ANY {
            return Ok(Self(None));
        }
        let matcher = Matcher {
            name: "origin".to_owned(),
            op: MatchOp::Regex,
            value: regex.to_owned(),
        };
        CompiledMatcher::compile(&matcher).map(|regex| Self(Some(regex)))
    }

    /// What an answer to a page of `origin` says, if it may read it.
    fn allowed(&self, origin: &HeaderValue) -> Option<HeaderValue> {
        match &self.0 {
            None => Some(HeaderValue::from_static("*")),
            Some(regex) => {
                let matches = origin.to_str().is_ok_and(|text| regex.matches(text));
                matches.then(|| origin.clone())
            }
        }
    }
}

/// Adds what lets pages from elsewhere read answers.
pub(crate) async fn cross_origin(
    State(state): State<Arc<ApiState>>,
    request: Request,
    next: Next,
) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = next.run(request).await;
    allow(&state.cors, origin.as_ref(), response.headers_mut());
    response
}

fn allow(origins: &CorsOrigins, origin: Option<&HeaderValue>, headers: &mut HeaderMap) {
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    let Some(origin) = origin else { return };
    let told: [(HeaderName, &'static str); 3] = [
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "Accept, Authorization, Content-Type, Origin",
        ),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS"),
        (header::ACCESS_CONTROL_EXPOSE_HEADERS, "Date"),
    ];
    for (name, value) in told {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(allowed) = origins.allowed(origin) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(regex: &str, origin: &'static str) -> Option<String> {
        let mut headers = HeaderMap::new();
        let origin = HeaderValue::from_static(origin);
        allow(
            &CorsOrigins::new(regex).unwrap(),
            Some(&origin),
            &mut headers,
        );
        assert_eq!(headers["vary"], "Origin");
        let allowed = headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        allowed.map(|value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn origins_match_as_a_whole() {
        assert_eq!(allowed(ANY, "http://any.where").as_deref(), Some("*"));
        let regex = r"https?://(a|b)\.example";
        let origin = "https://a.example";
        assert_eq!(allowed(regex, origin).as_deref(), Some(origin));
        assert_eq!(allowed(regex, "https://a.example.evil"), None);
        assert!(CorsOrigins::new("(").is_err());
    }
}
