//! The versions of a dashboard, and the way back to one.

use super::document::Document;
use super::{Base, Change, Dashboards, Saved, Write, compare, get, required};
use crate::db::{Row, args};
use crate::{Actor, Current, Error, Kind, Result, text};
use model::TimestampMs;

/// Most versions of one answer.
const MOST_VERSIONS: u32 = 1000;

/// A version, without its JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionInfo {
    /// Its number.
    pub version: i64,
    /// The version before it; 0 is none.
    pub parent: i64,
    /// The version that it is a copy of.
    pub restored_from: Option<i64>,
    /// When it was saved.
    pub created: TimestampMs,
    /// By whom: a login or name.
    pub created_by: String,
    /// Why.
    pub message: String,
}

/// A version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DashboardVersion {
    /// What is known of it.
    pub info: VersionInfo,
    /// Its JSON, byte for byte.
    pub json: String,
}

impl Dashboards<'_> {
    /// The versions that are kept. Ordering: newest first. `limit` 0 is all of them.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn versions(&self, uid: &str, limit: u32) -> Result<Vec<VersionInfo>> {
        let mut conn = self.0.read().await?;
        let id = get(&mut conn, uid).await?.id;
        let limit = if limit == 0 {
            MOST_VERSIONS
        } else {
            limit.min(MOST_VERSIONS)
        };
        let sql = "SELECT version, parent_version, restored_from, created, created_by, message \
             FROM dashboard_versions WHERE dashboard_id = $1 ORDER BY version DESC LIMIT $2";
        let rows = conn.all(sql, args![id, i64::from(limit)]).await?;
        rows.iter().map(info).collect()
    }

    /// One version.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the dashboard or the version.
    pub async fn version(&self, uid: &str, version: i64) -> Result<DashboardVersion> {
        let mut conn = self.0.read().await?;
        let id = get(&mut conn, uid).await?.id;
        let sql = "SELECT version, parent_version, restored_from, created, created_by, message, json \
             FROM dashboard_versions WHERE dashboard_id = $1 AND version = $2";
        let row = conn.first(sql, args![id, version]).await?;
        let row = row
            .ok_or_else(|| Error::not_found(Kind::DashboardVersion, format!("{uid} {version}")))?;
        Ok(DashboardVersion {
            info: info(&row)?,
            json: row.text("json")?,
        })
    }

    /// Saves an old version again, as a new one. The folder stays.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the dashboard or the version, [`Error::Conflict`] where
    /// [`Base::Version`] is not stored.
    pub async fn restore(
        &self,
        actor: &Actor,
        uid: &str,
        version: i64,
        message: &str,
        base: Base,
    ) -> Result<Saved> {
        text::short("message", message, text::BODY_BYTES)?;
        let old = self.version(uid, version).await?;
        let document = Document::parse(&old.json, usize::MAX)?;
        let mut conn = self.0.write().await?;
        let (stored, folder) = required(&mut conn, uid).await?;
        if let Base::Version(base) = base
            && base != stored.version
        {
            let current = Current::Dashboard(Box::new(stored));
            return Err(Error::Conflict { base, current });
        }
        let write = Write {
            document: &document,
            json: &old.json,
            folder,
            message,
            restored_from: Some(version),
        };
        let saved = self.replace(&mut conn, actor, &stored, write).await?;
        conn.commit().await?;
        Ok(saved)
    }

    /// What differs between two versions.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the dashboard or a version.
    pub async fn compare(&self, uid: &str, old: i64, new: i64) -> Result<Vec<Change>> {
        let old = self.version(uid, old).await?;
        let new = self.version(uid, new).await?;
        compare(&old.json, &new.json)
    }
}

fn info(row: &Row) -> Result<VersionInfo> {
    Ok(VersionInfo {
        version: row.int("version")?,
        parent: row.int("parent_version")?,
        restored_from: row.maybe_int("restored_from")?,
        created: row.time("created")?,
        created_by: row.text("created_by")?,
        message: row.text("message")?,
    })
}
