//! Prometheus' own scripts, where they are at hand: what passes must keep passing.

use crate::promqltest;
use std::path::{Path, PathBuf};

/// Cases without native histograms that pass, per script.
const FLOORS: &[(&str, usize)] = &[
    ("aggregators", 125),
    ("at_modifier", 78),
    ("collision", 2),
    ("duration_expression", 59),
    ("extended_vectors", 120),
    ("fill-modifier", 46),
    ("functions", 323),
    ("histograms", 93),
    ("info", 52),
    ("limit", 1),
    ("literals", 25),
    ("name_label_dropping", 30),
    ("native_histograms", 3),
    ("operators", 142),
    ("range_queries", 16),
    ("selectors", 31),
    ("staleness", 17),
    ("subquery", 32),
    ("trig_functions", 19),
    ("type_and_unit", 58),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/promqltest")
}

#[test]
fn prometheus_scripts_pass_as_many_cases_as_before() {
    let folder = folder();
    if !folder.is_dir() {
        println!("skipped: no scripts at hand");
        return;
    }
    let only = std::env::var("PROMQLTEST_ONLY").unwrap_or_default();
    let mut lost = Vec::new();
    let mut names: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    for path in names
        .iter()
        .filter(|path| path.extension().is_some_and(|e| e == "test"))
    {
        let name = path.file_stem().unwrap().to_str().unwrap();
        if !only.is_empty() && only != name {
            continue;
        }
        let report = promqltest::run(&std::fs::read_to_string(path).unwrap()).unwrap();
        println!(
            "    (\"{name}\", {}), // of {}",
            report.passed(),
            report.judged()
        );
        for failure in report.failures() {
            println!("        {name}: {failure}");
        }
        let floor = FLOORS
            .iter()
            .find(|(have, _)| *have == name)
            .map_or(0, |(_, floor)| *floor);
        if report.passed() < floor {
            lost.push(format!("{name}: {} of {floor}", report.passed()));
        }
    }
    assert!(lost.is_empty(), "fewer cases pass than before: {lost:?}");
}
