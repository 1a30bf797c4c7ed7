//! Who may log in: users, teams, sessions, service accounts, and the check of passwords.

mod accounts;
mod limiter;
mod login;
mod password;
mod service_accounts;
mod session_state;
mod sessions;
mod teams;

pub use accounts::{FirstAdmin, NewUser, User, UserFields, UserQuery, Users};
pub use login::{LoginRequest, Logins, NewSession};
pub use service_accounts::{
    NewToken, ServiceAccount, ServiceAccountFields, ServiceAccounts, Token,
};
pub use sessions::{Session, SessionId, Sessions};
pub use teams::{Team, Teams};

pub(crate) use limiter::LoginLimiter;
pub(crate) use password::Passwords;
