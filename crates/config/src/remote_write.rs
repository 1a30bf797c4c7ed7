//! One entry of `remote_write`.

use crate::client::{Auth, HttpClientConfig};
use crate::context::Context;
use crate::error::{Fault, Reason};
use crate::relabelling;
use crate::signing::{CloudAuth, SigV4};
use crate::url;
use crate::yaml::{Fields, Node, Section, Value};
use model::DurationMs;
use relabel::Rule;

/// Where samples are sent.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the switches of the file, one field each"
)]
pub struct RemoteWriteConfig {
    /// The receiver.
    pub url: String,
    /// When a request is given up.
    pub remote_timeout: DurationMs,
    /// Further headers. Ordering: by name.
    pub headers: Vec<(String, String)>,
    /// What changes or drops series. Ordering: of application.
    pub write_relabel_configs: Vec<Rule>,
    /// Name in metrics; empty for one that is made of the settings.
    pub name: String,
    /// Whether exemplars are sent.
    pub send_exemplars: bool,
    /// Whether native histograms are sent.
    pub send_native_histograms: bool,
    /// Whether connections spread over the addresses of the name.
    pub round_robin_dns: bool,
    /// Whether requests that fail are logged with their content.
    pub failed_request_logging: bool,
    /// Version of the protocol, by the name of its message.
    pub protobuf_message: String,
    /// How the receiver is reached.
    pub client: HttpClientConfig,
    /// The queue.
    pub queue: QueueConfig,
    /// Sending of metadata.
    pub metadata: MetadataConfig,
    /// Signing with Amazon's keys.
    pub sigv4: Option<SigV4>,
    /// Tokens of Azure's.
    pub azuread: Option<CloudAuth>,
    /// Tokens of Google's.
    pub google_iam: Option<CloudAuth>,
}

/// The queue of a remote write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueConfig {
    /// Samples that wait in a shard.
    pub capacity: u64,
    /// Most shards.
    pub max_shards: u64,
    /// Fewest shards.
    pub min_shards: u64,
    /// Samples of a request.
    pub max_samples_per_send: u64,
    /// Longest time that a sample waits for others.
    pub batch_send_deadline: DurationMs,
    /// First wait after a failure.
    pub min_backoff: DurationMs,
    /// Longest wait after failures.
    pub max_backoff: DurationMs,
    /// Whether status 429 is tried again.
    pub retry_on_http_429: bool,
    /// Older samples are not sent; 0 for any age.
    pub sample_age_limit: DurationMs,
}

/// Sending of metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetadataConfig {
    /// Whether it is sent.
    pub send: bool,
    /// How often.
    pub send_interval: DurationMs,
    /// Entries of a request.
    pub max_samples_per_send: u64,
}

const MESSAGES: [&str; 2] = ["prometheus.WriteRequest", "io.prometheus.write.v2.Request"];

/// Headers that the client sets itself.
const RESERVED: [&str; 16] = [
    "host",
    "content-encoding",
    "content-length",
    "content-type",
    "user-agent",
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "www-authenticate",
    "accept-encoding",
    "x-prometheus-remote-write-version",
    "x-prometheus-remote-read-version",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-content-sha256",
];

/// Takes headers that no authentication and no protocol sets; `authorization` says why that one may not
/// be there.
pub(crate) fn headers(
    fields: &mut Fields<'_>,
    authorization: &'static str,
) -> Result<Vec<(String, String)>, Fault> {
    let line = fields.line_of("headers");
    let headers: Vec<(String, String)> = fields.or_default("headers")?;
    for (name, value) in &headers {
        let lower = name.to_ascii_lowercase();
        if lower == "authorization" {
            return Err(Fault::rule(line, authorization));
        }
        if RESERVED.contains(&lower.as_str()) {
            let words = format!("{name} is a reserved header. It must not be changed");
            return Err(Fault::rule(line, words));
        }
        if value.contains(['\r', '\n', '\0']) {
            let words = format!("a value of header {name:?} has a line end in it");
            return Err(Fault::rule(line, words));
        }
    }
    Ok(headers)
}

/// Why remote storages have no `authorization` header of their own.
pub(crate) const USE_AUTH: &str = "authorization header must be changed via the basic_auth, authorization, oauth2, sigv4, azuread or google_iam parameter";

