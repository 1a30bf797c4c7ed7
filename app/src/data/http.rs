//! The HTTP API, from the browser.

use crate::data::UiError;
use crate::site::at;
use crate::state::query_string;
use api_types::{Envelope, Status};
use js_sys::{Promise, Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, ReadableStreamDefaultReader, RequestInit, Response};

/// What a successful call brings.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<T> {
    /// The data.
    pub data: T,
    /// Things that may make the data wrong.
    pub warnings: Vec<String>,
    /// Hints about the query.
    pub infos: Vec<String>,
}

/// Asks `path`.
///
/// # Errors
/// As [`UiError`] tells them.
pub async fn get<T: DeserializeOwned>(
    path: &str,
    signal: Option<&AbortSignal>,
) -> Result<Answer<T>, UiError> {
    call(path, &RequestInit::new(), signal).await
}

/// Asks `path` with a form, which has no limit of length as addresses have.
///
/// # Errors
/// As [`UiError`] tells them.
pub async fn post<T: DeserializeOwned>(
    path: &str,
    form: &[(&str, &str)],
    signal: Option<&AbortSignal>,
) -> Result<Answer<T>, UiError> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&JsValue::from_str(&query_string(form.iter().copied())));
    let headers = js_sys::Object::new();
    let kind = JsValue::from_str("application/x-www-form-urlencoded");
    Reflect::set(&headers, &JsValue::from_str("content-type"), &kind).map_err(|e| broken(&e))?;
    init.set_headers(&headers);
    call(path, &init, signal).await
}

async fn call<T: DeserializeOwned>(
    path: &str,
    init: &RequestInit,
    signal: Option<&AbortSignal>,
) -> Result<Answer<T>, UiError> {
    let (status, body) = fetch(path, init, signal).await?;
    read(status, &body)
}

/// Asks `path` for the status and the text of its answer.
///
/// # Errors
/// [`UiError::Unreachable`] or [`UiError::Cancelled`].
pub async fn fetch(
    path: &str,
    init: &RequestInit,
    signal: Option<&AbortSignal>,
) -> Result<(u16, String), UiError> {
    read_response(promise(path, init, signal)?).await
}

/// Asks `path` for the pieces of its answer, each of which goes to `take` as it comes. An answer that is no
/// success is not taken: it is an error, as its text tells it.
///
/// # Errors
/// As [`UiError`] tells them.
pub async fn stream(
    path: &str,
    init: &RequestInit,
    signal: Option<&AbortSignal>,
    mut take: impl FnMut(&[u8]),
) -> Result<(), UiError> {
    let response = response(promise(path, init, signal)?).await?;
    if !response.ok() {
        let (status, text) = text_of(&response).await?;
        let refused = read::<serde_json::Value>(status, &text).err();
        return Err(refused.unwrap_or(UiError::Unreadable {
            status,
            reason: text,
        }));
    }
    let Some(body) = response.body() else {
        return Ok(());
    };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    loop {
        let piece = JsFuture::from(reader.read())
            .await
            .map_err(|e| broken(&e))?;
        let part = |name: &str| Reflect::get(&piece, &JsValue::from_str(name));
        let value = part("value").map_err(|e| broken(&e))?;
        // Without a value the stream has ended.
        let Ok(bytes) = value.dyn_into::<Uint8Array>() else {
            return Ok(());
        };
        take(&bytes.to_vec());
    }
}

fn promise(
    path: &str,
    init: &RequestInit,
    signal: Option<&AbortSignal>,
) -> Result<Promise, UiError> {
    init.set_signal(signal);
    let window = web_sys::window().ok_or(UiError::NoBackend)?;
    Ok(window.fetch_with_str_and_init(&at(path), init))
}

async fn response(promise: Promise) -> Result<Response, UiError> {
    let response = JsFuture::from(promise).await.map_err(|e| broken(&e))?;
    response.dyn_into().map_err(|e| broken(&e))
}

/// The status and the text of an answer that was asked for.
pub(crate) async fn read_response(promise: Promise) -> Result<(u16, String), UiError> {
    text_of(&response(promise).await?).await
}

