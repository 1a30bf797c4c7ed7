//! The browser's files: WebAssembly bundle, style sheet, public files; each compressed once, here.

use crate::fingerprint::{Fingerprint, files};
use crate::process::{cargo, command, path_with, run, skipped, step};
use crate::workspace::{root, site, wasm_target};
use crate::{editor, style, tools, wasm};
use anyhow::{Context, Result, bail};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The most that the WebAssembly file may weigh in brotli.
const WASM_BUDGET_BYTES: u64 = 700_000;
/// The same for dashboards, which come with all of the pages' components.
const STUDIO_BUDGET_BYTES: u64 = 1_000_000;
/// The same for forms.
const FORMS_BUDGET_BYTES: u64 = 800_000;
/// The most that the query language alone may weigh in brotli.
const LANGUAGE_BUDGET_BYTES: usize = 150_000;

/// The parts of `studio`, each with an entry `frontend-<name>` and a place `/<name>/`, and what they are.
const PARTS: [(&str, &str); 2] = [
    ("studio", "browser bundle of dashboards (WebAssembly)"),
    ("forms", "browser bundle of forms (WebAssembly)"),
];

/// Builds what changed.
pub(crate) fn ensure() -> Result<()> {
    let tools = tools::ensure()?;
    let compiler = wasm::ensure()?;
    let versions = format!("{}; {}", tools.versions, compiler.version);
    // In the folder of the build, so that a clean clone builds and a clean target folder rebuilds.
    std::fs::create_dir_all(site()).context("cannot make target/site")?;
    let stamp = Fingerprint::new(site().join(".bundle"), &bundle_inputs()?, &versions)?;
    if stamp.is_current() {
        skipped("browser bundle (WebAssembly)");
    } else {
        step("browser bundle (WebAssembly)", || {
            trunk(&tools, &compiler, &[])
        })?;
        step("query language alone (WebAssembly)", || {
            weigh_language(&compiler)
        })?;
        stamp.record()?;
    }
    for (name, what) in PARTS {
        let entry = format!("frontend-{name}");
        let stamp = site().join(format!(".{name}"));
        let stamp = Fingerprint::new(stamp, &studio_inputs(&entry)?, &versions)?;
        if stamp.is_current() {
            skipped(what);
            continue;
        }
        // What Trunk is told besides `Trunk.toml`.
        let (page, dist) = (format!("{entry}/index.html"), format!("target/site/{name}"));
        let address = format!("/{name}/");
        let arguments = [&page, "--dist", &dist, "--public-url", &address];
        step(what, || trunk(&tools, &compiler, &arguments))?;
        stamp.record()?;
    }
    let rest = [
        root().join("style"),
        root().join("public"),
        site().join(".bundle"),
        site().join(".studio"),
        site().join(".forms"),
        editor::ensure()?,
    ];
    let stamp = Fingerprint::new(site().join(".assembled"), &rest, "")?;
    if stamp.is_current() {
        skipped("browser files");
    } else {
        step("browser files", assemble)?;
        stamp.record()?;
    }
    check_weight()
}

/// Everything that goes into the WebAssembly file of the pages.
fn bundle_inputs() -> Result<Vec<PathBuf>> {
    inputs(&[
        "frontend",
        "app/src",
        "app/Cargo.toml",
        "app/build.rs",
        "app/locales",
        "Cargo.lock",
        "Cargo.toml",
        "Trunk.toml",
        ".cargo",
        "crates/model",
        "crates/api-types",
        "crates/promql-syntax",
        "crates/chart",
    ])
}

/// The same for a part of `studio` with its entry.
fn studio_inputs(entry: &str) -> Result<Vec<PathBuf>> {
    let mut all = bundle_inputs()?;
    all.extend(inputs(&[
        entry,
        "studio",
        "crates/dashboard",
        "crates/render",
    ])?);
    Ok(all)
}

fn inputs(names: &[&str]) -> Result<Vec<PathBuf>> {
    let inputs: Vec<PathBuf> = names
        .iter()
        .flat_map(|name| {
            let place = root().join(name);
            // Examples and integration tests go into no bundle.
            if name.starts_with("crates/") || *name == "studio" {
                vec![place.join("src"), place.join("Cargo.toml")]
            } else {
                vec![place]
            }
        })
        .collect();
    match inputs.iter().find(|input| !input.exists()) {
        Some(missing) => bail!("{} is missing", missing.display()),
        None => Ok(inputs),
    }
}

