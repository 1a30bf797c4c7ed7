//! Folders: where they stand, and who may do what in them.

use crate::fixture::{Fixture, on_both};
use metadata::access::{
    Action, DEFAULT_GRANTS, Grant, Permission, Policy, Principal, Role, Subject, decide,
};
use metadata::{
    Actor, Base, Contents, DashboardDraft, Error, Folder, FolderDraft, Kind, Placement,
};

on_both![
    titles_are_unique_among_neighbours,
    folder_cannot_stand_in_itself_or_too_deep,
    deletion_of_a_full_folder_is_asked_for,
    rename_on_an_old_version_is_told,
    grants_add_up_from_the_outside_in,
    folder_without_grants_for_viewers_is_seen_by_editors_alone,
    who_makes_a_folder_may_do_all_in_it,
    grants_of_nobody_are_refused,
];

async fn make(fixture: &Fixture, uid: &str, parent: Option<&str>) -> metadata::Result<Folder> {
    let draft = FolderDraft {
        uid: Some(uid.into()),
        title: format!("Folder {uid}"),
        parent: parent.map(Into::into),
    };
    fixture
        .metadata
        .folders()
        .create(&fixture.actor, draft)
        .await
}

fn grant(subject: Subject, permission: Permission) -> Grant {
    Grant {
        subject,
        permission,
    }
}

async fn titles_are_unique_among_neighbours(fixture: &Fixture) {
    let folders = fixture.metadata.folders();
    make(fixture, "a", None).await.unwrap();
    let draft = |title: &str, parent: Option<&str>| FolderDraft {
        uid: None,
        title: title.into(),
        parent: parent.map(Into::into),
    };
    let error = folders
        .create(&fixture.actor, draft(" FOLDER A ", None))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::AlreadyExists { .. }), "{error}");
    let inner = folders
        .create(&fixture.actor, draft("Folder a", Some("a")))
        .await
        .unwrap();
    assert_eq!(inner.parent.as_deref(), Some("a"));
    let error = folders
        .move_to(&fixture.actor, &inner.uid, None)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::AlreadyExists { .. }), "{error}");
    let error = make(fixture, "a", Some("a")).await.unwrap_err();
    assert!(matches!(error, Error::AlreadyExists { .. }), "{error}");
    let path: Vec<String> = folders
        .path(&inner.uid)
        .await
        .unwrap()
        .into_iter()
        .map(|f| f.uid)
        .collect();
    assert_eq!(path, ["a", inner.uid.as_str()]);
    assert_eq!(folders.children(Some("a")).await.unwrap(), [inner]);
    assert_eq!(folders.children(None).await.unwrap().len(), 1);
    assert_eq!(folders.all().await.unwrap().len(), 2);
}

async fn folder_cannot_stand_in_itself_or_too_deep(fixture: &Fixture) {
    let folders = fixture.metadata.folders();
    make(fixture, "f0", None).await.unwrap();
    for level in 1..8 {
        let parent = format!("f{}", level - 1);
        make(fixture, &format!("f{level}"), Some(&parent))
            .await
            .unwrap();
    }
    let error = make(fixture, "deep", Some("f7")).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Invalid {
                field: "parent",
                ..
            }
        ),
        "{error}"
    );
    for parent in ["f0", "f3"] {
        let error = folders
            .move_to(&fixture.actor, "f0", Some(parent))
            .await
            .unwrap_err();
        assert!(
            matches!(
                error,
                Error::Invalid {
                    field: "parent",
                    ..
                }
            ),
            "{error}"
        );
    }
    make(fixture, "other", None).await.unwrap();
    let error = folders
        .move_to(&fixture.actor, "f0", Some("other"))
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Invalid {
                field: "parent",
                ..
            }
        ),
        "{error}"
    );
    folders
        .move_to(&fixture.actor, "f1", Some("other"))
        .await
        .unwrap();
    assert_eq!(folders.path("f7").await.unwrap()[0].uid, "other");
}

