//! What the database tells about itself, under the names that dashboards for Prometheus read.

use crate::db::Shared;
use crate::head::Head;
use model::{Labels, MetricFamily, MetricKind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use storage::FrameOutcome;

/// The kind of a sample, as the label `type` says it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Float,
    Histogram,
}

/// A counter for each kind of sample.
#[derive(Debug, Default)]
pub(crate) struct ByKind {
    float: AtomicU64,
    histogram: AtomicU64,
}

impl ByKind {
    fn add(&self, kind: Kind, by: usize) {
        if by == 0 {
            return;
        }
        match kind {
            Kind::Float => count(&self.float, by),
            Kind::Histogram => count(&self.histogram, by),
        }
    }
}

/// Counters that only grow, and one state.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    appended: ByKind,
    late: ByKind,
    out_of_order: ByKind,
    too_old: ByKind,
    out_of_bounds: ByKind,
    duplicate: ByKind,
    pub(crate) refused_series: AtomicU64,
    pub(crate) exemplars_appended: AtomicU64,
    pub(crate) exemplars_out_of_order: AtomicU64,
    pub(crate) wal_write_failures: AtomicU64,
    pub(crate) wal_sync_failures: AtomicU64,
    pub(crate) wal_segments_removed: AtomicU64,
    pub(crate) read_failures: AtomicU64,
    pub(crate) rotations: AtomicU64,
    pub(crate) seals: AtomicU64,
    pub(crate) seals_failed: AtomicU64,
    /// The last write to the log failed.
    pub(crate) is_read_only: AtomicBool,
}

impl Counters {
    /// Counts what became of samples, of which `late` were stored among older ones.
    pub(crate) fn note(&self, outcome: FrameOutcome, late: usize, kind: Kind) {
        self.appended.add(kind, outcome.appended);
        self.late.add(kind, late);
        self.out_of_order.add(kind, outcome.out_of_order);
        self.too_old.add(kind, outcome.too_old);
        self.out_of_bounds.add(kind, outcome.out_of_bounds);
        self.duplicate.add(kind, outcome.duplicate);
    }
}

/// Adds to a counter.
pub(crate) fn count(counter: &AtomicU64, by: usize) {
    counter.fetch_add(by as u64, Ordering::Relaxed);
}

fn read(counter: &AtomicU64) -> f64 {
    counter.load(Ordering::Relaxed) as f64
}

/// Families in the making.
#[derive(Default)]
struct Families(Vec<MetricFamily>);

impl Families {
    fn put(&mut self, name: &str, kind: MetricKind, help: &str, value: f64) {
        let mut family = MetricFamily::new(name, kind, help);
        family.push(Labels::empty(), value);
        self.0.push(family);
    }

    fn gauge(&mut self, name: &str, help: &str, value: f64) {
        self.put(name, MetricKind::Gauge, help, value);
    }

    fn counter(&mut self, name: &str, help: &str, value: f64) {
        self.put(name, MetricKind::Counter, help, value);
    }

    fn by_kind(&mut self, name: &str, help: &str, counter: &ByKind) {
        let mut family = MetricFamily::new(name, MetricKind::Counter, help);
        for (kind, value) in [("float", &counter.float), ("histogram", &counter.histogram)] {
            family.push(Labels::from_pairs([("type", kind)]), read(value));
        }
        self.0.push(family);
    }
}

/// Everything as metric families.
pub(crate) fn families(shared: &Shared) -> Vec<MetricFamily> {
    let mut families = Families::default();
    head_families(&shared.head.read(), &mut families);
    sample_families(&shared.counters, &mut families);
    log_families(shared, &mut families);
    exemplar_families(shared, &mut families);
    block_families(shared, &mut families);
    limit_families(shared, &mut families);
    families.0
}

