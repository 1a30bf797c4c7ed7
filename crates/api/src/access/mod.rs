//! Who sent a request, and whether they may: one table over all routes, one middleware before them.
//!
//! A [`Door`] finds out who asks, by the first of these that a request has:
//!
//! 1. a token of a service account (`Authorization: Bearer`), or a login with its password (`Basic`);
//! 2. the cookie of a session, whose token is replaced every now and then with the answer;
//! 3. a user of the file of `--web.config.file`, or nothing at all on a server that listens on loopback
//!    only, unless `--auth.required`: somebody at the machine itself, who edits without a login. A request
//!    that a proxy hands on, or that names another host than this machine, is not from there;
//! 4. else nobody who is known, who reads unless `--auth.required`, and changes nothing.
//!
//! [`protect`] puts the door in front of all routes of the server. A route without a line in [`TABLE`] is
//! refused, whoever asks. What takes a permission in a folder is decided a second time, in its handler,
//! when the folder is known. A request that changes something and comes from a page of another site is
//! refused, also where it needs no login: the browser of somebody at the machine visits such pages too.
//!
//! Source: OWASP's cheat sheets on sessions and on cross-site request forgery; Fetch Metadata.

mod basic;
mod csrf;
mod door;
mod folders;
mod guard;
mod headers;
mod login;
mod login_page;
mod refusal;
mod sender;
mod table;
#[cfg(test)]
mod tests;

pub use basic::basic_credentials;
pub use door::{Door, DoorOptions, WebUser};
pub use guard::protect;
pub use headers::page_policy;
pub use sender::Sender;
pub use table::{Found, Line, Rule, TABLE, rule_of};

pub(crate) use guard::decided;
pub(crate) use login::router;
pub(crate) use refusal::retry_after;
