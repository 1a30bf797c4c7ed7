//! What the handlers of rules in forms work on.

use super::error::FormError;
use crate::ApiState;
use crate::access::Door;
use crate::grafana::{GrafanaError, body_bytes};
use axum::extract::{FromRequest, Request};
use metadata::{BoxFuture, Metadata};
use rules::FileErrors;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::Mutex;

/// Largest body. Units: bytes.
const MAX_BYTES: usize = 2 << 20;

/// Whoever runs the groups.
pub trait RuleKeeper: Send + Sync {
    /// The rule files that run.
    fn files(&self) -> Vec<PathBuf>;

    /// Runs the rules of the metadata as they are now.
    fn stored_changed(&self) -> BoxFuture<'_, ()>;

    /// Runs the rules of a file as it is now.
    ///
    /// # Errors
    /// The file's faults; then it runs as before.
    fn file_changed<'k>(&'k self, path: &'k Path) -> BoxFuture<'k, Result<(), FileErrors>>;
}

/// What the handlers work on; the server fills it.
pub struct RuleFormState {
    /// Queries and groups.
    pub api: Arc<ApiState>,
    /// Who comes in, and the metadata.
    pub door: Arc<Door>,
    /// Whoever runs the groups.
    pub keeper: Arc<dyn RuleKeeper>,
    /// Held while a file is written, so that no two changes are made from the same text.
    pub writing: Mutex<()>,
}

impl RuleFormState {
    pub(super) fn metadata(&self) -> Result<&Metadata, GrafanaError> {
        self.door.opened()
    }
}

/// A body of JSON.
pub(super) struct Body<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = FormError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, FormError> {
        let bytes = body_bytes(request.into_body(), MAX_BYTES).await?;
        let read = serde_json::from_slice(&bytes);
        read.map(Self).map_err(|error| {
            FormError::Other(GrafanaError::bad_request(format!(
                "bad request data: {error}"
            )))
        })
    }
}
