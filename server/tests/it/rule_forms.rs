//! Rules in forms on a running server: made, changed, moved, tried, deleted, and written back to their files.

use crate::process::{Server, agent, encode, folder};
use crate::rules::data;
use serde_json::{Value, json};

const CONFIG: &str = "global: {evaluation_interval: 200ms}\nrule_files: ['r.yml']\n";
const FILE: &str = "\
groups:
- name: own   # of the team
  rules:
  # Always there.
  - alert: On
    expr: vector(1)   # on purpose
    labels: {severity: page}
";

/// Status and JSON of a request with a body.
fn send(server: &Server, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}{path}", server.url);
    let agent = agent();
    let request = match method {
        "PUT" => agent.put(url),
        _ => agent.post(url),
    };
    let request = request.header("content-type", "application/json");
    let mut response = request.send(body.to_string()).unwrap();
    let text = response.body_mut().read_to_string().unwrap();
    let json = serde_json::from_str(&text).unwrap_or(Value::String(text));
    (response.status().as_u16(), json)
}

fn delete(server: &Server, path: &str) -> (u16, Value) {
    let mut response = agent()
        .delete(format!("{}{path}", server.url))
        .call()
        .unwrap();
    let text = response.body_mut().read_to_string().unwrap();
    (
        response.status().as_u16(),
        serde_json::from_str(&text).unwrap_or(Value::String(text)),
    )
}

/// The alert of this name, if there is one.
fn alert(server: &Server, name: &str) -> Option<Value> {
    let alerts = data(server, "/api/v1/alerts")["alerts"].clone();
    let mut alerts = alerts.as_array().unwrap().iter();
    alerts
        .find(|alert| alert["labels"]["alertname"] == name)
        .cloned()
}

fn rule(name: &str, expr: &str) -> Value {
    json!({"kind": "alert", "name": name, "expr": expr, "labels": {"severity": "mail"},
        "annotations": {"summary": "mail: {{ $value }}"}})
}

/// Names of groups and their files, as Prometheus' API tells them.
fn groups(server: &Server) -> Vec<String> {
    let groups = data(server, "/api/v1/rules")["groups"].clone();
    let groups = groups.as_array().unwrap().iter();
    groups
        .map(|group| {
            let file = group["file"]
                .as_str()
                .unwrap()
                .rsplit("r.yml")
                .next()
                .unwrap();
            format!("{file}:{}", group["name"].as_str().unwrap())
        })
        .collect()
}

#[test]
fn a_rule_made_in_the_browser_fires_changes_survives_and_goes() {
    let (folder, file) = folder(CONFIG);
    std::fs::write(folder.path().join("r.yml"), FILE).unwrap();
    let server = Server::start(folder.path(), Some(&file));
    let before = server.wait_for("the alert of the file", |server| alert(server, "On"));
    let body = json!({"group": "made", "rule": rule("Made", "vector(3) > 2")});
    let (status, made) = send(&server, "POST", "/api/watchfire/rules/rule", &body);
    assert_eq!((status, &made["version"]), (201, &json!(1)), "{made}");
    assert_eq!(groups(&server), [":own", "metadata:made"]);
    let fires = |server: &Server| alert(server, "Made").filter(|one| one["state"] == "firing");
    let fired = server.wait_for("the made alert", fires);
    assert_eq!(fired["annotations"]["summary"], "mail: 3");
    let after = alert(&server, "On").unwrap();
    assert_eq!(after["activeAt"], before["activeAt"], "other groups go on");

    let path = format!(
        "/api/watchfire/rules/rule/{}",
        made["uid"].as_str().unwrap()
    );
    let change = json!({"group": "made", "version": 1, "rule": rule("Made", "vector(3) > 5")});
    let (status, changed) = send(&server, "PUT", &path, &change);
    assert_eq!((status, &changed["version"]), (200, &json!(2)), "{changed}");
    server.wait_for("its end", |server| {
        alert(server, "Made").is_none().then_some(())
    });
    conflicts(&server, &path);

    server.kill();
    let server = Server::start(folder.path(), Some(&file));
    server.wait_for("the stored group", |server| {
        (groups(server) == [":own", "metadata:made"]).then_some(())
    });
    let kept = server.json(&path);
    assert_eq!(
        (&kept["version"], &kept["rule"]["expr"]),
        (&json!(2), &json!("vector(3) > 5"))
    );
    moves_and_exports(&server, &path);
    let (status, gone) = delete(&server, &format!("{path}?version=3"));
    assert_eq!(status, 200, "{gone}");
    assert_eq!(groups(&server), [":own"]);
    assert_eq!(server.get(&path).0, 404);
}

