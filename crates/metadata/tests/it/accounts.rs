//! Users, teams, service accounts, preferences.

use crate::fixture::{Fixture, PASSWORD, fields, on_both};
use metadata::access::{Principal, Role, UserId};
use metadata::{
    AuditQuery, Authenticator, Credentials, Error, Kind, NewUser, Preferences, Secret,
    ServiceAccountFields, UserFields, UserQuery,
};
use model::DurationMs;

const ADDRESS: &str = "192.0.2.1";

on_both![
    first_start_makes_one_administrator,
    logins_and_emails_are_unique_whatever_the_case,
    last_administrator_stays,
    users_are_found_by_parts_of_their_names,
    teams_have_members,
    password_is_never_stored_or_shown,
    token_works_until_it_expires_or_is_revoked,
    service_account_decides_what_its_tokens_may,
    preferences_are_kept_per_user,
];

async fn first_start_makes_one_administrator(fixture: &Fixture) {
    let users = fixture.metadata.users();
    let first = users.ensure_admin().await.unwrap().unwrap();
    assert_eq!(first.login, "admin");
    assert!(first.password.reveal().len() >= 20);
    assert!(users.ensure_admin().await.unwrap().is_none());
    let logins = fixture.metadata.logins();
    let user = logins
        .check("Admin", &first.password, ADDRESS)
        .await
        .unwrap();
    assert_eq!(user.role, Role::Admin);
    let wrong = logins.check("admin", &Secret::new("admin"), ADDRESS).await;
    assert!(matches!(wrong, Err(Error::LoginRefused)));
}

async fn logins_and_emails_are_unique_whatever_the_case(fixture: &Fixture) {
    let users = fixture.metadata.users();
    let ann = fixture.user("Ann", Role::Viewer).await;
    let new = |login: &str, email: Option<&str>| NewUser {
        fields: UserFields {
            email: email.map(Into::into),
            ..fields(login, Role::Viewer)
        },
        password: None,
    };
    let bob = users
        .create(&fixture.actor, new("bob", Some("Bob@x.org")))
        .await
        .unwrap();
    for (login, email) in [
        (" ANN ", None),
        ("eve", Some("bob@X.org")),
        ("eve@x.org", Some("bob@x.org")),
    ] {
        let error = users
            .create(&fixture.actor, new(login, email))
            .await
            .unwrap_err();
        let is_expected = matches!(error, Error::AlreadyExists { .. } | Error::Invalid { .. });
        assert!(is_expected, "{login}: {error}");
    }
    // A login that looks like somebody's email would log in as whom?
    let error = users
        .create(&fixture.actor, new("bob@x.org", None))
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Invalid { field: "login", .. }),
        "{error}"
    );
    assert_eq!(users.find("ANN").await.unwrap(), ann);
    assert_eq!(users.find("bob@x.ORG").await.unwrap(), bob);
    let mut change = fields("Ann", Role::Editor);
    change.email = Some("bob@x.org".into());
    let error = users
        .update(&fixture.actor, ann.id, change)
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::AlreadyExists {
                kind: Kind::User,
                ..
            }
        ),
        "{error}"
    );
    // A user without a password has none, not an empty one.
    let refused = fixture
        .metadata
        .logins()
        .check("bob", &Secret::new(""), ADDRESS)
        .await;
    assert!(matches!(refused, Err(Error::LoginRefused)));
}

async fn last_administrator_stays(fixture: &Fixture) {
    let users = fixture.metadata.users();
    let root = fixture.user("root", Role::Admin).await;
    let demoted = fields("root", Role::Editor);
    let disabled = UserFields {
        disabled: true,
        ..fields("root", Role::Admin)
    };
    for change in [demoted.clone(), disabled] {
        let error = users
            .update(&fixture.actor, root.id, change)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::LastAdmin { .. }), "{error}");
    }
    let error = users.delete(&fixture.actor, root.id).await.unwrap_err();
    assert!(matches!(error, Error::LastAdmin { .. }), "{error}");
    let other = fixture.user("other", Role::Admin).await;
    users
        .update(&fixture.actor, root.id, demoted)
        .await
        .unwrap();
    users.delete(&fixture.actor, root.id).await.unwrap();
    assert!(users.delete(&fixture.actor, other.id).await.is_err());
    let gone = users.get(root.id).await.unwrap_err();
    assert!(
        matches!(
            gone,
            Error::NotFound {
                kind: Kind::User,
                ..
            }
        ),
        "{gone}"
    );
}

