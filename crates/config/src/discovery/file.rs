//! Targets in files that others write.

use crate::context::Context;
use crate::error::Fault;
use crate::yaml::{Fields, Node, Section};
use model::DurationMs;

/// Targets in files that others write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDiscovery {
    /// Paths; the last part may have wildcards.
    pub files: Vec<String>,
    /// How often files are read even where no change was seen.
    pub refresh_interval: DurationMs,
}

impl FileDiscovery {
    pub(crate) fn read(node: &Node, context: &Context<'_>) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "file.plain")?;
        let line = fields.line_of("files");
        let files: Vec<String> = fields.or_default("files")?;
        if files.is_empty() {
            let words = "file service discovery config must contain at least one path name";
            return Err(Fault::rule(line, words));
        }
        for name in &files {
            if !is_allowed(name) {
                let words = format!("path name {name:?} is not valid for file discovery");
                return Err(Fault::rule(line, words));
            }
        }
        let config = Self {
            files: files.iter().map(|file| context.resolve(file)).collect(),
            refresh_interval: fields.or("refresh_interval", DurationMs::from_secs(300))?,
        };
        fields.finish()?;
        Ok(config)
    }

    pub(super) fn write(&self) -> Section {
        let mut section = Section::default();
        section.some_texts("files", &self.files);
        section.word("refresh_interval", self.refresh_interval);
        section
    }
}

/// One star, in the last part, and an ending that tells the format.
fn is_allowed(name: &str) -> bool {
    let ending = [".json", ".yml", ".yaml", ".JSON", ".YML", ".YAML"];
    let stars = name.matches('*').count();
    let last = name.rsplit('/').next().unwrap_or(name);
    ending.iter().any(|ending| name.ends_with(ending))
        && stars <= 1
        && (stars == 0 || last.contains('*'))
}
