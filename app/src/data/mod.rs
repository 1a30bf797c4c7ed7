//! Where the pages' data comes from.

mod error;
mod http;
mod latest;
mod query;
mod targets;

pub use error::UiError;
pub use http::{Answer, get, now_seconds, post, stopwatch};
pub use latest::{Latest, LoadState, Loaded};
pub use query::{ChartData, ChartSeries, Moment, instant, metric_names, range};
pub use targets::load_targets;
