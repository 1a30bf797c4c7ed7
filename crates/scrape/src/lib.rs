//! Targets, scrape loops and the HTTP client.
//!
//! Deliberately not here: service discovery, serving anything over HTTP, the storage itself.
//!
//! ```no_run
//! use clock::SystemClock;
//! use config::Config;
//! use scrape::{Manager, ScrapeDeps};
//! use std::sync::Arc;
//!
//! # async fn example() {
//! let manager = Manager::new(ScrapeDeps {
//!     appender: Arc::new(storage::MemStorage::default()),
//!     clock: Arc::new(SystemClock),
//!     registry: selfmon::Registry::default(),
//! });
//! manager.apply(&Config::without_file("0.0.0.0:9090")).await;
//! for target in manager.targets() {
//!     println!("{} {:?}", target.url, target.health);
//! }
//! manager.shutdown().await;
//! # }
//! ```
//!
//! Data in: [`config::Config`] → targets, each with a loop of its own that fetches a page on a time grid
//! → out: one [`storage::Frame`] per scrape, with the report series (`up` and the like) in it, so that a
//! scrape becomes visible as a whole. A series of a page is known by the bytes of its id: its labels are
//! read once, when it is new.
//!
//! Source: Prometheus' `scrape` package (3.14).

mod body;
mod client;
mod error;
mod ingest;
mod job_loop;
mod manager;
mod merge;
mod metadata;
mod metrics;
mod report;
mod schedule;
mod series_cache;
mod status;
mod target;

pub use error::ScrapeError;
pub use manager::{Manager, ScrapeDeps};
pub use metadata::{FamilyMetadata, TargetMetadata};
pub use status::{DroppedTarget, Health, TargetStatus};
