//! Traffic per network device, from `/proc/net/dev`.

use crate::error::{Malformed, Result};
use crate::family::{Field, device, table};
use crate::loadavg::parse_number;
use crate::paths::{Paths, read_line};
use model::{Labels, MetricFamily};

/// In the file's order.
const FIELDS: [Field; 17] = [
    Field::counter("node_network_receive_bytes_total", "Bytes received."),
    Field::counter("node_network_receive_packets_total", "Packets received."),
    Field::counter("node_network_receive_errs_total", "Errors while receiving."),
    Field::counter(
        "node_network_receive_drop_total",
        "Received packets that were dropped.",
    ),
    Field::counter(
        "node_network_receive_fifo_total",
        "Overruns of the receive queue.",
    ),
    Field::counter(
        "node_network_receive_frame_total",
        "Received frames that were malformed.",
    ),
    Field::counter(
        "node_network_receive_compressed_total",
        "Compressed packets received.",
    ),
    Field::counter(
        "node_network_receive_multicast_total",
        "Multicast packets received.",
    ),
    Field::counter("node_network_transmit_bytes_total", "Bytes sent."),
    Field::counter("node_network_transmit_packets_total", "Packets sent."),
    Field::counter("node_network_transmit_errs_total", "Errors while sending."),
    Field::counter(
        "node_network_transmit_drop_total",
        "Packets to send that were dropped.",
    ),
    Field::counter(
        "node_network_transmit_fifo_total",
        "Overruns of the send queue.",
    ),
    Field::counter(
        "node_network_transmit_colls_total",
        "Collisions while sending.",
    ),
    Field::counter(
        "node_network_transmit_carrier_total",
        "Carrier losses while sending.",
    ),
    Field::counter(
        "node_network_transmit_compressed_total",
        "Compressed packets sent.",
    ),
    // Not in the file, but in sysfs.
    Field::counter(
        "node_network_receive_nohandler_total",
        "Received packets of no known protocol.",
    ),
];

type Row = (Labels, Vec<Option<f64>>);

pub(crate) fn collect(paths: &Paths) -> Result<Vec<MetricFamily>> {
    let mut rows = paths.parse_proc("net/dev", parse)?;
    for (labels, values) in &mut rows {
        let name = labels.get("device").unwrap_or("");
        let file = paths
            .sysfs
            .join("class/net")
            .join(name)
            .join("statistics/rx_nohandler");
        values.push(read_line(&file).and_then(|text| text.parse().ok()));
    }
    Ok(table(&FIELDS, &rows))
}

fn parse(text: &str) -> Result<Vec<Row>, Malformed> {
    let mut rows = Vec::new();
    // Two lines of headings.
    for line in text.lines().skip(2) {
        // The name may hold colons itself (aliases): the last one ends it.
        let (name, numbers) = line
            .rsplit_once(':')
            .ok_or(Malformed::new("`device: numbers`"))?;
        let values: Result<Vec<Option<f64>>, Malformed> = numbers
            .split_ascii_whitespace()
            .map(|word| parse_number(word).map(Some))
            .collect();
        let values = values?;
        if values.len() + 1 != FIELDS.len() {
            return Err(Malformed::new("sixteen numbers per device"));
        }
        rows.push((device(name.trim()), values));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::dump;

    #[test]
    fn every_column_of_every_device_is_read() {
        let text = "Inter-|   Receive  |  Transmit\n face |bytes ...\n\
                    eth0:0:  1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n";
        let lines = dump(&table(&FIELDS, &parse(text).unwrap()));
        assert_eq!(
            lines[0],
            r#"node_network_receive_bytes_total{device="eth0:0"} 1"#
        );
        assert_eq!(
            lines[7],
            r#"node_network_receive_multicast_total{device="eth0:0"} 8"#
        );
        assert_eq!(
            lines[15],
            r#"node_network_transmit_compressed_total{device="eth0:0"} 16"#
        );
        assert_eq!(lines.len(), 16);
    }

    #[test]
    fn short_lines_are_an_error() {
        assert!(parse("a\nb\neth0: 1 2\n").is_err());
    }
}
