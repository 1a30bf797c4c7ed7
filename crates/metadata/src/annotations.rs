//! Annotations: what people, or programs, say of a time.

use crate::db::{Conn, Row, Statement, Value, args};
use crate::store::Store;
use crate::{Actor, Error, Event, Kind, Result, Visible, audit, dashboards, search, text};
use model::TimestampMs;
use serde_json::json;
use sqlx::AssertSqlSafe;
use std::collections::HashMap;

/// Annotations of one answer. Source: Grafana's default.
const DEFAULT_LIMIT: u32 = 100;
const MOST_ANNOTATIONS: u32 = 5000;
const COLUMNS: &str = "a.id, a.panel_id, a.time_start, a.time_end, a.body, a.created, a.created_by, \
     a.updated, d.uid AS dashboard, f.uid AS folder";
const TABLES: &str = "annotations AS a LEFT JOIN dashboards AS d ON d.id = a.dashboard_id \
     LEFT JOIN folders AS f ON f.id = d.folder_id";

/// An annotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// Its number; never used again.
    pub id: i64,
    /// What it says.
    pub draft: AnnotationDraft,
    /// The uid of the folder of its dashboard.
    pub folder: Option<String>,
    /// When it was made.
    pub created: TimestampMs,
    /// By whom: a login or name.
    pub created_by: String,
    /// When it was last changed.
    pub updated: TimestampMs,
}

/// What an annotation says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnnotationDraft {
    /// The uid of its dashboard; `None` is of none, found by its tags.
    pub dashboard: Option<String>,
    /// The panel of the dashboard; `None` is all of them.
    pub panel: Option<i64>,
    /// Its beginning.
    pub time: TimestampMs,
    /// Its end. Bounds: included; the beginning for a point in time.
    pub time_end: TimestampMs,
    /// Its tags. Ordering: sorted, once stored.
    pub tags: Vec<String>,
    /// Its text.
    pub text: String,
}

/// How many of the tags of a query an annotation has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TagMatch {
    /// All of them.
    #[default]
    All,
    /// At least one.
    Any,
}

/// Which annotations to list; what is `None` or empty is not asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnnotationQuery {
    /// Only those that end at or after this time.
    pub from: Option<TimestampMs>,
    /// Only those that begin at or before this time.
    pub to: Option<TimestampMs>,
    /// Only those of this dashboard.
    pub dashboard: Option<String>,
    /// Only those of this panel.
    pub panel: Option<i64>,
    /// Only those with these tags.
    pub tags: Vec<String>,
    /// How many of them.
    pub tag_match: TagMatch,
    /// How many annotations; 0 is 100. Bounds: at most 5000.
    pub limit: u32,
}

/// Annotations.
#[derive(Debug, Clone, Copy)]
pub struct Annotations<'a>(pub(crate) &'a Store);

