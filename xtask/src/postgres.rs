//! PostgreSQL for the tests of the metadata, which run on it and on SQLite alike.

use crate::process::{apt_install, step};
use crate::workspace::root;
use std::path::Path;

/// Where Debian's packages put the programs, one folder per version.
const VERSIONS: &str = "/usr/lib/postgresql";

/// Whether PostgreSQL's programs are there; installs Debian's package if they are not. Where that cannot be
/// done either, the tests run on SQLite alone and say so.
pub(crate) fn ensure() -> bool {
    if is_installed() {
        return true;
    }
    let installed = step("installing Debian's postgresql", || {
        apt_install(&["postgresql"], &root())
    });
    if let Err(error) = installed {
        println!("    no PostgreSQL, its tests are skipped: {error:#}");
    }
    is_installed()
}

fn is_installed() -> bool {
    let versions = std::fs::read_dir(Path::new(VERSIONS));
    versions.is_ok_and(|mut versions| {
        versions.any(|version| version.is_ok_and(|one| one.path().join("bin/initdb").is_file()))
    })
}
