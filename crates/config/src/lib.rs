//! The configuration file in Prometheus' format, read and validated.
//!
//! Deliberately not here: flags (`server` has them), applying anything (each component takes its part of
//! [`Config`]). What the file may say in Prometheus and we do not do yet is an error with its line, never
//! silence.
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
//! assert_eq!(error.to_string(), "p.yml:1: field `scrape_config` not found");
//! # Ok::<(), config::Error>(())
//! ```
//!
//! Data in: YAML text → wire structs that mirror it (unknown fields refused) → out: [`Config`], with
//! every default filled in and nothing left to decide.
//!
//! Source: Prometheus' "Configuration" page and the behaviour of 3.14.

mod config;
mod env;
mod error;
mod size;
mod validate;
mod wire;
mod yaml;

pub use config::{Config, Global, Limits, Scheme, ScrapeConfig, StaticConfig, StorageConfig};
pub use error::{Error, Reason, Result};
pub use size::{format as format_size, parse as parse_size};
