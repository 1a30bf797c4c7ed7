//! Service accounts and their tokens: how machines say who they are.

use super::accounts::role;
use super::session_state::TOUCH;
use crate::access::{Principal, Role};
use crate::authenticate::Identified;
use crate::db::{Conn, Row, args};
use crate::store::Store;
use crate::{Actor, Error, Event, Kind, Result, Secret, audit, secret, text};
use model::TimestampMs;
use serde_json::json;
use sqlx::AssertSqlSafe;

/// What tokens begin with, so that a search for leaked secrets finds them.
const TOKEN_PREFIX: &str = "wfsa_";
/// Letters of a token that stay visible, the prefix included: enough to tell tokens apart, far too few
/// to guess the others.
const SHOWN_LETTERS: usize = 11;
const COLUMNS: &str = "id, name, role, disabled, created, updated, (SELECT COUNT(*) FROM api_tokens \
     WHERE service_account_id = service_accounts.id) AS tokens";

/// A service account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAccount {
    /// Its number; never used again.
    pub id: i64,
    /// What can be said of it.
    pub fields: ServiceAccountFields,
    /// How many tokens it has.
    pub tokens: i64,
    /// When it was made.
    pub created: TimestampMs,
    /// When it was last changed.
    pub updated: TimestampMs,
}

/// What can be said of a service account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAccountFields {
    /// Its name; unique whatever the case.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Whether its tokens are refused.
    pub disabled: bool,
}

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its number.
    pub id: i64,
    /// Its name, unique in its account.
    pub name: String,
    /// Its first letters.
    pub prefix: String,
    /// When it was made.
    pub created: TimestampMs,
    /// From when on it is refused.
    pub expires: Option<TimestampMs>,
    /// Its last request, to a minute.
    pub last_used: Option<TimestampMs>,
}

/// A token that was just made.
#[derive(Debug)]
pub struct NewToken {
    /// The token itself, known nowhere else.
    pub secret: Secret,
    /// What stays known of it.
    pub token: Token,
}

/// Service accounts and their tokens.
#[derive(Debug, Clone, Copy)]
pub struct ServiceAccounts<'a>(pub(crate) &'a Store);

