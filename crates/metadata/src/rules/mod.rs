//! Recording and alerting rules that are made in the browser, in groups, in folders.

mod checks;
mod groups;

pub use groups::{RuleGroup, RuleGroupSettings};

use crate::db::{Conn, Row, args};
use crate::folders::{UID_TRIES, place};
use crate::store::Store;
use crate::{
    Actor, Base, Current, Error, Event, Kind, Placement, Result, Visible, audit, search, secret,
    text,
};
use groups::{drop_if_empty, ensure};
use model::{DurationMs, TimestampMs};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;

const COLUMNS: &str = "r.id, r.uid, r.group_id, r.place, r.kind, r.name, r.expr, r.for_ms, \
     r.keep_firing_for_ms, r.labels, r.annotations, r.paused, r.version, r.created, r.created_by, \
     r.updated, r.updated_by, g.name AS group_name, f.uid AS folder";
const TABLES: &str = "rules AS r JOIN rule_groups AS g ON g.id = r.group_id \
     LEFT JOIN folders AS f ON f.id = g.folder_id";

/// The two kinds of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RuleKind {
    /// Stores its results as a series of its name.
    Record,
    /// Fires where it has results.
    Alert,
}

impl RuleKind {
    /// The field of a rule file that its name stands in.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Alert => "alert",
        }
    }

    fn parse(word: &str) -> Result<Self> {
        [Self::Record, Self::Alert]
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| Error::corrupt("kind of rule", word))
    }
}

/// What a rule says, in the words of rule files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFields {
    /// Its kind.
    pub kind: RuleKind,
    /// `record` or `alert`: the name.
    pub name: String,
    /// `expr`. Whether it is an expression is not checked here.
    pub expr: String,
    /// `for`, of alerts.
    pub hold: DurationMs,
    /// `keep_firing_for`, of alerts.
    pub keep_firing_for: DurationMs,
    /// `labels`.
    pub labels: BTreeMap<String, String>,
    /// `annotations`, of alerts.
    pub annotations: BTreeMap<String, String>,
    /// Whether it is not evaluated.
    pub paused: bool,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its number; never used again.
    pub id: i64,
    /// What it is called in addresses.
    pub uid: String,
    /// The uid of its group's folder.
    pub folder: Option<String>,
    /// The name of its group.
    pub group: String,
    /// Its place in the group, from 0.
    pub place: i64,
    /// What it says.
    pub fields: RuleFields,
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
}

/// A rule to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleDraft {
    /// Its uid; made up if there is none.
    pub uid: Option<String>,
    /// The folder of its group.
    pub folder: Placement,
    /// The name of its group; made if it is not there.
    pub group: String,
    /// What it says.
    pub fields: RuleFields,
    /// What the save stands on.
    pub base: Base,
}

/// Rules made in the browser.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a>(pub(crate) &'a Store);

