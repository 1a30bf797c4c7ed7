//! Where a redirect leads.

use crate::error::{Error, Result};
use http::Uri;

/// The address that a redirect from `base` leads to.
///
/// # Errors
/// [`Error::Redirect`] where that is no address of HTTP.
pub fn resolve(base: &Uri, location: &str) -> Result<Uri> {
    let refuse = |reason| Error::Redirect {
        location: location.to_owned(),
        reason,
    };
    let scheme = base.scheme_str().unwrap_or("http");
    let authority = base
        .authority()
        .map(|authority| authority.as_str().rsplit('@').next().unwrap_or(""))
        .unwrap_or_default();
    let absolute = if location.contains("://") {
        location.to_owned()
    } else if let Some(rest) = location.strip_prefix("//") {
        format!("{scheme}://{rest}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else if location.starts_with('?') {
        format!("{scheme}://{authority}{}{location}", base.path())
    } else {
        let folder = base
            .path()
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        format!("{scheme}://{authority}{folder}/{location}")
    };
    let absolute = absolute.split('#').next().unwrap_or_default();
    let uri: Uri = absolute.parse().map_err(|_| refuse("it is no valid URL"))?;
    match uri.scheme_str() {
        Some("http" | "https") if uri.host().is_some_and(|host| !host.is_empty()) => Ok(uri),
        _ => Err(refuse("only http and https are supported")),
    }
}

/// Whether credentials for `base` may go to `other`: the same host, and not from TLS to none.
pub(crate) fn may_have_credentials(base: &Uri, other: &Uri) -> bool {
    let same_host =
        base.host().map(str::to_ascii_lowercase) == other.host().map(str::to_ascii_lowercase);
    let same_port = crate::proxy::port(base) == crate::proxy::port(other);
    let upgraded = base.scheme_str() == Some("http") && other.scheme_str() == Some("https");
    same_host && ((same_port && base.scheme_str() == other.scheme_str()) || upgraded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_lead_where_urls_lead() {
        let base: Uri = "https://u:p@host:9/a/b?q".parse().unwrap();
        for (location, to) in [
            ("http://x/y", "http://x/y"),
            ("//x/y", "https://x/y"),
            ("/c", "https://host:9/c"),
            ("c#part", "https://host:9/a/c"),
            ("?z=1", "https://host:9/a/b?z=1"),
        ] {
            assert_eq!(resolve(&base, location).unwrap().to_string(), to);
        }
        assert!(resolve(&base, "ftp://x/").is_err() && resolve(&base, "http:///").is_err());
    }

    #[test]
    fn credentials_stay_with_their_host() {
        let may = |base: &str, other: &str| {
            may_have_credentials(&base.parse().unwrap(), &other.parse().unwrap())
        };
        assert!(may("http://a/x", "http://a:80/y") && may("http://a/x", "https://A/y"));
        for other in ["http://b/", "http://a:81/", "http://a.b/"] {
            assert!(!may("http://a/", other), "{other}");
        }
        assert!(!may("https://a/", "http://a/"));
    }
}
