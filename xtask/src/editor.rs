//! The query editor: npm packages and our own script, bundled into one file for browsers.

use crate::fingerprint::Fingerprint;
use crate::process::{command, run, skipped, step};
use crate::tools::node_version;
use crate::workspace::{root, site};
use anyhow::{Context, Result};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Builds the bundle if something of it changed; tells where it stands.
pub(crate) fn ensure() -> Result<PathBuf> {
    let folder = root().join("editor");
    let inputs = ["package.json", "package-lock.json", "src"].map(|name| folder.join(name));
    let out = site().join("editor/promql-editor.js");
    let stamp = Fingerprint::new(site().join(".editor"), &inputs, &node_version()?)?;
    if stamp.is_current() && out.is_file() {
        skipped("query editor (CodeMirror)");
        return Ok(out);
    }
    step("query editor (CodeMirror)", || {
        run(command("npm", &folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))?;
        let program = folder.join("node_modules/.bin/esbuild");
        let program = program.to_str().context("a path that is not UTF-8")?;
        let mut bundle = command(program, &folder);
        bundle
            .args(["src/element.js", "--bundle", "--minify", "--format=esm"])
            .args([
                "--target=es2022",
                "--legal-comments=none",
                "--log-level=warning",
            ])
            .arg(format!("--outfile={}", out.display()));
        run(&mut bundle)?;
        let licences = licences(&folder.join("node_modules"))?;
        std::fs::write(out.with_file_name("licences.txt"), licences)
            .context("cannot write the licences")
    })?;
    stamp.record()?;
    Ok(out)
}

/// The licences of all packages but the bundler: they ask to go where the code goes.
fn licences(packages: &Path) -> Result<String> {
    let mut folders = Vec::new();
    for folder in folders_in(packages)? {
        if name_of(&folder).starts_with('@') {
            folders.extend(folders_in(&folder)?);
        } else {
            folders.push(folder);
        }
    }
    folders.retain(|folder| !folder.to_string_lossy().contains("esbuild"));
    let mut told = String::new();
    for folder in folders {
        let files = std::fs::read_dir(&folder).context("cannot list a package")?;
        let licence = files
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|path| name_of(path).to_uppercase().starts_with("LICEN"));
        let text = match licence {
            Some(file) => std::fs::read_to_string(file)?,
            None => "Apache License 2.0, https://www.apache.org/licenses/LICENSE-2.0\n".to_owned(),
        };
        let name = folder.strip_prefix(packages).unwrap_or(&folder);
        writeln!(told, "{}\n\n{text}\n", name.display())?;
    }
    Ok(told)
}

fn folders_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).context("cannot list the packages")?;
    let mut folders: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir() && !name_of(path).starts_with('.'))
        .collect();
    folders.sort();
    Ok(folders)
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
