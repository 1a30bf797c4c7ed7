use super::{Who, World};
use metadata::access::Role;
use serde_json::json;

#[tokio::test]
async fn pictures_of_a_folder_are_for_those_who_may_see_it() {
    let world = World::public().await;
    let admin = world.user("root", Role::Admin).await;
    let ann = world.user("ann", Role::Editor).await;
    let bob = world.user("bob", Role::Viewer).await;
    let bob_id = world.metadata.users().find("bob").await.unwrap().id.0;
    let folder = json!({"uid": "secret", "title": "Secret"});
    assert_eq!(world.post(&admin, "/api/folders", folder).await.status, 200);
    let panels =
        json!([{"id": 7, "type": "text", "title": "Pay <roll>", "options": {"content": "words"}}]);
    let body = json!({"folderUid": "secret", "dashboard": {"uid": "pay", "title": "Payroll", "panels": panels}});
    let saved = world.post(&admin, "/api/dashboards/db", body).await;
    assert_eq!(saved.status, 200, "{saved:?}");
    let items = json!({"items": [{"userId": bob_id, "permission": 1}]});
    let path = "/api/folders/secret/permissions";
    assert_eq!(world.post(&admin, path, items).await.status, 200);
    for path in [
        "/render/d-solo/pay/payroll?panelId=7&format=svg",
        "/render/d/pay/payroll?format=svg",
    ] {
        for (who, status) in [(&admin, 200), (&bob, 200), (&ann, 403), (&Who::Nobody, 401)] {
            let answer = world.get(who, path).await;
            assert_eq!(answer.status, status, "{path} {who:?} {answer:?}");
            let shows = answer.text.contains("Pay &lt;roll&gt;") && answer.text.contains("words");
            assert_eq!(shows, status == 200, "{path} {who:?} {answer:?}");
        }
    }
}

#[tokio::test]
async fn a_picture_speaks_the_language_of_the_account_of_its_reader() {
    let world = World::public().await;
    let ann = world.user("ann", Role::Editor).await;
    let panels = json!([{"id": 1, "type": "news", "title": "News"}]);
    let body = json!({"dashboard": {"uid": "news", "title": "News", "panels": panels}});
    assert_eq!(
        world.post(&ann, "/api/dashboards/db", body).await.status,
        200
    );
    let path = "/render/d-solo/news?panelId=1&format=svg";
    let usual = world.get(&ann, path).await;
    assert!(usual.text.contains("browser only"), "{usual:?}");
    let korean = json!({"language": "ko-KR"});
    let path_of_own = "/api/user/preferences";
    let set = world.ask(&ann, "PUT", path_of_own, Some(korean)).await;
    assert_eq!(set.status, 200, "{set:?}");
    let own = world.get(&ann, path).await;
    assert!(own.text.contains("브라우저에서만"), "{own:?}");
}

#[test]
fn a_language_that_was_chosen_is_found_among_cookies() {
    use axum::http::{HeaderMap, HeaderValue, header};
    use render::Language;
    let of = |cookies: &'static str| {
        let cookies = (header::COOKIE, HeaderValue::from_static(cookies));
        crate::language::chosen(&HeaderMap::from_iter([cookies]))
    };
    assert_eq!(of("a=b; watchfire_language=ko"), Some(Language::Korean));
    assert_eq!(of("watchfire_language=fr"), None);
    assert_eq!(of("a=b"), None);
}
