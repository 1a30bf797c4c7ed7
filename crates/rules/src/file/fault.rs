//! What can be wrong with a rule file.

use model::ParseDurationError;
use promql_syntax::ParseErrors;
use std::fmt;

/// Everything that is wrong with one file. Ordering: as in the file; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileErrors {
    /// The file, as it was named.
    pub path: String,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

impl fmt::Display for FileErrors {
    /// One line per fault, the file in front.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}: {fault}", self.path)?;
        }
        Ok(())
    }
}

impl std::error::Error for FileErrors {}

/// A place as people count it, from 1; a field that is not there has 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Line.
    pub line: u64,
    /// Character on the line.
    pub column: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The file cannot be read.
    #[error("{message}")]
    Read {
        /// The operating system's words.
        message: String,
    },
    /// No YAML, or a value of the wrong shape.
    #[error("yaml: line {line}: {message}")]
    Yaml {
        /// Line.
        line: u64,
        /// The YAML reader's words.
        message: String,
    },
    /// A field that does not exist.
    #[error("yaml: unmarshal errors:\n  line {line}: field {field} not found in type {kind}")]
    UnknownField {
        /// Line.
        line: u64,
        /// The field.
        field: String,
        /// What has no such field.
        kind: &'static str,
    },
    /// A field that stands there twice.
    #[error("yaml: unmarshal errors:\n  line {line}: mapping key \"{field}\" already defined")]
    RepeatedField {
        /// Line.
        line: u64,
        /// The field.
        field: String,
    },
    /// No duration.
    #[error("{}", duration(text, *source))]
    Duration {
        /// What stands there.
        text: String,
        /// What is wrong with it.
        source: ParseDurationError,
    },
    /// A limit below zero.
    #[error("{place}: group \"{group}\": limit must not be negative: {limit}")]
    NegativeLimit {
        /// The group's place.
        place: Place,
        /// The group.
        group: String,
        /// What stands there.
        limit: i64,
    },
    /// A group without a name.
    #[error("{place}: Groupname must not be empty")]
    NoGroupName {
        /// The group's place.
        place: Place,
    },
    /// A name that two groups have.
    #[error("{place}: groupname: \"{group}\" is repeated in the same file")]
    RepeatedGroup {
        /// Place of the second one.
        place: Place,
        /// The name.
        group: String,
    },
    /// A group's label with a name that no label can have.
    #[error("invalid label name: {name}")]
    GroupLabel {
        /// The name.
        name: String,
    },
    /// Something in a rule.
    #[error("{}group {group:?}, rule {number}, {name:?}: {problem}", places(at))]
    Rule {
        /// The fields that the fault is about; none if it is about a label or an annotation.
        at: Vec<Place>,
        /// The group.
        group: String,
        /// Number of the rule in its group, from 1.
        number: usize,
        /// What the rule records or alerts of; may be empty.
        name: String,
        /// What is wrong.
        problem: RuleProblem,
    },
}

fn duration(text: &str, source: ParseDurationError) -> String {
    match source {
        ParseDurationError::Malformed => format!("{source}: {text:?}"),
        source => source.to_string(),
    }
}

fn places(at: &[Place]) -> String {
    at.iter()
        .fold(String::new(), |all, place| format!("{all}{place}: "))
}

/// What is wrong with a rule. Source of the words: Prometheus' `model/rulefmt`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleProblem {
    /// It records and alerts.
    #[error("only one of 'record' and 'alert' must be set")]
    BothKinds,
    /// It does neither.
    #[error("one of 'record' or 'alert' must be set")]
    NoKind,
    /// There is no expression.
    #[error("field 'expr' must be set in rule")]
    NoExpr,
    /// The expression is none.
    #[error("could not parse expression: {0}")]
    Expr(ParseErrors),
    /// A field that only alerts have.
    #[error("invalid field '{0}' in recording rule")]
    RecordField(&'static str),
    /// A name that looks like a selector.
    #[error("braces present in the recording rule name; should it be in expr?: {0}")]
    Braces(String),
    /// A name that no label can have.
    #[error("invalid label name: {0}")]
    LabelName(String),
    /// A name that no annotation can have.
    #[error("invalid annotation name: {0}")]
    AnnotationName(String),
    /// A template that is none.
    #[error("{what} {name:?}: {error}")]
    Template {
        /// `label` or `annotation`.
        what: &'static str,
        /// Its name.
        name: String,
        /// What is wrong with it.
        error: template::Error,
    },
}
