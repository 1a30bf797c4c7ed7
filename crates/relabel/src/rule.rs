//! One rule: as it is written, and ready to apply.

use crate::{Error, Result};
use regex_automata::meta::Regex;
use regex_automata::util::syntax;
use std::fmt;

/// Bytes that one compiled regular expression may take.
const REGEX_SIZE_LIMIT: usize = 10 << 20;
const DEFAULT_SEPARATOR: &str = ";";
const DEFAULT_REGEX: &str = "(.*)";
const DEFAULT_REPLACEMENT: &str = "$1";

/// What a rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Writes the replacement into the target label where the regex matches.
    Replace,
    /// Drops what the regex does not match.
    Keep,
    /// Drops what the regex matches.
    Drop,
    /// Drops what does not equal the target label.
    KeepEqual,
    /// Drops what equals the target label.
    DropEqual,
    /// Writes a hash, modulo the modulus, into the target label.
    HashMod,
    /// Copies labels whose names match to other names.
    LabelMap,
    /// Removes labels whose names match.
    LabelDrop,
    /// Removes labels whose names do not match.
    LabelKeep,
    /// Writes the lower-case value into the target label.
    Lowercase,
    /// Writes the upper-case value into the target label.
    Uppercase,
}

impl Action {
    const ALL: [Self; 11] = [
        Self::Replace,
        Self::Keep,
        Self::Drop,
        Self::KeepEqual,
        Self::DropEqual,
        Self::HashMod,
        Self::LabelMap,
        Self::LabelDrop,
        Self::LabelKeep,
        Self::Lowercase,
        Self::Uppercase,
    ];

    /// The word that configurations use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Replace => "replace",
            Self::Keep => "keep",
            Self::Drop => "drop",
            Self::KeepEqual => "keepequal",
            Self::DropEqual => "dropequal",
            Self::HashMod => "hashmod",
            Self::LabelMap => "labelmap",
            Self::LabelDrop => "labeldrop",
            Self::LabelKeep => "labelkeep",
            Self::Lowercase => "lowercase",
            Self::Uppercase => "uppercase",
        }
    }

    /// The action of that word, in any case.
    fn from_word(word: &str) -> Result<Self> {
        if word.is_empty() {
            return Err(Error::EmptyAction);
        }
        let found = Self::ALL
            .into_iter()
            .find(|action| word.eq_ignore_ascii_case(action.as_str()));
        found.ok_or_else(|| Error::UnknownAction(word.to_owned()))
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The fields of a rule as they are written; what is not written is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleFields {
    /// Labels whose values are joined.
    pub source_labels: Vec<String>,
    /// What they are joined with; `;` by default.
    pub separator: Option<String>,
    /// Regular expression, anchored at both ends; `(.*)` by default.
    pub regex: Option<String>,
    /// Modulus of `hashmod`.
    pub modulus: Option<u64>,
    /// Label to write, or to compare with; may refer to captures.
    pub target_label: Option<String>,
    /// What to write; may refer to captures; `$1` by default.
    pub replacement: Option<String>,
    /// The action's word; `replace` by default.
    pub action: Option<String>,
}

/// A rule, validated and compiled.
#[derive(Debug, Clone)]
pub struct Rule {
    pub(crate) action: Action,
    pub(crate) source_labels: Vec<String>,
    pub(crate) separator: String,
    pub(crate) pattern: String,
    pub(crate) regex: Regex,
    pub(crate) modulus: u64,
    pub(crate) target_label: String,
    pub(crate) replacement: String,
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.to_fields() == other.to_fields()
    }
}

impl Eq for Rule {}

impl Rule {
    /// Makes a rule of its fields.
    ///
    /// # Errors
    /// [`Error`] tells the field that is wrong, missing or too much for the action. A field that is written
    /// with its default value counts as not written.
    pub fn new(fields: RuleFields) -> Result<Self> {
        let action = fields
            .action
            .as_deref()
            .map_or(Ok(Action::Replace), Action::from_word)?;
        let pattern = fields.regex.unwrap_or_else(|| DEFAULT_REGEX.to_owned());
        let rule = Self {
            action,
            source_labels: fields.source_labels,
            separator: fields
                .separator
                .unwrap_or_else(|| DEFAULT_SEPARATOR.to_owned()),
            regex: compile(&pattern)?,
            pattern,
            modulus: fields.modulus.unwrap_or(0),
            target_label: fields.target_label.unwrap_or_default(),
            replacement: fields
                .replacement
                .unwrap_or_else(|| DEFAULT_REPLACEMENT.to_owned()),
        };
        rule.check()?;
        Ok(rule)
    }

    /// What the rule does.
    pub fn action(&self) -> Action {
        self.action
    }

    /// The rule with every default written out.
    pub fn to_fields(&self) -> RuleFields {
        RuleFields {
            source_labels: self.source_labels.clone(),
            separator: Some(self.separator.clone()),
            regex: Some(self.pattern.clone()),
            modulus: Some(self.modulus).filter(|modulus| *modulus > 0),
            target_label: Some(self.target_label.clone()).filter(|label| !label.is_empty()),
            replacement: Some(self.replacement.clone()),
            action: Some(self.action.as_str().to_owned()),
        }
    }

