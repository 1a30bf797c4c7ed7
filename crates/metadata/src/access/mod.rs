//! Who may do what: one table, one decision, nothing read from anywhere.
//!
//! A caller finds out who asks ([`Principal`]), names what is asked ([`Action`]) and, where the action
//! is about something in a folder, gives that folder's [`Grant`]s. [`decide`] says the rest.

mod action;
mod principal;

pub use action::{Action, Need};
pub use principal::{Principal, Role, Subject, TeamId, UserId};

/// What somebody may do in a folder. Ordering: each includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// See what is in it.
    View,
    /// Change what is in it.
    Edit,
    /// Change who may do what in it.
    Admin,
}

impl Permission {
    /// The number that Grafana's API has for it.
    pub fn number(self) -> i64 {
        match self {
            Self::View => 1,
            Self::Edit => 2,
            Self::Admin => 4,
        }
    }

    /// The permission of a number of Grafana's API.
    pub fn from_number(number: i64) -> Option<Self> {
        [Self::View, Self::Edit, Self::Admin]
            .into_iter()
            .find(|permission| permission.number() == number)
    }
}

/// One line of a folder's permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grant {
    /// Who.
    pub subject: Subject,
    /// May do what.
    pub permission: Permission,
}

/// What folders grant that say nothing of their own, and what is in no folder: viewers see, editors edit.
pub const DEFAULT_GRANTS: [Grant; 2] = [
    Grant {
        subject: Subject::Role(Role::Viewer),
        permission: Permission::View,
    },
    Grant {
        subject: Subject::Role(Role::Editor),
        permission: Permission::Edit,
    },
];

/// What holds for the whole server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policy {
    /// Whether even reading needs a login.
    pub login_required: bool,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Yes.
    Allow,
    /// Not without a login (HTTP 401).
    LoginNeeded,
    /// Not for this principal (HTTP 403).
    Forbidden,
}

impl Decision {
    /// Whether it is yes.
    pub fn is_allowed(self) -> bool {
        self == Self::Allow
    }
}

/// Decides whether `principal` may do `action` on something whose folder grants `grants`: the
/// effective ones, its ancestors' included; [`DEFAULT_GRANTS`] for what is in no folder. Actions that
/// are about no folder ignore them.
pub fn decide(policy: Policy, principal: &Principal, action: Action, grants: &[Grant]) -> Decision {
    if action.need() == Need::Nothing {
        return Decision::Allow;
    }
    if *principal == Principal::Anonymous {
        // Anonymous may look where viewers may, if looking is open; a login may help in all other cases.
        let open = !policy.login_required && action.only_looks();
        return if open && is_granted(principal, action.need(), grants) {
            Decision::Allow
        } else {
            Decision::LoginNeeded
        };
    }
    if is_granted(principal, action.need(), grants) {
        Decision::Allow
    } else if *principal == Principal::Local {
        Decision::LoginNeeded
    } else {
        Decision::Forbidden
    }
}

/// What `principal` may do in a folder with these effective grants; `None` is nothing.
pub fn permission_in(principal: &Principal, grants: &[Grant]) -> Option<Permission> {
    if principal.role() == Role::Admin {
        return Some(Permission::Admin);
    }
    let reaches = |grant: &&Grant| principal.is(grant.subject);
    grants
        .iter()
        .filter(reaches)
        .map(|grant| grant.permission)
        .max()
}

fn is_granted(principal: &Principal, need: Need, grants: &[Grant]) -> bool {
    match need {
        Need::Nothing => true,
        Need::Role(role) => principal.role() >= role,
        Need::Folder(permission) => permission_in(principal, grants) >= Some(permission),
        Need::Account => matches!(principal, Principal::User { .. }),
        Need::Operator => principal.role() == Role::Admin || *principal == Principal::Local,
    }
}

#[cfg(test)]
mod tests;
