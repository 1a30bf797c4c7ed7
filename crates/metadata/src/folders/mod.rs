//! Folders of dashboards and rules.

mod grants;

pub use grants::Visible;

use crate::db::{Conn, Row, args};
use crate::store::Store;
use crate::{Actor, ActorKind, Current, Error, Event, Kind, Result, audit, secret, text};
use model::TimestampMs;
use serde_json::json;
use sqlx::AssertSqlSafe;

/// How deep folders may stand in each other.
const DEEPEST: usize = 8;
/// Tries to find a uid that nobody has; the first one does but for a miracle.
pub(crate) const UID_TRIES: usize = 8;
const COLUMNS: &str = "folders.id, folders.uid, folders.title, folders.version, folders.created, \
     folders.created_by, folders.updated, folders.updated_by, folders.own_grants, \
     (SELECT parents.uid FROM folders AS parents WHERE parents.id = folders.parent_id) AS parent";

/// A folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Its number; never used again.
    pub id: i64,
    /// What it is called in addresses.
    pub uid: String,
    /// Its title; unique among its neighbours whatever the case.
    pub title: String,
    /// The uid of the folder it is in.
    pub parent: Option<String>,
    /// Grows by one with each change.
    pub version: i64,
    /// When it was made.
    pub created: TimestampMs,
    /// By whom: a login or name.
    pub created_by: String,
    /// When it was last changed.
    pub updated: TimestampMs,
    /// By whom.
    pub updated_by: String,
    /// Whether it says itself who may do what; else what holds above it holds in it.
    pub own_grants: bool,
}

/// A folder to be made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FolderDraft {
    /// Its uid; made up if there is none.
    pub uid: Option<String>,
    /// Its title.
    pub title: String,
    /// The uid of the folder it shall be in.
    pub parent: Option<String>,
}

/// Where something shall be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Placement {
    /// Where it is; what is new, in no folder.
    #[default]
    Keep,
    /// In no folder.
    Top,
    /// In the folder of this uid.
    Folder(String),
}

/// What becomes of what is in a folder that is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contents {
    /// If there is any, the folder is not deleted.
    Keep,
    /// It is deleted too: dashboards, rules, folders.
    Delete,
}

/// Folders.
#[derive(Debug, Clone, Copy)]
pub struct Folders<'a>(pub(crate) &'a Store);

