//! Relabelling rules: labels in, labels or nothing out.
//!
//! Deliberately not here: YAML (`config` reads rules), any opinion on what the labels mean, any I/O.
//!
//! ```
//! use model::Labels;
//! use relabel::{Rule, RuleFields, Verdict, apply};
//!
//! let rule = Rule::new(RuleFields {
//!     source_labels: vec!["__address__".to_owned()],
//!     regex: Some("([^:]+):.*".to_owned()),
//!     target_label: Some("host".to_owned()),
//!     ..RuleFields::default()
//! })?;
//! let mut labels = Labels::from_pairs([("__address__", "db1:9100")]).to_builder();
//! assert_eq!(apply(&[rule], &mut labels), Verdict::Keep);
//! assert_eq!(labels.get("host"), Some("db1"));
//! # Ok::<(), relabel::Error>(())
//! ```
//!
//! Data in: [`RuleFields`] as they are written → [`Rule`], validated and compiled; labels → out: the same
//! labels changed, and a [`Verdict`].
//!
//! Source: Prometheus' `model/relabel` (3.14).

mod apply;
mod error;
mod md5;
mod rule;
mod steps;

pub use apply::{Verdict, apply};
pub use error::{Error, Result};
pub use rule::{Action, Rule, RuleFields};
pub use steps::{Step, steps};
