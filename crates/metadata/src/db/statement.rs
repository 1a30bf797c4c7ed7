//! Statements that are put together from parts: constants, placeholders and numbers, never input.

use crate::db::Value;
use sqlx::AssertSqlSafe;

/// A statement as it grows, with its arguments.
#[derive(Debug, Default)]
pub(crate) struct Statement {
    sql: String,
    args: Vec<Value>,
}

impl Statement {
    /// Adds text. Input goes through [`arg`](Self::arg).
    pub(crate) fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    /// Adds an argument; its placeholder, to be pushed.
    pub(crate) fn arg(&mut self, value: impl Into<Value>) -> String {
        self.args.push(value.into());
        format!("${}", self.args.len())
    }

    /// Adds arguments; their placeholders in a row.
    pub(crate) fn list(&mut self, values: &[String]) -> String {
        let places: Vec<String> = values.iter().map(|value| self.arg(value)).collect();
        places.join(", ")
    }

    /// Adds ` AND condition argument` for each condition that has one.
    pub(crate) fn conditions(
        &mut self,
        conditions: impl IntoIterator<Item = (&'static str, Option<Value>)>,
    ) {
        for (condition, value) in conditions {
            if let Some(value) = value {
                let place = self.arg(value);
                self.push(&format!(" AND {condition} {place}"));
            }
        }
    }

    /// The statement and its arguments.
    pub(crate) fn finish(self) -> (AssertSqlSafe<String>, Vec<Value>) {
        (AssertSqlSafe(self.sql), self.args)
    }
}
