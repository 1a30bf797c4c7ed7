//! Teams and who is in them.

use super::accounts;
use crate::access::{TeamId, UserId};
use crate::db::{Conn, Row, args};
use crate::store::Store;
use crate::{Actor, Error, Event, Kind, Result, User, audit, text};
use model::TimestampMs;
use serde_json::json;
use sqlx::AssertSqlSafe;

const COLUMNS: &str = "id, name, email, created, updated, \
     (SELECT COUNT(*) FROM team_members WHERE team_id = teams.id) AS members";

/// A team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its number; never used again.
    pub id: TeamId,
    /// Its name; unique whatever the case.
    pub name: String,
    /// Its address.
    pub email: Option<String>,
    /// How many are in it.
    pub members: i64,
    /// When it was made.
    pub created: TimestampMs,
    /// When it was last changed.
    pub updated: TimestampMs,
}

/// Teams.
#[derive(Debug, Clone, Copy)]
pub struct Teams<'a>(pub(crate) &'a Store);

impl Teams<'_> {
    /// Makes a team.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`], [`Error::Invalid`].
    pub async fn create(&self, actor: &Actor, name: &str, email: Option<&str>) -> Result<Team> {
        let (name, email) = checked(name, email)?;
        let now = self.0.now();
        let mut conn = self.0.write().await?;
        free(&mut conn, &name, None).await?;
        let sql = "INSERT INTO teams (name, name_key, email, created, updated) \
             VALUES ($1, $2, $3, $4, $4) RETURNING id";
        let args = args![&name, text::key(&name), email, now];
        let id = TeamId(conn.number(sql, args).await?);
        let team = get(&mut conn, id).await?;
        log(
            &mut conn,
            now,
            actor,
            "team.create",
            &team,
            [String::new(), summary(&team)],
        )
        .await?;
        conn.commit().await?;
        Ok(team)
    }

    /// The team of that number.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, id: TeamId) -> Result<Team> {
        get(&mut self.0.read().await?, id).await
    }

    /// All teams whose name contains `text`, in whatever case. Ordering: by name.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn list(&self, text: &str) -> Result<Vec<Team>> {
        text::short("query", text, text::TITLE_BYTES)?;
        let sql = format!(
            "SELECT {COLUMNS} FROM teams WHERE name_key LIKE $1 ESCAPE '\\' ORDER BY name_key"
        );
        let pattern = text::contains(&text::key(text.trim()));
        let mut conn = self.0.read().await?;
        let rows = conn.all(AssertSqlSafe(sql), args![pattern]).await?;
        rows.iter().map(team).collect()
    }

    /// Changes name and address.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::AlreadyExists`], [`Error::Invalid`].
    pub async fn update(
        &self,
        actor: &Actor,
        id: TeamId,
        name: &str,
        email: Option<&str>,
    ) -> Result<Team> {
        let (name, email) = checked(name, email)?;
        let now = self.0.now();
        let mut conn = self.0.write().await?;
        let before = get(&mut conn, id).await?;
        free(&mut conn, &name, Some(id)).await?;
        let sql =
            "UPDATE teams SET name = $1, name_key = $2, email = $3, updated = $4 WHERE id = $5";
        let args = args![&name, text::key(&name), email, now, id.0];
        conn.run(sql, args).await?;
        let after = get(&mut conn, id).await?;
        let summaries = [summary(&before), summary(&after)];
        log(&mut conn, now, actor, "team.update", &after, summaries).await?;
        conn.commit().await?;
        Ok(after)
    }

    /// Deletes a team and what was granted to it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete(&self, actor: &Actor, id: TeamId) -> Result<()> {
        let mut conn = self.0.write().await?;
        let team = get(&mut conn, id).await?;
        conn.run("DELETE FROM teams WHERE id = $1", args![id.0])
            .await?;
        let summaries = [summary(&team), String::new()];
        log(
            &mut conn,
            self.0.now(),
            actor,
            "team.delete",
            &team,
            summaries,
        )
        .await?;
        conn.commit().await
    }

    /// Who is in a team. Ordering: by login.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn members(&self, id: TeamId) -> Result<Vec<User>> {
        let mut conn = self.0.read().await?;
        get(&mut conn, id).await?;
        let sql = format!(
            "SELECT {} FROM users JOIN team_members ON team_members.user_id = users.id \
             WHERE team_members.team_id = $1 ORDER BY users.login_key",
            accounts::COLUMNS
        );
        let rows = conn.all(AssertSqlSafe(sql), args![id.0]).await?;
        rows.iter().map(accounts::user).collect()
    }

    /// The teams of a user. Ordering: by name.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn of_user(&self, user: UserId) -> Result<Vec<Team>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM teams WHERE id IN \
             (SELECT team_id FROM team_members WHERE user_id = $1) ORDER BY name_key"
        );
        let mut conn = self.0.read().await?;
        let rows = conn.all(AssertSqlSafe(sql), args![user.0]).await?;
        rows.iter().map(team).collect()
    }

    /// Puts a user into a team; no change if it is there.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn add(&self, actor: &Actor, id: TeamId, user: UserId) -> Result<()> {
        let mut conn = self.0.write().await?;
        let team = get(&mut conn, id).await?;
        let user = accounts::get(&mut conn, user).await?;
        let sql =
            "INSERT INTO team_members (team_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        if conn.run(sql, args![id.0, user.id.0]).await? > 0 {
            let summaries = [String::new(), json!({"user": user.login}).to_string()];
            log(&mut conn, self.0.now(), actor, "team.add", &team, summaries).await?;
        }
        conn.commit().await
    }

    /// Takes a user out of a team; no change if it is not there.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn remove(&self, actor: &Actor, id: TeamId, user: UserId) -> Result<()> {
        let mut conn = self.0.write().await?;
        let team = get(&mut conn, id).await?;
        let user = accounts::get(&mut conn, user).await?;
        let sql = "DELETE FROM team_members WHERE team_id = $1 AND user_id = $2";
        if conn.run(sql, args![id.0, user.id.0]).await? > 0 {
            let summaries = [json!({"user": user.login}).to_string(), String::new()];
            log(
                &mut conn,
                self.0.now(),
                actor,
                "team.remove",
                &team,
                summaries,
            )
            .await?;
        }
        conn.commit().await
    }
}

