//! What a rule file says, as it is written.

use super::EditError;
use crate::file::{checked_yaml, wire};
use crate::written::{WrittenGroup, WrittenKind, WrittenRule};
use std::collections::BTreeMap;

/// The groups of a rule file as they are written, whether or not their expressions can be read.
///
/// # Errors
/// [`EditError::File`] where the text is no YAML of a rule file.
pub fn written_groups(text: &str) -> Result<Vec<WrittenGroup>, EditError> {
    let file = checked_yaml(text, "the file").map_err(EditError::File)?;
    let groups = file.groups.unwrap_or_default();
    Ok(groups.into_iter().map(|one| group(one.value)).collect())
}

fn text(text: wire::Text) -> String {
    text.map(|text| text.value).unwrap_or_default()
}

fn pairs(wire: wire::Pairs) -> BTreeMap<String, String> {
    let all = wire.unwrap_or_default().into_iter();
    all.map(|(name, value)| (name, value.unwrap_or_default()))
        .collect()
}

fn group(wire: wire::Group) -> WrittenGroup {
    WrittenGroup {
        name: wire.name.unwrap_or_default(),
        interval: text(wire.interval),
        query_offset: text(wire.query_offset),
        limit: u64::try_from(wire.limit.unwrap_or(0)).unwrap_or(0),
        labels: pairs(wire.labels),
        rules: wire
            .rules
            .unwrap_or_default()
            .into_iter()
            .map(rule)
            .collect(),
    }
}

fn rule(wire: wire::Rule) -> WrittenRule {
    let (record, alert) = (text(wire.record), text(wire.alert));
    let kind = if alert.is_empty() && !record.is_empty() {
        WrittenKind::Record
    } else {
        WrittenKind::Alert
    };
    WrittenRule {
        name: if kind == WrittenKind::Record {
            record
        } else {
            alert
        },
        kind,
        expr: text(wire.expr),
        hold: text(wire.hold),
        keep_firing_for: text(wire.keep_firing_for),
        labels: pairs(wire.labels),
        annotations: pairs(wire.annotations),
    }
}
