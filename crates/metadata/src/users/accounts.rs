//! Users.

use super::password;
use crate::access::{Principal, Role, TeamId, UserId};
use crate::db::{Conn, Row, args};
use crate::store::Store;
use crate::{Actor, Error, Event, Kind, Result, Secret, SessionId, audit, secret, text};
use model::TimestampMs;
use serde_json::json;
use sqlx::AssertSqlSafe;

/// The login of the administrator of the first start.
const FIRST_LOGIN: &str = "admin";
/// Most users of one answer.
const MOST_USERS: u32 = 1000;
pub(super) const COLUMNS: &str = "users.id, users.login, users.email, users.name, users.role, \
     users.disabled, users.created, users.updated, users.last_seen";

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its number; never used again.
    pub id: UserId,
    /// What it logs in with; unique whatever the case.
    pub login: String,
    /// Its address; unique too, and taken for the login.
    pub email: Option<String>,
    /// How it is shown.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Whether it may not log in.
    pub disabled: bool,
    /// When it was made.
    pub created: TimestampMs,
    /// When it was last changed.
    pub updated: TimestampMs,
    /// Its last request, to a minute.
    pub last_seen: Option<TimestampMs>,
}

/// What can be said of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserFields {
    /// What it logs in with.
    pub login: String,
    /// Its address.
    pub email: Option<String>,
    /// How it is shown.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Whether it may not log in.
    pub disabled: bool,
}

/// A user to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// What can be said of it.
    pub fields: UserFields,
    /// Its password; without one it cannot log in with one.
    pub password: Option<Secret>,
}

/// Which users to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserQuery {
    /// Part of login, email or name, in whatever case.
    pub text: String,
    /// How many; 0 is 100. Bounds: at most 1000.
    pub limit: u32,
    /// Which page of them, from 1; 0 is 1.
    pub page: u32,
}

/// The administrator that the first start made.
#[derive(Debug)]
pub struct FirstAdmin {
    /// Its login.
    pub login: String,
    /// Its password, known nowhere else.
    pub password: Secret,
}

/// Users.
#[derive(Debug, Clone, Copy)]
pub struct Users<'a>(pub(crate) &'a Store);

