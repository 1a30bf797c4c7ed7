//! Texts that would be commands, in every field: they stay texts.

use crate::fixture::{Fixture, fields, on_both};
use metadata::access::Role;
use metadata::{
    AnnotationDraft, AnnotationQuery, AuditQuery, Base, DashboardDraft, Error, FolderDraft,
    NewUser, Placement, RuleDraft, RuleFields, RuleKind, SearchQuery, Secret, ServiceAccountFields,
    UserFields, UserQuery,
};
use model::{DurationMs, TimestampMs};

on_both![
    texts_that_would_be_commands_stay_texts,
    nul_is_refused_by_both
];

const TEXTS: [&str; 12] = [
    "'; DROP TABLE users; --",
    "\" OR \"1\"=\"1",
    "x' OR '1'='1' --",
    "$1 $2 ?1 :a @b",
    r"\'; SELECT pg_sleep(10); --",
    "%' AND 1=1 /*",
    "_%\\",
    "'||(SELECT password_hash FROM users)||'",
    "<script>alert(1)</script>",
    "{{7*7}} ${x} `id`",
    "E'\\x41' U&'\\0041' $$x$$",
    "\u{202e}\u{1f525} Ω\u{301}'\"",
];

async fn texts_that_would_be_commands_stay_texts(fixture: &Fixture) {
    for (number, text) in TEXTS.into_iter().enumerate() {
        dashboards(fixture, number, text).await;
        people(fixture, number, text).await;
        rules(fixture, number, text).await;
        annotations(fixture, text).await;
    }
    let everything = fixture.everything().await;
    let search = SearchQuery {
        kind: Some(metadata::SearchKind::Dashboard),
        ..SearchQuery::default()
    };
    let dashboards = fixture.metadata.dashboards();
    let found = dashboards.search(&search, &everything).await.unwrap();
    assert_eq!(found.len(), TEXTS.len());
    assert_eq!(
        fixture
            .metadata
            .users()
            .list(&UserQuery::default())
            .await
            .unwrap()
            .len(),
        TEXTS.len()
    );
}

