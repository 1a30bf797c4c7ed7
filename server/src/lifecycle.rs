//! `/-/reload` and `/-/quit`.

use crate::reload::Reloader;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post, put};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Notify;

/// What the routes act on.
#[derive(Clone)]
pub(crate) struct Lifecycle {
    /// Whether clients may do this (`--web.enable-lifecycle`).
    pub(crate) enabled: bool,
    pub(crate) reloader: Reloader,
    /// Ends the server.
    pub(crate) quit: Arc<Notify>,
    pub(crate) quitting: Arc<AtomicBool>,
}

/// The routes.
pub(crate) fn router(lifecycle: Lifecycle) -> Router {
    Router::new()
        .route("/-/reload", changing(post(reload), put(reload)))
        .route("/-/quit", changing(post(quit), put(quit)))
        .with_state(lifecycle)
}

fn changing(
    post: MethodRouter<Lifecycle>,
    put: MethodRouter<Lifecycle>,
) -> MethodRouter<Lifecycle> {
    post.merge(put)
        .fallback(|State(lifecycle): State<Lifecycle>| async move {
            if lifecycle.enabled {
                let words = "Only POST or PUT requests allowed";
                (StatusCode::METHOD_NOT_ALLOWED, words)
            } else {
                forbidden()
            }
        })
}

fn forbidden() -> (StatusCode, &'static str) {
    (StatusCode::FORBIDDEN, "Lifecycle API is not enabled.")
}

async fn reload(State(lifecycle): State<Lifecycle>) -> Response {
    if !lifecycle.enabled {
        return forbidden().into_response();
    }
    match lifecycle.reloader.reload().await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => {
            let words = format!("failed to reload config: {error}\n");
            (StatusCode::INTERNAL_SERVER_ERROR, words).into_response()
        }
    }
}

async fn quit(State(lifecycle): State<Lifecycle>) -> Response {
    if !lifecycle.enabled {
        return forbidden().into_response();
    }
    if lifecycle.quitting.swap(true, Ordering::AcqRel) {
        return "Termination already in progress.".into_response();
    }
    lifecycle.quit.notify_one();
    "Requesting termination... Goodbye!".into_response()
}