impl ServiceAccounts<'_> {
    /// Makes an account.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`], [`Error::Invalid`].
    pub async fn create(
        &self,
        actor: &Actor,
        fields: ServiceAccountFields,
    ) -> Result<ServiceAccount> {
        let fields = checked(fields)?;
        let now = self.0.now();
        let mut conn = self.0.write().await?;
        free(&mut conn, &fields.name, None).await?;
        let sql = "INSERT INTO service_accounts (name, name_key, role, disabled, created, updated) \
             VALUES ($1, $2, $3, $4, $5, $5) RETURNING id";
        let role = fields.role.as_str();
        let args = args![
            &fields.name,
            text::key(&fields.name),
            role,
            fields.disabled,
            now
        ];
        let id = conn.number(sql, args).await?;
        let made = get(&mut conn, id).await?;
        let summaries = [String::new(), summary(&made)];
        log(
            &mut conn,
            now,
            actor,
            "service_account.create",
            &made,
            summaries,
        )
        .await?;
        conn.commit().await?;
        Ok(made)
    }

    /// The account of that number.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, id: i64) -> Result<ServiceAccount> {
        get(&mut self.0.read().await?, id).await
    }

    /// All accounts. Ordering: by name.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn list(&self) -> Result<Vec<ServiceAccount>> {
        let sql = format!("SELECT {COLUMNS} FROM service_accounts ORDER BY name_key");
        let rows = self.0.read().await?.all(AssertSqlSafe(sql), vec![]).await?;
        rows.iter().map(account).collect()
    }

    /// Changes an account; its tokens follow at once.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::AlreadyExists`], [`Error::Invalid`].
    pub async fn update(
        &self,
        actor: &Actor,
        id: i64,
        fields: ServiceAccountFields,
    ) -> Result<ServiceAccount> {
        let fields = checked(fields)?;
        let now = self.0.now();
        let mut conn = self.0.write().await?;
        let before = get(&mut conn, id).await?;
        free(&mut conn, &fields.name, Some(id)).await?;
        let sql = "UPDATE service_accounts SET name = $1, name_key = $2, role = $3, disabled = $4, \
             updated = $5 WHERE id = $6";
        let role = fields.role.as_str();
        let args = args![
            &fields.name,
            text::key(&fields.name),
            role,
            fields.disabled,
            now,
            id
        ];
        conn.run(sql, args).await?;
        let after = get(&mut conn, id).await?;
        let summaries = [summary(&before), summary(&after)];
        log(
            &mut conn,
            now,
            actor,
            "service_account.update",
            &after,
            summaries,
        )
        .await?;
        conn.commit().await?;
        Ok(after)
    }

    /// Deletes an account with its tokens.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete(&self, actor: &Actor, id: i64) -> Result<()> {
        let mut conn = self.0.write().await?;
        let before = get(&mut conn, id).await?;
        conn.run("DELETE FROM service_accounts WHERE id = $1", args![id])
            .await?;
        let summaries = [summary(&before), String::new()];
        let now = self.0.now();
        log(
            &mut conn,
            now,
            actor,
            "service_account.delete",
            &before,
            summaries,
        )
        .await?;
        conn.commit().await
    }

    /// Makes a token. Its secret is in the answer and cannot be had again.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the account, [`Error::AlreadyExists`] for the name, [`Error::Invalid`].
    pub async fn create_token(
        &self,
        actor: &Actor,
        account: i64,
        name: &str,
        expires: Option<TimestampMs>,
    ) -> Result<NewToken> {
        let name = name.trim();
        text::title("name", name)?;
        let now = self.0.now();
        if expires.is_some_and(|expires| expires <= now) {
            return Err(Error::invalid("expires", "it is in the past"));
        }
        let secret = Secret::random(TOKEN_PREFIX)?;
        let prefix = secret.reveal().get(..SHOWN_LETTERS).unwrap_or_default();
        let mut conn = self.0.write().await?;
        let owner = get(&mut conn, account).await?;
        let taken = "SELECT COUNT(*) FROM api_tokens WHERE service_account_id = $1 AND name = $2";
        if conn.number(taken, args![account, name]).await? > 0 {
            return Err(Error::exists(Kind::Token, name));
        }
        let sql = "INSERT INTO api_tokens (service_account_id, name, prefix, token_hash, created, \
             expires) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
        let hash = secret::hash(secret.reveal());
        let id = conn
            .number(sql, args![account, name, prefix, hash, now, expires])
            .await?;
        let after = json!({"token": name, "prefix": prefix, "expires": expires.map(|time| time.0)});
        let summaries = [String::new(), after.to_string()];
        log(&mut conn, now, actor, "token.create", &owner, summaries).await?;
        conn.commit().await?;
        let token = Token {
            id,
            name: name.to_owned(),
            prefix: prefix.to_owned(),
            created: now,
            expires,
            last_used: None,
        };
        Ok(NewToken { secret, token })
    }

    /// The tokens of an account. Ordering: by name.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn tokens(&self, account: i64) -> Result<Vec<Token>> {
        let mut conn = self.0.read().await?;
        get(&mut conn, account).await?;
        let sql = "SELECT id, name, prefix, created, expires, last_used FROM api_tokens \
             WHERE service_account_id = $1 ORDER BY name";
        let rows = conn.all(sql, args![account]).await?;
        rows.iter().map(token).collect()
    }

    /// Revokes a token, from the next request on.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn revoke_token(&self, actor: &Actor, account: i64, id: i64) -> Result<()> {
        let mut conn = self.0.write().await?;
        let owner = get(&mut conn, account).await?;
        let sql = "SELECT name, prefix FROM api_tokens WHERE service_account_id = $1 AND id = $2";
        let row = conn.first(sql, args![account, id]).await?;
        let row = row.ok_or_else(|| Error::not_found(Kind::Token, id))?;
        let before = json!({"token": row.text("name")?, "prefix": row.text("prefix")?});
        conn.run("DELETE FROM api_tokens WHERE id = $1", args![id])
            .await?;
        let summaries = [before.to_string(), String::new()];
        log(
            &mut conn,
            self.0.now(),
            actor,
            "token.revoke",
            &owner,
            summaries,
        )
        .await?;
        conn.commit().await
    }

    /// Finds the account of a token; `None` for one that is unknown, expired or of a disabled account.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn authenticate(&self, secret: &Secret) -> Result<Option<Identified>> {
        let now = self.0.now();
        let hash = secret::hash(secret.reveal());
        let sql = "SELECT api_tokens.id AS token_id, token_hash, expires, last_used, \
             service_accounts.id AS account_id, service_accounts.name, role, disabled FROM api_tokens \
             JOIN service_accounts ON service_accounts.id = service_account_id WHERE token_hash = $1";
        let mut conn = self.0.read().await?;
        let Some(row) = conn.first(sql, args![&hash]).await? else {
            return Ok(None);
        };
        drop(conn);
        let expired = row
            .maybe_time("expires")?
            .is_some_and(|expires| expires <= now);
        if !secret::same(&row.text("token_hash")?, &hash) || expired || row.flag("disabled")? {
            return Ok(None);
        }
        if row
            .maybe_time("last_used")?
            .is_none_or(|used| now >= used + TOUCH)
        {
            let mut conn = self.0.write().await?;
            let sql = "UPDATE api_tokens SET last_used = $1 WHERE id = $2";
            conn.run(sql, args![now, row.int("token_id")?]).await?;
            conn.commit().await?;
        }
        let principal = Principal::ServiceAccount {
            id: row.int("account_id")?,
            name: row.text("name")?,
            role: role(&row)?,
        };
        Ok(Some(Identified {
            principal,
            session: None,
            replacement: None,
        }))
    }
}

