//! The two databases behind one connection type, so that every statement is written once.
//!
//! Statements keep to what both speak: `$1` for arguments, columns of BIGINT and TEXT only, flags as 0
//! and 1. Transactions that write run one after the other on both, so what one reads stays true until
//! it commits: a check before a write needs no second look.

mod row;
mod statement;
mod value;

pub(crate) use row::Row;
pub(crate) use statement::Statement;
pub(crate) use value::{Value, args};

use crate::{Error, Result};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{
    ConnectOptions, PgPool, Postgres, Row as _, SqlSafeStr, Sqlite, SqlitePool, Transaction,
};
use std::path::Path;
use std::time::Duration;

/// How long a request waits for a connection, and SQLite for a lock that another process holds.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections that read SQLite beside its one writer.
const SQLITE_READERS: u32 = 4;
/// Connections to PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 8;
/// The number of the lock that makes writers of PostgreSQL wait for each other; any fixed number does.
const WRITER_LOCK: i64 = 0x7761_7463_6866_6972;

/// Pools of connections to one of the databases.
#[derive(Debug)]
pub(crate) enum Database {
    Sqlite {
        /// One connection: SQLite has one writer at a time, and waiting here is fair.
        writer: SqlitePool,
        reader: SqlitePool,
    },
    Postgres(PgPool),
}

impl Database {
    /// A connection alone, for migrations.
    pub(crate) fn sqlite_options(file: &Path) -> SqliteConnectOptions {
        SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What was answered with success survives a power cut.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE)
            .disable_statement_logging()
    }

    pub(crate) async fn sqlite(file: &Path) -> Result<Self> {
        let options = Self::sqlite_options(file);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(PATIENCE)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await?;
        let reader = SqlitePoolOptions::new()
            .max_connections(SQLITE_READERS)
            .acquire_timeout(PATIENCE)
            .connect_with(options.create_if_missing(false).read_only(true))
            .await?;
        Ok(Self::Sqlite { writer, reader })
    }

    pub(crate) async fn postgres(options: PgConnectOptions) -> Result<Self> {
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .connect_with(options.disable_statement_logging())
            .await?;
        Ok(Self::Postgres(pool))
    }

    /// Begins a transaction that sees one state of the database and changes nothing.
    pub(crate) async fn read(&self) -> Result<Conn> {
        Ok(match self {
            Self::Sqlite { reader, .. } => Conn::Sqlite(reader.begin_with("BEGIN DEFERRED").await?),
            Self::Postgres(pool) => Conn::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
            ),
        })
    }

    /// Begins a transaction that writes, when no other one does. Dropped without
    /// [`commit`](Conn::commit), it has changed nothing.
    pub(crate) async fn write(&self) -> Result<Conn> {
        match self {
            Self::Sqlite { writer, .. } => {
                Ok(Conn::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?))
            }
            Self::Postgres(pool) => {
                let mut conn = Conn::Postgres(pool.begin().await?);
                let lock = "SELECT pg_advisory_xact_lock($1)";
                conn.run(lock, args![WRITER_LOCK]).await?;
                Ok(conn)
            }
        }
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { writer, reader } => {
                reader.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// A transaction.
pub(crate) enum Conn {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// A statement with its arguments, for the database whose transaction is at hand.
macro_rules! query {
    ($database:ty, $sql:expr, $args:expr) => {{
        let mut query = sqlx::query::<$database>($sql);
        for value in $args {
            query = match value {
                Value::Int(number) => query.bind(number),
                Value::Text(text) => query.bind(text),
            };
        }
        query
    }};
}

impl Conn {
    /// All rows.
    pub(crate) async fn all(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<Vec<Row>> {
        value::check(&args)?;
        Ok(match self {
            Self::Sqlite(tx) => query!(Sqlite, sql, args)
                .fetch_all(&mut **tx)
                .await?
                .into_iter()
                .map(Row::Sqlite)
                .collect(),
            Self::Postgres(tx) => query!(Postgres, sql, args)
                .fetch_all(&mut **tx)
                .await?
                .into_iter()
                .map(Row::Postgres)
                .collect(),
        })
    }

    /// The first row, if there is one.
    pub(crate) async fn first(
        &mut self,
        sql: impl SqlSafeStr,
        args: Vec<Value>,
    ) -> Result<Option<Row>> {
        value::check(&args)?;
        Ok(match self {
            Self::Sqlite(tx) => query!(Sqlite, sql, args)
                .fetch_optional(&mut **tx)
                .await?
                .map(Row::Sqlite),
            Self::Postgres(tx) => query!(Postgres, sql, args)
                .fetch_optional(&mut **tx)
                .await?
                .map(Row::Postgres),
        })
    }

    /// The number in the first column of the first row: a count, or the id of `RETURNING id`.
    pub(crate) async fn number(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<i64> {
        value::check(&args)?;
        Ok(match self {
            Self::Sqlite(tx) => query!(Sqlite, sql, args)
                .fetch_one(&mut **tx)
                .await?
                .try_get(0)?,
            Self::Postgres(tx) => query!(Postgres, sql, args)
                .fetch_one(&mut **tx)
                .await?
                .try_get(0)?,
        })
    }

    /// Runs a statement; how many rows it changed.
    pub(crate) async fn run(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<u64> {
        value::check(&args)?;
        Ok(match self {
            Self::Sqlite(tx) => query!(Sqlite, sql, args)
                .execute(&mut **tx)
                .await?
                .rows_affected(),
            Self::Postgres(tx) => query!(Postgres, sql, args)
                .execute(&mut **tx)
                .await?
                .rows_affected(),
        })
    }

    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
        .map_err(Error::from)
    }
}
