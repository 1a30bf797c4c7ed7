//! How clients reach the server: connections and their number, the prefix of all addresses, and the file of
//! `--web.config.file` at work: TLS, users and headers of every answer.
//!
//! That file and those that it names are looked at with every connection and request, so that a new
//! certificate or password needs no restart; what is broken then keeps the old ones.

mod access;
mod connections;
mod listener;
mod prefix;
mod tls;

pub(crate) use access::Access;
pub(crate) use connections::{LimitedListener, Limits};
pub(crate) use listener::{Peer, TlsListener, with_peer};
pub(crate) use prefix::Prefix;
