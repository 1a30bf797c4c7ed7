//! A compiler that can build for `wasm32-unknown-unknown`.
//!
//! In order of preference: the active toolchain, if it has the target; the active toolchain after
//! `rustup target add`; and where rustup reaches nothing, Debian's rustc-web with a standard library
//! built here from Debian's rust-web-src. The last one leaves the system as it is: a folder in the
//! user's cache looks like a toolchain, with links to Debian's compiler and to rustup's linker.

use crate::process::{answer, apt_install, cargo, command, find, run, step, try_for};
use crate::workspace::{cache, root};
use anyhow::{Context, Result, bail};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What the frontend is compiled for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
/// Where Debian's rustc-web puts its compiler; rustup's stands in front of it on PATH.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
/// How long rustup may try before the network counts as closed.
const RUSTUP_PATIENCE: Duration = Duration::from_mins(3);

/// What the frontend is compiled with.
pub(crate) struct Compiler {
    /// For the variable RUSTC; `None` is the active toolchain.
    pub(crate) rustc: Option<PathBuf>,
    /// For fingerprints.
    pub(crate) version: String,
}

/// Finds or makes the compiler.
pub(crate) fn ensure() -> Result<Compiler> {
    let active = || Compiler {
        rustc: None,
        version: version("rustc".as_ref()),
    };
    if has_target("rustc".as_ref()) {
        return Ok(active());
    }
    let ready = debian_toolchain()?.join("bin/rustc");
    if ready.is_file() {
        return Ok(Compiler {
            version: version(&ready),
            rustc: Some(ready),
        });
    }
    if find("rustup").is_some() {
        let mut add = command("rustup", &root());
        add.args(["target", "add", TARGET]);
        let added = step(format!("rustup target add {TARGET}"), || {
            Ok(try_for(&mut add, RUSTUP_PATIENCE))
        })?;
        if added && has_target("rustc".as_ref()) {
            return Ok(active());
        }
        println!(
            "    rustup cannot fetch the target; building its standard library from Debian's sources"
        );
    }
    let made = make_debian_toolchain()?;
    Ok(Compiler {
        version: version(&made),
        rustc: Some(made),
    })
}

fn version(rustc: &Path) -> String {
    answer(command(rustc, &root()).arg("-V")).unwrap_or_default()
}

fn has_target(rustc: &Path) -> bool {
    answer(command(rustc, &root()).args(["--print", "target-libdir", "--target", TARGET]))
        .and_then(|folder| std::fs::read_dir(folder).ok())
        .is_some_and(|mut files| {
            files.any(|file| {
                file.is_ok_and(|file| file.file_name().to_string_lossy().starts_with("libcore-"))
            })
        })
}

/// The cache folder of the toolchain made from Debian's packages; named after the compiler, so that an
/// upgrade makes a new one.
fn debian_toolchain() -> Result<PathBuf> {
    let version = version(DEBIAN_RUSTC.as_ref());
    let number = version
        .split_whitespace()
        .nth(1)
        .unwrap_or("none")
        .to_owned();
    Ok(cache()?
        .join("tools")
        .join(format!("wasm-toolchain-{number}")))
}

fn make_debian_toolchain() -> Result<PathBuf> {
    if library_source().is_none() || !Path::new(DEBIAN_RUSTC).is_file() {
        step("installing Debian's rustc-web and rust-web-src", || {
            apt_install(&["rustc-web", "rust-web-src"], &root())
        })?;
    }
    let source = library_source()
        .context("rust-web-src is installed, but its library folder is not found")?;
    let folder = debian_toolchain()?;
    step(
        format!("building the standard library for {TARGET}"),
        || build_toolchain(&folder, &source),
    )
}

/// The `library` folder of the newest /usr/src/rustc-*.
fn library_source() -> Option<PathBuf> {
    let entries = std::fs::read_dir("/usr/src").ok()?;
    let folders = entries.filter_map(|entry| Some(entry.ok()?.path().join("library")));
    folders
        .filter(|folder| folder.join("sysroot/Cargo.toml").is_file())
        .max()
}

fn build_toolchain(folder: &Path, source: &Path) -> Result<PathBuf> {
    let host = host()?;
    let linker = rustup_linker(&host)?;
    let linker_folder = linker.parent().context("the linker has no folder")?;
    if folder.exists() {
        crate::tools::remove(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    let library = folder.join("library");
    run(command("cp", folder).arg("-r").arg(source).arg(&library))?;
    run(cargo(&library)
        .args([
            "build",
            "--release",
            "--target",
            TARGET,
            "-p",
            "sysroot",
            "--no-default-features",
        ])
        .args(["--features", "panic-unwind,compiler-builtins-mem"])
        .env("RUSTC", DEBIAN_RUSTC)
        // The library may use what is unstable; nothing else here does.
        .env("RUSTC_BOOTSTRAP", "1")
        .env(
            "RUSTFLAGS",
            "-Cembed-bitcode=yes -Zforce-unstable-if-unmarked",
        )
        .env("CARGO_TARGET_DIR", folder.join("build"))
        .env("PATH", crate::process::path_with(&[linker_folder])?))?;

    let rustlib = folder.join("lib/rustlib");
    let target_library = rustlib.join(TARGET).join("lib");
    std::fs::create_dir_all(&target_library)?;
    for entry in std::fs::read_dir(folder.join("build").join(TARGET).join("release/deps"))? {
        let file = entry?.path();
        if file
            .extension()
            .is_some_and(|extension| extension == "rlib")
        {
            std::fs::copy(
                &file,
                target_library.join(file.file_name().unwrap_or_default()),
            )?;
        }
    }
    let host_folder = rustlib.join(&host);
    std::fs::create_dir_all(host_folder.join("bin"))?;
    let sysroot = answer(command(DEBIAN_RUSTC, folder).args(["--print", "sysroot"]))
        .context("Debian's rustc does not tell its sysroot")?;
    symlink(
        Path::new(&sysroot)
            .join("lib/rustlib")
            .join(&host)
            .join("lib"),
        host_folder.join("lib"),
    )?;
    symlink(&linker, host_folder.join("bin/rust-lld"))?;
    for scratch in ["library", "build"] {
        crate::tools::remove(&folder.join(scratch))?;
    }
    // Written last: it marks the toolchain as complete.
    let rustc = folder.join("bin/rustc");
    std::fs::create_dir_all(folder.join("bin"))?;
    let script = format!(
        "#!/bin/sh\nexec {DEBIAN_RUSTC} --sysroot '{}' \"$@\"\n",
        folder.display()
    );
    std::fs::write(&rustc, script)?;
    std::fs::set_permissions(&rustc, std::fs::Permissions::from_mode(0o755))?;
    if !has_target(&rustc) {
        bail!(
            "the standard library was built, but {} does not find it",
            rustc.display()
        );
    }
    Ok(rustc)
}

fn host() -> Result<String> {
    let text =
        answer(command(DEBIAN_RUSTC, &root()).arg("-vV")).context("Debian's rustc does not run")?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .context("Debian's rustc does not tell its host")
}

/// The linker that comes with every rustup toolchain.
fn rustup_linker(host: &str) -> Result<PathBuf> {
    let sysroot = answer(command("rustc", &root()).args(["--print", "sysroot"]))
        .context("rustc does not run")?;
    let linker = Path::new(&sysroot)
        .join("lib/rustlib")
        .join(host)
        .join("bin/rust-lld");
    if !linker.is_file() {
        bail!(
            "{} is missing: a toolchain installed by rustup has it",
            linker.display()
        );
    }
    Ok(linker)
}
