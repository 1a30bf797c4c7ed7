//! Answers of `/api/v1/status/*`.

use serde::{Deserialize, Serialize};

/// `/api/v1/status/buildinfo`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BuildInfo {
    /// Version, as `0.1.0`.
    pub version: String,
    /// Source revision, if it was known at build time.
    pub revision: String,
    /// Source branch, if it was known at build time.
    pub branch: String,
    /// Who built it.
    pub build_user: String,
    /// When it was built.
    pub build_date: String,
    /// Prometheus tells its Go version here; we tell our compiler's.
    pub go_version: String,
}

/// `/api/v1/status/runtimeinfo`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuntimeInfo {
    /// RFC 3339.
    #[serde(rename = "startTime")]
    pub start_time: String,
    /// Working directory.
    #[serde(rename = "CWD")]
    pub cwd: String,
    /// Host name.
    pub hostname: String,
    /// RFC 3339.
    #[serde(rename = "serverTime")]
    pub server_time: String,
    /// Whether the last load of the configuration worked.
    #[serde(rename = "reloadConfigSuccess")]
    pub reload_config_success: bool,
    /// RFC 3339.
    #[serde(rename = "lastConfigTime")]
    pub last_config_time: String,
    /// Corrupted places found in the write-ahead log.
    #[serde(rename = "corruptionCount")]
    pub corruption_count: u64,
    /// Prometheus tells goroutines here; we tell threads.
    #[serde(rename = "goroutineCount")]
    pub goroutine_count: u64,
    /// Worker threads.
    #[serde(rename = "GOMAXPROCS")]
    pub gomaxprocs: u64,
    /// Memory limit in bytes; the largest number if there is none.
    #[serde(rename = "GOMEMLIMIT")]
    pub gomemlimit: i64,
    /// Empty: there is no garbage collector.
    #[serde(rename = "GOGC")]
    pub gogc: String,
    /// Empty, likewise.
    #[serde(rename = "GODEBUG")]
    pub godebug: String,
    /// Retention, as `15d`.
    #[serde(rename = "storageRetention")]
    pub storage_retention: String,
}
