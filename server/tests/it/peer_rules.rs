//! Rules and alerts beside real neighbours, where they are installed: a Prometheus that reads the same rule files,
//! and an Alertmanager.

use crate::differential::Prometheus;
use crate::exporter::Exporter;
use crate::peers::is_installed;
use crate::process::{Server, folder, get};
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Rule files that others made, where they are.
fn given_rules() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/rules");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: there is no {}", folder.display());
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path().canonicalize().unwrap())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yml"))
        .collect();
    files.sort();
    files
}

/// What of a rule is compared.
const FIELDS: [&str; 6] = ["type", "name", "query", "labels", "annotations", "duration"];

/// All rules by file, group and place in it.
fn rules_of(url: &str) -> BTreeMap<String, Vec<(&'static str, Value)>> {
    let (status, body) = get(&format!("{url}/api/v1/rules"));
    assert_eq!(status, 200, "{body}");
    let answer: Value = serde_json::from_str(&body).unwrap();
    let mut rules = BTreeMap::new();
    for group in answer["data"]["groups"].as_array().unwrap() {
        let of_group = format!("{} {}", group["file"], group["name"]);
        for (place, rule) in group["rules"].as_array().unwrap().iter().enumerate() {
            let values = FIELDS.map(|field| (field, plain(&rule[field])));
            rules.insert(format!("{of_group} {place}"), values.to_vec());
        }
    }
    rules
}

/// An empty object is as good as none, and a number is one however it is written.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(fields) if fields.is_empty() => Value::Null,
        Value::Number(number) => number.as_f64().unwrap().into(),
        other => other.clone(),
    }
}

#[test]
fn given_rules_are_shown_as_prometheus_shows_them() {
    let files = given_rules();
    if files.is_empty() || !is_installed("prometheus") {
        return;
    }
    let list: Vec<String> = files
        .iter()
        .map(|file| format!("'{}'", file.display()))
        .collect();
    let (folder, file) = folder(&format!("rule_files: [{}]\n", list.join(", ")));
    let theirs = Prometheus::start(folder.path(), &file);
    let ours = Server::start(folder.path(), Some(&file));
    let (expected, found) = (rules_of(&theirs.url), rules_of(&ours.url));
    assert!(expected.len() > 200, "real rules");
    let names = |rules: &BTreeMap<String, _>| rules.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(&expected));
    for (place, rule) in &expected {
        assert_eq!(&found[place], rule, "{place}");
    }
}

/// A running Alertmanager; killed when dropped.
struct Alertmanager {
    child: Child,
    url: String,
}

impl Alertmanager {
    fn start(folder: &Path) -> Self {
        let file = folder.join("alertmanager.yml");
        let text = "route: {receiver: nobody, group_wait: 0s}\nreceivers: [{name: nobody}]\n";
        std::fs::write(&file, text).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = port.local_addr().unwrap();
        drop(port);
        let child = Command::new("prometheus-alertmanager")
            .current_dir(folder)
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--web.listen-address={address}"))
            .args(["--cluster.listen-address=", "--storage.path=alertmanager"])
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self {
            child,
            url: format!("http://{address}"),
        }
    }

    /// The alerts that `amtool` shows; nothing while there is no answer.
    fn alerts(&self) -> Option<Vec<Value>> {
        let output = Command::new("amtool")
            .arg(format!("--alertmanager.url={}", self.url))
            .args(["alert", "query", "--output=json"])
            .output()
            .unwrap();
        serde_json::from_slice(&output.stdout).ok()
    }
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_real_alertmanager_shows_our_alerts_until_they_resolve() {
    if !is_installed("prometheus-alertmanager") || !is_installed("amtool") {
        return;
    }
    let exporter = Exporter::serve("level 5\n");
    let (folder, file) = folder("");
    let alertmanager = Alertmanager::start(folder.path());
    let config = format!(
        "{}rule_files: ['r.yml']\nalerting:\n  alertmanagers:\n  - static_configs: [{{targets: ['{}']}}]\n",
        exporter.config(),
        alertmanager.url.trim_start_matches("http://")
    );
    std::fs::write(&file, config).unwrap();
    let rules = "groups:\n- name: g\n  interval: 200ms\n  rules:\n  - alert: High\n    expr: level > 3\n    labels: {severity: page}\n    annotations: {summary: 'level {{ $value }}'}\n";
    std::fs::write(folder.path().join("r.yml"), rules).unwrap();
    // It may not listen yet when the first alert is sent.
    let flags = ["--rules.alert.resend-delay=500ms"];
    let server = Server::start_with(folder.path(), Some(&file), &flags);
    let alerts = server.wait_for("the alert", |_| {
        alertmanager.alerts().filter(|alerts| !alerts.is_empty())
    });
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0]["labels"]["alertname"], "High");
    assert_eq!(alerts[0]["labels"]["severity"], "page");
    assert_eq!(alerts[0]["labels"]["instance"], exporter.address.as_str());
    assert_eq!(alerts[0]["annotations"]["summary"], "level 5");
    assert_eq!(alerts[0]["status"]["state"], "active");
    exporter.set("level 1\n");
    server.wait_for("the end of the alert", |_| {
        alertmanager.alerts().filter(Vec::is_empty)
    });
}
