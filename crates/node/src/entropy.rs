//! The kernel's random pool, from `/proc/sys/kernel/random`.

use crate::error::Result;
use crate::family::gauge;
use crate::loadavg::parse_number;
use crate::paths::Paths;
use model::MetricFamily;

pub(crate) fn collect(paths: &Paths) -> Result<Vec<MetricFamily>> {
    let folder = "sys/kernel/random";
    let available = paths.parse_proc(&format!("{folder}/entropy_avail"), parse_number)?;
    let size = paths.parse_proc(&format!("{folder}/poolsize"), parse_number)?;
    Ok(vec![
        gauge(
            "node_entropy_available_bits",
            "Entropy in the random pool, in bits.",
            available,
        ),
        gauge(
            "node_entropy_pool_size_bits",
            "Size of the random pool, in bits.",
            size,
        ),
    ])
}
