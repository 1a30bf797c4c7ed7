//! Rules in their groups: changed, taken away, added.

use super::patch::Patch;
use super::tree::{Entry, Node, Shape};
use super::{FileEdit, RulePlace, fields, read};
use crate::written::{WrittenGroup, WrittenRule, group_item, rule_item};

/// Gathers the changes that `edit` takes; `None` where the layout does not allow it. `whole` writes the rule
/// anew instead of its single fields.
pub(super) fn apply(
    patch: &mut Patch<'_>,
    root: &Node,
    edit: &FileEdit,
    whole: bool,
) -> Option<()> {
    match edit {
        FileEdit::Set { place, rule } => {
            let node = rules(root, &place.group)?.value.items().get(place.rule)?;
            if whole {
                anew(patch, node, rule)
            } else {
                let old = written(patch, place)?;
                fields::set(patch, node, &old, rule)
            }
        }
        FileEdit::Remove { place } => {
            let entry = rules(root, &place.group)?;
            take(patch, entry, place.rule)
        }
        FileEdit::Add { group, rule } => {
            let rule = rule.normal();
            match find_group(root, group) {
                Some(node) => add_rule(patch, node, &rule),
                None => add_group(patch, root, group, &rule),
            }
        }
    }
}

fn written(patch: &Patch<'_>, place: &RulePlace) -> Option<WrittenRule> {
    let groups = read::written_groups(patch.get(0..patch.len())).ok()?;
    let group = groups.into_iter().find(|group| group.name == place.group)?;
    group.rules.into_iter().nth(place.rule)
}

fn find_group<'n>(root: &'n Node, name: &str) -> Option<&'n Node> {
    let groups = root.entry("groups")?.value.items().iter();
    let named = |group: &&Node| {
        let entry = group.entry("name");
        entry.and_then(|entry| entry.value.text()) == Some(name)
    };
    groups.rev().find(named)
}

/// The field `rules` of a group.
fn rules<'n>(root: &'n Node, group: &str) -> Option<&'n Entry> {
    find_group(root, group)?.entry("rules")
}

/// Writes a rule anew in its place.
fn anew(patch: &mut Patch<'_>, node: &Node, rule: &WrittenRule) -> Option<()> {
    let rule = rule.normal();
    let new = if matches!(node.shape, Shape::Map { is_flow: true, .. }) {
        fields::flow(&rule)
    } else {
        let line_end = patch.line_end();
        let indent = patch.column(node.span.start).checked_sub(2)?;
        let item = rule_item(&rule, indent, line_end);
        item.get(indent + 2..)?.strip_suffix(line_end)?.to_owned()
    };
    patch.replace(node.span.clone(), new);
    Some(())
}

/// Takes an item out of the list of `entry`.
fn take(patch: &mut Patch<'_>, entry: &Entry, index: usize) -> Option<()> {
    let items = entry.value.items();
    let item = items.get(index)?;
    if matches!(entry.value.shape, Shape::List { is_flow: true, .. }) {
        let before = index.checked_sub(1).and_then(|index| items.get(index));
        let span = match (items.get(index + 1), before) {
            (Some(next), _) => item.span.start..next.span.start,
            (None, Some(before)) => before.span.end..item.span.end,
            (None, None) => item.span.clone(),
        };
        patch.replace(span, "");
        return Some(());
    }
    let line = patch.line_start(dash(patch, item)?);
    let end = patch.next_line(item.span.end);
    patch.replace(line..end, "");
    if items.len() == 1 {
        let at = entry.key.span.end;
        let colon = at + patch.get(at..item.span.start).find(':')?;
        patch.replace(colon + 1..colon + 1, " []");
    }
    Some(())
}

/// The dash of an item in a block.
fn dash(patch: &Patch<'_>, item: &Node) -> Option<usize> {
    let line = patch.line_start(item.span.start);
    let front = patch.get(line..item.span.start);
    let at = front.rfind('-')?;
    front.get(..at)?.trim().is_empty().then_some(line + at)
}

fn add_rule(patch: &mut Patch<'_>, group: &Node, rule: &WrittenRule) -> Option<()> {
    let Shape::Map {
        entries,
        is_flow: false,
    } = &group.shape
    else {
        let list = &group.entry("rules")?.value;
        let flow_item = fields::flow(rule);
        return add_to_flow(patch, list, &flow_item);
    };
    let column = patch.column(entries.first()?.key.span.start);
    let line_end = patch.line_end();
    let Some(entry) = group.entry("rules") else {
        let pad = " ".repeat(column);
        let item = rule_item(rule, column + 2, line_end);
        patch.add_lines(group.span.end, &format!("{pad}rules:{line_end}{item}"));
        return Some(());
    };
    let list = &entry.value;
    match (&list.shape, list.items().last()) {
        (Shape::List { is_flow: true, .. }, Some(_)) => {
            add_to_flow(patch, list, &fields::flow(rule))
        }
        (Shape::List { is_flow: false, .. }, Some(last)) => {
            let column = patch.column(dash(patch, last)?);
            patch.add_lines(last.span.end, &rule_item(rule, column, line_end));
            Some(())
        }
        _ => fill(patch, entry, &rule_item(rule, column + 2, line_end)),
    }
}

fn add_group(patch: &mut Patch<'_>, root: &Node, name: &str, rule: &WrittenRule) -> Option<()> {
    let group = WrittenGroup {
        name: name.to_owned(),
        rules: vec![rule.clone()],
        ..WrittenGroup::default()
    };
    let line_end = patch.line_end();
    let Some(entry) = root.entry("groups") else {
        let item = group_item(&group, 2, line_end);
        patch.add_lines(patch.len(), &format!("groups:{line_end}{item}"));
        return Some(());
    };
    match (&entry.value.shape, entry.value.items().last()) {
        (Shape::List { is_flow: true, .. }, Some(_)) => None,
        (Shape::List { is_flow: false, .. }, Some(last)) => {
            let column = patch.column(dash(patch, last)?);
            patch.add_lines(last.span.end, &group_item(&group, column, line_end));
            Some(())
        }
        _ => fill(patch, entry, &group_item(&group, 2, line_end)),
    }
}

/// Gives an empty field its first item.
fn fill(patch: &mut Patch<'_>, entry: &Entry, item: &str) -> Option<()> {
    let line_end = patch.line_end();
    let at = entry.key.span.end;
    let colon = at + patch.get(at..patch.len()).find(':')?;
    let item = item.strip_suffix(line_end)?;
    let end = entry.value.span.end.max(colon + 1);
    patch.replace(colon + 1..end, format!("{line_end}{item}"));
    Some(())
}

fn add_to_flow(patch: &mut Patch<'_>, list: &Node, item: &str) -> Option<()> {
    match list.items().last() {
        Some(last) => patch.replace(last.span.end..last.span.end, format!(", {item}")),
        None => patch.replace(list.span.clone(), format!("[{item}]")),
    }
    Some(())
}
