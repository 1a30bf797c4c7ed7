//! Dashboards: what comes in comes out, and nobody's work is overwritten unseen.

use crate::fixture::{Fixture, on_both, options};
use metadata::access::Role;
use metadata::{
    Base, Current, DashboardDraft, Error, FolderDraft, Kind, Options, Placement, Saved,
};
use model::DurationMs;

on_both![
    json_is_kept_byte_for_byte,
    save_over_a_newer_version_is_told_and_changes_nothing,
    saving_the_same_again_makes_no_version,
    new_dashboard_does_not_take_the_uid_of_another,
    versions_tell_who_when_and_why_and_old_ones_go,
    restored_version_is_a_new_one,
    dashboard_moves_between_folders,
    stars_and_annotations_go_with_their_dashboard,
    what_is_too_big_is_refused,
];

/// Odd spacing, repeated and unknown keys, numbers that no float holds, escapes.
const ODD: &str = "{\"title\" :\t\"A \\u00e9 é \\u0000x\",\n \"zzz\": 1.000000000000000000001e2, \
     \"uid\":\"odd\", \"a\": 1, \"a\": 2, \"n\": 123456789012345678901234567890, \"\\u0000\": null}  \n";

fn json(uid: &str, text: &str) -> String {
    format!(r#"{{"uid": "{uid}", "title": "T {uid}", "text": "{text}"}}"#)
}

async fn save(fixture: &Fixture, json: String, base: Base) -> metadata::Result<Saved> {
    let draft = DashboardDraft::new(json, base);
    fixture
        .metadata
        .dashboards()
        .save(&fixture.actor, draft)
        .await
}

async fn json_is_kept_byte_for_byte(fixture: &Fixture) {
    let title = r#""A \u00e9 é""#;
    let odd = ODD.replace(r#""A \u00e9 é \u0000x""#, title);
    let saved = save(fixture, odd.clone(), Base::New).await.unwrap();
    assert_eq!((saved.uid.as_str(), saved.version), ("odd", 1));
    let dashboard = fixture.metadata.dashboards().get("odd").await.unwrap();
    assert_eq!(dashboard.json, odd);
    assert_eq!(dashboard.title, "A é é");
    let version = fixture
        .metadata
        .dashboards()
        .version("odd", 1)
        .await
        .unwrap();
    assert_eq!(version.json, odd);
    // A title that no database takes is refused in words.
    let error = save(fixture, ODD.into(), Base::Overwrite)
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Invalid { field: "title", .. }),
        "{error}"
    );
}

async fn save_over_a_newer_version_is_told_and_changes_nothing(fixture: &Fixture) {
    save(fixture, json("a", "one"), Base::New).await.unwrap();
    save(fixture, json("a", "two"), Base::Version(1))
        .await
        .unwrap();
    let error = save(fixture, json("a", "late"), Base::Version(1))
        .await
        .unwrap_err();
    let Error::Conflict { base: 1, current } = error else {
        panic!("{error}");
    };
    let Current::Dashboard(current) = current else {
        panic!("{current:?}");
    };
    assert_eq!(
        (current.version, current.json.as_str()),
        (2, json("a", "two").as_str())
    );
    assert_eq!(
        fixture.metadata.dashboards().get("a").await.unwrap(),
        *current
    );
    let saved = save(fixture, json("a", "late"), Base::Overwrite)
        .await
        .unwrap();
    assert_eq!(saved.version, 3);
    let error = save(fixture, json("none", ""), Base::Version(1))
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::NotFound {
                kind: Kind::Dashboard,
                ..
            }
        ),
        "{error}"
    );
}

async fn saving_the_same_again_makes_no_version(fixture: &Fixture) {
    let first = save(fixture, json("a", "one"), Base::Overwrite)
        .await
        .unwrap();
    let again = save(fixture, json("a", "one"), Base::Overwrite)
        .await
        .unwrap();
    assert_eq!((first.version, first.changed), (1, true));
    assert_eq!((again.version, again.changed), (1, false));
    assert_eq!(
        fixture
            .metadata
            .dashboards()
            .versions("a", 0)
            .await
            .unwrap()
            .len(),
        1
    );
}

async fn new_dashboard_does_not_take_the_uid_of_another(fixture: &Fixture) {
    save(fixture, json("a", "one"), Base::New).await.unwrap();
    let error = save(fixture, json("a", "other"), Base::New)
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::AlreadyExists {
                kind: Kind::Dashboard,
                ..
            }
        ),
        "{error}"
    );
    // Without a uid each gets its own; with one beside the JSON, that one counts.
    let plain = r#"{"title": "plain"}"#;
    let first = save(fixture, plain.into(), Base::New).await.unwrap();
    let second = save(fixture, plain.into(), Base::New).await.unwrap();
    assert_ne!(first.uid, second.uid);
    let draft = DashboardDraft {
        uid: Some("b".into()),
        ..DashboardDraft::new(json("a", "one"), Base::New)
    };
    let dashboards = fixture.metadata.dashboards();
    assert_eq!(
        dashboards.save(&fixture.actor, draft).await.unwrap().uid,
        "b"
    );
    assert_eq!(dashboards.get("b").await.unwrap().json, json("a", "one"));
    let error = save(fixture, json("a/b", ""), Base::New).await.unwrap_err();
    assert!(
        matches!(error, Error::Invalid { field: "uid", .. }),
        "{error}"
    );
}

