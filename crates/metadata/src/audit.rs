//! The audit log: who changed what, from where, each entry chained to the one before it.

use crate::db::{Conn, Row, Statement, Value, args};
use crate::store::Store;
use crate::{Actor, ActorKind, Kind, Result, secret, text};
use model::TimestampMs;
use serde_json::json;
use sqlx::AssertSqlSafe;

/// Longest summary. Units: bytes.
const SUMMARY_BYTES: usize = 4096;
/// Most entries of one answer.
const MOST_ENTRIES: u32 = 1000;
/// Entries that are read at once while the chain is checked.
const CHAIN_STEP: i64 = 1000;
const COLUMNS: &str = "id, time, actor_kind, actor_id, actor, address, action, object_kind, \
     object_id, object_name, before_summary, after_summary, previous_hash, hash";

/// Something that happened to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<'a> {
    /// What was done. Shape: object and verb, `dashboard.save`, `server.reload`.
    pub action: &'a str,
    /// To what.
    pub kind: Kind,
    /// Its uid or number.
    pub id: &'a str,
    /// Its title or login, for people.
    pub name: &'a str,
    /// What it was; empty where there was nothing.
    pub before: String,
    /// What it is now; empty where there is nothing left.
    pub after: String,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number. Ordering: grows with each entry.
    pub id: i64,
    /// When.
    pub time: TimestampMs,
    /// Who, from where.
    pub actor: Actor,
    /// What was done, as in [`Event::action`].
    pub action: String,
    /// The word of the object's [`Kind`].
    pub kind: String,
    /// The object's uid or number.
    pub object_id: String,
    /// Its title or login then.
    pub name: String,
    /// What it was.
    pub before: String,
    /// What it became.
    pub after: String,
}

/// Which entries to list; what is `None` is not asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditQuery {
    /// Login or name of who did it, in full.
    pub actor: Option<String>,
    /// The action, in full.
    pub action: Option<String>,
    /// The kind of object.
    pub kind: Option<Kind>,
    /// The object's uid or number.
    pub object_id: Option<String>,
    /// The earliest time, included.
    pub from: Option<TimestampMs>,
    /// The latest time, included.
    pub to: Option<TimestampMs>,
    /// Only entries with smaller numbers: the next page.
    pub before_id: Option<i64>,
    /// How many; 0 is 100. Bounds: at most 1000.
    pub limit: u32,
}

/// Whether the log is as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainState {
    /// Every entry fits the one before it.
    Whole {
        /// How many there are.
        entries: u64,
    },
    /// This entry was changed, or what stood before it was taken out.
    Broken {
        /// Its number.
        id: i64,
    },
}

/// The audit log. Entries are added and, past the limits of age and count, dropped from the old end;
/// nothing changes one.
#[derive(Debug, Clone, Copy)]
pub struct Audit<'a>(pub(crate) &'a Store);

impl Audit<'_> {
    /// Adds an entry for something that happened outside this crate: a reload, a deletion of series, a
    /// rule file that was written. What this crate changes is in the log already.
    ///
    /// # Errors
    /// [`Error::Database`](crate::Error::Database).
    pub async fn record(&self, actor: &Actor, event: Event<'_>) -> Result<()> {
        let mut conn = self.0.write().await?;
        record(&mut conn, self.0.now(), actor, event).await?;
        conn.commit().await
    }

    /// Lists entries. Ordering: newest first.
    ///
    /// # Errors
    /// [`Error::Database`](crate::Error::Database).
    pub async fn list(&self, query: &AuditQuery) -> Result<Vec<AuditEntry>> {
        let conditions: [(&str, Option<Value>); 7] = [
            ("actor =", query.actor.as_deref().map(Value::from)),
            ("action =", query.action.as_deref().map(Value::from)),
            ("object_kind =", query.kind.map(|kind| kind.as_str().into())),
            ("object_id =", query.object_id.as_deref().map(Value::from)),
            ("time >=", query.from.map(Value::from)),
            ("time <=", query.to.map(Value::from)),
            ("id <", query.before_id.map(Value::from)),
        ];
        let mut statement = Statement::default();
        statement.push(&format!("SELECT {COLUMNS} FROM audit WHERE 1 = 1"));
        statement.conditions(conditions);
        let limit = if query.limit == 0 { 100 } else { query.limit };
        let limit = limit.min(MOST_ENTRIES);
        statement.push(&format!(" ORDER BY id DESC LIMIT {limit}"));
        let (sql, args) = statement.finish();
        let mut conn = self.0.read().await?;
        let rows = conn.all(sql, args).await?;
        rows.iter().map(entry).collect()
    }

    /// Reads the whole log and checks that no entry was changed and none taken out of the middle.
    ///
    /// # Errors
    /// [`Error::Database`](crate::Error::Database).
    pub async fn check_chain(&self) -> Result<ChainState> {
        let mut conn = self.0.read().await?;
        let mut entries = 0;
        let mut last: Option<(i64, String)> = None;
        loop {
            let after = last.as_ref().map_or(i64::MIN, |(id, _)| *id);
            let sql = format!("SELECT {COLUMNS} FROM audit WHERE id > $1 ORDER BY id LIMIT $2");
            let rows = conn
                .all(AssertSqlSafe(sql), args![after, CHAIN_STEP])
                .await?;
            if rows.is_empty() {
                return Ok(ChainState::Whole { entries });
            }
            for row in &rows {
                let entry = entry(row)?;
                let previous = row.text("previous_hash")?;
                let hash = row.text("hash")?;
                let follows = last.as_ref().is_none_or(|(_, last)| *last == previous);
                if !follows || hash != chain_hash(&previous, &entry) {
                    return Ok(ChainState::Broken { id: entry.id });
                }
                entries += 1;
                last = Some((entry.id, hash));
            }
        }
    }

    /// Drops what is beyond the limits; how many entries.
    pub(crate) async fn drop_old(&self) -> Result<u64> {
        let oldest = self.0.now() - self.0.options.audit_age;
        let most = i64::from(self.0.options.audit_entries);
        let mut conn = self.0.write().await?;
        // From the old end only, so that the chain stays one where the clock jumped; never the newest
        // one, because the next entry is chained to it.
        let sql = "DELETE FROM audit WHERE id < (SELECT MAX(id) FROM audit) AND \
             (id < (SELECT COALESCE(MIN(id), (SELECT MAX(id) FROM audit)) FROM audit WHERE time >= $1) \
             OR id <= (SELECT id FROM audit ORDER BY id DESC LIMIT 1 OFFSET $2))";
        let dropped = conn.run(sql, args![oldest, most]).await?;
        conn.commit().await?;
        Ok(dropped)
    }
}