async fn text_of(response: &Response) -> Result<(u16, String), UiError> {
    let text = JsFuture::from(response.text().map_err(|e| broken(&e))?)
        .await
        .map_err(|e| broken(&e))?;
    Ok((response.status(), text.as_string().unwrap_or_default()))
}

/// Asks for a change: `method` on `path` with a form. The answer may be empty.
///
/// # Errors
/// As [`UiError`] tells them.
pub async fn change(method: &str, path: &str, form: &[(&str, &str)]) -> Result<(), UiError> {
    let init = RequestInit::new();
    init.set_method(method);
    // Parameters stand in the address, so that no method needs a body.
    let address = match query_string(form.iter().copied()) {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    };
    let (status, body) = fetch(&address, &init, None).await?;
    if status == 204 {
        return Ok(());
    }
    read::<serde_json::Value>(status, &body).map(|_| ())
}

/// The answer in `body`, or the error that it tells.
///
/// # Errors
/// [`UiError::Refused`] or [`UiError::Unreadable`].
pub fn read<T: DeserializeOwned>(status: u16, body: &str) -> Result<Answer<T>, UiError> {
    let unreadable = |reason: String| UiError::Unreadable { status, reason };
    // Proxies answer with pages of their own; their text is worth showing.
    // The envelope is read once for all kinds of data: less code than one envelope for each of them.
    let envelope: Envelope<&RawValue> = serde_json::from_str(body).map_err(|error| {
        let start: String = body.trim().chars().take(200).collect();
        if status >= 400 && !start.is_empty() {
            unreadable(start)
        } else {
            unreadable(error.to_string())
        }
    })?;
    match (envelope.status, envelope.data) {
        (Status::Success, Some(data)) => Ok(Answer {
            data: serde_json::from_str(data.get())
                .map_err(|error| unreadable(error.to_string()))?,
            warnings: envelope.warnings,
            infos: envelope.infos,
        }),
        (Status::Success, None) => Err(unreadable("there is no `data`".to_owned())),
        (Status::Error, _) => Err(UiError::Refused {
            kind: envelope.error_type.unwrap_or_default(),
            message: envelope.error.unwrap_or_default(),
        }),
    }
}

fn broken(error: &JsValue) -> UiError {
    let property = |name: &str| {
        Reflect::get(error, &JsValue::from_str(name))
            .ok()
            .and_then(|value| value.as_string())
    };
    if property("name").as_deref() == Some("AbortError") {
        return UiError::Cancelled;
    }
    UiError::Unreachable {
        reason: property("message").unwrap_or_else(|| format!("{error:?}")),
    }
}

/// The browser's clock. Units: seconds since the epoch.
pub fn now_seconds() -> f64 {
    js_sys::Date::now() / 1e3
}

/// A clock for measuring, which never jumps. Units: milliseconds.
pub fn stopwatch() -> f64 {
    web_sys::window()
        .and_then(|w| w.performance())
        .map_or(0.0, |p| p.now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_come_in_the_servers_words() {
        let got = read::<Vec<String>>(
            400,
            r#"{"status":"error","errorType":"bad_data","error":"no"}"#,
        );
        assert_eq!(
            got,
            Err(UiError::Refused {
                kind: "bad_data".into(),
                message: "no".into()
            })
        );
    }

    #[test]
    fn warnings_travel_with_the_data() {
        let got = read::<Vec<String>>(
            200,
            r#"{"status":"success","data":["a"],"warnings":["w"],"infos":["i"]}"#,
        );
        let answer = got.unwrap();
        assert_eq!(
            (answer.data, answer.warnings, answer.infos),
            (vec!["a".into()], vec!["w".into()], vec!["i".into()])
        );
    }

    #[test]
    fn a_proxys_page_is_shown_as_it_is() {
        let got = read::<Vec<String>>(502, "Bad Gateway\n");
        assert_eq!(
            got,
            Err(UiError::Unreadable {
                status: 502,
                reason: "Bad Gateway".into()
            })
        );
    }
}
