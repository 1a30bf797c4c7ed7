//! Counters, gauges and histograms that the server keeps about itself.
//!
//! Deliberately not here: the text of a metrics page (`exposition` writes it), any opinion on which
//! metrics there are, HTTP. Updating an instrument takes no lock.
//!
//! ```
//! use selfmon::Registry;
//!
//! let registry = Registry::default();
//! let loads = registry.counter("config_loads_total", "Loads of the configuration.", &[]);
//! loads.inc();
//! let requests =
//!     registry.counter_vec("http_requests_total", "Requests answered.", &["handler", "code"]);
//! requests.with(&["/metrics", "200"]).inc();
//!
//! let families = registry.gather();
//! assert_eq!(families[0].name, "config_loads_total");
//! assert_eq!(families[0].points[0].value, 1.0);
//! ```
//!
//! Data in: [`Counter`], [`Gauge`] and [`Histogram`] handles, and closures that compute families when
//! asked ([`Registry::collect`], [`process_families`]). Data out: [`Registry::gather`], the families
//! sorted by name.

mod family;
mod instrument;
mod process;
mod registry;
mod summary;

pub use family::{CounterVec, GaugeVec, HistogramVec};
pub use instrument::{Counter, Gauge, Histogram};
pub use process::process_families;
pub use registry::Registry;
pub use summary::SummaryVec;
