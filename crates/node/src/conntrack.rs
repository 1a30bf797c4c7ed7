//! Tracked network connections, from `/proc/sys/net/netfilter`.

use crate::error::Result;
use crate::family::gauge;
use crate::loadavg::parse_number;
use crate::paths::Paths;
use model::MetricFamily;

pub(crate) fn collect(paths: &Paths) -> Result<Vec<MetricFamily>> {
    let folder = "sys/net/netfilter";
    let count = paths.parse_proc(&format!("{folder}/nf_conntrack_count"), parse_number)?;
    let max = paths.parse_proc(&format!("{folder}/nf_conntrack_max"), parse_number)?;
    Ok(vec![
        gauge(
            "node_nf_conntrack_entries",
            "Connections that are tracked.",
            count,
        ),
        gauge(
            "node_nf_conntrack_entries_limit",
            "Connections that can be tracked.",
            max,
        ),
    ])
}
