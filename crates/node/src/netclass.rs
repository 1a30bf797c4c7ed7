//! State of each network device, from `/sys/class/net`.

use crate::error::{Error, Result};
use crate::family::{Field, device, table};
use crate::paths::{Paths, entries, read_line};
use model::{Labels, MetricFamily, MetricKind};
use std::path::Path;

/// File and family.
const FIELDS: [(&str, Field); 17] = [
    (
        "addr_assign_type",
        Field::gauge(
            "node_network_address_assign_type",
            "How the device got its address.",
        ),
    ),
    (
        "carrier",
        Field::gauge("node_network_carrier", "Whether the device has a link."),
    ),
    (
        "carrier_changes",
        Field::counter("node_network_carrier_changes_total", "Changes of the link."),
    ),
    (
        "carrier_down_count",
        Field::counter(
            "node_network_carrier_down_changes_total",
            "Losses of the link.",
        ),
    ),
    (
        "carrier_up_count",
        Field::counter(
            "node_network_carrier_up_changes_total",
            "Gains of the link.",
        ),
    ),
    (
        "dev_id",
        Field::gauge(
            "node_network_device_id",
            "Number among devices of one address.",
        ),
    ),
    (
        "dormant",
        Field::gauge(
            "node_network_dormant",
            "Whether the device waits for an event.",
        ),
    ),
    (
        "flags",
        Field::gauge("node_network_flags", "Flags of the device, as a number."),
    ),
    (
        "ifindex",
        Field::gauge(
            "node_network_iface_id",
            "The kernel's number of the device.",
        ),
    ),
    (
        "iflink",
        Field::gauge(
            "node_network_iface_link",
            "Number of the device that this one stands on.",
        ),
    ),
    (
        "link_mode",
        Field::gauge("node_network_iface_link_mode", "Mode of the link."),
    ),
    (
        "mtu",
        Field::gauge("node_network_mtu_bytes", "Largest packet, in bytes."),
    ),
    (
        "name_assign_type",
        Field::gauge(
            "node_network_name_assign_type",
            "How the device got its name.",
        ),
    ),
    (
        "netdev_group",
        Field::gauge("node_network_net_dev_group", "Group of the device."),
    ),
    (
        "speed",
        Field::gauge(
            "node_network_speed_bytes",
            "Speed of the link, in bytes per second.",
        ),
    ),
    (
        "tx_queue_len",
        Field::gauge(
            "node_network_transmit_queue_length",
            "Length of the send queue, in packets.",
        ),
    ),
    (
        "type",
        Field::gauge("node_network_protocol_type", "Hardware type of the device."),
    ),
];
/// sysfs tells the speed in megabits per second.
const BYTES_PER_MEGABIT: f64 = 125_000.0;

pub(crate) fn collect(paths: &Paths) -> Result<Vec<MetricFamily>> {
    let folder = paths.sysfs.join("class/net");
    let mut rows = Vec::new();
    let mut up = MetricFamily::new(
        "node_network_up",
        MetricKind::Gauge,
        "Whether the device works (operstate `up`).",
    );
    let mut info = MetricFamily::new(
        "node_network_info",
        MetricKind::Gauge,
        "Facts about the device.",
    );
    for name in entries(&folder)? {
        let path = folder.join(&name);
        // `bonding_masters` and the like are files between the devices.
        if !path.is_dir() {
            continue;
        }
        rows.push((
            device(&name),
            FIELDS.map(|(file, _)| read_field(&path, file)).to_vec(),
        ));
        let fact = |file: &str| read_line(&path.join(file)).unwrap_or_default();
        let operstate = fact("operstate");
        up.push(device(&name), if operstate == "up" { 1.0 } else { 0.0 });
        let admin = read_field(&path, "flags")
            .map(admin_state)
            .unwrap_or_default();
        let facts = [
            ("device", name.clone()),
            ("address", fact("address")),
            ("broadcast", fact("broadcast")),
            ("duplex", fact("duplex")),
            ("operstate", operstate),
            ("adminstate", admin.to_owned()),
            ("ifalias", fact("ifalias")),
        ];
        info.push(Labels::from_pairs(facts), 1.0);
    }
    if rows.is_empty() {
        return Err(Error::NoData);
    }
    let mut families = table(&FIELDS.map(|(_, field)| field), &rows);
    families.extend([up, info]);
    Ok(families)
}

fn read_field(device: &Path, file: &str) -> Option<f64> {
    let value = parse(&read_line(&device.join(file))?)?;
    Some(if file == "speed" {
        value * BYTES_PER_MEGABIT
    } else {
        value
    })
}

/// Reads a decimal or, with `0x`, a hexadecimal number.
fn parse(text: &str) -> Option<f64> {
    match text.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16)
            .ok()
            .map(|number| number as f64),
        None => text.parse::<i64>().ok().map(|number| number as f64),
    }
}

/// Whether an operator switched the device on: the lowest bit of its flags (`IFF_UP`).
fn admin_state(flags: f64) -> &'static str {
    if flags % 2.0 == 1.0 { "up" } else { "down" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_decimal_or_hexadecimal() {
        assert_eq!(
            (parse("0x1003"), parse("-1"), parse("x")),
            (Some(4099.0), Some(-1.0), None)
        );
        assert_eq!((admin_state(4099.0), admin_state(4098.0)), ("up", "down"));
    }
}
