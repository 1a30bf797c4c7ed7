//! Who may do what in folders: what each says itself, and what holds in it with those around it.

use super::{Folders, get, log};
use crate::access::{
    DEFAULT_GRANTS, Grant, Permission, Policy, Principal, Role, Subject, TeamId, UserId,
    permission_in,
};
use crate::db::{Conn, Row, args};
use crate::{Actor, Error, Result, access};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// Most lines of one folder's permissions.
const MOST_GRANTS: usize = 1000;

/// The folders that somebody may see into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visible {
    /// Whether what is in no folder may be seen.
    pub top: bool,
    /// The numbers of the folders. Ordering: sorted.
    pub folders: Vec<i64>,
}

impl Folders<'_> {
    /// What holds in a folder, with all that holds around it; of `None`, where no folder is. This is
    /// what [`access::decide`] asks for.
    ///
    /// A folder's own lines add to those of the folders around it. Only a folder that is in no other
    /// one takes something away: its own lines, if it has any, stand in place of
    /// [`DEFAULT_GRANTS`](access::DEFAULT_GRANTS).
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn grants(&self, uid: Option<&str>) -> Result<Vec<Grant>> {
        let Some(uid) = uid else {
            return Ok(DEFAULT_GRANTS.to_vec());
        };
        let mut conn = self.0.read().await?;
        let id = get(&mut conn, uid).await?.id;
        let sql = "SELECT folder_id, role, user_id, team_id, permission FROM folder_grants \
             WHERE folder_id = $1 ORDER BY id";
        let mut grants = Vec::new();
        let mut next = Some(id);
        while let Some(id) = next {
            let folder = "SELECT parent_id, own_grants FROM folders WHERE id = $1";
            let Some(folder) = conn.first(folder, args![id]).await? else {
                break;
            };
            next = folder.maybe_int("parent_id")?;
            for row in conn.all(sql, args![id]).await? {
                grants.push(grant(&row)?);
            }
            if next.is_none() && !folder.flag("own_grants")? {
                grants.extend(DEFAULT_GRANTS);
            }
        }
        Ok(grants)
    }

    /// What a folder says itself; `None` if it says nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn own_grants(&self, uid: &str) -> Result<Option<Vec<Grant>>> {
        let mut conn = self.0.read().await?;
        let folder = get(&mut conn, uid).await?;
        if !folder.own_grants {
            return Ok(None);
        }
        own(&mut conn, folder.id).await.map(Some)
    }

    /// Sets what a folder says itself; `None` to say nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the folder, a user or a team, [`Error::Invalid`].
    pub async fn set_grants(
        &self,
        actor: &Actor,
        uid: &str,
        grants: Option<&[Grant]>,
    ) -> Result<()> {
        let lines = grants.unwrap_or_default();
        let subjects: HashSet<Subject> = lines.iter().map(|grant| grant.subject).collect();
        if subjects.len() < lines.len() {
            return Err(Error::invalid("permissions", "somebody is named twice"));
        }
        if lines.len() > MOST_GRANTS {
            return Err(Error::invalid("permissions", "there are more than 1000"));
        }
        let now = self.0.now();
        let mut conn = self.0.write().await?;
        let folder = get(&mut conn, uid).await?;
        let before = own(&mut conn, folder.id).await?;
        clear(&mut conn, folder.id).await?;
        for line in lines {
            subject_exists(&mut conn, line.subject).await?;
            insert(&mut conn, folder.id, *line).await?;
        }
        let sql = "UPDATE folders SET own_grants = $1, version = version + 1, updated = $2, \
             updated_by = $3 WHERE id = $4";
        conn.run(sql, args![grants.is_some(), now, &actor.name, folder.id])
            .await?;
        let before = folder.own_grants.then(|| summary(&before));
        let summaries = [
            before.unwrap_or_default(),
            grants.map(summary).unwrap_or_default(),
        ];
        log(
            &mut conn,
            now,
            actor,
            "folder.permissions",
            &folder,
            summaries,
        )
        .await?;
        conn.commit().await
    }

    /// The folders that somebody may see into: what search and lists are limited to.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn visible(&self, policy: Policy, principal: &Principal) -> Result<Visible> {
        let sees = |grants: &[Grant]| {
            access::decide(policy, principal, access::Action::ReadDashboards, grants).is_allowed()
        };
        let mut conn = self.0.read().await?;
        let folders = conn
            .all(
                "SELECT id, parent_id, own_grants FROM folders ORDER BY id",
                vec![],
            )
            .await?;
        let sql = "SELECT folder_id, role, user_id, team_id, permission FROM folder_grants";
        let mut own: HashMap<i64, Vec<Grant>> = HashMap::new();
        for row in conn.all(sql, vec![]).await? {
            own.entry(row.int("folder_id")?)
                .or_default()
                .push(grant(&row)?);
        }
        let mut parents = HashMap::new();
        let mut silent = HashSet::new();
        for row in &folders {
            let id = row.int("id")?;
            parents.insert(id, row.maybe_int("parent_id")?);
            if !row.flag("own_grants")? {
                silent.insert(id);
            }
        }
        let mut visible = Vec::new();
        for id in parents.keys() {
            let mut grants = Vec::new();
            let mut next = Some(*id);
            while let Some(id) = next {
                grants.extend(own.get(&id).into_iter().flatten().copied());
                next = parents.get(&id).copied().flatten();
                if next.is_none() && silent.contains(&id) {
                    grants.extend(DEFAULT_GRANTS);
                }
            }
            if sees(&grants) {
                visible.push(*id);
            }
        }
        visible.sort_unstable();
        Ok(Visible {
            top: sees(&DEFAULT_GRANTS),
            folders: visible,
        })
    }

    /// What somebody may do in a folder; `None` is nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn permission(
        &self,
        principal: &Principal,
        uid: Option<&str>,
    ) -> Result<Option<Permission>> {
        Ok(permission_in(principal, &self.grants(uid).await?))
    }
}