impl Users<'_> {
    /// Makes an administrator with a random password if there are no users at all.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Random`].
    pub async fn ensure_admin(&self) -> Result<Option<FirstAdmin>> {
        let mut conn = self.0.read().await?;
        let count = "SELECT COUNT(*) FROM users";
        if conn.number(count, vec![]).await? > 0 {
            return Ok(None);
        }
        drop(conn);
        let password = secret::random_password()?;
        let hash = self.0.passwords.hash(&password).await?;
        let mut conn = self.0.write().await?;
        // Another server of the same database may have been faster.
        if conn.number(count, vec![]).await? > 0 {
            return Ok(None);
        }
        let fields = UserFields {
            login: FIRST_LOGIN.to_owned(),
            email: None,
            name: "Administrator".to_owned(),
            role: Role::Admin,
            disabled: false,
        };
        let actor = Actor::system("first start");
        insert(&mut conn, self.0.now(), &actor, &fields, &hash).await?;
        conn.commit().await?;
        Ok(Some(FirstAdmin {
            login: fields.login,
            password,
        }))
    }

    /// Makes a user.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`] where login or email are taken, [`Error::Invalid`].
    pub async fn create(&self, actor: &Actor, new: NewUser) -> Result<User> {
        let fields = checked(new.fields)?;
        let hash = match &new.password {
            Some(password) => {
                check_password(password, &fields.login, fields.email.as_deref())?;
                self.0.passwords.hash(password).await?
            }
            None => String::new(),
        };
        let mut conn = self.0.write().await?;
        let id = insert(&mut conn, self.0.now(), actor, &fields, &hash).await?;
        let user = get(&mut conn, id).await?;
        conn.commit().await?;
        Ok(user)
    }

    /// The user of that number.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, id: UserId) -> Result<User> {
        get(&mut self.0.read().await?, id).await
    }

    /// The user of that login or email, in whatever case.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn find(&self, login: &str) -> Result<User> {
        let mut conn = self.0.read().await?;
        let found = find(&mut conn, login).await?;
        let (user, _) = found.ok_or_else(|| Error::not_found(Kind::User, login))?;
        Ok(user)
    }

    /// The user as who may do things now, with its teams.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn principal(&self, id: UserId) -> Result<Principal> {
        let mut conn = self.0.read().await?;
        let user = get(&mut conn, id).await?;
        principal(&mut conn, &user).await
    }

    /// Lists users. Ordering: by login.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn list(&self, query: &UserQuery) -> Result<Vec<User>> {
        text::short("query", &query.text, text::TITLE_BYTES)?;
        let limit = i64::from(if query.limit == 0 {
            100
        } else {
            query.limit.min(MOST_USERS)
        });
        let offset = limit * i64::from(query.page.max(1) - 1);
        let sql = format!(
            "SELECT {COLUMNS} FROM users WHERE search_key LIKE $1 ESCAPE '\\' \
             ORDER BY login_key LIMIT $2 OFFSET $3"
        );
        let pattern = text::contains(&text::key(query.text.trim()));
        let mut conn = self.0.read().await?;
        let rows = conn
            .all(AssertSqlSafe(sql), args![pattern, limit, offset])
            .await?;
        rows.iter().map(user).collect()
    }

    /// Changes a user. A changed role or login takes effect with the user's next request, for which its
    /// sessions get new tokens; disabling ends them.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::AlreadyExists`], [`Error::Invalid`], [`Error::LastAdmin`].
    pub async fn update(&self, actor: &Actor, id: UserId, fields: UserFields) -> Result<User> {
        let fields = checked(fields)?;
        let now = self.0.now();
        let mut conn = self.0.write().await?;
        let before = get(&mut conn, id).await?;
        free(&mut conn, &fields, Some(id)).await?;
        if fields.role != Role::Admin || fields.disabled {
            not_last_admin(&mut conn, &before).await?;
        }
        let sql = "UPDATE users SET login = $1, login_key = $2, email = $3, email_key = $4, name = $5, \
             search_key = $6, role = $7, disabled = $8, updated = $9 WHERE id = $10";
        let args = args![
            &fields.login,
            text::key(&fields.login),
            fields.email.clone(),
            fields.email.as_deref().map(text::key),
            &fields.name,
            search_key(&fields),
            fields.role.as_str(),
            fields.disabled,
            now,
            id.0,
        ];
        conn.run(sql, args).await?;
        if fields.disabled {
            conn.run("DELETE FROM sessions WHERE user_id = $1", args![id.0])
                .await?;
        } else if fields.role != before.role || fields.login != before.login {
            // As if the token were old: the next request gets another one.
            conn.run(
                "UPDATE sessions SET rotated = 0 WHERE user_id = $1",
                args![id.0],
            )
            .await?;
        }
        let after = get(&mut conn, id).await?;
        let event = event("user.update", &after, summary(&before), summary(&after));
        audit::record(&mut conn, now, actor, event).await?;
        conn.commit().await?;
        Ok(after)
    }

    /// Gives a user a password and ends all its sessions but `keep`, which gets a new token.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`] for a password that is guessed too easily.
    pub async fn set_password(
        &self,
        actor: &Actor,
        id: UserId,
        password: &Secret,
        keep: Option<SessionId>,
    ) -> Result<()> {
        let user = self.get(id).await?;
        check_password(password, &user.login, user.email.as_deref())?;
        let hash = self.0.passwords.hash(password).await?;
        let now = self.0.now();
        let mut conn = self.0.write().await?;
        let sql = "UPDATE users SET password_hash = $1, updated = $2 WHERE id = $3";
        if conn.run(sql, args![hash, now, id.0]).await? == 0 {
            return Err(Error::not_found(Kind::User, id));
        }
        let kept = keep.map_or(-1, |session| session.0);
        let sql = "DELETE FROM sessions WHERE user_id = $1 AND id <> $2";
        conn.run(sql, args![id.0, kept]).await?;
        conn.run(
            "UPDATE sessions SET rotated = 0 WHERE user_id = $1",
            args![id.0],
        )
        .await?;
        let event = event("user.password", &user, String::new(), String::new());
        audit::record(&mut conn, now, actor, event).await?;
        conn.commit().await
    }

    /// Deletes a user with its sessions, stars, preferences and grants. What it made stays.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::LastAdmin`].
    pub async fn delete(&self, actor: &Actor, id: UserId) -> Result<()> {
        let mut conn = self.0.write().await?;
        let user = get(&mut conn, id).await?;
        not_last_admin(&mut conn, &user).await?;
        conn.run("DELETE FROM users WHERE id = $1", args![id.0])
            .await?;
        let event = event("user.delete", &user, summary(&user), String::new());
        audit::record(&mut conn, self.0.now(), actor, event).await?;
        conn.commit().await
    }
}

fn event<'a>(action: &'a str, user: &'a User, before: String, after: String) -> Event<'a> {
    Event {
        action,
        kind: Kind::User,
        id: &user.login,
        name: &user.name,
        before,
        after,
    }
}

fn summary(user: &User) -> String {
    let summary = json!({
        "id": user.id.0,
        "login": user.login,
        "email": user.email,
        "name": user.name,
        "role": user.role.as_str(),
        "disabled": user.disabled,
    });
    summary.to_string()
}

fn check_password(password: &Secret, login: &str, email: Option<&str>) -> Result<()> {
    password::check(password, &[login, email.unwrap_or_default()])
}

