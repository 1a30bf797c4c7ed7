//! Bodies of requests, and small things of answers.

use super::GrafanaError;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, Utc};
use model::TimestampMs;
use serde_json::{Map, Value};

/// Largest body: a dashboard of the largest size, with some more around it. Units: bytes.
const MAX_BYTES: usize = 10 << 20;

/// A body that is a JSON object.
#[derive(Debug, Clone, Default)]
pub(super) struct Object(pub(super) Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for Object {
    type Rejection = GrafanaError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, GrafanaError> {
        let bytes = body_bytes(request.into_body(), MAX_BYTES).await?;
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(object)) => Ok(Self(object)),
            Ok(_) => Err(GrafanaError::bad_request("bad request data: no object")),
            Err(error) => Err(GrafanaError::bad_request(format!(
                "bad request data: {error}"
            ))),
        }
    }
}

impl Object {
    /// A field that is not null.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text; `None` if it is not there.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    /// A text; empty if it is not there.
    pub(super) fn words(&self, name: &str) -> String {
        self.text(name).unwrap_or_default().to_owned()
    }

    /// A whole number.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.get(name).and_then(Value::as_i64)
    }

    /// A switch; off if it is not there.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    /// The texts of a list.
    pub(super) fn texts(&self, name: &str) -> Option<Vec<String>> {
        let list = self.get(name)?.as_array()?;
        let texts = list.iter().filter_map(Value::as_str);
        Some(texts.map(str::to_owned).collect())
    }
}

/// The whole body, if it is not larger than `most`.
pub(crate) async fn body_bytes(body: Body, most: usize) -> Result<Bytes, GrafanaError> {
    let too_large = |_| {
        let words = format!("the body is larger than {most} bytes");
        GrafanaError::new(StatusCode::PAYLOAD_TOO_LARGE, words)
    };
    to_bytes(body, most).await.map_err(too_large)
}

/// An answer of JSON.
pub(super) fn answer(value: &Value) -> Response {
    crate::response::json(value.to_string())
}

/// An answer that says that it is done.
pub(super) fn done(message: &str) -> Response {
    answer(&serde_json::json!({"message": message}))
}

/// A time in the form that Grafana's API has.
pub(super) fn time(time: TimestampMs) -> String {
    let time: Option<DateTime<Utc>> = DateTime::from_timestamp_millis(time.0);
    time.map_or_else(String::new, |time| {
        time.to_rfc3339_opts(SecondsFormat::Secs, true)
    })
}

/// A title in the form that addresses have: words joined by `-`.
pub(super) fn slug(title: &str) -> String {
    let mut slug = String::new();
    for letter in title.chars() {
        if letter.is_alphanumeric() {
            slug.extend(letter.to_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "-" } else { slug }.to_owned()
}

/// The address of a dashboard's page.
pub(super) fn dashboard_url(uid: &str, title: &str) -> String {
    let slug: String = form_urlencoded::byte_serialize(slug(title).as_bytes()).collect();
    format!("/d/{uid}/{slug}")
}

/// The address of a folder's page.
pub(super) fn folder_url(uid: &str, title: &str) -> String {
    let slug: String = form_urlencoded::byte_serialize(slug(title).as_bytes()).collect();
    format!("/dashboards/f/{uid}/{slug}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_words_of_an_address() {
        for (title, slug_) in [
            ("Node Exporter Full", "node-exporter-full"),
            ("  CPU / Memory (%)  ", "cpu-memory"),
            ("<script>", "script"),
            ("???", "-"),
        ] {
            assert_eq!(slug(title), slug_, "{title}");
        }
        assert_eq!(dashboard_url("u", "Größe"), "/d/u/gr%C3%B6%C3%9Fe");
    }
}