impl Annotations<'_> {
    /// Makes an annotation.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the dashboard, [`Error::Invalid`].
    pub async fn create(&self, actor: &Actor, draft: AnnotationDraft) -> Result<Annotation> {
        let draft = checked(draft)?;
        let now = self.0.now();
        let mut conn = self.0.write().await?;
        let dashboard = dashboard_id(&mut conn, draft.dashboard.as_deref()).await?;
        let sql = "INSERT INTO annotations (dashboard_id, panel_id, time_start, time_end, body, created, \
             created_by, updated) VALUES ($1, $2, $3, $4, $5, $6, $7, $6) RETURNING id";
        let (start, end) = (draft.time, draft.time_end);
        let args = args![
            dashboard,
            draft.panel,
            start,
            end,
            &draft.text,
            now,
            &actor.name
        ];
        let id = conn.number(sql, args).await?;
        set_tags(&mut conn, id, &draft.tags).await?;
        let made = get(&mut conn, id).await?;
        let summaries = [String::new(), summary(&made)];
        log(&mut conn, now, actor, "annotation.create", &made, summaries).await?;
        conn.commit().await?;
        Ok(made)
    }

    /// The annotation of that number.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, id: i64) -> Result<Annotation> {
        get(&mut self.0.read().await?, id).await
    }

    /// Changes an annotation; dashboard and panel stay.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`].
    pub async fn update(
        &self,
        actor: &Actor,
        id: i64,
        draft: AnnotationDraft,
    ) -> Result<Annotation> {
        let draft = checked(draft)?;
        let now = self.0.now();
        let mut conn = self.0.write().await?;
        let before = get(&mut conn, id).await?;
        let sql = "UPDATE annotations SET time_start = $1, time_end = $2, body = $3, updated = $4 \
             WHERE id = $5";
        conn.run(sql, args![draft.time, draft.time_end, &draft.text, now, id])
            .await?;
        set_tags(&mut conn, id, &draft.tags).await?;
        let after = get(&mut conn, id).await?;
        let summaries = [summary(&before), summary(&after)];
        log(
            &mut conn,
            now,
            actor,
            "annotation.update",
            &after,
            summaries,
        )
        .await?;
        conn.commit().await?;
        Ok(after)
    }

    /// Deletes an annotation.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete(&self, actor: &Actor, id: i64) -> Result<()> {
        let mut conn = self.0.write().await?;
        let before = get(&mut conn, id).await?;
        conn.run("DELETE FROM annotations WHERE id = $1", args![id])
            .await?;
        let summaries = [summary(&before), String::new()];
        log(
            &mut conn,
            self.0.now(),
            actor,
            "annotation.delete",
            &before,
            summaries,
        )
        .await?;
        conn.commit().await
    }

    /// Lists annotations of what is visible. Ordering: the latest first.
    ///
    /// # Errors
    /// [`Error::Invalid`] for too many tags.
    pub async fn list(
        &self,
        query: &AnnotationQuery,
        visible: &Visible,
    ) -> Result<Vec<Annotation>> {
        let tags = text::tags("tags", &query.tags)?;
        let conditions: [(&str, Option<Value>); 4] = [
            ("a.time_end >=", query.from.map(Value::from)),
            ("a.time_start <=", query.to.map(Value::from)),
            ("d.uid =", query.dashboard.as_deref().map(Value::from)),
            ("a.panel_id =", query.panel.map(Value::from)),
        ];
        let mut statement = Statement::default();
        // Those of no dashboard are of no folder: whoever sees that sees them.
        let seen = search::seen("d.folder_id", visible);
        statement.push(&format!("SELECT {COLUMNS} FROM {TABLES} WHERE {seen}"));
        statement.conditions(conditions);
        if !tags.is_empty() {
            let places = statement.list(&tags);
            let least = match query.tag_match {
                TagMatch::All => tags.len(),
                TagMatch::Any => 1,
            };
            statement.push(&format!(
                " AND (SELECT COUNT(*) FROM annotation_tags AS t WHERE t.annotation_id = a.id \
                 AND t.tag IN ({places})) >= {least}"
            ));
        }
        let limit = if query.limit == 0 {
            DEFAULT_LIMIT
        } else {
            query.limit.min(MOST_ANNOTATIONS)
        };
        statement.push(&format!(
            " ORDER BY a.time_start DESC, a.id DESC LIMIT {limit}"
        ));
        let (sql, args) = statement.finish();
        let mut conn = self.0.read().await?;
        let rows = conn.all(sql, args).await?;
        with_tags(&mut conn, &rows).await
    }

    /// All tags with how many annotations have each. Ordering: by tag.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn tags(&self, visible: &Visible) -> Result<Vec<(String, i64)>> {
        let sql = format!(
            "SELECT t.tag, COUNT(*) AS uses FROM annotation_tags AS t JOIN annotations AS a \
             ON a.id = t.annotation_id LEFT JOIN dashboards AS d ON d.id = a.dashboard_id \
             WHERE {} GROUP BY t.tag ORDER BY t.tag",
            search::seen("d.folder_id", visible)
        );
        let rows = self.0.read().await?.all(AssertSqlSafe(sql), vec![]).await?;
        rows.iter()
            .map(|row| Ok((row.text("tag")?, row.int("uses")?)))
            .collect()
    }
}

