//! What can be wrong with a configuration.

use model::ParseDurationError;
use std::path::PathBuf;

/// Result of reading a configuration.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's answer.
        #[source]
        source: std::io::Error,
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

/// What is wrong at one place of a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// No YAML, or a value of the wrong shape.
    #[error("{message}")]
    Yaml {
        /// The YAML reader's words.
        message: String,
    },
    /// A field that does not exist.
    #[error("field `{field}` not found")]
    UnknownField {
        /// The field.
        field: String,
    },
    /// A field that stands there twice.
    #[error("field `{field}` already set")]
    RepeatedField {
        /// The field.
        field: String,
    },
    /// Something that Prometheus knows and this server does not do yet.
    #[error("`{what}` is not supported yet")]
    NotSupported {
        /// The field, or field and value.
        what: String,
    },
    /// No duration.
    #[error("{source}: `{text}`")]
    Duration {
        /// What stands there.
        text: String,
        /// What is wrong with it.
        source: ParseDurationError,
    },
    /// No size in bytes.
    #[error("not a size (such as `10MB`): `{text}`")]
    Size {
        /// What stands there.
        text: String,
    },
    /// A timeout that is longer than the interval between scrapes.
    #[error("{} greater than scrape interval{}", timeout_owner(job.is_none()), for_job(job.as_deref()))]
    TimeoutAboveInterval {
        /// The job; none for the global section.
        job: Option<String>,
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
    /// A scrape config without a name.
    #[error("job_name is empty")]
    NoJobName,
    /// Two scrape configs of one name.
    #[error("found multiple scrape configs with job name `{job}`")]
    RepeatedJob {
        /// The name.
        job: String,
    },
    /// A target that is no `host:port`.
    #[error("`{target}` is not a valid hostname")]
    BadTarget {
        /// What stands there.
        target: String,
    },
    /// A name that no label can have.
    #[error("`{name}` is not a valid label name")]
    BadLabelName {
        /// What stands there.
        name: String,
    },
    /// A scheme that is neither `http` nor `https`.
    #[error("unknown scheme `{scheme}`, supported: http, https")]
    UnknownScheme {
        /// What stands there.
        scheme: String,
    },
    /// No name of a scrape protocol.
    #[error("unknown scrape protocol `{name}`, supported: {supported}")]
    UnknownProtocol {
        /// What stands there.
        name: String,
        /// The names that there are.
        supported: String,
    },
    /// A scrape protocol that a list has twice.
    #[error("duplicated protocol in scrape_protocols: `{name}`")]
    RepeatedProtocol {
        /// The protocol.
        name: String,
    },
}

fn timeout_owner(global: bool) -> &'static str {
    if global {
        "global scrape timeout"
    } else {
        "scrape timeout"
    }
}

fn for_job(job: Option<&str>) -> String {
    job.map(|job| format!(" for scrape config with job name `{job}`"))
        .unwrap_or_default()
}
