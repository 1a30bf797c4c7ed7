//! The sender of a request, as handlers get it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use metadata::access::{Principal, UserId};
use metadata::{Actor, SessionId};
use std::convert::Infallible;

/// Who sent a request, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Who.
    pub principal: Principal,
    /// The session that the request belongs to.
    pub session: Option<SessionId>,
    /// The address of the peer, without port.
    pub address: String,
}

impl Sender {
    /// Nobody who is known.
    pub(crate) fn anonymous(address: String) -> Self {
        Self {
            principal: Principal::Anonymous,
            session: None,
            address,
        }
    }

    /// As the audit log keeps it.
    pub(crate) fn actor(&self) -> Actor {
        Actor::new(&self.principal, self.address.clone())
    }

    /// The user's number, if it is one.
    pub(crate) fn user(&self) -> Option<UserId> {
        self.principal.user_id()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Sender {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let known = parts.extensions.get::<Self>().cloned();
        // Where nobody was asked who they are.
        Ok(known.unwrap_or_else(|| Self::anonymous(String::new())))
    }
}
