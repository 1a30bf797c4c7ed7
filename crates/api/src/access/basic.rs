//! Logins and passwords in headers.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// Login and password of a request's `Authorization: Basic`; `None` where there is none or it cannot be read.
///
/// Source: RFC 7617. Padding may be left away.
pub fn basic_credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (kind, coded) = value.split_once(' ')?;
    if !kind.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = STANDARD_NO_PAD.decode(coded.trim().trim_end_matches('='));
    let text = String::from_utf8(bytes.ok()?).ok()?;
    let (login, password) = text.split_once(':')?;
    Some((login.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn basic_auth_headers_are_read_and_others_are_not() {
        let of = |value: &'static str| {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static(value))]);
            basic_credentials(&headers)
        };
        let user = Some(("alice".to_owned(), "s3:cret".to_owned()));
        for good in ["Basic YWxpY2U6czM6Y3JldA==", "basic YWxpY2U6czM6Y3JldA"] {
            assert_eq!(of(good), user, "{good}");
        }
        for bad in ["Bearer YWxpY2U6eA==", "Basic !", "Basic YWxpY2U=", "Basic"] {
            assert_eq!(of(bad), None, "{bad}");
        }
    }
}
