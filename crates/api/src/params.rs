//! Parameters of a call: the query string, and the form in the body of a POST.

use crate::error::{ApiError, ErrorKind};
use crate::origin::Origin;
use crate::time::{parse_duration, parse_time};
use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{Method, header};
use model::{DurationMs, Matcher, TimestampMs};
use storage::Matchers;

/// A larger form is refused. Source: Go's default for parsed forms.
const MAX_FORM_BYTES: usize = 10 << 20;

/// Names and values in the order in which they came, the body's before the query string's.
#[derive(Debug, Default)]
pub(crate) struct Params {
    pairs: Vec<(String, String)>,
    /// Who asks.
    pub(crate) origin: Origin,
}

impl<S: Send + Sync> FromRequest<S> for Params {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let origin = Origin::of(&request);
        let mut pairs = Vec::new();
        let is_form = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
        if request.method() == Method::POST && is_form {
            let body = to_bytes(request.into_body(), MAX_FORM_BYTES)
                .await
                .map_err(|_| {
                    let limit = MAX_FORM_BYTES >> 20;
                    ApiError::new(
                        ErrorKind::BadData,
                        format!("error parsing form values: larger than {limit} MiB"),
                    )
                })?;
            pairs.extend(form_urlencoded::parse(&body).into_owned());
        }
        pairs.extend(form_urlencoded::parse(query.as_bytes()).into_owned());
        Ok(Self { pairs, origin })
    }
}

impl Params {
    /// The first value of `name`; an empty one counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(have, _)| have == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// All values of `name`.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs
            .iter()
            .filter(move |(have, _)| have == name)
            .map(|(_, value)| value.as_str())
    }

    /// A time that must be there.
    pub(crate) fn time(&self, name: &str) -> Result<TimestampMs, ApiError> {
        let text = self.get(name).unwrap_or_default();
        parse_time(text).map_err(|error| ApiError::parameter(name, error))
    }

    /// A time that may be left out.
    pub(crate) fn time_or(
        &self,
        name: &str,
        default: TimestampMs,
    ) -> Result<TimestampMs, ApiError> {
        let Some(text) = self.get(name) else {
            return Ok(default);
        };
        parse_time(text).map_err(|error| {
            let cause = format!("invalid time value for '{name}': {error}");
            ApiError::parameter(name, cause)
        })
    }

    /// A length of time that must be there.
    pub(crate) fn duration(&self, name: &str) -> Result<DurationMs, ApiError> {
        let text = self.get(name).unwrap_or_default();
        parse_duration(text).map_err(|error| ApiError::parameter(name, error))
    }

    /// A length of time that may be left out.
    pub(crate) fn optional_duration(&self, name: &str) -> Result<Option<DurationMs>, ApiError> {
        self.get(name).map(|_| self.duration(name)).transpose()
    }

    /// `limit`: at most so many results; `None` without limit.
    pub(crate) fn limit(&self) -> Result<Option<usize>, ApiError> {
        let Some(text) = self.get("limit") else {
            return Ok(None);
        };
        match text.parse::<usize>() {
            Ok(limit) => Ok(Some(limit).filter(|limit| *limit > 0)),
            Err(_) => Err(ApiError::parameter(
                "limit",
                "limit must be a non-negative number",
            )),
        }
    }

    /// The selectors of `match[]`; the error is for [`ErrorKind::BadData`].
    pub(crate) fn selectors(&self) -> Result<Vec<Matchers>, String> {
        self.all("match[]").map(selector).collect()
    }
}

/// The matchers that `text` spells, or why it is no selector.
pub(crate) fn selector(text: &str) -> Result<Matchers, String> {
    let matchers: Vec<Matcher> =
        promql_syntax::parse_selector(text).map_err(|error| error.to_string())?;
    Matchers::compile(&matchers).map_err(|error| error.to_string())
}