fn checked(draft: AnnotationDraft) -> Result<AnnotationDraft> {
    text::short("text", &draft.text, text::BODY_BYTES)?;
    if draft.time_end < draft.time {
        return Err(Error::invalid("timeEnd", "it is before the time"));
    }
    let tags = text::tags("tags", &draft.tags)?;
    if draft.dashboard.is_none() && draft.panel.is_some() {
        return Err(Error::invalid("panelId", "there is no dashboard for it"));
    }
    Ok(AnnotationDraft { tags, ..draft })
}

async fn dashboard_id(conn: &mut Conn, uid: Option<&str>) -> Result<Option<i64>> {
    match uid {
        Some(uid) => Ok(Some(dashboards::get(conn, uid).await?.id)),
        None => Ok(None),
    }
}

async fn set_tags(conn: &mut Conn, id: i64, tags: &[String]) -> Result<()> {
    conn.run(
        "DELETE FROM annotation_tags WHERE annotation_id = $1",
        args![id],
    )
    .await?;
    for tag in tags {
        let sql = "INSERT INTO annotation_tags (annotation_id, tag) VALUES ($1, $2)";
        conn.run(sql, args![id, tag]).await?;
    }
    Ok(())
}

async fn log(
    conn: &mut Conn,
    now: TimestampMs,
    actor: &Actor,
    action: &str,
    annotation: &Annotation,
    [before, after]: [String; 2],
) -> Result<()> {
    let event = Event {
        action,
        kind: Kind::Annotation,
        id: &annotation.id.to_string(),
        name: annotation.draft.dashboard.as_deref().unwrap_or_default(),
        before,
        after,
    };
    audit::record(conn, now, actor, event).await
}

fn summary(annotation: &Annotation) -> String {
    let draft = &annotation.draft;
    let summary = json!({
        "dashboard": draft.dashboard,
        "panel": draft.panel,
        "time": draft.time.0,
        "timeEnd": draft.time_end.0,
        "tags": draft.tags,
        "text": draft.text,
    });
    summary.to_string()
}

async fn get(conn: &mut Conn, id: i64) -> Result<Annotation> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE a.id = $1");
    let rows = conn.all(AssertSqlSafe(sql), args![id]).await?;
    let found = with_tags(conn, &rows).await?.pop();
    found.ok_or_else(|| Error::not_found(Kind::Annotation, id))
}

async fn with_tags(conn: &mut Conn, rows: &[Row]) -> Result<Vec<Annotation>> {
    let ids: Result<Vec<String>> = rows
        .iter()
        .map(|row| Ok(row.int("id")?.to_string()))
        .collect();
    let ids = ids?.join(", ");
    let mut tags: HashMap<i64, Vec<String>> = HashMap::new();
    if !ids.is_empty() {
        // Numbers that the database gave, not input.
        let sql = format!(
            "SELECT annotation_id, tag FROM annotation_tags WHERE annotation_id IN ({ids}) ORDER BY tag"
        );
        for row in conn.all(AssertSqlSafe(sql), vec![]).await? {
            tags.entry(row.int("annotation_id")?)
                .or_default()
                .push(row.text("tag")?);
        }
    }
    let annotation = |row: &Row| {
        let id = row.int("id")?;
        Ok(Annotation {
            id,
            draft: AnnotationDraft {
                dashboard: row.maybe_text("dashboard")?,
                panel: row.maybe_int("panel_id")?,
                time: row.time("time_start")?,
                time_end: row.time("time_end")?,
                tags: tags.remove(&id).unwrap_or_default(),
                text: row.text("body")?,
            },
            folder: row.maybe_text("folder")?,
            created: row.time("created")?,
            created_by: row.text("created_by")?,
            updated: row.time("updated")?,
        })
    };
    rows.iter().map(annotation).collect()
}
