use super::world::PASSWORD;
use super::{Who, World};
use metadata::access::Role;
use model::DurationMs;
use serde_json::json;

#[tokio::test]
async fn login_gives_a_new_cookie_and_logout_takes_it_away() {
    let world = World::public().await;
    world.add_user("ann", Role::Editor).await;
    let planted = Who::Cookie("watchfire_session=planted".to_owned());
    let words = json!({"user": "ann", "password": PASSWORD});
    let answer = world.post(&planted, "/login", words).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let header = answer.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        header.contains("; HttpOnly; SameSite=Lax") && header.contains("Path=/;"),
        "{header}"
    );
    let ann = Who::Cookie(answer.cookie().unwrap());
    assert_ne!(ann, planted, "what somebody planted is no session");
    assert_eq!(world.get(&planted, "/api/user").await.status, 401);
    let me = world.get(&ann, "/api/user").await.json();
    assert_eq!(
        (&me["login"], &me["isGrafanaAdmin"]),
        (&json!("ann"), &json!(false))
    );
    let me = world.get(&ann, "/api/watchfire/me").await.json();
    assert_eq!(
        (&me["kind"], &me["canEdit"], &me["isAdmin"]),
        (&json!("user"), &json!(true), &json!(false))
    );
    let again = world
        .post(&ann, "/login", json!({"user": "ann", "password": PASSWORD}))
        .await;
    let newer = Who::Cookie(again.cookie().unwrap());
    assert_eq!(
        world.get(&ann, "/api/user").await.status,
        401,
        "the session before is over"
    );
    let out = world.get(&newer, "/logout").await;
    assert_eq!(out.status, 303);
    assert!(
        out.headers["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    assert_eq!(world.get(&newer, "/api/user").await.status, 401);
}

#[tokio::test]
async fn link_on_a_page_of_another_site_logs_nobody_out() {
    let world = World::public().await;
    let ann = world.user("ann", Role::Viewer).await;
    for headers in [
        [("sec-fetch-site", "cross-site")],
        [("origin", "https://evil.example")],
    ] {
        world.send(&ann, "GET", "/logout", &headers, "").await;
        assert_eq!(world.get(&ann, "/api/user").await.status, 200);
    }
}

#[tokio::test]
async fn form_logs_in_and_leads_back_but_only_to_this_server() {
    let world = World::public().await;
    world.add_user("ann", Role::Viewer).await;
    let page = world
        .get(
            &Who::Nobody,
            "/login?redirectTo=%2Fd%2Fx%3Fa%3D%22%3E%3Cscript%3E",
        )
        .await;
    assert!(
        page.text.contains("method=\"post\" action=\"login\"") && !page.text.contains("<script"),
        "{page:?}"
    );
    let send = |back: &'static str, password: &'static str| {
        let form = [
            ("user", "ann"),
            ("password", password),
            ("redirectTo", back),
        ];
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let world = &world;
        async move {
            let headers = [
                ("sec-fetch-site", "same-origin"),
                ("content-type", "application/x-www-form-urlencoded"),
            ];
            world
                .send(&Who::Nobody, "POST", "/login", &headers, &body)
                .await
        }
    };
    for (back, location) in [
        ("/d/x", "/d/x"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
    ] {
        let answer = send(back, PASSWORD).await;
        assert_eq!(
            (answer.status, &answer.headers["location"]),
            (303, &location.parse().unwrap())
        );
        assert!(answer.cookie().is_some());
    }
    let wrong = send("/d/x", "wrong").await;
    assert_eq!((wrong.status, wrong.cookie()), (401, None));
    assert!(wrong.text.contains("role=\"alert\"") && wrong.text.contains("value=\"/d/x\""));
}

#[tokio::test]
async fn token_of_a_session_is_replaced_with_the_answer_of_a_request() {
    let world = World::public().await;
    let ann = world.user("ann", Role::Viewer).await;
    assert_eq!(world.get(&ann, "/api/user").await.cookie(), None);
    world.clock.advance(DurationMs::from_secs(11 * 60));
    let answer = world.get(&ann, "/api/user").await;
    let newer = Who::Cookie(answer.cookie().unwrap());
    assert_ne!(newer, ann);
    assert_eq!(world.get(&newer, "/api/user").await.status, 200);
    world.clock.advance(DurationMs::from_secs(8 * 86_400));
    let over = world.get(&newer, "/api/search").await;
    assert_eq!(over.status, 200, "reading is open");
    assert!(
        over.headers["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    assert_eq!(world.get(&newer, "/api/user").await.status, 401);
}

#[tokio::test]
async fn guesses_are_slowed_down_whatever_way_they_come() {
    let world = World::public().await;
    world.add_user("ann", Role::Admin).await;
    for _ in 0..5 {
        let answer = world
            .post(
                &Who::Nobody,
                "/login",
                json!({"user": "ann", "password": "x"}),
            )
            .await;
        assert_eq!(
            answer.message(),
            (401, "Invalid username or password".to_owned())
        );
    }
    let right = json!({"user": "ann", "password": PASSWORD});
    let answer = world.post(&Who::Nobody, "/login", right.clone()).await;
    assert_eq!(answer.status, 429);
    let wait: i64 = answer.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=13).contains(&wait), "{wait}");
    let basic = Who::Basic(format!("ann:{PASSWORD}"));
    let answer = world.get(&basic, "/api/user").await;
    assert_eq!(answer.status, 429);
    assert!(answer.headers.contains_key("retry-after"));
    world.clock.advance(DurationMs::from_secs(wait));
    assert_eq!(world.post(&Who::Nobody, "/login", right).await.status, 200);
}

#[tokio::test]
async fn tokens_and_passwords_in_headers_are_taken_and_wrong_ones_refused() {
    let world = World::public().await;
    world.add_user("ann", Role::Editor).await;
    let robot = world.machine(Role::Editor).await;
    let Who::Bearer(token) = robot.clone() else {
        panic!()
    };
    let basic = Who::Basic(format!("ann:{PASSWORD}"));
    let api_key = Who::Basic(format!("api_key:{token}"));
    for who in [&robot, &basic, &api_key] {
        world
            .dashboard(who, &format!("By {who:?}").replace(['/', '"'], ""), None)
            .await;
    }
    for who in [
        Who::Bearer("wfsa_no".to_owned()),
        Who::Basic("ann:no".to_owned()),
        Who::Basic("x".to_owned()),
    ] {
        let answer = world.get(&who, "/api/search").await;
        assert_eq!(answer.status, 401, "{who:?}");
    }
    assert_eq!(
        world.get(&robot, "/api/user").await.status,
        403,
        "a machine has no account"
    );
}

#[expect(clippy::too_many_lines, reason = "one story")]
#[tokio::test]
async fn administrators_manage_users_teams_and_machines() {
    let world = World::public().await;
    let root = world.user("root", Role::Admin).await;
    let new = json!({"login": "bob", "email": "bob@example.org", "name": "Bob", "password": "eight letters at least", "OrgId": 1});
    let made = world.post(&root, "/api/admin/users", new).await.json();
    assert_eq!(made["message"], "User created");
    let id = made["id"].as_i64().unwrap();
    let patch = json!({"role": "Editor"});
    assert_eq!(
        world
            .ask(&root, "PATCH", &format!("/api/org/users/{id}"), Some(patch))
            .await
            .status,
        200
    );
    let bob = world
        .get(&root, "/api/users/lookup?loginOrEmail=bob@example.org")
        .await
        .json();
    assert_eq!(
        (&bob["login"], &bob["role"]),
        (&json!("bob"), &json!("Editor"))
    );
    let found = world.get(&root, "/api/users/search?query=bo").await.json();
    assert_eq!(
        (&found["totalCount"], &found["users"][0]["login"]),
        (&json!(1), &json!("bob"))
    );
    let admin = |call: &str| format!("/api/admin/users/{id}/{call}");
    let admin_of = json!({"isGrafanaAdmin": true});
    assert_eq!(
        world
            .ask(&root, "PUT", &admin("permissions"), Some(admin_of))
            .await
            .status,
        200
    );
    for call in ["disable", "enable", "logout"] {
        assert_eq!(
            world.post(&root, &admin(call), json!({})).await.status,
            200,
            "{call}"
        );
    }
    let team = world
        .post(&root, "/api/teams", json!({"name": "Ops"}))
        .await
        .json();
    let team = format!("/api/teams/{}", team["teamId"]);
    let member = json!({"userId": id});
    assert_eq!(
        world
            .post(&root, &format!("{team}/members"), member)
            .await
            .status,
        200
    );
    let members = world.get(&root, &format!("{team}/members")).await.json();
    assert_eq!(members[0]["login"], "bob");
    assert_eq!(
        world.get(&root, "/api/teams/search").await.json()["teams"][0]["memberCount"],
        1
    );
    let out = world
        .ask(&root, "DELETE", &format!("{team}/members/{id}"), None)
        .await;
    assert_eq!(out.status, 200);
    assert_eq!(world.ask(&root, "DELETE", &team, None).await.status, 200);
    let robot = world
        .post(
            &root,
            "/api/serviceaccounts",
            json!({"name": "ci", "role": "Editor"}),
        )
        .await;
    assert_eq!(robot.status, 201);
    let robot = format!("/api/serviceaccounts/{}", robot.json()["id"]);
    let token = json!({"name": "t", "secondsToLive": 60});
    let token = world
        .post(&root, &format!("{robot}/tokens"), token)
        .await
        .json();
    let ci = Who::Bearer(token["key"].as_str().unwrap().to_owned());
    world.dashboard(&ci, "By a machine", None).await;
    let listed = world.get(&root, &format!("{robot}/tokens")).await;
    assert!(
        !listed.text.contains(token["key"].as_str().unwrap()),
        "shown once only"
    );
    world.clock.advance(DurationMs::from_secs(61));
    assert_eq!(world.get(&ci, "/api/search").await.status, 401, "expired");
    let path = format!("{robot}/tokens/{}", token["id"]);
    assert_eq!(world.ask(&root, "DELETE", &path, None).await.status, 200);
    assert_eq!(world.ask(&root, "DELETE", &robot, None).await.status, 200);
    assert_eq!(
        world
            .ask(&root, "DELETE", &format!("/api/admin/users/{id}"), None)
            .await
            .status,
        200
    );
    let log = world
        .get(&root, "/api/watchfire/audit?action=user.delete")
        .await
        .json();
    assert_eq!(
        (
            &log["entries"][0]["actor"]["name"],
            &log["entries"][0]["objectId"]
        ),
        (&json!("root"), &json!("bob"))
    );
}

#[tokio::test]
async fn nobody_makes_themselves_more_than_they_are() {
    let world = World::public().await;
    world.user("root", Role::Admin).await;
    let bob = world.user("bob", Role::Viewer).await;
    let id = world.metadata.users().find("bob").await.unwrap().id.0;
    let more = json!({"name": "Bob", "role": "Admin", "isGrafanaAdmin": true, "disabled": false});
    assert_eq!(
        world
            .ask(&bob, "PUT", "/api/user", Some(more.clone()))
            .await
            .status,
        200
    );
    assert_eq!(
        world.get(&bob, "/api/user").await.json()["orgRole"],
        "Viewer"
    );
    for (method, path) in [
        ("PATCH", format!("/api/org/users/{id}")),
        ("PUT", format!("/api/admin/users/{id}/permissions")),
        ("PUT", format!("/api/users/{id}")),
        ("POST", "/api/admin/users".to_owned()),
        ("POST", "/api/serviceaccounts".to_owned()),
        ("POST", "/api/teams".to_owned()),
        ("GET", "/api/users".to_owned()),
        ("GET", "/api/watchfire/audit".to_owned()),
        ("POST", "/api/dashboards/db".to_owned()),
        ("POST", "/api/folders".to_owned()),
    ] {
        let mut body = more.clone();
        body["title"] = json!("x");
        body["dashboard"] = json!({"title": "x"});
        let answer = world.ask(&bob, method, &path, Some(body)).await;
        assert_eq!(
            answer.message(),
            (403, "Access denied".to_owned()),
            "{method} {path}"
        );
    }
    let wrong = json!({"oldPassword": "guess", "newPassword": "another good password"});
    assert_eq!(
        world
            .ask(&bob, "PUT", "/api/user/password", Some(wrong))
            .await
            .status,
        401
    );
    let right = json!({"oldPassword": PASSWORD, "newPassword": "another good password"});
    assert_eq!(
        world
            .ask(&bob, "PUT", "/api/user/password", Some(right))
            .await
            .status,
        200
    );
    assert_eq!(
        world.get(&bob, "/api/user").await.status,
        200,
        "this session stays"
    );
    let preferences = json!({"theme": "dark", "timezone": "utc"});
    let path = "/api/user/preferences";
    assert_eq!(
        world.ask(&bob, "PUT", path, Some(preferences)).await.status,
        200
    );
    let patch = json!({"weekStart": "monday"});
    assert_eq!(
        world.ask(&bob, "PATCH", path, Some(patch)).await.status,
        200
    );
    let now = world.get(&bob, path).await.json();
    assert_eq!(
        (&now["theme"], &now["weekStart"]),
        (&json!("dark"), &json!("monday"))
    );
}
