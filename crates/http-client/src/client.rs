//! Requests as a whole.

use crate::connection::{Answer, Bodies, Connection, Fault};
use crate::credentials::Credentials;
use crate::error::{Error, Result};
use crate::redirect::{may_have_credentials, resolve};
use crate::route::{Route, address};
use crate::tls::Tls;
use config::{HttpClientConfig, ProxyConfig};
use http::Uri;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

const MAX_REDIRECTS: usize = 10;
/// No answer is larger than this unless the request says otherwise.
const USUAL_LIMIT: u64 = 64 << 20;

/// Sends requests as one section of the configuration says. Clones share tokens and TLS settings.
#[derive(Debug, Clone)]
pub struct HttpClient {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    tls: Tls,
    proxy: ProxyConfig,
    credentials: Credentials,
    follow_redirects: bool,
}

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    method: &'static str,
    url: Uri,
    /// Header lines, each with its end.
    headers: String,
    body: Vec<u8>,
    timeout: Duration,
    limit: u64,
}

/// An answer.
#[derive(Debug)]
pub struct Response {
    /// Status.
    pub status: u16,
    /// What follows the status on its line.
    pub reason: String,
    /// Content type, if the answer has one.
    pub content_type: Option<String>,
    others: Vec<(String, String)>,
    buffer: Vec<u8>,
    body_at: usize,
}

impl Response {
    fn new(answer: Answer, buffer: Vec<u8>) -> Self {
        Self {
            status: answer.status,
            reason: answer.reason,
            content_type: answer.content_type,
            others: answer.others,
            buffer,
            body_at: answer.body_at,
        }
    }

    /// A header that is `retry-after` or begins with `x-`, named in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.others.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        self.buffer.get(self.body_at..).unwrap_or(&[])
    }
}

impl Request {
    /// Asks for `url`; there is `timeout` until the answer must be complete.
    pub fn get(url: Uri, timeout: Duration) -> Self {
        Self {
            method: "GET",
            url,
            headers: String::new(),
            body: Vec::new(),
            timeout,
            limit: USUAL_LIMIT,
        }
    }

    /// Sends `body` to `url`.
    pub fn post(url: Uri, timeout: Duration, body: Vec<u8>) -> Self {
        Self {
            method: "POST",
            body,
            ..Self::get(url, timeout)
        }
    }

    /// Adds header lines, each with its end.
    #[must_use]
    pub fn with_headers(mut self, lines: &str) -> Self {
        self.headers.push_str(lines);
        self
    }

    /// Refuses answers of `limit` bytes and more.
    #[must_use]
    pub fn with_limit(self, limit: u64) -> Self {
        Self { limit, ..self }
    }
}

impl HttpClient {
    /// A client with these settings. Files of the settings are read when they are needed.
    pub fn new(config: &HttpClientConfig) -> Self {
        Self {
            shared: Arc::new(Shared {
                tls: Tls::new(&config.tls),
                proxy: config.proxy.clone(),
                credentials: Credentials::new(config),
                follow_redirects: config.follow_redirects,
            }),
        }
    }

    /// Whether the files that the settings name can be read and used now.
    ///
    /// # Errors
    /// [`Error::File`] or [`Error::Tls`] for the first that cannot.
    pub fn check(&self) -> Result<()> {
        self.shared.tls.client().map(drop)
    }

    /// The way to the host of `url`.
    pub fn route(&self, url: &Uri) -> Route {
        Route::new(url, &self.shared.proxy)
    }

    /// Connects along `route`; an address of the host that does not answer within `patience` gives way to
    /// the next.
    ///
    /// # Errors
    /// [`Error::Connect`] if nobody answers or the certificate is not to be trusted, [`Error::File`] and
    /// [`Error::Tls`] for our own certificate.
    pub async fn connect(&self, route: &Route, patience: Duration) -> Result<Connection> {
        Connection::along(route, &self.shared.tls, patience).await
    }

    /// The header lines that prove who asks, and those that the configuration adds; each with its end.
    ///
    /// # Errors
    /// A file cannot be read, or a token cannot be fetched.
    pub async fn header_lines(&self) -> Result<String> {
        self.shared.credentials.lines().await
    }

    /// Whether [`header_lines`](Self::header_lines) are the same for every request.
    pub fn has_fixed_headers(&self) -> bool {
        self.shared.credentials.are_fixed()
    }

    /// Whether the header lines of a request for `base` may go to `other` too.
    pub fn may_send_credentials(base: &Uri, other: &Uri) -> bool {
        may_have_credentials(base, other)
    }

