//! Remote write, sending: everything that is stored goes on to other servers.
//!
//! Deliberately not here: receiving and the messages (`remote`), HTTP itself (`http-client`), the log
//! (`tsdb`).
//!
//! ```no_run
//! use remote_send::{Manager, SendDeps};
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! # async fn example(db: Arc<tsdb::Db>, registry: selfmon::Registry, config: config::Config) {
//! let manager = Manager::new(SendDeps {
//!     db,
//!     registry,
//!     clock: Arc::new(clock::SystemClock),
//!     positions: "data/remote_write.json".into(),
//!     flush_deadline: Duration::from_secs(60),
//! });
//! manager.apply(&config.remote_write, &config.global.external_labels).await;
//! manager.shutdown().await;
//! # }
//! ```
//!
//! Data in: the write-ahead log, followed by one thread per section of the configuration → labels of this
//! server where they are not there, relabelling once per series → shards, each a bounded queue and a task;
//! the samples of a series stay in one shard, and so in order → out: requests of both versions of the
//! protocol, again and again until they are taken or refused.
//!
//! Nothing is kept in memory beyond the queues: while a receiver does not answer, its samples wait in the
//! log, whose segments are held for it. How far each receiver is stands in a file, so that a restart goes on
//! there. After a crash what was sent in the last second may be sent again.
//!
//! Source: the remote write specifications 1.0 and 2.0, Prometheus' `storage/remote` (3.14).

mod error;
mod feeder;
mod manager;
mod metadata;
mod metrics;
mod positions;
mod post;
mod queue;
mod series;
mod shard;

pub use manager::{Manager, SendDeps, held_segment};
