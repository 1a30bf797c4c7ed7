//! Time lost by waiting for CPU, memory and I/O, from `/proc/pressure`.

use crate::error::{Error, Malformed, Result};
use crate::family::counter;
use crate::loadavg::parse_number;
use crate::paths::Paths;
use model::MetricFamily;

/// File, first word of the line, family, help.
const SOURCES: [(&str, &str, &str, &str); 6] = [
    (
        "cpu",
        "some",
        "node_pressure_cpu_waiting_seconds_total",
        "Time in which some task waited for a CPU, in seconds.",
    ),
    (
        "io",
        "some",
        "node_pressure_io_waiting_seconds_total",
        "Time in which some task waited for I/O, in seconds.",
    ),
    (
        "io",
        "full",
        "node_pressure_io_stalled_seconds_total",
        "Time in which all tasks waited for I/O, in seconds.",
    ),
    (
        "memory",
        "some",
        "node_pressure_memory_waiting_seconds_total",
        "Time in which some task waited for memory, in seconds.",
    ),
    (
        "memory",
        "full",
        "node_pressure_memory_stalled_seconds_total",
        "Time in which all tasks waited for memory, in seconds.",
    ),
    (
        "irq",
        "full",
        "node_pressure_irq_stalled_seconds_total",
        "Time in which all tasks waited for interrupts, in seconds.",
    ),
];

pub(crate) fn collect(paths: &Paths) -> Result<Vec<MetricFamily>> {
    let mut families = Vec::new();
    for (file, line, name, help) in SOURCES {
        match paths.parse_proc(&format!("pressure/{file}"), |text| parse(text, line)) {
            Ok(seconds) => families.push(counter(name, help, seconds)),
            // Kernels differ in which of the files they have.
            Err(Error::Read { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    if families.is_empty() {
        Err(Error::NoData)
    } else {
        Ok(families)
    }
}

/// The `total=` of a line, in seconds; the file has microseconds.
fn parse(text: &str, line: &str) -> Result<f64, Malformed> {
    let found = text
        .lines()
        .find(|have| have.split(' ').next() == Some(line));
    let total = found
        .and_then(|found| found.rsplit_once("total="))
        .map(|(_, total)| total);
    let micros = parse_number(total.ok_or(Malformed::new("a line with `total=`"))?)?;
    Ok(micros / 1_000_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_read_per_line() {
        let text = "some avg10=0.1 avg60=2.0 avg300=3.8 total=15000000\n\
                    full avg10=0.0 avg60=0.0 avg300=0.0 total=2500000\n";
        assert_eq!(parse(text, "some"), Ok(15.0));
        assert_eq!(parse(text, "full"), Ok(2.5));
        assert!(parse("some total=1", "full").is_err() && parse("some total=x", "some").is_err());
    }
}
