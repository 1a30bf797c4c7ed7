//! The `tracing` section: read and validated, not used yet.

use crate::client::TlsConfig;
use crate::context::Context;
use crate::error::Fault;
use crate::remote_write::headers;
use crate::yaml::{Fields, Node, Section};
use model::DurationMs;

/// Where traces of this server go.
#[derive(Debug, Clone, PartialEq)]
pub struct TracingConfig {
    /// `grpc` or `http`.
    pub client_type: String,
    /// The receiver.
    pub endpoint: String,
    /// Share of requests that are traced.
    pub sampling_fraction: f64,
    /// Whether there is no TLS.
    pub insecure: bool,
    /// TLS.
    pub tls: TlsConfig,
    /// Further headers. Ordering: by name.
    pub headers: Vec<(String, String)>,
    /// `gzip` or empty.
    pub compression: String,
    /// When a request is given up; 0 for the usual time.
    pub timeout: DurationMs,
}

const NO_AUTH: &str = "custom authorization header configuration is not yet supported";

impl TracingConfig {
    pub(crate) fn read(node: &Node, context: &Context<'_>) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "config.plain")?;
        let line = node.line;
        let client_type: String = fields.or("client_type", "grpc".to_owned())?;
        if !matches!(client_type.as_str(), "grpc" | "http") {
            let words = format!(
                "expected tracing client type to be to be http or grpc, but got {client_type}"
            );
            return Err(Fault::rule(line, words));
        }
        let headers = headers(&mut fields, NO_AUTH)?;
        let endpoint: String = fields.or_default("endpoint")?;
        if endpoint.is_empty() {
            return Err(Fault::rule(line, "tracing endpoint must be set"));
        }
        let compression: String = fields.or_default("compression")?;
        if !matches!(compression.as_str(), "" | "gzip") {
            let words =
                format!("invalid compression type {compression} provided, valid options: gzip");
            return Err(Fault::rule(line, words));
        }
        let tls = fields.take("tls_config");
        let config = Self {
            client_type,
            endpoint,
            sampling_fraction: fields.or_default("sampling_fraction")?,
            insecure: fields.or_default("insecure")?,
            tls: tls
                .map(|node| TlsConfig::read(node, context))
                .transpose()?
                .unwrap_or_default(),
            headers,
            compression,
            timeout: fields.or_default("timeout")?,
        };
        fields.finish()?;
        context.no_effect("tracing", line);
        Ok(config)
    }

    pub(crate) fn write(&self) -> Section {
        let mut section = Section::default();
        section.text("client_type", &self.client_type);
        section.text("endpoint", &self.endpoint);
        section.word_unless("sampling_fraction", self.sampling_fraction, &0.0);
        section.word_unless("insecure", self.insecure, &false);
        self.tls.write_into(&mut section);
        let headers = self.headers.iter();
        section.some_pairs(
            "headers",
            headers.map(|(name, value)| (name.as_str(), value.as_str())),
        );
        section.some_text("compression", &self.compression);
        section.word_unless("timeout", self.timeout, &DurationMs(0));
        section
    }
}
