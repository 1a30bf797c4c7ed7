//! Recording and alerting rules: read, evaluated, and their alerts kept.
//!
//! Deliberately not here: timers and threads that wait (`server` calls [`GroupRunner::evaluate`]), sending
//! alerts (`notify` is a [`Notifier`]), HTTP, any storage.
//!
//! ```
//! use model::{Labels, TimestampMs};
//! use rules::{Manager, RuleDeps, RuleFile, RuleOptions};
//! use std::sync::Arc;
//! use storage::MemStorage;
//!
//! let store = Arc::new(MemStorage::default());
//! store.add(&Labels::from_pairs([("__name__", "up"), ("job", "node")]), [(0, 0.0)])?;
//! let manager = Manager::new(RuleDeps::new(store.clone(), store));
//! let text = "groups: [{name: g, rules: [{alert: Down, expr: up == 0}]}]";
//! let file = RuleFile::parse(text, "rules.yml", promql_syntax::ParseOptions::default())?;
//! let options = RuleOptions { restore: false, ..RuleOptions::default() };
//! let change = manager.apply(vec![file], &options);
//! for group in &change.started {
//!     group.evaluate(TimestampMs(0));
//! }
//! assert_eq!(manager.alerts()[0].labels.to_string(), r#"{alertname="Down", job="node"}"#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Data in: the text of rule files → [`RuleFile`], with all its faults at their places; a time → one
//! evaluation of a group through PromQL. Data out: series through [`storage::Appender`] (results, `ALERTS`,
//! `ALERTS_FOR_STATE`, stale markers), alerts to a [`Notifier`], and [`GroupSnapshot`]s for whoever shows
//! them. A rule that fails says so in its snapshot, and the others of its group go on.
//!
//! Source: Prometheus 3.14, `rules` and `model/rulefmt`.

mod alert;
mod alerting;
mod batches;
mod deps;
mod diff;
mod edit;
mod error;
mod file;
mod group;
mod manager;
mod metrics;
mod notifier;
mod preview;
mod query;
mod recording;
mod replace;
mod rule;
mod shared_engine;
mod sink;
mod slots;
mod snapshot;
mod written;

pub use alert::{Alert, AlertState};
pub use deps::{RuleDeps, RuleOptions};
pub use diff::unified_diff;
pub use edit::{EditError, FileEdit, RulePlace, edit_file, written_groups};
pub use error::{Error, Result};
pub use file::{
    Duplicate, Fault, FileErrors, GroupDefinition, Pairs, Place, RuleDefinition, RuleFile,
    RuleKind, RuleProblem,
};
pub use group::GroupRunner;
pub use manager::{Change, Manager};
pub use notifier::{Discard, Notification, Notifier};
pub use preview::{Interval, Match, Preview, PreviewRequest, SeriesTimeline, Summary};
pub use replace::{ReplaceError, replace_file, text_hash, why_not_writable};
pub use shared_engine::SharedEngine;
pub use snapshot::{GroupSnapshot, Health, RuleDetail, RuleSnapshot};
pub use written::{Field, FieldFault, WrittenGroup, WrittenKind, WrittenRule, rule_yaml};
