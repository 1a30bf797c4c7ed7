//! The distribution, from `/etc/os-release`.

use crate::error::{Error, Result};
use crate::family::info;
use crate::paths::{Paths, read};
use model::{Labels, MetricFamily, MetricKind};
use std::collections::BTreeMap;

/// Label and key of the file.
const FACTS: [(&str, &str); 12] = [
    ("build_id", "BUILD_ID"),
    ("id", "ID"),
    ("id_like", "ID_LIKE"),
    ("image_id", "IMAGE_ID"),
    ("image_version", "IMAGE_VERSION"),
    ("name", "NAME"),
    ("pretty_name", "PRETTY_NAME"),
    ("variant", "VARIANT"),
    ("variant_id", "VARIANT_ID"),
    ("version", "VERSION"),
    ("version_codename", "VERSION_CODENAME"),
    ("version_id", "VERSION_ID"),
];

pub(crate) fn collect(paths: &Paths) -> Result<Vec<MetricFamily>> {
    let text = read(&paths.in_root("etc/os-release"))
        .or_else(|_| read(&paths.in_root("usr/lib/os-release")))?;
    let keys = parse(&text);
    if keys.is_empty() {
        Err(Error::NoData)
    } else {
        Ok(families(&keys))
    }
}

/// Reads `KEY=value` lines; values may be in quotes. Source: os-release(5).
fn parse(text: &str) -> BTreeMap<&str, String> {
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key, unquote(value)))
        .collect()
}

/// Undoes a shell's quotes.
fn unquote(value: &str) -> String {
    let single = value
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''));
    if let Some(inside) = single {
        return inside.to_owned();
    }
    let double = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let mut out = String::new();
    let mut characters = double.unwrap_or(value).chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => out.extend(characters.next()),
            other => out.push(other),
        }
    }
    out
}

fn families(keys: &BTreeMap<&str, String>) -> Vec<MetricFamily> {
    let of = |key: &str| keys.get(key).map_or("", String::as_str);
    let facts = FACTS.map(|(label, key)| (label, of(key)));
    let mut families = vec![info(
        "node_os_info",
        "The distribution, as os-release tells it.",
        &facts,
    )];
    if let Some(number) = leading_number(of("VERSION_ID")) {
        let labels = Labels::from_pairs([
            ("id", of("ID")),
            ("id_like", of("ID_LIKE")),
            ("name", of("NAME")),
        ]);
        let help = "Major and minor version of the distribution, as a number.";
        let mut version = MetricFamily::new("node_os_version", MetricKind::Gauge, help);
        version.push(labels, number);
        families.push(version);
    }
    families
}

/// `20.04.1` → 20.04.
fn leading_number(version: &str) -> Option<f64> {
    let mut parts = version.split('.');
    let major = parts.next()?;
    match parts.next() {
        Some(minor) => format!("{major}.{minor}").parse().ok(),
        None => major.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::dump;

    #[test]
    fn quoted_values_and_version_numbers_are_read() {
        let text = "# comment\nNAME=\"Some \\\"OS\\\"\"\nID=some\nVERSION_ID='20.04.1'\n\nODD\n";
        assert_eq!(
            dump(&families(&parse(text))),
            [
                r#"node_os_info{id="some", name="Some \"OS\"", version_id="20.04.1"} 1"#,
                r#"node_os_version{id="some", name="Some \"OS\""} 20.04"#,
            ]
        );
    }

    #[test]
    fn rolling_distributions_have_no_version() {
        assert_eq!(
            dump(&families(&parse("ID=arch\n"))),
            [r#"node_os_info{id="arch"} 1"#]
        );
    }
}