impl Rules<'_> {
    /// Saves a rule, new or not. A new one, and one that changes its group, comes last in it.
    ///
    /// # Errors
    /// [`Error::Conflict`] with the stored one where [`Base::Version`] is not stored,
    /// [`Error::AlreadyExists`] where [`Base::New`] is there, [`Error::NotFound`] where
    /// [`Base::Version`] or the folder is not, [`Error::Invalid`].
    pub async fn save(&self, actor: &Actor, draft: RuleDraft) -> Result<Rule> {
        checks::fields(&draft.fields)?;
        text::title("group", draft.group.trim())?;
        if let Some(uid) = &draft.uid {
            text::uid("uid", uid)?;
        }
        let now = self.0.now();
        let mut conn = self.0.write().await?;
        let stored = match &draft.uid {
            Some(uid) => find(&mut conn, uid).await?,
            None => None,
        };
        let stored = match (stored, draft.base) {
            (Some(stored), Base::New) => return Err(Error::exists(Kind::Rule, stored.0.uid)),
            (Some((current, ..)), Base::Version(base)) if base != current.version => {
                let current = Current::Rule(Box::new(current));
                return Err(Error::Conflict { base, current });
            }
            (None, Base::Version(_)) => {
                return Err(Error::not_found(Kind::Rule, draft.uid.unwrap_or_default()));
            }
            (stored, _) => stored,
        };
        let current_folder = match &stored {
            Some((_, group)) => groups::folder_of(&mut conn, *group).await?,
            None => None,
        };
        let folder = place(&mut conn, &draft.folder, current_folder).await?;
        let group = ensure(&mut conn, now, actor, folder, draft.group.trim()).await?;
        let (uid, before) = if let Some((before, old_group)) = stored {
            update(&mut conn, now, actor, &before, &draft.fields).await?;
            if old_group != group {
                move_last(&mut conn, before.id, group).await?;
                close_gaps(&mut conn, old_group).await?;
                drop_if_empty(&mut conn, old_group).await?;
            }
            (before.uid.clone(), Some(before))
        } else {
            let uid = insert(&mut conn, now, actor, group, draft.uid, &draft.fields).await?;
            (uid, None)
        };
        let rule = get(&mut conn, &uid).await?;
        let action = if before.is_some() {
            "rule.save"
        } else {
            "rule.create"
        };
        let summaries = [
            before.as_ref().map(summary).unwrap_or_default(),
            summary(&rule),
        ];
        log(&mut conn, now, actor, action, &rule, summaries).await?;
        conn.commit().await?;
        Ok(rule)
    }

    /// The rule of a uid.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, uid: &str) -> Result<Rule> {
        get(&mut self.0.read().await?, uid).await
    }

    /// All rules that are visible. Ordering: as groups are exported: by the title of the folder, those of
    /// none first, then by the name of the group, then by place.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn list(&self, visible: &Visible) -> Result<Vec<Rule>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE {} \
             ORDER BY COALESCE(f.title_key, ''), COALESCE(g.folder_id, 0), g.name, r.place",
            search::seen("g.folder_id", visible)
        );
        let rows = self.0.read().await?.all(AssertSqlSafe(sql), vec![]).await?;
        rows.iter().map(rule).collect()
    }

    /// Deletes a rule; its group too, if it was the last one. `base` is the version that it was read
    /// with; `None` does not ask.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Conflict`].
    pub async fn delete(&self, actor: &Actor, uid: &str, base: Option<i64>) -> Result<()> {
        let mut conn = self.0.write().await?;
        let (before, group) = required(&mut conn, uid).await?;
        if let Some(base) = base.filter(|base| *base != before.version) {
            let current = Current::Rule(Box::new(before));
            return Err(Error::Conflict { base, current });
        }
        conn.run("DELETE FROM rules WHERE id = $1", args![before.id])
            .await?;
        close_gaps(&mut conn, group).await?;
        drop_if_empty(&mut conn, group).await?;
        let summaries = [summary(&before), String::new()];
        log(
            &mut conn,
            self.0.now(),
            actor,
            "rule.delete",
            &before,
            summaries,
        )
        .await?;
        conn.commit().await
    }
}

async fn insert(
    conn: &mut Conn,
    now: TimestampMs,
    actor: &Actor,
    group: i64,
    uid: Option<String>,
    fields: &RuleFields,
) -> Result<String> {
    let uid = match uid {
        Some(uid) => uid,
        None => free_uid(conn).await?,
    };
    let last = "SELECT COUNT(*) FROM rules WHERE group_id = $1";
    let place = conn.number(last, args![group]).await?;
    let sql = "INSERT INTO rules (uid, group_id, place, kind, name, expr, for_ms, keep_firing_for_ms, \
         labels, annotations, paused, version, created, created_by, updated, updated_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13, $12, $13)";
    let args = args![
        &uid,
        group,
        place,
        fields.kind.as_str(),
        &fields.name,
        &fields.expr,
        fields.hold,
        fields.keep_firing_for,
        json!(fields.labels).to_string(),
        json!(fields.annotations).to_string(),
        fields.paused,
        now,
        &actor.name,
    ];
    conn.run(sql, args).await?;
    Ok(uid)
}

async fn update(
    conn: &mut Conn,
    now: TimestampMs,
    actor: &Actor,
    before: &Rule,
    fields: &RuleFields,
) -> Result<()> {
    let sql = "UPDATE rules SET kind = $1, name = $2, expr = $3, for_ms = $4, keep_firing_for_ms = $5, \
         labels = $6, annotations = $7, paused = $8, version = version + 1, updated = $9, \
         updated_by = $10 WHERE id = $11";
    let args = args![
        fields.kind.as_str(),
        &fields.name,
        &fields.expr,
        fields.hold,
        fields.keep_firing_for,
        json!(fields.labels).to_string(),
        json!(fields.annotations).to_string(),
        fields.paused,
        now,
        &actor.name,
        before.id,
    ];
    conn.run(sql, args).await?;
    Ok(())
}

