//! The search for dashboards and folders.

use crate::access::UserId;
use crate::db::{Row, Statement};
use crate::{Dashboards, Error, Result, Visible, text};
use sqlx::AssertSqlSafe;
use std::collections::HashMap;

/// Hits of one page. Source: Grafana's defaults.
const DEFAULT_LIMIT: u32 = 1000;
const MOST_HITS: u32 = 5000;
/// Most words and tags of one search; each makes the statement's expression deeper, and SQLite's may have
/// 1000 levels.
const MOST_TERMS: usize = 100;
/// Most uids of one search.
const MOST_UIDS: usize = 1000;

/// What is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SearchKind {
    /// Folders.
    Folder,
    /// Dashboards.
    Dashboard,
}

/// The order of hits. Folders come before dashboards in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SearchOrder {
    /// By title, whatever the case.
    #[default]
    Title,
    /// By title, backwards.
    TitleDescending,
    /// The last saved first.
    Updated,
}

/// A search. What is empty is not asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchQuery {
    /// Words that the title contains, all of them, in whatever case; taken literally.
    pub text: String,
    /// Tags that it has, all of them.
    pub tags: Vec<String>,
    /// Only these; `None` is both.
    pub kind: Option<SearchKind>,
    /// Only in the folders of these uids; an empty uid or `general` is what is in none.
    pub folders: Vec<String>,
    /// Only dashboards and folders of these uids.
    pub uids: Vec<String>,
    /// Only what this user has starred.
    pub starred_by: Option<UserId>,
    /// Whose stars the hits tell of.
    pub user: Option<UserId>,
    /// How many; 0 is 1000. Bounds: at most 5000.
    pub limit: u32,
    /// Which page of them, from 1; 0 is 1.
    pub page: u32,
    /// In which order.
    pub order: SearchOrder,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchHit {
    /// What it is.
    pub kind: SearchKind,
    /// Its number, of its kind.
    pub id: i64,
    /// Its uid.
    pub uid: String,
    /// Its title.
    pub title: String,
    /// Its tags. Ordering: sorted.
    pub tags: Vec<String>,
    /// Whether the user of the query has starred it.
    pub is_starred: bool,
    /// The uid of the folder it is in.
    pub folder: Option<String>,
    /// That folder's title.
    pub folder_title: Option<String>,
}

impl Dashboards<'_> {
    /// Searches what is visible.
    ///
    /// # Errors
    /// [`Error::Invalid`] for more terms than make sense.
    pub async fn search(&self, query: &SearchQuery, visible: &Visible) -> Result<Vec<SearchHit>> {
        text::short("query", &query.text, text::TITLE_BYTES)?;
        if query.text.split_whitespace().count() + query.tags.len() > MOST_TERMS {
            let reason = format!("more than {MOST_TERMS} words and tags");
            return Err(Error::invalid("query", reason));
        }
        if query.folders.len() + query.uids.len() > MOST_UIDS {
            return Err(Error::invalid(
                "query",
                format!("more than {MOST_UIDS} uids"),
            ));
        }
        let has_dashboard_terms = !query.tags.is_empty() || query.starred_by.is_some();
        let with_folders = query.kind != Some(SearchKind::Dashboard) && !has_dashboard_terms;
        let with_dashboards = query.kind != Some(SearchKind::Folder);
        if !with_folders && !with_dashboards {
            return Ok(Vec::new());
        }
        let mut statement = Statement::default();
        statement.push("SELECT * FROM (");
        if with_folders {
            folders(query, visible, &mut statement);
        }
        if with_folders && with_dashboards {
            statement.push(" UNION ALL ");
        }
        if with_dashboards {
            dashboards(query, visible, &mut statement);
        }
        let order = match query.order {
            SearchOrder::Title => "title_key, id",
            SearchOrder::TitleDescending => "title_key DESC, id DESC",
            SearchOrder::Updated => "updated DESC, id DESC",
        };
        let limit = if query.limit == 0 {
            DEFAULT_LIMIT
        } else {
            query.limit.min(MOST_HITS)
        };
        let limit = i64::from(limit);
        let offset = limit * i64::from(query.page.max(1) - 1);
        statement.push(&format!(
            ") AS hits ORDER BY kind, {order} LIMIT {limit} OFFSET {offset}"
        ));
        let (sql, args) = statement.finish();
        let mut conn = self.0.read().await?;
        let rows = conn.all(sql, args).await?;
        let ids: Vec<String> = rows
            .iter()
            .filter_map(|row| (row.int("kind").ok()? == 1).then(|| row.int("id").ok())?)
            .map(|id| id.to_string())
            .collect();
        let mut tags: HashMap<i64, Vec<String>> = HashMap::new();
        if !ids.is_empty() {
            // Numbers that the database gave, not input.
            let sql = format!(
                "SELECT dashboard_id, tag FROM dashboard_tags WHERE dashboard_id IN ({}) ORDER BY tag",
                ids.join(", ")
            );
            for row in conn.all(AssertSqlSafe(sql), vec![]).await? {
                let tag = row.text("tag")?;
                tags.entry(row.int("dashboard_id")?).or_default().push(tag);
            }
        }
        rows.iter().map(|row| hit(row, &mut tags)).collect()
    }

    /// All tags of what is visible, with how many dashboards have each. Ordering: by tag.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn tags(&self, visible: &Visible) -> Result<Vec<(String, i64)>> {
        let sql = format!(
            "SELECT tag, COUNT(*) AS dashboards FROM dashboard_tags \
             JOIN dashboards ON dashboards.id = dashboard_id WHERE {} GROUP BY tag ORDER BY tag",
            seen("dashboards.folder_id", visible)
        );
        let rows = self.0.read().await?.all(AssertSqlSafe(sql), vec![]).await?;
        rows.iter()
            .map(|row| Ok((row.text("tag")?, row.int("dashboards")?)))
            .collect()
    }
}

