//! A fresh database for each test, on either side.

use crate::cluster;
use clock::ManualClock;
use metadata::access::{Policy, Principal, Role, UserId};
use metadata::{
    Actor, HashCost, Location, Metadata, NewUser, Options, Secret, User, UserFields, Visible,
};
use model::TimestampMs;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// Runs each test on both databases.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let fixture = $crate::fixture::Fixture::sqlite().await;
                super::$name(&fixture).await;
                fixture.metadata.close().await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let Some(fixture) = $crate::fixture::Fixture::postgres().await else {
                    return;
                };
                super::$name(&fixture).await;
                fixture.metadata.close().await;
            })*
        }
    };
}
pub(crate) use on_both;

/// When tests begin.
pub(crate) const START: TimestampMs = TimestampMs(1_800_000_000_000);
/// A password that is taken.
pub(crate) const PASSWORD: &str = "correct horse";

pub(crate) struct Fixture {
    pub(crate) metadata: Metadata,
    pub(crate) location: Location,
    pub(crate) clock: ManualClock,
    pub(crate) actor: Actor,
    _folder: Option<TempDir>,
}

pub(crate) fn options() -> Options {
    Options {
        hash_cost: HashCost {
            memory_kib: 64,
            passes: 1,
        },
        ..Options::default()
    }
}

impl Fixture {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Sqlite(folder.path().join("a ?#% name.db"));
        Self::open(location, Some(folder)).await
    }

    pub(crate) async fn postgres() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let socket = tokio::task::spawn_blocking(cluster::socket)
            .await
            .unwrap()?;
        let schema = format!("test{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let url = format!("postgres://watchfire@localhost/postgres?host={socket}");
        let mut connection = PgConnection::connect(&url).await.unwrap();
        // A schema of its own for each test: a database of its own takes ten times as long.
        let sql = format!("CREATE SCHEMA {schema}");
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        let url = format!("{url}&options[search_path]={schema}");
        Some(Self::open(Location::Postgres(Secret::new(url)), None).await)
    }

    async fn open(location: Location, folder: Option<TempDir>) -> Self {
        let clock = ManualClock::at(START);
        let metadata = Metadata::open(&location, options(), Arc::new(clock.clone()))
            .await
            .unwrap();
        Self {
            metadata,
            location,
            clock,
            actor: Actor::system("test"),
            _folder: folder,
        }
    }

    /// The same database, opened once more with other options.
    pub(crate) async fn reopen(&self, options: Options) -> Metadata {
        let clock = Arc::new(self.clock.clone());
        Metadata::open(&self.location, options, clock)
            .await
            .unwrap()
    }

    pub(crate) async fn user(&self, login: &str, role: Role) -> User {
        let new = NewUser {
            fields: fields(login, role),
            password: Some(Secret::new(PASSWORD)),
        };
        self.metadata
            .users()
            .create(&self.actor, new)
            .await
            .unwrap()
    }

    pub(crate) async fn principal(&self, id: UserId) -> Principal {
        self.metadata.users().principal(id).await.unwrap()
    }

    /// What an administrator sees: everything.
    pub(crate) async fn everything(&self) -> Visible {
        let admin = Principal::ServiceAccount {
            id: 1,
            name: "robot".into(),
            role: Role::Admin,
        };
        let folders = self.metadata.folders();
        folders.visible(Policy::default(), &admin).await.unwrap()
    }
}

pub(crate) fn fields(login: &str, role: Role) -> UserFields {
    UserFields {
        login: login.into(),
        email: None,
        name: login.to_uppercase(),
        role,
        disabled: false,
    }
}
