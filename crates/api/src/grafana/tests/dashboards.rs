use super::{Who, World};
use metadata::access::Role;
use serde_json::{Value, json};

#[tokio::test]
async fn dashboard_is_saved_read_listed_and_deleted_with_keys_that_nobody_knows() {
    let world = World::public().await;
    let ann = world.user("ann", Role::Editor).await;
    let document = json!({
        "id": null, "uid": "disks", "title": "Disks & more", "tags": ["b", "a"], "version": 7,
        "ourOwn": {"deep": [1, {"zebra": null, "apple": 1.50}]}, "panels": [],
    });
    let body = json!({"dashboard": document, "message": "first"});
    let answer = world.post(&ann, "/api/dashboards/db", body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let saved = answer.json();
    assert_eq!(
        (
            &saved["uid"],
            &saved["version"],
            &saved["status"],
            &saved["url"],
            &saved["slug"]
        ),
        (
            &json!("disks"),
            &json!(1),
            &json!("success"),
            &json!("/d/disks/disks-more"),
            &json!("disks-more")
        )
    );
    let found = world.get(&ann, "/api/dashboards/uid/disks").await.json();
    assert_eq!(found["dashboard"]["ourOwn"], document["ourOwn"]);
    assert_eq!(found["dashboard"]["version"], 1);
    assert_eq!(found["dashboard"]["id"], saved["id"]);
    let meta = &found["meta"];
    assert_eq!(
        (
            &meta["canSave"],
            &meta["folderTitle"],
            &meta["createdBy"],
            &meta["isStarred"]
        ),
        (
            &json!(true),
            &json!("General"),
            &json!("ann"),
            &json!(false)
        )
    );
    assert_eq!(meta["created"], "2027-01-15T08:00:00Z");
    let hits = world
        .get(&ann, "/api/search?query=disks&tag=a")
        .await
        .json();
    assert_eq!(hits[0]["uid"], "disks");
    assert_eq!(hits[0]["type"], "dash-db");
    let tags = world.get(&ann, "/api/dashboards/tags").await.json();
    assert_eq!(
        tags,
        json!([{"term": "a", "count": 1}, {"term": "b", "count": 1}])
    );
    let starred = "/api/user/stars/dashboard/uid/disks";
    assert_eq!(world.ask(&ann, "POST", starred, None).await.status, 200);
    assert_eq!(
        world.get(&ann, "/api/user/stars").await.json(),
        json!(["disks"])
    );
    let hits = world.get(&ann, "/api/search?starred=true").await.json();
    assert_eq!(hits.as_array().unwrap().len(), 1);
    assert_eq!(
        world
            .get(&Who::Nobody, "/api/search?starred=true")
            .await
            .json(),
        json!([])
    );
    let gone = world
        .ask(&ann, "DELETE", "/api/dashboards/uid/disks", None)
        .await;
    assert_eq!(
        gone.message(),
        (200, "Dashboard Disks & more deleted".to_owned())
    );
    let answer = world.get(&ann, "/api/dashboards/uid/disks").await;
    assert_eq!(answer.message(), (404, "Dashboard not found".to_owned()));
}

#[tokio::test]
async fn second_of_two_who_save_is_told_and_nothing_is_overwritten_in_silence() {
    let world = World::public().await;
    let (ann, bob) = (
        world.user("ann", Role::Editor).await,
        world.user("bob", Role::Editor).await,
    );
    let uid = world.dashboard(&ann, "Disks", None).await;
    let change = |note: &str, version: i64, overwrite: bool| {
        json!({"overwrite": overwrite, "dashboard":
            {"uid": uid, "title": "Disks", "note": note, "version": version, "panels": []}})
    };
    let first = world
        .post(&ann, "/api/dashboards/db", change("a", 1, false))
        .await;
    assert_eq!(first.json()["version"], 2);
    let second = world
        .post(&bob, "/api/dashboards/db", change("b", 1, false))
        .await;
    assert_eq!(second.status, 412);
    assert_eq!(
        second.json(),
        json!({"message": "The dashboard has been changed by someone else", "status": "version-mismatch"})
    );
    let path = format!("/api/dashboards/uid/{uid}");
    assert_eq!(
        world.get(&bob, &path).await.json()["dashboard"]["note"],
        "a"
    );
    let diff = json!({
        "base": {"dashboardUid": uid, "version": 2},
        "new": {"unsavedDashboard": change("b", 1, false)["dashboard"]},
    });
    let diff = world
        .post(&bob, "/api/dashboards/calculate-diff", diff)
        .await
        .json();
    assert_eq!(
        diff["changes"],
        json!([{"path": "/note", "before": "a", "after": "b"}])
    );
    let forced = world
        .post(&bob, "/api/dashboards/db", change("b", 1, true))
        .await;
    assert_eq!(forced.json()["version"], 3);
    let same_name = json!({"dashboard": {"title": "disks", "panels": []}});
    let refused = world.post(&bob, "/api/dashboards/db", same_name).await;
    assert_eq!(
        (refused.status, &refused.json()["status"]),
        (412, &json!("name-exists"))
    );
}

#[tokio::test]
async fn versions_are_listed_read_and_restored() {
    let world = World::public().await;
    let ann = world.user("ann", Role::Editor).await;
    let uid = world.dashboard(&ann, "One", None).await;
    let body = json!({"message": "why", "dashboard":
        {"uid": uid, "title": "Two", "version": 1, "panels": []}});
    world.post(&ann, "/api/dashboards/db", body).await;
    let path = format!("/api/dashboards/uid/{uid}");
    let list = world.get(&ann, &format!("{path}/versions")).await.json();
    let versions = list["versions"].as_array().unwrap();
    assert_eq!(
        (&versions[0]["version"], &versions[0]["message"]),
        (&json!(2), &json!("why"))
    );
    let old = world.get(&ann, &format!("{path}/versions/1")).await.json();
    assert_eq!(old["data"]["title"], "One");
    let restored = world
        .post(&ann, &format!("{path}/restore"), json!({"version": 1}))
        .await;
    assert_eq!(restored.json()["version"], 3, "{restored:?}");
    let now = world.get(&ann, &path).await.json();
    assert_eq!(now["dashboard"]["title"], "One");
    let list = world.get(&ann, &format!("{path}/versions")).await.json();
    assert_eq!(list["versions"][0]["restoredFrom"], 1);
    for bad in ["9", "x"] {
        let answer = world.get(&ann, &format!("{path}/versions/{bad}")).await;
        assert!(matches!(answer.status, 400 | 404), "{answer:?}");
    }
}

#[tokio::test]
async fn old_schema_is_migrated_on_import_with_its_inputs_answered() {
    let world = World::public().await;
    let ann = world.user("ann", Role::Editor).await;
    let old = json!({
        "__inputs": [{"name": "DS_PROM", "label": "Prometheus", "type": "datasource", "pluginId": "prometheus"}],
        "title": "Old", "schemaVersion": 14, "id": 12, "custom": {"kept": true},
        "rows": [{"title": "Row", "height": "250px", "panels": [
            {"id": 1, "type": "graph", "title": "Load", "span": 12, "datasource": "${DS_PROM}",
             "targets": [{"expr": "node_load1"}]}]}],
    });
    let body = json!({
        "dashboard": old, "overwrite": false, "folderUid": "",
        "inputs": [{"name": "DS_PROM", "type": "datasource", "pluginId": "prometheus", "value": "watchfire"}],
    });
    let answer = world.post(&ann, "/api/dashboards/import", body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let imported = answer.json();
    assert_eq!(
        (&imported["imported"], &imported["title"]),
        (&json!(true), &json!("Old"))
    );
    let path = format!("/api/dashboards/uid/{}", imported["uid"].as_str().unwrap());
    let dashboard = world.get(&ann, &path).await.json()["dashboard"].clone();
    assert_eq!(dashboard["custom"], json!({"kept": true}));
    assert!(dashboard.get("rows").is_none() && dashboard.get("__inputs").is_none());
    let text = dashboard.to_string();
    assert!(
        text.contains("node_load1") && text.contains("timeseries"),
        "{text}"
    );
    assert!(!text.contains("DS_PROM"), "{text}");
    for (body, words) in [
        (json!({}), "Dashboard must be set"),
        (
            json!({"dashboard": {"elements": {}, "layout": {}, "title": "x"}}),
            "",
        ),
    ] {
        let answer = world.post(&ann, "/api/dashboards/import", body).await;
        assert_eq!(answer.status, 400, "{answer:?}");
        assert!(answer.message().1.contains(words), "{answer:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_saved_is_refused_in_the_words_of_grafana() {
    let world = World::public().await;
    let ann = world.user("ann", Role::Editor).await;
    world
        .provisioned
        .set([("filed".to_owned(), "f.json".to_owned())].into());
    let long = "x".repeat(41);
    for (body, status, words) in [
        (
            json!({"dashboard": {"title": " "}}),
            400,
            "Dashboard title cannot be empty",
        ),
        (
            json!({"dashboard": {"title": "x", "id": 99}}),
            404,
            "Dashboard not found",
        ),
        (
            json!({"dashboard": {"title": "x"}, "folderUid": "nowhere"}),
            404,
            "Folder not found",
        ),
        (
            json!({"dashboard": {"title": "x", "uid": long}}),
            400,
            "uid",
        ),
        (
            json!({"dashboard": {"title": "x", "uid": "../x"}}),
            400,
            "uid",
        ),
        (json!({}), 400, "bad request data"),
        (json!([]), 400, "bad request data"),
    ] {
        let answer = world.post(&ann, "/api/dashboards/db", body.clone()).await;
        assert_eq!(answer.status, status, "{body} {answer:?}");
        assert!(answer.message().1.contains(words), "{body} {answer:?}");
    }
    let body = json!({"dashboard": {"title": "Filed", "uid": "filed"}});
    world.provisioned.set([].into());
    assert_eq!(
        world
            .post(&ann, "/api/dashboards/db", body.clone())
            .await
            .status,
        200
    );
    world
        .provisioned
        .set([("filed".to_owned(), "f.json".to_owned())].into());
    let answer = world.post(&ann, "/api/dashboards/db", body).await;
    assert_eq!(
        answer.message(),
        (400, "Cannot save provisioned dashboard".to_owned())
    );
    let answer = world
        .ask(&ann, "DELETE", "/api/dashboards/uid/filed", None)
        .await;
    assert_eq!(answer.status, 400);
    let meta = world.get(&ann, "/api/dashboards/uid/filed").await.json()["meta"].clone();
    assert_eq!(
        (&meta["provisioned"], &meta["canSave"]),
        (&json!(true), &json!(false))
    );
}

#[tokio::test]
async fn annotations_are_made_found_changed_and_deleted() {
    let world = World::public().await;
    let ann = world.user("ann", Role::Editor).await;
    let uid = world.dashboard(&ann, "Disks", None).await;
    let body = json!({"dashboardUID": uid, "panelId": 2, "time": 1000, "timeEnd": 2000,
        "tags": ["deploy", "eu"], "text": "rolled out"});
    let made = world.post(&ann, "/api/annotations", body).await.json();
    assert_eq!(made["message"], "Annotation added");
    let query = format!("/api/annotations?dashboardUID={uid}&tags=deploy&from=1500");
    let found = world.get(&ann, &query).await;
    let first = &found.json()[0];
    assert_eq!(
        (&first["text"], &first["timeEnd"]),
        (&json!("rolled out"), &json!(2000))
    );
    let none = world
        .get(&ann, "/api/annotations?tags=deploy&tags=us")
        .await
        .json();
    assert_eq!(none, json!([]));
    let path = format!("/api/annotations/{}", made["id"]);
    let patch = json!({"text": "rolled back"});
    assert_eq!(
        world.ask(&ann, "PATCH", &path, Some(patch)).await.status,
        200
    );
    let one: Value = world.get(&ann, &path).await.json();
    assert_eq!(
        (&one["text"], &one["tags"]),
        (&json!("rolled back"), &json!(["deploy", "eu"]))
    );
    let put = json!({"text": "gone", "time": 3000, "timeEnd": 3000});
    assert_eq!(world.ask(&ann, "PUT", &path, Some(put)).await.status, 200);
    let one = world.get(&ann, &path).await.json();
    assert_eq!((&one["tags"], &one["time"]), (&json!([]), &json!(3000)));
    assert_eq!(
        world.ask(&Who::Nobody, "DELETE", &path, None).await.status,
        401
    );
    assert_eq!(world.ask(&ann, "DELETE", &path, None).await.status, 200);
    assert_eq!(world.get(&ann, &path).await.status, 404);
}

#[tokio::test]
async fn data_source_stands_for_this_server_and_reaches_nothing_else() {
    let world = World::public().await;
    let nobody = Who::Nobody;
    let all = world.get(&nobody, "/api/datasources").await.json();
    assert_eq!(
        (&all[0]["type"], &all[0]["isDefault"]),
        (&json!("prometheus"), &json!(true))
    );
    let ann = world.user("ann", Role::Viewer).await;
    let proxied = |rest: &str| format!("/api/datasources/proxy/uid/watchfire/{rest}");
    let answer = world
        .get(&ann, &proxied("api/v1/query?query=up&time=1"))
        .await;
    assert_eq!(
        answer.text,
        "GET /api/v1/query?query=up&time=1 /api/v1/{*call} false false"
    );
    let resources = "/api/datasources/uid/watchfire/resources/api/v1/label/job/values";
    let answer = world.ask(&nobody, "GET", resources, None).await;
    assert!(
        answer.text.starts_with("GET /api/v1/label/job/values"),
        "{answer:?}"
    );
    assert_eq!(
        world
            .get(&nobody, "/api/datasources/uid/watchfire/health")
            .await
            .status,
        200
    );
    for bad in [
        proxied("api/v1/admin/tsdb/delete_series"),
        proxied("api/v1/write"),
        proxied("api/v1/query/..%2f..%2fadmin/tsdb/snapshot"),
        proxied("api/v1/../../-/quit"),
        proxied("%2e%2e/%2e%2e/-/quit"),
        proxied("api/v1//admin/tsdb/snapshot"),
        proxied("http:%2f%2f169.254.169.254/latest"),
        proxied("@evil.example/api/v1/query"),
        "/api/datasources/proxy/uid/other/api/v1/query".to_owned(),
        "/api//datasources/proxy/uid/watchfire/api/v1/query".to_owned(),
    ] {
        let answer = world.get(&ann, &bad).await;
        assert_eq!(answer.status, 404, "{bad} {answer:?}");
        assert!(!answer.text.starts_with("GET"), "{bad}");
    }
    assert_eq!(
        world
            .post(&ann, "/api/datasources", json!({"url": "http://x"}))
            .await
            .status,
        405
    );
}

#[tokio::test]
async fn queries_of_panels_go_to_our_own_api_and_to_no_other_source() {
    let world = World::public().await;
    let query = |source: &str| {
        json!({"from": "now-1h", "to": "now", "queries":
            [{"refId": "A", "datasource": {"uid": source}, "expr": "up[$__rate_interval]", "maxDataPoints": 100}]})
    };
    let answer = world
        .post(&Who::Nobody, "/api/ds/query", query("elsewhere"))
        .await;
    assert_eq!(answer.status, 400, "{answer:?}");
    assert_eq!(answer.json()["results"]["A"]["status"], 404);
    let answer = world
        .post(&Who::Nobody, "/api/ds/query", query("watchfire"))
        .await;
    assert_eq!(answer.json()["results"]["A"]["status"], 200, "{answer:?}");
    let none = world
        .post(&Who::Nobody, "/api/ds/query", json!({"queries": []}))
        .await;
    assert_eq!(none.status, 400);
}
