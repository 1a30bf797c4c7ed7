//! Sessions: how they begin, change their tokens and end.

use crate::fixture::{Fixture, PASSWORD, fields, on_both};
use metadata::access::Role;
use metadata::{Error, Identified, LoginRequest, NewSession, Secret, UserFields};
use model::DurationMs;

const ADDRESS: &str = "192.0.2.1";
const MINUTE: DurationMs = DurationMs(60_000);

on_both![
    login_gives_a_new_token_and_ends_the_planted_one,
    wrong_passwords_are_limited_and_told_alike,
    token_is_replaced_and_the_old_one_fades,
    lost_replacement_is_made_again,
    changed_role_holds_at_once_and_changes_the_token,
    disabled_user_is_out_at_once,
    new_password_ends_other_sessions,
    sessions_end_after_their_time,
    user_sees_and_ends_own_sessions_alone,
];

async fn log_in(
    fixture: &Fixture,
    login: &str,
    previous: Option<&Secret>,
) -> metadata::Result<NewSession> {
    let request = LoginRequest {
        login,
        password: &Secret::new(PASSWORD),
        address: ADDRESS,
        user_agent: "Browser\u{0}/1",
        previous,
    };
    fixture.metadata.logins().log_in(request).await
}

async fn identify(fixture: &Fixture, token: &Secret) -> Option<Identified> {
    fixture
        .metadata
        .sessions()
        .authenticate(token, ADDRESS)
        .await
        .unwrap()
}

async fn login_gives_a_new_token_and_ends_the_planted_one(fixture: &Fixture) {
    fixture.user("ann", Role::Viewer).await;
    let planted = log_in(fixture, "ann", None).await.unwrap();
    let session = log_in(fixture, "ANN", Some(&planted.token)).await.unwrap();
    assert_ne!(planted.token, session.token);
    assert!(session.token.reveal().len() >= 43);
    assert!(identify(fixture, &planted.token).await.is_none());
    let identified = identify(fixture, &session.token).await.unwrap();
    assert_eq!(identified.session, Some(session.id));
    assert_eq!(
        identified.principal,
        fixture.principal(session.user.id).await
    );
    assert!(
        fixture
            .metadata
            .sessions()
            .log_out(&session.token)
            .await
            .unwrap()
    );
    assert!(identify(fixture, &session.token).await.is_none());
    assert!(
        !fixture
            .metadata
            .sessions()
            .log_out(&session.token)
            .await
            .unwrap()
    );
    assert!(identify(fixture, &Secret::new("")).await.is_none());
}

async fn wrong_passwords_are_limited_and_told_alike(fixture: &Fixture) {
    fixture.user("ann", Role::Viewer).await;
    let logins = fixture.metadata.logins();
    let wrong = Secret::new("wrong");
    let known = logins.check("ann", &wrong, ADDRESS).await.unwrap_err();
    let unknown = logins.check("eve", &wrong, ADDRESS).await.unwrap_err();
    assert_eq!(known.to_string(), unknown.to_string());
    for _ in 0..4 {
        assert!(matches!(
            logins.check("ann", &wrong, ADDRESS).await,
            Err(Error::LoginRefused)
        ));
    }
    // Now the right one is refused too, from there.
    let error = log_in(fixture, "ann", None).await.unwrap_err();
    let Error::TooManyLogins { retry_after } = error else {
        panic!("{error}");
    };
    assert!(
        logins
            .check("ann", &Secret::new(PASSWORD), "192.0.2.9")
            .await
            .is_ok()
    );
    fixture.clock.advance(retry_after);
    log_in(fixture, "ann", None).await.unwrap();
    let odd = logins.check("a\u{0}", &wrong, "192.0.2.9").await;
    assert!(matches!(odd, Err(Error::LoginRefused)));
}

async fn token_is_replaced_and_the_old_one_fades(fixture: &Fixture) {
    fixture.user("ann", Role::Viewer).await;
    let session = log_in(fixture, "ann", None).await.unwrap();
    assert!(
        identify(fixture, &session.token)
            .await
            .unwrap()
            .replacement
            .is_none()
    );
    fixture.clock.advance(DurationMs(MINUTE.0 * 10));
    let replacement = identify(fixture, &session.token)
        .await
        .unwrap()
        .replacement
        .unwrap();
    assert_ne!(replacement, session.token);
    // Requests that were under way with the old one.
    assert!(
        identify(fixture, &session.token)
            .await
            .unwrap()
            .replacement
            .is_none()
    );
    let identified = identify(fixture, &replacement).await.unwrap();
    assert_eq!(identified.session, Some(session.id));
    assert!(identified.replacement.is_none());
    fixture.clock.advance(MINUTE);
    assert!(identify(fixture, &session.token).await.is_none());
    assert!(identify(fixture, &replacement).await.is_some());
    assert!(
        fixture
            .metadata
            .sessions()
            .log_out(&replacement)
            .await
            .unwrap()
    );
    assert!(identify(fixture, &replacement).await.is_none());
}

async fn lost_replacement_is_made_again(fixture: &Fixture) {
    fixture.user("ann", Role::Viewer).await;
    let session = log_in(fixture, "ann", None).await.unwrap();
    fixture.clock.advance(DurationMs(MINUTE.0 * 10));
    let lost = identify(fixture, &session.token)
        .await
        .unwrap()
        .replacement
        .unwrap();
    fixture.clock.advance(DurationMs(MINUTE.0 * 5));
    let again = identify(fixture, &session.token)
        .await
        .unwrap()
        .replacement
        .unwrap();
    assert_ne!(lost, again);
    assert!(identify(fixture, &lost).await.is_none());
    assert!(identify(fixture, &again).await.is_some());
}

