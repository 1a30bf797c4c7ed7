//! The browser tests: Playwright on the system's own Chromium.

use crate::fingerprint::Fingerprint;
use crate::process::{apt_install, command, find, run, skipped, step};
use crate::tools::node_version;
use crate::workspace::root;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// Names under which distributions install the browser.
const BROWSERS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// The browser's program; installs Debian's if there is none. `CHROMIUM` names another.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Ok(PathBuf::from(named));
    }
    let installed = || BROWSERS.iter().find_map(|name| find(name));
    if let Some(found) = installed() {
        return Ok(found);
    }
    step("installing Debian's chromium", || {
        apt_install(&["chromium"], &root())
    })?;
    installed()
        .context("chromium was installed but is not on PATH; name it in the variable CHROMIUM")
}

/// Fetches the test runner's packages; the browser that they would download is not wanted.
fn packages(folder: &Path) -> Result<()> {
    let inputs = [
        folder.join("package.json"),
        folder.join("package-lock.json"),
    ];
    let stamp = Fingerprint::new(
        folder.join("node_modules/.fingerprint"),
        &inputs,
        &node_version()?,
    )?;
    if stamp.is_current() {
        skipped("browser test packages");
        return Ok(());
    }
    step("browser test packages", || {
        run(command("npm", folder)
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
    })?;
    stamp.record()
}

/// Runs the browser tests against `server`, the built program.
pub(crate) fn test(server: &Path, arguments: &[String]) -> Result<()> {
    test_with(server, arguments, &[])
}

/// As [`test`], with variables that the tests read.
pub(crate) fn test_with(
    server: &Path,
    arguments: &[String],
    variables: &[(&str, &str)],
) -> Result<()> {
    let folder = root().join("end2end");
    let chromium = chromium()?;
    packages(&folder)?;
    step("browser tests", || {
        run(command("npx", &folder)
            .args(["--no-install", "playwright", "test"])
            .args(arguments)
            .envs(variables.iter().copied())
            .env("CHROMIUM", chromium)
            .env("WATCHFIRE", server))
    })
}
