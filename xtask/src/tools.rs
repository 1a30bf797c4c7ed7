//! Build tools in exact versions, each in a cache folder named after its version, never rebuilt.

use crate::process::{answer, cargo, command, find, run, step};
use crate::workspace::{cache, root};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// Builds the browser's bundle.
const TRUNK: &str = "0.21.14";
/// Holds `wasm-opt`; Debian's is too old for what today's compilers emit.
const BINARYEN: &str = "132.0.0";
/// Measures pages.
const LIGHTHOUSE: &str = "13.5.0";

/// Folders with the tools, to put in front of PATH.
pub(crate) struct Tools {
    pub(crate) folders: Vec<PathBuf>,
    /// For fingerprints: a change of a tool is a change of its output.
    pub(crate) versions: String,
}

/// Makes sure that trunk, wasm-bindgen and wasm-opt are there.
pub(crate) fn ensure() -> Result<Tools> {
    let bindgen = locked_version("wasm-bindgen")?;
    let folders = vec![
        cargo_tool(
            "trunk",
            TRUNK,
            &["--locked", "--no-default-features", "--features", "rustls"],
        )?,
        // Not --locked: its own lock file names versions that registries have withdrawn.
        cargo_tool("wasm-bindgen-cli", &bindgen, &[])?,
        binaryen()?,
    ];
    Ok(Tools {
        folders,
        versions: format!("trunk {TRUNK}, wasm-bindgen {bindgen}, binaryen {BINARYEN}"),
    })
}

/// The version of `package` in Cargo.lock: wasm-bindgen's library and tool must be the same.
fn locked_version(package: &str) -> Result<String> {
    let lock =
        std::fs::read_to_string(root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let entry = format!("name = \"{package}\"\nversion = \"");
    let after = lock
        .split_once(&entry)
        .with_context(|| format!("`{package}` is not in Cargo.lock"))?
        .1;
    Ok(after.split('"').next().unwrap_or_default().to_owned())
}

/// The folder with the program of a package, installed if it is not there.
pub(crate) fn cargo_tool(package: &str, version: &str, arguments: &[&str]) -> Result<PathBuf> {
    let folder = cache()?.join("tools").join(format!("{package}-{version}"));
    let done = folder.join(".crates.toml");
    if !done.is_file() {
        step(
            format!("building {package} {version} (once per machine, some minutes)"),
            || {
                let scratch = folder.join("build");
                run(cargo(&root())
                    .args(["install", package, "--version", version, "--root"])
                    .arg(&folder)
                    .args(arguments)
                    // A target folder of its own, and not the workspace's compiler flags.
                    .env("CARGO_TARGET_DIR", &scratch)
                    .env("RUSTFLAGS", ""))?;
                remove(&scratch)
            },
        )?;
    }
    Ok(folder.join("bin"))
}

fn binaryen() -> Result<PathBuf> {
    npm_tool("binaryen", BINARYEN)
}

/// The folder with Lighthouse's program.
pub(crate) fn lighthouse() -> Result<PathBuf> {
    npm_tool("lighthouse", LIGHTHOUSE)
}

/// The folder with the programs of an npm package, installed if it is not there.
fn npm_tool(package: &str, version: &str) -> Result<PathBuf> {
    let folder = cache()?.join("tools").join(format!("{package}-{version}"));
    let done = folder.join("done");
    if !done.is_file() {
        step(format!("fetching {package} {version}"), || {
            node_version()?;
            std::fs::create_dir_all(&folder)?;
            run(command("npm", &folder)
                .args([
                    "install",
                    "--no-audit",
                    "--no-fund",
                    "--loglevel=error",
                    "--prefix",
                    ".",
                ])
                .arg(format!("{package}@{version}")))?;
            std::fs::write(&done, "")
                .with_context(|| format!("cannot note that {package} is there"))
        })?;
    }
    Ok(folder.join("node_modules/.bin"))
}

/// Checks that Node and npm are there.
pub(crate) fn node_version() -> Result<String> {
    let version = answer(command("node", &root()).arg("--version"));
    let Some(version) = version.filter(|_| find("npm").is_some()) else {
        bail!("Node.js with npm is needed (20 or newer); install it and try again");
    };
    Ok(version)
}

/// Removes a folder and all below it.
pub(crate) fn remove(folder: &Path) -> Result<()> {
    std::fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))
}
