//! Dashboards: saved with a look at who saved before, and kept byte for byte.

mod diff;
mod document;
mod stars;
mod versions;

pub use diff::{Change, compare};
pub use versions::{DashboardVersion, VersionInfo};

use crate::db::{Conn, Row, args};
use crate::folders::{UID_TRIES, place};
use crate::store::Store;
use crate::{Actor, Current, Error, Event, Kind, Placement, Result, audit, secret, text};
use document::Document;
use model::TimestampMs;
use serde_json::json;
use sqlx::AssertSqlSafe;

const COLUMNS: &str = "dashboards.id, dashboards.uid, dashboards.folder_id, dashboards.title, \
     dashboards.version, dashboards.json, dashboards.created, dashboards.created_by, \
     dashboards.updated, dashboards.updated_by, folders.uid AS folder, folders.title AS folder_title";

/// A dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dashboard {
    /// Its number; never used again.
    pub id: i64,
    /// What it is called in addresses. Counts, where the JSON says another one or none.
    pub uid: String,
    /// The uid of its folder.
    pub folder: Option<String>,
    /// The folder's title.
    pub folder_title: Option<String>,
    /// Its title, as the JSON says it.
    pub title: String,
    /// Its tags. Ordering: sorted.
    pub tags: Vec<String>,
    /// Grows by one with each save. Counts, where the JSON says another one.
    pub version: i64,
    /// The JSON as it came, byte for byte.
    pub json: String,
    /// When it was made.
    pub created: TimestampMs,
    /// By whom: a login or name.
    pub created_by: String,
    /// When it was last saved.
    pub updated: TimestampMs,
    /// By whom.
    pub updated_by: String,
}

/// What a save stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// Nothing: there must be no such thing yet.
    New,
    /// This version: it must be the stored one.
    Version(i64),
    /// Whatever is stored, if anything.
    Overwrite,
}

/// A dashboard to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DashboardDraft {
    /// Its JSON: an object with a `title`.
    pub json: String,
    /// Its uid; `None` is the one in the JSON, and if that has none, one is made up.
    pub uid: Option<String>,
    /// Where it shall be.
    pub folder: Placement,
    /// Why it is saved, for the list of versions.
    pub message: String,
    /// What it stands on.
    pub base: Base,
}

impl DashboardDraft {
    /// A save of this JSON where the dashboard is.
    pub fn new(json: impl Into<String>, base: Base) -> Self {
        Self {
            json: json.into(),
            uid: None,
            folder: Placement::Keep,
            message: String::new(),
            base,
        }
    }
}

/// What a save came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The dashboard's number.
    pub id: i64,
    /// Its uid.
    pub uid: String,
    /// The version that is stored now.
    pub version: i64,
    /// Whether it changed: the same JSON in the same place makes no version.
    pub changed: bool,
}

/// Dashboards, their versions, stars and search.
#[derive(Debug, Clone, Copy)]
pub struct Dashboards<'a>(pub(crate) &'a Store);

