//! Who asks.

use crate::{Error, Result};
use std::fmt;

/// The number of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(pub i64);

/// The number of a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TeamId(pub i64);

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for TeamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What somebody may do on the whole server. Ordering: each includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Looks.
    Viewer,
    /// Changes dashboards, rules and silences.
    Editor,
    /// Changes everything, users too.
    Admin,
}

impl Role {
    /// Its name, as Grafana's API writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "Viewer",
            Self::Editor => "Editor",
            Self::Admin => "Admin",
        }
    }

    /// The role of that name.
    ///
    /// # Errors
    /// [`Error::Invalid`] for any other name.
    pub fn parse(name: &str) -> Result<Self> {
        [Self::Viewer, Self::Editor, Self::Admin]
            .into_iter()
            .find(|role| role.as_str() == name)
            .ok_or_else(|| Error::invalid("role", format!("`{name}` is not a role")))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whom a grant is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Everybody of at least this role.
    Role(Role),
    /// One user.
    User(UserId),
    /// The members of a team.
    Team(TeamId),
}

/// Whoever sent a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// Nobody who said who they are. Looks as a viewer where looking is open.
    Anonymous,
    /// Somebody at the machine itself, on a server that listens on loopback only: an editor.
    Local,
    /// A user who has logged in.
    User {
        /// Its number.
        id: UserId,
        /// Its login.
        login: String,
        /// Its role now, not when it logged in.
        role: Role,
        /// The teams it is in.
        teams: Vec<TeamId>,
    },
    /// A machine with a token.
    ServiceAccount {
        /// The account's number.
        id: i64,
        /// The account's name.
        name: String,
        /// Its role.
        role: Role,
    },
}

impl Principal {
    /// Its role.
    pub fn role(&self) -> Role {
        match self {
            Self::Anonymous => Role::Viewer,
            Self::Local => Role::Editor,
            Self::User { role, .. } | Self::ServiceAccount { role, .. } => *role,
        }
    }

    /// The user's number, if it is one.
    pub fn user_id(&self) -> Option<UserId> {
        match self {
            Self::User { id, .. } => Some(*id),
            _ => None,
        }
    }

    /// Whether a grant for `subject` reaches it.
    pub fn is(&self, subject: Subject) -> bool {
        match (subject, self) {
            (Subject::Role(role), _) => self.role() >= role,
            (Subject::User(user), Self::User { id, .. }) => *id == user,
            (Subject::Team(team), Self::User { teams, .. }) => teams.contains(&team),
            _ => false,
        }
    }
}
