//! Many at once.

use crate::fixture::{Fixture, on_both, options};
use metadata::access::Role;
use metadata::{Base, ChainState, Current, DashboardDraft, Error, LoginRequest, Metadata, Secret};
use model::DurationMs;
use std::sync::Arc;

on_both![
    of_two_who_save_at_once_one_is_told,
    many_writers_lose_nothing,
    servers_that_start_at_once_make_one_schema_and_one_administrator,
    parallel_requests_of_a_session_get_one_new_token,
    dropped_change_leaves_nothing_and_blocks_nobody,
];

fn draft(text: &str, base: Base) -> DashboardDraft {
    DashboardDraft::new(
        format!(r#"{{"uid": "a", "title": "T", "n": {text}}}"#),
        base,
    )
}

async fn of_two_who_save_at_once_one_is_told(fixture: &Fixture) {
    let dashboards = fixture.metadata.dashboards();
    dashboards
        .save(&fixture.actor, draft("0", Base::New))
        .await
        .unwrap();
    for version in 1..20 {
        let save =
            |text: &str| dashboards.save(&fixture.actor, draft(text, Base::Version(version)));
        let (left, right) =
            tokio::join!(save(&format!("{version}0")), save(&format!("{version}1")));
        let (won, lost) = match (left, right) {
            (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
            both => panic!("{both:?}"),
        };
        assert_eq!(won.version, version + 1);
        let Error::Conflict {
            current: Current::Dashboard(current),
            ..
        } = lost
        else {
            panic!("{lost}");
        };
        assert_eq!(*current, dashboards.get("a").await.unwrap());
    }
}

/// Adds one to the number in the dashboard, again until nobody was in between.
async fn add_one(metadata: &Metadata) {
    let dashboards = metadata.dashboards();
    let actor = metadata::Actor::system("writer");
    loop {
        let current = dashboards.get("a").await.unwrap();
        let json: serde_json::Value = serde_json::from_str(&current.json).unwrap();
        let next = (json["n"].as_i64().unwrap() + 1).to_string();
        match dashboards
            .save(&actor, draft(&next, Base::Version(current.version)))
            .await
        {
            Ok(_) => return,
            Err(Error::Conflict { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

async fn many_writers_lose_nothing(fixture: &Fixture) {
    const WRITERS: i64 = 12;
    const SAVES: i64 = 5;
    let dashboards = fixture.metadata.dashboards();
    dashboards
        .save(&fixture.actor, draft("0", Base::New))
        .await
        .unwrap();
    // Half of them through another server.
    let other = fixture.reopen(options()).await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let metadata = if writer % 2 == 0 {
            fixture.metadata.clone()
        } else {
            other.clone()
        };
        writers.spawn(async move {
            for _ in 0..SAVES {
                add_one(&metadata).await;
            }
        });
    }
    while let Some(result) = writers.join_next().await {
        result.unwrap();
    }
    let dashboard = dashboards.get("a").await.unwrap();
    assert_eq!(dashboard.version, WRITERS * SAVES + 1);
    assert!(
        dashboard
            .json
            .contains(&format!("\"n\": {}", WRITERS * SAVES))
    );
    let chain = fixture.metadata.audit().check_chain().await.unwrap();
    assert_eq!(chain, ChainState::Whole { entries: 61 });
    other.close().await;
}

async fn servers_that_start_at_once_make_one_schema_and_one_administrator(fixture: &Fixture) {
    let mut starts = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let location = fixture.location.clone();
        let clock = Arc::new(fixture.clock.clone());
        starts.spawn(async move {
            let metadata = Metadata::open(&location, options(), clock).await.unwrap();
            let first = metadata.users().ensure_admin().await.unwrap();
            metadata.close().await;
            first.is_some()
        });
    }
    let made = starts.join_all().await;
    assert_eq!(made.iter().filter(|made| **made).count(), 1);
}

async fn parallel_requests_of_a_session_get_one_new_token(fixture: &Fixture) {
    fixture.user("ann", Role::Viewer).await;
    let password = Secret::new(crate::fixture::PASSWORD);
    let request = LoginRequest {
        login: "ann",
        password: &password,
        address: "192.0.2.1",
        user_agent: "",
        previous: None,
    };
    let token = fixture
        .metadata
        .logins()
        .log_in(request)
        .await
        .unwrap()
        .token;
    fixture.clock.advance(DurationMs(3_600_000));
    let mut requests = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (metadata, token) = (fixture.metadata.clone(), token.clone());
        requests.spawn(async move {
            let identified = metadata.sessions().authenticate(&token, "192.0.2.1").await;
            identified.unwrap().unwrap().replacement
        });
    }
    let replacements = requests.join_all().await;
    assert_eq!(replacements.into_iter().flatten().count(), 1);
}

async fn dropped_change_leaves_nothing_and_blocks_nobody(fixture: &Fixture) {
    let dashboards = fixture.metadata.dashboards();
    dashboards
        .save(&fixture.actor, draft("0", Base::New))
        .await
        .unwrap();
    let mut version = 1;
    for polls in 0..40 {
        // Polled a few times only, then dropped in the middle of whatever it does.
        let mut left = polls;
        {
            let mut save = std::pin::pin!(
                dashboards.save(&fixture.actor, draft(&format!("{polls}1"), Base::Overwrite))
            );
            std::future::poll_fn(|context| {
                if left == 0 || save.as_mut().poll(context).is_ready() {
                    return std::task::Poll::Ready(());
                }
                left -= 1;
                std::task::Poll::Pending
            })
            .await;
        }
        let current = dashboards.get("a").await.unwrap();
        let stored = dashboards.version("a", current.version).await.unwrap();
        assert_eq!(stored.json, current.json);
        assert!(current.version - version <= 1);
        version = current.version;
    }
    let saved = dashboards
        .save(&fixture.actor, draft("99", Base::Version(version)))
        .await
        .unwrap();
    assert_eq!(saved.version, version + 1);
    let chain = fixture.metadata.audit().check_chain().await.unwrap();
    assert!(matches!(chain, ChainState::Whole { .. }), "{chain:?}");
}
