//! Addresses in the file.

use crate::error::Fault;

/// Whether `text` is an absolute address with a host.
pub(crate) fn check(text: &str, line: u64) -> Result<(), Fault> {
    let bad = |why: &str| Fault::rule(line, format!("parse {text:?}: {why}"));
    if text.chars().any(|c| c.is_control() || c == ' ') {
        return Err(bad("invalid character in URL"));
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return Err(bad("missing protocol scheme"));
    };
    let starts = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    if !starts
        || !scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    {
        return Err(bad("first path segment in URL cannot contain colon"));
    }
    let host = authority(rest).rsplit('@').next().unwrap_or("");
    let port = host.rsplit_once(':').map(|(_, port)| port);
    let in_brackets = host.ends_with(']');
    if let Some(port) = port
        && !in_brackets
        && !port.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Err(bad(&format!(
            "invalid port {:?} after host",
            format!(":{port}")
        )));
    }
    Ok(())
}

/// The host of an address, empty if there is none.
pub(crate) fn host(text: &str) -> &str {
    let rest = text.split_once("://").map_or("", |(_, rest)| rest);
    authority(rest).rsplit('@').next().unwrap_or("")
}

fn authority(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or("")
}

/// The address with `xxxxx` in place of its password.
pub(crate) fn redacted(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let authority = authority(rest);
    let after = rest.get(authority.len()..).unwrap_or("");
    match authority.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((name, _)) => format!("{scheme}://{name}:xxxxx@{host}{after}"),
            None => text.to_owned(),
        },
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_addresses_are_hidden() {
        for (text, shown) in [
            ("http://u:p@h:1/x?y", "http://u:xxxxx@h:1/x?y"),
            ("http://u@h/x", "http://u@h/x"),
            ("https://h/a:b@c", "https://h/a:b@c"),
        ] {
            assert_eq!(redacted(text), shown);
            assert!(check(text, 1).is_ok());
        }
        assert_eq!(host("http://u:p@h:1/x"), "h:1");
        for bad in ["localhost:1/x", "http://h:port/x", "http://a b/"] {
            assert!(check(bad, 1).is_err(), "{bad}");
        }
    }
}