/// Adds the folders that fit. The columns are those of [`dashboards`].
fn folders(query: &SearchQuery, visible: &Visible, statement: &mut Statement) {
    let within = within("f.id", visible);
    statement.push(&format!(
        "SELECT CAST(0 AS BIGINT) AS kind, f.id, f.uid, f.title, f.title_key, f.updated, \
         CAST(0 AS BIGINT) AS starred, p.uid AS folder, p.title AS folder_title FROM folders AS f \
         LEFT JOIN folders AS p ON p.id = f.parent_id WHERE {within}"
    ));
    terms("f", query, statement);
}

/// Adds the dashboards that fit.
fn dashboards(query: &SearchQuery, visible: &Visible, statement: &mut Statement) {
    // -1 is nobody.
    let user = statement.arg(query.user.map_or(-1, |user| user.0));
    let seen = seen("d.folder_id", visible);
    statement.push(&format!(
        "SELECT CAST(1 AS BIGINT) AS kind, d.id, d.uid, d.title, d.title_key, d.updated, \
         (SELECT COUNT(*) FROM stars WHERE dashboard_id = d.id AND user_id = {user}) AS starred, \
         p.uid AS folder, p.title AS folder_title FROM dashboards AS d \
         LEFT JOIN folders AS p ON p.id = d.folder_id WHERE {seen}"
    ));
    terms("d", query, statement);
    for tag in &query.tags {
        let tag = statement.arg(tag);
        statement.push(&format!(
            " AND EXISTS (SELECT 1 FROM dashboard_tags WHERE dashboard_id = d.id AND tag = {tag})"
        ));
    }
    if let Some(user) = query.starred_by {
        let user = statement.arg(user.0);
        statement.push(&format!(
            " AND EXISTS (SELECT 1 FROM stars WHERE dashboard_id = d.id AND user_id = {user})"
        ));
    }
}

/// Adds the terms that folders and dashboards share.
fn terms(table: &str, query: &SearchQuery, statement: &mut Statement) {
    for word in text::key(&query.text).split_whitespace() {
        let pattern = statement.arg(text::contains(word));
        statement.push(&format!(
            " AND {table}.title_key LIKE {pattern} ESCAPE '\\'"
        ));
    }
    if !query.uids.is_empty() {
        let uids = statement.list(&query.uids);
        statement.push(&format!(" AND {table}.uid IN ({uids})"));
    }
    if !query.folders.is_empty() {
        let is_top = |uid: &String| uid.is_empty() || uid == "general";
        let top = if query.folders.iter().any(is_top) {
            " OR p.uid IS NULL"
        } else {
            ""
        };
        let folders = statement.list(&query.folders);
        statement.push(&format!(" AND (p.uid IN ({folders}){top})"));
    }
}

/// The condition that a folder's number, or null for no folder, is visible.
pub(crate) fn seen(column: &str, visible: &Visible) -> String {
    let top = if visible.top {
        format!("{column} IS NULL OR ")
    } else {
        String::new()
    };
    format!("({top}{})", within(column, visible))
}

/// The condition that a folder's number is visible.
fn within(column: &str, visible: &Visible) -> String {
    if visible.folders.is_empty() {
        return "1 = 0".to_owned();
    }
    let ids: Vec<String> = visible.folders.iter().map(i64::to_string).collect();
    format!("{column} IN ({})", ids.join(", "))
}

fn hit(row: &Row, tags: &mut HashMap<i64, Vec<String>>) -> Result<SearchHit> {
    let id = row.int("id")?;
    let kind = if row.flag("kind")? {
        SearchKind::Dashboard
    } else {
        SearchKind::Folder
    };
    let tags = match kind {
        SearchKind::Dashboard => tags.remove(&id).unwrap_or_default(),
        SearchKind::Folder => Vec::new(),
    };
    Ok(SearchHit {
        kind,
        id,
        uid: row.text("uid")?,
        title: row.text("title")?,
        tags,
        is_starred: row.flag("starred")?,
        folder: row.maybe_text("folder")?,
        folder_title: row.maybe_text("folder_title")?,
    })
}
