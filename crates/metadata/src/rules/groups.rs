//! Groups of rules: how often they are evaluated, and in which order.

use super::{Rules, get as get_rule};
use crate::db::{Conn, Row, args};
use crate::folders::place;
use crate::{Actor, Current, Error, Event, Kind, Placement, Result, Visible, audit, search};
use model::{DurationMs, TimestampMs};
use serde_json::json;
use sqlx::AssertSqlSafe;

const COLUMNS: &str = "g.id, g.name, g.interval_ms, g.query_offset_ms, g.series_limit, g.version, \
     g.updated, g.updated_by, f.uid AS folder, f.title AS folder_title, \
     (SELECT COUNT(*) FROM rules WHERE group_id = g.id) AS rules";
const TABLES: &str = "rule_groups AS g LEFT JOIN folders AS f ON f.id = g.folder_id";

/// What a group says itself, in the words of rule files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RuleGroupSettings {
    /// `interval`; `None` is the server's.
    pub interval: Option<DurationMs>,
    /// `query_offset`; `None` is the server's.
    pub query_offset: Option<DurationMs>,
    /// `limit`; 0 is none.
    pub limit: u32,
}

/// A group of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleGroup {
    /// Its number; never used again.
    pub id: i64,
    /// The uid of its folder.
    pub folder: Option<String>,
    /// The folder's title.
    pub folder_title: Option<String>,
    /// Its name, unique in its folder.
    pub name: String,
    /// What it says itself.
    pub settings: RuleGroupSettings,
    /// How many rules it has.
    pub rules: i64,
    /// Grows by one with each change of the group itself: its settings, its order.
    pub version: i64,
    /// When that was last changed.
    pub updated: TimestampMs,
    /// By whom: a login or name.
    pub updated_by: String,
}

