//! What the kernel counts of the machine as a whole, from `/proc/stat`.

use crate::error::{Malformed, Result};
use crate::family::{Field, single};
use crate::loadavg::parse_number;
use crate::paths::Paths;
use model::MetricFamily;

pub(crate) fn collect(paths: &Paths) -> Result<Vec<MetricFamily>> {
    paths.parse_proc("stat", parse)
}

/// First word of a line, and what its number is.
const FIELDS: [(&str, Field); 6] = [
    (
        "intr",
        Field::counter("node_intr_total", "Interrupts serviced."),
    ),
    (
        "ctxt",
        Field::counter("node_context_switches_total", "Context switches."),
    ),
    (
        "btime",
        Field::gauge(
            "node_boot_time_seconds",
            "When the machine started, since the epoch.",
        ),
    ),
    (
        "processes",
        Field::counter("node_forks_total", "Processes and threads started."),
    ),
    (
        "procs_running",
        Field::gauge("node_procs_running", "Processes that can run."),
    ),
    (
        "procs_blocked",
        Field::gauge("node_procs_blocked", "Processes that wait for I/O."),
    ),
];

fn parse(text: &str) -> Result<Vec<MetricFamily>, Malformed> {
    let mut families = Vec::new();
    for (key, field) in FIELDS {
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix(' '));
        let word = line.and_then(|rest| rest.split_ascii_whitespace().next());
        let value = parse_number(word.ok_or(Malformed::new("a number after each name"))?)?;
        families.push(single(field.name, field.kind, field.help, value));
    }
    Ok(families)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::dump;

    #[test]
    fn totals_are_the_first_number_of_their_line() {
        let text = "cpu  1 2\nintr 8885917 17 0\nctxt 38014093\nbtime 1418183276\nprocesses 26442\n\
                    procs_running 2\nprocs_blocked 1\nsoftirq 5 1\n";
        assert_eq!(
            dump(&parse(text).unwrap()),
            [
                "node_intr_total 8885917",
                "node_context_switches_total 38014093",
                "node_boot_time_seconds 1418183276",
                "node_forks_total 26442",
                "node_procs_running 2",
                "node_procs_blocked 1",
            ]
        );
        assert!(parse("cpu 1\n").is_err());
    }
}
