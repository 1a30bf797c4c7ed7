//! The answer of `/api/watchfire/queries`: what runs, and what was asked since the start.

use serde::{Deserialize, Serialize};

/// Queries that run, and those that ran.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct QueriesData {
    /// Queries that run or wait for a seat. Ordering: the oldest first.
    pub running: Vec<RunningQuery>,
    /// How many queries may run at once.
    pub seats: usize,
    /// Queries that ended, by their text. Ordering: as was asked for.
    pub profiles: Vec<QueryProfile>,
    /// How many texts are remembered.
    pub remembered: usize,
    /// Queries that ended since the start.
    pub ended: u64,
    /// Since when is counted, in RFC 3339.
    pub since: String,
}

/// A query that runs or waits.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RunningQuery {
    /// What cancels it.
    pub id: u64,
    /// The expression; cut if it is very long.
    pub query: String,
    /// When it came, in RFC 3339.
    pub since: String,
    /// How long it has been there. Units: seconds.
    pub elapsed: f64,
    /// How much time it looks at; 0 for one moment. Units: seconds.
    pub range: f64,
    /// Distance of its steps; 0 for one moment. Units: seconds.
    pub step: f64,
    /// The address that asks; empty where it is not known.
    pub client: String,
    /// The call.
    pub path: String,
    /// Whether it waits for a seat.
    pub waiting: bool,
    /// Whether somebody cancelled it.
    pub cancelled: bool,
}

/// All runs of one expression.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct QueryProfile {
    /// The expression; cut if it is very long.
    pub query: String,
    /// How often it ran.
    pub count: u64,
    /// How often it failed.
    pub errors: u64,
    /// The error of its last failure.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub last_error: String,
    /// When it ended last, in RFC 3339.
    pub last: String,
    /// All its runs together. Units: seconds.
    pub total_time: f64,
    /// Its longest run. Units: seconds.
    pub max_time: f64,
    /// Most samples that a run read from the storage.
    pub max_samples: u64,
    /// Most memory that a run held. Units: bytes.
    pub max_bytes: u64,
}
