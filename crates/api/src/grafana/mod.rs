//! Grafana's API: dashboards, folders, annotations, users and the rest that its clients call, at its paths
//! and in its shapes.
//!
//! Deliberately not here: storage and permissions (`metadata`), what a panel means (`dashboard`), PromQL;
//! numbers of organisations and plugins, of which there are none.
//!
//! Source: Grafana 13's HTTP API reference.

mod account;
mod annotations;
mod body;
mod dashboards;
mod datasources;
mod ds_query;
mod error;
mod facts;
mod folders;
mod numbered;
mod permissions;
mod render;
mod search;
mod service_accounts;
mod state;
mod teams;
#[cfg(test)]
pub(crate) mod tests;
mod users;
mod versions;

pub use state::{GrafanaState, Provisioned};

pub(crate) use body::body_bytes;
pub(crate) use error::{GrafanaError, UNREACHABLE};

use numbered::{OfServiceAccounts, OfTeams, OfUsers};

use axum::Router;
use axum::middleware::map_response;
use axum::routing::{delete, get, patch, post, put};
use std::sync::Arc;

/// All routes of Grafana's API, with the login.
pub fn router(state: Arc<GrafanaState>) -> Router {
    let login = crate::access::router(Arc::clone(&state.door));
    let router = Router::new()
        .route("/api/health", get(facts::health))
        .route("/api/frontend/settings", get(facts::settings))
        .route("/api/watchfire/me", get(facts::me))
        .route("/api/watchfire/audit", get(facts::audit))
        .route("/api/org", get(facts::organisation));
    let router = about_dashboards(router);
    let router = about_people(router);
    let pictures = render::router(Arc::clone(&state));
    about_data(router)
        .with_state(state)
        .merge(pictures)
        .merge(login)
        .layer(tower_http::compression::CompressionLayer::new())
        .layer(map_response(crate::response::not_kept))
}

type Routes = Router<Arc<GrafanaState>>;

fn about_dashboards(router: Routes) -> Routes {
    router
        .route("/api/dashboards/db", post(dashboards::save))
        .route("/api/dashboards/import", post(dashboards::import))
        .route(
            "/api/dashboards/calculate-diff",
            post(versions::compare_two),
        )
        .route("/api/dashboards/home", get(dashboards::home))
        .route("/api/dashboards/tags", get(dashboards::tags))
        .route(
            "/api/dashboards/uid/{uid}",
            get(dashboards::get).delete(dashboards::delete),
        )
        .route("/api/dashboards/uid/{uid}/versions", get(versions::list))
        .route(
            "/api/dashboards/uid/{uid}/versions/{version}",
            get(versions::get),
        )
        .route("/api/dashboards/uid/{uid}/restore", post(versions::restore))
        .route(
            "/api/dashboards/uid/{uid}/permissions",
            get(permissions::of_dashboard).post(permissions::set_of_dashboard),
        )
        .route("/api/search", get(search::search))
        .route("/api/folders", get(folders::list).post(folders::create))
        .route(
            "/api/folders/{uid}",
            get(folders::get)
                .put(folders::rename)
                .delete(folders::delete),
        )
        .route("/api/folders/{uid}/move", post(folders::put_into))
        .route(
            "/api/folders/{uid}/permissions",
            get(permissions::of_folder).post(permissions::set_of_folder),
        )
        .route(
            "/api/annotations",
            get(annotations::list).post(annotations::create),
        )
        .route("/api/annotations/tags", get(annotations::tags))
        .route(
            "/api/annotations/{id}",
            get(annotations::get)
                .put(annotations::update)
                .patch(annotations::update)
                .delete(annotations::delete),
        )
}

fn about_people(router: Routes) -> Routes {
    router
        .route("/api/user", get(account::get).put(account::update))
        .route(
            "/api/user/preferences",
            get(account::preferences)
                .put(account::set_preferences)
                .patch(account::set_preferences),
        )
        .route("/api/user/password", put(account::set_password))
        .route("/api/user/stars", get(account::stars))
        .route(
            "/api/user/stars/dashboard/uid/{uid}",
            post(dashboards::star).delete(dashboards::star),
        )
        .route("/api/user/orgs", get(account::organisations))
        .route("/api/user/teams", get(account::teams))
        .route("/api/user/auth-tokens", get(account::sessions))
        .route("/api/user/revoke-auth-token", post(account::revoke))
        .route("/api/users", get(users::list))
        .route("/api/users/search", get(users::search))
        .route("/api/users/lookup", get(users::lookup))
        .route("/api/users/{id}", get(users::get).put(users::update))
        .route("/api/admin/users", post(users::create))
        .route("/api/admin/users/{id}", delete(numbered::delete::<OfUsers>))
        .route("/api/admin/users/{id}/password", put(users::set_password))
        .route("/api/admin/users/{id}/permissions", put(users::set_admin))
        .route("/api/admin/users/{id}/disable", post(users::set_disabled))
        .route("/api/admin/users/{id}/enable", post(users::set_disabled))
        .route("/api/admin/users/{id}/logout", post(users::log_out))
        .route("/api/admin/users/{id}/auth-tokens", get(users::sessions))
        .route("/api/org/users", get(users::of_organisation))
        .route("/api/org/users/{id}", patch(users::set_role))
        .route("/api/teams", post(teams::create))
        .route("/api/teams/search", get(teams::search))
        .route(
            "/api/teams/{id}",
            get(teams::get)
                .put(teams::update)
                .delete(numbered::delete::<OfTeams>),
        )
        .route(
            "/api/teams/{id}/members",
            get(teams::members).post(teams::add),
        )
        .route("/api/teams/{id}/members/{user}", delete(teams::remove))
        .route("/api/serviceaccounts", post(service_accounts::create))
        .route("/api/serviceaccounts/search", get(service_accounts::search))
        .route(
            "/api/serviceaccounts/{id}",
            get(service_accounts::get)
                .patch(service_accounts::update)
                .delete(numbered::delete::<OfServiceAccounts>),
        )
        .route(
            "/api/serviceaccounts/{id}/tokens",
            get(service_accounts::tokens).post(service_accounts::create_token),
        )
        .route(
            "/api/serviceaccounts/{id}/tokens/{token}",
            delete(service_accounts::revoke_token),
        )
}

fn about_data(router: Routes) -> Routes {
    router
        .route("/api/ds/query", post(ds_query::query))
        .route("/api/datasources", get(datasources::list))
        .route("/api/datasources/{id}", get(datasources::get))
        .route("/api/datasources/uid/{uid}", get(datasources::get))
        .route("/api/datasources/name/{name}", get(datasources::get))
        .route(
            "/api/datasources/uid/{uid}/health",
            get(datasources::health),
        )
        .route(
            "/api/datasources/uid/{uid}/resources/{*path}",
            get(datasources::proxy).post(datasources::proxy),
        )
        .route(
            "/api/datasources/proxy/uid/{uid}/{*path}",
            get(datasources::proxy).post(datasources::proxy),
        )
        .route(
            "/api/datasources/proxy/{id}/{*path}",
            get(datasources::proxy).post(datasources::proxy),
        )
}
