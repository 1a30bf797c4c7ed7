use super::{Who, World};
use metadata::access::Role;
use serde_json::json;

#[tokio::test]
async fn folders_are_made_renamed_moved_and_deleted_with_what_is_in_them() {
    let world = World::public().await;
    let ann = world.user("ann", Role::Editor).await;
    let make = |body| world.post(&ann, "/api/folders", body);
    let made = make(json!({"uid": "ops", "title": "Ops"})).await.json();
    assert_eq!((&made["uid"], &made["version"]), (&json!("ops"), &json!(1)));
    let twice = make(json!({"title": "ops"})).await;
    assert_eq!(twice.status, 412, "{twice:?}");
    let inner = make(json!({"uid": "db", "title": "Databases", "parentUid": "ops"}))
        .await
        .json();
    assert_eq!(inner["parents"][0]["uid"], "ops");
    let uid = world.dashboard(&ann, "Postgres", Some("db")).await;
    let hits = world.get(&ann, "/api/search?folderUIDs=db").await.json();
    assert_eq!(
        (&hits[0]["uid"], &hits[0]["folderTitle"]),
        (&json!(uid), &json!("Databases"))
    );
    let top = world.get(&ann, "/api/folders").await.json();
    assert_eq!(top.as_array().unwrap().len(), 1);
    let below = world.get(&ann, "/api/folders?parentUid=ops").await.json();
    assert_eq!(below[0]["title"], "Databases");
    let rename = |body| world.ask(&ann, "PUT", "/api/folders/db", Some(body));
    assert_eq!(
        rename(json!({"title": "DB"})).await.status,
        412,
        "no version is no version"
    );
    assert_eq!(
        rename(json!({"title": "DB", "version": 1})).await.json()["title"],
        "DB"
    );
    assert_eq!(
        rename(json!({"title": "D", "version": 1})).await.status,
        412
    );
    let moved = world
        .post(&ann, "/api/folders/db/move", json!({"parentUid": ""}))
        .await
        .json();
    assert_eq!(moved["parentUid"], "");
    let into_itself = world
        .post(&ann, "/api/folders/db/move", json!({"parentUid": "db"}))
        .await;
    assert_eq!(into_itself.status, 400);
    assert_eq!(
        world
            .ask(&ann, "DELETE", "/api/folders/db", None)
            .await
            .status,
        200
    );
    assert_eq!(
        world
            .get(&ann, &format!("/api/dashboards/uid/{uid}"))
            .await
            .status,
        404
    );
    assert_eq!(
        world.get(&ann, "/api/folders/general").await.json()["title"],
        "General"
    );
}

