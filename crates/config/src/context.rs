//! What reading a section needs beside its fields.

use crate::env::Lookup;
use std::cell::RefCell;
use std::path::{Component, Path, PathBuf};

/// How the names of metrics and labels are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NameScheme {
    /// Any text.
    #[default]
    Utf8,
    /// Letters, digits and underscores.
    Legacy,
}

impl NameScheme {
    /// As in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf8",
            Self::Legacy => "legacy",
        }
    }

    pub(crate) fn allows_label(self, name: &str) -> bool {
        match self {
            Self::Utf8 => !name.is_empty(),
            Self::Legacy => model::is_legacy_label_name(name),
        }
    }
}

/// Something in a file that has no effect yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The file.
    pub path: PathBuf,
    /// Line, counted from 1.
    pub line: u64,
    /// The field.
    pub field: &'static str,
}

/// What reading a section needs beside its fields.
pub(crate) struct Context<'a> {
    pub(crate) path: &'a Path,
    pub(crate) lookup: Lookup<'a>,
    pub(crate) names: NameScheme,
    pub(crate) warnings: RefCell<Vec<Warning>>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(path: &'a Path, lookup: Lookup<'a>) -> Self {
        Self {
            path,
            lookup,
            names: NameScheme::default(),
            warnings: RefCell::default(),
        }
    }

    /// Notes that `field` has no effect.
    pub(crate) fn no_effect(&self, field: &'static str, line: u64) {
        let path = self.path.to_owned();
        let warning = Warning { path, line, field };
        self.warnings.borrow_mut().push(warning);
    }

    /// A path of the file, made relative to the working directory instead of to the file.
    pub(crate) fn resolve(&self, path: &str) -> String {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        join(folder, path)
    }
}

/// `path` below `folder`, unless it is absolute or empty; without needless dots.
pub(crate) fn join(folder: &Path, path: &str) -> String {
    if path.is_empty() || path.starts_with('/') {
        return path.to_owned();
    }
    let mut clean = PathBuf::new();
    for part in folder.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if clean.file_name().is_some_and(|name| name != "..") => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    clean.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_file() {
        for (folder, path, joined) in [
            ("", "a.pem", "a.pem"),
            ("/etc/p", "a.pem", "/etc/p/a.pem"),
            ("/etc/p", "/a.pem", "/a.pem"),
            ("/etc/p", "../x/./a.pem", "/etc/x/a.pem"),
            ("conf", "../../a*.yml", "../a*.yml"),
            ("conf", "", ""),
        ] {
            assert_eq!(join(Path::new(folder), path), joined, "{folder} {path}");
        }
    }
}