    /// Sends a request, follows redirects of GET requests, and reads the answer, whatever its status.
    ///
    /// # Errors
    /// [`Error`] tells why there is no answer.
    pub async fn fetch(&self, request: Request) -> Result<Response> {
        let timeout = request.timeout;
        let fetched = tokio::time::timeout(timeout, self.follow(&request)).await;
        fetched.unwrap_or(Err(Error::Timeout {
            seconds: timeout.as_secs_f64(),
        }))
    }

    async fn follow(&self, request: &Request) -> Result<Response> {
        let own = self.header_lines().await?;
        let mut url = request.url.clone();
        let mut may_know = true;
        for _ in 0..=MAX_REDIRECTS {
            let mut buffer = Vec::new();
            let own = if may_know { own.as_str() } else { "" };
            let answer = self.ask(request, &url, own, &mut buffer).await?;
            let location = answer.location.as_deref().filter(|_| {
                self.shared.follow_redirects
                    && request.method == "GET"
                    && matches!(answer.status, 301 | 302 | 303 | 307 | 308)
            });
            let Some(location) = location else {
                return Ok(Response::new(answer, buffer));
            };
            let next = resolve(&url, location)?;
            // Once elsewhere, what comes back may be led by whoever is there.
            may_know = may_know && may_have_credentials(&request.url, &next);
            url = next;
        }
        Err(Error::Redirect {
            location: url.to_string(),
            reason: "stopped after 10 redirects",
        })
    }

    /// Sends a request over the connection that is kept, or a new one, follows no redirects, and keeps the
    /// connection for the next request.
    ///
    /// # Errors
    /// [`Error`] tells why there is no answer; the connection is gone then.
    pub async fn send(&self, request: &Request, kept: &mut Option<Connection>) -> Result<Response> {
        let timeout = request.timeout;
        let sent = tokio::time::timeout(timeout, self.send_now(request, kept)).await;
        sent.unwrap_or(Err(Error::Timeout {
            seconds: timeout.as_secs_f64(),
        }))
    }

    async fn send_now(&self, request: &Request, kept: &mut Option<Connection>) -> Result<Response> {
        let own = self.header_lines().await?;
        let (url, mut buffer) = (&request.url, Vec::new());
        // Taken out: after an error or a cancel it cannot be used again.
        if let Some(mut connection) = kept.take() {
            match self
                .exchange(&mut connection, request, url, &own, "", &mut buffer)
                .await
            {
                Ok(answer) => {
                    *kept = Some(connection).filter(|_| answer.keeps);
                    return Ok(Response::new(answer, buffer));
                }
                // It was closed while it was idle: the request was not taken.
                Err(Fault::Closed) => buffer.clear(),
                Err(fault) => return Err(error_of(fault, request, url)),
            }
        }
        let mut connection = self.connect(&self.route(url), request.timeout / 3).await?;
        let answer = self
            .exchange(&mut connection, request, url, &own, "", &mut buffer)
            .await;
        let answer = answer.map_err(|fault| error_of(fault, request, url))?;
        *kept = Some(connection).filter(|_| answer.keeps);
        Ok(Response::new(answer, buffer))
    }

    async fn ask(
        &self,
        request: &Request,
        url: &Uri,
        own: &str,
        buffer: &mut Vec<u8>,
    ) -> Result<Answer> {
        let mut connection = self.connect(&self.route(url), request.timeout / 3).await?;
        let close = "Connection: close\r\n";
        let answer = self
            .exchange(&mut connection, request, url, own, close, buffer)
            .await;
        answer.map_err(|fault| error_of(fault, request, url))
    }

    /// Asks over `connection`; `last` are header lines that stand behind all others.
    async fn exchange(
        &self,
        connection: &mut Connection,
        request: &Request,
        url: &Uri,
        own: &str,
        last: &str,
        buffer: &mut Vec<u8>,
    ) -> Result<Answer, Fault> {
        let mut text = self.route(url).request_line(request.method, url);
        let in_address =
            crate::route::basic_auth_of(url).filter(|_| !own.contains("Authorization: "));
        if let Some(value) = in_address {
            // Writing to a string does not fail.
            let _ = write!(text, "Authorization: {value}\r\n");
        }
        text.push_str(own);
        text.push_str(&request.headers);
        if request.method != "GET" {
            // Writing to a string does not fail.
            let _ = write!(text, "Content-Length: {}\r\n", request.body.len());
        }
        text.push_str(last);
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&request.body);
        connection
            .ask(&bytes, buffer, request.limit, Bodies::All)
            .await
    }
}

fn error_of(fault: Fault, request: &Request, url: &Uri) -> Error {
    let address = address(url);
    match fault {
        Fault::TooLarge => {
            let limit = request.limit;
            Error::TooLarge { address, limit }
        }
        fault => Error::Http {
            address,
            reason: fault.to_string(),
        },
    }
}
