//! What can be wrong with a configuration.

use model::ParseDurationError;
use std::borrow::Cow;
use std::path::PathBuf;

/// Result of reading a configuration.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be read.
    #[error("{}: {reason}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's answer. No source: it stands in the message, and a chain would say it twice.
        reason: std::io::Error,
    },
    /// The file says something wrong.
    #[error("{}:{line}: {reason}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Line, counted from 1; 0 where the fault has no line.
        line: u64,
        /// What is wrong there.
        reason: Reason,
    },
}

/// Something wrong at one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) line: u64,
    pub(crate) reason: Reason,
}

impl Fault {
    pub(crate) fn new(line: u64, reason: Reason) -> Self {
        Self { line, reason }
    }

    /// A rule of the file that is broken, in Prometheus' words.
    pub(crate) fn rule(line: u64, words: impl Into<Cow<'static, str>>) -> Self {
        let words = words.into();
        Self::new(line, Reason::Rule { words })
    }
}

/// What is wrong at one place of a configuration, in the words of `promtool`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// No YAML.
    #[error("{message}")]
    Yaml {
        /// The YAML reader's words.
        message: String,
    },
    /// A field that does not exist.
    #[error("field {field} not found in type {go_type}")]
    UnknownField {
        /// The field.
        field: String,
        /// Prometheus' name of what it stands in.
        go_type: &'static str,
    },
    /// A field that stands there twice.
    #[error("field {field} already set in type {go_type}")]
    RepeatedField {
        /// The field.
        field: String,
        /// Prometheus' name of what it stands in.
        go_type: &'static str,
    },
    /// A value of the wrong shape.
    #[error("cannot unmarshal {found} into {go_type}")]
    WrongType {
        /// Tag and beginning of what stands there.
        found: String,
        /// What the field holds.
        go_type: &'static str,
    },
    /// A service discovery that Prometheus has and this server has not.
    #[error(
        "`{field}` is not built in; built in are static_configs, file_sd_configs, http_sd_configs and \
         dns_sd_configs (a program that writes the targets to a file for file_sd_configs, or serves them \
         for http_sd_configs, takes its place)"
    )]
    DiscoveryNotBuiltIn {
        /// The field.
        field: String,
    },
    /// No duration.
    #[error("{source}: {text:?}")]
    Duration {
        /// What stands there.
        text: String,
        /// What is wrong with it.
        source: ParseDurationError,
    },
    /// No size in bytes.
    #[error("units: unknown unit {} in {text}", text.trim_start_matches(|c: char| c.is_ascii_digit()))]
    Size {
        /// What stands there.
        text: String,
    },
    /// A relabelling rule that is none.
    #[error(transparent)]
    Relabel(#[from] relabel::Error),
    /// A list entry without content.
    #[error("empty or null {what}")]
    EmptyEntry {
        /// The kind of entry.
        what: &'static str,
    },
    /// Two scrape configs of one name.
    #[error("found multiple {kind} configs with job name {name:?}{}", first_seen(*in_other_file))]
    RepeatedName {
        /// What kind of section has the name.
        kind: &'static str,
        /// The name.
        name: String,
        /// Whether the other one is in another file.
        in_other_file: bool,
    },
    /// A target that is no `host:port`.
    #[error("{target:?} is not a valid hostname")]
    BadTarget {
        /// What stands there.
        target: String,
    },
    /// A name that no label can have.
    #[error("{name:?} is not a valid label name")]
    BadLabelName {
        /// What stands there.
        name: String,
    },
    /// A rule between fields, or about what a field may say.
    #[error("{words}")]
    Rule {
        /// Prometheus' words.
        words: Cow<'static, str>,
    },
}

fn first_seen(in_other_file: bool) -> &'static str {
    if in_other_file {
        ", first found in main config file or another scrape config file"
    } else {
        ""
    }
}