fn conflicts(server: &Server, path: &str) {
    let late = json!({"group": "made", "version": 1, "rule": rule("Made", "vector(3) > 9")});
    let (status, conflict) = send(server, "PUT", path, &late);
    assert_eq!(status, 409, "{conflict}");
    assert_eq!(conflict["current"]["version"], 2);
    let diff = conflict["diff"].as_str().unwrap();
    assert!(
        diff.contains("-        expr: vector(3) > 5\n+        expr: vector(3) > 9\n"),
        "{diff}"
    );
    assert_eq!(delete(server, &format!("{path}?version=1")).0, 409);
    let wrong = json!({"group": "made", "version": 2, "rule": rule("Made", "vector(3) >")});
    let (status, faults) = send(server, "PUT", path, &wrong);
    assert_eq!(
        (status, &faults["faults"][0]["field"]),
        (400, &json!("expr")),
        "{faults}"
    );
}

fn moves_and_exports(server: &Server, path: &str) {
    let (status, folder) = send(server, "POST", "/api/folders", &json!({"title": "Ops"}));
    assert_eq!(status, 200, "{folder}");
    let to = json!({"folder": folder["uid"], "group": "moved", "version": 2});
    let (status, moved) = send(server, "POST", &format!("{path}/move"), &to);
    assert_eq!((status, &moved["version"]), (200, &json!(3)), "{moved}");
    assert_eq!(groups(server), [":own", "metadata/Ops:moved"]);
    let uid = folder["uid"].as_str().unwrap();
    let settings = json!({"folder": uid, "group": "moved", "interval": "7s", "version": 1});
    let (status, set) = send(server, "PUT", "/api/watchfire/rules/group", &settings);
    assert_eq!(status, 200, "{set}");
    let (status, yaml) = server.get("/api/watchfire/rules/export");
    assert_eq!(status, 200);
    let expected = "\
groups:
  - name: moved
    interval: 7s
    rules:
      - alert: Made
        expr: vector(3) > 5
        labels:
          severity: mail
        annotations:
          summary: 'mail: {{ $value }}'
";
    assert_eq!(yaml, expected);
    let one = server.get(&format!(
        "/api/watchfire/rules/export?group=moved&folder={uid}"
    ));
    assert_eq!(one, (200, yaml));
    let (status, _) = server.get("/api/watchfire/rules/export?group=other");
    assert_eq!(status, 404);
    let tree = server.json("/api/watchfire/rules/groups");
    let origins = |at: usize| tree["groups"][at]["origin"].clone();
    assert_eq!(
        (origins(0), origins(1)),
        (json!("metadata"), json!("file")),
        "{tree}"
    );
    assert_eq!(tree["folders"][0]["title"], "Ops");
    assert_eq!(tree["may_edit_files"], true);
}

