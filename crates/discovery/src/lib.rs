//! Service discovery: where targets are, kept up to date.
//!
//! Deliberately not here: relabelling, scraping, any opinion on what is done with targets; every discovery
//! but static, file, http and dns.
//!
//! ```no_run
//! use discovery::{DiscoveryDeps, Manager, Sources};
//! use std::sync::Arc;
//!
//! # async fn example(config: config::Config) {
//! let deps = DiscoveryDeps::new("scrape", selfmon::Registry::default(), Arc::new(clock::SystemClock));
//! let manager = Manager::new(deps);
//! manager.apply(config.scrape_configs.iter().map(Sources::of_job).collect());
//! while manager.changed().await {
//!     for group in manager.groups("node") {
//!         println!("{} has {} targets", group.source, group.targets.len());
//!     }
//! }
//! # }
//! ```
//!
//! Data in: [`Sources`] of each job → a task per discovery that differs from all others → out:
//! [`TargetGroup`]s by job. A group replaces the one of the same source; a discovery that fails keeps what
//! it found last.
//!
//! The next discovery is a file of its own: its settings in `config`, and a [`Discoverer`] (or, where it
//! asks again and again, a [`Refresh`]) here, named in `mechanism.rs`.
//!
//! Source: Prometheus' `discovery` package (3.14).

mod discoverer;
mod dns;
mod error;
mod file;
mod group;
mod http;
mod manager;
mod mechanism;
mod metrics;
mod refresh;

pub use discoverer::{Discoverer, Running, Sink};
pub use error::{Error, Result};
pub use group::TargetGroup;
pub use manager::{DiscoveryDeps, Manager, Sources};
pub use refresh::Refresh;
