//! Memory, from `/proc/meminfo`: every line becomes a gauge under the kernel's own word.

use crate::error::{Malformed, Result};
use crate::family::gauge;
use crate::loadavg::parse_number;
use crate::paths::Paths;
use model::MetricFamily;

pub(crate) fn collect(paths: &Paths) -> Result<Vec<MetricFamily>> {
    paths.parse_proc("meminfo", parse)
}

fn parse(text: &str) -> Result<Vec<MetricFamily>, Malformed> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let mut families = Vec::new();
    for line in lines {
        let (key, rest) = line
            .split_once(':')
            .ok_or(Malformed::new("`name: value`"))?;
        let mut words = rest.split_ascii_whitespace();
        let number = parse_number(words.next().unwrap_or(""))?;
        // `Active(anon)` becomes `Active_anon`.
        let name = key.replace('(', "_").replace(')', "");
        families.push(match words.next() {
            Some("kB") => gauge(
                &format!("node_memory_{name}_bytes"),
                &format!("The field {key} of /proc/meminfo, in bytes."),
                number * 1024.0,
            ),
            _ => gauge(
                &format!("node_memory_{name}"),
                &format!("The field {key} of /proc/meminfo."),
                number,
            ),
        });
    }
    Ok(families)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::dump;

    #[test]
    fn kilobytes_become_bytes_and_parentheses_underscores() {
        let text =
            "MemTotal:  3742148 kB\nActive(anon):  2 kB\nHugePages_Total:  7\nDirectMap4k: 1 kB\n";
        assert_eq!(
            dump(&parse(text).unwrap()),
            [
                "node_memory_MemTotal_bytes 3831959552",
                "node_memory_Active_anon_bytes 2048",
                "node_memory_HugePages_Total 7",
                "node_memory_DirectMap4k_bytes 1024",
            ]
        );
    }

    #[test]
    fn odd_lines_are_an_error() {
        assert!(parse("MemTotal 5\n").is_err() && parse("MemTotal: x kB\n").is_err());
    }
}
