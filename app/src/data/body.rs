//! What a page is made of: from the server while it renders, from the same call of the API in the browser.

use crate::data::UiError;
use crate::data::http::read;
use serde::de::DeserializeOwned;

/// The status and the text of an answer. It is read by each page where it is used: one kind of request
/// serves all of them.
pub type Body = Result<(u16, String), UiError>;

/// Asks `path`, a call of the API.
///
/// # Errors
/// [`UiError::NoBackend`] or [`UiError::Unreachable`].
#[cfg(feature = "ssr")]
pub async fn load_body(path: String) -> Body {
    use crate::backend::UiBackend;
    use std::sync::Arc;
    let backend = leptos::prelude::use_context::<Arc<dyn UiBackend>>().ok_or(UiError::NoBackend)?;
    let answer = backend.get(path).await;
    Ok((answer.status, answer.body))
}

/// Asks `path`, a call of the API.
///
/// # Errors
/// [`UiError::NoBackend`] or [`UiError::Unreachable`].
#[cfg(not(feature = "ssr"))]
pub async fn load_body(path: String) -> Body {
    // The promise belongs to the browser's only thread; the page asks for a future that may move.
    send_wrapper::SendWrapper::new(async move {
        crate::data::http::fetch(&path, &web_sys::RequestInit::new(), None).await
    })
    .await
}

/// The data in a body.
///
/// # Errors
/// As [`UiError`] tells them.
pub fn read_body<T: DeserializeOwned>(body: &Body) -> Result<T, UiError> {
    let (status, text) = body.as_ref().map_err(Clone::clone)?;
    read(*status, text).map(|answer| answer.data)
}
