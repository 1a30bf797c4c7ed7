//! CPU time by mode, from `/proc/stat`.

use crate::error::{Malformed, Result};
use crate::family::Field;
use crate::loadavg::parse_number;
use crate::paths::Paths;
use model::{Labels, MetricFamily};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Clock ticks per second in `/proc/stat`. Fixed by Linux for user space (`USER_HZ`).
const TICKS_PER_SECOND: f64 = 100.0;
/// Modes in the kernel's order; two more for guests follow them in the file.
const MODES: [&str; 8] = [
    "user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal",
];
const IDLE: usize = 3;
const GUEST_MODES: [&str; 2] = ["user", "nice"];
/// Seconds of idle time that may be lost before a CPU counts as newly plugged in.
const RESET_SECONDS: f64 = 3.0;

const SECONDS: Field = Field::counter(
    "node_cpu_seconds_total",
    "Time that each CPU spent in each mode, in seconds.",
);
const GUEST_SECONDS: Field = Field::counter(
    "node_cpu_guest_seconds_total",
    "Time that each CPU spent running virtual machines, in seconds.",
);

/// Seconds per CPU and mode that were shown last. The kernel's idle counters run backwards now and then,
/// which a counter must not.
pub(crate) type CpuTimes = BTreeMap<u32, Vec<f64>>;

pub(crate) fn collect(paths: &Paths, shown: &Mutex<CpuTimes>) -> Result<Vec<MetricFamily>> {
    let fresh = paths.parse_proc("stat", parse)?;
    let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
    keep_rising(&mut shown, fresh);
    Ok(families(&shown))
}

fn parse(text: &str) -> Result<CpuTimes, Malformed> {
    let mut times = CpuTimes::new();
    for line in text.lines() {
        let Some(rest) = line
            .strip_prefix("cpu")
            .filter(|rest| !rest.starts_with(' '))
        else {
            continue;
        };
        let mut words = rest.split_ascii_whitespace();
        let number = words.next().and_then(|word| word.parse().ok());
        let number = number.ok_or(Malformed::new("a CPU number"))?;
        let seconds = words.map(|word| parse_number(word).map(|ticks| ticks / TICKS_PER_SECOND));
        times.insert(number, seconds.collect::<Result<_, _>>()?);
    }
    if times.is_empty() {
        return Err(Malformed::new("a line per CPU"));
    }
    Ok(times)
}

/// Moves `shown` forward to `fresh`, and only back for a CPU that started anew.
fn keep_rising(shown: &mut CpuTimes, fresh: CpuTimes) {
    shown.retain(|cpu, _| fresh.contains_key(cpu));
    for (cpu, seconds) in fresh {
        let old = shown.entry(cpu).or_default();
        let idle = |times: &[f64]| times.get(IDLE).copied().unwrap_or(0.0);
        if old.len() != seconds.len() || idle(&seconds) + RESET_SECONDS < idle(old) {
            *old = seconds;
            continue;
        }
        for (old, new) in old.iter_mut().zip(seconds) {
            *old = old.max(new);
        }
    }
}

fn families(times: &CpuTimes) -> Vec<MetricFamily> {
    let mut own = MetricFamily::new(SECONDS.name, SECONDS.kind, SECONDS.help);
    let mut guest = MetricFamily::new(GUEST_SECONDS.name, GUEST_SECONDS.kind, GUEST_SECONDS.help);
    for (cpu, seconds) in times {
        let cpu = cpu.to_string();
        let labels = |mode: &str| Labels::from_pairs([("cpu", cpu.as_str()), ("mode", mode)]);
        for (mode, value) in MODES.iter().zip(seconds) {
            own.push(labels(mode), *value);
        }
        for (mode, value) in GUEST_MODES.iter().zip(seconds.iter().skip(MODES.len())) {
            guest.push(labels(mode), *value);
        }
    }
    vec![own, guest]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::dump;

    #[test]
    fn ticks_become_seconds_per_cpu_and_mode() {
        let times = parse("cpu  9 9 9 9\ncpu0 100 2 300 4 5 6 7 8 150 10\ncpu12 1 1 1 1\nintr 1\n");
        let lines = dump(&families(&times.unwrap()));
        assert_eq!(
            lines[0],
            r#"node_cpu_seconds_total{cpu="0", mode="user"} 1"#
        );
        assert_eq!(
            lines[2],
            r#"node_cpu_seconds_total{cpu="0", mode="system"} 3"#
        );
        assert_eq!(
            lines[7],
            r#"node_cpu_seconds_total{cpu="0", mode="steal"} 0.08"#
        );
        assert_eq!(
            lines[11],
            r#"node_cpu_seconds_total{cpu="12", mode="idle"} 0.01"#
        );
        assert_eq!(
            lines[12],
            r#"node_cpu_guest_seconds_total{cpu="0", mode="user"} 1.5"#
        );
        assert_eq!(lines.len(), 14);
    }

    #[test]
    fn small_steps_back_are_hidden_and_large_ones_are_a_new_cpu() {
        let times = |idle: f64| CpuTimes::from([(0, vec![1.0, 0.0, 0.0, idle])]);
        let mut shown = times(100.0);
        keep_rising(&mut shown, times(99.0));
        assert_eq!(shown, times(100.0));
        keep_rising(&mut shown, times(101.0));
        assert_eq!(shown, times(101.0));
        keep_rising(&mut shown, times(5.0));
        assert_eq!(shown, times(5.0));
        keep_rising(&mut shown, CpuTimes::new());
        assert_eq!(shown, CpuTimes::new());
    }

    #[test]
    fn a_file_without_cpus_is_an_error() {
        assert!(parse("intr 1\n").is_err() && parse("cpux 1\n").is_err());
    }
}