async fn changed_role_holds_at_once_and_changes_the_token(fixture: &Fixture) {
    let ann = fixture.user("ann", Role::Viewer).await;
    let session = log_in(fixture, "ann", None).await.unwrap();
    identify(fixture, &session.token).await.unwrap();
    let users = fixture.metadata.users();
    users
        .update(&fixture.actor, ann.id, fields("ann", Role::Admin))
        .await
        .unwrap();
    let identified = identify(fixture, &session.token).await.unwrap();
    assert_eq!(identified.principal.role(), Role::Admin);
    let replacement = identified.replacement.unwrap();
    identify(fixture, &replacement).await.unwrap();
    fixture.clock.advance(MINUTE);
    assert!(identify(fixture, &session.token).await.is_none());
    assert!(identify(fixture, &replacement).await.is_some());
}

async fn disabled_user_is_out_at_once(fixture: &Fixture) {
    let ann = fixture.user("ann", Role::Viewer).await;
    let session = log_in(fixture, "ann", None).await.unwrap();
    let users = fixture.metadata.users();
    let disabled = UserFields {
        disabled: true,
        ..fields("ann", Role::Viewer)
    };
    users
        .update(&fixture.actor, ann.id, disabled)
        .await
        .unwrap();
    assert!(identify(fixture, &session.token).await.is_none());
    assert!(matches!(
        log_in(fixture, "ann", None).await,
        Err(Error::LoginRefused)
    ));
    users
        .update(&fixture.actor, ann.id, fields("ann", Role::Viewer))
        .await
        .unwrap();
    assert!(identify(fixture, &session.token).await.is_none());
    assert!(log_in(fixture, "ann", None).await.is_ok());
}

async fn new_password_ends_other_sessions(fixture: &Fixture) {
    let ann = fixture.user("ann", Role::Viewer).await;
    let other = log_in(fixture, "ann", None).await.unwrap();
    let own = log_in(fixture, "ann", None).await.unwrap();
    let password = Secret::new("battery staple");
    let users = fixture.metadata.users();
    users
        .set_password(&fixture.actor, ann.id, &password, Some(own.id))
        .await
        .unwrap();
    assert!(identify(fixture, &other.token).await.is_none());
    assert!(
        identify(fixture, &own.token)
            .await
            .unwrap()
            .replacement
            .is_some()
    );
    let logins = fixture.metadata.logins();
    assert!(logins.check_own(ann.id, &password, ADDRESS).await.is_ok());
    let old = Secret::new(PASSWORD);
    assert!(logins.check_own(ann.id, &old, ADDRESS).await.is_err());
}

async fn sessions_end_after_their_time(fixture: &Fixture) {
    let ann = fixture.user("ann", Role::Viewer).await;
    let idle = log_in(fixture, "ann", None).await.unwrap();
    let mut token = log_in(fixture, "ann", None).await.unwrap().token;
    let sessions = fixture.metadata.sessions();
    let day = DurationMs(86_400_000);
    for today in 1..30 {
        fixture.clock.advance(day);
        let identified = identify(fixture, &token).await.unwrap();
        token = identified.replacement.unwrap();
        // The answer arrived.
        identify(fixture, &token).await.unwrap();
        let open = if today < 7 { 2 } else { 1 };
        assert_eq!(
            sessions.list(ann.id).await.unwrap().len(),
            open,
            "day {today}"
        );
        if today == 7 {
            assert!(identify(fixture, &idle.token).await.is_none());
            assert_eq!(fixture.metadata.tidy().await.unwrap().sessions, 1);
        }
    }
    fixture.clock.advance(day);
    assert!(identify(fixture, &token).await.is_none());
    assert_eq!(fixture.metadata.tidy().await.unwrap().sessions, 1);
}

async fn user_sees_and_ends_own_sessions_alone(fixture: &Fixture) {
    let ann = fixture.user("ann", Role::Viewer).await;
    let bob = fixture.user("bob", Role::Viewer).await;
    let first = log_in(fixture, "ann", None).await.unwrap();
    fixture.clock.advance(MINUTE);
    let second = log_in(fixture, "ann", None).await.unwrap();
    let other = log_in(fixture, "bob", None).await.unwrap();
    let sessions = fixture.metadata.sessions();
    let list = sessions.list(ann.id).await.unwrap();
    assert_eq!(
        list.iter().map(|session| session.id).collect::<Vec<_>>(),
        [second.id, first.id]
    );
    assert_eq!(
        (list[0].address.as_str(), list[0].user_agent.as_str()),
        (ADDRESS, "Browser/1")
    );
    let error = sessions
        .revoke(&fixture.actor, ann.id, other.id)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error}");
    sessions
        .revoke(&fixture.actor, ann.id, first.id)
        .await
        .unwrap();
    assert!(identify(fixture, &first.token).await.is_none());
    let third = log_in(fixture, "ann", None).await.unwrap();
    let ended = sessions
        .revoke_all(&fixture.actor, ann.id, Some(third.id))
        .await
        .unwrap();
    assert_eq!(ended, 1);
    assert!(identify(fixture, &second.token).await.is_none());
    assert!(identify(fixture, &third.token).await.is_some());
    assert_eq!(sessions.list(bob.id).await.unwrap().len(), 1);
    assert!(identify(fixture, &other.token).await.is_some());
}
