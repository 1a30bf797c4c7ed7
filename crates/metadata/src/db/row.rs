//! Rows of results, their columns read by name.

use crate::Result;
use model::{DurationMs, TimestampMs};
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

/// One row of a result.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    pub(crate) fn maybe_int(&self, column: &str) -> Result<Option<i64>> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn maybe_text(&self, column: &str) -> Result<Option<String>> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn int(&self, column: &str) -> Result<i64> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn text(&self, column: &str) -> Result<String> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn flag(&self, column: &str) -> Result<bool> {
        Ok(self.int(column)? != 0)
    }

    pub(crate) fn time(&self, column: &str) -> Result<TimestampMs> {
        self.int(column).map(TimestampMs)
    }

    pub(crate) fn maybe_time(&self, column: &str) -> Result<Option<TimestampMs>> {
        Ok(self.maybe_int(column)?.map(TimestampMs))
    }

    pub(crate) fn duration(&self, column: &str) -> Result<DurationMs> {
        self.int(column).map(DurationMs)
    }

    pub(crate) fn maybe_duration(&self, column: &str) -> Result<Option<DurationMs>> {
        Ok(self.maybe_int(column)?.map(DurationMs))
    }
}
