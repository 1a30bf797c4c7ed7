//! The `storage` section.

use super::{Fault, body_size, duration, fault};
use crate::config::StorageConfig;
use crate::{Reason, wire};

pub(super) fn storage(wire: wire::Storage) -> Result<StorageConfig, Fault> {
    let tsdb = wire.tsdb.unwrap_or_default();
    let retention = tsdb.retention.unwrap_or_default();
    if let Some(percentage) = retention.percentage.filter(|share| share.value != 0.0) {
        let what = format!("retention percentage: {}", percentage.value);
        return Err(fault(percentage.referenced, Reason::NotSupported { what }));
    }
    let exemplars = wire.exemplars.unwrap_or_default();
    Ok(StorageConfig {
        out_of_order_time_window: duration(tsdb.out_of_order_time_window.as_ref())?,
        retention_time: duration(retention.time.as_ref())?,
        retention_size: match &retention.size {
            None => None,
            given => Some(body_size(given.as_ref())?),
        },
        // Prometheus reads a negative number as none.
        max_exemplars: exemplars
            .max_exemplars
            .map(|max| usize::try_from(max.value).unwrap_or(0)),
    })
}