async fn users_are_found_by_parts_of_their_names(fixture: &Fixture) {
    for login in ["ann", "bob", "b_b", "Zoë"] {
        fixture.user(login, Role::Viewer).await;
    }
    let find = async |text: &str, limit, page| {
        let query = UserQuery {
            text: text.into(),
            limit,
            page,
        };
        let found = fixture.metadata.users().list(&query).await.unwrap();
        found
            .into_iter()
            .map(|user| user.login)
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(find("", 0, 0).await, "ann b_b bob Zoë");
    assert_eq!(find("", 3, 2).await, "Zoë");
    assert_eq!(find("_", 0, 0).await, "b_b");
    assert_eq!(find("ZOË", 0, 0).await, "Zoë");
    assert_eq!(find("%", 0, 0).await, "");
}

async fn teams_have_members(fixture: &Fixture) {
    let teams = fixture.metadata.teams();
    let ann = fixture.user("ann", Role::Viewer).await;
    let team = teams
        .create(&fixture.actor, "Ops", Some("ops@x.org"))
        .await
        .unwrap();
    let error = teams.create(&fixture.actor, "OPS", None).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::AlreadyExists {
                kind: Kind::Team,
                ..
            }
        ),
        "{error}"
    );
    teams.add(&fixture.actor, team.id, ann.id).await.unwrap();
    teams.add(&fixture.actor, team.id, ann.id).await.unwrap();
    let members = teams.members(team.id).await.unwrap();
    assert_eq!(members, std::slice::from_ref(&ann));
    assert_eq!(teams.of_user(ann.id).await.unwrap()[0].members, 1);
    let Principal::User { teams: ids, .. } = fixture.principal(ann.id).await else {
        panic!("not a user");
    };
    assert_eq!(ids, [team.id]);
    let renamed = teams
        .update(&fixture.actor, team.id, "Operations", None)
        .await
        .unwrap();
    assert_eq!((renamed.name.as_str(), renamed.email), ("Operations", None));
    assert_eq!(teams.list("OPER").await.unwrap().len(), 1);
    teams.remove(&fixture.actor, team.id, ann.id).await.unwrap();
    assert!(teams.members(team.id).await.unwrap().is_empty());
    teams.add(&fixture.actor, team.id, ann.id).await.unwrap();
    fixture
        .metadata
        .users()
        .delete(&fixture.actor, ann.id)
        .await
        .unwrap();
    assert!(teams.members(team.id).await.unwrap().is_empty());
    let error = teams
        .add(&fixture.actor, team.id, UserId(99))
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
    teams.delete(&fixture.actor, team.id).await.unwrap();
    assert!(teams.list("").await.unwrap().is_empty());
}

async fn password_is_never_stored_or_shown(fixture: &Fixture) {
    let users = fixture.metadata.users();
    let canary = Secret::new("canary-5f3a canary");
    let new = NewUser {
        fields: fields("ann", Role::Viewer),
        password: Some(canary.clone()),
    };
    assert!(!format!("{new:?}").contains("canary"));
    let ann = users.create(&fixture.actor, new).await.unwrap();
    users
        .set_password(&fixture.actor, ann.id, &canary, None)
        .await
        .unwrap();
    let entries = fixture
        .metadata
        .audit()
        .list(&AuditQuery::default())
        .await
        .unwrap();
    assert!(!format!("{ann:?} {entries:?}").contains("canary"));
    for wrong in ["short", "password123", "ANN"] {
        let error = users
            .set_password(&fixture.actor, ann.id, &Secret::new(wrong), None)
            .await;
        assert!(
            matches!(
                error,
                Err(Error::Invalid {
                    field: "password",
                    ..
                })
            ),
            "{error:?}"
        );
    }
    assert!(
        fixture
            .metadata
            .logins()
            .check("ann", &canary, ADDRESS)
            .await
            .is_ok()
    );
}

async fn identify(fixture: &Fixture, credentials: Credentials) -> Option<Principal> {
    let authenticator: &dyn Authenticator = &fixture.metadata;
    let identified = authenticator
        .authenticate(&credentials, ADDRESS)
        .await
        .unwrap();
    identified.map(|identified| identified.principal)
}

fn robot(role: Role, disabled: bool) -> ServiceAccountFields {
    ServiceAccountFields {
        name: "robot".into(),
        role,
        disabled,
    }
}

