//! Databases of older and newer programs.

#[path = "../../tests/it/cluster.rs"]
mod cluster;

use super::*;
use crate::{HashCost, Location, Metadata, Options};
use clock::ManualClock;
use sqlx::sqlite::SqliteConnectOptions;
use std::sync::Arc;

const NOW: TimestampMs = TimestampMs(1_800_000_000_000);

fn options() -> Options {
    Options {
        hash_cost: HashCost {
            memory_kib: 64,
            passes: 1,
        },
        ..Options::default()
    }
}

async fn open(file: &Path) -> Result<Metadata> {
    let clock = Arc::new(ManualClock::at(NOW));
    Metadata::open(&Location::Sqlite(file.into()), options(), clock).await
}

async fn run(file: &Path, sql: &'static str) {
    let options = SqliteConnectOptions::new().filename(file);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn number(file: &Path, sql: &'static str) -> i64 {
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let number = sqlx::query_scalar(sql)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    number
}

#[tokio::test]
async fn older_database_is_copied_and_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("watchfire's.db");
    assert_eq!(migrate_sqlite(&file, 2, NOW).await.unwrap(), None);
    run(
        &file,
        "INSERT INTO teams (name, name_key, created, updated) VALUES ('Ops', 'ops', 1, 1)",
    )
    .await;
    let metadata = open(&file).await.unwrap();
    let copy = metadata.backup().unwrap().to_owned();
    assert_eq!(
        copy,
        folder.path().join("watchfire's.db.backup-v2-1800000000000")
    );
    assert_eq!(metadata.teams().list("").await.unwrap()[0].name, "Ops");
    metadata.close().await;
    let newest = "SELECT MAX(version) FROM _sqlx_migrations";
    assert_eq!(number(&file, newest).await, NEWEST);
    assert_eq!(number(&copy, newest).await, 2);
    assert_eq!(
        number(&copy, "SELECT COUNT(*) FROM teams WHERE name = 'Ops'").await,
        1
    );
    // Nothing to do the next time, so no copy.
    let metadata = open(&file).await.unwrap();
    assert_eq!(metadata.backup(), None);
    metadata.close().await;
    // The copy is a database like any other.
    let restored = open(&copy).await.unwrap();
    assert_eq!(restored.teams().list("").await.unwrap()[0].name, "Ops");
    restored.close().await;
}

#[tokio::test]
async fn older_database_of_a_server_is_brought_up_to_date() {
    let Some(socket) = cluster::socket() else {
        return;
    };
    let url = format!("postgres://watchfire@localhost/postgres?host={socket}");
    let server: PgConnectOptions = url.parse().unwrap();
    migrate_postgres(&server, 2).await.unwrap();
    let mut connection = PgConnection::connect_with(&server).await.unwrap();
    let team = "INSERT INTO teams (name, name_key, created, updated) VALUES ('Ops', 'ops', 1, 1)";
    sqlx::raw_sql(team).execute(&mut connection).await.unwrap();
    let clock = || Arc::new(ManualClock::at(NOW));
    let location = Location::Postgres(crate::Secret::new(url));
    let metadata = Metadata::open(&location, options(), clock()).await.unwrap();
    assert_eq!(metadata.teams().list("").await.unwrap()[0].name, "Ops");
    metadata.close().await;
    let future = "INSERT INTO _sqlx_migrations (version, description, success, checksum, \
         execution_time) VALUES (99, 'future', true, '\\x00', 0)";
    sqlx::raw_sql(future)
        .execute(&mut connection)
        .await
        .unwrap();
    let error = Metadata::open(&location, options(), clock())
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::NewerSchema { version: 99 }),
        "{error}"
    );
    connection.close().await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn only_this_user_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("watchfire.db");
    migrate_sqlite(&file, 1, NOW).await.unwrap();
    let metadata = open(&file).await.unwrap();
    metadata.users().ensure_admin().await.unwrap();
    let mut seen = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", entry.path().display());
        seen += 1;
    }
    assert!(
        seen >= 4,
        "database, log, index of the log, copy; seen {seen}"
    );
    metadata.close().await;
}

#[tokio::test]
async fn database_of_a_newer_program_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("watchfire.db");
    open(&file).await.unwrap().close().await;
    run(
        &file,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (99, 'future', 1, x'00', 0)",
    )
    .await;
    let error = open(&file).await.unwrap_err();
    assert!(
        matches!(error, Error::NewerSchema { version: 99 }),
        "{error}"
    );
}

#[tokio::test]
async fn schema_that_was_changed_by_hand_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("watchfire.db");
    open(&file).await.unwrap().close().await;
    run(
        &file,
        "UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 3",
    )
    .await;
    let error = open(&file).await.unwrap_err();
    let is_mismatch = matches!(error, Error::Migration(MigrateError::VersionMismatch(3)));
    assert!(is_mismatch, "{error}");
}

#[tokio::test]
async fn file_that_is_no_database_is_told_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("watchfire.db");
    std::fs::write(
        &file,
        "not a database, but somebody's letter, longer than a header. ".repeat(20),
    )
    .unwrap();
    assert!(matches!(open(&file).await.unwrap_err(), Error::Database(_)));
    assert!(
        std::fs::read_to_string(&file)
            .unwrap()
            .starts_with("not a database")
    );
    let nowhere = open(&folder.path().join("none/watchfire.db"))
        .await
        .unwrap_err();
    assert!(matches!(nowhere, Error::File { .. }), "{nowhere}");
}

#[test]
fn every_file_of_migrations_is_used() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let used: Vec<String> = MIGRATIONS
        .iter()
        .map(|(_, name, _)| format!("{name}.sql"))
        .collect();
    assert_eq!(files, used);
    for (place, (number, ..)) in (1..).zip(MIGRATIONS) {
        assert_eq!(place, number);
    }
}

#[test]
fn sqlite_gets_no_phrase_of_postgresql() {
    for (_, name, text) in MIGRATIONS {
        let text = for_sqlite(text);
        for phrase in ["IDENTITY", "COLLATE"] {
            assert!(!text.contains(phrase), "{name}: {phrase}");
        }
    }
}