impl Rules<'_> {
    /// The groups that are visible. Ordering: by the title of the folder, those of none first, then by
    /// name: the order of [`list`](Rules::list).
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn groups(&self, visible: &Visible) -> Result<Vec<RuleGroup>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE {} \
             ORDER BY COALESCE(f.title_key, ''), COALESCE(g.folder_id, 0), g.name",
            search::seen("g.folder_id", visible)
        );
        let rows = self.0.read().await?.all(AssertSqlSafe(sql), vec![]).await?;
        rows.iter().map(group).collect()
    }

    /// The group of a name in a folder.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn group(&self, folder: Option<&str>, name: &str) -> Result<RuleGroup> {
        named(&mut self.0.read().await?, folder, name).await
    }

    /// Changes the settings of a group. `base` is the version that it was read with; `None` does not ask.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Conflict`], [`Error::Invalid`].
    pub async fn set_group(
        &self,
        actor: &Actor,
        folder: Option<&str>,
        name: &str,
        settings: RuleGroupSettings,
        base: Option<i64>,
    ) -> Result<RuleGroup> {
        if settings.interval.is_some_and(|interval| interval.0 < 1) {
            return Err(Error::invalid("interval", "it is not positive"));
        }
        let mut conn = self.0.write().await?;
        let before = based(&mut conn, folder, name, base).await?;
        let sql = "UPDATE rule_groups SET interval_ms = $1, query_offset_ms = $2, series_limit = $3 \
             WHERE id = $4";
        let limit = i64::from(settings.limit);
        let args = args![settings.interval, settings.query_offset, limit, before.id];
        conn.run(sql, args).await?;
        self.changed(
            conn,
            actor,
            "rule_group.settings",
            &before,
            [json!(null), json!(null)],
        )
        .await
    }

    /// Puts the rules of a group into another order. `uids` names each of them once.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Conflict`] with the group where rules came or went since, or where
    /// `base` is not its version, [`Error::Invalid`] for a rule that is named twice.
    pub async fn reorder(
        &self,
        actor: &Actor,
        folder: Option<&str>,
        name: &str,
        uids: &[String],
        base: Option<i64>,
    ) -> Result<RuleGroup> {
        let mut conn = self.0.write().await?;
        let before = based(&mut conn, folder, name, base).await?;
        let sql = "SELECT uid FROM rules WHERE group_id = $1 ORDER BY place";
        let rows = conn.all(sql, args![before.id]).await?;
        let old: Vec<String> = rows
            .iter()
            .map(|row| row.text("uid"))
            .collect::<Result<_>>()?;
        let sorted = |uids: &[String]| {
            let mut uids = uids.to_vec();
            uids.sort();
            uids
        };
        let asked = sorted(uids);
        if asked.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(Error::invalid("rules", "a rule is named twice"));
        }
        if asked != sorted(&old) {
            let base = base.unwrap_or(before.version);
            let current = Current::RuleGroup(Box::new(before));
            return Err(Error::Conflict { base, current });
        }
        for (place, uid) in (0_i64..).zip(uids) {
            let rule = get_rule(&mut conn, uid).await?;
            conn.run(
                "UPDATE rules SET place = $1 WHERE id = $2",
                args![place, rule.id],
            )
            .await?;
        }
        let orders = [json!(old), json!(uids)];
        self.changed(conn, actor, "rule_group.order", &before, orders)
            .await
    }

    /// Gives a group another name or folder.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the group or the folder, [`Error::AlreadyExists`], [`Error::Conflict`],
    /// [`Error::Invalid`].
    pub async fn move_group(
        &self,
        actor: &Actor,
        (folder, name): (Option<&str>, &str),
        (placement, new_name): (&Placement, &str),
        base: Option<i64>,
    ) -> Result<RuleGroup> {
        let new_name = new_name.trim();
        crate::text::title("group", new_name)?;
        let mut conn = self.0.write().await?;
        let before = based(&mut conn, folder, name, base).await?;
        let current = folder_of(&mut conn, before.id).await?;
        let new_folder = place(&mut conn, placement, current).await?;
        if find(&mut conn, new_folder, new_name)
            .await?
            .is_some_and(|id| id != before.id)
        {
            return Err(Error::exists(Kind::RuleGroup, new_name));
        }
        let sql = "UPDATE rule_groups SET folder_id = $1, name = $2 WHERE id = $3";
        conn.run(sql, args![new_folder, new_name, before.id])
            .await?;
        self.changed(
            conn,
            actor,
            "rule_group.move",
            &before,
            [json!(null), json!(null)],
        )
        .await
    }

    /// Deletes a group with its rules.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Conflict`].
    pub async fn delete_group(
        &self,
        actor: &Actor,
        folder: Option<&str>,
        name: &str,
        base: Option<i64>,
    ) -> Result<()> {
        let mut conn = self.0.write().await?;
        let before = based(&mut conn, folder, name, base).await?;
        conn.run("DELETE FROM rule_groups WHERE id = $1", args![before.id])
            .await?;
        let summaries = [summary(&before, &json!(null)), String::new()];
        log(
            &mut conn,
            self.0.now(),
            actor,
            "rule_group.delete",
            &before,
            summaries,
        )
        .await?;
        conn.commit().await
    }

    async fn changed(
        &self,
        mut conn: Conn,
        actor: &Actor,
        action: &str,
        before: &RuleGroup,
        [old_order, new_order]: [serde_json::Value; 2],
    ) -> Result<RuleGroup> {
        let now = self.0.now();
        let sql = "UPDATE rule_groups SET version = version + 1, updated = $1, updated_by = $2 \
             WHERE id = $3";
        conn.run(sql, args![now, &actor.name, before.id]).await?;
        let after = get(&mut conn, before.id).await?;
        let summaries = [summary(before, &old_order), summary(&after, &new_order)];
        log(&mut conn, now, actor, action, &after, summaries).await?;
        conn.commit().await?;
        Ok(after)
    }
}

/// The number of the group of a name, made if it is not there.
pub(super) async fn ensure(
    conn: &mut Conn,
    now: TimestampMs,
    actor: &Actor,
    folder: Option<i64>,
    name: &str,
) -> Result<i64> {
    if let Some(id) = find(conn, folder, name).await? {
        return Ok(id);
    }
    let sql = "INSERT INTO rule_groups (folder_id, name, series_limit, version, updated, updated_by) \
         VALUES ($1, $2, 0, 1, $3, $4) RETURNING id";
    conn.number(sql, args![folder, name, now, &actor.name])
        .await
}

