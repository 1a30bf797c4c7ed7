//! Our own scripts.

use std::path::Path;

#[test]
fn own_scripts_pass_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let mut cases = 0;
    let mut failures = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let report = promqltest::run(&text, path.file_name().unwrap().to_str().unwrap());
        report.write_failures(&mut failures).unwrap();
        cases += report.passed;
    }
    let failures = String::from_utf8(failures).unwrap();
    assert!(failures.is_empty(), "{failures}");
    assert!(cases >= 100, "{cases} cases");
}
