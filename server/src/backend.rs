//! What pages ask while they are rendered on the server: the same answers as the HTTP API's, for whoever asked
//! for the page.

use api::Sender;
use app::backend::{PageAnswer, UiBackend};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::request::Parts;
use leptos::prelude::with_context;
use std::pin::Pin;
use tower::ServiceExt;

/// A page that needs more is too large to be shown.
const MAX_BODY_BYTES: usize = 64 << 20;

/// The HTTP API behind the pages, asked without a connection.
pub(crate) struct Backend {
    api: Router,
}

impl Backend {
    /// A backend that asks `api`.
    pub(crate) fn new(api: Router) -> Self {
        Self { api }
    }
}

impl UiBackend for Backend {
    fn get(&self, path: String) -> Pin<Box<dyn Future<Output = PageAnswer> + Send>> {
        let api = self.api.clone();
        // Found out by the door, when the page was asked for.
        let sender = with_context::<Parts, _>(|page| page.extensions.get::<Sender>().cloned());
        let sender = sender.flatten();
        Box::pin(async move {
            let failed = |error: String| PageAnswer {
                status: 500,
                body: error,
            };
            let mut request = match Request::get(path).body(Body::empty()) {
                Ok(request) => request,
                Err(error) => return failed(error.to_string()),
            };
            if let Some(sender) = sender {
                request.extensions_mut().insert(sender);
            }
            // Its error type has no values.
            let Ok(response) = api.oneshot(request).await;
            let status = response.status().as_u16();
            match to_bytes(response.into_body(), MAX_BODY_BYTES).await {
                Ok(body) => PageAnswer {
                    status,
                    body: String::from_utf8_lossy(&body).into_owned(),
                },
                Err(error) => failed(error.to_string()),
            }
        })
    }
}
