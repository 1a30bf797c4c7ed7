//! Rule files, changed where a rule stands and nowhere else.
//!
//! A change replaces the bytes of the fields that differ; comments, blanks, order and spelling of all else stay
//! as they are. Afterwards the new text is read again: unless it says exactly what the old one said but for
//! that rule, it is not given out.

mod fields;
mod lists;
mod patch;
mod read;
#[cfg(test)]
mod tests;
mod tree;

use crate::written::{WrittenGroup, WrittenRule};
use crate::{FileErrors, RuleFile};
use patch::Patch;
use promql_syntax::ParseOptions;

pub use read::written_groups;

/// Where a rule stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulePlace {
    /// The name of its group.
    pub group: String,
    /// Its number in the group, from 0.
    pub rule: usize,
}

/// A change of a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileEdit {
    /// The rule there says something else from now on.
    Set {
        /// Where it stands.
        place: RulePlace,
        /// What it says.
        rule: WrittenRule,
    },
    /// The rule there goes.
    Remove {
        /// Where it stands.
        place: RulePlace,
    },
    /// A rule comes last in a group, which is made if it is not there.
    Add {
        /// The name of the group.
        group: String,
        /// The rule.
        rule: WrittenRule,
    },
}

/// Why a rule file cannot be changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// The file has faults already.
    #[error("{0}")]
    File(FileErrors),
    /// The file has no such group.
    #[error("there is no group `{0}` in the file")]
    NoGroup(String),
    /// The group has no such rule.
    #[error("group `{group}` has no rule {number}")]
    NoRule {
        /// The group.
        group: String,
        /// Counted from 1.
        number: usize,
    },
    /// The text is laid out so that the rule cannot be changed alone: by anchors and aliases, for example.
    #[error(
        "this rule cannot be changed without touching others of the file; edit the file itself"
    )]
    Entangled,
}

/// The text of a rule file with `edit` done.
///
/// # Errors
/// Any [`EditError`].
pub fn edit_file(text: &str, edit: &FileEdit, options: ParseOptions) -> Result<String, EditError> {
    let parse = |text: &str| RuleFile::parse(text, "the file", options).map_err(EditError::File);
    parse(text)?;
    let before = written_groups(text)?;
    let expected = expected(before, edit)?;
    let root = tree::parse(text).ok_or(EditError::Entangled)?;
    let mut done = None;
    for whole in [false, true] {
        let mut patch = Patch::new(text);
        if lists::apply(&mut patch, &root, edit, whole).is_none() {
            continue;
        }
        let new = patch.finish();
        let same = written_groups(&new).is_ok_and(|after| normal(after) == expected);
        if same {
            done = Some(new);
            break;
        }
    }
    let new = done.ok_or(EditError::Entangled)?;
    parse(&new)?;
    Ok(new)
}

/// What the groups of a file say after `edit`.
fn expected(
    mut groups: Vec<WrittenGroup>,
    edit: &FileEdit,
) -> Result<Vec<WrittenGroup>, EditError> {
    match edit {
        FileEdit::Set { place, rule } => {
            let rules = rules_of(&mut groups, &place.group)?;
            *rules.get_mut(place.rule).ok_or_else(|| no_rule(place))? = rule.clone();
        }
        FileEdit::Remove { place } => {
            let rules = rules_of(&mut groups, &place.group)?;
            if place.rule >= rules.len() {
                return Err(no_rule(place));
            }
            rules.remove(place.rule);
        }
        FileEdit::Add { group, rule } => match groups.iter_mut().find(|have| have.name == *group) {
            Some(group) => group.rules.push(rule.clone()),
            None => groups.push(WrittenGroup {
                name: group.clone(),
                rules: vec![rule.clone()],
                ..WrittenGroup::default()
            }),
        },
    }
    Ok(normal(groups))
}

fn rules_of<'g>(
    groups: &'g mut [WrittenGroup],
    name: &str,
) -> Result<&'g mut Vec<WrittenRule>, EditError> {
    let group = groups.iter_mut().find(|group| group.name == name);
    let group = group.ok_or_else(|| EditError::NoGroup(name.to_owned()))?;
    Ok(&mut group.rules)
}

fn no_rule(place: &RulePlace) -> EditError {
    EditError::NoRule {
        group: place.group.clone(),
        number: place.rule + 1,
    }
}

fn normal(mut groups: Vec<WrittenGroup>) -> Vec<WrittenGroup> {
    for rule in groups.iter_mut().flat_map(|group| &mut group.rules) {
        *rule = rule.normal();
    }
    groups
}