fn block_families(shared: &Shared, out: &mut Families) {
    let blocks = shared.store.snapshot();
    let counts = shared.store.counts();
    let report = shared.store.open_report();
    let failed = report.failed.len() + report.missing.len();
    for (name, help, value) in [
        (
            "prometheus_tsdb_blocks_loaded",
            "Blocks in use.",
            blocks.len() as f64,
        ),
        (
            "prometheus_tsdb_storage_blocks_bytes",
            "Size of all blocks.",
            shared.store.bytes() as f64,
        ),
        (
            "watchfire_tsdb_blocks_broken",
            "Blocks that could not be opened at the start.",
            failed as f64,
        ),
        (
            "watchfire_tsdb_block_index_bytes",
            "Memory of the indexes of blocks.",
            counts.index_bytes as f64,
        ),
    ] {
        out.gauge(name, help, value);
    }
    for (name, help, value) in [
        (
            "prometheus_tsdb_compactions_total",
            "Compactions of blocks.",
            counts.compactions,
        ),
        (
            "prometheus_tsdb_compactions_failed_total",
            "Compactions of blocks that failed.",
            counts.compactions_failed,
        ),
        (
            "prometheus_tsdb_vertical_compactions_total",
            "Compactions of blocks that lay across each other.",
            counts.vertical_compactions,
        ),
        (
            "prometheus_tsdb_time_retentions_total",
            "Times that blocks were dropped because they were too old.",
            counts.time_retentions,
        ),
        (
            "prometheus_tsdb_size_retentions_total",
            "Times that blocks were dropped because there were too many bytes.",
            counts.size_retentions,
        ),
        (
            "watchfire_tsdb_block_corruptions_total",
            "Checks of bytes in blocks that failed.",
            counts.corruptions,
        ),
        (
            "watchfire_tsdb_lost_samples_total",
            "Samples in damaged parts of blocks that compactions left out.",
            counts.samples_lost,
        ),
    ] {
        out.counter(name, help, value as f64);
    }
    out.counter(
        "watchfire_tsdb_seals_total",
        "Generations of the head that became blocks.",
        read(&shared.counters.seals),
    );
    out.counter(
        "watchfire_tsdb_seals_failed_total",
        "Times that writing a generation as blocks failed.",
        read(&shared.counters.seals_failed),
    );
    let oldest = blocks.iter().map(|block| block.meta().min_time).min();
    let head = shared.head.read();
    let of_head = head.generations().map(|one| one.read().min_time);
    if let Some(oldest) = of_head.chain(oldest).min().filter(|time| *time != i64::MAX) {
        out.gauge(
            "prometheus_tsdb_lowest_timestamp",
            "Time of the oldest sample, in milliseconds.",
            oldest as f64,
        );
        out.gauge(
            "prometheus_tsdb_lowest_timestamp_seconds",
            "Time of the oldest sample, in seconds.",
            oldest as f64 / 1000.0,
        );
    }
}

fn head_families(head: &Head, out: &mut Families) {
    out.gauge(
        "prometheus_tsdb_head_series",
        "Series in the head.",
        head.series() as f64,
    );
    out.counter(
        "prometheus_tsdb_head_series_created_total",
        "Series made since the start.",
        head.created as f64,
    );
    out.counter(
        "prometheus_tsdb_head_series_removed_total",
        "Series forgotten since the start because the head has no sample of them any more.",
        head.removed as f64,
    );
    let (mut chunks, mut samples) = (0, 0);
    let (mut min, mut max) = (i64::MAX, i64::MIN);
    for generation in head.generations() {
        let generation = generation.read();
        chunks += generation.chunks();
        samples += generation.samples;
        min = min.min(generation.min_time);
        max = max.max(generation.max_time);
    }
    out.gauge(
        "prometheus_tsdb_head_chunks",
        "Open chunks: one per series and generation.",
        chunks as f64,
    );
    out.gauge(
        "prometheus_tsdb_head_chunks_storage_size_bytes",
        "Memory of the chunks.",
        head.sample_bytes() as f64,
    );
    out.gauge(
        "watchfire_tsdb_head_samples",
        "Samples in the head.",
        samples as f64,
    );
    out.gauge(
        "watchfire_tsdb_head_generations",
        "Generations of samples in the head.",
        (head.closed().len() + 1) as f64,
    );
    out.gauge(
        "prometheus_tsdb_symbol_table_size_bytes",
        "Memory of the index of series, label names and values included.",
        head.index.heap_bytes() as f64,
    );
    if min <= max {
        for (name, unit, by) in [("", "milliseconds", 1.0), ("_seconds", "seconds", 1000.0)] {
            for (which, help, time) in [("min", "oldest", min), ("max", "newest", max)] {
                out.gauge(
                    &format!("prometheus_tsdb_head_{which}_time{name}"),
                    &format!("Time of the {help} sample in the head, in {unit}."),
                    time as f64 / by,
                );
            }
        }
    }
}

