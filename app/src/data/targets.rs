//! Targets: from the server while it renders, from the API in the browser.

use crate::data::UiError;
use api_types::TargetsData;

/// All targets.
///
/// # Errors
/// As [`UiError`] tells them.
#[cfg(feature = "ssr")]
pub async fn load_targets() -> Result<TargetsData, UiError> {
    use crate::backend::UiBackend;
    use std::sync::Arc;
    let backend = leptos::prelude::use_context::<Arc<dyn UiBackend>>().ok_or(UiError::NoBackend)?;
    Ok(backend.targets())
}

/// All targets.
///
/// # Errors
/// As [`UiError`] tells them.
#[cfg(not(feature = "ssr"))]
pub async fn load_targets() -> Result<TargetsData, UiError> {
    // The promise belongs to the browser's only thread; the page asks for a future that may move.
    send_wrapper::SendWrapper::new(crate::data::get("/api/v1/targets", None))
        .await
        .map(|answer| answer.data)
}
