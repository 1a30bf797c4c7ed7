//! A router that is replaced while the server runs.

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use std::sync::{Arc, PoisonError, RwLock};
use tower::ServiceExt;

/// Serves each request by the router that is set when it comes.
#[derive(Clone)]
pub(crate) struct Switch(Arc<RwLock<Router>>);

impl Switch {
    /// Begins with `router`.
    pub(crate) fn new(router: Router) -> Self {
        Self(Arc::new(RwLock::new(router)))
    }

    /// Serves later requests by `router`.
    pub(crate) fn set(&self, router: Router) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = router;
    }

    /// The router that stands in front.
    pub(crate) fn router(&self) -> Router {
        let switch = self.clone();
        Router::new().fallback(move |request| switch.serve(request))
    }

    async fn serve(self, request: Request) -> Response {
        let router = self
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        match router.oneshot(request).await {
            Ok(response) => response,
            Err(never) => never.into_response(),
        }
    }
}
