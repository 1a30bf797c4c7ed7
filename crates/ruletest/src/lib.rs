//! Unit tests of rule files in promtool's format, and the checks of rule files.
//!
//! Deliberately not here: the rules (`rules`), evaluation (`promql`), terminals: what is found goes to a
//! writer that the caller gives.
//!
//! ```
//! use ruletest::{TestFile, TestOptions};
//! use std::path::Path;
//!
//! let text = "
//! tests:
//! - interval: 1m
//!   input_series: [{series: up, values: '0 1'}]
//!   promql_expr_test: [{expr: sum(up), eval_time: 1m, exp_samples: [{value: 1}]}]
//! ";
//! let file = TestFile::parse(text)?;
//! let report = file.run(Path::new("."), &TestOptions::default());
//! assert!(report.failures.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Data in: a [`TestFile`] with series in the notation of PromQL's test scripts, and the rule files that it
//! names → the groups evaluated step by step over them, each step seeing only what came before it → out: a
//! [`Report`] of what differs from what was expected.
//!
//! Source: Prometheus 3.14, `cmd/promtool/unittest.go`, `docs/configuration/unit_testing_rules`.

mod case;
mod check;
mod compare;
mod error;
mod file;
mod report;
mod run;
mod series;
mod when;
mod wire;

pub use check::{CheckOptions, Checked, check_rules};
pub use error::{Error, Result};
pub use file::{TestFile, TestOptions};
pub use report::{Failure, Report, run_files};
