//! Fetching a page.

use crate::error::{Result, ScrapeError};
use crate::target::resolve_redirect;
use bytes::Bytes;
use exposition::Protocol;
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Request, Response, StatusCode, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use model::DurationMs;
use std::time::Duration;

/// Who asks.
const USER_AGENT: &str = concat!("Watchfire/", env!("CARGO_PKG_VERSION"));
const TIMEOUT_HEADER: HeaderName = HeaderName::from_static("x-prometheus-scrape-timeout-seconds");
const MAX_REDIRECTS: usize = 10;
/// Connections are kept open between scrapes up to this interval.
const IDLE_TIMEOUT: Duration = Duration::from_secs(330);
/// No page is larger than this, whatever the configuration says: a target must not fill our memory.
pub(crate) const LARGEST_BODY: u64 = 256 << 20;

/// Keeps connections to all targets.
#[derive(Debug, Clone)]
pub(crate) struct HttpClient {
    inner: Client<HttpConnector, Empty<Bytes>>,
}

/// What is asked of a target, the same in every scrape.
#[derive(Debug, Clone)]
pub(crate) struct PageRequest {
    pub(crate) url: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) timeout: DurationMs,
    pub(crate) follow_redirects: bool,
    /// Bytes that the body must stay below.
    pub(crate) body_limit: u64,
}

/// An answer with status 200, not decompressed yet.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) body: Vec<u8>,
    pub(crate) content_type: Option<String>,
    pub(crate) content_encoding: Option<String>,
}

/// Whether targets may compress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    Gzip,
    None,
}

impl HttpClient {
    pub(crate) fn new() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.enforce_http(true);
        let inner = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .build(connector);
        Self { inner }
    }

    /// Fetches the page as a whole within the timeout.
    pub(crate) async fn fetch(&self, request: &PageRequest) -> Result<Fetched> {
        let timeout = request.timeout;
        tokio::time::timeout(timeout.to_std(), self.follow(request))
            .await
            .unwrap_or(Err(ScrapeError::Timeout { timeout }))
    }

    async fn follow(&self, request: &PageRequest) -> Result<Fetched> {
        let mut url = request.url.clone();
        for _ in 0..=MAX_REDIRECTS {
            let response = self.send(&url, &request.headers).await?;
            let redirect = response
                .headers()
                .get(header::LOCATION)
                .filter(|_| request.follow_redirects && is_redirect(response.status()));
            match redirect {
                Some(location) => {
                    url = resolve_redirect(&url, &String::from_utf8_lossy(location.as_bytes()))?;
                }
                None => return read(response, &url, request.body_limit).await,
            }
        }
        let location = url.to_string();
        Err(ScrapeError::Redirect {
            location,
            reason: "stopped after 10 redirects",
        })
    }

    async fn send(&self, url: &Uri, headers: &HeaderMap) -> Result<Response<Incoming>> {
        let mut request = Request::new(Empty::new());
        *request.uri_mut() = url.clone();
        *request.headers_mut() = headers.clone();
        self.inner.request(request).await.map_err(|error| {
            let (address, reason) = (address(url), root_cause(&error));
            if error.is_connect() {
                ScrapeError::Connect { address, reason }
            } else {
                ScrapeError::Http { address, reason }
            }
        })
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

async fn read(response: Response<Incoming>, url: &Uri, limit: u64) -> Result<Fetched> {
    if response.status() != StatusCode::OK {
        return Err(ScrapeError::Status {
            status: response.status().to_string(),
        });
    }
    let text = |name: HeaderName| {
        let value = response.headers().get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let content_type = text(header::CONTENT_TYPE);
    let content_encoding = text(header::CONTENT_ENCODING);
    let mut stream = response.into_body();
    let mut body = Vec::new();
    while let Some(frame) = stream.frame().await {
        let frame = frame.map_err(|error| ScrapeError::Http {
            address: address(url),
            reason: root_cause(&error),
        })?;
        if let Ok(data) = frame.into_data() {
            // Compressed bytes are no more than the page they hold, but for a few of the envelope.
            if (body.len() + data.len()) as u64 >= limit.saturating_add(64) {
                return Err(ScrapeError::BodySize { limit });
            }
            body.extend_from_slice(&data);
        }
    }
    Ok(Fetched {
        body,
        content_type,
        content_encoding,
    })
}

fn address(url: &Uri) -> String {
    url.authority().map(ToString::to_string).unwrap_or_default()
}

/// The innermost words of an error: the outer ones only say that there was one.
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// The headers that every scrape of a target sends.
pub(crate) fn headers(
    protocols: &[Protocol],
    compression: Compression,
    timeout: DurationMs,
) -> HeaderMap {
    let encoding = match compression {
        Compression::Gzip => "gzip",
        Compression::None => "identity",
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(encoding));
    for (name, text) in [
        (header::ACCEPT, accept(protocols)),
        (TIMEOUT_HEADER, timeout.as_seconds().to_string()),
    ] {
        if let Ok(value) = HeaderValue::try_from(text) {
            headers.insert(name, value);
        }
    }
    headers
}

/// Media types in falling order of weight; the first weight leaves a tenth for each known protocol, of
/// which there are five with the one that is not asked for.
fn accept(protocols: &[Protocol]) -> String {
    const FIRST_WEIGHT: usize = 6;
    let mut parts: Vec<String> = Vec::new();
    let types = protocols
        .iter()
        .map(|protocol| protocol.accept_type())
        .chain(["*/*"]);
    for (index, media_type) in types.enumerate() {
        parts.push(format!(
            "{media_type};q=0.{}",
            FIRST_WEIGHT.saturating_sub(index)
        ));
    }
    parts.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_weights_fall_from_the_preferred_protocol() {
        assert_eq!(
            accept(&Protocol::ALL),
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
             application/openmetrics-text;version=0.0.1;q=0.5,\
             text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,\
             text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
        );
    }

    #[test]
    fn headers_tell_who_asks_and_how_long() {
        let headers = headers(
            &[Protocol::PrometheusText004],
            Compression::None,
            DurationMs(1_500),
        );
        assert_eq!(headers["user-agent"], USER_AGENT);
        assert_eq!(headers["accept-encoding"], "identity");
        assert_eq!(headers["x-prometheus-scrape-timeout-seconds"], "1.5");
        assert_eq!(
            headers["accept"],
            "text/plain;version=0.0.4;q=0.6,*/*;q=0.5"
        );
    }
}
