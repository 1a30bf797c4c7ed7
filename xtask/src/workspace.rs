//! Where things are.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The host build's target folder.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The WebAssembly build's target folder: another compiler may be at work there, and two compilers in
/// one folder throw away each other's results.
pub(crate) fn wasm_target() -> PathBuf {
    let mut name = target().into_os_string();
    name.push("-wasm");
    PathBuf::from(name)
}

/// The fuzz targets' folder: another compiler again, and other flags.
pub(crate) fn fuzz_target() -> PathBuf {
    let mut name = target().into_os_string();
    name.push("-fuzz");
    PathBuf::from(name)
}

/// What the server embeds: the browser's files, compressed.
pub(crate) fn site() -> PathBuf {
    root().join("target/site")
}

/// The user's cache folder for tools, kept across clones.
pub(crate) fn cache() -> Result<PathBuf> {
    let base = match std::env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()) {
        Some(cache) => PathBuf::from(cache),
        None => PathBuf::from(
            std::env::var_os("HOME").context("neither XDG_CACHE_HOME nor HOME is set")?,
        )
        .join(".cache"),
    };
    Ok(base.join("watchfire"))
}
