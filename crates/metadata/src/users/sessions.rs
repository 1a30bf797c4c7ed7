//! Sessions: opaque tokens of browsers, of which only hashes are kept.

use super::accounts;
use super::session_state::{GRACE, Presented, State, Step, TOUCH, has_ended, step};
use crate::access::UserId;
use crate::authenticate::Identified;
use crate::db::{Conn, Row, args};
use crate::store::Store;
use crate::{Actor, Error, Event, Kind, Result, Secret, User, audit, secret};
use model::TimestampMs;
use sqlx::AssertSqlSafe;

/// The number of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId(pub i64);

/// A session, as its user may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its number.
    pub id: SessionId,
    /// When it began.
    pub created: TimestampMs,
    /// Its last request, to a minute.
    pub last_seen: TimestampMs,
    /// Where it was last used from.
    pub address: String,
    /// With which browser it began.
    pub user_agent: String,
}

/// Sessions.
#[derive(Debug, Clone, Copy)]
pub struct Sessions<'a>(pub(crate) &'a Store);

impl Sessions<'_> {
    /// Finds the user of a session's token. Where the token is due to be replaced, the new one comes
    /// along and is to be sent to the browser; the old one stays good for the requests under way.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn authenticate(&self, token: &Secret, address: &str) -> Result<Option<Identified>> {
        let now = self.0.now();
        let hash = secret::hash(token.reveal());
        let mut conn = self.0.read().await?;
        let sql = format!(
            "SELECT {}, sessions.id AS session_id, sessions.token_hash, sessions.previous_hash, \
             sessions.token_seen, sessions.created AS began, sessions.rotated, \
             sessions.last_seen AS session_seen FROM sessions JOIN users ON users.id = sessions.user_id \
             WHERE sessions.token_hash = $1 OR sessions.previous_hash = $1",
            accounts::COLUMNS
        );
        let Some(row) = conn.first(AssertSqlSafe(sql), args![&hash]).await? else {
            return Ok(None);
        };
        let user = accounts::user(&row)?;
        let newest = row.text("token_hash")?;
        let presented = if secret::same(&newest, &hash) {
            Presented::Newest
        } else if row
            .maybe_text("previous_hash")?
            .is_some_and(|previous| secret::same(&previous, &hash))
        {
            Presented::Previous
        } else {
            return Ok(None);
        };
        let state = State {
            created: row.time("began")?,
            rotated: row.time("rotated")?,
            last_seen: row.time("session_seen")?,
            token_seen: row.flag("token_seen")?,
        };
        let step = step(state, presented, &self.0.options, now);
        if step == Step::Refuse || user.disabled {
            return Ok(None);
        }
        let principal = accounts::principal(&mut conn, &user).await?;
        drop(conn);
        let session = SessionId(row.int("session_id")?);
        let replacement = match step {
            Step::Rotate => self.rotate(session, &newest, &hash, address).await?,
            Step::Touch => {
                self.touch(session, &newest, &user, address).await?;
                None
            }
            Step::Accept | Step::Refuse => None,
        };
        Ok(Some(Identified {
            principal,
            session: Some(session),
            replacement,
        }))
    }

    /// Ends the session of a token; whether there was one.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn log_out(&self, token: &Secret) -> Result<bool> {
        let mut conn = self.0.write().await?;
        let ended = end(&mut conn, token).await?;
        conn.commit().await?;
        Ok(ended)
    }

    /// The sessions of a user that have not ended. Ordering: the last used first.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn list(&self, user: UserId) -> Result<Vec<Session>> {
        let now = self.0.now();
        let sql = "SELECT id, created, rotated, last_seen, token_seen, address, user_agent FROM sessions \
             WHERE user_id = $1 ORDER BY last_seen DESC, id DESC";
        let rows = self.0.read().await?.all(sql, args![user.0]).await?;
        let mut sessions = Vec::with_capacity(rows.len());
        for row in &rows {
            if !has_ended(state(row)?, &self.0.options, now) {
                sessions.push(Session {
                    id: SessionId(row.int("id")?),
                    created: row.time("created")?,
                    last_seen: row.time("last_seen")?,
                    address: row.text("address")?,
                    user_agent: row.text("user_agent")?,
                });
            }
        }
        Ok(sessions)
    }

    /// Ends one session of a user.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the user has no such session.
    pub async fn revoke(&self, actor: &Actor, user: UserId, session: SessionId) -> Result<()> {
        let mut conn = self.0.write().await?;
        let owner = accounts::get(&mut conn, user).await?;
        let sql = "DELETE FROM sessions WHERE user_id = $1 AND id = $2";
        if conn.run(sql, args![user.0, session.0]).await? == 0 {
            return Err(Error::not_found(Kind::Session, session.0));
        }
        self.log_revocation(&mut conn, actor, &owner, &session.0.to_string())
            .await?;
        conn.commit().await
    }

    /// Ends all sessions of a user but one; how many.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a user that is not there.
    pub async fn revoke_all(
        &self,
        actor: &Actor,
        user: UserId,
        keep: Option<SessionId>,
    ) -> Result<u64> {
        let mut conn = self.0.write().await?;
        let owner = accounts::get(&mut conn, user).await?;
        let kept = keep.map_or(-1, |session| session.0);
        let sql = "DELETE FROM sessions WHERE user_id = $1 AND id <> $2";
        let ended = conn.run(sql, args![user.0, kept]).await?;
        self.log_revocation(&mut conn, actor, &owner, "all").await?;
        conn.commit().await?;
        Ok(ended)
    }

    pub(crate) async fn drop_ended(&self) -> Result<u64> {
        let now = self.0.now();
        let mut conn = self.0.write().await?;
        let sql = "DELETE FROM sessions WHERE created <= $1 OR last_seen <= $2";
        let options = &self.0.options;
        let args = args![now - options.session_lifetime, now - options.session_idle];
        let dropped = conn.run(sql, args).await?;
        conn.commit().await?;
        Ok(dropped)
    }

    /// A new token in the place of the one with the hash `newest`; `None` if another request was faster,
    /// whose answer carries it then.
    async fn rotate(
        &self,
        session: SessionId,
        newest: &str,
        presented: &str,
        address: &str,
    ) -> Result<Option<Secret>> {
        let token = Secret::random("")?;
        let mut conn = self.0.write().await?;
        let sql = "UPDATE sessions SET token_hash = $1, previous_hash = $2, token_seen = 0, \
             rotated = $3, last_seen = $3, address = $4 WHERE id = $5 AND token_hash = $6";
        let hash = secret::hash(token.reveal());
        let args = args![hash, presented, self.0.now(), address, session.0, newest];
        let changed = conn.run(sql, args).await?;
        conn.commit().await?;
        Ok((changed > 0).then_some(token))
    }

    async fn touch(
        &self,
        session: SessionId,
        newest: &str,
        user: &User,
        address: &str,
    ) -> Result<()> {
        let now = self.0.now();
        let mut conn = self.0.write().await?;
        let sql = "UPDATE sessions SET last_seen = $1, token_seen = 1, address = $2 \
             WHERE id = $3 AND token_hash = $4";
        conn.run(sql, args![now, address, session.0, newest])
            .await?;
        if user.last_seen.is_none_or(|seen| now >= seen + TOUCH) {
            let sql = "UPDATE users SET last_seen = $1 WHERE id = $2";
            conn.run(sql, args![now, user.id.0]).await?;
        }
        // The token before it is not needed any more once its grace is over.
        let sql = "UPDATE sessions SET previous_hash = NULL WHERE id = $1 AND rotated <= $2";
        conn.run(sql, args![session.0, now - GRACE]).await?;
        conn.commit().await
    }

    async fn log_revocation(
        &self,
        conn: &mut Conn,
        actor: &Actor,
        owner: &User,
        which: &str,
    ) -> Result<()> {
        let event = Event {
            action: "session.revoke",
            kind: Kind::Session,
            id: which,
            name: &owner.login,
            before: String::new(),
            after: String::new(),
        };
        audit::record(conn, self.0.now(), actor, event).await
    }
}

