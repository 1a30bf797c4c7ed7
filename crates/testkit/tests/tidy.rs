//! The rules of the workspace, checked on the workspace.

use std::collections::{BTreeMap, BTreeSet};
use testkit::{packages, root, sources};

/// Each package's layer; a package depends on lower layers only.
const LAYERS: [(&str, u8); 40] = [
    ("model", 0),
    ("columns", 1),
    ("vfs", 0),
    ("api-types", 0),
    ("chart", 0),
    ("clock", 1),
    ("selfmon", 1),
    ("exposition", 1),
    ("promql-syntax", 1),
    ("relabel", 1),
    ("storage", 1),
    ("node", 2),
    ("config", 2),
    ("promql", 2),
    ("template", 2),
    ("index", 2),
    ("block", 3),
    ("promqltest", 3),
    ("remote", 3),
    ("rules", 3),
    ("http-client", 3),
    ("metadata", 3),
    ("dashboard", 2),
    ("render", 3),
    ("discovery", 4),
    ("scrape", 5),
    ("tsdb", 4),
    ("notify", 5),
    ("remote-send", 5),
    ("ruletest", 4),
    ("api", 6),
    ("app", 7),
    ("studio", 8),
    ("frontend", 9),
    ("frontend-studio", 9),
    ("frontend-forms", 9),
    ("server", 9),
    ("bench", 7),
    ("testkit", 0),
    ("xtask", 0),
];

/// Crates that only some packages may know.
const GUARDED: [(&str, &[&str]); 8] = [
    ("axum", &["api", "server"]),
    (
        "leptos",
        &[
            "app",
            "studio",
            "frontend",
            "frontend-studio",
            "frontend-forms",
            "server",
        ],
    ),
    ("leptos_axum", &["server"]),
    (
        "tokio",
        &[
            "http-client",
            "discovery",
            "scrape",
            "notify",
            "remote-send",
            "metadata",
            "api",
            "server",
        ],
    ),
    ("sqlx", &["metadata"]),
    ("anyhow", &["server", "xtask", "bench"]),
    ("clap", &["server", "bench"]),
    (
        "serde",
        &[
            "api-types",
            "config",
            "api",
            "app",
            "studio",
            "block",
            "rules",
            "ruletest",
            "notify",
        ],
    ),
];

/// What the browser's side may see of the workspace.
const BROWSER: [&str; 4] = ["api-types", "chart", "model", "promql-syntax"];

#[test]
fn every_package_depends_on_lower_layers_only() {
    let layers: BTreeMap<&str, u8> = LAYERS.into();
    let mut wrong = Vec::new();
    for package in packages() {
        let Some(layer) = layers.get(package.name.as_str()) else {
            wrong.push(format!("{} has no layer", package.name));
            continue;
        };
        for other in &package.depends_on {
            if layers
                .get(other.as_str())
                .is_none_or(|below| below >= layer)
            {
                wrong.push(format!(
                    "{} (layer {layer}) depends on {other}",
                    package.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(packages().len() > 15, "the packages were not found");
}

#[test]
fn guarded_crates_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for package in packages() {
        for (guarded, allowed) in GUARDED {
            if package.external.contains(guarded) && !allowed.contains(&package.name.as_str()) {
                wrong.push(format!("{} depends on {guarded}", package.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_browser_side_sees_no_engine() {
    let also_seen: [(&str, &[&str]); 2] =
        [("app", &[]), ("studio", &["app", "dashboard", "render"])];
    for (name, also) in also_seen {
        let package = packages()
            .into_iter()
            .find(|package| package.name == name)
            .unwrap();
        let engines: Vec<_> = package
            .depends_on
            .iter()
            .filter(|name| !BROWSER.contains(&name.as_str()) && !also.contains(&name.as_str()))
            .collect();
        assert!(engines.is_empty(), "{name} depends on {engines:?}");
    }
}

#[test]
fn every_package_has_a_purpose_and_the_workspaces_lints() {
    for package in packages() {
        let table = package
            .manifest
            .get("package")
            .and_then(|value| value.as_table())
            .unwrap();
        let description = table
            .get("description")
            .and_then(|value| value.as_str())
            .unwrap_or("");
        assert!(
            !description.is_empty(),
            "{} has no description",
            package.folder
        );
        let lints = package
            .manifest
            .get("lints")
            .and_then(|value| value.get("workspace"));
        assert_eq!(
            lints.and_then(toml::Value::as_bool),
            Some(true),
            "{} has no lints",
            package.folder
        );
        let main =
            ["src/lib.rs", "src/main.rs"].map(|file| root().join(&package.folder).join(file));
        let text = main
            .iter()
            .find_map(|file| std::fs::read_to_string(file).ok())
            .unwrap();
        assert!(
            text.starts_with("//! "),
            "{} does not say what it is for",
            package.folder
        );
    }
}

#[test]
fn files_are_short_and_nothing_is_left_to_do() {
    let mut wrong = Vec::new();
    for source in sources() {
        let is_test = source.path.contains("/tests/") || source.path.ends_with("/tests.rs");
        let limit = if is_test { 800 } else { 500 };
        let lines = source.text.lines().count();
        if lines > limit {
            wrong.push(format!(
                "{}: {lines} lines, the limit is {limit}",
                source.path
            ));
        }
        // Split, so that this file does not find itself.
        for mark in [
            concat!("todo", "!("),
            concat!("unimplemented", "!("),
            concat!("FIX", "ME"),
        ] {
            if source.text.contains(mark) {
                wrong.push(format!("{}: `{mark}`", source.path));
            }
        }
        if !source.text.starts_with("//!") && !is_test {
            wrong.push(format!("{}: does not start with its purpose", source.path));
        }
        let name = source.path.rsplit('/').next().unwrap_or_default();
        if ["utils.rs", "util.rs", "common.rs", "helpers.rs", "misc.rs"].contains(&name) {
            wrong.push(format!("{}: a shared thing has a name", source.path));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_dependency_says_why_it_is_there() {
    let document = std::fs::read_to_string(root().join("docs/dependencies.md")).unwrap();
    let told: BTreeSet<&str> = document.split('`').skip(1).step_by(2).collect();
    let mut used = BTreeSet::new();
    for package in packages() {
        used.extend(package.external.clone());
        let development = package
            .manifest
            .get("dev-dependencies")
            .and_then(|value| value.as_table());
        let own: BTreeSet<String> = packages().into_iter().map(|package| package.name).collect();
        used.extend(
            development
                .into_iter()
                .flatten()
                .map(|(name, _)| name.clone())
                .filter(|name| !own.contains(name)),
        );
    }
    let untold: Vec<_> = used
        .iter()
        .filter(|name| !told.contains(name.as_str()))
        .collect();
    assert!(
        untold.is_empty(),
        "docs/dependencies.md does not tell why: {untold:?}"
    );
}

#[test]
fn the_architecture_names_every_package() {
    let document = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let missing: Vec<_> = packages()
        .into_iter()
        .map(|package| package.folder)
        .filter(|folder| !document.contains(&format!("`{folder}`")))
        .collect();
    assert!(
        missing.is_empty(),
        "ARCHITECTURE.md does not tell of {missing:?}"
    );
}
