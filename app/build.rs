//! Turns the texts of `locales` into the module that checks and serves them.
//!
//! A file `locales/<language>/<namespace>.json` exists for every language or for none; a key that one
//! language lacks fails the build.

use leptos_i18n_codegen::gen_code;
use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;
use std::error::Error;
use std::path::{Path, PathBuf};

/// The first one is what a browser gets that wants neither.
const LANGUAGES: [&str; 2] = ["en", "ko"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let [default, others @ ..] = LANGUAGES;
    let mut config = Config::new(default)?
        .add_locales(others)?
        .add_namespaces(namespaces(&folder.join("locales").join(default))?)?;
    config.options = ParseOptions::default().interpolate_display(true);
    let parsed = parse_locales(Some(folder), config)?;
    let faults = parsed.diag.warnings();
    if let Some(fault) = faults.first() {
        return Err(fault.to_string().into());
    }
    let code = gen_code(&parsed, None, false, None, false)?;
    let place = Path::new(&std::env::var("OUT_DIR")?).join("words.rs");
    std::fs::write(place, code.to_string())?;
    Ok(())
}

/// The names of the files in a language's folder, in order.
fn namespaces(folder: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            names.extend(
                path.file_stem()
                    .and_then(|name| name.to_str())
                    .map(str::to_owned),
            );
        }
    }
    names.sort();
    Ok(names)
}