async fn log(
    conn: &mut Conn,
    now: TimestampMs,
    actor: &Actor,
    action: &str,
    team: &Team,
    [before, after]: [String; 2],
) -> Result<()> {
    let event = Event {
        action,
        kind: Kind::Team,
        id: &team.id.to_string(),
        name: &team.name,
        before,
        after,
    };
    audit::record(conn, now, actor, event).await
}

fn summary(team: &Team) -> String {
    json!({"name": team.name, "email": team.email}).to_string()
}

fn checked(name: &str, email: Option<&str>) -> Result<(String, Option<String>)> {
    let name = name.trim();
    text::title("name", name)?;
    let email = email.map(str::trim).filter(|email| !email.is_empty());
    if let Some(email) = email {
        text::title("email", email)?;
    }
    Ok((name.to_owned(), email.map(str::to_owned)))
}

async fn free(conn: &mut Conn, name: &str, own: Option<TeamId>) -> Result<()> {
    let sql = "SELECT COUNT(*) FROM teams WHERE name_key = $1 AND id <> $2";
    let args = args![text::key(name), own.map_or(-1, |id| id.0)];
    if conn.number(sql, args).await? > 0 {
        return Err(Error::exists(Kind::Team, name));
    }
    Ok(())
}

async fn get(conn: &mut Conn, id: TeamId) -> Result<Team> {
    let sql = format!("SELECT {COLUMNS} FROM teams WHERE id = $1");
    let row = conn.first(AssertSqlSafe(sql), args![id.0]).await?;
    team(&row.ok_or_else(|| Error::not_found(Kind::Team, id))?)
}

fn team(row: &Row) -> Result<Team> {
    Ok(Team {
        id: TeamId(row.int("id")?),
        name: row.text("name")?,
        email: row.maybe_text("email")?,
        members: row.int("members")?,
        created: row.time("created")?,
        updated: row.time("updated")?,
    })
}
