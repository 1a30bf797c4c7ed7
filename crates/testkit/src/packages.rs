//! The workspace's packages and what each depends on.

use crate::root;
use std::collections::BTreeSet;
use std::path::PathBuf;
use toml::Table;

/// A package of the workspace.
#[derive(Debug, Clone)]
pub struct Package {
    /// Folder, relative to the workspace: `crates/model`.
    pub folder: String,
    /// The short name under which others import it: `model`.
    pub name: String,
    /// Packages of the workspace that it depends on, by short name; development dependencies left out.
    pub depends_on: BTreeSet<String>,
    /// Other crates that it depends on, likewise.
    pub external: BTreeSet<String>,
    /// The manifest.
    pub manifest: Table,
}

/// The packages that are not below `crates`.
pub(crate) const FOLDERS: [&str; 7] = [
    "app",
    "frontend",
    "frontend-forms",
    "frontend-studio",
    "server",
    "studio",
    "xtask",
];

/// All packages. Ordering: by folder. A manifest that cannot be read gives a package without
/// dependencies, which the tests then miss.
pub fn packages() -> Vec<Package> {
    let mut folders: Vec<PathBuf> = FOLDERS.iter().map(|name| root().join(name)).collect();
    let crates = std::fs::read_dir(root().join("crates"));
    folders.extend(
        crates
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path()),
    );
    folders.retain(|folder| folder.join("Cargo.toml").is_file());
    folders.sort();
    let short: BTreeSet<String> = folders.iter().map(|folder| name_of(folder)).collect();
    folders.iter().map(|folder| read(folder, &short)).collect()
}

fn name_of(folder: &std::path::Path) -> String {
    folder
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn read(folder: &std::path::Path, short: &BTreeSet<String>) -> Package {
    let text = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let manifest: Table = text.parse().unwrap_or_default();
    let dependencies = manifest
        .get("dependencies")
        .and_then(|value| value.as_table());
    let names: BTreeSet<String> = dependencies
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    let (depends_on, external) = names.into_iter().partition(|name| short.contains(name));
    let relative = folder
        .strip_prefix(root())
        .unwrap_or(folder)
        .display()
        .to_string();
    Package {
        folder: relative,
        name: name_of(folder),
        depends_on,
        external,
        manifest,
    }
}