    fn check(&self) -> Result<()> {
        let action = self.action;
        let needs_target = matches!(
            action,
            Action::Replace
                | Action::HashMod
                | Action::Lowercase
                | Action::Uppercase
                | Action::KeepEqual
                | Action::DropEqual
        );
        if action == Action::HashMod && self.modulus == 0 {
            return Err(Error::NoModulus);
        }
        if needs_target && self.target_label.is_empty() {
            return Err(Error::NoTargetLabel(action));
        }
        if action == Action::LabelMap && self.replacement.is_empty() {
            let replacement = self.replacement.clone();
            return Err(Error::BadReplacement {
                action,
                replacement,
            });
        }
        let default_replacement = self.replacement == DEFAULT_REPLACEMENT;
        let only_defaults =
            default_replacement && self.separator == DEFAULT_SEPARATOR && self.modulus == 0;
        match action {
            Action::Lowercase | Action::Uppercase if !default_replacement => {
                Err(Error::ReplacementNotAllowed(action))
            }
            Action::KeepEqual | Action::DropEqual
                if !only_defaults || self.pattern != DEFAULT_REGEX =>
            {
                Err(Error::OnlyLabels(action))
            }
            Action::LabelDrop | Action::LabelKeep
                if !only_defaults
                    || !self.target_label.is_empty()
                    || !self.source_labels.is_empty() =>
            {
                Err(Error::OnlyRegex(action))
            }
            _ => Ok(()),
        }
    }
}

/// Compiles `pattern` anchored at both ends, `.` matching line ends too.
fn compile(pattern: &str) -> Result<Regex> {
    let bad = |reason: String| Error::BadRegex {
        pattern: pattern.to_owned(),
        reason,
    };
    let syntax = syntax::Config::new().dot_matches_new_line(true);
    // Parsed alone first, so that a stray parenthesis cannot pair with ours.
    syntax::parse_with(pattern, &syntax).map_err(|error| bad(error.to_string()))?;
    Regex::builder()
        .configure(Regex::config().nfa_size_limit(Some(REGEX_SIZE_LIMIT)))
        .syntax(syntax)
        .build(&format!("^(?:{pattern})$"))
        .map_err(|error| bad(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(action: &str) -> RuleFields {
        RuleFields {
            action: Some(action.to_owned()),
            ..RuleFields::default()
        }
    }

    fn text(value: &str) -> Option<String> {
        Some(value.to_owned())
    }

    #[track_caller]
    fn check(fields: RuleFields, expected: &str) {
        let written = format!("{fields:?}");
        let result = Rule::new(fields).map_err(|error| error.to_string());
        assert_eq!(result.err().as_deref().unwrap_or(""), expected, "{written}");
    }

    #[test]
    fn fields_that_fit_make_a_rule() {
        for action in Action::ALL {
            let label = RuleFields {
                target_label: text("t"),
                ..fields(action.as_str())
            };
            let rule = match action {
                Action::LabelDrop | Action::LabelKeep => fields(action.as_str()),
                Action::HashMod => RuleFields {
                    modulus: Some(2),
                    ..label
                },
                _ => label,
            };
            check(rule, "");
        }
        let upper = RuleFields {
            target_label: text("t"),
            ..fields("REPLACE")
        };
        assert_eq!(Rule::new(upper).unwrap().action(), Action::Replace);
    }

    #[test]
    fn fields_that_do_not_fit_are_named() {
        let with_target = |action: &str| RuleFields {
            target_label: text("t"),
            ..fields(action)
        };
        check(fields("explode"), "unknown relabel action \"explode\"");
        check(fields(""), "relabel action cannot be empty");
        check(
            fields("replace"),
            "relabel configuration for replace action requires 'target_label' value",
        );
        check(
            fields("keepequal"),
            "relabel configuration for keepequal action requires 'target_label' value",
        );
        check(
            with_target("hashmod"),
            "relabel configuration for hashmod requires non-zero modulus",
        );
        check(
            RuleFields {
                replacement: text("x"),
                ..with_target("lowercase")
            },
            "'replacement' can not be set for lowercase action",
        );
        check(
            RuleFields {
                regex: text("x"),
                ..with_target("dropequal")
            },
            "dropequal action requires only 'source_labels' and 'target_label', and no other fields",
        );
        check(
            RuleFields {
                source_labels: vec!["x".to_owned()],
                ..fields("labeldrop")
            },
            "labeldrop action requires only 'regex', and no other fields",
        );
        let bad = Rule::new(RuleFields {
            regex: text("a)("),
            ..fields("keep")
        })
        .unwrap_err();
        assert!(
            bad.to_string().starts_with("error parsing regexp: "),
            "{bad}"
        );
    }

    #[test]
    fn rules_are_equal_when_their_fields_are() {
        let short = Rule::new(fields("keep")).unwrap();
        let long = Rule::new(short.to_fields()).unwrap();
        assert_eq!(short, long);
        assert_ne!(short, Rule::new(fields("drop")).unwrap());
    }
}
