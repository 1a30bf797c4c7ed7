//! People and what they may do: one's own account, users, teams, service accounts, permissions of folders,
//! and the log of who changed what.
//!
//! Deliberately not here: who may do what (the server decides), the page to log in (plain HTML of the API).

mod accounts;
mod ask;
mod audit;
mod confirm;
mod deed;
mod field;
mod folder;
mod frame;
mod listing;
mod pages;
mod profile;
mod sessions;
mod teams;
mod tokens;
mod user;
mod users;

pub(crate) use accounts::{AccountPage, AccountsPage};
pub(crate) use audit::AuditPage;
pub(crate) use folder::{FolderAccess, FolderAccessPage};
pub(crate) use profile::ProfilePage;
pub(crate) use teams::{TeamPage, TeamsPage};
pub(crate) use user::UserPage;
pub(crate) use users::UsersPage;
