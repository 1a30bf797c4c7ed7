use super::{Who, World};
use metadata::access::Role;
use serde_json::{Value, json};

const PATH: &str = "/api/folders/ops/permissions";

/// A world with a folder that an editor made, so that she manages it.
async fn world() -> (World, Who) {
    let world = World::public().await;
    let admin = world.user("root", Role::Admin).await;
    let ann = world.user("ann", Role::Editor).await;
    world.user("bob", Role::Viewer).await;
    let team = json!({"name": "Night watch"});
    assert_eq!(world.post(&admin, "/api/teams", team).await.status, 200);
    let folder = json!({"uid": "ops", "title": "Operations"});
    assert_eq!(world.post(&ann, "/api/folders", folder).await.status, 200);
    (world, ann)
}

#[tokio::test]
async fn users_and_teams_are_named_by_those_who_may_not_list_them() {
    let (world, ann) = world().await;
    assert_eq!(world.get(&ann, "/api/users/search").await.status, 403);
    let items = json!({"items": [
        {"userLogin": "ann", "permission": 4}, {"userLogin": "bob", "permission": 2},
        {"team": "Night watch", "permission": 1}, {"role": "Viewer", "permission": 1},
    ]});
    let set = world.post(&ann, PATH, items).await;
    assert_eq!(set.status, 200, "{set:?}");
    let lines = world.get(&ann, PATH).await.json();
    let said = |name: &str, value: &str| {
        let mut all = lines.as_array().unwrap().iter();
        let line = all.find(|line| line[name] == value).cloned();
        line.unwrap_or_default()["permissionName"].clone()
    };
    assert_eq!(said("userLogin", "bob"), "Edit", "{lines}");
    assert_eq!(said("team", "Night watch"), "View", "{lines}");
    assert_eq!(said("role", "Viewer"), "View", "{lines}");
}

#[tokio::test]
async fn what_is_no_permission_is_said_to_be_none_and_changes_nothing() {
    let (world, ann) = world().await;
    let before = world.get(&ann, PATH).await.json();
    let one = |item: Value| json!({"items": [item]});
    let wrong = [
        (json!({}), 400, "no items"),
        (one(json!("bob")), 400, "an item is no object"),
        (
            one(json!({"permission": 1})),
            400,
            "one of role, userId and teamId",
        ),
        (
            one(json!({"role": "Viewer", "userId": 1, "permission": 1})),
            400,
            "one of role, userId and teamId",
        ),
        (
            one(json!({"role": "Viewer", "permission": 3})),
            400,
            "permission is 1, 2 or 4",
        ),
        (
            one(json!({"userLogin": "nobody", "permission": 1})),
            404,
            "not found",
        ),
        (
            one(json!({"team": "None", "permission": 1})),
            404,
            "Team not found",
        ),
    ];
    for (body, status, words) in wrong {
        let answer = world.post(&ann, PATH, body.clone()).await;
        let message = answer.json()["message"].clone();
        assert_eq!(answer.status, status, "{body} {message}");
        assert!(
            message.as_str().unwrap().contains(words),
            "{body} {message}"
        );
    }
    assert_eq!(world.get(&ann, PATH).await.json(), before);
}

#[tokio::test]
async fn a_dashboard_says_that_its_folder_has_its_permissions() {
    let (world, ann) = world().await;
    let uid = world.dashboard(&ann, "Payroll", Some("ops")).await;
    let path = format!("/api/dashboards/uid/{uid}/permissions");
    let lines = world.get(&ann, &path).await.json();
    assert_eq!(lines, world.get(&ann, PATH).await.json());
    let items = json!({"items": [{"role": "Viewer", "permission": 1}]});
    let refused = world.post(&ann, &path, items).await;
    let words = "a dashboard has the permissions of its folder: set them there";
    assert_eq!(
        (refused.status, &refused.json()["message"]),
        (400, &json!(words))
    );
    let none = json!({"items": []});
    assert_eq!(world.post(&ann, &path, none).await.status, 200);
}

#[tokio::test]
async fn a_change_through_a_proxy_is_refused_with_what_to_do() {
    let world = World::local().await;
    let body = r#"{"title":"Through a proxy"}"#;
    let send = |name: &'static str, value: &'static str| {
        let headers = [(name, value), ("content-type", "application/json")];
        let world = &world;
        async move {
            let path = "/api/folders";
            let answer = world.send(&Who::Nobody, "POST", path, &headers, body);
            let answer = answer.await;
            (answer.status, answer.json()["message"].clone())
        }
    };
    for (name, value) in [
        ("x-forwarded-for", "203.0.113.9"),
        ("forwarded", "for=203.0.113.9"),
        ("x-real-ip", "203.0.113.9"),
        ("via", "1.1 proxy"),
        ("host", "watchfire.example"),
    ] {
        let (status, message) = send(name, value).await;
        assert_eq!(status, 401, "{name}");
        assert!(
            message.as_str().unwrap().contains("--auth.required"),
            "{name}: {message}"
        );
    }
    // Where somebody can log in, that is what it takes.
    world.user("root", Role::Admin).await;
    let (status, message) = send("via", "1.1 proxy").await;
    assert_eq!((status, message), (401, json!("Unauthorized")));
}
