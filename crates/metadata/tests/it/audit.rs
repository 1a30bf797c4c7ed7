//! The audit log.

use crate::fixture::{Fixture, on_both, options};
use metadata::access::Role;
use metadata::{
    Actor, AuditQuery, Base, ChainState, DashboardDraft, Event, Kind, Location, Options,
};
use model::DurationMs;
use sqlx::{Connection, PgConnection, SqliteConnection};

on_both![
    every_change_is_in_the_log_with_who_and_from_where,
    refused_changes_leave_no_entry,
    log_is_asked_by_actor_action_object_and_page,
    old_entries_go_from_the_old_end,
    changed_and_removed_entries_break_the_chain,
    entry_is_cut_and_never_refused,
];

async fn save(fixture: &Fixture, actor: &Actor, uid: &str) {
    let json = format!(r#"{{"uid": "{uid}", "title": "T"}}"#);
    let draft = DashboardDraft::new(json, Base::New);
    fixture
        .metadata
        .dashboards()
        .save(actor, draft)
        .await
        .unwrap();
}

async fn every_change_is_in_the_log_with_who_and_from_where(fixture: &Fixture) {
    let ann = fixture.user("ann", Role::Editor).await;
    let actor = Actor::new(&fixture.principal(ann.id).await, "192.0.2.7");
    save(fixture, &actor, "a").await;
    fixture
        .metadata
        .dashboards()
        .delete(&actor, "a")
        .await
        .unwrap();
    let entries = fixture
        .metadata
        .audit()
        .list(&AuditQuery::default())
        .await
        .unwrap();
    let actions: Vec<&str> = entries.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(
        actions,
        ["dashboard.delete", "dashboard.create", "user.create"]
    );
    let created = &entries[1];
    assert_eq!(created.actor, actor);
    assert_eq!(
        (created.kind.as_str(), created.object_id.as_str()),
        ("dashboard", "a")
    );
    assert!(
        created.before.is_empty() && created.after.contains("\"version\":1"),
        "{created:?}"
    );
    assert!(entries[0].after.is_empty() && !entries[0].before.is_empty());
    assert_eq!(entries[2].actor, Actor::system("test"));
}

async fn refused_changes_leave_no_entry(fixture: &Fixture) {
    save(fixture, &fixture.actor, "a").await;
    let draft = DashboardDraft::new(r#"{"uid": "a", "title": "Late"}"#, Base::Version(7));
    assert!(
        fixture
            .metadata
            .dashboards()
            .save(&fixture.actor, draft)
            .await
            .is_err()
    );
    let entries = fixture
        .metadata
        .audit()
        .list(&AuditQuery::default())
        .await
        .unwrap();
    assert_eq!(entries.len(), 1);
}

async fn log_is_asked_by_actor_action_object_and_page(fixture: &Fixture) {
    let other = Actor::system("other");
    for uid in ["a", "b", "c"] {
        fixture.clock.advance(DurationMs(10));
        save(
            fixture,
            if uid == "b" { &other } else { &fixture.actor },
            uid,
        )
        .await;
    }
    let reload = Event {
        action: "server.reload",
        kind: Kind::Server,
        id: "config",
        name: "",
        before: String::new(),
        after: String::new(),
    };
    fixture
        .metadata
        .audit()
        .record(&other, reload)
        .await
        .unwrap();
    let find = async |query: AuditQuery| {
        let entries = fixture.metadata.audit().list(&query).await.unwrap();
        entries
            .into_iter()
            .map(|entry| entry.object_id)
            .collect::<Vec<_>>()
            .join(" ")
    };
    let query = AuditQuery::default;
    assert_eq!(find(query()).await, "config c b a");
    assert_eq!(
        find(AuditQuery {
            actor: Some("other".into()),
            ..query()
        })
        .await,
        "config b"
    );
    assert_eq!(
        find(AuditQuery {
            action: Some("dashboard.create".into()),
            ..query()
        })
        .await,
        "c b a"
    );
    assert_eq!(
        find(AuditQuery {
            kind: Some(Kind::Server),
            ..query()
        })
        .await,
        "config"
    );
    assert_eq!(
        find(AuditQuery {
            object_id: Some("c".into()),
            ..query()
        })
        .await,
        "c"
    );
    let entries = fixture.metadata.audit().list(&query()).await.unwrap();
    let (from, to) = (Some(entries[3].time), Some(entries[2].time));
    assert_eq!(
        find(AuditQuery {
            from,
            to,
            ..query()
        })
        .await,
        "b a"
    );
    let before_id = Some(entries[1].id);
    assert_eq!(
        find(AuditQuery {
            before_id,
            limit: 1,
            ..query()
        })
        .await,
        "b"
    );
}

async fn old_entries_go_from_the_old_end(fixture: &Fixture) {
    let day = DurationMs(86_400_000);
    let limits = Options {
        audit_entries: 5,
        audit_age: DurationMs(day.0 * 10),
        ..options()
    };
    let metadata = fixture.reopen(limits).await;
    for uid in 0..8 {
        save(fixture, &fixture.actor, &uid.to_string()).await;
        fixture.clock.advance(day);
    }
    assert_eq!(metadata.tidy().await.unwrap().audit_entries, 3);
    assert_eq!(
        metadata.audit().check_chain().await.unwrap(),
        ChainState::Whole { entries: 5 }
    );
    fixture.clock.advance(DurationMs(day.0 * 6));
    assert_eq!(metadata.tidy().await.unwrap().audit_entries, 1);
    // All are too old now; the newest stays, for the next one to be chained to.
    fixture.clock.advance(DurationMs(day.0 * 100));
    assert_eq!(metadata.tidy().await.unwrap().audit_entries, 3);
    save(fixture, &fixture.actor, "new").await;
    assert_eq!(
        metadata.audit().check_chain().await.unwrap(),
        ChainState::Whole { entries: 2 }
    );
    metadata.close().await;
}

/// Runs a statement behind the back of the program.
async fn tamper(fixture: &Fixture, sql: &'static str) {
    match &fixture.location {
        Location::Sqlite(file) => {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
            let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
        Location::Postgres(url) => {
            let mut connection = PgConnection::connect(url.reveal()).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
    }
}

async fn changed_and_removed_entries_break_the_chain(fixture: &Fixture) {
    for uid in 0..5 {
        save(fixture, &fixture.actor, &uid.to_string()).await;
    }
    let audit = fixture.metadata.audit();
    let entries = audit.list(&AuditQuery::default()).await.unwrap();
    let newest = entries[0].id;
    assert_eq!(
        audit.check_chain().await.unwrap(),
        ChainState::Whole { entries: 5 }
    );
    tamper(fixture, "UPDATE audit SET actor = 'mallory' WHERE id = 4").await;
    assert_eq!(
        audit.check_chain().await.unwrap(),
        ChainState::Broken { id: newest - 1 }
    );
    tamper(fixture, "UPDATE audit SET actor = 'test' WHERE id = 4").await;
    assert_eq!(
        audit.check_chain().await.unwrap(),
        ChainState::Whole { entries: 5 }
    );
    tamper(fixture, "DELETE FROM audit WHERE id = 3").await;
    assert_eq!(
        audit.check_chain().await.unwrap(),
        ChainState::Broken { id: newest - 1 }
    );
}

async fn entry_is_cut_and_never_refused(fixture: &Fixture) {
    let long = "é\u{0}".repeat(10_000);
    let event = Event {
        action: &long,
        kind: Kind::Server,
        id: &long,
        name: &long,
        before: long.clone(),
        after: String::new(),
    };
    fixture
        .metadata
        .audit()
        .record(&Actor::system(long.as_str()), event)
        .await
        .unwrap();
    let entry = fixture
        .metadata
        .audit()
        .list(&AuditQuery::default())
        .await
        .unwrap()
        .remove(0);
    assert!(entry.before.len() < 10_000 && entry.before.starts_with("é\u{fffd}é"));
    let state = fixture.metadata.audit().check_chain().await.unwrap();
    assert_eq!(state, ChainState::Whole { entries: 1 });
}
