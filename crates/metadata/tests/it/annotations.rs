//! Annotations.

use crate::fixture::{Fixture, on_both};
use metadata::{
    Annotation, AnnotationDraft, AnnotationQuery, Base, DashboardDraft, Error, Kind, TagMatch,
};
use model::TimestampMs;

on_both![
    annotations_are_found_by_time_panel_and_tags,
    annotations_change_and_go,
    what_makes_no_sense_is_refused,
];

fn draft(
    dashboard: Option<&str>,
    panel: Option<i64>,
    time: [i64; 2],
    tags: &[&str],
) -> AnnotationDraft {
    AnnotationDraft {
        dashboard: dashboard.map(Into::into),
        panel,
        time: TimestampMs(time[0]),
        time_end: TimestampMs(time[1]),
        tags: tags.iter().map(|tag| (*tag).into()).collect(),
        text: format!("at {}", time[0]),
    }
}

async fn dashboard(fixture: &Fixture) {
    let draft = DashboardDraft::new(r#"{"uid": "d", "title": "D"}"#, Base::New);
    fixture
        .metadata
        .dashboards()
        .save(&fixture.actor, draft)
        .await
        .unwrap();
}

async fn make(fixture: &Fixture, draft: AnnotationDraft) -> Annotation {
    fixture
        .metadata
        .annotations()
        .create(&fixture.actor, draft)
        .await
        .unwrap()
}

async fn annotations_are_found_by_time_panel_and_tags(fixture: &Fixture) {
    dashboard(fixture).await;
    make(
        fixture,
        draft(Some("d"), Some(1), [10, 10], &["deploy", "web"]),
    )
    .await;
    make(fixture, draft(Some("d"), Some(2), [20, 40], &["deploy"])).await;
    make(fixture, draft(None, None, [30, 30], &["deploy", "db"])).await;
    let visible = fixture.everything().await;
    let find = async |query: AnnotationQuery| {
        let found = fixture
            .metadata
            .annotations()
            .list(&query, &visible)
            .await
            .unwrap();
        found
            .iter()
            .map(|annotation| annotation.draft.time.0)
            .collect::<Vec<_>>()
    };
    let query = AnnotationQuery::default;
    assert_eq!(find(query()).await, [30, 20, 10]);
    let within = |from, to| AnnotationQuery {
        from: Some(TimestampMs(from)),
        to: Some(TimestampMs(to)),
        ..query()
    };
    assert_eq!(find(within(10, 20)).await, [20, 10]);
    assert_eq!(
        find(within(40, 50)).await,
        [20],
        "a region that reaches into the range"
    );
    assert_eq!(find(within(41, 50)).await, [0; 0]);
    let of = |dashboard: &str, panel| AnnotationQuery {
        dashboard: Some(dashboard.into()),
        panel,
        ..query()
    };
    assert_eq!(find(of("d", None)).await, [20, 10]);
    assert_eq!(find(of("d", Some(1))).await, [10]);
    let tagged = |tags: &[&str], tag_match| AnnotationQuery {
        tags: tags.iter().map(|tag| (*tag).into()).collect(),
        tag_match,
        ..query()
    };
    assert_eq!(find(tagged(&["deploy", "web"], TagMatch::All)).await, [10]);
    assert_eq!(find(tagged(&["db", "web"], TagMatch::Any)).await, [30, 10]);
    assert_eq!(
        find(AnnotationQuery {
            limit: 1,
            ..query()
        })
        .await,
        [30]
    );
    let tags = fixture.metadata.annotations().tags(&visible).await.unwrap();
    let tags: Vec<(&str, i64)> = tags
        .iter()
        .map(|(tag, uses)| (tag.as_str(), *uses))
        .collect();
    assert_eq!(tags, [("db", 1), ("deploy", 3), ("web", 1)]);
}

async fn annotations_change_and_go(fixture: &Fixture) {
    dashboard(fixture).await;
    let annotations = fixture.metadata.annotations();
    let made = make(fixture, draft(Some("d"), Some(1), [10, 10], &["a"])).await;
    assert_eq!(made.created_by, "test");
    let changed = draft(Some("d"), Some(1), [15, 25], &["b", "a", "b"]);
    let after = annotations
        .update(&fixture.actor, made.id, changed)
        .await
        .unwrap();
    assert_eq!(
        after.draft,
        draft(Some("d"), Some(1), [15, 25], &["a", "b"])
    );
    assert_eq!(annotations.get(made.id).await.unwrap(), after);
    annotations.delete(&fixture.actor, made.id).await.unwrap();
    let gone = annotations.get(made.id).await.unwrap_err();
    assert!(
        matches!(
            gone,
            Error::NotFound {
                kind: Kind::Annotation,
                ..
            }
        ),
        "{gone}"
    );
    let other = make(fixture, draft(Some("d"), None, [1, 1], &[])).await;
    fixture
        .metadata
        .dashboards()
        .delete(&fixture.actor, "d")
        .await
        .unwrap();
    assert!(annotations.get(other.id).await.is_err());
}

async fn what_makes_no_sense_is_refused(fixture: &Fixture) {
    let annotations = fixture.metadata.annotations();
    let backwards = annotations
        .create(&fixture.actor, draft(None, None, [2, 1], &[]))
        .await;
    assert!(matches!(
        backwards,
        Err(Error::Invalid {
            field: "timeEnd",
            ..
        })
    ));
    let panel = annotations
        .create(&fixture.actor, draft(None, Some(1), [1, 1], &[]))
        .await;
    assert!(matches!(
        panel,
        Err(Error::Invalid {
            field: "panelId",
            ..
        })
    ));
    let nowhere = annotations
        .create(&fixture.actor, draft(Some("x"), None, [1, 1], &[]))
        .await;
    assert!(matches!(
        nowhere,
        Err(Error::NotFound {
            kind: Kind::Dashboard,
            ..
        })
    ));
}
