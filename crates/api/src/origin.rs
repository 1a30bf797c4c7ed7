//! Who asks.

use axum::extract::{ConnectInfo, MatchedPath, Request};
use std::net::SocketAddr;

/// Who asks, and how; for the query log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Address without port; empty where the server does not tell it.
    pub(crate) client: String,
    pub(crate) method: String,
    pub(crate) path: String,
}

impl Origin {
    pub(crate) fn of(request: &Request) -> Self {
        let address = request.extensions().get::<ConnectInfo<SocketAddr>>();
        // Inside a nested router the path is cut; the route stands beside it as a whole.
        let route = request.extensions().get::<MatchedPath>();
        let path = route.map_or_else(|| request.uri().path(), MatchedPath::as_str);
        Self {
            client: address.map_or_else(String::new, |address| address.ip().to_string()),
            method: request.method().to_string(),
            path: path.to_owned(),
        }
    }
}
