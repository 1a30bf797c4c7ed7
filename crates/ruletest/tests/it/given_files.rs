//! Real rule files and promtool's own test files, where they are at hand.

use model::TimestampMs;
use promql_syntax::ParseOptions;
use rules::{Health, Manager, RuleDeps, RuleFile, RuleOptions};
use ruletest::{CheckOptions, Checked, TestOptions, check_rules, run_files};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use storage::MemStorage;

/// The folder of rule files, none (said so) where it is absent.
fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/rules");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is absent", folder.display());
    None
}

fn rule_files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "yml"))
        .collect();
    found.sort();
    assert!(!found.is_empty());
    found
}

#[test]
fn test_files_have_the_verdicts_of_promtool() {
    let Some(folder) = folder() else { return };
    let verdicts = std::fs::read_to_string(folder.join("tests/verdicts.txt")).unwrap();
    let mut checked = 0;
    for line in verdicts.lines().filter(|line| !line.starts_with('#')) {
        let (file, status) = line.split_once(char::is_whitespace).unwrap();
        let path = folder.join("tests").join(file);
        let mut out = Vec::new();
        let mut err = Vec::new();
        let passed = run_files(&[path], &TestOptions::default(), &mut out, &mut err).unwrap();
        let told = String::from_utf8(err).unwrap();
        assert_eq!(passed, status.trim() == "0", "{file}:\n{told}");
        checked += 1;
    }
    assert!(checked > 8, "{checked} verdicts");
}

#[test]
fn rule_files_pass_their_check_and_one_has_duplicates() {
    let Some(folder) = folder() else { return };
    let mut lints = Vec::new();
    for path in rule_files(&folder) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let options = CheckOptions::default();
        let paths = std::slice::from_ref(&path);
        let checked =
            check_rules(paths, &mut std::io::empty(), &options, (&mut out, &mut err)).unwrap();
        let told = String::from_utf8(err).unwrap();
        assert!(checked < Checked::Bad, "{}: {told}", path.display());
        if checked == Checked::Lint {
            lints.push(told);
        }
    }
    let [only] = &lints[..] else {
        panic!("{lints:?}")
    };
    assert!(
        only.contains("Metric: code_verb:apiserver_request_total:increase1h"),
        "{only}"
    );
}

#[test]
fn rule_files_evaluate_without_error_on_an_empty_store() {
    let Some(folder) = folder() else { return };
    let files: Vec<RuleFile> = rule_files(&folder)
        .iter()
        .map(|path| RuleFile::load(path, ParseOptions::default()).unwrap())
        .collect();
    let store = Arc::new(MemStorage::default());
    let manager = Manager::new(RuleDeps::new(store.clone(), store));
    let options = RuleOptions {
        max_concurrent: 2,
        ..RuleOptions::default()
    };
    let change = manager.apply(files, &options);
    for minute in 0..3 {
        for group in &change.started {
            group.evaluate(TimestampMs(minute * 60_000));
        }
    }
    let rules: Vec<_> = manager
        .groups()
        .into_iter()
        .flat_map(|group| group.rules)
        .collect();
    assert!(rules.len() > 100, "{} rules", rules.len());
    for rule in rules {
        assert_eq!(
            rule.health,
            Health::Good,
            "{}: {:?}",
            rule.name,
            rule.last_error
        );
    }
}
