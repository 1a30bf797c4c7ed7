//! Why something could not be stored or found.

use crate::{Dashboard, Folder, Rule, RuleGroup};
use model::DurationMs;
use std::fmt;
use std::path::PathBuf;

/// Result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Errors of the metadata.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such thing.
    #[error("{kind} `{id}` not found")]
    NotFound {
        /// What was asked for.
        kind: Kind,
        /// Its uid, number or name.
        id: String,
    },
    /// There is such a thing already.
    #[error("{kind} `{id}` already exists")]
    AlreadyExists {
        /// What was to be made.
        kind: Kind,
        /// What is taken: a uid, a login, a name.
        id: String,
    },
    /// Somebody else saved in between; nothing was changed. Holds what stands there now.
    #[error("{} `{}` was changed by somebody else: version {} is stored, the change is based on {base}", .current.kind(), .current.id(), .current.version())]
    Conflict {
        /// The version that the change was made on; 0 is a new one.
        base: i64,
        /// What is stored.
        current: Current,
    },
    /// A field that cannot be stored.
    #[error("invalid {field}: {reason}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A folder that holds something, and was to be deleted alone.
    #[error(
        "folder `{uid}` is not empty: {dashboards} dashboards, {groups} rule groups, {folders} folders"
    )]
    NotEmpty {
        /// The folder.
        uid: String,
        /// Dashboards in it and below.
        dashboards: i64,
        /// Groups of rules in it and below.
        groups: i64,
        /// Folders below it.
        folders: i64,
    },
    /// The change would leave no administrator who can log in.
    #[error("user `{login}` is the last administrator")]
    LastAdmin {
        /// The administrator.
        login: String,
    },
    /// Wrong login, wrong password or a disabled user; which of them is not told.
    #[error("invalid login or password")]
    LoginRefused,
    /// Too many wrong passwords.
    #[error("too many failed logins")]
    TooManyLogins {
        /// When the next try may come.
        retry_after: DurationMs,
    },
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("migration of the database: {0}")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// The database was written by a newer version of this program.
    #[error("database has schema version {version}, newer than this program knows")]
    NewerSchema {
        /// The version that is not known here.
        version: i64,
    },
    /// The file of the database or its backup.
    #[error("file `{}`: {source}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: std::io::Error,
    },
    /// The operating system gives no random numbers.
    #[error("no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    /// A password could not be hashed, or a stored hash is none.
    #[error("password hash: {0}")]
    PasswordHash(#[source] argon2::password_hash::Error),
    /// The thread that hashes ended early: the server is being stopped.
    #[error("password hashing was cancelled")]
    Cancelled,
    /// What is stored does not have the form in which this program stores it.
    #[error("stored {what} `{value}` cannot be read")]
    Corrupt {
        /// What it should be.
        what: &'static str,
        /// What is there.
        value: String,
    },
}

impl Error {
    /// Whether the database could not be reached, and may well be later.
    pub fn is_outage(&self) -> bool {
        let Self::Database(error) = self else {
            return false;
        };
        match error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => true,
            // PostgreSQL: no connection, too many of them, or a server that stops, starts or crashed.
            sqlx::Error::Database(error) => error.code().is_some_and(|code| {
                code.starts_with("08") || matches!(&*code, "53300" | "57P01" | "57P02" | "57P03")
            }),
            _ => false,
        }
    }

    pub(crate) fn invalid(field: &'static str, reason: impl Into<String>) -> Self {
        Self::Invalid {
            field,
            reason: reason.into(),
        }
    }

    pub(crate) fn not_found(kind: Kind, id: impl fmt::Display) -> Self {
        Self::NotFound {
            kind,
            id: id.to_string(),
        }
    }

    pub(crate) fn exists(kind: Kind, id: impl fmt::Display) -> Self {
        Self::AlreadyExists {
            kind,
            id: id.to_string(),
        }
    }

    pub(crate) fn corrupt(what: &'static str, value: impl Into<String>) -> Self {
        Self::Corrupt {
            what,
            value: value.into(),
        }
    }
}

/// The kinds of things that are stored; also the kinds of objects in the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A dashboard.
    Dashboard,
    /// A version of a dashboard.
    DashboardVersion,
    /// A folder.
    Folder,
    /// A group of rules.
    RuleGroup,
    /// A rule.
    Rule,
    /// An annotation.
    Annotation,
    /// A user.
    User,
    /// A team.
    Team,
    /// A session of a user.
    Session,
    /// A service account.
    ServiceAccount,
    /// A token of a service account.
    Token,
    /// The server itself: its configuration, its data.
    Server,
}

impl Kind {
    /// The word for it. Shape: lower case, words joined by `_`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dashboard => "dashboard",
            Self::DashboardVersion => "dashboard_version",
            Self::Folder => "folder",
            Self::RuleGroup => "rule_group",
            Self::Rule => "rule",
            Self::Annotation => "annotation",
            Self::User => "user",
            Self::Team => "team",
            Self::Session => "session",
            Self::ServiceAccount => "service_account",
            Self::Token => "token",
            Self::Server => "server",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.as_str().replace('_', " "))
    }
}

/// What is stored where a save met a newer version.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Current {
    /// A dashboard.
    Dashboard(Box<Dashboard>),
    /// A folder.
    Folder(Box<Folder>),
    /// A rule.
    Rule(Box<Rule>),
    /// The settings of a group.
    RuleGroup(Box<RuleGroup>),
}

impl Current {
    /// What it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Dashboard(_) => Kind::Dashboard,
            Self::Folder(_) => Kind::Folder,
            Self::Rule(_) => Kind::Rule,
            Self::RuleGroup(_) => Kind::RuleGroup,
        }
    }

    /// Its uid; the name of a group.
    pub fn id(&self) -> &str {
        match self {
            Self::Dashboard(dashboard) => &dashboard.uid,
            Self::Folder(folder) => &folder.uid,
            Self::Rule(rule) => &rule.uid,
            Self::RuleGroup(group) => &group.name,
        }
    }

    /// The version that is stored.
    pub fn version(&self) -> i64 {
        match self {
            Self::Dashboard(dashboard) => dashboard.version,
            Self::Folder(folder) => folder.version,
            Self::Rule(rule) => rule.version,
            Self::RuleGroup(group) => group.version,
        }
    }
}
