//! Calls of our own API, each asked once for a picture.

use super::super::body::body_bytes;
use super::super::{GrafanaError, GrafanaState};
use api_types::QueryData;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use render::{Call, Question, Reply};
use serde_json::Value;
use std::collections::HashMap;

/// Queries of one picture.
const MOST_QUERIES: usize = 500;
/// Largest answer of one call. Units: bytes.
const ANSWER_BYTES: usize = 64 << 20;

/// What came of a question; why nothing did is in words.
pub(super) type Replied = Result<Reply, String>;

/// Asks for a picture.
pub(super) struct Asker<'a> {
    state: &'a GrafanaState,
    replies: HashMap<Question, Replied>,
}

impl<'a> Asker<'a> {
    pub(super) fn new(state: &'a GrafanaState) -> Self {
        Self {
            state,
            replies: HashMap::new(),
        }
    }

    /// The answer to a question.
    pub(super) async fn reply(&mut self, question: &Question) -> Replied {
        if let Some(reply) = self.replies.get(question) {
            return reply.clone();
        }
        if self.replies.len() >= MOST_QUERIES {
            return Err(format!("more than {MOST_QUERIES} queries in one picture"));
        }
        let reply = self.ask(question).await;
        self.replies.insert(question.clone(), reply.clone());
        reply
    }

    async fn ask(&self, question: &Question) -> Replied {
        let to = seconds(question.to);
        let expr = question.expr.clone();
        let call = match question.step {
            None => Call::Post(
                "/api/v1/query".to_owned(),
                vec![("query", expr), ("time", to)],
            ),
            Some(step) => Call::Post(
                "/api/v1/query_range".to_owned(),
                vec![
                    ("query", expr),
                    ("start", seconds(question.from)),
                    ("end", to),
                    ("step", seconds(step)),
                ],
            ),
        };
        let words = |error: GrafanaError| error.message().to_owned();
        let bytes = self.call(&call).await.map_err(words)?;
        let answer: Answer = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
        Ok(Reply::from(&answer.data))
    }

    /// The `data` of a call's answer.
    pub(super) async fn data(&self, call: &Call) -> Result<Value, GrafanaError> {
        let bytes = self.call(call).await?;
        let mut body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        Ok(body.get_mut("data").map(Value::take).unwrap_or_default())
    }

    async fn call(&self, call: &Call) -> Result<Vec<u8>, GrafanaError> {
        let encoded = |pairs: &[(&str, String)]| {
            form_urlencoded::Serializer::new(String::new())
                .extend_pairs(pairs)
                .finish()
        };
        let request = match call {
            Call::Get(path, pairs) => Request::builder()
                .uri(format!("{path}?{}", encoded(pairs)))
                .body(Body::empty()),
            Call::Post(path, form) => Request::builder()
                .method(Method::POST)
                .uri(path)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(encoded(form))),
        };
        let request = request.map_err(|error| GrafanaError::bad_request(error.to_string()))?;
        let response = self.state.hand_over(request).await;
        let status = response.status();
        let bytes = body_bytes(response.into_body(), ANSWER_BYTES).await?;
        if status == StatusCode::OK {
            return Ok(bytes.into());
        }
        let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let error = body.get("error").and_then(Value::as_str);
        Err(GrafanaError::new(status, error.unwrap_or("query failed")))
    }
}

/// An answer of our own API.
#[derive(serde::Deserialize)]
struct Answer {
    data: QueryData,
}

fn seconds(ms: i64) -> String {
    format!("{}.{:03}", ms.div_euclid(1000), ms.rem_euclid(1000))
}
