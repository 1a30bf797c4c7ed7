//! Targets in a list that an HTTP server has.

use crate::client::HttpClientConfig;
use crate::context::Context;
use crate::error::Fault;
use crate::url;
use crate::yaml::{Fields, Node, Section};
use model::DurationMs;

/// Targets in a list that an HTTP server has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpDiscovery {
    /// Where the list is.
    pub url: String,
    /// How often it is fetched, and how long that may take.
    pub refresh_interval: DurationMs,
    /// How it is fetched.
    pub client: HttpClientConfig,
}

impl HttpDiscovery {
    pub(crate) fn read(node: &Node, context: &Context<'_>) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "http.plain")?;
        let line = fields.line_of("url");
        let url: String = fields.or_default("url")?;
        if url.is_empty() {
            return Err(Fault::rule(line, "URL is missing"));
        }
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(Fault::rule(line, "URL scheme must be 'http' or 'https'"));
        }
        if url::host(&url).is_empty() {
            return Err(Fault::rule(line, "host is missing in URL"));
        }
        url::check(&url, line)?;
        let config = Self {
            url,
            refresh_interval: fields.or("refresh_interval", DurationMs::from_secs(60))?,
            client: HttpClientConfig::read(&mut fields, context, true)?,
        };
        fields.finish()?;
        Ok(config)
    }

    pub(super) fn write(&self) -> Section {
        let mut section = self.client.write();
        section.word("refresh_interval", self.refresh_interval);
        section.text("url", &self.url);
        section
    }
}