impl Folders<'_> {
    /// Makes a folder. A user who makes one outside of all others may do everything in it; viewers see
    /// it and editors edit it, as everywhere.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`] for the uid or the title, [`Error::NotFound`] for the parent,
    /// [`Error::Invalid`].
    pub async fn create(&self, actor: &Actor, draft: FolderDraft) -> Result<Folder> {
        let title = draft.title.trim();
        text::title("title", title)?;
        let now = self.0.now();
        let mut conn = self.0.write().await?;
        let parent = match &draft.parent {
            Some(uid) => Some(get(&mut conn, uid).await?.id),
            None => None,
        };
        if depth(&mut conn, parent).await? >= DEEPEST {
            let reason = format!("folders stand at most {DEEPEST} deep in each other");
            return Err(Error::invalid("parent", reason));
        }
        let uid = match draft.uid {
            Some(uid) => {
                text::uid("uid", &uid)?;
                if taken(&mut conn, &uid).await? {
                    return Err(Error::exists(Kind::Folder, uid));
                }
                uid
            }
            None => free_uid(&mut conn).await?,
        };
        title_is_free(&mut conn, parent, title, -1).await?;
        let sql = "INSERT INTO folders (uid, parent_id, title, title_key, version, own_grants, created, \
             created_by, updated, updated_by) VALUES ($1, $2, $3, $4, 1, 0, $5, $6, $5, $6) RETURNING id";
        let args = args![&uid, parent, title, text::key(title), now, &actor.name];
        let id = conn.number(sql, args).await?;
        if let (ActorKind::User, Some(user), None) = (actor.kind, actor.id, parent) {
            grants::make_admin(&mut conn, id, user).await?;
        }
        let folder = get(&mut conn, &uid).await?;
        let summaries = [String::new(), summary(&folder)];
        log(&mut conn, now, actor, "folder.create", &folder, summaries).await?;
        conn.commit().await?;
        Ok(folder)
    }

    /// The folder of a uid.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, uid: &str) -> Result<Folder> {
        get(&mut self.0.read().await?, uid).await
    }

    /// All folders. Ordering: by title, those of one parent.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn all(&self) -> Result<Vec<Folder>> {
        let sql = format!("SELECT {COLUMNS} FROM folders ORDER BY parent_id, title_key, id");
        let rows = self.0.read().await?.all(AssertSqlSafe(sql), vec![]).await?;
        rows.iter().map(folder).collect()
    }

    /// The folders in a folder, or in none. Ordering: by title.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the parent.
    pub async fn children(&self, parent: Option<&str>) -> Result<Vec<Folder>> {
        let mut conn = self.0.read().await?;
        let id = match parent {
            Some(uid) => get(&mut conn, uid).await?.id,
            None => 0,
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM folders WHERE COALESCE(parent_id, 0) = $1 ORDER BY title_key, id"
        );
        let rows = conn.all(AssertSqlSafe(sql), args![id]).await?;
        rows.iter().map(folder).collect()
    }

    /// The folders around a folder, and it. Ordering: the outermost first.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn path(&self, uid: &str) -> Result<Vec<Folder>> {
        let mut conn = self.0.read().await?;
        let mut path = vec![get(&mut conn, uid).await?];
        while let Some(parent) = path.last().and_then(|folder| folder.parent.clone()) {
            path.push(get(&mut conn, &parent).await?);
        }
        path.reverse();
        Ok(path)
    }

    /// Gives a folder another title. `base` is the version that it was read with; `None` does not ask.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::AlreadyExists`] for the title, [`Error::Conflict`],
    /// [`Error::Invalid`].
    pub async fn rename(
        &self,
        actor: &Actor,
        uid: &str,
        title: &str,
        base: Option<i64>,
    ) -> Result<Folder> {
        let title = title.trim();
        text::title("title", title)?;
        let now = self.0.now();
        let mut conn = self.0.write().await?;
        let before = get(&mut conn, uid).await?;
        if let Some(base) = base.filter(|base| *base != before.version) {
            let current = Current::Folder(Box::new(before));
            return Err(Error::Conflict { base, current });
        }
        let parent = parent_of(&mut conn, before.id).await?;
        title_is_free(&mut conn, parent, title, before.id).await?;
        let sql = "UPDATE folders SET title = $1, title_key = $2, version = version + 1, updated = $3, \
             updated_by = $4 WHERE id = $5";
        let args = args![title, text::key(title), now, &actor.name, before.id];
        conn.run(sql, args).await?;
        self.changed(conn, actor, "folder.rename", &before).await
    }

    /// Puts a folder with all that is in it into another one, or into none.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::AlreadyExists`] for the title there, [`Error::Invalid`] for a folder
    /// that would stand in itself or too deep.
    pub async fn move_to(&self, actor: &Actor, uid: &str, parent: Option<&str>) -> Result<Folder> {
        let now = self.0.now();
        let mut conn = self.0.write().await?;
        let before = get(&mut conn, uid).await?;
        let parent = match parent {
            Some(uid) => Some(get(&mut conn, uid).await?.id),
            None => None,
        };
        let below = subtree(&mut conn, before.id).await?;
        if parent.is_some_and(|parent| below.iter().any(|(id, _)| *id == parent)) {
            return Err(Error::invalid("parent", "a folder cannot stand in itself"));
        }
        let height = below
            .iter()
            .map(|(_, level)| *level)
            .max()
            .unwrap_or_default()
            + 1;
        if depth(&mut conn, parent).await? + height > DEEPEST {
            let reason = format!("folders stand at most {DEEPEST} deep in each other");
            return Err(Error::invalid("parent", reason));
        }
        title_is_free(&mut conn, parent, &before.title, before.id).await?;
        let sql = "UPDATE folders SET parent_id = $1, version = version + 1, updated = $2, \
             updated_by = $3 WHERE id = $4";
        conn.run(sql, args![parent, now, &actor.name, before.id])
            .await?;
        self.changed(conn, actor, "folder.move", &before).await
    }

    /// Deletes a folder.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotEmpty`].
    pub async fn delete(&self, actor: &Actor, uid: &str, contents: Contents) -> Result<()> {
        let now = self.0.now();
        let mut conn = self.0.write().await?;
        let folder = get(&mut conn, uid).await?;
        let below = subtree(&mut conn, folder.id).await?;
        let ids: Vec<String> = below.iter().map(|(id, _)| id.to_string()).collect();
        let ids = ids.join(", ");
        // Numbers that the database gave, not input.
        let count = |table| format!("SELECT COUNT(*) FROM {table} WHERE folder_id IN ({ids})");
        let dashboards = conn
            .number(AssertSqlSafe(count("dashboards")), vec![])
            .await?;
        let groups = conn
            .number(AssertSqlSafe(count("rule_groups")), vec![])
            .await?;
        let folders = i64::try_from(below.len()).unwrap_or(i64::MAX) - 1;
        if contents == Contents::Keep && dashboards + groups + folders > 0 {
            return Err(Error::NotEmpty {
                uid: folder.uid,
                dashboards,
                groups,
                folders,
            });
        }
        conn.run("DELETE FROM folders WHERE id = $1", args![folder.id])
            .await?;
        let before = json!({
            "title": folder.title,
            "parent": folder.parent,
            "dashboards": dashboards,
            "rule_groups": groups,
            "folders": folders,
        });
        let summaries = [before.to_string(), String::new()];
        log(&mut conn, now, actor, "folder.delete", &folder, summaries).await?;
        conn.commit().await
    }

    async fn changed(
        &self,
        mut conn: Conn,
        actor: &Actor,
        action: &str,
        before: &Folder,
    ) -> Result<Folder> {
        let after = get(&mut conn, &before.uid).await?;
        let summaries = [summary(before), summary(&after)];
        log(&mut conn, self.0.now(), actor, action, &after, summaries).await?;
        conn.commit().await?;
        Ok(after)
    }
}

