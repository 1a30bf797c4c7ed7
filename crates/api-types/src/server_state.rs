//! How the server is: notifications, the configuration and its reloads, remote write.

use serde::{Deserialize, Serialize};

/// Something that an operator should know, as `/api/v1/notifications` tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// What is the matter.
    pub text: String,
    /// Since when, in RFC 3339.
    pub date: String,
    /// Whether it still is.
    pub active: bool,
}

/// The answer of `/api/watchfire/config`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigState {
    /// The configuration that runs, defaults filled in and secrets hidden.
    pub yaml: String,
    /// Its file; empty for a server without one.
    pub file: String,
    /// When it was loaded, in RFC 3339.
    pub loaded: String,
    /// Whether the last attempt to load one worked.
    pub successful: bool,
    /// Why the last attempt failed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub error: String,
    /// When it failed, in RFC 3339.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub failed: String,
    /// What stands in it and has no effect.
    pub warnings: Vec<ConfigWarning>,
    /// What the last load that changed something changed, as a unified diff; empty where none did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub changed: String,
}

/// A field of the configuration that has no effect.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigWarning {
    /// File and line, as `prometheus.yml:7`.
    pub place: String,
    /// The field.
    pub field: String,
}

/// What a configuration that was pasted, or that stands in the file, says: the answer of `/api/watchfire/config/check`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigCheck {
    /// The first fault; empty where there is none.
    pub error: String,
    /// The line of the fault; 0 where it has none.
    pub line: u64,
    /// Scrape jobs in it.
    pub jobs: usize,
    /// Patterns of rule files in it.
    pub rule_files: usize,
    /// What stands in it and has no effect.
    pub warnings: Vec<ConfigWarning>,
    /// How it differs from the configuration that runs, as a unified diff, defaults filled in and secrets
    /// hidden on both sides; empty where it does not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub diff: String,
}

/// The answer of `/api/watchfire/remote`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RemoteState {
    /// `remote_write` of the configuration.
    pub writes: Vec<RemoteSender>,
    /// `remote_read` of the configuration.
    pub reads: Vec<RemotePeer>,
    /// Whether this server takes what others send.
    pub receives: bool,
    /// What the server counts about it. Ordering: by name.
    pub counters: Vec<RemoteCounter>,
}

/// One side that the configuration names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemotePeer {
    /// Name; may be empty.
    pub name: String,
    /// Address, without secrets.
    pub url: String,
}

/// One receiver that is sent to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RemoteSender {
    /// Name and address.
    #[serde(flatten)]
    pub peer: RemotePeer,
    /// Samples, histograms and exemplars that were put into requests.
    pub sent: f64,
    /// Those of them that the receiver refused.
    pub failed: f64,
    /// Those that wait in queues or for an answer.
    pub pending: f64,
    /// How much older the newest sample that was sent is than the newest one that is to be. Units: seconds.
    pub behind: f64,
}

/// One number of the server's own metrics.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RemoteCounter {
    /// The metric with its labels, as PromQL writes it.
    pub series: String,
    /// What it counts.
    pub help: String,
    /// Its value now.
    pub value: f64,
}
