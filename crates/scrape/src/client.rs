//! Fetching a page.

use crate::buffers::Buffers;
use crate::error::{Result, ScrapeError};
use config::{Protocols, ScrapeConfig};
use http::Uri;
use http_client::{Answer, Bodies, Connection, Fault, HttpClient, Route, resolve_redirect};
use model::DurationMs;
use std::fmt::Write;
use std::time::Duration;

/// Who asks.
const USER_AGENT: &str = concat!("Watchfire/", env!("CARGO_PKG_VERSION"));
const MAX_REDIRECTS: usize = 10;
/// Connections are kept open between scrapes up to this interval.
const IDLE_TIMEOUT: Duration = Duration::from_secs(330);
/// No page is larger than this, whatever the configuration says: a target must not fill our memory.
pub(crate) const LARGEST_BODY: u64 = 256 << 20;

/// What is asked of a target, the same in every scrape.
#[derive(Debug, Clone)]
pub(crate) struct PageRequest {
    pub(crate) url: Uri,
    /// Socket of this machine that the target is reached over instead of its address.
    pub(crate) socket: Option<String>,
    /// How it is reached, and what it is shown to prove who asks.
    pub(crate) http: HttpClient,
    /// Header lines, as [`headers`] makes them.
    pub(crate) headers: String,
    pub(crate) interval: DurationMs,
    pub(crate) timeout: DurationMs,
    pub(crate) follow_redirects: bool,
    /// Bytes that the body must stay below.
    pub(crate) body_limit: u64,
}

/// An answer with status 200, not decompressed yet.
#[derive(Debug)]
pub(crate) struct Fetched {
    /// The body, behind `body_at` other bytes.
    pub(crate) buffer: Vec<u8>,
    pub(crate) body_at: usize,
    pub(crate) content_type: Option<String>,
    pub(crate) content_encoding: Option<String>,
}

impl Fetched {
    /// The body.
    pub(crate) fn body(&self) -> &[u8] {
        self.buffer.get(self.body_at..).unwrap_or(&[])
    }
}

/// Whether targets may compress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    Offered,
    None,
}

/// Fetches the pages of one target, over one connection for as long as that holds.
#[derive(Debug)]
pub(crate) struct Client {
    request: PageRequest,
    route: Route,
    /// The request for the page itself, as it is sent; empty until it is known, and where each request
    /// proves anew who asks.
    text: String,
    buffers: Buffers,
    /// An idle connection to the host of the page.
    idle: Option<Connection>,
    /// Bytes of the last answer.
    expected: usize,
}

impl Client {
    /// A client that is not connected yet.
    pub(crate) fn new(request: PageRequest, buffers: Buffers) -> Self {
        let route = request.http.route(&request.url);
        let route = match &request.socket {
            Some(path) => route.over_socket(path),
            None => route,
        };
        Self {
            request,
            route,
            text: String::new(),
            buffers,
            idle: None,
            expected: 0,
        }
    }

    /// Fetches the page as a whole within the timeout.
    pub(crate) async fn fetch(&mut self) -> Result<Fetched> {
        let timeout = self.request.timeout;
        tokio::time::timeout(timeout.to_std(), self.follow())
            .await
            .unwrap_or(Err(ScrapeError::Timeout { timeout }))
    }

    async fn follow(&mut self) -> Result<Fetched> {
        let mut buffer = self.buffers.take();
        buffer.reserve(self.expected + self.expected / 16);
        if self.text.is_empty() || !self.request.http.has_fixed_headers() {
            let own = self.request.http.header_lines().await?;
            self.text = self.request_text(&self.route, &self.request.url, &own);
        }
        let mut answer = self.ask_page(&mut buffer).await?;
        let mut elsewhere = None;
        let mut may_know = true;
        for _ in 0..MAX_REDIRECTS {
            let Some(location) = self.redirect_of(&answer) else {
                return self.finish(answer, buffer);
            };
            let from = elsewhere.as_ref().unwrap_or(&self.request.url);
            let url = elsewhere.insert(resolve_redirect(from, &location)?);
            // Once elsewhere, what comes back may be led by whoever is there.
            may_know = may_know && HttpClient::may_send_credentials(&self.request.url, url);
            buffer.clear();
            answer = self.ask_elsewhere(url, may_know, &mut buffer).await?;
        }
        if self.redirect_of(&answer).is_none() {
            return self.finish(answer, buffer);
        }
        Err(ScrapeError::Client(http_client::Error::Redirect {
            location: answer.location.unwrap_or_default(),
            reason: "stopped after 10 redirects",
        }))
    }

    fn redirect_of(&self, answer: &Answer) -> Option<String> {
        let redirects =
            self.request.follow_redirects && matches!(answer.status, 301 | 302 | 303 | 307 | 308);
        answer.location.clone().filter(|_| redirects)
    }

    fn finish(&mut self, answer: Answer, buffer: Vec<u8>) -> Result<Fetched> {
        if answer.status != 200 {
            let status = format!("{} {}", answer.status, answer.reason);
            return Err(ScrapeError::Status {
                status: status.trim_end().to_owned(),
            });
        }
        self.expected = buffer.len();
        Ok(Fetched {
            buffer,
            body_at: answer.body_at,
            content_type: answer.content_type,
            content_encoding: answer.content_encoding,
        })
    }

