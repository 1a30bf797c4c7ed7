//! The table against the routes that there are, and what it says to everybody.

use super::{Door, DoorOptions, Found, Rule, TABLE, WebUser, protect, rule_of};
use crate::grafana::tests::{Answer, Who, World};
use axum::Router;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::middleware::map_request;
use axum::routing::any;
use metadata::access::{Policy, Role};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The sources that add routes, from the root of the workspace.
const SOURCES: [&str; 2] = ["crates/api/src", "server/src"];

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

/// The routes that a source adds: method and path.
fn routes_of(source: &str) -> Vec<(String, String)> {
    let mut routes = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find(".route(") {
        // Those of Prometheus' API are nested below its path.
        let before = &source[..source.len() - rest.len() + at];
        let opened = before.matches("let v1 = Router::new()").count();
        let nested =
            opened > before.matches(".nest(\"/api/v1\"").count() && !before.contains("let ready =");
        rest = &rest[at + ".route(".len()..];
        let mut depth = 1;
        let end = rest
            .char_indices()
            .find(|(_, letter)| {
                match letter {
                    '(' => depth += 1,
                    ')' => depth -= 1,
                    _ => {}
                }
                depth == 0
            })
            .unwrap()
            .0;
        let call = &rest[..end];
        let path = call.split('"').nth(1).unwrap();
        let path = if nested {
            format!("/api/v1{path}")
        } else {
            path.to_owned()
        };
        let mut methods = BTreeSet::new();
        for method in ["get", "post", "put", "patch", "delete"] {
            let named = |before: &str| call.contains(&format!("{before}{method}("));
            if [" ", "(", ".", "\n"].iter().any(|before| named(before)) {
                methods.insert(method.to_uppercase());
            }
        }
        assert!(
            !call.contains("any(") && !call.contains("on("),
            "{path}: name its methods"
        );
        assert!(!methods.is_empty(), "{path}: no method found in `{call}`");
        routes.extend(methods.into_iter().map(|method| (method, path.clone())));
    }
    routes
}

#[test]
fn every_route_of_the_sources_has_a_line_in_the_table_and_every_line_a_route() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for folder in SOURCES {
        rust_files(&root.join(folder), &mut files);
    }
    let is_test = |path: &Path| {
        path.components().any(|part| {
            let name = part.as_os_str().to_string_lossy();
            name == "tests" || name == "tests.rs"
        })
    };
    let mut routes = BTreeSet::new();
    // The pages of a server that is still starting say nothing but that.
    let is_before_the_door = |path: &Path| path.ends_with("ui/starting.rs");
    for file in files
        .iter()
        .filter(|file| !is_test(file) && !is_before_the_door(file))
    {
        routes.extend(routes_of(&std::fs::read_to_string(file).unwrap()));
    }
    // Pages are added by their router; the running server is asked for them in its own tests.
    let pages = [
        "/",
        "/dashboards",
        "/d/{uid}",
        "/d/{uid}/{*rest}",
        "/dashboards/f/{uid}/permissions",
        "/profile",
        "/admin/users",
        "/admin/users/edit/{id}",
        "/admin/audit",
        "/org/teams",
        "/org/teams/edit/{id}",
        "/org/serviceaccounts",
        "/org/serviceaccounts/{id}",
        "/graph",
        "/alerts",
        "/rules",
        "/rules/new",
        "/rules/at",
        "/rules/group",
        "/rules/{uid}",
        "/alertmanager-discovery",
        "/targets",
        "/service-discovery",
        "/status",
        "/tsdb-status",
        "/flags",
        "/config",
        "/queries",
        "/remote",
        "/help",
    ];
    routes.extend(pages.map(|path| ("GET".to_owned(), path.to_owned())));
    // Methods that only say which ones are meant; they come from a fallback.
    let said = [("GET", "/-/reload"), ("GET", "/-/quit")];
    routes.extend(said.map(|(method, path)| (method.to_owned(), path.to_owned())));
    let table: BTreeSet<(String, String)> = TABLE
        .iter()
        .flat_map(|(methods, path, _)| {
            methods
                .split(' ')
                .map(|method| (method.to_owned(), (*path).to_owned()))
        })
        .collect();
    let missing: Vec<_> = routes.difference(&table).collect();
    assert!(
        missing.is_empty(),
        "routes without a line in the table: {missing:?}"
    );
    let dead: Vec<_> = table.difference(&routes).collect();
    assert!(
        dead.is_empty(),
        "lines in the table without a route: {dead:?}"
    );
}

