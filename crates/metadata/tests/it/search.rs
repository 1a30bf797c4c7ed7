//! The search, as Grafana's clients use it.

use crate::fixture::{Fixture, on_both};
use metadata::access::Grant;
use metadata::access::{Permission, Policy, Role, Subject};
use metadata::{
    Base, DashboardDraft, FolderDraft, Placement, SearchHit, SearchKind, SearchOrder, SearchQuery,
};
use model::DurationMs;

on_both![
    text_tags_folders_and_stars_narrow_the_search,
    wildcards_are_letters,
    order_and_pages_are_the_same_on_both_databases,
    hidden_folders_stay_hidden,
    search_that_is_too_long_is_refused_and_one_that_is_not_is_answered,
];

async fn save(fixture: &Fixture, uid: &str, title: &str, tags: &[&str], folder: Placement) {
    let json = serde_json::json!({"uid": uid, "title": title, "tags": tags}).to_string();
    let draft = DashboardDraft {
        folder,
        ..DashboardDraft::new(json, Base::New)
    };
    fixture.clock.advance(DurationMs(1));
    fixture
        .metadata
        .dashboards()
        .save(&fixture.actor, draft)
        .await
        .unwrap();
}

async fn folder(fixture: &Fixture, uid: &str, title: &str) -> Placement {
    let draft = FolderDraft {
        uid: Some(uid.into()),
        title: title.into(),
        parent: None,
    };
    fixture
        .metadata
        .folders()
        .create(&fixture.actor, draft)
        .await
        .unwrap();
    Placement::Folder(uid.into())
}

async fn hits(fixture: &Fixture, query: SearchQuery) -> Vec<SearchHit> {
    let visible = fixture.everything().await;
    fixture
        .metadata
        .dashboards()
        .search(&query, &visible)
        .await
        .unwrap()
}

async fn uids(fixture: &Fixture, query: SearchQuery) -> String {
    let hits = hits(fixture, query).await;
    hits.into_iter()
        .map(|hit| hit.uid)
        .collect::<Vec<_>>()
        .join(" ")
}

async fn text_tags_folders_and_stars_narrow_the_search(fixture: &Fixture) {
    let linux = folder(fixture, "linux", "Linux hosts").await;
    save(
        fixture,
        "cpu",
        "Host CPU",
        &["linux", "node"],
        linux.clone(),
    )
    .await;
    save(fixture, "disk", "Host disks", &["linux"], linux).await;
    save(fixture, "web", "Web Größe", &["node"], Placement::Top).await;
    let query = SearchQuery::default;
    assert_eq!(uids(fixture, query()).await, "linux cpu disk web");
    let text = |text: &str| SearchQuery {
        text: text.into(),
        ..query()
    };
    assert_eq!(uids(fixture, text("HOST")).await, "linux cpu disk");
    assert_eq!(uids(fixture, text("  cpu host ")).await, "cpu");
    assert_eq!(uids(fixture, text("GRÖSSE")).await, "");
    assert_eq!(uids(fixture, text("GRÖß")).await, "web");
    let tags = |tags: &[&str]| SearchQuery {
        tags: tags.iter().map(|tag| (*tag).into()).collect(),
        ..query()
    };
    assert_eq!(uids(fixture, tags(&["linux"])).await, "cpu disk");
    assert_eq!(uids(fixture, tags(&["linux", "node"])).await, "cpu");
    let kind = |kind| SearchQuery {
        kind: Some(kind),
        ..query()
    };
    assert_eq!(uids(fixture, kind(SearchKind::Folder)).await, "linux");
    assert_eq!(
        uids(fixture, kind(SearchKind::Dashboard)).await,
        "cpu disk web"
    );
    let folders = |folders: &[&str]| SearchQuery {
        folders: folders.iter().map(|uid| (*uid).into()).collect(),
        kind: Some(SearchKind::Dashboard),
        ..query()
    };
    assert_eq!(uids(fixture, folders(&["linux"])).await, "cpu disk");
    assert_eq!(uids(fixture, folders(&["general"])).await, "web");
    assert_eq!(uids(fixture, folders(&["", "linux"])).await, "cpu disk web");
    let only = SearchQuery {
        uids: vec!["web".into(), "linux".into()],
        ..query()
    };
    assert_eq!(uids(fixture, only).await, "linux web");
    let ann = fixture.user("ann", Role::Viewer).await;
    fixture
        .metadata
        .dashboards()
        .star(ann.id, "disk")
        .await
        .unwrap();
    let starred = SearchQuery {
        starred_by: Some(ann.id),
        user: Some(ann.id),
        ..query()
    };
    let found = hits(fixture, starred).await;
    assert_eq!(found.len(), 1);
    let hit = &found[0];
    assert_eq!(
        (hit.uid.as_str(), hit.is_starred, hit.kind),
        ("disk", true, SearchKind::Dashboard)
    );
    assert_eq!(
        (hit.folder.as_deref(), hit.folder_title.as_deref()),
        (Some("linux"), Some("Linux hosts"))
    );
    assert_eq!(hit.tags, ["linux"]);
    let tags = fixture
        .metadata
        .dashboards()
        .tags(&fixture.everything().await)
        .await
        .unwrap();
    assert_eq!(tags, [("linux".into(), 2), ("node".into(), 2)]);
}

