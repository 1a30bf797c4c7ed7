//! The templates in labels and annotations of alerts: Go's `text/template` with Prometheus' functions.
//!
//! Deliberately not here: HTML consoles, rules (`rules` expands their texts), evaluation of queries (an
//! [`Environment`] answers them).
//!
//! ```
//! use model::{Labels, TimestampMs};
//! use template::{AlertData, NoQueries, Template, Value};
//!
//! let text = r#"{{ $labels.instance | toUpper }} is at {{ printf "%.1f" $value }}"#;
//! let template = Template::parse_alert("__alert_Hot", text)?;
//! let data = AlertData {
//!     labels: Labels::from_pairs([("instance", "db1")]),
//!     external_labels: Labels::empty(),
//!     external_url: "http://localhost:9090".into(),
//!     value: Value::Float(81.25),
//! };
//! assert_eq!(template.expand(&data.into(), &NoQueries::default())?, "DB1 is at 81.2");
//!
//! let error = Template::parse_alert("__alert_Hot", "{{ .X").unwrap_err();
//! assert_eq!(error.to_string(), "template: __alert_Hot:1: unclosed action");
//! # Ok::<(), template::Error>(())
//! ```
//!
//! Data in: a text → [`Template`], parsed once; a [`Value`] and an [`Environment`] → out: a text. Texts
//! are bounded in nesting, and an expansion in steps and length, so that no rule file can hold the server
//! up. Methods of Go's types are not there, but for those of times and durations that people write.
//!
//! Source: Go 1.26, `text/template`, `fmt`; Prometheus 3.14, `template/template.go`.

mod ast;
mod data;
mod environment;
mod error;
mod exec;
mod float;
mod functions;
mod lexer;
mod number;
mod parser;
mod printf;
mod template;
mod time;
mod value;

pub use data::AlertData;
pub use environment::{Environment, NoQueries, QueryError};
pub use error::{Error, Result};
pub use float::{format_exponent, format_general};
pub use functions::function_names;
pub use template::Template;
pub use value::{Sample, Value};