/// A path of a route, with something in each place.
fn example(route: &str) -> String {
    let parts = route.split('/').map(|part| match part {
        "{*path}" => "api/v1/query",
        "{name}" | "{uid}" => "watchfire",
        part if part.starts_with('{') => "1",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

fn letter(answer: &Answer) -> char {
    match answer.status {
        200 => '+',
        401 => '?',
        403 => '-',
        405 => 'm',
        status => panic!("{status}: {answer:?}"),
    }
}

/// What each route says, for each line of the table: to nobody who is known, on a server that listens on the
/// network | on one that asks for a login | on loopback; then to a viewer, an editor and an administrator with
/// a cookie, and to machines of these roles, on one that asks for a login. `+` is yes, `?` a login is needed,
/// `-` is no.
async fn verdicts() -> String {
    let worlds = [
        World::public().await,
        World::closed().await,
        World::local().await,
    ];
    let policies = [(false, false), (true, false), (false, true)];
    // The same doors before routes that all say yes.
    let mut routers = Vec::new();
    for (world, (login_required, loopback)) in worlds.iter().zip(policies) {
        let door = Arc::new(Door::new(DoorOptions {
            policy: Policy { login_required },
            loopback,
            secure: false,
        }));
        door.open(world.metadata.clone());
        let mut router = Router::new();
        let paths: BTreeSet<&str> = TABLE.iter().map(|(_, path, _)| *path).collect();
        for path in paths {
            router = router.route(path, any(|| async { StatusCode::OK }));
        }
        router = router.route("/forgotten", any(|| async { StatusCode::OK }));
        routers.push(protect(router, door));
    }
    let mut worlds = worlds;
    let closed = &worlds[1];
    let mut known = Vec::new();
    for (login, role) in [
        ("vi", Role::Viewer),
        ("ed", Role::Editor),
        ("ad", Role::Admin),
    ] {
        known.push(closed.user(login, role).await);
    }
    for role in [Role::Viewer, Role::Editor, Role::Admin] {
        known.push(closed.machine(role).await);
    }
    for (world, router) in worlds.iter_mut().zip(routers) {
        world.router = router;
    }
    let mut lines = String::from("\n");
    let forgotten = ("GET POST", "/forgotten", Rule::Open);
    for (methods, path, _) in TABLE.iter().chain([&forgotten]) {
        for method in methods.split(' ') {
            let mut line = String::new();
            for world in &worlds {
                let answer = world.ask(&Who::Nobody, method, &example(path), None).await;
                line.push(letter(&answer));
            }
            line.push(' ');
            for who in &known {
                let answer = worlds[1].ask(who, method, &example(path), None).await;
                line.push(letter(&answer));
            }
            writeln!(lines, "{line} {method} {path}").unwrap();
        }
    }
    lines
}

#[tokio::test]
async fn every_route_says_to_everybody_what_the_golden_table_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/routes.txt");
    let actual = verdicts().await;
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, actual.trim_start()).unwrap();
    }
    let golden = std::fs::read_to_string(&file).unwrap_or_default();
    let (got, golden): (BTreeSet<_>, BTreeSet<_>) = (
        actual.trim_start().lines().collect(),
        golden.lines().collect(),
    );
    let new: Vec<_> = got.difference(&golden).collect();
    let gone: Vec<_> = golden.difference(&got).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "now: {new:#?}\nin {}: {gone:#?}",
        file.display()
    );
    // Whatever the file says.
    for line in &got {
        let (verdict, route) = line.split_once(' ').unwrap();
        if route.contains("/forgotten") {
            assert!(verdict == "---" && route.starts_with("------ "), "{line}");
        }
        let (method, path) = route.get(7..).unwrap().split_once(' ').unwrap();
        let rule = rule_of(&method.parse().unwrap(), path);
        let may_be_open = match rule {
            Found::Rule(Rule::Ask(action) | Rule::Shows(action)) => {
                action.only_looks() || method == "GET"
            }
            Found::Rule(_) => true,
            _ => false,
        };
        assert!(
            may_be_open || verdict.starts_with("??") || path == "/forgotten",
            "open to change: {line}"
        );
    }
}