#[test]
fn a_group_is_renamed_put_into_a_folder_put_in_order_and_deleted() {
    const GROUP: &str = "/api/watchfire/rules/group";
    let (folder, file) = folder(CONFIG);
    std::fs::write(folder.path().join("r.yml"), FILE).unwrap();
    let server = Server::start(folder.path(), Some(&file));
    let make = |name: &str, group: &str| {
        let body = json!({"group": group, "rule": rule(name, "vector(3) > 2")});
        let (status, made) = send(&server, "POST", "/api/watchfire/rules/rule", &body);
        assert_eq!(status, 201, "{made}");
        made["uid"].clone()
    };
    let uids = [make("First", "made"), make("Second", "made")];
    make("Other", "taken");
    let fires = |server: &Server| alert(server, "First").filter(|one| one["state"] == "firing");
    server.wait_for("the made alert", fires);
    let (_, ops) = send(&server, "POST", "/api/folders", &json!({"title": "Ops"}));

    let to = json!({"group": "made", "new_folder": ops["uid"], "new_group": "moved", "version": 1});
    let (status, moved) = send(&server, "POST", &format!("{GROUP}/move"), &to);
    assert_eq!(
        (status, &moved["group"], &moved["folder"]),
        (200, &json!("moved"), &ops["uid"])
    );
    assert_eq!(
        groups(&server),
        [":own", "metadata:taken", "metadata/Ops:moved"]
    );
    server.wait_for("the moved alert", fires);
    let late = json!({"folder": ops["uid"], "group": "moved", "new_group": "late", "version": 1});
    assert_eq!(
        send(&server, "POST", &format!("{GROUP}/move"), &late).0,
        409
    );
    let onto = json!({"folder": ops["uid"], "group": "moved", "new_group": "taken"});
    let (status, refused) = send(&server, "POST", &format!("{GROUP}/move"), &onto);
    assert!((400..500).contains(&status), "{refused}");

    let order = json!({"folder": ops["uid"], "group": "moved", "rules": [uids[1], uids[0]]});
    let (status, ordered) = send(&server, "PUT", &format!("{GROUP}/order"), &order);
    assert_eq!(status, 200, "{ordered}");
    let tree = server.json("/api/watchfire/rules/groups");
    let all = tree["groups"].as_array().unwrap();
    let moved = all.iter().find(|one| one["name"] == "moved").unwrap();
    assert_eq!(moved["rules"][0]["rule"]["name"], "Second", "{tree}");
    let half = json!({"folder": ops["uid"], "group": "moved", "rules": [uids[1]]});
    assert_eq!(
        send(&server, "PUT", &format!("{GROUP}/order"), &half).0,
        409
    );

    let named = format!(
        "{GROUP}?folder={}&group=moved",
        ops["uid"].as_str().unwrap()
    );
    assert_eq!(delete(&server, &format!("{named}&version=1")).0, 409);
    assert_eq!(delete(&server, &named).0, 200);
    assert_eq!(groups(&server), [":own", "metadata:taken"]);
    server.wait_for("its end", |server| {
        alert(server, "First").is_none().then_some(())
    });
}

#[test]
fn a_rule_of_a_file_is_changed_where_it_stands() {
    let (folder, file) = folder(CONFIG);
    let path = folder.path().join("r.yml");
    std::fs::write(&path, FILE).unwrap();
    let server = Server::start(folder.path(), Some(&file));
    server.wait_for("the alert", |server| alert(server, "On"));
    let tree = server.json("/api/watchfire/rules/groups");
    let name = tree["files"][0]["path"].as_str().unwrap();
    let query = format!("file={}&group=own&index=0", encode(name));
    let shown = server.json(&format!("/api/watchfire/rules/file?{query}"));
    assert_eq!(shown["rule"]["expr"], "vector(1)", "{shown}");
    assert_eq!(
        (&shown["why_not"], &shown["may_edit"]),
        (&json!(""), &json!(true))
    );

    let mut new = shown["rule"].clone();
    new["expr"] = json!("vector(2)");
    new["labels"] = json!({"severity": "mail"});
    let change =
        json!({"file": name, "group": "own", "index": 0, "rule": new, "hash": shown["hash"]});
    let (status, diff) = send(&server, "POST", "/api/watchfire/rules/file/diff", &change);
    assert_eq!(status, 200, "{diff}");
    let lines: Vec<&str> = diff["diff"].as_str().unwrap().lines().skip(3).collect();
    assert!(
        lines.contains(&"+    expr: vector(2)   # on purpose"),
        "{lines:?}"
    );
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        FILE,
        "nothing is written yet"
    );
    let (status, written) = send(&server, "PUT", "/api/watchfire/rules/file", &change);
    assert_eq!((status, &written), (200, &diff));
    let text = FILE
        .replace("vector(1)", "vector(2)")
        .replace("severity: page", "severity: mail");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    server.wait_for("the new rule", |server| {
        alert(server, "On").filter(|one| one["labels"]["severity"] == "mail")
    });

    let (status, late) = send(&server, "PUT", "/api/watchfire/rules/file", &change);
    assert_eq!(status, 409, "{late}");
    let bare = json!({"file": name, "group": "own", "index": 0, "rule": new});
    assert_eq!(
        send(&server, "PUT", "/api/watchfire/rules/file", &bare).0,
        400
    );
    for other in [
        file.display().to_string(),
        "/etc/passwd".to_owned(),
        String::new(),
    ] {
        let change = json!({"file": other, "group": "own", "rule": new, "hash": "x"});
        assert_eq!(
            send(&server, "PUT", "/api/watchfire/rules/file", &change).0,
            404,
            "{other}"
        );
        let path = format!(
            "/api/watchfire/rules/file?file={}&group=own",
            encode(&other)
        );
        assert_eq!(server.get(&path).0, 404, "{other}");
    }
    adds_removes_and_refuses(&server, &path, name);
}

