//! What the kernel knows of a process and of the machine.

use anyhow::{Context, Result};
use std::fs::read_to_string;

/// Memory of a process, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    /// All resident pages, those of mapped files included.
    pub(crate) resident: u64,
    /// Those that belong to no file.
    pub(crate) anonymous: u64,
    /// The most that was ever resident.
    pub(crate) peak: u64,
}

/// User and system time that process `pid` has taken so far, in seconds.
///
/// # Errors
/// If there is no such process.
pub(crate) fn cpu_seconds(pid: u32) -> Result<f64> {
    let text = read_to_string(format!("/proc/{pid}/stat"))?;
    let ticks = cpu_ticks(&text).context("unknown format of /proc/<pid>/stat")?;
    Ok(ticks as f64 / rustix::param::clock_ticks_per_second() as f64)
}

/// Memory of process `pid`.
///
/// # Errors
/// If there is no such process.
pub(crate) fn memory(pid: u32) -> Result<Memory> {
    let text = read_to_string(format!("/proc/{pid}/status"))?;
    parse_status(&text).context("unknown format of /proc/<pid>/status")
}

/// The program's name comes in parentheses and may hold anything, so fields count from the last one.
fn cpu_ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11);
    let user: u64 = times.next()?.parse().ok()?;
    let system: u64 = times.next()?.parse().ok()?;
    Some(user + system)
}

fn parse_status(status: &str) -> Option<Memory> {
    let field = |name: &str| -> Option<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
        Some(kilobytes * 1_024)
    };
    Some(Memory {
        resident: field("VmRSS:")?,
        anonymous: field("RssAnon:")?,
        peak: field("VmHWM:")?,
    })
}

/// The machine in one line each: processor, memory, kernel.
pub(crate) fn machine() -> Vec<(&'static str, String)> {
    let cpuinfo = read_to_string("/proc/cpuinfo").unwrap_or_default();
    let meminfo = read_to_string("/proc/meminfo").unwrap_or_default();
    let kernel = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let after = |text: &str, name: &str| -> String {
        let line = text.lines().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.split_once(':'));
        value.map_or_else(
            || "unknown".to_owned(),
            |(_, value)| value.trim().to_owned(),
        )
    };
    let cores = cpuinfo
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count();
    let total = after(&meminfo, "MemTotal");
    let kilobytes: u64 = total.trim_end_matches(" kB").parse().unwrap_or(0);
    vec![
        (
            "processor",
            format!("{cores} x {}", after(&cpuinfo, "model name")),
        ),
        (
            "memory",
            format!("{:.1} GiB", kilobytes as f64 / 1_048_576.0),
        ),
        ("kernel", kernel.trim().to_owned()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_read_behind_a_name_with_parentheses() {
        let stat = "42 (a) b) (c) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 5 0 100";
        assert_eq!(cpu_ticks(stat), Some(300));
        assert_eq!(cpu_ticks("42 (a) S 1"), None);
    }

    #[test]
    fn memory_is_read_from_the_status() {
        let status = "Name:\tx\nVmHWM:\t  30 kB\nVmRSS:\t  20 kB\nRssAnon:\t  10 kB\n";
        let memory = Memory {
            resident: 20 * 1_024,
            anonymous: 10 * 1_024,
            peak: 30 * 1_024,
        };
        assert_eq!(parse_status(status), Some(memory));
        assert_eq!(parse_status("Name:\tx\n"), None);
    }

    #[test]
    fn this_process_has_memory_and_the_machine_a_kernel() {
        let own = std::process::id();
        assert!(memory(own).unwrap().resident > 0);
        assert!(cpu_seconds(own).unwrap() >= 0.0);
        assert!(machine().iter().all(|(_, value)| !value.is_empty()));
    }
}
