//! Where the pages' data comes from.

mod absence;
mod body;
mod catalog;
mod chart_data;
mod clipboard;
mod early;
mod error;
mod exemplars;
mod find;
mod http;
mod latest;
mod matching;
mod me;
mod notifications;
mod query;

pub use absence::{Absence, why_empty};
pub use body::{Body, load_body, read_body};
pub use catalog::{Catalog, LabelUse, MetricInfo, catalog, info_of, labels_of, series_of};
pub use chart_data::{ChartData, ChartSeries};
pub use clipboard::{copy_text, save, save_text};
pub use early::{EARLY, early};
pub use error::UiError;
pub use exemplars::{Exemplar, exemplars};
pub use find::{FoundDashboard, find_dashboards, find_metrics, find_rules, find_targets};
pub use http::{Answer, change, fetch, get, now_seconds, post, read, stopwatch, stream};
pub use latest::{Latest, LoadState, Loaded};
pub use matching::{MatchGroup, match_groups};
pub use me::{WhoLooks, use_me};
pub use notifications::{Cuts, Notifications};
pub use query::{Moment, explain, instant, metric_names, range};
