//! Rule files: YAML to definitions, with everything that is wrong at its place.

pub(crate) mod check;
mod fault;
mod lint;
#[cfg(test)]
mod tests;
pub(crate) mod wire;

pub use fault::{Fault, FileErrors, Place, RuleProblem};
pub use lint::Duplicate;

pub(crate) use check::{checked_rule, checked_yaml, first_document};

use model::DurationMs;
use promql_syntax::{Expr, ParseOptions};
use std::path::Path;

/// Names with values. Ordering: by name. Unlike labels, values may be empty.
pub type Pairs = Vec<(String, String)>;

/// A rule file, read and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleFile {
    /// The file, as it was named.
    pub path: String,
    /// Its groups, in order.
    pub groups: Vec<GroupDefinition>,
}

/// A group of rules that are evaluated together.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupDefinition {
    /// Name, unique in its file.
    pub name: String,
    /// Time between evaluations; the server's if there is none.
    pub interval: Option<DurationMs>,
    /// How far in the past the rules look; the server's if there is none.
    pub query_offset: Option<DurationMs>,
    /// Most series or alerts of one rule; 0 is without limit.
    pub limit: usize,
    /// The rules, in order.
    pub rules: Vec<RuleDefinition>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleDefinition {
    /// What the rule does with its result.
    pub kind: RuleKind,
    /// The expression.
    pub expr: Expr,
    /// Labels that results get: the group's, and over them the rule's. Ordering: by name. Those of an alert
    /// are templates.
    pub labels: Pairs,
}

/// What a rule does with its result.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleKind {
    /// Stores it under a name.
    Record {
        /// The name.
        name: String,
    },
    /// Every series of it is an alert.
    Alert {
        /// The alert's name.
        name: String,
        /// How long a series must be there before its alert fires.
        hold: DurationMs,
        /// How long an alert fires on after its series has gone.
        keep_firing_for: DurationMs,
        /// Templates. Ordering: by name.
        annotations: Pairs,
    },
}

impl RuleDefinition {
    /// The name that the rule records or alerts under.
    pub fn name(&self) -> &str {
        match &self.kind {
            RuleKind::Record { name } | RuleKind::Alert { name, .. } => name,
        }
    }
}

impl RuleFile {
    /// Reads the rule file `text`; `path` is for errors. Only the first YAML document counts.
    ///
    /// # Errors
    /// [`FileErrors`] with all faults of the rules, or the first fault of the YAML.
    pub fn parse(text: &str, path: &str, options: ParseOptions) -> Result<Self, FileErrors> {
        check::parse(text, path, options)
    }

    /// Reads the rule file at `path`.
    ///
    /// # Errors
    /// As for [`parse`](Self::parse), and where the file cannot be read.
    pub fn load(path: &Path, options: ParseOptions) -> Result<Self, FileErrors> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| FileErrors {
            path: name.clone(),
            faults: vec![Fault::Read {
                message: error.to_string(),
            }],
        })?;
        Self::parse(&text, &name, options)
    }

    /// Number of rules.
    pub fn rule_count(&self) -> usize {
        self.groups.iter().map(|group| group.rules.len()).sum()
    }

    /// Rules of the same name with the same labels, each pair of them once. Ordering: by name and labels.
    pub fn duplicates(&self) -> Vec<Duplicate> {
        lint::duplicates(self)
    }
}
