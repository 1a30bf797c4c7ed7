//! The file of `--web.config.file` at work: TLS, users and headers of every answer.
//!
//! The file and those that it names are looked at with every connection and request, so that a new
//! certificate or password needs no restart; what is broken then keeps the old ones.

mod access;
mod listener;
mod tls;

pub(crate) use access::Access;
pub(crate) use listener::{Peer, TlsListener, with_peer};