/// Logins and emails are kept apart by the `@`, so that one user's email is never another's login.
fn checked(fields: UserFields) -> Result<UserFields> {
    let email = fields.email.map(|email| email.trim().to_owned());
    let fields = UserFields {
        login: fields.login.trim().to_owned(),
        email: email.filter(|email| !email.is_empty()),
        name: fields.name.trim().to_owned(),
        ..fields
    };
    text::title("login", &fields.login)?;
    if fields.login.contains('@') && fields.email.as_ref() != Some(&fields.login) {
        let reason = "a login with an `@` is only taken if it is the user's email";
        return Err(Error::invalid("login", reason));
    }
    if let Some(email) = &fields.email {
        text::title("email", email)?;
        if !email.contains('@') || email.contains(char::is_whitespace) {
            return Err(Error::invalid(
                "email",
                format!("`{email}` is not an address"),
            ));
        }
    }
    text::short("name", &fields.name, text::TITLE_BYTES)?;
    Ok(fields)
}

async fn insert(
    conn: &mut Conn,
    now: TimestampMs,
    actor: &Actor,
    fields: &UserFields,
    hash: &str,
) -> Result<UserId> {
    free(conn, fields, None).await?;
    let sql = "INSERT INTO users (login, login_key, email, email_key, name, search_key, role, \
         password_hash, disabled, created, updated) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) RETURNING id";
    let args = args![
        &fields.login,
        text::key(&fields.login),
        fields.email.clone(),
        fields.email.as_deref().map(text::key),
        &fields.name,
        search_key(fields),
        fields.role.as_str(),
        hash,
        fields.disabled,
        now,
    ];
    let id = UserId(conn.number(sql, args).await?);
    let user = get(conn, id).await?;
    let event = event("user.create", &user, String::new(), summary(&user));
    audit::record(conn, now, actor, event).await?;
    Ok(id)
}

/// Lines of what a user is found by.
fn search_key(fields: &UserFields) -> String {
    let email = fields.email.as_deref().unwrap_or_default();
    text::key(&format!("{}\n{email}\n{}", fields.login, fields.name))
}

/// Refuses a login or email that another user has.
async fn free(conn: &mut Conn, fields: &UserFields, own: Option<UserId>) -> Result<()> {
    let sql = "SELECT COUNT(*) FROM users WHERE (login_key = $1 OR email_key = $1) AND id <> $2";
    for name in [Some(&fields.login), fields.email.as_ref()]
        .into_iter()
        .flatten()
    {
        let args = args![text::key(name), own.map_or(-1, |id| id.0)];
        if conn.number(sql, args).await? > 0 {
            return Err(Error::exists(Kind::User, name));
        }
    }
    Ok(())
}

/// Refuses what would take away the last administrator who is not disabled.
async fn not_last_admin(conn: &mut Conn, user: &User) -> Result<()> {
    if user.role != Role::Admin || user.disabled {
        return Ok(());
    }
    let sql = "SELECT COUNT(*) FROM users WHERE role = $1 AND disabled = 0 AND id <> $2";
    let others = conn
        .number(sql, args![Role::Admin.as_str(), user.id.0])
        .await?;
    if others == 0 {
        let login = user.login.clone();
        return Err(Error::LastAdmin { login });
    }
    Ok(())
}

pub(super) async fn get(conn: &mut Conn, id: UserId) -> Result<User> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE id = $1");
    let row = conn.first(AssertSqlSafe(sql), args![id.0]).await?;
    user(&row.ok_or_else(|| Error::not_found(Kind::User, id))?)
}

/// The user of a login or email, with the hash of its password.
pub(super) async fn find(conn: &mut Conn, login: &str) -> Result<Option<(User, String)>> {
    let sql = format!(
        "SELECT {COLUMNS}, users.password_hash FROM users WHERE login_key = $1 OR email_key = $1"
    );
    let row = conn
        .first(AssertSqlSafe(sql), args![text::key(login.trim())])
        .await?;
    row.map(|row| Ok((user(&row)?, row.text("password_hash")?)))
        .transpose()
}

pub(super) async fn principal(conn: &mut Conn, user: &User) -> Result<Principal> {
    let sql = "SELECT team_id FROM team_members WHERE user_id = $1 ORDER BY team_id";
    let rows = conn.all(sql, args![user.id.0]).await?;
    let teams = rows.iter().map(|row| row.int("team_id").map(TeamId));
    Ok(Principal::User {
        id: user.id,
        login: user.login.clone(),
        role: user.role,
        teams: teams.collect::<Result<_>>()?,
    })
}

pub(super) fn user(row: &Row) -> Result<User> {
    Ok(User {
        id: UserId(row.int("id")?),
        login: row.text("login")?,
        email: row.maybe_text("email")?,
        name: row.text("name")?,
        role: role(row)?,
        disabled: row.flag("disabled")?,
        created: row.time("created")?,
        updated: row.time("updated")?,
        last_seen: row.maybe_time("last_seen")?,
    })
}

pub(super) fn role(row: &Row) -> Result<Role> {
    let name = row.text("role")?;
    Role::parse(&name).map_err(|_| Error::corrupt("role", name))
}