/// Begins a session in the transaction of its login.
pub(super) async fn begin(
    conn: &mut Conn,
    now: TimestampMs,
    user: UserId,
    address: &str,
    user_agent: &str,
) -> Result<(SessionId, Secret)> {
    let token = Secret::random("")?;
    let sql = "INSERT INTO sessions (user_id, token_hash, token_seen, created, rotated, last_seen, \
         address, user_agent) VALUES ($1, $2, 0, $3, $3, $3, $4, $5) RETURNING id";
    let args = args![
        user.0,
        secret::hash(token.reveal()),
        now,
        address,
        user_agent
    ];
    let id = conn.number(sql, args).await?;
    Ok((SessionId(id), token))
}

/// Ends the session of a token, the newest or the one before; whether there was one.
pub(super) async fn end(conn: &mut Conn, token: &Secret) -> Result<bool> {
    let sql = "DELETE FROM sessions WHERE token_hash = $1 OR previous_hash = $1";
    Ok(conn.run(sql, args![secret::hash(token.reveal())]).await? > 0)
}

fn state(row: &Row) -> Result<State> {
    Ok(State {
        created: row.time("created")?,
        rotated: row.time("rotated")?,
        last_seen: row.time("last_seen")?,
        token_seen: row.flag("token_seen")?,
    })
}
