//! Metrics of the machine from `/proc` and `/sys`, under node_exporter's names.
//!
//! Deliberately not here: HTTP, the text of the page (`exposition` writes it), every collector that
//! needs a daemon, a socket protocol or a privilege. Reading is all it does.
//!
//! ```
//! use clock::SystemClock;
//! use node::{Collector, Paths};
//! use std::sync::Arc;
//!
//! let collector = Collector::new(Paths::default(), Arc::new(SystemClock));
//! let families = collector.collect();
//! assert!(families.iter().any(|family| family.name == "node_scrape_collector_success"));
//! ```
//!
//! Data in: files of the kernel, and `statvfs`/`uname` → pure parsers, one file per collector → out:
//! [`model::MetricFamily`]s with the names, types and labels that dashboards and alerts for node_exporter
//! expect. A collector that cannot read its files reports success 0 and nothing else.
//!
//! Source: node_exporter 1.10's behaviour, the kernel's `Documentation/filesystems/proc.rst`, proc(5).

mod collector;
mod conntrack;
mod cpu;
mod diskstats;
mod entropy;
mod error;
mod family;
mod filefd;
mod filesystem;
mod loadavg;
mod meminfo;
mod mountinfo;
mod netclass;
mod netdev;
mod netstat;
mod os;
mod paths;
mod pressure;
mod sockstat;
mod softnet;
mod stat;
mod time;
mod uname;
mod vmstat;
mod zone;

pub use collector::Collector;
pub use paths::Paths;
