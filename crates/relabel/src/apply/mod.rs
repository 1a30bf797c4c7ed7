//! Rules at work.

use crate::md5::md5;
use crate::rule::{Action, Rule};
use model::LabelsBuilder;
use regex_automata::util::captures::Captures;

/// Whether what has the labels stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It stays, with the labels as they are now.
    Keep,
    /// It goes; the labels mean nothing any more.
    Drop,
}

/// Applies `rules` in order to `labels`, until one of them drops.
pub fn apply<'r>(rules: impl IntoIterator<Item = &'r Rule>, labels: &mut LabelsBuilder) -> Verdict {
    let all_keep = rules
        .into_iter()
        .all(|rule| rule.apply(labels) == Verdict::Keep);
    if all_keep {
        Verdict::Keep
    } else {
        Verdict::Drop
    }
}

impl Rule {
    /// Applies this one rule.
    pub fn apply(&self, labels: &mut LabelsBuilder) -> Verdict {
        match self.action {
            Action::LabelMap | Action::LabelDrop | Action::LabelKeep => {
                self.change_names(labels);
                return Verdict::Keep;
            }
            _ => {}
        }
        let value = self.source_value(labels);
        let equal = || labels.get(&self.target_label).unwrap_or("") == value;
        let keep = match self.action {
            Action::Keep => self.regex.is_match(&value),
            Action::Drop => !self.regex.is_match(&value),
            Action::KeepEqual => equal(),
            Action::DropEqual => !equal(),
            _ => {
                self.write(&value, labels);
                true
            }
        };
        if keep { Verdict::Keep } else { Verdict::Drop }
    }

    /// The values of the source labels, joined.
    fn source_value(&self, labels: &LabelsBuilder) -> String {
        let values: Vec<&str> = self
            .source_labels
            .iter()
            .map(|name| labels.get(name).unwrap_or(""))
            .collect();
        values.join(&self.separator)
    }

    /// Writes the target label.
    fn write(&self, value: &str, labels: &mut LabelsBuilder) {
        match self.action {
            Action::Replace => {
                let Some(captures) = self.captures(value) else {
                    return;
                };
                let target = expand(&captures, value, &self.target_label);
                if !target.is_empty() {
                    labels.set(&target, &expand(&captures, value, &self.replacement));
                }
            }
            Action::HashMod => {
                let [.., a, b, c, d, e, f, g, h] = md5(value.as_bytes());
                let hash = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
                // A rule with this action has a modulus.
                let bucket = hash.checked_rem(self.modulus).unwrap_or(0);
                labels.set(&self.target_label, &bucket.to_string());
            }
            Action::Lowercase => {
                labels.set(&self.target_label, &value.to_lowercase());
            }
            Action::Uppercase => {
                labels.set(&self.target_label, &value.to_uppercase());
            }
            _ => {}
        }
    }

    fn change_names(&self, labels: &mut LabelsBuilder) {
        let before: Vec<(String, String)> = labels
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        for (name, value) in before {
            match (self.action, self.captures(&name)) {
                (Action::LabelMap, Some(captures)) => {
                    let new_name = expand(&captures, &name, &self.replacement);
                    if !new_name.is_empty() {
                        labels.set(&new_name, &value);
                    }
                }
                (Action::LabelDrop, Some(_)) | (Action::LabelKeep, None) => {
                    labels.remove(&name);
                }
                _ => {}
            }
        }
    }

    fn captures(&self, text: &str) -> Option<Captures> {
        let mut captures = self.regex.create_captures();
        self.regex.captures(text, &mut captures);
        captures.is_match().then_some(captures)
    }
}

/// Replaces `$1`, `${name}` and `$$` in `template`.
fn expand(captures: &Captures, text: &str, template: &str) -> String {
    captures.interpolate_string(text, template)
}

#[cfg(test)]
mod tests;
