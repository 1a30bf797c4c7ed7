//! The open database with everything around it.

use crate::db::{Conn, Database};
use crate::users::{LoginLimiter, Passwords};
use crate::{
    Annotations, Audit, Dashboards, Error, Folders, Location, Logins, Options, PreferencesOf,
    Result, Rules, ServiceAccounts, Sessions, Teams, Users, access, schema,
};
use clock::Clock;
use model::TimestampMs;
use parking_lot::Mutex;
use sqlx::postgres::PgConnectOptions;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the repositories share.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) db: Database,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) options: Options,
    pub(crate) passwords: Passwords,
    pub(crate) limiter: Mutex<LoginLimiter>,
    backup: Option<PathBuf>,
}

impl Store {
    pub(crate) fn now(&self) -> TimestampMs {
        self.clock.now()
    }

    pub(crate) async fn read(&self) -> Result<Conn> {
        self.db.read().await
    }

    pub(crate) async fn write(&self) -> Result<Conn> {
        self.db.write().await
    }
}

/// The metadata of a server. Clones share one database.
///
/// All methods of its repositories are safe to drop half way: what they had not finished is undone.
/// They run on tokio.
#[derive(Debug, Clone)]
pub struct Metadata(Arc<Store>);

/// What [`Metadata::tidy`] dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tidied {
    /// Sessions that had ended.
    pub sessions: u64,
    /// Entries of the audit log beyond its limits.
    pub audit_entries: u64,
}

impl Metadata {
    /// Opens the database and brings its schema up to date; a SQLite database that is changed by this is
    /// copied first.
    ///
    /// # Errors
    /// [`Error::NewerSchema`] for a database of a newer program, [`Error::Invalid`] for a URL that is
    /// none, else what the database or the file system says.
    pub async fn open(
        location: &Location,
        options: Options,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        let (db, backup) = match location {
            Location::Sqlite(file) => {
                let backup = schema::migrate_sqlite(file, schema::NEWEST, clock.now()).await?;
                (Database::sqlite(file).await?, backup)
            }
            Location::Postgres(url) => {
                let server: PgConnectOptions =
                    url.reveal().parse().map_err(|error: sqlx::Error| {
                        Error::invalid("metadata.url", error.to_string())
                    })?;
                let server = server.application_name("watchfire");
                schema::migrate_postgres(&server, schema::NEWEST).await?;
                (Database::postgres(server).await?, None)
            }
        };
        if let Some(copy) = &backup {
            tracing::info!(path = %copy.display(), "copied the metadata before their migration");
        }
        let passwords = Passwords::new(options.hash_cost)?;
        Ok(Self(Arc::new(Store {
            db,
            clock,
            options,
            passwords,
            limiter: Mutex::default(),
            backup,
        })))
    }

    /// The copy that was made before a migration, when the database was opened.
    pub fn backup(&self) -> Option<&Path> {
        self.0.backup.as_deref()
    }

    /// Dashboards, their versions, stars and search.
    pub fn dashboards(&self) -> Dashboards<'_> {
        Dashboards(&self.0)
    }

    /// Folders and who may do what in them.
    pub fn folders(&self) -> Folders<'_> {
        Folders(&self.0)
    }

    /// Annotations.
    pub fn annotations(&self) -> Annotations<'_> {
        Annotations(&self.0)
    }

    /// Rules made in the browser.
    pub fn rules(&self) -> Rules<'_> {
        Rules(&self.0)
    }

    /// Users.
    pub fn users(&self) -> Users<'_> {
        Users(&self.0)
    }

    /// Teams.
    pub fn teams(&self) -> Teams<'_> {
        Teams(&self.0)
    }

    /// Passwords at the door.
    pub fn logins(&self) -> Logins<'_> {
        Logins(&self.0)
    }

    /// Sessions.
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions(&self.0)
    }

    /// Service accounts and their tokens.
    pub fn service_accounts(&self) -> ServiceAccounts<'_> {
        ServiceAccounts(&self.0)
    }

    /// The preferences of one user.
    pub fn preferences(&self, user: access::UserId) -> PreferencesOf<'_> {
        PreferencesOf(&self.0, user)
    }

    /// The audit log.
    pub fn audit(&self) -> Audit<'_> {
        Audit(&self.0)
    }

    /// Asks the database for an answer, for health checks.
    ///
    /// # Errors
    /// [`Error::Database`] if there is none.
    pub async fn ping(&self) -> Result<()> {
        let mut conn = self.0.read().await?;
        conn.number("SELECT CAST(1 AS BIGINT)", vec![]).await?;
        Ok(())
    }

    /// Drops what is past its time. To be called now and then, say once an hour.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn tidy(&self) -> Result<Tidied> {
        Ok(Tidied {
            sessions: self.sessions().drop_ended().await?,
            audit_entries: self.audit().drop_old().await?,
        })
    }

    /// Closes the database, after what is under way.
    pub async fn close(&self) {
        self.0.db.close().await;
    }
}
