//! What a run found, kept as JSON and shown as a page.
//!
//! Each part leaves a [`Section`]; a page is made of all sections that are there, so that a part can be
//! run again alone.

mod figures;
mod measure;
mod page;

pub(crate) use figures::{figure, median};
pub(crate) use measure::{Measure, Target};
pub(crate) use page::page;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::path::Path;

/// What one part found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Section {
    /// The part's word on the command line.
    pub(crate) part: String,
    /// Its heading.
    pub(crate) title: String,
    /// When, on what and how: a line each.
    pub(crate) conditions: Vec<(String, String)>,
    /// What was measured.
    pub(crate) measures: Vec<Measure>,
    /// What else a reader must know.
    pub(crate) notes: Vec<String>,
}

impl Section {
    /// Keeps the section in `folder`.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(crate) fn save(&self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder)?;
        let file = folder.join(format!("{}.json", self.part));
        let text = serde_json::to_string_pretty(&self.to_json())?;
        std::fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
    }

    /// The section of `part` that `folder` keeps, if any.
    ///
    /// # Errors
    /// If there is a file that is not a section.
    pub(crate) fn load(folder: &Path, part: &str) -> Result<Option<Self>> {
        let file = folder.join(format!("{part}.json"));
        let Ok(text) = std::fs::read_to_string(&file) else {
            return Ok(None);
        };
        let json: Value = serde_json::from_str(&text)?;
        let section = Self::from_json(&json);
        section
            .map(Some)
            .with_context(|| format!("{} holds no section", file.display()))
    }

    fn to_json(&self) -> Value {
        let measures: Vec<Value> = self.measures.iter().map(Measure::to_json).collect();
        json!({
            "part": self.part,
            "title": self.title,
            "conditions": self.conditions,
            "measures": measures,
            "notes": self.notes,
        })
    }

    fn from_json(json: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let list = |name: &str| json.get(name).and_then(Value::as_array);
        let pair = |value: &Value| Some((text(value.get(0)?)?, text(value.get(1)?)?));
        Some(Self {
            part: text(json.get("part")?)?,
            title: text(json.get("title")?)?,
            conditions: list("conditions")?
                .iter()
                .map(pair)
                .collect::<Option<_>>()?,
            measures: list("measures")?
                .iter()
                .map(Measure::from_json)
                .collect::<Option<_>>()?,
            notes: list("notes")?.iter().map(text).collect::<Option<_>>()?,
        })
    }
}
