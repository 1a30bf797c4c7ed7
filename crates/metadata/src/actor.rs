//! Who makes a change, as the audit log keeps it.

use crate::access::Principal;
use crate::{Error, Result};

/// The kinds of actors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// Nobody who said who they are.
    Anonymous,
    /// Somebody at the machine itself.
    Local,
    /// A user.
    User,
    /// A service account.
    ServiceAccount,
    /// The server itself: provisioning, the first start.
    System,
}

impl ActorKind {
    const ALL: [Self; 5] = [
        Self::Anonymous,
        Self::Local,
        Self::User,
        Self::ServiceAccount,
        Self::System,
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Local => "local",
            Self::User => "user",
            Self::ServiceAccount => "service_account",
            Self::System => "system",
        }
    }

    pub(crate) fn parse(word: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| Error::corrupt("kind of actor", word))
    }
}

/// Who makes a change, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// What it is.
    pub kind: ActorKind,
    /// The number of the user or service account.
    pub id: Option<i64>,
    /// The login or name; kept where the user is deleted.
    pub name: String,
    /// The address of the peer; empty for the server itself.
    pub address: String,
}

impl Actor {
    /// Whoever sent a request, from this address.
    pub fn new(principal: &Principal, address: impl Into<String>) -> Self {
        let (kind, id, name) = match principal {
            Principal::Anonymous => (ActorKind::Anonymous, None, "anonymous"),
            Principal::Local => (ActorKind::Local, None, "local"),
            Principal::User { id, login, .. } => (ActorKind::User, Some(id.0), login.as_str()),
            Principal::ServiceAccount { id, name, .. } => {
                (ActorKind::ServiceAccount, Some(*id), name.as_str())
            }
        };
        Self {
            kind,
            id,
            name: name.to_owned(),
            address: address.into(),
        }
    }

    /// A part of the server.
    pub fn system(part: impl Into<String>) -> Self {
        Self {
            kind: ActorKind::System,
            id: None,
            name: part.into(),
            address: String::new(),
        }
    }
}
