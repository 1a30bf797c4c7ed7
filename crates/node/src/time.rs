//! The machine's clock and what drives it.

use crate::error::Result;
use crate::family::gauge;
use crate::paths::{Paths, entries, read_line};
use crate::zone::{self, Zone};
use clock::Clock;
use model::{Labels, MetricFamily, MetricKind};

pub(crate) fn collect(paths: &Paths, clock: &dyn Clock) -> Result<Vec<MetricFamily>> {
    let seconds = clock.now().as_seconds();
    let mut families = vec![gauge(
        "node_time_seconds",
        "Time of day, in seconds since the epoch.",
        seconds,
    )];
    families.push(zone_offset(paths, clock));
    families.extend(clock_sources(paths));
    Ok(families)
}

/// The machine's time zone; UTC where none is set.
fn zone_offset(paths: &Paths, clock: &dyn Clock) -> MetricFamily {
    let zone = zone::read(paths).and_then(|file| zone::at(&file, clock.now()));
    let zone = zone.unwrap_or_else(Zone::utc);
    let mut family = MetricFamily::new(
        "node_time_zone_offset_seconds",
        MetricKind::Gauge,
        "How far local time is ahead of UTC, in seconds.",
    );
    let labels = Labels::from_pairs([("time_zone", zone.name.as_str())]);
    family.push(labels, zone.offset as f64);
    family
}

/// The sources that the kernel can take time from; nothing where sysfs does not tell.
fn clock_sources(paths: &Paths) -> Vec<MetricFamily> {
    let folder = paths.sysfs.join("devices/system/clocksource");
    let mut available = MetricFamily::new(
        "node_time_clocksource_available_info",
        MetricKind::Gauge,
        "Clock sources that the kernel can use.",
    );
    let mut current = MetricFamily::new(
        "node_time_clocksource_current_info",
        MetricKind::Gauge,
        "The clock source that the kernel uses.",
    );
    for name in entries(&folder).unwrap_or_default() {
        let Some(device) = name.strip_prefix("clocksource") else {
            continue;
        };
        let labels =
            |source: &str| Labels::from_pairs([("device", device), ("clocksource", source)]);
        let list = read_line(&folder.join(&name).join("available_clocksource"));
        for source in list.unwrap_or_default().split_ascii_whitespace() {
            available.push(labels(source), 1.0);
        }
        if let Some(source) = read_line(&folder.join(&name).join("current_clocksource")) {
            current.push(labels(&source), 1.0);
        }
    }
    [available, current]
        .into_iter()
        .filter(|family| !family.points.is_empty())
        .collect()
}
