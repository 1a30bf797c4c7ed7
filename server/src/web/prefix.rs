//! All addresses below a prefix: `--web.external-url` with a path, and `--web.route-prefix`.

use app::site::Site;
use axum::Router;
use axum::extract::Request;
use axum::http::header::LOCATION;
use axum::http::uri::{PathAndQuery, Uri};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tower::ServiceExt;

/// Where a server is, as it sees itself and as browsers see it. The two differ where a proxy in front takes
/// the prefix off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Prefix {
    /// What the paths of requests begin with: empty or `/monitoring`.
    routes: String,
    /// What links begin with.
    links: String,
    /// What titles of pages end with; empty means the usual name.
    title: String,
}

impl Prefix {
    /// From the flags: the prefix of routes is the path of the external address, unless it is given.
    ///
    /// # Errors
    /// The address is in quotes, which shells and unit files sometimes leave.
    pub(crate) fn new(
        external_url: &str,
        routes: Option<&str>,
        title: &str,
    ) -> anyhow::Result<Self> {
        let quoted = |c| external_url.starts_with(c) || external_url.ends_with(c);
        anyhow::ensure!(
            !quoted('"') && !quoted('\''),
            "parse external URL `{external_url}`: URL must not begin or end with quotes"
        );
        let links = normal(path_of(external_url));
        Ok(Self {
            routes: routes.map_or_else(|| links.clone(), normal),
            links,
            title: title.to_owned(),
        })
    }

    /// What paths of requests begin with: empty or `/monitoring`.
    pub(crate) fn routes(&self) -> &str {
        &self.routes
    }

    /// Serves all addresses of `router` below the prefix; its tables of routes stay as they are.
    pub(crate) fn around(&self, router: Router) -> Router {
        if *self == Self::default() {
            return router;
        }
        let prefix = Arc::new(self.clone());
        Router::new().fallback(move |request: Request| {
            let (prefix, router) = (Arc::clone(&prefix), router.clone());
            async move { prefix.serve(router, request).await }
        })
    }

    async fn serve(&self, router: Router, mut request: Request) -> Response {
        if request.uri().path() == "/" && !self.routes.is_empty() {
            return (StatusCode::FOUND, [(LOCATION, self.routes.clone())]).into_response();
        }
        let Some(uri) = self.inner(request.uri()) else {
            return (StatusCode::NOT_FOUND, "404 page not found\n").into_response();
        };
        *request.uri_mut() = uri;
        request.extensions_mut().insert(Site {
            prefix: self.links.as_str().into(),
            title: self.title.as_str().into(),
        });
        // Its error type has no values.
        let Ok(mut response) = router.oneshot(request).await;
        self.redirect(&mut response);
        response
    }

    /// The address without the prefix, or `None` if it does not have it.
    fn inner(&self, uri: &Uri) -> Option<Uri> {
        let path = match rest(uri.path(), &self.routes) {
            // Without a prefix of routes links lead here too where no proxy takes theirs off.
            Some(path) if self.routes.is_empty() => rest(path, &self.links).unwrap_or(path),
            path => path?,
        };
        let slash = if path.is_empty() { "/" } else { "" };
        let text = match uri.query() {
            Some(query) => format!("{slash}{path}?{query}"),
            None => format!("{slash}{path}"),
        };
        let mut parts = uri.clone().into_parts();
        parts.path_and_query = Some(PathAndQuery::try_from(text).ok()?);
        Uri::from_parts(parts).ok()
    }

    /// Puts the prefix before a redirection to another address of this server.
    fn redirect(&self, response: &mut Response) {
        let location = response.headers().get(LOCATION);
        let Some(location) = location.and_then(|location| location.to_str().ok()) else {
            return;
        };
        if !location.starts_with('/') || location.starts_with("//") {
            return;
        }
        if let Ok(location) = HeaderValue::from_str(&format!("{}{location}", self.links)) {
            response.headers_mut().insert(LOCATION, location);
        }
    }
}

/// What follows `prefix` in `path`: empty or with a slash in front.
fn rest<'p>(path: &'p str, prefix: &str) -> Option<&'p str> {
    path.strip_prefix(prefix)
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The path of an address; an address without host is a path.
fn path_of(url: &str) -> &str {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    match url.split_once("://") {
        Some((_, rest)) => rest
            .find('/')
            .and_then(|at| rest.get(at..))
            .unwrap_or_default(),
        None => url,
    }
}

/// With a slash in front and none behind; the root is empty.
fn normal(path: &str) -> String {
    match path.trim_matches('/') {
        "" => String::new(),
        path => format!("/{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::response::Redirect;
    use axum::routing::get;

    #[track_caller]
    fn check(external_url: &str, routes: Option<&str>, wanted: (&str, &str)) {
        let prefix = Prefix::new(external_url, routes, "").unwrap();
        assert_eq!((prefix.routes.as_str(), prefix.links.as_str()), wanted);
    }

    #[test]
    fn routes_follow_the_path_of_the_external_address_unless_they_are_given() {
        check("", None, ("", ""));
        check("http://host:9090", None, ("", ""));
        check("https://host/a/b/?x", None, ("/a/b", "/a/b"));
        check("/prom/", None, ("/prom", "/prom"));
        check("https://host/prom", Some("/"), ("", "/prom"));
        check("", Some("prom"), ("/prom", ""));
        assert!(Prefix::new("\"http://host\"", None, "").is_err());
    }

    async fn ask(prefix: &Prefix, path: &str) -> (u16, String) {
        let told = |request: Request| async move { request.uri().to_string() };
        let router = Router::new()
            .route("/", get(|| async { Redirect::temporary("/graph?a=b") }))
            .fallback(told);
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = prefix.around(router).oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        if let Some(location) = answer.headers().get(LOCATION) {
            return (status, location.to_str().unwrap().to_owned());
        }
        let body = axum::body::to_bytes(answer.into_body(), 1000).await;
        (status, String::from_utf8(body.unwrap().to_vec()).unwrap())
    }

    #[tokio::test]
    async fn what_is_below_the_prefix_is_served_and_nothing_else() {
        let prefix = Prefix::new("http://host/prom", None, "").unwrap();
        let answer = |status: u16, text: &str| (status, text.to_owned());
        assert_eq!(ask(&prefix, "/").await, answer(302, "/prom"));
        for root in ["/prom", "/prom/"] {
            assert_eq!(ask(&prefix, root).await, answer(307, "/prom/graph?a=b"));
        }
        assert_eq!(ask(&prefix, "/prom/x?y=/z").await, answer(200, "/x?y=/z"));
        for other in ["/metrics", "/prometheus"] {
            assert_eq!(ask(&prefix, other).await.0, 404, "{other}");
        }
    }

    #[tokio::test]
    async fn behind_a_proxy_that_takes_the_prefix_off_only_links_have_it() {
        let prefix = Prefix::new("http://host/prom", Some("/"), "").unwrap();
        assert_eq!(ask(&prefix, "/").await.1, "/prom/graph?a=b");
        assert_eq!(ask(&prefix, "/x").await.1, "/x");
        assert_eq!(ask(&prefix, "/prom/x").await.1, "/x", "without a proxy");
    }
}
