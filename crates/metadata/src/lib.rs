//! What people make and who they are: dashboards, folders, rules, annotations, users, teams, sessions,
//! tokens, preferences and the audit log, in SQLite or PostgreSQL.
//!
//! Deliberately not here: HTTP, cookies and CSRF (`api`), what a panel means (`dashboard`), whether an
//! expression of a rule is one (`promql-syntax`), samples (`tsdb`).
//!
//! ```no_run
//! # async fn example() -> metadata::Result<()> {
//! use metadata::{Actor, Base, DashboardDraft, Location, Metadata, Options};
//! use std::sync::Arc;
//!
//! let location = Location::Sqlite("data/watchfire.db".into());
//! let metadata = Metadata::open(&location, Options::default(), Arc::new(clock::SystemClock)).await?;
//! let draft = DashboardDraft::new(r#"{"title": "Disks", "panels": []}"#, Base::New);
//! let saved = metadata.dashboards().save(&Actor::system("example"), draft).await?;
//! let found = metadata.dashboards().get(&saved.uid).await?;
//! assert_eq!(found.version, 1);
//! # Ok(())
//! # }
//! ```
//!
//! Data in: texts and numbers from people, checked → one transaction that holds the change and its entry
//! in the audit log → out: plain structs. Every change takes the [`Actor`] who makes it, so none can be
//! left out of the log. A save names the version it was made on; if another one is stored, it is refused
//! with [`Error::Conflict`], which holds what is there.
//!
//! The module [`access`] decides who may do what; it reads nothing.
//!
//! Source: Grafana 13's HTTP API and its permissions (behaviour), OWASP ASVS 5.0 for passwords and sessions.

pub mod access;
mod actor;
mod annotations;
mod audit;
mod authenticate;
mod dashboards;
mod db;
mod error;
mod folders;
mod options;
mod preferences;
mod rules;
mod schema;
mod search;
mod secret;
mod store;
mod text;
mod users;

pub use actor::{Actor, ActorKind};
pub use annotations::{Annotation, AnnotationDraft, AnnotationQuery, Annotations, TagMatch};
pub use audit::{Audit, AuditEntry, AuditQuery, ChainState, Event};
pub use authenticate::{Authenticator, BoxFuture, Credentials, Identified};
pub use dashboards::{
    Base, Change, Dashboard, DashboardDraft, DashboardVersion, Dashboards, Saved, VersionInfo,
    compare,
};
pub use error::{Current, Error, Kind, Result};
pub use folders::{Contents, Folder, FolderDraft, Folders, Placement, Visible};
pub use options::{HashCost, Location, Options};
pub use preferences::{Preferences, PreferencesOf};
pub use rules::{Rule, RuleDraft, RuleFields, RuleGroup, RuleGroupSettings, RuleKind, Rules};
pub use search::{SearchHit, SearchKind, SearchOrder, SearchQuery};
pub use secret::Secret;
pub use store::{Metadata, Tidied};
pub use users::{
    FirstAdmin, LoginRequest, Logins, NewSession, NewToken, NewUser, ServiceAccount,
    ServiceAccountFields, ServiceAccounts, Session, SessionId, Sessions, Team, Teams, Token, User,
    UserFields, UserQuery, Users,
};
