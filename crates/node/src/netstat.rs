//! Protocol counters, from `/proc/net/netstat`, `snmp` and `snmp6`.

use crate::error::{Malformed, Result};
use crate::family::single;
use crate::loadavg::parse_number;
use crate::paths::Paths;
use model::{MetricFamily, MetricKind};

pub(crate) fn collect(paths: &Paths) -> Result<Vec<MetricFamily>> {
    let mut families = paths.parse_proc("net/netstat", parse_pairs)?;
    families.extend(paths.parse_proc("net/snmp", parse_pairs)?);
    // Absent where IPv6 is off.
    if let Ok(more) = paths.parse_proc("net/snmp6", parse_lines) {
        families.extend(more);
    }
    Ok(families)
}

/// Pairs of lines: names, then values, both after the protocol.
fn parse_pairs(text: &str) -> Result<Vec<MetricFamily>, Malformed> {
    let mut families = Vec::new();
    let mut lines = text.lines();
    while let (Some(names), Some(values)) = (lines.next(), lines.next()) {
        let mut names = names.split_ascii_whitespace();
        let mut values = values.split_ascii_whitespace();
        let protocol = names.next().and_then(|word| word.strip_suffix(':'));
        let protocol = protocol.filter(|_| values.next() == protocol.map(with_colon).as_deref());
        let protocol = protocol.ok_or(Malformed::new("two lines of one protocol"))?;
        for (name, value) in names.zip(values) {
            families.extend(family(protocol, name, value)?);
        }
    }
    Ok(families)
}

fn with_colon(protocol: &str) -> String {
    format!("{protocol}:")
}

/// One `Ip6InReceives 7` per line: the protocol ends with its 6.
fn parse_lines(text: &str) -> Result<Vec<MetricFamily>, Malformed> {
    let mut families = Vec::new();
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        let (Some(key), Some(value)) = (words.next(), words.next()) else {
            return Err(Malformed::new("a name and a number"));
        };
        if let Some((protocol, name)) = key.split_once('6') {
            families.extend(family(&format!("{protocol}6"), name, value)?);
        }
    }
    Ok(families)
}

fn family(protocol: &str, name: &str, value: &str) -> Result<Option<MetricFamily>, Malformed> {
    if !is_shown(protocol, name) {
        return Ok(None);
    }
    let value = parse_number(value)?;
    let full = format!("node_netstat_{protocol}_{name}");
    let help = format!("The protocol counter {name} of {protocol}.");
    Ok(Some(single(&full, MetricKind::Unknown, &help, value)))
}

/// node_exporter's default choice among some four hundred counters.
fn is_shown(protocol: &str, name: &str) -> bool {
    const TCP: [&str; 7] = [
        "ActiveOpens",
        "InSegs",
        "OutSegs",
        "OutRsts",
        "PassiveOpens",
        "RetransSegs",
        "CurrEstab",
    ];
    const UDP: [&str; 5] = [
        "InDatagrams",
        "OutDatagrams",
        "NoPorts",
        "RcvbufErrors",
        "SndbufErrors",
    ];
    if matches!(name, "InErrors" | "InErrs") {
        return true;
    }
    match protocol {
        "Ip" => name == "Forwarding",
        "Ip6" | "IpExt" => matches!(name, "InOctets" | "OutOctets"),
        "Icmp" | "Icmp6" => matches!(name, "InMsgs" | "OutMsgs"),
        "TcpExt" => {
            name.starts_with("Listen")
                || name.starts_with("Syncookies")
                || matches!(
                    name,
                    "TCPSynRetrans" | "TCPTimeouts" | "TCPOFOQueue" | "TCPRcvQDrop"
                )
        }
        "Tcp" => TCP.contains(&name),
        "Udp" | "Udp6" => UDP.contains(&name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::dump;

    #[test]
    fn pairs_of_lines_are_read_and_filtered() {
        let text = "TcpExt: SyncookiesSent PruneCalled ListenDrops\nTcpExt: 1 2 3\n\
                    UdpLite: InErrors NoPorts\nUdpLite: 4 5\nTcp: MaxConn CurrEstab\nTcp: -1 7\n";
        assert_eq!(
            dump(&parse_pairs(text).unwrap()),
            [
                "node_netstat_TcpExt_SyncookiesSent 1",
                "node_netstat_TcpExt_ListenDrops 3",
                "node_netstat_UdpLite_InErrors 4",
                "node_netstat_Tcp_CurrEstab 7",
            ]
        );
        assert!(parse_pairs("Ip: A\nTcp: 1\n").is_err());
    }

    #[test]
    fn protocols_of_ipv6_end_with_their_digit() {
        let text = "Ip6InReceives 7\nIp6InOctets 460\nIcmp6OutType143 1\nUdpLite6InErrors 2\n";
        assert_eq!(
            dump(&parse_lines(text).unwrap()),
            [
                "node_netstat_Ip6_InOctets 460",
                "node_netstat_UdpLite6_InErrors 2"
            ]
        );
    }
}
