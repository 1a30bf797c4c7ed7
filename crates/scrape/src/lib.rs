//! Targets and scrape loops.
//!
//! Deliberately not here: how targets are discovered and how HTTP is spoken (`discovery`, `http-client`), serving anything over HTTP, the storage itself.
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
//!     max_series_per_target: 0,
//!     stores_starts: false,
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
//! scrape becomes visible as a whole. A page is read by prediction: a line is known by a seeded hash of the
//! bytes of its series' id (two ids of one target are taken for one with odds of 1 in 2^64 for each known
//! line), and usually follows the line that it followed in the page before, so labels are read once, when
//! a series is new, and a value only when its text changed.
//!
//! Pages of this machine itself (`localhost`, loopback addresses) are asked for without compression:
//! compressing costs more there than it saves. Elsewhere zstd and gzip are offered unless
//! `enable_compression` is off.
//!
//! Source: Prometheus' `scrape` package (3.14).

mod body;
mod buffers;
mod client;
mod error;
mod failure_log;
mod ingest;
mod job_loop;
mod lengths;
mod lines;
mod manager;
#[doc(hidden)]
pub mod measure;
mod merge;
mod metadata;
mod metrics;
mod pool;
mod preview;
mod report;
mod scan;
mod schedule;
mod series_cache;
mod starts;
mod status;
mod target;

pub use error::ScrapeError;
pub use manager::{Manager, ScrapeDeps};
pub use metadata::FamilyMetadata;
pub use preview::{PreviewedTarget, preview};
pub use status::{DroppedTarget, Health, TargetStatus};
