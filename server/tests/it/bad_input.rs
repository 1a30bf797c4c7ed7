//! Bad input: told with its place, and nothing else stops.

use crate::exporter::Exporter;
use crate::process::{Server, folder, program};

#[test]
fn a_malformed_line_fails_its_scrape_with_its_number_and_never_the_server() {
    let exporter = Exporter::serve("good 1\nbad{x=\"} 2\n");
    let (folder, file) = folder(&exporter.config());
    let server = Server::start(folder.path(), Some(&file));
    let target = server.scraped().remove(0);
    assert_eq!(target["health"], "down");
    let error = target["lastError"].as_str().unwrap();
    assert!(error.contains("line 2"), "{error}");
    assert_eq!(server.query("up")[0]["value"][1], "0");
    assert_eq!(
        server.query("good"),
        serde_json::json!([]),
        "nothing of a bad page is stored"
    );

    exporter.set("good 1\n");
    server.wait_for("the repaired page", |server| {
        (server.query("up")[0]["value"][1] == "1").then_some(())
    });
    assert_eq!(server.query("good")[0]["value"][1], "1");
    assert_eq!(
        server.json("/api/v1/targets")["data"]["activeTargets"][0]["lastError"],
        ""
    );
}

#[test]
fn a_target_that_is_not_there_is_down_with_a_reason() {
    let (folder, file) = folder(&crate::exporter::config_for("127.0.0.1:1"));
    let server = Server::start(folder.path(), Some(&file));
    let target = server.scraped().remove(0);
    assert_eq!(target["health"], "down");
    assert!(
        target["lastError"].as_str().unwrap().contains("refused"),
        "{target}"
    );
}

#[test]
fn a_bad_configuration_stops_the_start_with_file_line_and_reason() {
    for (text, line, reason) in [
        ("global:\n  scrape_interval: 5x\n", 2, "5x"),
        ("global:\n  nonsense: 1\n", 2, "nonsense"),
        (
            "scrape_configs:\n  - job_name: a\n  - job_name: a\n",
            3,
            "a",
        ),
        ("scrape_configs: [\n", 0, ""),
    ] {
        let (folder, file) = folder(text);
        let output = program()
            .current_dir(folder.path())
            .arg("--web.listen-address=127.0.0.1:0")
            .arg(format!("--config.file={}", file.display()))
            .output()
            .unwrap();
        let log = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{text}: {log}");
        let place = if line == 0 {
            "prometheus.yml".to_owned()
        } else {
            format!("prometheus.yml:{line}")
        };
        assert!(
            log.contains(&place) && log.contains(reason),
            "{text}: {log}"
        );
        assert!(!folder.path().join("data").exists(), "nothing was opened");
    }
    let missing = program()
        .arg("--config.file=/does/not/exist.yml")
        .arg("--web.listen-address=127.0.0.1:0")
        .output();
    let missing = missing.unwrap();
    assert_eq!(missing.status.code(), Some(2));
    let log = String::from_utf8(missing.stderr).unwrap();
    assert!(log.contains("/does/not/exist.yml"), "{log}");
    assert_eq!(log.matches("No such file").count(), 1, "{log}");
}

#[test]
fn a_second_server_on_the_same_data_is_refused() {
    let (folder, file) = folder("");
    let _first = Server::start(folder.path(), Some(&file));
    let second = program()
        .current_dir(folder.path())
        .args([
            "--web.listen-address=127.0.0.1:0",
            "--config.file=prometheus.yml",
        ])
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(4));
    assert!(
        String::from_utf8(second.stderr)
            .unwrap()
            .contains("in use by another process")
    );
}
