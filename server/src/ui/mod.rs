//! The pages and their files over HTTP.

mod assets;
mod old_addresses;
mod starting;
mod user_assets;

pub(crate) use starting::router as starting_router;
pub(crate) use user_assets::router as user_assets;

use app::backend::UiBackend;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use leptos::config::LeptosOptions;
use leptos::context::{provide_context, use_context};
use leptos::nonce::use_nonce;
use leptos_axum::{
    LeptosRoutes, ResponseOptions, generate_route_list, render_app_to_stream_with_context,
};
use std::sync::Arc;

/// All pages, the files they need, and a page for every address that leads nowhere.
///
/// `backend` is what the pages ask while they are rendered. The router has a fallback, so routes of the
/// HTTP API must be merged into it, not nested under it.
pub(crate) fn router(backend: Arc<dyn UiBackend>) -> Router {
    // The names that Trunk gives: `frontend.js` and `frontend_bg.wasm` under `/pkg`.
    let options = LeptosOptions::builder().output_name("frontend").build();
    let routes = generate_route_list(app::App);
    // Likewise `/studio/frontend-studio.js`.
    let studio = LeptosOptions::builder()
        .output_name("frontend-studio")
        .site_pkg_dir("studio")
        .build();
    let studio_routes = generate_route_list(studio::StudioApp);
    let forms = LeptosOptions::builder()
        .output_name("frontend-forms")
        .site_pkg_dir("forms")
        .build();
    let forms_routes = generate_route_list(studio::FormsApp);
    let pages = Pages {
        options: options.clone(),
        backend: backend.clone(),
    };
    let context = move || provide(&backend);
    let shell_options = options.clone();
    Router::new()
        .route("/query", get(old_addresses::to_graph))
        .route("/explore", get(old_addresses::explore))
        .route("/alerting/list", get(old_addresses::alert_list))
        .leptos_routes_with_context(&options, routes, context.clone(), move || {
            app::shell(shell_options.clone())
        })
        .leptos_routes_with_context(&options, studio_routes, context.clone(), move || {
            studio::shell(studio.clone())
        })
        .leptos_routes_with_context(&options, forms_routes, context, move || {
            studio::forms_shell(forms.clone())
        })
        .with_state(options)
        .layer(from_fn(old_addresses::short_link))
        .fallback_service(Router::new().fallback(file_or_lost).with_state(pages))
}

/// What pages need while they are rendered.
fn provide(backend: &Arc<dyn UiBackend>) {
    provide_context(Arc::clone(backend));
    app::site::provide_address();
    add_policy();
}

/// Gives the page that is being rendered its content security policy: Leptos' own scripts carry the nonce,
/// those that set the theme and ask early are known by their hashes.
fn add_policy() {
    // There are none while the routes are listed.
    let (Some(nonce), Some(options)) = (use_nonce(), use_context::<ResponseOptions>()) else {
        return;
    };
    let policy = api::page_policy(
        &nonce.to_string(),
        &[app::state::FIRST_PAINT, app::data::EARLY],
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        options.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}

#[derive(Clone)]
struct Pages {
    options: LeptosOptions,
    backend: Arc<dyn UiBackend>,
}

/// An embedded file, or the page that says that there is nothing here.
async fn file_or_lost(
    State(pages): State<Pages>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let readable = matches!(*request.method(), Method::GET | Method::HEAD);
    if !readable {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if let Some(file) = assets::respond(request.uri().path(), &headers) {
        return file;
    }
    let Pages { options, backend } = pages;
    let render = render_app_to_stream_with_context(
        move || provide(&backend),
        move || app::shell(options.clone()),
    );
    let mut response = render(request).await;
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

#[cfg(test)]
mod tests;
