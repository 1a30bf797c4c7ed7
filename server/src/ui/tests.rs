use super::*;
use api_types::{ActiveTarget, Envelope, Health, Paging, PoolSummary, TargetList};
use app::backend::PageAnswer;
use axum::body::{Body, to_bytes};
use axum::http::header::LOCATION;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::Duration;
use tokio::runtime::Runtime;
use tower::ServiceExt;

struct OneTarget;

impl UiBackend for OneTarget {
    fn get(&self, path: String) -> Pin<Box<dyn Future<Output = PageAnswer> + Send>> {
        let said =
            |status: u16, body: String| -> Pin<Box<dyn Future<Output = PageAnswer> + Send>> {
                Box::pin(async move { PageAnswer { status, body } })
            };
        match path.as_str() {
            "/api/dashboards/home" => return said(200, "{}".to_owned()),
            "/api/dashboards/uid/disks" => return said(200, DISKS.to_owned()),
            other if other.starts_with("/api/dashboards/") => {
                return said(404, r#"{"message": "not found"}"#.to_owned());
            }
            _ => assert!(path.starts_with("/api/watchfire/targets"), "{path}"),
        }
        let list = TargetList {
            pools: vec![PoolSummary {
                name: "node".into(),
                down: 1,
                ..PoolSummary::default()
            }],
            targets: vec![ActiveTarget {
                labels: [("job".to_owned(), "node".to_owned())].into(),
                scrape_pool: "node".into(),
                scrape_url: "http://host:9100/metrics".into(),
                global_url: "http://host:9100/metrics".into(),
                last_error: "connection refused".into(),
                last_scrape: "2026-08-21T14:03:07Z".into(),
                last_scrape_duration: 0.01,
                health: Health::Down,
                scrape_interval: "15s".into(),
                scrape_timeout: "10s".into(),
                ..ActiveTarget::default()
            }],
            paging: Paging {
                page: 1,
                pages: 1,
                matched: 1,
                total: 1,
            },
        };
        let body = serde_json::to_string(&Envelope::success(list)).unwrap();
        said(200, body)
    }
}

const DISKS: &str = r#"{"meta": {"folderTitle": "Machines"}, "dashboard": {"uid": "disks", "title": "Disks", "panels":
    [{"id": 1, "type": "stat", "title": "Room left", "gridPos": {"x": 6, "y": 0, "w": 12, "h": 4}}]}}"#;

/// One router for all tests, as the server has one. Several that were made at the same moment left a page
/// waiting for its data now and then; so a page that does not come fails its test instead of keeping it.
fn ask(path: &str) -> (StatusCode, HeaderMap, String) {
    static SERVED: OnceLock<(Runtime, Router)> = OnceLock::new();
    let (runtime, router) = SERVED.get_or_init(|| {
        let runtime = Runtime::new().unwrap();
        let router = runtime.block_on(async { router(Arc::new(OneTarget)) });
        (runtime, router)
    });
    runtime.block_on(async {
        let answer = answer(router.clone(), path);
        tokio::time::timeout(Duration::from_secs(30), answer)
            .await
            .unwrap()
    })
}

async fn answer(router: Router, path: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::builder().uri(path).body(Body::empty()).unwrap();
    let response = router.oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    (
        head.status,
        head.headers,
        String::from_utf8_lossy(&bytes).into_owned(),
    )
}

#[test]
fn dashboards_come_with_their_frames() {
    let (status, _, body) = ask("/d/disks/disks");
    assert_eq!(status, StatusCode::OK);
    assert!(
        body.contains("Room left") && body.contains("Machines"),
        "{body}"
    );
    assert!(body.contains("<title>Disks · "), "{body}");
    assert!(
        body.contains("left:calc(6 * (100% + 8.0px) / 24)"),
        "{body}"
    );
    let (status, _, body) = ask("/d/none/none");
    assert_eq!(status, StatusCode::OK);
    assert!(
        !body.contains("board__cell") && body.contains("skeleton"),
        "{body}"
    );
    // An editor and settings have another shape.
    let (_, _, body) = ask("/d/disks/disks/edit/1");
    assert!(!body.contains("board__cell"), "{body}");
}

#[test]
fn the_first_page_comes_with_the_frames_of_the_ready_made_dashboard() {
    let (status, _, body) = ask("/");
    assert_eq!(status, StatusCode::OK);
    assert!(body.matches("board__cell").count() > 15, "{body}");
}

#[test]
fn targets_are_readable_without_scripts() {
    let (status, _, body) = ask("/targets");
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("http://host:9100/metrics") && body.contains("connection refused"));
    assert!(body.contains("2026-08-21 14:03:07 UTC"));
    // Streamed pages come as an outline with the rest in templates, which only scripts put in place.
    assert!(
        !body.contains("<template") && !body.contains("skeleton"),
        "{body}"
    );
}

#[test]
fn old_addresses_lead_to_the_graph_page_with_their_parameters() {
    let (status, headers, _) = ask("/query?g0.expr=up&g0.tab=0");
    assert_eq!(status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(headers.get(LOCATION).unwrap(), "/graph?g0.expr=up&g0.tab=0");
}

#[test]
fn unknown_addresses_are_a_page_with_status_404() {
    let (status, _, body) = ask("/nowhere");
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(body.contains("There is no such page"));
}

#[test]
fn the_graph_page_shows_its_query_before_scripts_run() {
    let (_, _, body) = ask("/graph?g0.expr=rate(x%5B5m%5D)&g0.tab=0");
    assert!(body.contains("rate(x[5m])"), "{body}");
}

#[test]
fn every_inline_script_of_a_page_is_one_that_its_policy_lets_run() {
    for path in ["/graph", "/targets", "/d/any/any", "/nowhere"] {
        let (_, headers, body) = ask(path);
        let policy = headers["content-security-policy"].to_str().unwrap();
        let nonce = policy.split("'nonce-").nth(1).unwrap();
        let nonce = nonce.split_once('\'').unwrap().0;
        assert!(nonce.len() >= 16, "{policy}");
        let mut known = 0;
        let mut by_hash = Vec::new();
        for script in body.split("<script").skip(1) {
            let (tag, rest) = script.split_once('>').unwrap();
            if tag.contains(&format!("nonce=\"{nonce}\"")) {
                known += 1;
                continue;
            }
            let (inline, _) = rest.split_once("</script>").unwrap();
            if inline.is_empty() {
                // A browser does not run it, so it asks no policy.
                continue;
            }
            by_hash.push(inline);
        }
        assert_eq!(policy, api::page_policy(nonce, &by_hash), "{path}");
        assert!(known > 0, "{path}: Leptos' script carries the nonce");
        assert!(
            !body.contains(" onclick=") && !body.contains("javascript:"),
            "{path}"
        );
        let (_, again, _) = ask(path);
        assert_ne!(
            policy, again["content-security-policy"],
            "a nonce is used once"
        );
    }
}