async fn token_works_until_it_expires_or_is_revoked(fixture: &Fixture) {
    let accounts = fixture.metadata.service_accounts();
    let account = accounts
        .create(&fixture.actor, robot(Role::Editor, false))
        .await
        .unwrap();
    let hour = DurationMs(3_600_000);
    let soon = metadata_now(fixture) + hour;
    let short = accounts
        .create_token(&fixture.actor, account.id, "short", Some(soon))
        .await
        .unwrap();
    let long = accounts
        .create_token(&fixture.actor, account.id, "long", None)
        .await
        .unwrap();
    let error = accounts
        .create_token(&fixture.actor, account.id, "long", None)
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::AlreadyExists {
                kind: Kind::Token,
                ..
            }
        ),
        "{error}"
    );
    let past = accounts.create_token(
        &fixture.actor,
        account.id,
        "past",
        Some(metadata_now(fixture)),
    );
    assert!(matches!(
        past.await,
        Err(Error::Invalid {
            field: "expires",
            ..
        })
    ));
    assert!(long.secret.reveal().starts_with(&long.token.prefix));
    assert!(long.token.prefix.len() < 12 && !format!("{long:?}").contains(long.secret.reveal()));
    let token = |new: &metadata::NewToken| Credentials::Token(new.secret.clone());
    let expected = Principal::ServiceAccount {
        id: account.id,
        name: "robot".into(),
        role: Role::Editor,
    };
    assert_eq!(
        identify(fixture, token(&short)).await.as_ref(),
        Some(&expected)
    );
    let stored = accounts.tokens(account.id).await.unwrap();
    assert_eq!(
        stored
            .iter()
            .map(|token| token.name.as_str())
            .collect::<Vec<_>>(),
        ["long", "short"]
    );
    assert_eq!(stored[0].last_used, None);
    assert_eq!(stored[1].last_used, Some(metadata_now(fixture)));
    fixture.clock.advance(hour);
    assert_eq!(identify(fixture, token(&short)).await, None);
    assert_eq!(
        identify(fixture, token(&long)).await.as_ref(),
        Some(&expected)
    );
    accounts
        .revoke_token(&fixture.actor, account.id, long.token.id)
        .await
        .unwrap();
    assert_eq!(identify(fixture, token(&long)).await, None);
    let again = accounts
        .revoke_token(&fixture.actor, account.id, long.token.id)
        .await;
    assert!(matches!(
        again,
        Err(Error::NotFound {
            kind: Kind::Token,
            ..
        })
    ));
    assert_eq!(
        identify(fixture, Credentials::Token(Secret::new(""))).await,
        None
    );
    assert_eq!(
        identify(fixture, Credentials::Session(long.secret.clone())).await,
        None
    );
}

async fn service_account_decides_what_its_tokens_may(fixture: &Fixture) {
    let accounts = fixture.metadata.service_accounts();
    let account = accounts
        .create(&fixture.actor, robot(Role::Admin, false))
        .await
        .unwrap();
    let twice = accounts.create(&fixture.actor, robot(Role::Admin, false));
    assert!(matches!(twice.await, Err(Error::AlreadyExists { .. })));
    let new = accounts
        .create_token(&fixture.actor, account.id, "t", None)
        .await
        .unwrap();
    let token = || Credentials::Token(new.secret.clone());
    let role = async || {
        identify(fixture, token())
            .await
            .map(|principal| principal.role())
    };
    assert_eq!(role().await, Some(Role::Admin));
    accounts
        .update(&fixture.actor, account.id, robot(Role::Viewer, false))
        .await
        .unwrap();
    assert_eq!(role().await, Some(Role::Viewer));
    accounts
        .update(&fixture.actor, account.id, robot(Role::Viewer, true))
        .await
        .unwrap();
    assert_eq!(role().await, None);
    accounts
        .update(&fixture.actor, account.id, robot(Role::Viewer, false))
        .await
        .unwrap();
    assert_eq!(accounts.list().await.unwrap()[0].tokens, 1);
    accounts.delete(&fixture.actor, account.id).await.unwrap();
    assert_eq!(role().await, None);
    assert!(accounts.list().await.unwrap().is_empty());
}

async fn preferences_are_kept_per_user(fixture: &Fixture) {
    let ann = fixture.user("ann", Role::Viewer).await;
    let preferences = fixture.metadata.preferences(ann.id);
    assert_eq!(preferences.get().await.unwrap(), Preferences::default());
    let mut wanted = Preferences {
        theme: "dark".into(),
        language: "de-DE".into(),
        timezone: "Europe/Warsaw".into(),
        week_start: "monday".into(),
        home_dashboard: "home".into(),
    };
    preferences.set(&wanted).await.unwrap();
    wanted.theme = "light".into();
    preferences.set(&wanted).await.unwrap();
    assert_eq!(preferences.get().await.unwrap(), wanted);
    wanted.theme = "pink".into();
    let error = preferences.set(&wanted).await.unwrap_err();
    assert!(
        matches!(error, Error::Invalid { field: "theme", .. }),
        "{error}"
    );
    let nobody = fixture
        .metadata
        .preferences(UserId(99))
        .set(&Preferences::default())
        .await;
    assert!(matches!(
        nobody,
        Err(Error::NotFound {
            kind: Kind::User,
            ..
        })
    ));
    fixture
        .metadata
        .users()
        .delete(&fixture.actor, ann.id)
        .await
        .unwrap();
    assert_eq!(preferences.get().await.unwrap(), Preferences::default());
    let by_password = Credentials::Password {
        login: "ann".into(),
        password: Secret::new(PASSWORD),
    };
    assert_eq!(identify(fixture, by_password).await, None);
}

fn metadata_now(fixture: &Fixture) -> model::TimestampMs {
    clock::Clock::now(&fixture.clock)
}