async fn deletion_of_a_full_folder_is_asked_for(fixture: &Fixture) {
    let folders = fixture.metadata.folders();
    make(fixture, "a", None).await.unwrap();
    make(fixture, "b", Some("a")).await.unwrap();
    let draft = DashboardDraft {
        folder: Placement::Folder("b".into()),
        ..DashboardDraft::new(r#"{"uid": "d", "title": "D"}"#, Base::New)
    };
    fixture
        .metadata
        .dashboards()
        .save(&fixture.actor, draft)
        .await
        .unwrap();
    let error = folders
        .delete(&fixture.actor, "a", Contents::Keep)
        .await
        .unwrap_err();
    let Error::NotEmpty {
        dashboards: 1,
        folders: 1,
        groups: 0,
        ..
    } = error
    else {
        panic!("{error}");
    };
    assert!(fixture.metadata.dashboards().get("d").await.is_ok());
    folders
        .delete(&fixture.actor, "a", Contents::Delete)
        .await
        .unwrap();
    assert!(folders.all().await.unwrap().is_empty());
    assert!(fixture.metadata.dashboards().get("d").await.is_err());
}

async fn rename_on_an_old_version_is_told(fixture: &Fixture) {
    let folders = fixture.metadata.folders();
    make(fixture, "a", None).await.unwrap();
    let renamed = folders
        .rename(&fixture.actor, "a", "New", Some(1))
        .await
        .unwrap();
    assert_eq!((renamed.version, renamed.title.as_str()), (2, "New"));
    let error = folders
        .rename(&fixture.actor, "a", "Late", Some(1))
        .await
        .unwrap_err();
    let Error::Conflict { base: 1, current } = error else {
        panic!("{error}");
    };
    assert_eq!(
        (current.kind(), current.version(), current.id()),
        (Kind::Folder, 2, "a")
    );
    folders
        .rename(&fixture.actor, "a", "Late", None)
        .await
        .unwrap();
}

async fn grants_add_up_from_the_outside_in(fixture: &Fixture) {
    let folders = fixture.metadata.folders();
    let teams = fixture.metadata.teams();
    make(fixture, "a", None).await.unwrap();
    make(fixture, "b", Some("a")).await.unwrap();
    assert_eq!(folders.grants(None).await.unwrap(), DEFAULT_GRANTS);
    assert_eq!(folders.grants(Some("b")).await.unwrap(), DEFAULT_GRANTS);
    assert_eq!(folders.own_grants("b").await.unwrap(), None);
    let ann = fixture.user("ann", Role::Viewer).await;
    let team = teams.create(&fixture.actor, "Ops", None).await.unwrap();
    teams.add(&fixture.actor, team.id, ann.id).await.unwrap();
    let lines = [grant(Subject::Team(team.id), Permission::Edit)];
    folders
        .set_grants(&fixture.actor, "b", Some(&lines))
        .await
        .unwrap();
    let principal = fixture.principal(ann.id).await;
    let permission = folders.permission(&principal, Some("b")).await.unwrap();
    assert_eq!(permission, Some(Permission::Edit));
    assert_eq!(
        folders.permission(&principal, Some("a")).await.unwrap(),
        Some(Permission::View)
    );
    assert_eq!(folders.own_grants("b").await.unwrap().unwrap(), lines);
    // What an inner folder says takes nothing away: viewers still see into it.
    let other = fixture
        .principal(fixture.user("bob", Role::Viewer).await.id)
        .await;
    assert_eq!(
        folders.permission(&other, Some("b")).await.unwrap(),
        Some(Permission::View)
    );
    teams.delete(&fixture.actor, team.id).await.unwrap();
    assert_eq!(folders.own_grants("b").await.unwrap(), Some(vec![]));
    folders.set_grants(&fixture.actor, "b", None).await.unwrap();
    assert_eq!(folders.own_grants("b").await.unwrap(), None);
}

async fn folder_without_grants_for_viewers_is_seen_by_editors_alone(fixture: &Fixture) {
    let folders = fixture.metadata.folders();
    let open = make(fixture, "open", None).await.unwrap();
    let closed = make(fixture, "closed", None).await.unwrap();
    let inner = make(fixture, "inner", Some("closed")).await.unwrap();
    let lines = [grant(Subject::Role(Role::Editor), Permission::Edit)];
    folders
        .set_grants(&fixture.actor, "closed", Some(&lines))
        .await
        .unwrap();
    let viewer = fixture
        .principal(fixture.user("ann", Role::Viewer).await.id)
        .await;
    let editor = fixture
        .principal(fixture.user("bob", Role::Editor).await.id)
        .await;
    let policy = Policy::default();
    for principal in [&viewer, &Principal::Anonymous] {
        let visible = folders.visible(policy, principal).await.unwrap();
        assert_eq!((visible.top, visible.folders), (true, vec![open.id]));
    }
    let visible = folders.visible(policy, &editor).await.unwrap();
    assert_eq!(visible.folders, [open.id, closed.id, inner.id]);
    let closed_server = Policy {
        login_required: true,
    };
    let visible = folders
        .visible(closed_server, &Principal::Anonymous)
        .await
        .unwrap();
    assert_eq!((visible.top, visible.folders), (false, vec![]));
    // The same answer one by one.
    for uid in ["open", "closed", "inner"] {
        let grants = folders.grants(Some(uid)).await.unwrap();
        let decision = decide(policy, &viewer, Action::ReadDashboards, &grants);
        assert_eq!(decision.is_allowed(), uid == "open", "{uid}");
    }
}

async fn who_makes_a_folder_may_do_all_in_it(fixture: &Fixture) {
    let folders = fixture.metadata.folders();
    let ann = fixture
        .principal(fixture.user("ann", Role::Editor).await.id)
        .await;
    let bob = fixture
        .principal(fixture.user("bob", Role::Editor).await.id)
        .await;
    let actor = Actor::new(&ann, "192.0.2.1");
    let draft = FolderDraft {
        title: "Hers".into(),
        ..FolderDraft::default()
    };
    let folder = folders.create(&actor, draft).await.unwrap();
    assert_eq!(
        (folder.created_by.as_str(), folder.own_grants),
        ("ann", true)
    );
    let uid = Some(folder.uid.as_str());
    assert_eq!(
        folders.permission(&ann, uid).await.unwrap(),
        Some(Permission::Admin)
    );
    assert_eq!(
        folders.permission(&bob, uid).await.unwrap(),
        Some(Permission::Edit)
    );
}

async fn grants_of_nobody_are_refused(fixture: &Fixture) {
    let folders = fixture.metadata.folders();
    make(fixture, "a", None).await.unwrap();
    let nobody = [grant(
        Subject::User(metadata::access::UserId(99)),
        Permission::View,
    )];
    let error = folders
        .set_grants(&fixture.actor, "a", Some(&nobody))
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::NotFound {
                kind: Kind::User,
                ..
            }
        ),
        "{error}"
    );
    let twice = [
        grant(Subject::Role(Role::Viewer), Permission::View),
        grant(Subject::Role(Role::Viewer), Permission::Edit),
    ];
    let error = folders
        .set_grants(&fixture.actor, "a", Some(&twice))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Invalid { .. }), "{error}");
    assert_eq!(folders.own_grants("a").await.unwrap(), None);
}