impl Dashboards<'_> {
    /// Saves a dashboard, new or not. Of two who save on the same version, the second is told.
    ///
    /// # Errors
    /// [`Error::Conflict`] with the stored one where [`Base::Version`] is not stored,
    /// [`Error::AlreadyExists`] where [`Base::New`] is there, [`Error::NotFound`] where
    /// [`Base::Version`] or the folder is not, [`Error::Invalid`].
    pub async fn save(&self, actor: &Actor, draft: DashboardDraft) -> Result<Saved> {
        let document = Document::parse(&draft.json, self.0.options.dashboard_bytes)?;
        text::short("message", &draft.message, text::BODY_BYTES)?;
        let uid = draft.uid.clone().or_else(|| document.uid.clone());
        if let Some(uid) = &uid {
            text::uid("uid", uid)?;
        }
        let mut conn = self.0.write().await?;
        let stored = match &uid {
            Some(uid) => find(&mut conn, uid).await?,
            None => None,
        };
        let stored = match (stored, draft.base) {
            (Some(stored), Base::New) => return Err(Error::exists(Kind::Dashboard, stored.0.uid)),
            (Some((current, _)), Base::Version(base)) if base != current.version => {
                let current = Current::Dashboard(Box::new(current));
                return Err(Error::Conflict { base, current });
            }
            (None, Base::Version(_)) => {
                return Err(Error::not_found(Kind::Dashboard, uid.unwrap_or_default()));
            }
            (stored, _) => stored,
        };
        let current_folder = stored.as_ref().and_then(|(_, folder)| *folder);
        let folder = place(&mut conn, &draft.folder, current_folder).await?;
        let write = Write {
            document: &document,
            json: &draft.json,
            folder,
            message: &draft.message,
            restored_from: None,
        };
        let saved = match stored {
            Some((stored, current)) if stored.json == draft.json && current == folder => Saved {
                id: stored.id,
                uid: stored.uid,
                version: stored.version,
                changed: false,
            },
            Some((stored, _)) => self.replace(&mut conn, actor, &stored, write).await?,
            None => self.insert(&mut conn, actor, uid, write).await?,
        };
        conn.commit().await?;
        Ok(saved)
    }

    /// The dashboard of a uid.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, uid: &str) -> Result<Dashboard> {
        get(&mut self.0.read().await?, uid).await
    }

    /// Puts a dashboard into a folder, or into none, as it is: no version is made.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the dashboard or the folder.
    pub async fn move_to(&self, actor: &Actor, uid: &str, placement: &Placement) -> Result<()> {
        let now = self.0.now();
        let mut conn = self.0.write().await?;
        let (before, current) = required(&mut conn, uid).await?;
        let folder = place(&mut conn, placement, current).await?;
        if folder == current {
            return Ok(());
        }
        let sql =
            "UPDATE dashboards SET folder_id = $1, updated = $2, updated_by = $3 WHERE id = $4";
        conn.run(sql, args![folder, now, &actor.name, before.id])
            .await?;
        let after = get(&mut conn, uid).await?;
        let summaries = [summary(&before), summary(&after)];
        log(&mut conn, now, actor, "dashboard.move", &after, summaries).await?;
        conn.commit().await
    }

    /// Deletes a dashboard with its versions, stars and annotations.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete(&self, actor: &Actor, uid: &str) -> Result<()> {
        let mut conn = self.0.write().await?;
        let dashboard = get(&mut conn, uid).await?;
        conn.run("DELETE FROM dashboards WHERE id = $1", args![dashboard.id])
            .await?;
        let summaries = [summary(&dashboard), String::new()];
        let now = self.0.now();
        log(
            &mut conn,
            now,
            actor,
            "dashboard.delete",
            &dashboard,
            summaries,
        )
        .await?;
        conn.commit().await
    }

    async fn insert(
        &self,
        conn: &mut Conn,
        actor: &Actor,
        uid: Option<String>,
        write: Write<'_>,
    ) -> Result<Saved> {
        let uid = match uid {
            Some(uid) => uid,
            None => free_uid(conn).await?,
        };
        let sql = "INSERT INTO dashboards (uid, folder_id, title, title_key, version, json, created, \
             created_by, updated, updated_by) VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $6, $7) RETURNING id";
        let title = &write.document.title;
        let now = self.0.now();
        let args = args![
            &uid,
            write.folder,
            title,
            text::key(title),
            write.json,
            now,
            &actor.name
        ];
        let id = conn.number(sql, args).await?;
        self.add_version(conn, actor, id, 1, &write).await?;
        let after = get(conn, &uid).await?;
        let summaries = [String::new(), summary(&after)];
        log(conn, now, actor, "dashboard.create", &after, summaries).await?;
        Ok(Saved {
            id,
            uid,
            version: 1,
            changed: true,
        })
    }

    /// Puts another JSON in the place of the stored one.
    async fn replace(
        &self,
        conn: &mut Conn,
        actor: &Actor,
        stored: &Dashboard,
        write: Write<'_>,
    ) -> Result<Saved> {
        let version = stored.version + 1;
        let sql = "UPDATE dashboards SET folder_id = $1, title = $2, title_key = $3, version = $4, \
             json = $5, updated = $6, updated_by = $7 WHERE id = $8";
        let title = &write.document.title;
        let now = self.0.now();
        let key = text::key(title);
        let args = args![
            write.folder,
            title,
            key,
            version,
            write.json,
            now,
            &actor.name,
            stored.id
        ];
        conn.run(sql, args).await?;
        self.add_version(conn, actor, stored.id, version, &write)
            .await?;
        let after = get(conn, &stored.uid).await?;
        let summaries = [summary(stored), summary(&after)];
        let action = if write.restored_from.is_some() {
            "dashboard.restore"
        } else {
            "dashboard.save"
        };
        log(conn, now, actor, action, &after, summaries).await?;
        Ok(Saved {
            id: stored.id,
            uid: stored.uid.clone(),
            version,
            changed: true,
        })
    }

    /// Stores the version that was just written, its tags, and drops the oldest version beyond the limit.
    async fn add_version(
        &self,
        conn: &mut Conn,
        actor: &Actor,
        id: i64,
        version: i64,
        write: &Write<'_>,
    ) -> Result<()> {
        conn.run(
            "DELETE FROM dashboard_tags WHERE dashboard_id = $1",
            args![id],
        )
        .await?;
        for tag in &write.document.tags {
            let sql = "INSERT INTO dashboard_tags (dashboard_id, tag) VALUES ($1, $2)";
            conn.run(sql, args![id, tag]).await?;
        }
        let sql = "INSERT INTO dashboard_versions (dashboard_id, version, parent_version, restored_from, \
             json, message, created, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let (parent, now) = (version - 1, self.0.now());
        let restored = write.restored_from;
        let args = args![
            id,
            version,
            parent,
            restored,
            write.json,
            write.message,
            now,
            &actor.name
        ];
        conn.run(sql, args).await?;
        let oldest = version - i64::from(self.0.options.dashboard_versions.max(1));
        let sql = "DELETE FROM dashboard_versions WHERE dashboard_id = $1 AND version <= $2";
        conn.run(sql, args![id, oldest]).await?;
        Ok(())
    }
}

