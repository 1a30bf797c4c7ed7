//! Sockets in use, from `/proc/net/sockstat` and `sockstat6`.

use crate::error::{Malformed, Result};
use crate::family::gauge;
use crate::loadavg::parse_number;
use crate::paths::Paths;
use model::MetricFamily;

pub(crate) fn collect(paths: &Paths) -> Result<Vec<MetricFamily>> {
    let page_bytes = rustix::param::page_size() as f64;
    let mut families = paths.parse_proc("net/sockstat", |text| parse(text, page_bytes))?;
    // Absent where IPv6 is off.
    if let Ok(more) = paths.parse_proc("net/sockstat6", |text| parse(text, page_bytes)) {
        families.extend(more);
    }
    Ok(families)
}

fn parse(text: &str, page_bytes: f64) -> Result<Vec<MetricFamily>, Malformed> {
    let mut families = Vec::new();
    for line in text.lines() {
        let (protocol, rest) = line
            .split_once(':')
            .ok_or(Malformed::new("`protocol: fields`"))?;
        let mut words = rest.split_ascii_whitespace();
        while let Some(field) = words.next() {
            let value = parse_number(words.next().unwrap_or(""))?;
            let name = format!("node_sockstat_{protocol}_{field}");
            let help = format!("{protocol} sockets: the field {field}.");
            families.push(gauge(&name, &help, value));
            if field == "mem" {
                let help = format!("{protocol} sockets: memory in use, in bytes.");
                families.push(gauge(&format!("{name}_bytes"), &help, value * page_bytes));
            }
        }
    }
    Ok(families)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::dump;

    #[test]
    fn fields_become_gauges_and_pages_bytes() {
        let text = "sockets: used 229\nTCP: inuse 4 mem 1\nUDPLITE: inuse 0\n";
        assert_eq!(
            dump(&parse(text, 4096.0).unwrap()),
            [
                "node_sockstat_sockets_used 229",
                "node_sockstat_TCP_inuse 4",
                "node_sockstat_TCP_mem 1",
                "node_sockstat_TCP_mem_bytes 4096",
                "node_sockstat_UDPLITE_inuse 0",
            ]
        );
        assert!(parse("TCP: inuse\n", 1.0).is_err());
    }
}
