//! The configuration file in Prometheus' format, read and validated.
//!
//! Deliberately not here: flags (`server` has them), applying anything (each component takes its part of
//! [`Config`]). What the file may say in Prometheus and has no effect here yet is among
//! [`Config::warnings`] with its line, never silence; what would leave targets out is an error.
//!
//! ```
//! use config::Config;
//! use std::path::Path;
//!
//! let text = "
//! scrape_configs:
//!   - job_name: node
//!     scrape_interval: 15s
//!     static_configs: [{targets: ['localhost:9100']}]
//! ";
//! let config = Config::parse(text, Path::new("prometheus.yml"))?;
//! assert_eq!(config.scrape_configs[0].scrape_timeout.to_string(), "10s");
//!
//! let error = Config::parse("scrape_config: []", Path::new("p.yml")).unwrap_err();
//! assert_eq!(error.to_string(), "p.yml:1: field scrape_config not found in type config.plain");
//! # Ok::<(), config::Error>(())
//! ```
//!
//! Data in: YAML text → nodes with lines → out: [`Config`], with every default filled in, unknown fields
//! refused and nothing left to decide. [`Secret`]s are never shown, and [`Config::to_yaml`] prints as
//! Prometheus does.
//!
//! Source: Prometheus' "Configuration" page and the behaviour of 3.14.

mod alerting;
mod client;
mod config;
mod context;
mod discovery;
mod env;
mod error;
mod glob;
mod global;
mod limits;
mod otlp;
mod protocols;
mod relabelling;
mod remote_read;
mod remote_write;
mod scrape;
mod secret;
mod signing;
mod size;
mod storage;
mod tracing;
mod url;
mod web;
mod yaml;

pub use alerting::{Alerting, AlertmanagerConfig};
pub use client::{
    Auth, Authorization, BasicAuth, Credential, GrantType, HttpClientConfig, HttpHeader, OAuth2,
    ProxyConfig, TlsConfig, TlsVersion,
};
pub use config::Config;
pub use context::{NameScheme, Warning};
pub use discovery::{
    DiscoveryConfig, DnsDiscovery, FileDiscovery, HttpDiscovery, RecordType, StaticConfig,
    parse_target_groups,
};
pub use error::{Error, Reason, Result};
pub use glob::glob;
pub use global::Global;
pub use limits::Limits;
pub use otlp::OtlpConfig;
pub use protocols::Protocols;
pub use remote_read::RemoteReadConfig;
pub use remote_write::{MetadataConfig, QueueConfig, RemoteWriteConfig};
pub use scrape::{Scheme, ScrapeConfig};
pub use secret::Secret;
pub use signing::{CloudAuth, SigV4};
pub use size::{format as format_size, parse as parse_size};
pub use storage::StorageConfig;
pub use tracing::TracingConfig;
pub use web::{ClientAuth, WebConfig, WebTls};