/// Adds an entry in the transaction of the change that it tells of.
pub(crate) async fn record(
    conn: &mut Conn,
    now: TimestampMs,
    actor: &Actor,
    event: Event<'_>,
) -> Result<()> {
    let last = conn
        .first("SELECT hash FROM audit ORDER BY id DESC LIMIT 1", vec![])
        .await?;
    let previous = last.map_or(Ok(String::new()), |row| row.text("hash"))?;
    let entry = AuditEntry {
        id: 0,
        time: now,
        actor: Actor {
            name: cut(&actor.name, text::TITLE_BYTES),
            address: cut(&actor.address, text::TITLE_BYTES),
            ..actor.clone()
        },
        action: cut(event.action, text::TITLE_BYTES),
        kind: event.kind.as_str().to_owned(),
        object_id: cut(event.id, text::TITLE_BYTES),
        name: cut(event.name, text::TITLE_BYTES),
        before: cut(&event.before, SUMMARY_BYTES),
        after: cut(&event.after, SUMMARY_BYTES),
    };
    let hash = chain_hash(&previous, &entry);
    let sql = "INSERT INTO audit (time, actor_kind, actor_id, actor, address, action, object_kind, \
         object_id, object_name, before_summary, after_summary, previous_hash, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let args = args![
        entry.time,
        entry.actor.kind.as_str(),
        entry.actor.id,
        entry.actor.name,
        entry.actor.address,
        entry.action,
        entry.kind,
        entry.object_id,
        entry.name,
        entry.before,
        entry.after,
        previous,
        hash,
    ];
    conn.run(sql, args).await?;
    Ok(())
}

/// The number is not in the hash: it is only known after the entry is stored.
fn chain_hash(previous: &str, entry: &AuditEntry) -> String {
    let fields = json!([
        previous,
        entry.time.0,
        entry.actor.kind.as_str(),
        entry.actor.id,
        entry.actor.name,
        entry.actor.address,
        entry.action,
        entry.kind,
        entry.object_id,
        entry.name,
        entry.before,
        entry.after,
    ]);
    secret::hash(&fields.to_string())
}

/// What fits of a text, without what a database would not take: a log entry is never refused.
fn cut(text: &str, most: usize) -> String {
    let end = text.floor_char_boundary(most);
    text.get(..end)
        .unwrap_or_default()
        .replace('\0', "\u{fffd}")
}

fn entry(row: &Row) -> Result<AuditEntry> {
    Ok(AuditEntry {
        id: row.int("id")?,
        time: row.time("time")?,
        actor: Actor {
            kind: ActorKind::parse(&row.text("actor_kind")?)?,
            id: row.maybe_int("actor_id")?,
            name: row.text("actor")?,
            address: row.text("address")?,
        },
        action: row.text("action")?,
        kind: row.text("object_kind")?,
        object_id: row.text("object_id")?,
        name: row.text("object_name")?,
        before: row.text("before_summary")?,
        after: row.text("after_summary")?,
    })
}
