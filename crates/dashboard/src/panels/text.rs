//! Texts.

use crate::json::Reading;
use crate::variables::{Format, Scope, interpolate};
use serde_json::Value;

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextMode {
    /// Markdown.
    #[default]
    Markdown,
    /// HTML; to be cleaned before it is shown.
    Html,
    /// Code.
    Code,
}

/// A text with the values of variables put in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextPanel {
    /// What it is written in.
    pub mode: TextMode,
    /// The text.
    pub content: String,
    /// Language of code.
    pub language: String,
    /// Whether lines of code have numbers.
    pub line_numbers: bool,
}

impl TextPanel {
    /// Reads the options. In HTML, values are written so that they stand for themselves.
    pub fn new(options: &Value, scope: &Scope<'_>) -> Self {
        let mode = match options.str("mode") {
            Some("html") => TextMode::Html,
            Some("code") => TextMode::Code,
            _ => TextMode::Markdown,
        };
        let format = if mode == TextMode::Code {
            Format::Glob
        } else {
            Format::Html
        };
        let code = options.field("code").unwrap_or(&Value::Null);
        Self {
            mode,
            content: interpolate(options.str_or_empty("content"), scope, &format),
            language: code.str("language").unwrap_or("plaintext").to_owned(),
            line_numbers: code.is("showLineNumbers"),
        }
    }
}