    /// Asks for the page over the idle connection, or a new one if there is none or it is closed.
    async fn ask_page(&mut self, buffer: &mut Vec<u8>) -> Result<Answer> {
        let (text, limit) = (self.text.as_bytes(), self.wire_limit());
        if let Some(mut idle) = self.idle.take() {
            match idle.ask(text, buffer, limit, Bodies::OnlyOk).await {
                Err(Fault::Closed) => buffer.clear(),
                result => {
                    let answer = result.map_err(|fault| self.error(&self.request.url, fault))?;
                    self.keep(idle, &answer);
                    return Ok(answer);
                }
            }
        }
        let mut connection = self.connect(&self.route).await?;
        let answer = connection.ask(text, buffer, limit, Bodies::OnlyOk).await;
        let answer = answer.map_err(|fault| self.error(&self.request.url, fault))?;
        self.keep(connection, &answer);
        Ok(answer)
    }

    async fn ask_elsewhere(
        &self,
        url: &Uri,
        may_know: bool,
        buffer: &mut Vec<u8>,
    ) -> Result<Answer> {
        let own = if may_know {
            self.request.http.header_lines().await?
        } else {
            String::new()
        };
        let route = self.request.http.route(url);
        let text = self.request_text(&route, url, &own);
        let mut connection = self.connect(&route).await?;
        let limit = self.wire_limit();
        let answer = connection.ask(text.as_bytes(), buffer, limit, Bodies::OnlyOk);
        answer.await.map_err(|fault| self.error(url, fault))
    }

    fn request_text(&self, route: &Route, url: &Uri, own: &str) -> String {
        let line = route.request_line("GET", url);
        format!("{line}{}{own}\r\n", self.request.headers)
    }

    /// Compressed bytes are no more than the page they hold, but for a few of the envelope.
    fn wire_limit(&self) -> u64 {
        self.request.body_limit.saturating_add(64)
    }

    fn keep(&mut self, connection: Connection, answer: &Answer) {
        let soon = self.request.interval.to_std() <= IDLE_TIMEOUT;
        self.idle = Some(connection).filter(|_| answer.keeps && soon);
    }

    async fn connect(&self, route: &Route) -> Result<Connection> {
        let patience = self.request.timeout.to_std() / 3;
        Ok(self.request.http.connect(route, patience).await?)
    }

    fn error(&self, url: &Uri, fault: Fault) -> ScrapeError {
        match fault {
            Fault::TooLarge => ScrapeError::BodySize {
                limit: self.request.body_limit,
            },
            fault => ScrapeError::Http {
                address: address(url),
                reason: fault.to_string(),
            },
        }
    }
}

/// Host and port, without the user that an address may name.
fn address(url: &Uri) -> String {
    let host = url.host().unwrap_or("");
    match url.port_u16() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// The header lines that every scrape of a target sends.
pub(crate) fn headers(
    config: &ScrapeConfig,
    protocols: &Protocols,
    compression: Compression,
    timeout: DurationMs,
) -> String {
    let encoding = match compression {
        Compression::Offered => "zstd, gzip",
        Compression::None => "identity",
    };
    let mut headers = String::new();
    for (name, value) in [
        ("User-Agent", USER_AGENT),
        ("Accept", &accept(config, protocols)),
        ("Accept-Encoding", encoding),
        (
            "X-Prometheus-Scrape-Timeout-Seconds",
            &timeout.as_seconds().to_string(),
        ),
    ] {
        // Writing to a string does not fail.
        let _ = write!(headers, "{name}: {value}\r\n");
    }
    headers
}

/// Media types in falling order of weight; the first weight leaves a tenth for each known protocol, of
/// which there are five with the one that is not asked for.
fn accept(config: &ScrapeConfig, protocols: &Protocols) -> String {
    const FIRST_WEIGHT: usize = 6;
    let escaping = format!(";escaping={}", config.metric_name_escaping_scheme);
    let types = protocols.0.iter().map(|protocol| {
        let with = if protocol.takes_escaping() {
            escaping.as_str()
        } else {
            ""
        };
        (protocol.accept_type(), with)
    });
    let types = types.chain([("*/*", "")]).enumerate();
    let parts: Vec<String> = types
        .map(|(index, (media_type, with))| {
            let weight = FIRST_WEIGHT.saturating_sub(index);
            format!("{media_type}{with};q=0.{weight}")
        })
        .collect();
    parts.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn job(settings: &str) -> ScrapeConfig {
        let text = format!("scrape_configs:\n- job_name: j\n{settings}");
        let config = config::Config::parse(&text, Path::new("p.yml")).unwrap();
        config.scrape_configs.into_iter().next().unwrap()
    }

    #[test]
    fn accept_weights_fall_from_the_preferred_protocol() {
        assert_eq!(
            accept(&job(""), &Protocols::usual(false)),
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
             application/openmetrics-text;version=0.0.1;q=0.5,\
             text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,\
             text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
        );
    }

    #[test]
    fn targets_are_asked_to_escape_names_as_the_job_says() {
        let settings =
            "  metric_name_validation_scheme: legacy\n  scrape_protocols: [PrometheusText1.0.0]\n";
        let expected = "text/plain;version=1.0.0;escaping=underscores;q=0.6,*/*;q=0.5";
        let job = job(settings);
        assert_eq!(accept(&job, &job.scrape_protocols), expected);
    }

    #[test]
    fn headers_tell_who_asks_and_how_long() {
        let job = job("  scrape_protocols: [PrometheusText0.0.4]");
        let headers = headers(
            &job,
            &job.scrape_protocols,
            Compression::None,
            DurationMs(1_500),
        );
        let expected = format!(
            "User-Agent: {USER_AGENT}\r\n\
             Accept: text/plain;version=0.0.4;q=0.6,*/*;q=0.5\r\nAccept-Encoding: identity\r\n\
             X-Prometheus-Scrape-Timeout-Seconds: 1.5\r\n"
        );
        assert_eq!(headers, expected);
    }
}
