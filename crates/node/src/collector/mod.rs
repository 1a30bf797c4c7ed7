//! All collectors, one after the other.

use crate::cpu::CpuTimes;
use crate::error::Result;
use crate::filesystem::StuckMounts;
use crate::paths::Paths;
use crate::{
    conntrack, cpu, diskstats, entropy, filefd, filesystem, loadavg, meminfo, netclass, netdev,
    netstat, os, pressure, sockstat, softnet, stat, time, uname, vmstat,
};
use clock::Clock;
use model::{Labels, MetricFamily, MetricKind};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Reads the machine whenever it is asked.
#[derive(Debug)]
pub struct Collector {
    paths: Paths,
    clock: Arc<dyn Clock>,
    cpu_times: Mutex<CpuTimes>,
    stuck_mounts: StuckMounts,
}

type Collect = fn(&Collector) -> Result<Vec<MetricFamily>>;

/// Names as node_exporter has them. Ordering: by name.
const COLLECTORS: [(&str, Collect); 19] = [
    ("conntrack", |c| conntrack::collect(&c.paths)),
    ("cpu", |c| cpu::collect(&c.paths, &c.cpu_times)),
    ("diskstats", |c| diskstats::collect(&c.paths)),
    ("entropy", |c| entropy::collect(&c.paths)),
    ("filefd", |c| filefd::collect(&c.paths)),
    ("filesystem", |c| {
        filesystem::collect(&c.paths, &c.stuck_mounts)
    }),
    ("loadavg", |c| loadavg::collect(&c.paths)),
    ("meminfo", |c| meminfo::collect(&c.paths)),
    ("netclass", |c| netclass::collect(&c.paths)),
    ("netdev", |c| netdev::collect(&c.paths)),
    ("netstat", |c| netstat::collect(&c.paths)),
    ("os", |c| os::collect(&c.paths)),
    ("pressure", |c| pressure::collect(&c.paths)),
    ("sockstat", |c| sockstat::collect(&c.paths)),
    ("softnet", |c| softnet::collect(&c.paths)),
    ("stat", |c| stat::collect(&c.paths)),
    ("time", |c| time::collect(&c.paths, c.clock.as_ref())),
    ("uname", |_| Ok(uname::collect())),
    ("vmstat", |c| vmstat::collect(&c.paths)),
];

impl Collector {
    /// A collector of the machine whose files are at `paths`.
    pub fn new(paths: Paths, clock: Arc<dyn Clock>) -> Self {
        Self {
            paths,
            clock,
            cpu_times: Mutex::default(),
            stuck_mounts: StuckMounts::default(),
        }
    }

    /// Reads everything. Ordering: by family name. Blocks on files, and on file systems that do not
    /// answer for a few seconds at most.
    pub fn collect(&self) -> Vec<MetricFamily> {
        let mut duration = MetricFamily::new(
            "node_scrape_collector_duration_seconds",
            MetricKind::Gauge,
            "How long each collector took, in seconds.",
        );
        let mut success = MetricFamily::new(
            "node_scrape_collector_success",
            MetricKind::Gauge,
            "Whether each collector could read what it needs.",
        );
        let mut families = Vec::new();
        for (name, collect) in COLLECTORS {
            let started = Instant::now();
            let result = collect(self);
            let labels = Labels::from_pairs([("collector", name)]);
            duration.push(labels.clone(), started.elapsed().as_secs_f64());
            success.push(labels, if result.is_ok() { 1.0 } else { 0.0 });
            families.extend(result.unwrap_or_default());
        }
        families.extend([duration, success]);
        families.sort_by(|a, b| a.name.cmp(&b.name));
        families
    }
}

#[cfg(test)]
mod tests;
