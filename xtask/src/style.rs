//! One style sheet out of many: `@import` lines replaced by what they name.

use anyhow::{Context, Result, bail};
use std::fmt::Write;
use std::path::Path;

/// The text of `sheet` with each `@import "file";` or `@import "file" layer(name);` replaced by the
/// file, relative to the folder of `sheet`. Imports nest.
pub(crate) fn inline(sheet: &Path) -> Result<String> {
    let text = std::fs::read_to_string(sheet)
        .with_context(|| format!("cannot read {}", sheet.display()))?;
    let folder = sheet.parent().unwrap_or(Path::new("."));
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let Some(import) = line.trim().strip_prefix("@import") else {
            out.push_str(line);
            out.push('\n');
            continue;
        };
        let (file, layer) = parse_import(import)
            .with_context(|| format!("{}: cannot read the import `{line}`", sheet.display()))?;
        let body = inline(&folder.join(file))?;
        match layer {
            // Writing to a String cannot fail.
            Some(layer) => drop(write!(out, "@layer {layer} {{\n{body}}}\n")),
            None => out.push_str(&body),
        }
    }
    Ok(out)
}

fn parse_import(import: &str) -> Result<(&str, Option<&str>)> {
    let import = import.trim().trim_end_matches(';').trim();
    let import = import
        .strip_prefix("url(")
        .map_or(import, |inner| inner.trim_end_matches(')'));
    let Some((file, rest)) = import
        .strip_prefix('"')
        .and_then(|text| text.split_once('"'))
    else {
        bail!("no file name in double quotes");
    };
    let rest = rest.trim();
    let layer = rest
        .strip_prefix("layer(")
        .and_then(|text| text.strip_suffix(')'));
    if !rest.is_empty() && layer.is_none() {
        bail!("only `layer(name)` may follow the file name");
    }
    Ok((file, layer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_replaced_by_their_files_inside_their_layer() {
        let folder = std::env::temp_dir().join(format!("xtask-style-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("a.css"), "a{}\n").unwrap();
        std::fs::write(folder.join("b.css"), "b{}\n").unwrap();
        std::fs::write(
            folder.join("main.css"),
            "@import \"a.css\";\n@import \"b.css\" layer(x);\nc{}\n",
        )
        .unwrap();
        let text = inline(&folder.join("main.css")).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(text, "a{}\n@layer x {\nb{}\n}\nc{}\n");
    }

    #[test]
    fn an_import_with_more_than_a_layer_is_refused() {
        assert!(parse_import(" \"a.css\" screen;").is_err());
        assert!(parse_import(" a.css;").is_err());
    }
}