pub(super) async fn drop_if_empty(conn: &mut Conn, group: i64) -> Result<()> {
    let sql = "DELETE FROM rule_groups WHERE id = $1 AND NOT EXISTS \
         (SELECT 1 FROM rules WHERE group_id = $1)";
    conn.run(sql, args![group]).await?;
    Ok(())
}

pub(super) async fn folder_of(conn: &mut Conn, group: i64) -> Result<Option<i64>> {
    let sql = "SELECT folder_id FROM rule_groups WHERE id = $1";
    let row = conn.first(sql, args![group]).await?;
    row.map_or(Ok(None), |row| row.maybe_int("folder_id"))
}

async fn find(conn: &mut Conn, folder: Option<i64>, name: &str) -> Result<Option<i64>> {
    let sql = "SELECT id FROM rule_groups WHERE COALESCE(folder_id, 0) = $1 AND name = $2";
    let row = conn.first(sql, args![folder.unwrap_or(0), name]).await?;
    row.map(|row| row.int("id")).transpose()
}

async fn get(conn: &mut Conn, id: i64) -> Result<RuleGroup> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE g.id = $1");
    let row = conn.first(AssertSqlSafe(sql), args![id]).await?;
    group(&row.ok_or_else(|| Error::not_found(Kind::RuleGroup, id))?)
}

async fn named(conn: &mut Conn, folder: Option<&str>, name: &str) -> Result<RuleGroup> {
    let folder = match folder {
        Some(uid) => Some(crate::folders::get(conn, uid).await?.id),
        None => None,
    };
    let id = find(conn, folder, name).await?;
    get(
        conn,
        id.ok_or_else(|| Error::not_found(Kind::RuleGroup, name))?,
    )
    .await
}

/// A group, if it has the version that a change stands on.
async fn based(
    conn: &mut Conn,
    folder: Option<&str>,
    name: &str,
    base: Option<i64>,
) -> Result<RuleGroup> {
    let group = named(conn, folder, name).await?;
    match base.filter(|base| *base != group.version) {
        Some(base) => {
            let current = Current::RuleGroup(Box::new(group));
            Err(Error::Conflict { base, current })
        }
        None => Ok(group),
    }
}

async fn log(
    conn: &mut Conn,
    now: TimestampMs,
    actor: &Actor,
    action: &str,
    group: &RuleGroup,
    [before, after]: [String; 2],
) -> Result<()> {
    let event = Event {
        action,
        kind: Kind::RuleGroup,
        id: &group.id.to_string(),
        name: &group.name,
        before,
        after,
    };
    audit::record(conn, now, actor, event).await
}

fn summary(group: &RuleGroup, order: &serde_json::Value) -> String {
    let settings = &group.settings;
    let mut summary = json!({
        "name": group.name,
        "folder": group.folder,
        "interval": settings.interval.map(|interval| interval.to_string()),
        "query_offset": settings.query_offset.map(|offset| offset.to_string()),
        "limit": settings.limit,
        "rules": group.rules,
    });
    if let (Some(fields), false) = (summary.as_object_mut(), order.is_null()) {
        fields.insert("order".to_owned(), order.clone());
    }
    summary.to_string()
}

fn group(row: &Row) -> Result<RuleGroup> {
    let limit = row.int("series_limit")?;
    Ok(RuleGroup {
        id: row.int("id")?,
        folder: row.maybe_text("folder")?,
        folder_title: row.maybe_text("folder_title")?,
        name: row.text("name")?,
        settings: RuleGroupSettings {
            interval: row.maybe_duration("interval_ms")?,
            query_offset: row.maybe_duration("query_offset_ms")?,
            limit: u32::try_from(limit).map_err(|_| Error::corrupt("limit", limit.to_string()))?,
        },
        rules: row.int("rules")?,
        version: row.int("version")?,
        updated: row.time("updated")?,
        updated_by: row.text("updated_by")?,
    })
}
