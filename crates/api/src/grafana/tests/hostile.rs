//! What attackers send.

use super::{Who, World};
use metadata::access::Role;
use serde_json::json;

const SQL: [&str; 6] = [
    "' OR '1'='1",
    "x'; DROP TABLE dashboards; --",
    "%",
    "_",
    "\" UNION SELECT password_hash FROM users --",
    "\\' OR 1=1 --",
];
const HTML: [&str; 4] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "</script><svg onload=alert(1)>",
];

#[tokio::test]
async fn sql_in_any_text_is_a_text() {
    let world = World::public().await;
    let root = world.user("root", Role::Admin).await;
    let uid = world.dashboard(&root, "Plain", None).await;
    for text in SQL {
        let coded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        for path in [
            format!("/api/search?query={coded}"),
            format!("/api/search?tag={coded}"),
            format!("/api/search?folderUIDs={coded}"),
            format!("/api/search?dashboardUIDs={coded}"),
            format!("/api/annotations?tags={coded}"),
            format!("/api/annotations?dashboardUID={coded}"),
            format!("/api/users/search?query=zz{coded}"),
            format!("/api/watchfire/audit?actor={coded}"),
        ] {
            let answer = world.get(&root, &path).await;
            assert_eq!(answer.status, 200, "{path} {answer:?}");
            assert!(
                !answer.text.contains("Plain") && !answer.text.contains("argon2"),
                "{path} {answer:?}"
            );
        }
        for path in [
            "/api/dashboards/uid/",
            "/api/folders/",
            "/api/users/",
            "/api/annotations/",
        ] {
            let segment = coded.replace('+', "%20");
            let answer = world.get(&root, &format!("{path}{segment}")).await;
            assert!(
                matches!(answer.status, 400 | 404),
                "{path}{segment} {answer:?}"
            );
        }
        let login = json!({"user": text, "password": text});
        let answer = world.post(&Who::Nobody, "/login", login).await;
        assert!(matches!(answer.status, 401 | 429), "{answer:?}");
        world.dashboard(&root, text, None).await;
    }
    let path = format!("/api/dashboards/uid/{uid}");
    assert_eq!(
        world.get(&root, &path).await.status,
        200,
        "everything is still there"
    );
}

#[tokio::test]
async fn hostile_texts_come_back_as_json_and_never_as_a_page() {
    let world = World::public().await;
    let root = world.user("root", Role::Admin).await;
    for text in HTML {
        let body = json!({"dashboard": {"title": text, "tags": [text], "description": text,
            "panels": [{"id": 1, "type": "text", "title": text, "options": {"content": text}}]}});
        let uid = world.post(&root, "/api/dashboards/db", body).await.json()["uid"].clone();
        let uid = uid.as_str().unwrap().to_owned();
        world
            .post(
                &root,
                "/api/annotations",
                json!({"dashboardUID": uid, "text": text, "tags": [text]}),
            )
            .await;
        world
            .post(&root, "/api/folders", json!({"title": text}))
            .await;
        for path in [
            format!("/api/dashboards/uid/{uid}"),
            "/api/search".to_owned(),
            "/api/annotations".to_owned(),
            "/api/dashboards/tags".to_owned(),
            "/api/folders".to_owned(),
            format!(
                "/api/dashboards/uid/{}",
                form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>()
            ),
        ] {
            let answer = world.get(&root, &path).await;
            let kind = answer.headers["content-type"].to_str().unwrap();
            assert!(
                kind.starts_with("application/json") || answer.status == 404,
                "{path} {answer:?}"
            );
            assert_eq!(answer.headers["x-content-type-options"], "nosniff");
            let policy = answer.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'"), "{policy}");
            assert_eq!(answer.headers["cache-control"], "no-store");
        }
        let url = world
            .get(&root, "/api/search?type=dash-db&limit=1")
            .await
            .json();
        let url = url[0]["url"].as_str().unwrap().to_owned();
        assert!(
            url.starts_with("/d/") && !url.contains(['<', '>', '"', ' ']),
            "{url}"
        );
    }
}

#[tokio::test]
async fn pages_of_other_sites_change_nothing_whoever_visits_them() {
    let local = World::local().await;
    let public = World::public().await;
    let ann = public.user("ann", Role::Editor).await;
    let body = r#"{"dashboard":{"title":"Forged"}}"#;
    for (world, who) in [(&local, &Who::Nobody), (&public, &ann)] {
        for headers in [
            &[
                ("sec-fetch-site", "cross-site"),
                ("content-type", "text/plain"),
            ][..],
            &[
                ("sec-fetch-site", "same-site"),
                ("content-type", "application/json"),
            ],
            &[
                ("origin", "https://evil.example"),
                ("content-type", "application/json"),
            ],
            &[
                ("origin", "null"),
                ("content-type", "application/x-www-form-urlencoded"),
            ],
            &[
                ("referer", "http://evil.example/127.0.0.1:9090"),
                ("content-type", "text/plain"),
            ],
        ] {
            let answer = world
                .send(who, "POST", "/api/dashboards/db", headers, body)
                .await;
            assert_eq!(
                answer.message(),
                (403, "Origin not allowed".to_owned()),
                "{headers:?}"
            );
        }
        let own = [
            ("origin", "http://127.0.0.1:9090"),
            ("content-type", "application/json"),
        ];
        let answer = world
            .send(who, "POST", "/api/dashboards/db", &own, body)
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    let login = r#"{"user":"ann","password":"correct horse battery"}"#;
    let cross = [("sec-fetch-site", "cross-site")];
    let answer = public
        .send(&Who::Nobody, "POST", "/login", &cross, login)
        .await;
    assert_eq!(answer.status, 403, "nobody is logged in by another site");
    let plain = [("content-type", "text/plain")];
    let body = r#"{"dashboard":{"title":"By curl"}}"#;
    assert_eq!(
        local
            .send(&Who::Nobody, "POST", "/api/dashboards/db", &plain, body)
            .await
            .status,
        200
    );
    assert_eq!(
        public
            .send(&ann, "POST", "/api/dashboards/db", &plain, body)
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn names_that_lead_to_this_machine_are_not_this_machine() {
    let world = World::local().await;
    let body = r#"{"dashboard":{"title":"Rebound"}}"#;
    let save = |headers: Vec<(&'static str, &'static str)>| {
        let world = &world;
        async move {
            world
                .send(&Who::Nobody, "POST", "/api/dashboards/db", &headers, body)
                .await
                .status
        }
    };
    let rebound = vec![
        ("host", "evil.example:9090"),
        ("origin", "http://evil.example:9090"),
    ];
    assert_eq!(save(rebound).await, 401);
    assert_eq!(
        save(vec![("x-forwarded-for", "203.0.113.9")]).await,
        401,
        "a proxy's client"
    );
    assert_eq!(save(vec![("host", "localhost:9090")]).await, 200);
}

#[tokio::test]
async fn huge_and_deep_bodies_are_refused() {
    let world = World::local().await;
    let huge = format!(
        "{{\"dashboard\":{{\"title\":\"{}\"}}}}",
        "x".repeat(11 << 20)
    );
    let json = [("content-type", "application/json")];
    let answer = world
        .send(&Who::Nobody, "POST", "/api/dashboards/db", &json, &huge)
        .await;
    assert_eq!(answer.status, 413);
    let deep = format!(
        "{{\"dashboard\":{}{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let answer = world
        .send(&Who::Nobody, "POST", "/api/dashboards/db", &json, &deep)
        .await;
    assert_eq!(answer.status, 400);
}
