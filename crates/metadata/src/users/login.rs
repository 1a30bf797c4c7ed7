//! The check of passwords, with its limit of tries, and the sessions that begin with it.

use super::sessions;
use super::{SessionId, accounts};
use crate::access::UserId;
use crate::store::Store;
use crate::{Actor, Error, Event, Kind, Result, Secret, User, audit};

/// Longest name of a browser that is kept. Units: bytes.
const USER_AGENT_BYTES: usize = 512;

/// Somebody at the door.
#[derive(Debug, Clone)]
pub struct LoginRequest<'a> {
    /// The login or email.
    pub login: &'a str,
    /// The password.
    pub password: &'a Secret,
    /// The address of the peer.
    pub address: &'a str,
    /// The name of the browser.
    pub user_agent: &'a str,
    /// The token of a session that the browser had; it ends, so that nobody who planted it has it after
    /// the login.
    pub previous: Option<&'a Secret>,
}

/// A session that has begun.
#[derive(Debug)]
pub struct NewSession {
    /// Its number.
    pub id: SessionId,
    /// Its token, for the browser's cookie and nowhere else.
    pub token: Secret,
    /// Who it is.
    pub user: User,
}

/// Passwords at the door.
#[derive(Debug, Clone, Copy)]
pub struct Logins<'a>(pub(crate) &'a Store);

impl Logins<'_> {
    /// Checks login and password and begins a session with a new token.
    ///
    /// # Errors
    /// [`Error::LoginRefused`], [`Error::TooManyLogins`].
    pub async fn log_in(&self, request: LoginRequest<'_>) -> Result<NewSession> {
        let user = self
            .check(request.login, request.password, request.address)
            .await?;
        let now = self.0.now();
        let agent = request.user_agent.replace('\0', "");
        let end = agent.floor_char_boundary(USER_AGENT_BYTES);
        let agent = agent.get(..end).unwrap_or_default();
        let mut conn = self.0.write().await?;
        if let Some(previous) = request.previous {
            sessions::end(&mut conn, previous).await?;
        }
        let (id, token) = sessions::begin(&mut conn, now, user.id, request.address, agent).await?;
        let principal = accounts::principal(&mut conn, &user).await?;
        let actor = Actor::new(&principal, request.address);
        let event = event("user.login", &user.login, &user.name);
        audit::record(&mut conn, now, &actor, event).await?;
        conn.commit().await?;
        Ok(NewSession { id, token, user })
    }

    /// Checks login and password alone: for HTTP's basic authentication, and where a user repeats its
    /// password. Takes as long for a login that is not there.
    ///
    /// # Errors
    /// [`Error::LoginRefused`], [`Error::TooManyLogins`].
    pub async fn check(&self, login: &str, password: &Secret, address: &str) -> Result<User> {
        let taken = self.0.limiter.lock().take(login, address, self.0.now());
        taken.map_err(|retry_after| Error::TooManyLogins { retry_after })?;
        let found = self.find(login).await?;
        let stored = found.as_ref().map(|(_, hash)| hash.clone());
        let right = self.0.passwords.verify(password, stored).await?;
        match found {
            Some((user, _)) if right && !user.disabled => {
                self.0.limiter.lock().give_back(login, address);
                Ok(user)
            }
            _ => {
                self.log_refusal(login, address).await?;
                Err(Error::LoginRefused)
            }
        }
    }

    /// As [`check`](Self::check), for a user who has logged in.
    ///
    /// # Errors
    /// [`Error::LoginRefused`], [`Error::TooManyLogins`], [`Error::NotFound`].
    pub async fn check_own(&self, id: UserId, password: &Secret, address: &str) -> Result<()> {
        let user = accounts::get(&mut self.0.read().await?, id).await?;
        self.check(&user.login, password, address).await.map(drop)
    }

    async fn find(&self, login: &str) -> Result<Option<(User, String)>> {
        if login.contains('\0') {
            return Ok(None);
        }
        accounts::find(&mut self.0.read().await?, login).await
    }

    async fn log_refusal(&self, login: &str, address: &str) -> Result<()> {
        let actor = Actor::new(&crate::access::Principal::Anonymous, address);
        let mut conn = self.0.write().await?;
        let event = event("user.login_refused", login, "");
        audit::record(&mut conn, self.0.now(), &actor, event).await?;
        conn.commit().await
    }
}

fn event<'a>(action: &'a str, login: &'a str, name: &'a str) -> Event<'a> {
    Event {
        action,
        kind: Kind::User,
        id: login,
        name,
        before: String::new(),
        after: String::new(),
    }
}
