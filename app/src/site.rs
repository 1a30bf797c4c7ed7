//! Where the pages are: the prefix of all addresses, and the name that a server may have of its own.

#[cfg(feature = "ssr")]
use leptos::prelude::*;
use std::sync::Arc;

/// What the flags of a server say about its pages.
///
/// The server puts it among the extensions of a request; the document tells it to the browser.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// What the path of every address begins with, as browsers see it: empty, or `/monitoring`.
    pub prefix: Arc<str>,
    /// What titles of pages end with, unless it is empty.
    pub title: Arc<str>,
}

#[cfg(feature = "ssr")]
fn site() -> Site {
    with_context::<http::request::Parts, _>(|request| request.extensions.get::<Site>().cloned())
        .flatten()
        .unwrap_or_default()
}

#[cfg(not(feature = "ssr"))]
fn site() -> Site {
    // Outside of a browser, in tests, there is no document.
    if !cfg!(target_arch = "wasm32") {
        return Site::default();
    }
    thread_local! {
        static SITE: Site = of_document().unwrap_or_default();
    }
    SITE.with(Clone::clone)
}

/// What the server wrote into the document. A page that was reached without the prefix, past the proxy that
/// adds it, stays without it.
#[cfg(not(feature = "ssr"))]
fn of_document() -> Option<Site> {
    let window = web_sys::window()?;
    let root = window.document()?.document_element()?;
    let told = |name: &str| root.get_attribute(name).unwrap_or_default();
    let path = window.location().pathname().ok()?;
    let prefix = told("data-prefix");
    let prefix = if path.strip_prefix(prefix.as_str()).is_some_and(is_path) {
        prefix
    } else {
        String::new()
    };
    Some(Site {
        prefix: prefix.into(),
        title: told("data-title").into(),
    })
}

/// What every address of this server begins with.
pub fn prefix() -> String {
    site().prefix.to_string()
}

/// What titles of pages end with.
pub fn title() -> String {
    match site().title {
        title if title.is_empty() => "Watchfire".to_owned(),
        title => title.to_string(),
    }
}

/// A title for the browser to know the server by, if it has one of its own.
pub(crate) fn own_title() -> Option<String> {
    Some(site().title.to_string()).filter(|title| !title.is_empty())
}

/// The address of `path` for a browser. `use_navigate` does this itself.
pub fn at(path: &str) -> String {
    format!("{}{path}", site().prefix)
}

/// The path of a page in an address of this server.
pub fn page_of(address: &str) -> &str {
    let prefix = site().prefix;
    match address.strip_prefix(&*prefix) {
        Some(path) if is_path(path) => path,
        _ => address,
    }
}

fn is_path(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('/')
}

/// Lets what is rendered see the address that the browser sees. For the server, before it renders.
#[cfg(feature = "ssr")]
pub fn provide_address() {
    use leptos_router::location::RequestUrl;
    let Some(url) = use_context::<RequestUrl>() else {
        return;
    };
    let url = url.as_ref();
    // The path follows a made-up host, or nothing.
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => url,
    };
    provide_context(RequestUrl::new(&at(path)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_prefix_is_a_path_only_after_a_slash() {
        assert!(is_path("") && is_path("/graph"));
        assert!(!is_path("metrics"));
    }
}
