//! Our own scripts.

use crate::promqltest::{self, Outcome};
use std::path::Path;

#[test]
fn own_scripts_pass_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let mut cases = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let report = promqltest::run(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let failures = report.failures();
        assert!(
            failures.is_empty(),
            "{}:\n{}",
            path.display(),
            failures.join("\n")
        );
        assert!(
            report
                .cases
                .iter()
                .all(|(.., outcome)| *outcome == Outcome::Passed)
        );
        cases += report.passed();
    }
    assert!(cases > 20, "{cases} cases");
}

#[test]
fn wrong_expectations_fail() {
    let script =
        "load 1m\n  a 1 2 3\n\neval instant at 1m a\n  a 3\n\neval instant at 1m a\n  a 2\n";
    let report = promqltest::run(script).unwrap();
    assert_eq!((report.passed(), report.judged()), (1, 2));
}
