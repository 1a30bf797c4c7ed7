//! What can be wrong with a rule.

use crate::Action;

/// Result of making a rule.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why fields make no rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An action that does not exist.
    #[error("unknown relabel action {0:?}")]
    UnknownAction(String),
    /// An action that is written and empty.
    #[error("relabel action cannot be empty")]
    EmptyAction,
    /// A regular expression that cannot be compiled.
    #[error("error parsing regexp: {reason}")]
    BadRegex {
        /// The expression as written.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// `hashmod` without a modulus.
    #[error("relabel configuration for hashmod requires non-zero modulus")]
    NoModulus,
    /// An action without the label that it writes or compares with.
    #[error("relabel configuration for {0} action requires 'target_label' value")]
    NoTargetLabel(Action),
    /// A replacement that can name no label.
    #[error("{replacement:?} is invalid 'replacement' for {action} action")]
    BadReplacement {
        /// The action.
        action: Action,
        /// What stands there.
        replacement: String,
    },
    /// A replacement where the action makes the value itself.
    #[error("'replacement' can not be set for {0} action")]
    ReplacementNotAllowed(Action),
    /// Further fields beside those that the action reads.
    #[error("{0} action requires only 'source_labels' and 'target_label', and no other fields")]
    OnlyLabels(Action),
    /// Further fields beside those that the action reads.
    #[error("{0} action requires only 'regex', and no other fields")]
    OnlyRegex(Action),
}