async fn log(
    conn: &mut Conn,
    now: TimestampMs,
    actor: &Actor,
    action: &str,
    folder: &Folder,
    [before, after]: [String; 2],
) -> Result<()> {
    let event = Event {
        action,
        kind: Kind::Folder,
        id: &folder.uid,
        name: &folder.title,
        before,
        after,
    };
    audit::record(conn, now, actor, event).await
}

fn summary(folder: &Folder) -> String {
    json!({"title": folder.title, "parent": folder.parent}).to_string()
}

pub(crate) async fn get(conn: &mut Conn, uid: &str) -> Result<Folder> {
    let sql = format!("SELECT {COLUMNS} FROM folders WHERE uid = $1");
    let row = conn.first(AssertSqlSafe(sql), args![uid]).await?;
    folder(&row.ok_or_else(|| Error::not_found(Kind::Folder, uid))?)
}

/// The number of the folder where something shall be that is now in `current`.
pub(crate) async fn place(
    conn: &mut Conn,
    placement: &Placement,
    current: Option<i64>,
) -> Result<Option<i64>> {
    match placement {
        Placement::Keep => Ok(current),
        Placement::Top => Ok(None),
        Placement::Folder(uid) => Ok(Some(get(conn, uid).await?.id)),
    }
}

async fn parent_of(conn: &mut Conn, id: i64) -> Result<Option<i64>> {
    let sql = "SELECT parent_id FROM folders WHERE id = $1";
    let row = conn.first(sql, args![id]).await?;
    row.map_or(Ok(None), |row| row.maybe_int("parent_id"))
}

/// How many folders stand around what is in `folder`.
async fn depth(conn: &mut Conn, mut folder: Option<i64>) -> Result<usize> {
    let mut depth = 0;
    while let Some(id) = folder {
        depth += 1;
        folder = parent_of(conn, id).await?;
    }
    Ok(depth)
}

/// A folder, at level 0, and all below it.
async fn subtree(conn: &mut Conn, root: i64) -> Result<Vec<(i64, usize)>> {
    let mut found = vec![(root, 0)];
    let mut next = 0;
    while let Some((id, level)) = found.get(next).copied() {
        next += 1;
        let sql = "SELECT id FROM folders WHERE parent_id = $1";
        for row in conn.all(sql, args![id]).await? {
            found.push((row.int("id")?, level + 1));
        }
    }
    Ok(found)
}

async fn taken(conn: &mut Conn, uid: &str) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM folders WHERE uid = $1";
    Ok(conn.number(sql, args![uid]).await? > 0)
}

async fn free_uid(conn: &mut Conn) -> Result<String> {
    let mut uid = secret::random_uid()?;
    for _ in 0..UID_TRIES {
        if !taken(conn, &uid).await? {
            break;
        }
        uid = secret::random_uid()?;
    }
    Ok(uid)
}

async fn title_is_free(conn: &mut Conn, parent: Option<i64>, title: &str, own: i64) -> Result<()> {
    let sql = "SELECT COUNT(*) FROM folders WHERE COALESCE(parent_id, 0) = $1 AND title_key = $2 \
         AND id <> $3";
    let args = args![parent.unwrap_or(0), text::key(title), own];
    if conn.number(sql, args).await? > 0 {
        return Err(Error::exists(Kind::Folder, title));
    }
    Ok(())
}

fn folder(row: &Row) -> Result<Folder> {
    Ok(Folder {
        id: row.int("id")?,
        uid: row.text("uid")?,
        title: row.text("title")?,
        parent: row.maybe_text("parent")?,
        version: row.int("version")?,
        created: row.time("created")?,
        created_by: row.text("created_by")?,
        updated: row.time("updated")?,
        updated_by: row.text("updated_by")?,
        own_grants: row.flag("own_grants")?,
    })
}