impl RemoteWriteConfig {
    pub(crate) fn read(node: &Node, context: &Context<'_>) -> Result<Self, Fault> {
        if node.is_null() {
            let what = "remote write config section";
            return Err(Fault::new(node.line, Reason::EmptyEntry { what }));
        }
        let mut fields = Fields::of(node, "config.plain")?;
        let line = fields.line_of("url");
        let url: String = fields.or_default("url")?;
        if url.is_empty() {
            return Err(Fault::rule(line, "url for remote_write is empty"));
        }
        url::check(&url, line)?;
        let line = fields.line_of("protobuf_message");
        let message: String =
            fields.or("protobuf_message", "prometheus.WriteRequest".to_owned())?;
        if !MESSAGES.contains(&message.as_str()) {
            let words = format!(
                "invalid protobuf_message value: unknown type for remote write protobuf message \
                 {message}, supported: {}",
                MESSAGES.join(", ")
            );
            return Err(Fault::rule(line, words));
        }
        let what = "relabeling rule in remote write config";
        let (queue, metadata) = (fields.take("queue_config"), fields.take("metadata_config"));
        let (azuread, google_iam) = (fields.take("azuread"), fields.take("google_iam"));
        let config = Self {
            url,
            remote_timeout: fields.or("remote_timeout", DurationMs::from_secs(30))?,
            headers: headers(&mut fields, USE_AUTH)?,
            write_relabel_configs: relabelling::read(
                &mut fields,
                "write_relabel_configs",
                what,
                context.names,
            )?,
            name: fields.or_default("name")?,
            send_exemplars: fields.or_default("send_exemplars")?,
            send_native_histograms: fields.or_default("send_native_histograms")?,
            round_robin_dns: fields.or_default("round_robin_dns")?,
            failed_request_logging: fields.or_default("failed_request_logging")?,
            protobuf_message: message,
            client: HttpClientConfig::read(&mut fields, context, false)?,
            queue: queue
                .map(QueueConfig::read)
                .transpose()?
                .unwrap_or_default(),
            metadata: metadata
                .map(MetadataConfig::read)
                .transpose()?
                .unwrap_or_default(),
            sigv4: SigV4::take(&mut fields)?,
            azuread: azuread.map(CloudAuth::azuread).transpose()?,
            google_iam: google_iam.map(CloudAuth::google_iam).transpose()?,
        };
        fields.finish()?;
        config.check_auth(node.line)?;
        Ok(config)
    }

    /// The address without a password in it.
    pub fn shown_url(&self) -> String {
        url::redacted(&self.url)
    }

    fn check_auth(&self, line: u64) -> Result<(), Fault> {
        let own = match &self.client.auth {
            None => None,
            Some(Auth::Basic(_)) => Some("basic_auth"),
            Some(Auth::Header(_)) => Some("authorization"),
            Some(Auth::OAuth2(_)) => Some("oauth2"),
        };
        let mut kinds: Vec<&str> = own.into_iter().collect();
        kinds.extend(self.sigv4.is_some().then_some("sigv4"));
        kinds.extend(self.azuread.is_some().then_some("azuread"));
        kinds.extend(self.google_iam.is_some().then_some("google_iam"));
        if kinds.len() > 1 {
            let words = format!(
                "at most one of basic_auth, authorization, oauth2, sigv4, azuread or google_iam \
                 must be configured. Currently configured: [{}]",
                kinds.join(" ")
            );
            return Err(Fault::rule(line, words));
        }
        Ok(())
    }

