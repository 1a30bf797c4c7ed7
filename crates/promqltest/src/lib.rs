//! A runner for the test language of Prometheus' PromQL tests.
//!
//! Deliberately not here: the language itself (`promql_syntax`), its evaluation (`promql`), files and
//! terminals. Scripts come as texts; where results are written is the caller's choice.
//!
//! A script loads series, evaluates expressions and says what must come out:
//!
//! ```
//! let script = "
//! load 5m
//!   requests_total{path=\"/a\"} 0+10x10
//!
//! eval instant at 50m rate(requests_total[10m])
//!   {path=\"/a\"} 0.0333333333
//! ";
//! let report = promqltest::run(script, "example");
//! assert_eq!((report.passed, report.failed.len()), (1, 0));
//! ```
//!
//! Data in: the text of a script. Data out: a [`Report`]. Every instant case is evaluated several more
//! times, where the same must come out: with all selectors pinned by `@` at other times, and as one step
//! of a range. A case that cannot be read counts as failed.
//!
//! Source: Prometheus 3.14, `promql/promqltest/README.md`.

mod command;
mod compare;
mod convert;
mod described;
mod error;
mod expect;
mod hints;
mod literal;
mod notation;
mod pinned;
mod report;
mod show;
mod starts;
mod timelines;
mod world;

pub use described::{TestSample, parse_histogram, parse_samples, show_histogram};
pub use error::ScriptError;
pub use report::{Failure, Report, run_scripts};
pub use world::{RunOptions, run, run_with};
