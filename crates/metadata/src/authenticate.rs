//! From what a request shows to who sent it: the seam where other ways to log in are added.

use crate::access::Principal;
use crate::{Error, Metadata, Result, Secret, SessionId};
use std::pin::Pin;

/// What a request shows of its sender, as the server took it out of the headers.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Credentials {
    /// The token in the cookie of a session.
    Session(Secret),
    /// The token of a service account (`Authorization: Bearer`).
    Token(Secret),
    /// A login with its password (`Authorization: Basic`).
    Password {
        /// The login or email.
        login: String,
        /// The password.
        password: Secret,
    },
}

/// A sender who is known.
#[derive(Debug)]
pub struct Identified {
    /// Who.
    pub principal: Principal,
    /// The session that the request belongs to.
    pub session: Option<SessionId>,
    /// The token that takes the place of the session's; to be sent to the browser.
    pub replacement: Option<Secret>,
}

/// A future that may be sent to another thread.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Finds out who sent a request.
///
/// [`Metadata`] does for what it stores. A login through another server, or a proxy that names the user
/// in a header, is another implementation with another kind of [`Credentials`]; it must tell users apart
/// by what never changes hands (issuer and subject), never by an email.
pub trait Authenticator: std::fmt::Debug + Send + Sync {
    /// The sender of a request from `address`; `None` if these credentials are not of a kind that it
    /// knows, or of nobody.
    ///
    /// # Errors
    /// [`Error::TooManyLogins`](crate::Error::TooManyLogins), or that it cannot find out now.
    fn authenticate<'a>(
        &'a self,
        credentials: &'a Credentials,
        address: &'a str,
    ) -> BoxFuture<'a, Result<Option<Identified>>>;
}

impl Authenticator for Metadata {
    fn authenticate<'a>(
        &'a self,
        credentials: &'a Credentials,
        address: &'a str,
    ) -> BoxFuture<'a, Result<Option<Identified>>> {
        Box::pin(async move {
            match credentials {
                Credentials::Session(token) => self.sessions().authenticate(token, address).await,
                Credentials::Token(token) => self.service_accounts().authenticate(token).await,
                Credentials::Password { login, password } => {
                    match self.logins().check(login, password, address).await {
                        Ok(user) => Ok(Some(Identified {
                            principal: self.users().principal(user.id).await?,
                            session: None,
                            replacement: None,
                        })),
                        Err(Error::LoginRefused) => Ok(None),
                        Err(error) => Err(error),
                    }
                }
            }
        })
    }
}
