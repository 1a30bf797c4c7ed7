//! A parsed template.

use crate::ast::Tree;
use crate::exec;
use crate::parser;
use crate::{AlertData, Environment, Result, Value};
use std::collections::BTreeMap;

/// A template, with those that it defines.
#[derive(Debug, Clone)]
pub struct Template {
    pub(crate) name: String,
    /// The text that was parsed, for places in errors.
    pub(crate) text: String,
    /// The template itself and those it defines, by name.
    pub(crate) trees: BTreeMap<String, Tree>,
    /// Literal text, if the template is nothing else.
    literal: Option<String>,
}

impl Template {
    /// Parses `text`; `name` is for errors.
    ///
    /// # Errors
    /// [`Error::Parse`](crate::Error::Parse).
    pub fn parse(name: &str, text: &str) -> Result<Self> {
        Ok(Self {
            name: name.to_owned(),
            trees: parser::parse(name, text)?,
            literal: (!text.contains("{{")).then(|| text.to_owned()),
            text: text.to_owned(),
        })
    }

    /// Parses `text` as the value of an alert's label or annotation, in which `$labels`, `$value`,
    /// `$externalLabels` and `$externalURL` are known.
    ///
    /// # Errors
    /// [`Error::Parse`](crate::Error::Parse).
    pub fn parse_alert(name: &str, text: &str) -> Result<Self> {
        let whole = format!("{}{text}", AlertData::VARIABLES);
        let mut template = Self::parse(name, &whole)?;
        template.literal = (!text.contains("{{")).then(|| text.to_owned());
        Ok(template)
    }

    /// The link to the table of a query, as the function `tableLink` gives it.
    pub fn table_link(expr: &str) -> String {
        crate::functions::table_link(expr)
    }

    /// Whether the text is the same whatever the data: it has no actions.
    pub fn is_literal(&self) -> bool {
        self.literal.is_some()
    }

    /// The text for `data`.
    ///
    /// # Errors
    /// [`Error::Execute`](crate::Error::Execute).
    pub fn expand(&self, data: &Value, environment: &dyn Environment) -> Result<String> {
        match &self.literal {
            Some(text) => Ok(text.clone()),
            None => exec::run(self, data, environment),
        }
    }
}