async fn move_last(conn: &mut Conn, rule: i64, group: i64) -> Result<()> {
    let last = "SELECT COUNT(*) FROM rules WHERE group_id = $1";
    let place = conn.number(last, args![group]).await?;
    let sql = "UPDATE rules SET group_id = $1, place = $2 WHERE id = $3";
    conn.run(sql, args![group, place, rule]).await?;
    Ok(())
}

/// Numbers the rules of a group again, from 0.
async fn close_gaps(conn: &mut Conn, group: i64) -> Result<()> {
    let sql = "SELECT id FROM rules WHERE group_id = $1 ORDER BY place, id";
    for (place, row) in (0_i64..).zip(conn.all(sql, args![group]).await?) {
        let sql = "UPDATE rules SET place = $1 WHERE id = $2";
        conn.run(sql, args![place, row.int("id")?]).await?;
    }
    Ok(())
}

async fn free_uid(conn: &mut Conn) -> Result<String> {
    let mut uid = secret::random_uid()?;
    for _ in 0..UID_TRIES {
        let sql = "SELECT COUNT(*) FROM rules WHERE uid = $1";
        if conn.number(sql, args![&uid]).await? == 0 {
            break;
        }
        uid = secret::random_uid()?;
    }
    Ok(uid)
}

async fn get(conn: &mut Conn, uid: &str) -> Result<Rule> {
    required(conn, uid).await.map(|(rule, _)| rule)
}

async fn required(conn: &mut Conn, uid: &str) -> Result<(Rule, i64)> {
    let found = find(conn, uid).await?;
    found.ok_or_else(|| Error::not_found(Kind::Rule, uid))
}

/// A rule and the number of its group.
async fn find(conn: &mut Conn, uid: &str) -> Result<Option<(Rule, i64)>> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE r.uid = $1");
    let row = conn.first(AssertSqlSafe(sql), args![uid]).await?;
    row.map(|row| Ok((rule(&row)?, row.int("group_id")?)))
        .transpose()
}

async fn log(
    conn: &mut Conn,
    now: TimestampMs,
    actor: &Actor,
    action: &str,
    rule: &Rule,
    [before, after]: [String; 2],
) -> Result<()> {
    let event = Event {
        action,
        kind: Kind::Rule,
        id: &rule.uid,
        name: &rule.fields.name,
        before,
        after,
    };
    audit::record(conn, now, actor, event).await
}

fn summary(rule: &Rule) -> String {
    let fields = &rule.fields;
    let summary = json!({
        fields.kind.as_str(): fields.name,
        "folder": rule.folder,
        "group": rule.group,
        "version": rule.version,
        "expr": fields.expr,
        "for": fields.hold.to_string(),
        "keep_firing_for": fields.keep_firing_for.to_string(),
        "labels": fields.labels,
        "annotations": fields.annotations,
        "paused": fields.paused,
    });
    summary.to_string()
}

fn rule(row: &Row) -> Result<Rule> {
    Ok(Rule {
        id: row.int("id")?,
        uid: row.text("uid")?,
        folder: row.maybe_text("folder")?,
        group: row.text("group_name")?,
        place: row.int("place")?,
        fields: RuleFields {
            kind: RuleKind::parse(&row.text("kind")?)?,
            name: row.text("name")?,
            expr: row.text("expr")?,
            hold: row.duration("for_ms")?,
            keep_firing_for: row.duration("keep_firing_for_ms")?,
            labels: pairs(row, "labels")?,
            annotations: pairs(row, "annotations")?,
            paused: row.flag("paused")?,
        },
        version: row.int("version")?,
        created: row.time("created")?,
        created_by: row.text("created_by")?,
        updated: row.time("updated")?,
        updated_by: row.text("updated_by")?,
    })
}

fn pairs(row: &Row, column: &'static str) -> Result<BTreeMap<String, String>> {
    let text = row.text(column)?;
    let Ok(Value::Object(fields)) = serde_json::from_str(&text) else {
        return Err(Error::corrupt(column, text));
    };
    let pair = |(name, value)| match value {
        Value::String(value) => Ok((name, value)),
        _ => Err(Error::corrupt(column, text.as_str())),
    };
    fields.into_iter().map(pair).collect()
}
