//! Relabelling rules in the file.

use crate::context::NameScheme;
use crate::error::{Fault, Reason};
use crate::yaml::{Fields, Node, Section, Value};
use relabel::{Action, Rule, RuleFields};

/// Takes the rules of a list; `what` names an entry for messages.
pub(crate) fn read(
    fields: &mut Fields<'_>,
    name: &str,
    what: &'static str,
    names: NameScheme,
) -> Result<Vec<Rule>, Fault> {
    let nodes = fields.list(name)?;
    nodes.iter().map(|node| rule(node, what, names)).collect()
}

fn rule(node: &Node, what: &'static str, names: NameScheme) -> Result<Rule, Fault> {
    if node.is_null() {
        return Err(Fault::new(node.line, Reason::EmptyEntry { what }));
    }
    let mut fields = Fields::of(node, "relabel.plain")?;
    let given = RuleFields {
        source_labels: fields.or_default("source_labels")?,
        separator: text(&mut fields, "separator")?,
        regex: text(&mut fields, "regex")?,
        modulus: fields.get("modulus")?,
        target_label: text(&mut fields, "target_label")?,
        replacement: text(&mut fields, "replacement")?,
        action: text(&mut fields, "action")?,
    };
    fields.finish()?;
    let target = given.target_label.clone().unwrap_or_default();
    let sources = given.source_labels.clone();
    let rule = Rule::new(given).map_err(|error| Fault::new(node.line, Reason::Relabel(error)))?;
    if let Some(name) = sources.into_iter().find(|name| !names.allows_label(name)) {
        return Err(Fault::new(node.line, Reason::BadLabelName { name }));
    }
    // A target of a replacement may be made of captures; then it is judged when it is known.
    let made = rule.action() == Action::Replace && target.contains('$');
    if names == NameScheme::Legacy && !target.is_empty() && !made && !names.allows_label(&target) {
        let action = rule.action();
        let words = format!("{target:?} is invalid 'target_label' for {action} action");
        return Err(Fault::rule(node.line, words));
    }
    Ok(rule)
}

/// A text that may be written and empty.
fn text(fields: &mut Fields<'_>, name: &str) -> Result<Option<String>, Fault> {
    fields.get(name)
}

/// Writes the rules of a list that is not empty.
pub(crate) fn write(name: &str, rules: &[Rule], section: &mut Section) {
    let rules = rules.iter().map(|rule| Value::Map(write_rule(rule)));
    section.some_list(name, rules.collect());
}

pub(crate) fn write_rule(rule: &Rule) -> Section {
    let fields = rule.to_fields();
    let mut section = Section::default();
    if !fields.source_labels.is_empty() {
        section.put("source_labels", Value::Inline(fields.source_labels));
    }
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            section.text(name, &value);
        }
    };
    put("separator", fields.separator);
    put("regex", fields.regex);
    if let Some(modulus) = fields.modulus {
        section.word("modulus", modulus);
    }
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            section.text(name, &value);
        }
    };
    put("target_label", fields.target_label);
    put("replacement", fields.replacement);
    put("action", fields.action);
    section
}