async fn dashboards(fixture: &Fixture, number: usize, text: &str) {
    let folders = fixture.metadata.folders();
    let draft = FolderDraft {
        title: text.into(),
        ..FolderDraft::default()
    };
    let folder = folders.create(&fixture.actor, draft).await.unwrap();
    assert_eq!(folders.get(&folder.uid).await.unwrap().title, text);
    let json =
        serde_json::json!({"uid": number.to_string(), "title": text, "tags": [text], "x": text});
    let draft = DashboardDraft {
        folder: Placement::Folder(folder.uid.clone()),
        message: text.into(),
        ..DashboardDraft::new(json.to_string(), Base::New)
    };
    let dashboards = fixture.metadata.dashboards();
    let saved = dashboards.save(&fixture.actor, draft).await.unwrap();
    let stored = dashboards.get(&saved.uid).await.unwrap();
    assert_eq!(
        (stored.title.as_str(), stored.json.as_str()),
        (text, json.to_string().as_str())
    );
    assert_eq!(stored.tags, [text]);
    assert_eq!(
        dashboards.versions(&saved.uid, 0).await.unwrap()[0].message,
        text
    );
    // The search takes it literally: it finds this folder and this dashboard and nothing else.
    let everything = fixture.everything().await;
    for query in [
        SearchQuery {
            text: text.into(),
            ..SearchQuery::default()
        },
        SearchQuery {
            tags: vec![text.into()],
            ..SearchQuery::default()
        },
        SearchQuery {
            folders: vec![folder.uid.clone(), text.into()],
            ..SearchQuery::default()
        },
    ] {
        let found = dashboards.search(&query, &everything).await.unwrap();
        assert!(
            !found.is_empty() && found.iter().all(|hit| hit.title == text),
            "{query:?} {found:?}"
        );
    }
    let hostile_uid = DashboardDraft {
        uid: Some(text.into()),
        ..DashboardDraft::new(r#"{"title": "T"}"#, Base::New)
    };
    let error = dashboards
        .save(&fixture.actor, hostile_uid)
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Invalid { field: "uid", .. }),
        "{error}"
    );
    assert!(matches!(
        dashboards.get(text).await,
        Err(Error::NotFound { .. })
    ));
    let by_uid = SearchQuery {
        uids: vec![text.into()],
        ..SearchQuery::default()
    };
    assert!(
        dashboards
            .search(&by_uid, &everything)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn people(fixture: &Fixture, number: usize, text: &str) {
    let users = fixture.metadata.users();
    let login = text.replace('@', "");
    let new = NewUser {
        fields: UserFields {
            email: Some(format!("{}@x", text.replace(char::is_whitespace, ""))),
            name: text.into(),
            ..fields(&login, Role::Viewer)
        },
        password: Some(Secret::new(format!("{text} long enough"))),
    };
    let user = users.create(&fixture.actor, new.clone()).await.unwrap();
    assert_eq!(
        (&user.login, &user.email, user.name.as_str()),
        (&login, &new.fields.email, text)
    );
    assert_eq!(users.find(&login).await.unwrap(), user);
    let query = UserQuery {
        text: text.into(),
        ..UserQuery::default()
    };
    let found = users.list(&query).await.unwrap();
    assert_eq!(found, std::slice::from_ref(&user), "{text}");
    // As a password of somebody else's it opens nothing.
    let address = format!("10.0.0.{number}");
    let refused = fixture
        .metadata
        .logins()
        .check(&login, &Secret::new(text), &address)
        .await;
    assert!(matches!(refused, Err(Error::LoginRefused)), "{refused:?}");
    let password = new.password.unwrap();
    assert!(
        fixture
            .metadata
            .logins()
            .check(&login, &password, &address)
            .await
            .is_ok()
    );
    let teams = fixture.metadata.teams();
    teams
        .create(&fixture.actor, text, Some(text))
        .await
        .unwrap();
    assert_eq!(teams.list(text).await.unwrap().len(), 1, "{text}");
    let accounts = fixture.metadata.service_accounts();
    let robot = ServiceAccountFields {
        name: text.into(),
        role: Role::Viewer,
        disabled: false,
    };
    let account = accounts.create(&fixture.actor, robot).await.unwrap();
    let token = accounts
        .create_token(&fixture.actor, account.id, text, None)
        .await
        .unwrap();
    assert_eq!(token.token.name, text);
    assert!(
        accounts
            .authenticate(&Secret::new(text))
            .await
            .unwrap()
            .is_none()
    );
    let session = fixture
        .metadata
        .sessions()
        .authenticate(&Secret::new(text), text)
        .await;
    assert!(session.unwrap().is_none());
}

async fn rules(fixture: &Fixture, number: usize, text: &str) {
    let pair = || [(text.to_owned(), text.to_owned())].into();
    let fields = RuleFields {
        kind: RuleKind::Alert,
        name: text.into(),
        expr: text.into(),
        hold: DurationMs(0),
        keep_firing_for: DurationMs(0),
        labels: pair(),
        annotations: pair(),
        paused: false,
    };
    let draft = RuleDraft {
        uid: Some(format!("rule-{number}")),
        folder: Placement::Top,
        group: text.into(),
        fields: fields.clone(),
        base: Base::New,
    };
    let rules = fixture.metadata.rules();
    let rule = rules.save(&fixture.actor, draft).await.unwrap();
    assert_eq!((rule.fields, rule.group.as_str()), (fields, text));
    assert_eq!(rules.group(None, text).await.unwrap().rules, 1);
}

async fn annotations(fixture: &Fixture, text: &str) {
    let draft = AnnotationDraft {
        time: TimestampMs(1),
        time_end: TimestampMs(1),
        tags: vec![text.into()],
        text: text.into(),
        ..AnnotationDraft::default()
    };
    let annotations = fixture.metadata.annotations();
    let made = annotations
        .create(&fixture.actor, draft.clone())
        .await
        .unwrap();
    assert_eq!(made.draft, draft);
    let query = AnnotationQuery {
        tags: vec![text.into()],
        ..AnnotationQuery::default()
    };
    let everything = fixture.everything().await;
    assert_eq!(annotations.list(&query, &everything).await.unwrap(), [made]);
    let query = AnnotationQuery {
        dashboard: Some(text.into()),
        ..AnnotationQuery::default()
    };
    assert!(
        annotations
            .list(&query, &everything)
            .await
            .unwrap()
            .is_empty()
    );
    let query = AuditQuery {
        actor: Some(text.into()),
        action: Some(text.into()),
        ..AuditQuery::default()
    };
    assert!(
        fixture
            .metadata
            .audit()
            .list(&query)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn nul_is_refused_by_both(fixture: &Fixture) {
    let everything = fixture.everything().await;
    let query = SearchQuery {
        text: "a\0b".into(),
        ..SearchQuery::default()
    };
    let error = fixture
        .metadata
        .dashboards()
        .search(&query, &everything)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Invalid { .. }), "{error}");
    let error = fixture
        .metadata
        .teams()
        .create(&fixture.actor, "a\0b", None)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Invalid { .. }), "{error}");
    let error = fixture.metadata.dashboards().get("a\0").await.unwrap_err();
    assert!(matches!(error, Error::Invalid { .. }), "{error}");
}