fn sample_families(counters: &Counters, out: &mut Families) {
    for (name, help, counter) in [
        (
            "prometheus_tsdb_head_samples_appended_total",
            "Samples stored since the start.",
            &counters.appended,
        ),
        (
            "prometheus_tsdb_head_out_of_order_samples_appended_total",
            "Samples stored among older ones.",
            &counters.late,
        ),
        (
            "prometheus_tsdb_out_of_order_samples_total",
            "Samples refused because their series had a newer one and nothing out of order is taken.",
            &counters.out_of_order,
        ),
        (
            "prometheus_tsdb_too_old_samples_total",
            "Samples refused because they were older than the out-of-order window.",
            &counters.too_old,
        ),
        (
            "prometheus_tsdb_out_of_bound_samples_total",
            "Samples refused because they were older than the retention or far ahead of the clock.",
            &counters.out_of_bounds,
        ),
        (
            "watchfire_tsdb_duplicate_samples_total",
            "Samples refused because their series had another value at the same time.",
            &counters.duplicate,
        ),
    ] {
        out.by_kind(name, help, counter);
    }
    out.counter(
        "watchfire_tsdb_refused_series_total",
        "New series refused by the limits on series.",
        read(&counters.refused_series),
    );
    out.counter(
        "watchfire_tsdb_read_failures_total",
        "Columns that could not be decoded.",
        read(&counters.read_failures),
    );
    out.counter(
        "watchfire_tsdb_head_rotations_total",
        "Generations of samples that were closed.",
        read(&counters.rotations),
    );
}

fn log_families(shared: &Shared, out: &mut Families) {
    let counters = &shared.counters;
    let report = shared.report;
    let (bytes, segment) = {
        let writer = shared.writer.lock();
        (writer.log.bytes(), writer.log.current_segment())
    };
    out.gauge(
        "prometheus_tsdb_wal_storage_size_bytes",
        "Size of the write-ahead log.",
        bytes as f64,
    );
    out.gauge(
        "prometheus_tsdb_wal_segment_current",
        "Number of the segment of the write-ahead log that is written.",
        segment as f64,
    );
    out.gauge(
        "watchfire_tsdb_read_only",
        "Whether the last write to the write-ahead log failed.",
        f64::from(u8::from(counters.is_read_only.load(Ordering::Relaxed))),
    );
    out.gauge(
        "watchfire_tsdb_wal_torn_bytes",
        "Bytes cut off the end of the write-ahead log at the start.",
        report.torn_bytes as f64,
    );
    for (name, help, value) in [
        (
            "prometheus_tsdb_wal_writes_failed_total",
            "Writes to the write-ahead log that failed; their samples were not stored.",
            read(&counters.wal_write_failures),
        ),
        (
            "watchfire_tsdb_wal_sync_failures_total",
            "Times that forcing the write-ahead log to the disk failed.",
            read(&counters.wal_sync_failures),
        ),
        (
            "prometheus_tsdb_wal_truncations_total",
            "Segments of the write-ahead log removed.",
            read(&counters.wal_segments_removed),
        ),
        (
            "prometheus_tsdb_wal_corruptions_total",
            "Corrupted regions skipped when the write-ahead log was replayed.",
            report.corruptions as f64,
        ),
        (
            "watchfire_tsdb_wal_lost_frames_total",
            "Frames of the write-ahead log that corruption made unreadable.",
            report.lost_frames as f64,
        ),
    ] {
        out.counter(name, help, value);
    }
}

fn exemplar_families(shared: &Shared, out: &mut Families) {
    let ring = shared.exemplars.read();
    for (name, help, value) in [
        (
            "prometheus_tsdb_exemplar_exemplars_in_storage",
            "Exemplars held.",
            ring.len() as f64,
        ),
        (
            "prometheus_tsdb_exemplar_max_exemplars",
            "Exemplars that fit.",
            ring.capacity() as f64,
        ),
        (
            "prometheus_tsdb_exemplar_series_with_exemplars_in_storage",
            "Series that have exemplars.",
            ring.series() as f64,
        ),
        (
            "prometheus_tsdb_exemplar_last_exemplars_timestamp_seconds",
            "Time of the oldest exemplar held, 0 if there is none.",
            ring.oldest().unwrap_or(0) as f64 / 1000.0,
        ),
    ] {
        out.gauge(name, help, value);
    }
    drop(ring);
    out.counter(
        "prometheus_tsdb_exemplar_exemplars_appended_total",
        "Exemplars stored since the start.",
        read(&shared.counters.exemplars_appended),
    );
    out.counter(
        "prometheus_tsdb_exemplar_out_of_order_exemplars_total",
        "Exemplars left out because their series had one as new.",
        read(&shared.counters.exemplars_out_of_order),
    );
}

fn limit_families(shared: &Shared, out: &mut Families) {
    out.gauge(
        "prometheus_tsdb_retention_limit_seconds",
        "Age at which samples are dropped, 0 if they are kept.",
        shared.options.retention.0 as f64 / 1000.0,
    );
    out.gauge(
        "prometheus_tsdb_retention_limit_bytes",
        "Size above which old samples are dropped, 0 if there is none.",
        shared.options.retention_size as f64,
    );
}