async fn wildcards_are_letters(fixture: &Fixture) {
    save(fixture, "percent", "100% used", &["a%"], Placement::Top).await;
    save(fixture, "under", "disk_used", &["a_"], Placement::Top).await;
    save(fixture, "back", r"C:\temp", &["ab"], Placement::Top).await;
    save(fixture, "plain", "plain", &[], Placement::Top).await;
    for (text, expected) in [
        ("%", "percent"),
        ("_", "under"),
        (r"\", "back"),
        ("'", ""),
        ("*", ""),
    ] {
        let query = SearchQuery {
            text: text.into(),
            ..SearchQuery::default()
        };
        assert_eq!(uids(fixture, query).await, expected, "{text}");
    }
    let query = SearchQuery {
        tags: vec!["a_".into()],
        ..SearchQuery::default()
    };
    assert_eq!(uids(fixture, query).await, "under");
}

async fn order_and_pages_are_the_same_on_both_databases(fixture: &Fixture) {
    for (uid, title) in [
        ("e", "_x"),
        ("c", "b"),
        ("a", "A b"),
        ("d", "É"),
        ("b", "ab"),
        ("f", "Z"),
    ] {
        save(fixture, uid, title, &[], Placement::Top).await;
    }
    let page = |page, order| SearchQuery {
        limit: 4,
        page,
        order,
        ..SearchQuery::default()
    };
    assert_eq!(uids(fixture, page(0, SearchOrder::Title)).await, "e a b c");
    assert_eq!(uids(fixture, page(2, SearchOrder::Title)).await, "f d");
    assert_eq!(uids(fixture, page(3, SearchOrder::Title)).await, "");
    assert_eq!(
        uids(fixture, page(1, SearchOrder::TitleDescending)).await,
        "d f c b"
    );
    assert_eq!(
        uids(fixture, page(1, SearchOrder::Updated)).await,
        "f b d a"
    );
}

async fn hidden_folders_stay_hidden(fixture: &Fixture) {
    let secret = folder(fixture, "secret", "Secret").await;
    save(fixture, "hidden", "Hidden", &["shy"], secret).await;
    save(fixture, "shown", "Shown", &["loud"], Placement::Top).await;
    let lines = [Grant {
        subject: Subject::Role(Role::Editor),
        permission: Permission::Edit,
    }];
    let folders = fixture.metadata.folders();
    folders
        .set_grants(&fixture.actor, "secret", Some(&lines))
        .await
        .unwrap();
    let viewer = fixture
        .principal(fixture.user("ann", Role::Viewer).await.id)
        .await;
    let visible = folders.visible(Policy::default(), &viewer).await.unwrap();
    let dashboards = fixture.metadata.dashboards();
    let asked = SearchQuery {
        uids: vec!["hidden".into(), "shown".into(), "secret".into()],
        ..SearchQuery::default()
    };
    let found = dashboards.search(&asked, &visible).await.unwrap();
    assert_eq!(
        found.iter().map(|hit| hit.uid.as_str()).collect::<Vec<_>>(),
        ["shown"]
    );
    assert_eq!(
        dashboards.tags(&visible).await.unwrap(),
        [("loud".into(), 1)]
    );
}

async fn search_that_is_too_long_is_refused_and_one_that_is_not_is_answered(fixture: &Fixture) {
    let everything = fixture.everything().await;
    let many = |count: usize| vec!["x".to_owned(); count];
    let search = async |text: String, tags, uids| {
        let query = SearchQuery {
            text,
            tags,
            uids,
            ..SearchQuery::default()
        };
        let found = fixture
            .metadata
            .dashboards()
            .search(&query, &everything)
            .await;
        found.map(|hits| hits.len())
    };
    assert_eq!(
        search("x ".repeat(50), many(50), many(1000)).await.unwrap(),
        0
    );
    assert_eq!(search("x".repeat(1024), vec![], vec![]).await.unwrap(), 0);
    for (text, tags, uids) in [
        ("x ".repeat(51), many(50), vec![]),
        ("x".repeat(1025), vec![], vec![]),
        (String::new(), vec![], many(1001)),
    ] {
        let error = search(text, tags, uids).await.unwrap_err();
        assert!(
            matches!(error, metadata::Error::Invalid { field: "query", .. }),
            "{error}"
        );
    }
}
