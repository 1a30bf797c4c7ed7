//! What the operating system knows about this process.

use model::{Labels, MetricFamily, MetricKind};
use std::fs;
use std::path::Path;

/// Clock ticks per second in `/proc/*/stat`. Fixed by Linux for user space (`USER_HZ`).
const TICKS_PER_SECOND: f64 = 100.0;

/// The standard `process_*` families, read from `/proc`; what cannot be read is left out.
///
/// Made to be given to [`Registry::collect`](crate::Registry::collect). Source: the Prometheus client
/// libraries' guidelines on process metrics.
pub fn process_families() -> Vec<MetricFamily> {
    families(Path::new("/proc"))
}

fn families(proc: &Path) -> Vec<MetricFamily> {
    let own = proc.join("self");
    let mut families = Vec::new();
    let mut add = |name: &str, kind: MetricKind, help: &str, value: Option<f64>| {
        if let Some(value) = value {
            let mut family = MetricFamily::new(name, kind, help);
            family.push(Labels::empty(), value);
            families.push(family);
        }
    };
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    let stat = parse_stat(&read(&own.join("stat")));
    let status = read(&own.join("status"));
    let open_fds = fs::read_dir(own.join("fd"))
        .map(|entries| entries.count() as f64)
        .ok();
    let booted = line_value(&read(&proc.join("stat")), "btime ");
    add(
        "process_cpu_seconds_total",
        MetricKind::Counter,
        "User and system CPU time that the process has used, in seconds.",
        stat.as_ref().map(|stat| stat.cpu_ticks / TICKS_PER_SECOND),
    );
    add(
        "process_max_fds",
        MetricKind::Gauge,
        "File descriptors that the process may open.",
        parse_max_fds(&read(&own.join("limits"))),
    );
    add(
        "process_open_fds",
        MetricKind::Gauge,
        "File descriptors that the process has open.",
        open_fds,
    );
    add(
        "process_resident_memory_bytes",
        MetricKind::Gauge,
        "Memory of the process that is in RAM, in bytes.",
        line_value(&status, "VmRSS:").map(|kilobytes| kilobytes * 1024.0),
    );
    add(
        "process_start_time_seconds",
        MetricKind::Gauge,
        "When the process started, in seconds since the epoch.",
        booted
            .zip(stat.as_ref())
            .map(|(booted, stat)| booted + stat.start_ticks / TICKS_PER_SECOND),
    );
    add(
        "process_threads",
        MetricKind::Gauge,
        "Threads of the process.",
        stat.as_ref().map(|stat| stat.threads),
    );
    add(
        "process_virtual_memory_bytes",
        MetricKind::Gauge,
        "Address space of the process, in bytes.",
        stat.as_ref().map(|stat| stat.virtual_bytes),
    );
    families
}

#[derive(Debug, PartialEq)]
struct Stat {
    cpu_ticks: f64,
    threads: f64,
    start_ticks: f64,
    virtual_bytes: f64,
}

/// Reads `/proc/self/stat`. Source: proc_pid_stat(5); the numbers below are its field numbers.
fn parse_stat(text: &str) -> Option<Stat> {
    // The second field is the program's name in parentheses and may hold spaces and parentheses.
    let (_, rest) = text.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
    let field = |number: usize| fields.get(number - 3)?.parse::<f64>().ok();
    Some(Stat {
        cpu_ticks: field(14)? + field(15)?,
        threads: field(20)?,
        start_ticks: field(22)?,
        virtual_bytes: field(23)?,
    })
}

/// The first number after `prefix` on the line that begins with it.
fn line_value(text: &str, prefix: &str) -> Option<f64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(prefix))?;
    rest.split_ascii_whitespace().next()?.parse().ok()
}

/// The soft limit of open files; `unlimited` is no number and is left out.
fn parse_max_fds(limits: &str) -> Option<f64> {
    line_value(limits, "Max open files")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stat_is_read_past_odd_program_names() {
        let text =
            "7 (a) b (c) S 1 7 7 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 9 0 4242 1048576 25 1";
        let expected = Stat {
            cpu_ticks: 200.0,
            threads: 9.0,
            start_ticks: 4242.0,
            virtual_bytes: 1_048_576.0,
        };
        assert_eq!(parse_stat(text), Some(expected));
        assert_eq!(parse_stat("7 (short) S 1"), None);
    }

    #[test]
    fn limits_are_read_and_unlimited_ones_left_out() {
        let limits = "Limit  Soft Limit  Hard Limit  Units\nMax open files  1024  4096  files\n";
        assert_eq!(parse_max_fds(limits), Some(1024.0));
        assert_eq!(
            parse_max_fds("Max open files  unlimited  unlimited  files\n"),
            None
        );
    }

    #[test]
    fn a_machine_without_proc_gives_no_families() {
        assert_eq!(families(Path::new("/nowhere/at/all")), []);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_threads_files_and_memory() {
        let families = process_families();
        let value = |name: &str| {
            families
                .iter()
                .find(|family| family.name == name)
                .unwrap()
                .points[0]
                .value
        };
        assert!(value("process_threads") >= 1.0);
        assert!(value("process_open_fds") >= 3.0);
        assert!(value("process_resident_memory_bytes") > 100_000.0);
        assert!(value("process_virtual_memory_bytes") >= value("process_resident_memory_bytes"));
        assert!(value("process_start_time_seconds") > 1_000_000_000.0);
        assert_eq!(families.len(), 7);
    }
}
