//! The fields of one rule.

use super::patch::Patch;
use super::tree::{Entry, Node, Shape, find};
use crate::written::{Lines, WrittenRule, flow_scalar, literal, one_line};
use std::collections::BTreeMap;

/// Order in which fields are usually written.
const ORDER: [&str; 7] = [
    "record",
    "alert",
    "expr",
    "for",
    "keep_firing_for",
    "labels",
    "annotations",
];

/// Makes the rule of `node` say `new` instead of `old`, by as few bytes as that takes; `None` where its
/// layout allows no change of single fields.
pub(super) fn set(
    patch: &mut Patch<'_>,
    node: &Node,
    old: &WrittenRule,
    new: &WrittenRule,
) -> Option<()> {
    let Shape::Map {
        entries,
        is_flow: false,
    } = &node.shape
    else {
        return None;
    };
    let mut rule = Rule {
        patch,
        entries,
        column: 0,
    };
    rule.column = rule.patch.column(entries.first()?.key.span.start);
    if old.kind != new.kind {
        let name = find(entries, old.kind.as_str())?;
        rule.patch.replace(name.key.span.clone(), new.kind.as_str());
    }
    let (before, after) = (old.normal(), new.normal());
    rule.text(old.kind.as_str(), &before.name, &after.name)?;
    rule.text("expr", &before.expr, &after.expr)?;
    rule.text("for", &before.hold, &after.hold)?;
    rule.text(
        "keep_firing_for",
        &before.keep_firing_for,
        &after.keep_firing_for,
    )?;
    rule.pairs("labels", &old.labels, &new.labels)?;
    rule.pairs("annotations", &old.annotations, &new.annotations)
}

/// A rule in `{}`.
pub(super) fn flow(rule: &WrittenRule) -> String {
    let texts = [
        (rule.kind.as_str(), &rule.name),
        ("expr", &rule.expr),
        ("for", &rule.hold),
        ("keep_firing_for", &rule.keep_firing_for),
    ];
    let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
    let mut fields: Vec<String> = texts
        .map(|(name, text)| format!("{name}: {}", flow_scalar(text)))
        .collect();
    for (name, pairs) in [("labels", &rule.labels), ("annotations", &rule.annotations)] {
        if !pairs.is_empty() {
            fields.push(format!("{name}: {}", flow_pairs(pairs)));
        }
    }
    format!("{{{}}}", fields.join(", "))
}

fn flow_pairs(pairs: &BTreeMap<String, String>) -> String {
    let pairs = pairs.iter();
    let pairs = pairs.map(|(name, value)| format!("{}: {}", flow_scalar(name), flow_scalar(value)));
    format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
}

/// A mapping in a block, of which single fields change.
struct Rule<'p, 't> {
    patch: &'p mut Patch<'t>,
    entries: &'p [Entry],
    /// Where its keys stand.
    column: usize,
}

impl Rule<'_, '_> {
    fn text(&mut self, name: &str, old: &str, new: &str) -> Option<()> {
        if old == new {
            return Some(());
        }
        match (find(self.entries, name), new.is_empty()) {
            (None, true) => {}
            (None, false) => {
                let mut lines = Lines::new(self.column, self.patch.line_end());
                lines.text(name, new);
                self.insert(name, &lines.finish());
            }
            (Some(entry), true) => remove(self.patch, self.entries, entry)?,
            (Some(entry), false) => {
                let ends = name == "expr" && entry.value.text().is_some_and(|t| t.ends_with('\n'));
                let new = if ends {
                    format!("{new}\n")
                } else {
                    new.to_owned()
                };
                set_value(self.patch, entry, &new, self.column + 2);
            }
        }
        Some(())
    }

    fn pairs(
        &mut self,
        name: &str,
        old: &BTreeMap<String, String>,
        new: &BTreeMap<String, String>,
    ) -> Option<()> {
        if old == new {
            return Some(());
        }
        let entry = find(self.entries, name);
        let Some(entry) = entry else {
            let mut lines = Lines::new(self.column, self.patch.line_end());
            lines.pairs(name, new);
            self.insert(name, &lines.finish());
            return Some(());
        };
        if new.is_empty() {
            return remove(self.patch, self.entries, entry);
        }
        match &entry.value.shape {
            Shape::Map {
                entries,
                is_flow: false,
            } => self.single_pairs(entries, old, new),
            Shape::Map { is_flow: true, .. } => {
                self.patch
                    .replace(entry.value.span.clone(), flow_pairs(new));
                Some(())
            }
            _ => {
                // Nothing, or the name of something that stands elsewhere.
                let line_end = self.patch.line_end();
                let mut lines = Lines::new(self.column + 2, line_end);
                for (name, value) in new {
                    lines.text(name, value);
                }
                let lines = lines.finish();
                let lines = lines.strip_suffix(line_end)?;
                let colon = colon(self.patch, entry)?;
                let span = colon + 1..entry.value.span.end;
                self.patch.replace(span, format!("{line_end}{lines}"));
                Some(())
            }
        }
    }

