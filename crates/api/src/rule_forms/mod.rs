//! `/api/watchfire/rules/...`: rules in forms. Those of the metadata are kept there and run beside those of
//! files; those of files are changed where they stand in them.
//!
//! Deliberately not here: evaluation and states of alerts (`rules`), who runs the groups (a [`RuleKeeper`]).

mod check;
mod convert;
mod error;
mod file;
mod groups;
mod preview;
mod state;
mod stored;
mod tree;

pub use convert::{StoredGroups, stored_groups};

pub(crate) use convert::{is_stored, stored_files};
pub use state::{RuleFormState, RuleKeeper};

use axum::Router;
use axum::middleware::map_response;
use axum::routing::{get, post, put};
use std::sync::Arc;

/// All routes of rules in forms.
pub fn router(state: Arc<RuleFormState>) -> Router {
    Router::new()
        .route("/api/watchfire/rules/groups", get(tree::tree))
        .route(
            "/api/watchfire/rules/group",
            put(groups::set).delete(groups::delete),
        )
        .route("/api/watchfire/rules/group/move", post(groups::put_into))
        .route("/api/watchfire/rules/group/order", put(groups::order))
        .route("/api/watchfire/rules/rule", post(stored::create))
        .route(
            "/api/watchfire/rules/rule/{uid}",
            get(stored::get).put(stored::update).delete(stored::delete),
        )
        .route(
            "/api/watchfire/rules/rule/{uid}/move",
            post(stored::put_into),
        )
        .route("/api/watchfire/rules/export", get(tree::export))
        .route("/api/watchfire/rules/check", post(check::check))
        .route("/api/watchfire/rules/preview", post(preview::preview))
        .route("/api/watchfire/rules/file", get(file::get).put(file::write))
        .route("/api/watchfire/rules/file/diff", post(file::diff))
        .with_state(state)
        .layer(tower_http::compression::CompressionLayer::new())
        .layer(map_response(crate::response::not_kept))
}
