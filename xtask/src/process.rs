//! Running other programs, with a line before and after each long one.

use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::fmt::Display;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Runs `work` between two lines that say what it is and how long it took.
pub(crate) fn step<T>(what: impl Display, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("==> {what}");
    let start = Instant::now();
    let result = work().with_context(|| format!("step failed: {what}"))?;
    println!("    {what}: done in {:.1} s", start.elapsed().as_secs_f64());
    Ok(result)
}

/// Says that a step need not be done.
pub(crate) fn skipped(what: impl Display) {
    println!("==> {what}: up to date");
}

/// A command that runs in `folder`.
pub(crate) fn command(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    command
}

/// The cargo that runs this program.
pub(crate) fn cargo(folder: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = command(cargo, folder);
    // Set by `cargo run` for this program alone; left in place they would mark every crate as changed.
    for name in [
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_PKG_NAME",
        "CARGO_PKG_VERSION",
    ] {
        command.env_remove(name);
    }
    command
}

/// Runs `command` with its output going to ours.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start `{}`", line(command)))?;
    if !status.success() {
        bail!("`{}` ended with {status}", line(command));
    }
    Ok(())
}

/// Runs `command` and gives its standard output, or nothing if it fails.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command
        .stderr(Stdio::null())
        .stdin(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs `command` silently for at most `limit`; whether it succeeded.
pub(crate) fn try_for(command: &mut Command, limit: Duration) -> bool {
    let silent = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let Ok(mut child) = silent.spawn() else {
        return false;
    };
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if start.elapsed() < limit => std::thread::sleep(Duration::from_millis(100)),
            _ => {
                // It hangs or cannot be waited for; what it may leave behind is checked by the caller.
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

/// The whole path of `program`, if it is on PATH.
pub(crate) fn find(program: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// PATH with `folders` in front.
pub(crate) fn path_with(folders: &[&Path]) -> Result<std::ffi::OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = folders
        .iter()
        .map(|folder| folder.to_path_buf())
        .chain(std::env::split_paths(&path));
    std::env::join_paths(all).context("a folder of a tool has a `:` in its name")
}

/// Installs Debian packages, as root or through sudo.
pub(crate) fn apt_install(packages: &[&str], root: &Path) -> Result<()> {
    let hint = format!("install them and try again: {}", packages.join(" "));
    if find("apt-get").is_none() {
        bail!("packages are missing and there is no apt-get; {hint}");
    }
    let is_root = answer(command("id", root).arg("-u")).as_deref() == Some("0");
    let sudo = !is_root
        && try_for(
            command("sudo", root).args(["-n", "true"]),
            Duration::from_secs(5),
        );
    if !is_root && !sudo {
        bail!("packages are missing and installing them takes root; {hint}");
    }
    let apt = |arguments: &[&str]| {
        let mut apt = if sudo {
            command("sudo", root)
        } else {
            command("apt-get", root)
        };
        if sudo {
            apt.args(["-n", "apt-get"]);
        }
        apt.env("DEBIAN_FRONTEND", "noninteractive")
            .args(["-qq", "-o", "Dpkg::Use-Pty=0"])
            .args(arguments);
        apt
    };
    let install: Vec<&str> = ["install", "-y", "--no-install-recommends"]
        .iter()
        .chain(packages)
        .copied()
        .collect();
    // The package lists of a fresh machine are empty, those of an old one stale.
    run(&mut apt(&["update"]))?;
    run(apt(&install).stdout(Stdio::null())).context(hint)
}

fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}
