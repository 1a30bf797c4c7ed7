//! One entry of `remote_read`.

use crate::client::HttpClientConfig;
use crate::context::Context;
use crate::error::{Fault, Reason};
use crate::remote_write::{USE_AUTH, headers};
use crate::url;
use crate::yaml::{Fields, Node, Section};
use model::DurationMs;

/// Where samples of others are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteReadConfig {
    /// The other side.
    pub url: String,
    /// When a request is given up.
    pub remote_timeout: DurationMs,
    /// Largest frame of an answer. Units: bytes.
    pub chunked_read_limit: u64,
    /// Further headers. Ordering: by name.
    pub headers: Vec<(String, String)>,
    /// Whether it is asked for times that this server has too.
    pub read_recent: bool,
    /// Name in metrics; empty for one that is made of the settings.
    pub name: String,
    /// How the other side is reached.
    pub client: HttpClientConfig,
    /// Labels that a selector must have. Ordering: by name.
    pub required_matchers: Vec<(String, String)>,
    /// Whether this server's external labels are added to selectors.
    pub filter_external_labels: bool,
}

impl RemoteReadConfig {
    pub(crate) fn read(node: &Node, context: &Context<'_>) -> Result<Self, Fault> {
        if node.is_null() {
            let what = "remote read config section";
            return Err(Fault::new(node.line, Reason::EmptyEntry { what }));
        }
        let mut fields = Fields::of(node, "config.plain")?;
        let line = fields.line_of("url");
        let url: String = fields.or_default("url")?;
        if url.is_empty() {
            return Err(Fault::rule(line, "url for remote_read is empty"));
        }
        url::check(&url, line)?;
        let config = Self {
            url,
            remote_timeout: fields.or("remote_timeout", DurationMs::from_secs(60))?,
            chunked_read_limit: fields.or("chunked_read_limit", 50_000_000)?,
            headers: headers(&mut fields, USE_AUTH)?,
            read_recent: fields.or_default("read_recent")?,
            name: fields.or_default("name")?,
            client: HttpClientConfig::read(&mut fields, context, true)?,
            required_matchers: fields.or_default("required_matchers")?,
            filter_external_labels: fields.or("filter_external_labels", true)?,
        };
        fields.finish()?;
        Ok(config)
    }

    pub(crate) fn write(&self) -> Section {
        fn pairs(entries: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
            entries
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
        }
        let mut section = Section::default();
        section.text("url", &url::redacted(&self.url));
        section.word("remote_timeout", self.remote_timeout);
        section.word("chunked_read_limit", self.chunked_read_limit);
        section.some_pairs("headers", pairs(&self.headers));
        section.word_unless("read_recent", self.read_recent, &false);
        section.some_text("name", &self.name);
        section.inline(self.client.write());
        section.some_pairs("required_matchers", pairs(&self.required_matchers));
        section.word_unless(
            "filter_external_labels",
            self.filter_external_labels,
            &false,
        );
        section
    }
}
