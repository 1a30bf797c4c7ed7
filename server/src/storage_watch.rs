//! Tells operators while the storage takes nothing.

use api::ApiState;
use std::sync::Arc;
use std::time::Duration;

/// How often the storage is looked at.
const INTERVAL: Duration = Duration::from_secs(5);

/// The storage's own metric for it.
const READ_ONLY: &str = "watchfire_tsdb_read_only";

const NOTICE: &str = "The storage takes no samples: the disk is full or failed. Queries go on.";

/// Looks again and again; ends when it is aborted.
pub(crate) async fn watch(api: Arc<ApiState>) {
    loop {
        let now = api.clock.now();
        if is_read_only(&api) {
            api.notifications.add(NOTICE, now);
        } else {
            api.notifications.remove(NOTICE);
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

fn is_read_only(api: &ApiState) -> bool {
    let families = api.registry.gather();
    let family = families.iter().find(|family| family.name == READ_ONLY);
    let point = family.and_then(|family| family.points.first());
    point.is_some_and(|point| point.value != 0.0)
}