#[tokio::test]
async fn method_that_a_route_does_not_take_never_reaches_it() {
    let world = World::local().await;
    let nobody = Who::Nobody;
    for (method, path) in [
        ("DELETE", "/api/search"),
        ("PUT", "/api/dashboards/db"),
        ("POST", "/api/user/stars"),
    ] {
        assert_eq!(
            world.ask(&nobody, method, path, None).await.status,
            405,
            "{method} {path}"
        );
    }
    let strange = Method::from_bytes(b"PROPFIND").unwrap();
    assert_eq!(
        world
            .ask(&nobody, strange.as_str(), "/api/search", None)
            .await
            .status,
        405
    );
    for path in [
        "/api//search",
        "/api/search/",
        "/API/search",
        "/api/%73earch",
        "/api/./search",
    ] {
        let status = world.get(&nobody, path).await.status;
        assert!(matches!(status, 404 | 405), "{path} {status}");
    }
}

#[tokio::test]
async fn refusals_have_the_shape_of_the_api_that_was_asked() {
    let world = World::closed().await;
    let nobody = Who::Nobody;
    let answer = world.get(&nobody, "/api/search").await;
    assert_eq!(answer.message(), (401, "Unauthorized".to_owned()));
    assert!(
        !answer.headers.contains_key("www-authenticate"),
        "a browser asks by our page"
    );
    let answer = world.send(&nobody, "GET", "/api/search", &[], "").await;
    assert!(
        answer.headers["www-authenticate"]
            .to_str()
            .unwrap()
            .starts_with("Basic")
    );
    assert_eq!(
        world.get(&nobody, "/api/health").await.json()["database"],
        "ok"
    );
    assert_eq!(
        world.get(&nobody, "/api/frontend/settings").await.json()["datasources"],
        serde_json::json!({})
    );
    assert_eq!(
        world.get(&nobody, "/api/watchfire/me").await.json()["canRead"],
        false
    );
}

#[tokio::test]
async fn addresses_of_no_call_are_answered_in_json() {
    let world = World::public().await;
    let answer = world.get(&Who::Nobody, "/api/nothing/here").await;
    assert_eq!(answer.message(), (404, "Not found".to_owned()));
}

#[tokio::test]
async fn what_an_operator_does_to_the_server_is_in_the_audit_log() {
    let world = World::public().await;
    let root = world.user("root", Role::Admin).await;
    let door = Arc::new(Door::new(DoorOptions::default()));
    door.open(world.metadata.clone());
    let router = Router::new().route("/-/reload", any(|| async { StatusCode::OK }));
    let mut world = world;
    world.router = protect(router, door);
    assert_eq!(
        world
            .ask(&Who::Nobody, "POST", "/-/reload", None)
            .await
            .status,
        401
    );
    assert_eq!(
        world.ask(&root, "POST", "/-/reload", None).await.status,
        200
    );
    let query = metadata::AuditQuery {
        action: Some("server.reload".to_owned()),
        ..metadata::AuditQuery::default()
    };
    let entries = world.metadata.audit().list(&query).await.unwrap();
    let actors: Vec<_> = entries
        .iter()
        .map(|entry| entry.actor.name.as_str())
        .collect();
    assert_eq!(actors, ["root"]);
}

#[tokio::test]
async fn user_of_the_web_configuration_counts_as_somebody_at_the_machine() {
    let mut world = World::public().await;
    let shown = map_request(|mut request: Request| async {
        request.extensions_mut().insert(WebUser("ops".to_owned()));
        request
    });
    world.router = world.router.clone().layer(shown);
    let ops = Who::Basic("ops:not one of our users".to_owned());
    world.dashboard(&ops, "By ops", None).await;
    assert_eq!(
        world.get(&ops, "/api/users").await.status,
        401,
        "no administrator"
    );
    let forged = [("origin", "https://evil.example")];
    let body = r#"{"dashboard":{"title":"Forged"}}"#;
    let answer = world
        .send(&ops, "POST", "/api/dashboards/db", &forged, body)
        .await;
    assert_eq!(answer.status, 403, "browsers remember passwords");
}
