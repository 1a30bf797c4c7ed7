//! Disk traffic, from `/proc/diskstats`, with names from sysfs and udev.

use crate::error::{Malformed, Result};
use crate::family::{Field, device, table};
use crate::loadavg::parse_number;
use crate::paths::{Paths, read, read_line};
use model::{Labels, MetricFamily, MetricKind};

/// Sectors of this file are 512 bytes whatever the disk says.
const SECTOR: f64 = 512.0;
const MILLISECOND: f64 = 0.001;

/// In the file's order after the device's name, with the factor to the family's unit.
const FIELDS: [(Field, f64); 17] = [
    (
        Field::counter("node_disk_reads_completed_total", "Reads completed."),
        1.0,
    ),
    (
        Field::counter("node_disk_reads_merged_total", "Reads merged with another."),
        1.0,
    ),
    (
        Field::counter("node_disk_read_bytes_total", "Bytes read."),
        SECTOR,
    ),
    (
        Field::counter(
            "node_disk_read_time_seconds_total",
            "Time of all reads, in seconds.",
        ),
        MILLISECOND,
    ),
    (
        Field::counter("node_disk_writes_completed_total", "Writes completed."),
        1.0,
    ),
    (
        Field::counter(
            "node_disk_writes_merged_total",
            "Writes merged with another.",
        ),
        1.0,
    ),
    (
        Field::counter("node_disk_written_bytes_total", "Bytes written."),
        SECTOR,
    ),
    (
        Field::counter(
            "node_disk_write_time_seconds_total",
            "Time of all writes, in seconds.",
        ),
        MILLISECOND,
    ),
    (
        Field::gauge("node_disk_io_now", "Reads and writes in progress."),
        1.0,
    ),
    (
        Field::counter(
            "node_disk_io_time_seconds_total",
            "Time in which the disk was busy, in seconds.",
        ),
        MILLISECOND,
    ),
    (
        Field::counter(
            "node_disk_io_time_weighted_seconds_total",
            "Busy time times operations in progress, in seconds.",
        ),
        MILLISECOND,
    ),
    (
        Field::counter("node_disk_discards_completed_total", "Discards completed."),
        1.0,
    ),
    (
        Field::counter(
            "node_disk_discards_merged_total",
            "Discards merged with another.",
        ),
        1.0,
    ),
    (
        Field::counter("node_disk_discarded_sectors_total", "Sectors discarded."),
        1.0,
    ),
    (
        Field::counter(
            "node_disk_discard_time_seconds_total",
            "Time of all discards, in seconds.",
        ),
        MILLISECOND,
    ),
    (
        Field::counter("node_disk_flush_requests_total", "Flushes completed."),
        1.0,
    ),
    (
        Field::counter(
            "node_disk_flush_requests_time_seconds_total",
            "Time of all flushes, in seconds.",
        ),
        MILLISECOND,
    ),
];

#[derive(Debug, PartialEq)]
struct Disk {
    major: String,
    minor: String,
    name: String,
    values: Vec<Option<f64>>,
}

pub(crate) fn collect(paths: &Paths) -> Result<Vec<MetricFamily>> {
    let disks = paths.parse_proc("diskstats", parse)?;
    let mut info = MetricFamily::new("node_disk_info", MetricKind::Gauge, "Facts about the disk.");
    for disk in &disks {
        info.push(facts(paths, disk), 1.0);
    }
    let rows: Vec<_> = disks
        .into_iter()
        .map(|disk| (device(&disk.name), disk.values))
        .collect();
    let mut families = table(&FIELDS.map(|(field, _)| field), &rows);
    if !info.points.is_empty() {
        families.push(info);
    }
    Ok(families)
}

fn parse(text: &str) -> Result<Vec<Disk>, Malformed> {
    let mut disks = Vec::new();
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        let (Some(major), Some(minor), Some(name)) = (words.next(), words.next(), words.next())
        else {
            return Err(Malformed::new("major, minor and name of each disk"));
        };
        if is_hidden(name) {
            continue;
        }
        let values = words
            .zip(FIELDS)
            .map(|(word, (_, factor))| parse_number(word).map(|number| Some(number * factor)))
            .collect::<Result<_, _>>()?;
        let (major, minor, name) = (major.to_owned(), minor.to_owned(), name.to_owned());
        disks.push(Disk {
            major,
            minor,
            name,
            values,
        });
    }
    Ok(disks)
}