async fn versions_tell_who_when_and_why_and_old_ones_go(fixture: &Fixture) {
    let dashboards = fixture.metadata.dashboards();
    for version in 0..25 {
        let base = if version == 0 {
            Base::New
        } else {
            Base::Version(version)
        };
        let draft = DashboardDraft {
            message: format!("because {version}"),
            ..DashboardDraft::new(json("a", &version.to_string()), base)
        };
        fixture.clock.advance(DurationMs(1000));
        dashboards.save(&fixture.actor, draft).await.unwrap();
    }
    let versions = dashboards.versions("a", 0).await.unwrap();
    let numbers: Vec<i64> = versions.iter().map(|info| info.version).collect();
    assert_eq!(numbers, (6..=25).rev().collect::<Vec<i64>>());
    let newest = &versions[0];
    assert_eq!((newest.parent, newest.message.as_str()), (24, "because 24"));
    assert_eq!(newest.created_by, "test");
    assert_eq!(newest.created.0 - versions[19].created.0, 19_000);
    assert_eq!(dashboards.versions("a", 3).await.unwrap(), versions[..3]);
    let error = dashboards.version("a", 5).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::NotFound {
                kind: Kind::DashboardVersion,
                ..
            }
        ),
        "{error}"
    );
    let changes = dashboards.compare("a", 24, 25).await.unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].path, "/text");
    assert_eq!(changes[0].after.as_deref(), Some("\"24\""));
}

async fn restored_version_is_a_new_one(fixture: &Fixture) {
    let dashboards = fixture.metadata.dashboards();
    let tagged = r#"{"uid": "a", "title": "Old", "tags": ["x"]}"#;
    save(fixture, tagged.into(), Base::New).await.unwrap();
    save(fixture, json("a", "two"), Base::Version(1))
        .await
        .unwrap();
    assert!(dashboards.get("a").await.unwrap().tags.is_empty());
    let error = dashboards
        .restore(&fixture.actor, "a", 1, "", Base::Version(1))
        .await;
    assert!(matches!(error, Err(Error::Conflict { .. })), "{error:?}");
    let saved = dashboards
        .restore(&fixture.actor, "a", 1, "back", Base::Version(2))
        .await
        .unwrap();
    assert_eq!(saved.version, 3);
    let dashboard = dashboards.get("a").await.unwrap();
    assert_eq!(
        (dashboard.json.as_str(), dashboard.title.as_str()),
        (tagged, "Old")
    );
    assert_eq!(dashboard.tags, ["x"]);
    let newest = dashboards.versions("a", 1).await.unwrap().remove(0);
    assert_eq!(
        (newest.restored_from, newest.message.as_str()),
        (Some(1), "back")
    );
}

async fn dashboard_moves_between_folders(fixture: &Fixture) {
    let folders = fixture.metadata.folders();
    let dashboards = fixture.metadata.dashboards();
    let draft = FolderDraft {
        uid: Some("f".into()),
        title: "Folder".into(),
        parent: None,
    };
    folders.create(&fixture.actor, draft).await.unwrap();
    let in_folder = DashboardDraft {
        folder: Placement::Folder("f".into()),
        ..DashboardDraft::new(json("a", "one"), Base::New)
    };
    dashboards.save(&fixture.actor, in_folder).await.unwrap();
    // A save that does not speak of the folder leaves it there.
    save(fixture, json("a", "two"), Base::Version(1))
        .await
        .unwrap();
    let dashboard = dashboards.get("a").await.unwrap();
    assert_eq!(dashboard.folder.as_deref(), Some("f"));
    assert_eq!(dashboard.folder_title.as_deref(), Some("Folder"));
    dashboards
        .move_to(&fixture.actor, "a", &Placement::Top)
        .await
        .unwrap();
    let moved = dashboards.get("a").await.unwrap();
    assert_eq!((moved.folder, moved.version), (None, 2));
    let nowhere = Placement::Folder("none".into());
    let error = dashboards
        .move_to(&fixture.actor, "a", &nowhere)
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::NotFound {
                kind: Kind::Folder,
                ..
            }
        ),
        "{error}"
    );
}

async fn stars_and_annotations_go_with_their_dashboard(fixture: &Fixture) {
    let dashboards = fixture.metadata.dashboards();
    let ann = fixture.user("ann", Role::Viewer).await;
    save(fixture, json("a", "one"), Base::New).await.unwrap();
    dashboards.star(ann.id, "a").await.unwrap();
    dashboards.star(ann.id, "a").await.unwrap();
    assert!(dashboards.is_starred(ann.id, "a").await.unwrap());
    dashboards.delete(&fixture.actor, "a").await.unwrap();
    assert!(!dashboards.is_starred(ann.id, "a").await.unwrap());
    let gone = dashboards.get("a").await.unwrap_err();
    assert!(matches!(gone, Error::NotFound { .. }), "{gone}");
    let again = save(fixture, json("a", "one"), Base::New).await.unwrap();
    assert_eq!(again.version, 1);
    assert_eq!(dashboards.versions("a", 0).await.unwrap().len(), 1);
    assert!(!dashboards.is_starred(ann.id, "a").await.unwrap());
    dashboards.star(ann.id, "a").await.unwrap();
    dashboards.unstar(ann.id, "a").await.unwrap();
    assert!(!dashboards.is_starred(ann.id, "a").await.unwrap());
}

async fn what_is_too_big_is_refused(fixture: &Fixture) {
    let small = Options {
        dashboard_bytes: 100,
        ..options()
    };
    let metadata = fixture.reopen(small).await;
    let draft = DashboardDraft::new(json("a", &"x".repeat(100)), Base::New);
    let error = metadata
        .dashboards()
        .save(&fixture.actor, draft)
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Invalid {
                field: "dashboard",
                ..
            }
        ),
        "{error}"
    );
    metadata.close().await;
    // The default takes the biggest ones that are public.
    let big = json("a", &"x".repeat(4_000_000));
    save(fixture, big.clone(), Base::New).await.unwrap();
    assert_eq!(
        fixture.metadata.dashboards().get("a").await.unwrap().json,
        big
    );
}
