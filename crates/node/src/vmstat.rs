//! Paging, from `/proc/vmstat`.

use crate::error::{Malformed, Result};
use crate::family::single;
use crate::loadavg::parse_number;
use crate::paths::Paths;
use model::{MetricFamily, MetricKind};

pub(crate) fn collect(paths: &Paths) -> Result<Vec<MetricFamily>> {
    paths.parse_proc("vmstat", parse)
}

fn parse(text: &str) -> Result<Vec<MetricFamily>, Malformed> {
    let mut families = Vec::new();
    for line in text.lines() {
        let (field, value) = line.split_once(' ').ok_or(Malformed::new("`name value`"))?;
        if is_shown(field) {
            families.push(single(
                &format!("node_vmstat_{field}"),
                MetricKind::Unknown,
                &format!("The field {field} of /proc/vmstat."),
                parse_number(value)?,
            ));
        }
    }
    Ok(families)
}

/// node_exporter's default: `^(oom_kill|pgpg|pswp|pg.*fault).*`.
fn is_shown(field: &str) -> bool {
    ["oom_kill", "pgpg", "pswp"]
        .iter()
        .any(|prefix| field.starts_with(prefix))
        || field
            .strip_prefix("pg")
            .is_some_and(|rest| rest.contains("fault"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::dump;

    #[test]
    fn only_paging_and_oom_fields_are_shown() {
        let text = "nr_free_pages 1\npgpgin 2\npswpout 3\npgmajfault 4\noom_kill 5\npgfree 6\n";
        assert_eq!(
            dump(&parse(text).unwrap()),
            [
                "node_vmstat_pgpgin 2",
                "node_vmstat_pswpout 3",
                "node_vmstat_pgmajfault 4",
                "node_vmstat_oom_kill 5",
            ]
        );
    }
}
