//! The way to a host.

use crate::proxy::{host, port, proxy_for};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use config::ProxyConfig;
use http::Uri;
use http::uri::Authority;
use std::fmt::Write;
use std::path::PathBuf;

/// The way to a host: directly, through a proxy, or over a Unix socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Host that TLS is spoken with, without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) secure: bool,
    pub(crate) via: Via,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Via {
    Direct,
    Socket(PathBuf),
    Proxy(Proxy),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proxy {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) secure: bool,
    /// Header lines for the proxy itself.
    pub(crate) headers: String,
}

impl Route {
    /// The way to the host of `url`.
    pub(crate) fn new(url: &Uri, config: &ProxyConfig) -> Self {
        let via = proxy_for(config, url).map_or(Via::Direct, |proxy| {
            let mut headers = String::new();
            if let Some(line) = basic_auth_of(&proxy) {
                headers = format!("Proxy-Authorization: {line}\r\n");
            }
            for (name, values) in &config.connect_headers {
                for value in values {
                    // Writing to a string does not fail.
                    let _ = write!(headers, "{name}: {}\r\n", value.expose());
                }
            }
            Via::Proxy(Proxy {
                host: host(&proxy).to_owned(),
                port: port(&proxy),
                secure: proxy.scheme_str() == Some("https"),
                headers,
            })
        });
        Self {
            host: host(url).to_owned(),
            port: port(url),
            secure: url.scheme_str() == Some("https"),
            via,
        }
    }

    /// The same host over a Unix socket.
    #[must_use]
    pub fn over_socket(self, path: impl Into<PathBuf>) -> Self {
        let via = Via::Socket(path.into());
        Self { via, ..self }
    }

    /// The first line of a request for `url` and the lines that this way needs.
    pub fn request_line(&self, method: &str, url: &Uri) -> String {
        let path = url.path_and_query().map_or("/", |path| path.as_str());
        let path = if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("/{path}")
        };
        let address = address(url);
        match &self.via {
            // Without TLS the proxy reads the request and needs the whole address.
            Via::Proxy(proxy) if !self.secure => format!(
                "{method} http://{address}{path} HTTP/1.1\r\nHost: {address}\r\n{}",
                proxy.headers
            ),
            _ => format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\n"),
        }
    }
}

/// Host and port, without the user that an address may name.
pub(crate) fn address(url: &Uri) -> String {
    let host = url.host().unwrap_or("");
    match url.port_u16() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// The value of an `Authorization` header for user and password of an address.
pub(crate) fn basic_auth_of(url: &Uri) -> Option<String> {
    let authority = url.authority().map(Authority::as_str)?;
    let (user, _) = authority.rsplit_once('@')?;
    let (name, password) = user.split_once(':').unwrap_or((user, ""));
    Some(basic_auth(&unescape(name), &unescape(password)))
}

pub(crate) fn basic_auth(user: &str, password: &str) -> String {
    let both = format!("{user}:{password}");
    format!("Basic {}", STANDARD.encode(both))
}

/// Replaces `%41` and the like.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after
            .get(..2)
            .and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or(&[]);
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use config::Secret;

    #[test]
    fn proxies_get_the_whole_address_unless_tls_is_spoken_through_them() {
        let config = ProxyConfig {
            url: Some(Secret::new("http://u:p%40@proxy:3128")),
            ..ProxyConfig::default()
        };
        let plain: Uri = "http://user@host:9/m?a=b".parse().unwrap();
        let line = Route::new(&plain, &config).request_line("GET", &plain);
        assert_eq!(
            line,
            "GET http://host:9/m?a=b HTTP/1.1\r\nHost: host:9\r\nProxy-Authorization: Basic dTpwQA==\r\n"
        );
        let secure: Uri = "https://host/m".parse().unwrap();
        let line = Route::new(&secure, &config).request_line("GET", &secure);
        assert_eq!(line, "GET /m HTTP/1.1\r\nHost: host\r\n");
    }
}