/// The lines of a new folder of a user.
pub(super) async fn make_admin(conn: &mut Conn, folder: i64, user: i64) -> Result<()> {
    let owner = Grant {
        subject: Subject::User(UserId(user)),
        permission: Permission::Admin,
    };
    for line in DEFAULT_GRANTS.into_iter().chain([owner]) {
        insert(conn, folder, line).await?;
    }
    let sql = "UPDATE folders SET own_grants = 1 WHERE id = $1";
    conn.run(sql, args![folder]).await?;
    Ok(())
}

async fn own(conn: &mut Conn, folder: i64) -> Result<Vec<Grant>> {
    let sql = "SELECT role, user_id, team_id, permission FROM folder_grants WHERE folder_id = $1 \
         ORDER BY id";
    let rows = conn.all(sql, args![folder]).await?;
    rows.iter().map(grant).collect()
}

async fn clear(conn: &mut Conn, folder: i64) -> Result<()> {
    let sql = "DELETE FROM folder_grants WHERE folder_id = $1";
    conn.run(sql, args![folder]).await?;
    Ok(())
}

async fn insert(conn: &mut Conn, folder: i64, grant: Grant) -> Result<()> {
    let (role, user, team) = match grant.subject {
        Subject::Role(role) => (Some(role.as_str().to_owned()), None, None),
        Subject::User(user) => (None, Some(user.0), None),
        Subject::Team(team) => (None, None, Some(team.0)),
    };
    let sql = "INSERT INTO folder_grants (folder_id, role, user_id, team_id, permission) \
         VALUES ($1, $2, $3, $4, $5)";
    let args = args![folder, role, user, team, grant.permission.number()];
    conn.run(sql, args).await?;
    Ok(())
}

async fn subject_exists(conn: &mut Conn, subject: Subject) -> Result<()> {
    let (sql, id, kind) = match subject {
        Subject::Role(_) => return Ok(()),
        Subject::User(id) => (
            "SELECT COUNT(*) FROM users WHERE id = $1",
            id.0,
            crate::Kind::User,
        ),
        Subject::Team(id) => (
            "SELECT COUNT(*) FROM teams WHERE id = $1",
            id.0,
            crate::Kind::Team,
        ),
    };
    if conn.number(sql, args![id]).await? == 0 {
        return Err(Error::not_found(kind, id));
    }
    Ok(())
}

fn summary(grants: &[Grant]) -> String {
    let line = |grant: &Grant| {
        let subject = match grant.subject {
            Subject::Role(role) => format!("role {role}"),
            Subject::User(id) => format!("user {id}"),
            Subject::Team(id) => format!("team {id}"),
        };
        (subject, json!(grant.permission.number()))
    };
    let lines: serde_json::Map<String, serde_json::Value> = grants.iter().map(line).collect();
    json!(lines).to_string()
}

fn grant(row: &Row) -> Result<Grant> {
    let role = row.maybe_text("role")?;
    let subject = match (role, row.maybe_int("user_id")?, row.maybe_int("team_id")?) {
        (Some(role), None, None) => {
            Subject::Role(Role::parse(&role).map_err(|_| Error::corrupt("role", role))?)
        }
        (None, Some(user), None) => Subject::User(UserId(user)),
        (None, None, Some(team)) => Subject::Team(TeamId(team)),
        _ => return Err(Error::corrupt("subject of a permission", "")),
    };
    let number = row.int("permission")?;
    let permission = Permission::from_number(number)
        .ok_or_else(|| Error::corrupt("permission", number.to_string()))?;
    Ok(Grant {
        subject,
        permission,
    })
}
