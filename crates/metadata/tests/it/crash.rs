//! A server that is killed while it writes: what it had confirmed is there, and nothing is half done.

use crate::fixture::{START, options};
use clock::ManualClock;
use metadata::{Actor, Base, ChainState, DashboardDraft, Location, Metadata};
use sqlx::{Connection, SqliteConnection};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

/// Names the database to the child; the test that is the child does nothing without it.
const DATABASE: &str = "WATCHFIRE_TEST_CRASH_DATABASE";
const ROUNDS: usize = 4;

async fn open(file: &Path) -> Metadata {
    let clock = Arc::new(ManualClock::at(START));
    Metadata::open(&Location::Sqlite(file.into()), options(), clock)
        .await
        .unwrap()
}

/// The child: saves one dashboard after the other and says so, until it is killed.
#[tokio::test]
async fn writer_that_is_killed() {
    let Some(file) = std::env::var_os(DATABASE) else {
        return;
    };
    let metadata = open(&PathBuf::from(file)).await;
    for number in 0_u32.. {
        let json = format!(r#"{{"title": "{number}", "x": "{}"}}"#, "y".repeat(20_000));
        let draft = DashboardDraft::new(json, Base::New);
        let saved = metadata
            .dashboards()
            .save(&Actor::system("child"), draft)
            .await
            .unwrap();
        println!("saved {}", saved.uid);
        std::io::stdout().flush().unwrap();
    }
}

#[tokio::test]
async fn killed_writer_loses_nothing_that_it_confirmed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("watchfire.db");
    let mut confirmed: Vec<String> = Vec::new();
    for round in 1..=ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::writer_that_is_killed", "--nocapture"])
            .env(DATABASE, &file)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let before = confirmed.len();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            // The name of the test may stand before it on the line.
            if let Some((_, uid)) = line.split_once("saved ") {
                confirmed.push(uid.to_owned());
            }
            if confirmed.len() == before + round * 5 {
                // SIGKILL; what is in the pipe already still counts as confirmed.
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        assert!(
            confirmed.len() >= before + round * 5,
            "the child ended early"
        );
        check(&file, &confirmed).await;
    }
}

async fn check(file: &Path, confirmed: &[String]) {
    let metadata = open(file).await;
    for uid in confirmed {
        let dashboard = metadata.dashboards().get(uid).await.unwrap();
        assert_eq!(
            metadata.dashboards().version(uid, 1).await.unwrap().json,
            dashboard.json
        );
    }
    let ChainState::Whole { entries } = metadata.audit().check_chain().await.unwrap() else {
        panic!("the audit log is broken");
    };
    metadata.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let verdict: String = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(verdict, "ok");
    let orphans = sqlx::query("PRAGMA foreign_key_check")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert!(orphans.is_empty());
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM dashboards")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    // Each dashboard with its entry in the log, or neither.
    assert_eq!(u64::try_from(count).unwrap(), entries);
    connection.close().await.unwrap();
}
