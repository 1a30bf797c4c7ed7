//! Rules as people write them: every field a text, before anything is read into it.

mod check;
mod export;
mod scalar;

pub use check::{Field, FieldFault};
pub use export::rule_yaml;

pub(crate) use export::{Lines, group_item, rule_item};
pub(crate) use scalar::{flow_scalar, literal, one_line};

use std::collections::BTreeMap;

/// The two kinds of rules, by the field that their name stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WrittenKind {
    /// Stores its result under a name.
    Record,
    /// Every series of the result is an alert.
    #[default]
    Alert,
}

impl WrittenKind {
    /// The field of a rule file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Alert => "alert",
        }
    }
}

/// A rule as it is written. An empty text is a field that is not there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WrittenRule {
    /// Its kind.
    pub kind: WrittenKind,
    /// The name that it records or alerts under.
    pub name: String,
    /// The expression.
    pub expr: String,
    /// `for`.
    pub hold: String,
    /// `keep_firing_for`.
    pub keep_firing_for: String,
    /// `labels`.
    pub labels: BTreeMap<String, String>,
    /// `annotations`.
    pub annotations: BTreeMap<String, String>,
}

/// A group as it is written. An empty text is a field that is not there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WrittenGroup {
    /// Its name.
    pub name: String,
    /// `interval`.
    pub interval: String,
    /// `query_offset`.
    pub query_offset: String,
    /// `limit`; 0 is none.
    pub limit: u64,
    /// `labels`, of all its rules.
    pub labels: BTreeMap<String, String>,
    /// Its rules, in order.
    pub rules: Vec<WrittenRule>,
}

impl WrittenRule {
    /// Whether both say the same: blanks around an expression do not count, nor does a length of zero.
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        self.normal() == other.normal()
    }

    /// The rule with nothing in it that has no meaning.
    #[must_use]
    pub fn normal(&self) -> Self {
        let some = |text: &str| {
            let text = text.trim();
            let zero = text
                .parse::<model::DurationMs>()
                .is_ok_and(|time| time.0 == 0);
            if zero { String::new() } else { text.to_owned() }
        };
        Self {
            kind: self.kind,
            name: self.name.trim().to_owned(),
            expr: self.expr.trim().to_owned(),
            hold: some(&self.hold),
            keep_firing_for: some(&self.keep_firing_for),
            labels: self.labels.clone(),
            annotations: self.annotations.clone(),
        }
    }
}