/// What is written.
struct Write<'a> {
    document: &'a Document,
    json: &'a str,
    folder: Option<i64>,
    message: &'a str,
    restored_from: Option<i64>,
}

pub(crate) async fn get(conn: &mut Conn, uid: &str) -> Result<Dashboard> {
    required(conn, uid).await.map(|(dashboard, _)| dashboard)
}

async fn required(conn: &mut Conn, uid: &str) -> Result<(Dashboard, Option<i64>)> {
    let found = find(conn, uid).await?;
    found.ok_or_else(|| Error::not_found(Kind::Dashboard, uid))
}

/// A dashboard and the number of its folder.
async fn find(conn: &mut Conn, uid: &str) -> Result<Option<(Dashboard, Option<i64>)>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM dashboards LEFT JOIN folders ON folders.id = dashboards.folder_id \
         WHERE dashboards.uid = $1"
    );
    let Some(row) = conn.first(AssertSqlSafe(sql), args![uid]).await? else {
        return Ok(None);
    };
    let sql = "SELECT tag FROM dashboard_tags WHERE dashboard_id = $1 ORDER BY tag";
    let tags = conn.all(sql, args![row.int("id")?]).await?;
    let tags: Result<_> = tags.iter().map(|row| row.text("tag")).collect();
    Ok(Some((dashboard(&row, tags?)?, row.maybe_int("folder_id")?)))
}

async fn free_uid(conn: &mut Conn) -> Result<String> {
    let mut uid = secret::random_uid()?;
    for _ in 0..UID_TRIES {
        let sql = "SELECT COUNT(*) FROM dashboards WHERE uid = $1";
        if conn.number(sql, args![&uid]).await? == 0 {
            break;
        }
        uid = secret::random_uid()?;
    }
    Ok(uid)
}

async fn log(
    conn: &mut Conn,
    now: TimestampMs,
    actor: &Actor,
    action: &str,
    dashboard: &Dashboard,
    [before, after]: [String; 2],
) -> Result<()> {
    let event = Event {
        action,
        kind: Kind::Dashboard,
        id: &dashboard.uid,
        name: &dashboard.title,
        before,
        after,
    };
    audit::record(conn, now, actor, event).await
}

fn summary(dashboard: &Dashboard) -> String {
    let summary = json!({
        "title": dashboard.title,
        "folder": dashboard.folder,
        "version": dashboard.version,
        "bytes": dashboard.json.len(),
        "sha256": secret::hash(&dashboard.json),
    });
    summary.to_string()
}

fn dashboard(row: &Row, tags: Vec<String>) -> Result<Dashboard> {
    Ok(Dashboard {
        id: row.int("id")?,
        uid: row.text("uid")?,
        folder: row.maybe_text("folder")?,
        folder_title: row.maybe_text("folder_title")?,
        title: row.text("title")?,
        tags,
        version: row.int("version")?,
        json: row.text("json")?,
        created: row.time("created")?,
        created_by: row.text("created_by")?,
        updated: row.time("updated")?,
        updated_by: row.text("updated_by")?,
    })
}
