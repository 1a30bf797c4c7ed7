//! Alerts on their way to Alertmanagers.
//!
//! Deliberately not here: when alerts fire (`rules`), the search for Alertmanagers (`discovery`), HTTP itself
//! (`http-client`).
//!
//! ```no_run
//! use model::Labels;
//! use notify::{Manager, NotifyDeps};
//! use std::sync::Arc;
//!
//! # async fn example(config: config::Config, registry: selfmon::Registry) {
//! let manager = Arc::new(Manager::new(NotifyDeps::new(registry, Arc::new(clock::SystemClock))));
//! manager.apply(&config.alerting, &config.global.external_labels);
//! let notifier: Arc<dyn rules::Notifier> = manager.clone();
//! for url in manager.alertmanagers().active {
//!     println!("alerts go to {url}");
//! }
//! manager.shutdown().await;
//! # }
//! ```
//!
//! Data in: [`rules::Notification`]s → labels of this server where they are not there, relabelling for all,
//! then for each section of the configuration → one queue and one task per Alertmanager → out: JSON to its
//! API, version 2. An Alertmanager that does not answer holds up no other; what does not fit its queue is
//! dropped, the oldest first, and counted.
//!
//! Source: Prometheus 3.14, `notifier`; Alertmanager's `api/v2/openapi.yaml`.

mod body;
mod manager;
mod metrics;
mod queue;
mod sender;
mod target;

pub use manager::{Alertmanagers, Manager, NotifyDeps};
