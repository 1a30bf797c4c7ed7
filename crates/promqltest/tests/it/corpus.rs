//! Prometheus' own scripts, where they are at hand.

use std::path::{Path, PathBuf};

/// Cases of all scripts of Prometheus 3.14.
const CASES: usize = 2214;

#[test]
fn prometheus_scripts_pass_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/promqltest");
    if !folder.is_dir() {
        println!("skipped: no scripts at hand");
        return;
    }
    let only = std::env::var("PROMQLTEST_ONLY").unwrap_or_default();
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "test")
        })
        .collect();
    paths.sort();
    let mut passed = 0;
    let mut failures = Vec::new();
    for path in paths {
        let name = path.file_stem().unwrap().to_str().unwrap();
        if only.is_empty() || only == name {
            let report = promqltest::run(&std::fs::read_to_string(&path).unwrap(), name);
            println!(
                "{name}: {} passed, {} failed",
                report.passed,
                report.failed.len()
            );
            report.write_failures(&mut failures).unwrap();
            passed += report.passed;
        }
    }
    let failures = String::from_utf8(failures).unwrap();
    assert!(failures.is_empty(), "{passed} passed\n{failures}");
    assert!(passed == CASES || !only.is_empty(), "{passed} of {CASES}");
}
