use crate::fixture::Fixture;
use std::path::Path;

fn write(folder: &Path, name: &str, text: &str) {
    // As a careful writer does it: whole or not at all.
    let hidden = folder.join(format!(".{name}.new"));
    std::fs::write(&hidden, text).unwrap();
    std::fs::rename(hidden, folder.join(name)).unwrap();
}

#[tokio::test]
async fn files_come_change_break_and_go() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let shown = path.display();
    write(
        path,
        "a.json",
        r#"[{"targets": ["a:1", "a:2"], "labels": {"env": "x"}}, {"targets": ["a:3"]}]"#,
    );
    write(path, "b.yml", "- targets: ['b:1']\n");
    let fixture = Fixture::new(Vec::new());
    fixture.apply(&format!(
        "  file_sd_configs: [{{files: ['{shown}/*.json', '{shown}/b.yml', '{shown}/none.yml']}}]"
    ));
    let of_a = |address: &str, env: &str| {
        format!(r#"{{__address__="{address}", __meta_filepath="{shown}/a.json"{env}}}"#)
    };
    let b = format!(r#"{{__address__="b:1", __meta_filepath="{shown}/b.yml"}}"#);
    let env = r#", env="x""#;
    let (a1, a2, a3) = (of_a("a:1", env), of_a("a:2", env), of_a("a:3", ""));
    fixture.wait_for(&[&a1, &a2, &a3, &b]).await;
    assert_eq!(fixture.metric("prometheus_sd_discovered_targets"), 4.0);
    assert!(fixture.metric("prometheus_sd_file_mtime_seconds") > 3.0e9);

    // Fewer groups: those that are gone go.
    write(
        path,
        "a.json",
        r#"[{"targets": ["a:1"], "labels": {"env": "x"}}]"#,
    );
    fixture.wait_for(&[&a1, &b]).await;

    // A broken file keeps its targets, and others still change.
    write(path, "a.json", r#"[{"targets": ["a:1"], "label": {}}]"#);
    std::fs::remove_file(path.join("b.yml")).unwrap();
    fixture.wait_for(&[&a1]).await;
    assert!(fixture.metric("prometheus_sd_file_read_errors_total") >= 1.0);
    write(path, "a.json", "[null]");
    write(path, "b.yml", "[{targets: ['b:1']}]");
    fixture.wait_for(&[&a1, &b]).await;
}
