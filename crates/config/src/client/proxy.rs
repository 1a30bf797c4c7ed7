//! Whom requests go through.

use crate::error::Fault;
use crate::secret::Secret;
use crate::url;
use crate::yaml::{Fields, Section, Value};

/// Whom requests go through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProxyConfig {
    /// The proxy; its user and password stand in it.
    pub url: Option<Secret>,
    /// Hosts that are spoken to without it, separated by commas.
    pub no_proxy: String,
    /// Whether the environment names the proxy (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`).
    pub from_environment: bool,
    /// Headers for the proxy itself, when a tunnel is asked for. Ordering: by name.
    pub connect_headers: Vec<(String, Vec<Secret>)>,
}

impl ProxyConfig {
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        let line = fields.line_of("proxy_url");
        let proxy: String = fields.or_default("proxy_url")?;
        let no_proxy: String = fields.or_default("no_proxy")?;
        let from_environment: bool = fields.or_default("proxy_from_environment")?;
        let headers: Vec<(String, Vec<String>)> = fields.or_default("proxy_connect_header")?;
        if !proxy.is_empty() {
            url::check(&proxy, line)?;
        }
        if from_environment && !proxy.is_empty() {
            let words = "if proxy_from_environment is configured, proxy_url must not be configured";
            return Err(Fault::rule(line, words));
        }
        if from_environment && !no_proxy.is_empty() {
            let words = "if proxy_from_environment is configured, no_proxy must not be configured";
            return Err(Fault::rule(line, words));
        }
        if !no_proxy.is_empty() && proxy.is_empty() {
            let words = "if no_proxy is configured, proxy_url must also be configured";
            return Err(Fault::rule(line, words));
        }
        if !headers.is_empty() && proxy.is_empty() && !from_environment {
            let words = "if proxy_connect_header is configured, proxy_url or \
                         proxy_from_environment must also be configured";
            return Err(Fault::rule(line, words));
        }
        let hide = |values: Vec<String>| values.into_iter().map(Secret::new).collect();
        Ok(Self {
            url: Some(proxy)
                .filter(|proxy| !proxy.is_empty())
                .map(Secret::new),
            no_proxy,
            from_environment,
            connect_headers: headers
                .into_iter()
                .map(|(name, values)| (name, hide(values)))
                .collect(),
        })
    }

    pub(crate) fn write(&self) -> Section {
        let mut section = Section::default();
        if let Some(proxy) = &self.url {
            section.text("proxy_url", &url::redacted(proxy.expose()));
        }
        section.some_text("no_proxy", &self.no_proxy);
        section.word_unless("proxy_from_environment", self.from_environment, &false);
        let mut headers = Section::default();
        for (name, values) in &self.connect_headers {
            let values = values.iter().map(|value| Value::Word(value.to_string()));
            headers.put(name, Value::List(values.collect()));
        }
        section.some_section("proxy_connect_header", headers);
        section
    }
}
