//! A runner for the test language of Prometheus' PromQL tests.
//!
//! A script loads series, evaluates expressions and says what must come out:
//!
//! ```text
//! load 5m
//!   requests{path="/a"} 0+10x10
//!
//! eval instant at 50m rate(requests[10m])
//!   {path="/a"} 0.0333333333
//! ```
//!
//! Data in: the text of a script. Data out: a [`Report`](eval::Report), case by case.
//!
//! Source: Prometheus 3.14, `promql/promqltest/README.md`.

mod compare;
mod eval;
mod notation;
mod script;

pub(crate) use eval::{Outcome, run, run_with};