#[expect(clippy::too_many_lines, reason = "one story")]
#[tokio::test]
async fn folder_permissions_decide_over_every_call_about_what_is_in_it() {
    let world = World::public().await;
    let admin = world.user("root", Role::Admin).await;
    let ann = world.user("ann", Role::Editor).await;
    let bob = world.user("bob", Role::Viewer).await;
    let bob_id = world.metadata.users().find("bob").await.unwrap().id.0;
    world
        .post(
            &admin,
            "/api/folders",
            json!({"uid": "secret", "title": "Secret"}),
        )
        .await;
    let uid = world.dashboard(&admin, "Payroll", Some("secret")).await;
    let open = world.dashboard(&ann, "Open", None).await;
    let items = json!({"items": [{"userId": bob_id, "permission": 2}]});
    let path = "/api/folders/secret/permissions";
    assert_eq!(world.post(&ann, path, items.clone()).await.status, 403);
    assert_eq!(world.post(&admin, path, items).await.status, 200);
    let of_dashboard = format!("/api/dashboards/uid/{uid}/permissions");
    let lines = world.get(&admin, &of_dashboard).await.json();
    assert_eq!(
        (&lines[0]["userLogin"], &lines[0]["permission"]),
        (&json!("bob"), &json!(2))
    );

    let note = json!({"dashboardUID": uid, "text": "x", "time": 1});
    let id = world
        .post(&bob, "/api/annotations", note.clone())
        .await
        .json()["id"]
        .clone();
    let save = json!({"overwrite": true, "dashboard": {"uid": uid, "title": "Payroll"}});
    let steal =
        json!({"overwrite": true, "folderUid": "", "dashboard": {"uid": uid, "title": "Mine"}});
    let plant = json!({"folderUid": "secret", "dashboard": {"title": "Planted"}});
    let take = json!({"overwrite": true, "folderUid": "secret", "dashboard": {"uid": open, "title": "Open"}});
    let diff = json!({"base": {"dashboardUid": uid}, "new": {"unsavedDashboard": {}}});
    let calls = [
        ("GET", format!("/api/dashboards/uid/{uid}"), json!({})),
        (
            "GET",
            format!("/api/dashboards/uid/{uid}/versions"),
            json!({}),
        ),
        (
            "GET",
            format!("/api/dashboards/uid/{uid}/versions/1"),
            json!({}),
        ),
        ("POST", "/api/dashboards/calculate-diff".to_owned(), diff),
        ("GET", "/api/folders/secret".to_owned(), json!({})),
        ("GET", "/api/folders?parentUid=secret".to_owned(), json!({})),
        ("GET", format!("/api/annotations/{id}"), json!({})),
        ("POST", "/api/dashboards/db".to_owned(), save.clone()),
        ("POST", "/api/dashboards/db".to_owned(), steal),
        ("POST", "/api/dashboards/db".to_owned(), plant.clone()),
        ("POST", "/api/dashboards/db".to_owned(), take),
        ("POST", "/api/dashboards/import".to_owned(), plant),
        (
            "POST",
            format!("/api/dashboards/uid/{uid}/restore"),
            json!({"version": 1}),
        ),
        ("DELETE", format!("/api/dashboards/uid/{uid}"), json!({})),
        ("GET", of_dashboard, json!({})),
        (
            "PUT",
            "/api/folders/secret".to_owned(),
            json!({"title": "x", "overwrite": true}),
        ),
        ("DELETE", "/api/folders/secret".to_owned(), json!({})),
        ("POST", "/api/folders/secret/move".to_owned(), json!({})),
        (
            "POST",
            "/api/folders".to_owned(),
            json!({"title": "x", "parentUid": "secret"}),
        ),
        ("GET", path.to_owned(), json!({})),
        ("POST", "/api/annotations".to_owned(), note),
        (
            "PUT",
            format!("/api/annotations/{id}"),
            json!({"text": "x"}),
        ),
        (
            "PATCH",
            format!("/api/annotations/{id}"),
            json!({"text": "x"}),
        ),
        ("DELETE", format!("/api/annotations/{id}"), json!({})),
        (
            "POST",
            format!("/api/user/stars/dashboard/uid/{uid}"),
            json!({}),
        ),
    ];
    for (method, path, body) in &calls {
        let answer = world.ask(&ann, method, path, Some(body.clone())).await;
        assert_eq!(answer.status, 403, "{method} {path} {answer:?}");
        assert!(
            !answer.text.contains("Payroll"),
            "{method} {path} {answer:?}"
        );
        let answer = world
            .ask(&Who::Nobody, method, path, Some(body.clone()))
            .await;
        assert_eq!(answer.status, 401, "{method} {path} {answer:?}");
    }
    for list in [
        "/api/search",
        "/api/folders",
        "/api/annotations",
        "/api/dashboards/tags",
    ] {
        for who in [&ann, &Who::Nobody] {
            let text = world.get(who, list).await.text;
            assert!(
                !text.contains("Payroll") && !text.contains("Secret"),
                "{list} {text}"
            );
        }
    }
    assert!(
        world
            .get(&bob, "/api/search")
            .await
            .text
            .contains("Payroll")
    );
    assert_eq!(
        world.post(&bob, "/api/dashboards/db", save).await.status,
        200,
        "a grant beats the role"
    );
}
