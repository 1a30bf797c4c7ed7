//! Where the metadata is, and its limits.

use crate::{Error, Result, Secret};
use model::DurationMs;
use std::path::{Path, PathBuf};

/// Where the metadata is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// This file, made if it is not there.
    Sqlite(PathBuf),
    /// A PostgreSQL server. Shape: `postgres://user:password@host:port/database?sslmode=verify-full`.
    Postgres(Secret),
}

impl Location {
    /// The database of the flags: the one of `url`, else a file in the data folder.
    ///
    /// # Errors
    /// [`Error::Invalid`] if `url` is not PostgreSQL's, or none.
    pub fn from_flags(data: &Path, url: Option<&str>) -> Result<Self> {
        match url {
            None => Ok(Self::Sqlite(data.join("watchfire.db"))),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                match url.parse::<sqlx::postgres::PgConnectOptions>() {
                    Ok(_) => Ok(Self::Postgres(Secret::new(url))),
                    Err(error) => Err(Error::invalid("metadata.url", error.to_string())),
                }
            }
            // The text is not repeated: it may hold a password.
            Some(_) => {
                let reason = "it does not begin with `postgres://` or `postgresql://`";
                Err(Error::invalid("metadata.url", reason))
            }
        }
    }
}

/// What one hashing of a password costs whoever guesses, and this server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    /// Memory. Units: KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
}

impl Default for HashCost {
    /// OWASP's minimum for Argon2id with one lane: 19 MiB, two passes.
    fn default() -> Self {
        Self {
            memory_kib: 19 * 1024,
            passes: 2,
        }
    }
}

/// Limits; each has a default that suits one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Longest JSON of a dashboard. Units: bytes.
    pub dashboard_bytes: usize,
    /// Versions of a dashboard that are kept, the newest ones.
    pub dashboard_versions: u32,
    /// Entries of the audit log that are kept.
    pub audit_entries: u32,
    /// How long they are kept.
    pub audit_age: DurationMs,
    /// How long a session lives without a request.
    pub session_idle: DurationMs,
    /// How long it lives at all.
    pub session_lifetime: DurationMs,
    /// How long its token is used before a new one takes its place.
    pub session_rotation: DurationMs,
    /// The cost of hashing passwords.
    pub hash_cost: HashCost,
}

impl Default for Options {
    fn default() -> Self {
        let day = DurationMs::from_secs(86_400);
        Self {
            // The largest of Grafana's public dashboards has 0.9 MB.
            dashboard_bytes: 8 << 20,
            dashboard_versions: 20,
            audit_entries: 200_000,
            audit_age: DurationMs(day.0 * 366),
            session_idle: DurationMs(day.0 * 7),
            session_lifetime: DurationMs(day.0 * 30),
            session_rotation: DurationMs::from_secs(600),
            hash_cost: HashCost::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_of_another_database_is_refused_and_not_repeated() {
        let error = Location::from_flags(Path::new("data"), Some("mysql://u:canary@h/d"));
        assert!(!format!("{:?}", error.unwrap_err()).contains("canary"));
        let location = Location::from_flags(Path::new("data"), Some("postgres://u:canary@h/d"));
        assert!(!format!("{:?}", location.unwrap()).contains("canary"));
        let location = Location::from_flags(Path::new("data"), None).unwrap();
        assert_eq!(location, Location::Sqlite("data/watchfire.db".into()));
    }
}