fn trunk(tools: &tools::Tools, compiler: &wasm::Compiler, arguments: &[&str]) -> Result<()> {
    // Trunk runs offline, so that it uses the tools it is given instead of looking for others.
    run(cargo(&root()).args(["fetch", "--locked"]))?;
    let folders: Vec<&Path> = tools.folders.iter().map(PathBuf::as_path).collect();
    let mut trunk = command("trunk", &root());
    trunk
        .args(["build", "--release", "--offline=true"])
        .args(arguments);
    trunk
        .env("PATH", path_with(&folders)?)
        .env("CARGO_TARGET_DIR", wasm_target());
    // Trunk reads this as a flag of its own and knows only true and false.
    trunk.env_remove("NO_COLOR");
    if let Some(rustc) = &compiler.rustc {
        trunk.env("RUSTC", rustc);
    }
    run(&mut trunk)
}

fn assemble() -> Result<()> {
    let sheet = style::inline(&root().join("style/main.css"))?;
    let folder = site().join("style");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("main.css"), sheet)?;
    let public = root().join("public");
    for file in files(&public)? {
        let place = site().join(file.strip_prefix(&public)?);
        std::fs::create_dir_all(place.parent().unwrap_or(&public))?;
        std::fs::copy(&file, &place)?;
    }
    for file in files(&site())? {
        let extension = file
            .extension()
            .and_then(|extension| extension.to_str())
            .unwrap_or_default();
        if matches!(
            extension,
            "js" | "css" | "wasm" | "svg" | "json" | "webmanifest" | "txt"
        ) {
            compress(&file)?;
        }
    }
    Ok(())
}

/// Builds the query language as a module of its own and refuses it over its budget.
fn weigh_language(compiler: &wasm::Compiler) -> Result<()> {
    let mut build = cargo(&root());
    build
        .args(["build", "--package", "watchfire-promql-syntax"])
        .args(["--example", "editor", "--profile", "wasm-release"])
        .args(["--target", wasm::TARGET])
        .env("CARGO_TARGET_DIR", wasm_target());
    if let Some(rustc) = &compiler.rustc {
        build.env("RUSTC", rustc);
    }
    run(&mut build)?;
    let file = wasm_target()
        .join(wasm::TARGET)
        .join("wasm-release/examples/editor.wasm");
    let bytes =
        std::fs::read(&file).with_context(|| format!("{} was not built", file.display()))?;
    let size = brotli_of(&bytes)?.len();
    println!(
        "    query language: {} kB brotli before wasm-opt (budget {} kB)",
        size / 1000,
        LANGUAGE_BUDGET_BYTES / 1000
    );
    if size > LANGUAGE_BUDGET_BYTES {
        bail!("the query language is over its budget");
    }
    Ok(())
}

fn brotli_of(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        ..Default::default()
    };
    let mut out = Vec::new();
    let mut bytes = bytes;
    brotli::BrotliCompress(&mut bytes, &mut out, &parameters)?;
    Ok(out)
}

/// Writes `file.br` and `file.gz` beside `file`.
fn compress(file: &Path) -> Result<()> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let beside = |extension: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(extension);
        PathBuf::from(name)
    };
    std::fs::write(beside(".br"), brotli_of(&bytes)?)?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&bytes)?;
    std::fs::write(beside(".gz"), gzip.finish()?)?;
    Ok(())
}

/// Prints the weights of the WebAssembly files and refuses one over its budget.
fn check_weight() -> Result<()> {
    for (name, budget) in [
        ("pkg/frontend_bg.wasm", WASM_BUDGET_BYTES),
        ("studio/frontend-studio_bg.wasm", STUDIO_BUDGET_BYTES),
        ("forms/frontend-forms_bg.wasm", FORMS_BUDGET_BYTES),
    ] {
        let file = site().join(name);
        let size = |path: &Path| std::fs::metadata(path).map(|data| data.len());
        let raw = size(&file).with_context(|| format!("{} was not built", file.display()))?;
        let brotli = size(&file.with_extension("wasm.br"))?;
        println!(
            "    {name}: {} kB, {} kB brotli (budget {} kB)",
            raw / 1000,
            brotli / 1000,
            budget / 1000
        );
        if brotli > budget {
            bail!("{name} weighs {brotli} bytes in brotli, over the budget of {budget}");
        }
    }
    Ok(())
}