async fn log(
    conn: &mut Conn,
    now: TimestampMs,
    actor: &Actor,
    action: &str,
    account: &ServiceAccount,
    [before, after]: [String; 2],
) -> Result<()> {
    let event = Event {
        action,
        kind: Kind::ServiceAccount,
        id: &account.id.to_string(),
        name: &account.fields.name,
        before,
        after,
    };
    audit::record(conn, now, actor, event).await
}

fn summary(account: &ServiceAccount) -> String {
    let fields = &account.fields;
    json!({"name": fields.name, "role": fields.role.as_str(), "disabled": fields.disabled})
        .to_string()
}

fn checked(mut fields: ServiceAccountFields) -> Result<ServiceAccountFields> {
    fields.name = fields.name.trim().to_owned();
    text::title("name", &fields.name)?;
    Ok(fields)
}

async fn free(conn: &mut Conn, name: &str, own: Option<i64>) -> Result<()> {
    let sql = "SELECT COUNT(*) FROM service_accounts WHERE name_key = $1 AND id <> $2";
    if conn
        .number(sql, args![text::key(name), own.unwrap_or(-1)])
        .await?
        > 0
    {
        return Err(Error::exists(Kind::ServiceAccount, name));
    }
    Ok(())
}

async fn get(conn: &mut Conn, id: i64) -> Result<ServiceAccount> {
    let sql = format!("SELECT {COLUMNS} FROM service_accounts WHERE id = $1");
    let row = conn.first(AssertSqlSafe(sql), args![id]).await?;
    account(&row.ok_or_else(|| Error::not_found(Kind::ServiceAccount, id))?)
}

fn account(row: &Row) -> Result<ServiceAccount> {
    Ok(ServiceAccount {
        id: row.int("id")?,
        fields: ServiceAccountFields {
            name: row.text("name")?,
            role: role(row)?,
            disabled: row.flag("disabled")?,
        },
        tokens: row.int("tokens")?,
        created: row.time("created")?,
        updated: row.time("updated")?,
    })
}

fn token(row: &Row) -> Result<Token> {
    Ok(Token {
        id: row.int("id")?,
        name: row.text("name")?,
        prefix: row.text("prefix")?,
        created: row.time("created")?,
        expires: row.maybe_time("expires")?,
        last_used: row.maybe_time("last_used")?,
    })
}
