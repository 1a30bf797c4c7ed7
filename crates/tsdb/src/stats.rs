//! What the database tells about itself, under the names that dashboards for Prometheus read.

use crate::db::Shared;
use model::{Labels, MetricFamily, MetricKind};
use std::sync::atomic::{AtomicU64, Ordering};

/// Counters that only grow.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) appended: AtomicU64,
    pub(crate) out_of_order: AtomicU64,
    pub(crate) duplicate: AtomicU64,
    pub(crate) refused_series: AtomicU64,
    pub(crate) wal_write_failures: AtomicU64,
    pub(crate) wal_sync_failures: AtomicU64,
    pub(crate) wal_segments_removed: AtomicU64,
    pub(crate) read_failures: AtomicU64,
}

/// Adds to a counter.
pub(crate) fn count(counter: &AtomicU64, by: usize) {
    counter.fetch_add(by as u64, Ordering::Relaxed);
}

fn family(name: &str, kind: MetricKind, help: &str, value: f64) -> MetricFamily {
    let mut family = MetricFamily::new(name, kind, help);
    family.push(Labels::empty(), value);
    family
}

/// Everything as metric families.
pub(crate) fn families(shared: &Shared) -> Vec<MetricFamily> {
    let mut families = head_families(shared);
    families.extend(log_families(shared));
    families
}

fn read(counter: &AtomicU64) -> f64 {
    counter.load(Ordering::Relaxed) as f64
}

fn head_families(shared: &Shared) -> Vec<MetricFamily> {
    use MetricKind::{Counter, Gauge};
    let counters = &shared.counters;
    let (series, created, removed, pages, newest) = {
        let head = shared.head.read();
        let table = &head.series;
        (
            table.len(),
            table.created,
            table.removed,
            head.pages(),
            table.newest_time(),
        )
    };
    let rows = [
        (
            "prometheus_tsdb_head_series",
            Gauge,
            "Series in the head.",
            series as f64,
        ),
        (
            "prometheus_tsdb_head_series_created_total",
            Counter,
            "Series made since the start.",
            created as f64,
        ),
        (
            "prometheus_tsdb_head_series_removed_total",
            Counter,
            "Series dropped since the start because retention dropped their last sample.",
            removed as f64,
        ),
        (
            "prometheus_tsdb_head_chunks",
            Gauge,
            "Sealed pages in the head.",
            pages as f64,
        ),
        (
            "prometheus_tsdb_head_samples_appended_total",
            Counter,
            "Samples stored since the start.",
            read(&counters.appended),
        ),
        (
            "prometheus_tsdb_out_of_order_samples_total",
            Counter,
            "Samples refused because their series had a newer one.",
            read(&counters.out_of_order),
        ),
        (
            "watchfire_tsdb_duplicate_samples_total",
            Counter,
            "Samples refused because their series had another value at the same time.",
            read(&counters.duplicate),
        ),
        (
            "watchfire_tsdb_refused_series_total",
            Counter,
            "New series refused by the limit on series.",
            read(&counters.refused_series),
        ),
        (
            "watchfire_tsdb_read_failures_total",
            Counter,
            "Columns that could not be decoded.",
            read(&counters.read_failures),
        ),
    ];
    let mut families: Vec<MetricFamily> = rows
        .into_iter()
        .map(|(name, kind, help, value)| family(name, kind, help, value))
        .collect();
    if let Some(newest) = newest {
        let help = "Time of the newest sample, in milliseconds.";
        families.push(family(
            "prometheus_tsdb_head_max_time",
            Gauge,
            help,
            newest as f64,
        ));
    }
    families
}

fn log_families(shared: &Shared) -> Vec<MetricFamily> {
    use MetricKind::{Counter, Gauge};
    let counters = &shared.counters;
    let report = shared.report;
    let wal_bytes = shared.wal.lock().bytes_on_disk();
    let rows = [
        (
            "prometheus_tsdb_wal_storage_size_bytes",
            Gauge,
            "Size of the write-ahead log.",
            wal_bytes as f64,
        ),
        (
            "prometheus_tsdb_wal_writes_failed_total",
            Counter,
            "Writes to the write-ahead log that failed; their samples were not stored.",
            read(&counters.wal_write_failures),
        ),
        (
            "watchfire_tsdb_wal_sync_failures_total",
            Counter,
            "Times that forcing the write-ahead log to the disk failed.",
            read(&counters.wal_sync_failures),
        ),
        (
            "prometheus_tsdb_wal_truncations_total",
            Counter,
            "Segments of the write-ahead log removed by retention.",
            read(&counters.wal_segments_removed),
        ),
        (
            "prometheus_tsdb_wal_corruptions_total",
            Counter,
            "Corrupted regions skipped when the write-ahead log was replayed.",
            report.corruptions as f64,
        ),
        (
            "watchfire_tsdb_wal_lost_frames_total",
            Counter,
            "Frames of the write-ahead log that corruption made unreadable.",
            report.lost_frames as f64,
        ),
        (
            "watchfire_tsdb_wal_torn_bytes",
            Gauge,
            "Bytes cut off the end of the write-ahead log at the start.",
            report.torn_bytes as f64,
        ),
    ];
    rows.into_iter()
        .map(|(name, kind, help, value)| family(name, kind, help, value))
        .collect()
}