    fn single_pairs(
        &mut self,
        entries: &[Entry],
        old: &BTreeMap<String, String>,
        new: &BTreeMap<String, String>,
    ) -> Option<()> {
        let column = self.patch.column(entries.first()?.key.span.start);
        for entry in entries {
            let name = entry.key.text()?;
            match (old.get(name), new.get(name)) {
                (before, Some(after)) if before == Some(after) => {}
                (_, Some(after)) => set_value(self.patch, entry, after, column + 2),
                (_, None) => remove(self.patch, entries, entry)?,
            }
        }
        let mut lines = Lines::new(column, self.patch.line_end());
        for (name, value) in new {
            if find(entries, name).is_none() {
                lines.text(name, value);
            }
        }
        let lines = lines.finish();
        if !lines.is_empty() {
            self.patch.add_lines(entries.last()?.value.span.end, &lines);
        }
        Some(())
    }

    /// Adds the lines of a field behind those that are usually in front of it.
    fn insert(&mut self, name: &str, lines: &str) {
        let rank = |name: &str| ORDER.iter().position(|one| *one == name);
        let before = self.entries.iter().rfind(|entry| {
            let own = entry.key.text().and_then(rank);
            own.is_some() && own < rank(name)
        });
        if let Some(entry) = before.or(self.entries.last()) {
            self.patch.add_lines(entry.value.span.end, lines);
        }
    }
}

/// Where the colon of an entry stands.
fn colon(patch: &Patch<'_>, entry: &Entry) -> Option<usize> {
    let at = entry.key.span.end;
    Some(at + patch.get(at..entry.value.span.end).find(':')?)
}

/// Takes the lines of an entry away.
fn remove(patch: &mut Patch<'_>, entries: &[Entry], entry: &Entry) -> Option<()> {
    let start = entry.key.span.start;
    let line = patch.line_start(start);
    if patch.get(line..start).trim().is_empty() {
        let end = patch.next_line(entry.value.span.end);
        patch.replace(line..end, "");
        return Some(());
    }
    // It stands behind the dash of a list: the next field takes its place.
    let next = entries.iter().find(|other| other.key.span.start > start)?;
    patch.replace(start..next.key.span.start, "");
    Some(())
}

/// Puts another text in the place of an entry's value; its comment stays.
fn set_value(patch: &mut Patch<'_>, entry: &Entry, new: &str, indent: usize) {
    let value = &entry.value;
    let span = value.span.clone();
    if span.is_empty() {
        // Nothing is written: the place is right behind the colon.
        let new = format!(" {}", one_line(new));
        return patch.replace(span, new);
    }
    let is_block = matches!(value.shape, Shape::Scalar { is_block: true, .. });
    let line_end = patch.line_end();
    if is_block {
        let header_end = patch.line_stop(span.start);
        let header = patch.get(span.start..header_end);
        let mark = |c: char| matches!(c, '|' | '>' | '+' | '-') || c.is_ascii_digit();
        let comment = header.trim_start_matches(mark).trim_end();
        let body = patch.get(header_end..span.end);
        let first = body.lines().find(|line| !line.trim().is_empty());
        let own = first.map(|line| line.len() - line.trim_start_matches(' ').len());
        let own = own.filter(|own| *own > indent.saturating_sub(2));
        let block = literal(new, own.unwrap_or(indent), comment, line_end);
        let new = block.unwrap_or_else(|| format!("{}{comment}", one_line(new)));
        return patch.replace(span, new);
    }
    if new.contains('\n') {
        let stop = patch.line_stop(span.end);
        let comment = patch.get(span.end..stop).trim_end();
        if let Some(block) = literal(new, indent, comment, line_end) {
            return patch.replace(span.start..stop, block);
        }
    }
    patch.replace(span, one_line(new));
}
