//! Packets per CPU, from `/proc/net/softnet_stat`.

use crate::error::{Malformed, Result};
use crate::family::{Field, table};
use crate::paths::Paths;
use model::{Labels, MetricFamily};

const FIELDS: [Field; 7] = [
    Field::counter(
        "node_softnet_processed_total",
        "Packets that the CPU processed.",
    ),
    Field::counter(
        "node_softnet_dropped_total",
        "Packets that the CPU dropped.",
    ),
    Field::counter(
        "node_softnet_times_squeezed_total",
        "Times that the CPU ran out of its share.",
    ),
    Field::counter(
        "node_softnet_cpu_collision_total",
        "Collisions while sending.",
    ),
    Field::counter(
        "node_softnet_received_rps_total",
        "Wake-ups by other CPUs for packets.",
    ),
    Field::counter(
        "node_softnet_flow_limit_count_total",
        "Times that the flow limit was reached.",
    ),
    Field::gauge("node_softnet_backlog_len", "Packets that wait for the CPU."),
];
/// Where each field stands in a line; the columns between them are always zero.
const COLUMNS: [usize; 7] = [0, 1, 2, 8, 9, 10, 11];
/// The column with the CPU's number; older kernels leave it out and list all CPUs in order.
const CPU_COLUMN: usize = 12;

pub(crate) fn collect(paths: &Paths) -> Result<Vec<MetricFamily>> {
    paths.parse_proc("net/softnet_stat", parse)
}

fn parse(text: &str) -> Result<Vec<MetricFamily>, Malformed> {
    let mut rows = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let words: Result<Vec<u32>, _> = line
            .split_ascii_whitespace()
            .map(|word| u32::from_str_radix(word, 16))
            .collect();
        let words = words.map_err(|_| Malformed::new("hexadecimal numbers"))?;
        let cpu = words
            .get(CPU_COLUMN)
            .map_or(index, |number| *number as usize);
        let values = COLUMNS.map(|column| words.get(column).map(|value| f64::from(*value)));
        rows.push((
            Labels::from_pairs([("cpu", cpu.to_string())]),
            values.to_vec(),
        ));
    }
    Ok(table(&FIELDS, &rows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::dump;

    #[test]
    fn hexadecimal_columns_are_read_per_cpu() {
        let text =
            "0000ff01 00000002 00000003 0 0 0 0 0 00000004 00000005 00000006 00000007 00000003\n";
        assert_eq!(
            dump(&parse(text).unwrap()),
            [
                r#"node_softnet_processed_total{cpu="3"} 65281"#,
                r#"node_softnet_dropped_total{cpu="3"} 2"#,
                r#"node_softnet_times_squeezed_total{cpu="3"} 3"#,
                r#"node_softnet_cpu_collision_total{cpu="3"} 4"#,
                r#"node_softnet_received_rps_total{cpu="3"} 5"#,
                r#"node_softnet_flow_limit_count_total{cpu="3"} 6"#,
                r#"node_softnet_backlog_len{cpu="3"} 7"#,
            ]
        );
    }

    #[test]
    fn short_lines_of_old_kernels_are_numbered_in_order() {
        let lines = dump(&parse("a 0 0\nb 0 0\n").unwrap());
        assert_eq!(lines[1], r#"node_softnet_processed_total{cpu="1"} 11"#);
        assert!(parse("xyz\n").is_err());
    }
}
