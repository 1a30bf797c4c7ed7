//! `GET /render/d-solo/:uid/:slug` and `GET /render/d/:uid/:slug`: a panel or a dashboard as a picture, drawn
//! without a browser.
//!
//! Parameters are Grafana's: `panelId`, `from`, `to`, `width`, `height`, `scale`, `theme`, `tz`, `timeout` and
//! `var-…`; `format=svg` is ours and answers SVG in place of PNG.

mod ask;
mod picture;
mod request;
mod values;
mod zone;

use super::{GrafanaError, GrafanaState};
use crate::access::Sender;
use crate::language;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metadata::access::Action;
use picture::Picture;
use render::Language;
use request::{Kind, Wanted};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Pictures that are drawn at once; others wait.
const AT_ONCE: usize = 4;

/// What the routes of pictures work on.
struct RenderState {
    grafana: Arc<GrafanaState>,
    seats: Arc<Semaphore>,
}

/// The routes of pictures.
pub(super) fn router(grafana: Arc<GrafanaState>) -> Router {
    let state = RenderState {
        grafana,
        seats: Arc::new(Semaphore::new(AT_ONCE)),
    };
    Router::new()
        .route("/render/d-solo/{uid}", get(panel))
        .route("/render/d-solo/{uid}/{slug}", get(panel))
        .route("/render/d/{uid}", get(board))
        .route("/render/d/{uid}/{slug}", get(board))
        .with_state(Arc::new(state))
}

type Parts = Path<HashMap<String, String>>;

async fn panel(
    State(state): State<Arc<RenderState>>,
    sender: Sender,
    Path(parts): Parts,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, GrafanaError> {
    let wanted = Wanted::read(query.as_deref().unwrap_or_default(), true)?;
    state.answer(&sender, &parts, &headers, wanted).await
}

async fn board(
    State(state): State<Arc<RenderState>>,
    sender: Sender,
    Path(parts): Parts,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, GrafanaError> {
    let wanted = Wanted::read(query.as_deref().unwrap_or_default(), false)?;
    state.answer(&sender, &parts, &headers, wanted).await
}

impl RenderState {
    async fn answer(
        &self,
        sender: &Sender,
        parts: &HashMap<String, String>,
        headers: &HeaderMap,
        mut wanted: Wanted,
    ) -> Result<Response, GrafanaError> {
        let uid = parts.get("uid").map(String::as_str).unwrap_or_default();
        let stored = self
            .grafana
            .dashboard(sender, Action::ReadDashboards, uid)
            .await?;
        // A picture shows what queries say.
        self.grafana
            .door
            .allow(sender, Action::QueryData, None)
            .await?;
        wanted.language = self.language(sender, headers).await;
        let limit = Duration::from_secs(wanted.timeout);
        let kind = wanted.kind;
        let work = async {
            let seats = Arc::clone(&self.seats);
            let seat = seats.acquire_owned().await.map_err(|_| too_long())?;
            let picture = Picture::ask(&self.grafana, &stored, wanted).await?;
            let task = tokio::task::spawn_blocking(move || {
                // Given back when the drawing has ended, not when the client has gone.
                let _seat = seat;
                picture.draw()
            });
            task.await.map_err(|_| {
                let words = "the picture ended unexpectedly; see the server's log";
                GrafanaError::new(StatusCode::INTERNAL_SERVER_ERROR, words)
            })?
        };
        let bytes = tokio::time::timeout(limit, work)
            .await
            .map_err(|_| too_long())??;
        let content_type = match kind {
            Kind::Png => "image/png",
            Kind::Svg => "image/svg+xml",
        };
        let mut response = bytes.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        // What is seen differs from reader to reader and from moment to moment.
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-store"),
        );
        Ok(response)
    }
}

impl RenderState {
    /// The language of whoever looks: as the pages were told, as the account says, as the browser asks.
    async fn language(&self, sender: &Sender, headers: &HeaderMap) -> Language {
        if let Some(chosen) = language::chosen(headers) {
            return chosen;
        }
        if let (Some(user), Ok(metadata)) = (sender.user(), self.grafana.metadata())
            && let Ok(preferences) = metadata.preferences(user).get().await
            && let Some(language) = Language::of_tag(&preferences.language)
        {
            return language;
        }
        language::accepted(headers).unwrap_or_default()
    }
}

fn too_long() -> GrafanaError {
    let words = "the picture took too long; ask for fewer panels or a shorter range";
    GrafanaError::new(StatusCode::GATEWAY_TIMEOUT, words)
}
