//! Calls of Grafana's API and of the server's own, which answer with plain JSON.

use app::data::{UiError, early, fetch};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use std::future::Future;
use wasm_bindgen::JsValue;
use web_sys::{AbortSignal, RequestInit};

/// How something stands that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Load<T> {
    /// On its way.
    Waiting,
    /// There.
    Ready(T),
    /// Not to be had.
    Failed(UiError),
}

impl<T> Load<T> {
    /// What is there.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            _ => None,
        }
    }
}

/// Starts a call whose result goes to `place`; what was there stays until then. For the browser only.
pub fn load<T: Send + Sync + 'static>(
    place: RwSignal<Load<T>>,
    call: impl Future<Output = Result<T, UiError>> + 'static,
) {
    spawn_local(async move {
        let loaded = match call.await {
            Ok(value) => Load::Ready(value),
            Err(error) => Load::Failed(error),
        };
        // The page may have gone meanwhile.
        let _ = place.try_set(loaded);
    });
}

/// Asks `path` for JSON, unless the page has asked for it before it had a program.
///
/// # Errors
/// As [`UiError`] tells them.
pub async fn get(path: &str) -> Result<Value, UiError> {
    if let Some(answered) = early(path).await {
        let (status, text) = answered?;
        return answer(status, &text);
    }
    send("GET", path, None, None).await
}

/// Sends a request, with JSON if there is something to send. An empty answer is `null`.
///
/// # Errors
/// As [`UiError`] tells them; the kind of a refusal is its word, such as `version-mismatch`, or its status.
pub async fn send(
    method: &str,
    path: &str,
    body: Option<&Value>,
    signal: Option<&AbortSignal>,
) -> Result<Value, UiError> {
    let (status, text) = exchange(method, path, body, signal).await?;
    answer(status, &text)
}

/// Sends a request, with JSON if there is something to send; gives the status and the text of the answer.
///
/// # Errors
/// No answer came.
pub(crate) async fn exchange(
    method: &str,
    path: &str,
    body: Option<&Value>,
    signal: Option<&AbortSignal>,
) -> Result<(u16, String), UiError> {
    let init = RequestInit::new();
    init.set_method(method);
    let headers = js_sys::Object::new();
    let set = |name: &str, value: &str| {
        // A plain object takes any property.
        let _ = js_sys::Reflect::set(
            &headers,
            &JsValue::from_str(name),
            &JsValue::from_str(value),
        );
    };
    set("x-requested-with", "watchfire");
    if let Some(body) = body {
        set("content-type", "application/json");
        init.set_body(&JsValue::from_str(&body.to_string()));
    }
    init.set_headers(&headers);
    fetch(path, &init, signal).await
}

fn answer(status: u16, text: &str) -> Result<Value, UiError> {
    if text.trim().is_empty() && status < 300 {
        return Ok(Value::Null);
    }
    let value: Value = serde_json::from_str(text).map_err(|error| UiError::Unreadable {
        status,
        reason: error.to_string(),
    })?;
    if status < 300 {
        return Ok(value);
    }
    let word = |name: &str| value.get(name).and_then(Value::as_str);
    Err(UiError::Refused {
        kind: word("status").map_or_else(|| status.to_string(), str::to_owned),
        message: word("message").or(word("error")).unwrap_or(text).to_owned(),
    })
}

/// A text of an answer; empty where there is none.
pub fn text_of<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A yes or no of an answer; no where there is none.
pub fn is(value: &Value, name: &str) -> bool {
    value.get(name).and_then(Value::as_bool).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_keeps_its_word_and_its_message() {
        let got = answer(412, r#"{"message":"changed","status":"version-mismatch"}"#);
        assert_eq!(
            got,
            Err(UiError::Refused {
                kind: "version-mismatch".into(),
                message: "changed".into()
            })
        );
        let got = answer(404, r#"{"message":"Dashboard not found"}"#);
        assert!(matches!(got, Err(UiError::Refused { kind, .. }) if kind == "404"));
    }

    #[test]
    fn what_is_no_json_is_said_to_be_unreadable() {
        assert!(matches!(
            answer(502, "<html>"),
            Err(UiError::Unreadable { status: 502, .. })
        ));
        assert_eq!(answer(200, ""), Ok(Value::Null));
    }
}