    pub(crate) fn write(&self) -> Section {
        let mut section = Section::default();
        section.text("url", &url::redacted(&self.url));
        section.word("remote_timeout", self.remote_timeout);
        let headers = self.headers.iter();
        section.some_pairs(
            "headers",
            headers.map(|(name, value)| (name.as_str(), value.as_str())),
        );
        relabelling::write(
            "write_relabel_configs",
            &self.write_relabel_configs,
            &mut section,
        );
        section.some_text("name", &self.name);
        for (name, switch) in [
            ("send_exemplars", self.send_exemplars),
            ("send_native_histograms", self.send_native_histograms),
            ("round_robin_dns", self.round_robin_dns),
            ("failed_request_logging", self.failed_request_logging),
        ] {
            section.word_unless(name, switch, &false);
        }
        section.text("protobuf_message", &self.protobuf_message);
        section.inline(self.client.write());
        section.put("queue_config", Value::Map(self.queue.write()));
        section.put("metadata_config", Value::Map(self.metadata.write()));
        if let Some(sigv4) = &self.sigv4 {
            section.put("sigv4", Value::Map(sigv4.write()));
        }
        for (name, auth) in [("azuread", &self.azuread), ("google_iam", &self.google_iam)] {
            if let Some(auth) = auth {
                section.put(name, Value::Map(auth.write()));
            }
        }
        section
    }
}

impl Default for QueueConfig {
    fn default() -> Self {
        Self {
            capacity: 10_000,
            max_shards: 50,
            min_shards: 1,
            max_samples_per_send: 2_000,
            batch_send_deadline: DurationMs::from_secs(5),
            min_backoff: DurationMs(30),
            max_backoff: DurationMs::from_secs(5),
            retry_on_http_429: false,
            sample_age_limit: DurationMs(0),
        }
    }
}

impl QueueConfig {
    fn read(node: &Node) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "config.QueueConfig")?;
        let usual = Self::default();
        let mut count = |name: &'static str, usual: u64| {
            let line = fields.line_of(name);
            let given: i64 = fields.or(name, i64::try_from(usual).unwrap_or(i64::MAX))?;
            u64::try_from(given)
                .ok()
                .filter(|given| *given > 0)
                .ok_or_else(|| {
                    let words = format!("remote write queue {name} must be positive");
                    Fault::rule(line, words)
                })
        };
        let queue = Self {
            capacity: count("capacity", usual.capacity)?,
            max_shards: count("max_shards", usual.max_shards)?,
            min_shards: count("min_shards", usual.min_shards)?,
            max_samples_per_send: count("max_samples_per_send", usual.max_samples_per_send)?,
            batch_send_deadline: fields.or("batch_send_deadline", usual.batch_send_deadline)?,
            min_backoff: fields.or("min_backoff", usual.min_backoff)?,
            max_backoff: fields.or("max_backoff", usual.max_backoff)?,
            retry_on_http_429: fields.or_default("retry_on_http_429")?,
            sample_age_limit: fields.or_default("sample_age_limit")?,
        };
        fields.finish()?;
        let words = if queue.min_shards > queue.max_shards {
            "remote write queue min_shards must be less than or equal to max_shards"
        } else if queue.min_backoff > queue.max_backoff {
            "remote write queue min_backoff must be less than or equal to max_backoff"
        } else {
            return Ok(queue);
        };
        Err(Fault::rule(node.line, words))
    }

    fn write(&self) -> Section {
        let mut section = Section::default();
        section.word("capacity", self.capacity);
        section.word("max_shards", self.max_shards);
        section.word("min_shards", self.min_shards);
        section.word("max_samples_per_send", self.max_samples_per_send);
        section.word("batch_send_deadline", self.batch_send_deadline);
        section.word("min_backoff", self.min_backoff);
        section.word("max_backoff", self.max_backoff);
        section.word_unless("retry_on_http_429", self.retry_on_http_429, &false);
        section.word_unless("sample_age_limit", self.sample_age_limit, &DurationMs(0));
        section
    }
}

impl Default for MetadataConfig {
    fn default() -> Self {
        Self {
            send: true,
            send_interval: DurationMs::from_secs(60),
            max_samples_per_send: 2_000,
        }
    }
}

impl MetadataConfig {
    fn read(node: &Node) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "config.MetadataConfig")?;
        let usual = Self::default();
        let metadata = Self {
            send: fields.or("send", usual.send)?,
            send_interval: fields.or("send_interval", usual.send_interval)?,
            max_samples_per_send: fields.or("max_samples_per_send", usual.max_samples_per_send)?,
        };
        fields.finish()?;
        Ok(metadata)
    }

    fn write(&self) -> Section {
        let mut section = Section::default();
        section.word("send", self.send);
        section.word("send_interval", self.send_interval);
        section.word_unless("max_samples_per_send", self.max_samples_per_send, &0);
        section
    }
}