fn adds_removes_and_refuses(server: &Server, path: &std::path::Path, name: &str) {
    let query = format!("file={}&group=own&index=0", encode(name));
    let hash = || server.json(&format!("/api/watchfire/rules/file?{query}"))["hash"].clone();
    let added = json!({"kind": "record", "name": "a:b", "expr": "vector(5)"});
    let change = json!({"file": name, "group": "second", "rule": added, "hash": hash()});
    let (status, answer) = send(server, "PUT", "/api/watchfire/rules/file", &change);
    assert_eq!(status, 200, "{answer}");
    server.wait_for("its series", |server| {
        (server.query("a:b")[0]["value"][1] == "5").then_some(())
    });
    let change = json!({"file": name, "group": "second", "index": 0, "hash": hash()});
    let (status, answer) = send(server, "PUT", "/api/watchfire/rules/file", &change);
    assert_eq!(status, 200, "{answer}");
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.ends_with("- name: second\n  rules: []\n"), "{text}");

    // What the disk says now stays, where it can no longer be read as rules.
    std::fs::write(path, "groups: {").unwrap();
    let change = json!({"file": name, "group": "second", "rule": rule("X", "up"), "hash": ""});
    let (status, answer) = send(server, "POST", "/api/watchfire/rules/file/diff", &change);
    assert_eq!(status, 422, "{answer}");
    std::fs::remove_file(path).unwrap();
    let (status, answer) = send(server, "POST", "/api/watchfire/rules/file/diff", &change);
    assert_eq!(status, 422);
    let message = answer["message"].as_str().unwrap();
    assert!(message.starts_with("cannot read `"), "{message}");
    assert!(alert(server, "On").is_some(), "the old rules run on");
}

#[test]
fn rules_are_tried_before_they_are_saved() {
    let (folder, file) = folder("");
    let server = Server::start(folder.path(), Some(&file));
    let mut asked = rule("Try", "vector(3) > 1");
    asked["for"] = json!("5m");
    let (status, tried) = send(&server, "POST", "/api/watchfire/rules/preview", &asked);
    assert_eq!((status, &tried["match_count"]), (200, &json!(1)), "{tried}");
    assert_eq!(tried["matches"][0]["annotations"]["summary"], "mail: 3");
    assert_eq!(tried["summary"]["still_firing"], 1, "{tried}");
    assert_eq!(tried["bands"][0]["state"], "firing");
    assert!((tried["step"].as_f64().unwrap() - 60.0).abs() < 1e-9);
    let long = tried["end"].as_f64().unwrap() - tried["start"].as_f64().unwrap();
    assert!((long - 7.0 * 86_400.0).abs() < 1.0, "{tried}");
    // What is not written yet holds up nothing but itself.
    let half = json!({"name": "Half", "expr": "vector(3)", "for": "5", "labels": {"a": "{{"}});
    let (status, half) = send(&server, "POST", "/api/watchfire/rules/preview", &half);
    assert_eq!((status, &half["match_count"]), (200, &json!(1)), "{half}");
    let faults = half["faults"].as_array().unwrap();
    let fields: Vec<&str> = faults
        .iter()
        .map(|one| one["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["for", "labels.a"]);
    let (status, broken) = send(
        &server,
        "POST",
        "/api/watchfire/rules/preview",
        &json!({"name": "x", "expr": "sum(up"}),
    );
    assert_eq!(
        (status, &broken["match_count"]),
        (200, &json!(0)),
        "{broken}"
    );
    assert_eq!(broken["faults"][0]["field"], "expr");

    let check = "/api/watchfire/rules/check";
    let (_, good) = send(&server, "POST", check, &rule("Try", "up == 0"));
    assert_eq!(good, json!({"faults": [], "warnings": []}));
    let body = json!({"group": "g", "rule": rule("Try", "up == 0")});
    assert_eq!(
        send(&server, "POST", "/api/watchfire/rules/rule", &body).0,
        201
    );
    let (_, twice) = send(&server, "POST", check, &rule("Try", "up == 1"));
    let warning = twice["warnings"][0].as_str().unwrap();
    assert!(
        warning.contains("duplicate rule: Try{severity=\"mail\"}"),
        "{warning}"
    );
    let mut own = rule("Try", "up == 1");
    own["before"] = rule("Try", "up == 0");
    let (_, own) = send(&server, "POST", check, &own);
    assert_eq!(own["warnings"], json!([]));
}
