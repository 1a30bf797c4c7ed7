//! Requests that a page of another site made a browser send.

use super::door::By;
use axum::http::{HeaderMap, Uri, header};

/// Whether a request that changes something may have been sent by a page of another site.
///
/// Browsers say where a request comes from, and pages cannot keep them from it. What says nothing is
/// no browser, and has no cookie but one that it put there itself; then it has to say so, by JSON and
/// a header of its own, which a form can send neither of.
pub(super) fn is_forged(headers: &HeaderMap, by: By) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if by == By::Token {
        return false;
    }
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let host = text(header::HOST.as_str()).unwrap_or_default();
    let from = text(header::ORIGIN.as_str()).or_else(|| text(header::REFERER.as_str()));
    if let Some(from) = from {
        return !is_at(from, host);
    }
    let is_json = text(header::CONTENT_TYPE.as_str()).is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/json")
    });
    by == By::Cookie && !(is_json && headers.contains_key("x-requested-with"))
}

/// Whether an address belongs to `host`. The scheme is not compared: a proxy may end TLS.
fn is_at(address: &str, host: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else {
        return false;
    };
    let Some(authority) = uri.authority() else {
        return false;
    };
    let usual = |text: &str| {
        let text = text.to_ascii_lowercase();
        let short = text.strip_suffix(":80").or(text.strip_suffix(":443"));
        short.unwrap_or(&text).to_owned()
    };
    !host.is_empty() && usual(authority.as_str()) == usual(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn forged(by: By, headers: &[(&'static str, &'static str)]) -> bool {
        let all = headers.iter().chain(&[("host", "wf.example:9090")]);
        let headers = all
            .map(|(name, value)| {
                let name = HeaderName::from_static(name);
                (name, HeaderValue::from_static(value))
            })
            .collect();
        is_forged(&headers, by)
    }

    #[test]
    fn pages_of_other_sites_are_found_out_whatever_they_leave_away() {
        for by in [By::Cookie, By::Nothing, By::Password, By::Wrong] {
            for headers in [
                [("sec-fetch-site", "cross-site")],
                [("sec-fetch-site", "same-site")],
                [("origin", "https://evil.example")],
                [("origin", "null")],
                [("origin", "http://wf.example:9091")],
                [("origin", "http://wf.example:9090.evil.example")],
                [("origin", "http://wf.example:9090@evil.example")],
                [("referer", "https://evil.example/wf.example:9090")],
            ] {
                assert!(forged(by, &headers), "{by:?} {headers:?}");
            }
            for headers in [
                [("sec-fetch-site", "same-origin")],
                [("sec-fetch-site", "none")],
                [("origin", "https://wf.example:9090")],
                [("referer", "http://WF.example:9090/d/x?y")],
            ] {
                assert!(!forged(by, &headers), "{by:?} {headers:?}");
            }
        }
        assert!(!forged(By::Token, &[("origin", "https://evil.example")]));
    }

    #[test]
    fn cookie_without_any_origin_needs_what_no_form_can_send() {
        let json = ("content-type", "application/json; charset=utf-8");
        let own = ("x-requested-with", "curl");
        assert!(forged(By::Cookie, &[]));
        assert!(forged(By::Cookie, &[json]));
        assert!(forged(By::Cookie, &[own, ("content-type", "text/plain")]));
        assert!(!forged(By::Cookie, &[json, own]));
        assert!(!forged(By::Nothing, &[]), "promtool, curl");
    }
}
