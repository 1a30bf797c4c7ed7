//! The configuration after validation: no default is left open.

use crate::{Error, Result, validate, yaml};
use exposition::Protocol;
use model::{DurationMs, Labels};
use relabel::Rule;
use std::path::Path;

/// The whole configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Defaults of the scrape configs, and what concerns the server as a whole.
    pub global: Global,
    /// What the file says about storage.
    pub storage: StorageConfig,
    /// Jobs. Ordering: as in the file; names are unique.
    pub scrape_configs: Vec<ScrapeConfig>,
}

/// The `global` section.
#[derive(Debug, Clone, PartialEq)]
pub struct Global {
    /// Time between scrapes of a target.
    pub scrape_interval: DurationMs,
    /// When a scrape is given up. Bounds: at most the interval.
    pub scrape_timeout: DurationMs,
    /// Time between evaluations of a rule.
    pub evaluation_interval: DurationMs,
    /// Labels for everything that leaves this server.
    pub external_labels: Labels,
    /// Formats to ask targets for. Ordering: the preferred one first.
    pub scrape_protocols: Vec<Protocol>,
    /// Limits of scrapes.
    pub limits: Limits,
    /// Whether scrapes report their timeout, sample limit and body size too.
    pub extra_scrape_metrics: bool,
}

/// The `storage` section: what it says wins over the flags; `None` where it says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StorageConfig {
    /// How far back samples may come out of order; 0 is not at all.
    pub out_of_order_time_window: Option<DurationMs>,
    /// How long samples are kept; 0 is without limit.
    pub retention_time: Option<DurationMs>,
    /// How much is kept; 0 is without limit. Units: bytes.
    pub retention_size: Option<u64>,
    /// Exemplars that are kept; 0 is none.
    pub max_exemplars: Option<usize>,
}

/// What one scrape may bring. In every field 0 means no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Bytes of a page, after decompression.
    pub body_size: u64,
    /// Samples, after relabelling.
    pub samples: u64,
    /// Labels of a series.
    pub labels: u64,
    /// Bytes of a label name.
    pub label_name_length: u64,
    /// Bytes of a label value.
    pub label_value_length: u64,
    /// Targets of a job.
    pub targets: u64,
}

/// How a target is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scheme {
    /// Plain HTTP.
    Http,
}

impl Scheme {
    /// As in a URL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
        }
    }
}

/// One job: where its targets are and how they are scraped.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the switches of the file, one field each"
)]
pub struct ScrapeConfig {
    /// Name, unique.
    pub job_name: String,
    /// Time between scrapes of a target.
    pub scrape_interval: DurationMs,
    /// When a scrape is given up. Bounds: at most the interval.
    pub scrape_timeout: DurationMs,
    /// Path of the metrics page.
    pub metrics_path: String,
    /// How targets are spoken to.
    pub scheme: Scheme,
    /// Query parameters. Ordering: by name.
    pub params: Vec<(String, Vec<String>)>,
    /// Whether a scraped label wins over a target's label of the same name.
    pub honor_labels: bool,
    /// Whether timestamps of the page are kept.
    pub honor_timestamps: bool,
    /// Whether series with timestamps of their own end when they vanish from the page.
    pub track_timestamps_staleness: bool,
    /// Whether targets may compress their answer.
    pub enable_compression: bool,
    /// Whether redirects are followed.
    pub follow_redirects: bool,
    /// Whether scrapes report their timeout, sample limit and body size too.
    pub extra_scrape_metrics: bool,
    /// Formats to ask for. Ordering: the preferred one first.
    pub scrape_protocols: Vec<Protocol>,
    /// How pages are read whose content type does not tell.
    pub fallback_scrape_protocol: Option<Protocol>,
    /// Limits of one scrape.
    pub limits: Limits,
    /// Targets.
    pub static_configs: Vec<StaticConfig>,
    /// What makes targets of the labels that were discovered. Ordering: of application.
    pub relabel_configs: Vec<Rule>,
    /// What changes the labels of scraped series. Ordering: of application.
    pub metric_relabel_configs: Vec<Rule>,
}

/// Targets that are written down.
#[derive(Debug, Clone, PartialEq)]
pub struct StaticConfig {
    /// Addresses as `host:port`.
    pub targets: Vec<String>,
    /// Labels of all of them.
    pub labels: Labels,
}

impl ScrapeConfig {
    /// The job `job_name` with the defaults of `global` and no targets.
    pub fn new(job_name: impl Into<String>, global: &Global) -> Self {
        Self {
            job_name: job_name.into(),
            scrape_interval: global.scrape_interval,
            scrape_timeout: global.scrape_timeout,
            metrics_path: "/metrics".to_owned(),
            scheme: Scheme::Http,
            params: Vec::new(),
            honor_labels: false,
            honor_timestamps: true,
            track_timestamps_staleness: false,
            enable_compression: true,
            follow_redirects: true,
            extra_scrape_metrics: global.extra_scrape_metrics,
            scrape_protocols: global.scrape_protocols.clone(),
            fallback_scrape_protocol: None,
            limits: global.limits,
            static_configs: Vec::new(),
            relabel_configs: Vec::new(),
            metric_relabel_configs: Vec::new(),
        }
    }
}

impl Default for Global {
    fn default() -> Self {
        // Prometheus' defaults, docs/configuration.
        Self {
            scrape_interval: DurationMs::from_secs(60),
            scrape_timeout: DurationMs::from_secs(10),
            evaluation_interval: DurationMs::from_secs(60),
            external_labels: Labels::empty(),
            scrape_protocols: Protocol::ALL.to_vec(),
            limits: Limits::default(),
            extra_scrape_metrics: false,
        }
    }
}

impl Config {
    /// Reads the configuration `text`; `path` is for its errors.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the line of the first fault.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        validate::parse(text, path, &|name| std::env::var(name).ok())
    }

    /// Reads the configuration file `path`.
    ///
    /// # Errors
    /// [`Error::Read`] if the file cannot be read, else as [`parse`](Self::parse).
    pub fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text, path)
    }

    /// The configuration where there is no file: the server that listens on `listen_address` scrapes its
    /// own metrics (job `watchfire`) and those of its machine (job `node`, `/metrics/node`) every 5
    /// seconds.
    pub fn without_file(listen_address: &str) -> Self {
        let interval = DurationMs::from_secs(5);
        let global = Global {
            scrape_interval: interval,
            scrape_timeout: interval,
            ..Global::default()
        };
        let job = |name: &str, metrics_path: &str| ScrapeConfig {
            metrics_path: metrics_path.to_owned(),
            static_configs: vec![StaticConfig {
                targets: vec![reachable(listen_address)],
                labels: Labels::empty(),
            }],
            ..ScrapeConfig::new(name, &global)
        };
        let scrape_configs = vec![job("watchfire", "/metrics"), job("node", "/metrics/node")];
        Self {
            global,
            storage: StorageConfig::default(),
            scrape_configs,
        }
    }

    /// The configuration as YAML with every default written out, for people to look at. Reads back to the
    /// same configuration.
    pub fn to_yaml(&self) -> String {
        yaml::render(self)
    }
}

/// An address to connect to for one to listen on: `0.0.0.0:9090` is everywhere, `localhost:9090` here.
fn reachable(listen_address: &str) -> String {
    match listen_address.rsplit_once(':') {
        Some(("" | "0.0.0.0" | "[::]", port)) => format!("localhost:{port}"),
        _ => listen_address.to_owned(),
    }
}