/// Memory disks and partitions. Source: node_exporter's default,
/// `^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$`.
fn is_hidden(name: &str) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if stem.len() == name.len() {
        return false;
    }
    if matches!(stem, "ram" | "zram" | "loop" | "fd") {
        return true;
    }
    let is_letter = |c: char| c.is_ascii_lowercase();
    if stem
        .strip_suffix(is_letter)
        .is_some_and(|d| matches!(d, "hd" | "sd" | "vd" | "xvd"))
    {
        return true;
    }
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    stem.strip_prefix("nvme")
        .and_then(|rest| rest.strip_suffix('p'))
        .and_then(|rest| rest.split_once('n'))
        .is_some_and(|(controller, space)| is_number(controller) && is_number(space))
}

/// What udev and sysfs know about a disk; much less in a container.
fn facts(paths: &Paths, disk: &Disk) -> Labels {
    let file = format!("run/udev/data/b{}:{}", disk.major, disk.minor);
    let udev = read(&paths.in_root(&file)).unwrap_or_default();
    let fact = |key: &str| {
        let mut lines = udev
            .lines()
            .filter_map(|line| line.strip_prefix("E:")?.split_once('='));
        lines
            .find(|(have, _)| *have == key)
            .map_or("", |(_, value)| value)
    };
    let rotational = read_line(
        &paths
            .sysfs
            .join("block")
            .join(&disk.name)
            .join("queue/rotational"),
    );
    let serial = match fact("SCSI_IDENT_SERIAL") {
        "" => fact("ID_SERIAL_SHORT"),
        serial => serial,
    };
    Labels::from_pairs([
        ("device", disk.name.as_str()),
        ("major", &disk.major),
        ("minor", &disk.minor),
        ("path", fact("ID_PATH")),
        ("wwn", fact("ID_WWN")),
        ("model", fact("ID_MODEL")),
        ("serial", serial),
        ("revision", fact("ID_REVISION")),
        ("rotational", rotational.as_deref().unwrap_or("")),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::dump;

    #[test]
    fn sectors_become_bytes_and_milliseconds_seconds() {
        let text = "   8       0 sda 25354637 34367663 1003346126 18492372 28444756 11134226 \
                    505697032 63877960 0 9653880 82621804 1 2 3 4000 5 6000\n   8  1 sda1 1 2 3 4\n";
        let disks = parse(text).unwrap();
        let rows = [(device(&disks[0].name), disks[0].values.clone())];
        let lines = dump(&table(&FIELDS.map(|(field, _)| field), &rows));
        assert_eq!(disks.len(), 1);
        assert_eq!(
            lines[2],
            r#"node_disk_read_bytes_total{device="sda"} 513713216512"#
        );
        assert_eq!(
            lines[3],
            r#"node_disk_read_time_seconds_total{device="sda"} 18492.372"#
        );
        assert_eq!(
            lines[13],
            r#"node_disk_discarded_sectors_total{device="sda"} 3"#
        );
        assert_eq!(
            lines[16],
            r#"node_disk_flush_requests_time_seconds_total{device="sda"} 6"#
        );
    }

    #[test]
    fn old_kernels_have_fewer_columns() {
        assert_eq!(parse("8 0 sda 1 2 3 4\n").unwrap()[0].values.len(), 4);
        assert!(parse("8 0\n").is_err() && parse("8 0 sda x\n").is_err());
    }

    #[test]
    fn partitions_and_memory_disks_are_hidden() {
        for hidden in [
            "ram0",
            "zram1",
            "loop12",
            "fd0",
            "sda1",
            "xvdf3",
            "nvme0n1p2",
        ] {
            assert!(is_hidden(hidden), "{hidden}");
        }
        for shown in [
            "sda",
            "vda",
            "nvme0n1",
            "dm-0",
            "md127",
            "mmcblk0p1",
            "sdaa1",
            "sr0",
            "",
        ] {
            assert!(!is_hidden(shown), "{shown}");
        }
    }
}
