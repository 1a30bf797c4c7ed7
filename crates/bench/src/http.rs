//! The HTTP client: one connection kept alive per server, bodies read whole, nothing compressed.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// A client that waits for an answer no longer than `patience`.
pub(crate) fn agent(patience: Duration) -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(patience))
        .max_idle_age(Duration::from_hours(1))
        .build()
        .new_agent()
}

/// The body of `url`, and how long it took to arrive.
///
/// # Errors
/// If there is no answer or one other than success.
pub(crate) fn get(agent: &ureq::Agent, url: &str) -> Result<(Vec<u8>, Duration)> {
    let begin = Instant::now();
    let mut answer = agent
        .get(url)
        .call()
        .with_context(|| format!("GET {url}"))?;
    let body = answer
        .body_mut()
        .with_config()
        .limit(u64::MAX)
        .read_to_vec()
        .with_context(|| format!("body of {url}"))?;
    let took = begin.elapsed();
    if !answer.status().is_success() {
        let text = String::from_utf8_lossy(&body);
        bail!("{} from {url}: {}", answer.status(), text.trim());
    }
    Ok((body, took))
}

/// `text` as a part of a query string.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// The value of an instant query that has one number for an answer; nothing if its answer is empty.
///
/// # Errors
/// If the query fails or its answer is not a vector.
pub(crate) fn number(
    agent: &ureq::Agent,
    base: &str,
    query: &str,
    at_ms: i64,
) -> Result<Option<f64>> {
    let query = escape(query);
    let url = format!("{base}/api/v1/query?query={query}&time={}", seconds(at_ms));
    let (body, _) = get(agent, &url)?;
    let json: Value = serde_json::from_slice(&body).with_context(|| format!("answer of {url}"))?;
    let result = json.pointer("/data/result").and_then(Value::as_array);
    let result = result.with_context(|| format!("{url} answered no vector"))?;
    let text = result.first().and_then(|first| first.pointer("/value/1"));
    Ok(text
        .and_then(Value::as_str)
        .and_then(|text| text.parse().ok()))
}

/// Milliseconds as the seconds that the query API takes.
pub(crate) fn seconds(ms: i64) -> String {
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_survives_the_query_string() {
        assert_eq!(escape(r#"a{b="c d"}+"#), "a%7Bb%3D%22c%20d%22%7D%2B");
        assert_eq!(seconds(1_700_000_000_050), "1700000000.050");
    }
}
