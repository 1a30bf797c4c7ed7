//! Nodes to fields: each is taken by name, and none may be left over.

use super::{Kind, Node};
use crate::error::{Fault, Reason};
use crate::size;
use model::DurationMs;
use std::collections::HashSet;

/// The entries of a mapping that were not read yet.
#[derive(Debug)]
pub(crate) struct Fields<'n> {
    /// Where the mapping begins.
    pub(crate) line: u64,
    /// Prometheus' name of the type, for messages.
    go_type: &'static str,
    left: Vec<(&'n str, u64, &'n Node)>,
}

impl<'n> Fields<'n> {
    /// The fields of `node`; of a null there are none.
    pub(crate) fn of(node: &'n Node, go_type: &'static str) -> Result<Self, Fault> {
        let entries: &[_] = match &node.kind {
            Kind::Map(entries) => entries,
            _ if node.is_null() => &[],
            _ => return Err(node.wrong(go_type)),
        };
        let mut seen = HashSet::new();
        let mut left = Vec::new();
        for (key, value) in entries {
            if !seen.insert(key.text.as_str()) {
                let reason = Reason::RepeatedField {
                    field: key.text.clone(),
                    go_type,
                };
                return Err(Fault::new(key.line, reason));
            }
            left.push((key.text.as_str(), key.line, value));
        }
        Ok(Self {
            line: node.line,
            go_type,
            left,
        })
    }

    /// Takes a field that says something.
    pub(crate) fn take(&mut self, name: &str) -> Option<&'n Node> {
        let at = self.left.iter().position(|(have, ..)| *have == name)?;
        let (_, _, node) = self.left.swap_remove(at);
        Some(node).filter(|node| !node.is_null())
    }

    /// The line of a field that was not taken yet; that of the mapping where there is none.
    pub(crate) fn line_of(&self, name: &str) -> u64 {
        let found = self.left.iter().find(|(have, ..)| *have == name);
        found.map_or(self.line, |(_, line, _)| *line)
    }

    /// Takes a field of any type that is read from a node.
    pub(crate) fn get<T: ReadNode>(&mut self, name: &str) -> Result<Option<T>, Fault> {
        self.take(name).map(T::read).transpose()
    }

    /// As [`get`](Self::get); what is not there has its default value.
    pub(crate) fn or_default<T: ReadNode + Default>(&mut self, name: &str) -> Result<T, Fault> {
        Ok(self.get(name)?.unwrap_or_default())
    }

    /// As [`get`](Self::get); what is not there is `default`.
    pub(crate) fn or<T: ReadNode>(&mut self, name: &str, default: T) -> Result<T, Fault> {
        Ok(self.get(name)?.unwrap_or(default))
    }

    /// A size as `10MB`; 0 where there is none.
    pub(crate) fn size(&mut self, name: &str) -> Result<u64, Fault> {
        let Some(node) = self.take(name) else {
            return Ok(0);
        };
        let text = String::read(node)?;
        size::parse(&text).ok_or_else(|| Fault::new(node.line, Reason::Size { text }))
    }

    /// The entries of a list, nulls included.
    pub(crate) fn list(&mut self, name: &str) -> Result<&'n [Node], Fault> {
        match self.take(name) {
            None => Ok(&[]),
            Some(node) => match &node.kind {
                Kind::List(items) => Ok(items),
                _ => Err(node.wrong("[]")),
            },
        }
    }

    /// Names of the fields that were not read yet, with their lines.
    pub(crate) fn left(&self) -> impl Iterator<Item = (&'n str, u64)> {
        self.left.iter().map(|(name, line, _)| (*name, *line))
    }

    /// Nothing may be left.
    pub(crate) fn finish(self) -> Result<(), Fault> {
        let first = self.left.iter().min_by_key(|(_, line, _)| *line);
        first.map_or(Ok(()), |(name, line, _)| {
            let reason = Reason::UnknownField {
                field: (*name).to_owned(),
                go_type: self.go_type,
            };
            Err(Fault::new(*line, reason))
        })
    }
}

/// What is read from one node.
pub(crate) trait ReadNode: Sized {
    /// Reads a node that is not null.
    fn read(node: &Node) -> Result<Self, Fault>;
}

impl Node {
    /// The fault of a value of the wrong shape.
    pub(crate) fn wrong(&self, go_type: &'static str) -> Fault {
        let found = match &self.kind {
            Kind::Scalar { text, .. } => {
                let short: String = text.chars().take(10).collect();
                let dots = if short.len() < text.len() { "..." } else { "" };
                format!("{} `{short}{dots}`", tag(self, text))
            }
            Kind::List(_) => "!!seq".to_owned(),
            Kind::Map(_) => "!!map".to_owned(),
        };
        Fault::new(self.line, Reason::WrongType { found, go_type })
    }

    fn text(&self, go_type: &'static str) -> Result<&str, Fault> {
        match &self.kind {
            Kind::Scalar { text, .. } => Ok(text),
            _ => Err(self.wrong(go_type)),
        }
    }
}

/// The YAML tag of a scalar as messages show it.
fn tag(node: &Node, text: &str) -> &'static str {
    let plain = matches!(node.kind, Kind::Scalar { plain: true, .. });
    if plain && text.parse::<i64>().is_ok() {
        "!!int"
    } else if plain && text.parse::<f64>().is_ok() {
        "!!float"
    } else if plain && matches!(text, "true" | "false") {
        "!!bool"
    } else {
        "!!str"
    }
}

impl ReadNode for String {
    fn read(node: &Node) -> Result<Self, Fault> {
        if node.is_null() {
            return Ok(String::new());
        }
        node.text("string").map(str::to_owned)
    }
}

impl ReadNode for bool {
    fn read(node: &Node) -> Result<Self, Fault> {
        match node.text("bool")? {
            "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "y" | "Y" => {
                Ok(true)
            }
            "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "n"
            | "N" => Ok(false),
            _ => Err(node.wrong("bool")),
        }
    }
}

impl ReadNode for i64 {
    fn read(node: &Node) -> Result<Self, Fault> {
        let digits = node.text("int64")?.replace('_', "");
        let parsed = match digits.strip_prefix("0x") {
            Some(hex) => Self::from_str_radix(hex, 16),
            None => digits.trim_start_matches('+').parse(),
        };
        parsed.map_err(|_| node.wrong("int64"))
    }
}

impl ReadNode for u64 {
    fn read(node: &Node) -> Result<Self, Fault> {
        let number = i64::read(node).map_err(|_| node.wrong("uint"))?;
        Self::try_from(number).map_err(|_| node.wrong("uint"))
    }
}

impl ReadNode for f64 {
    fn read(node: &Node) -> Result<Self, Fault> {
        let text = node.text("float64")?;
        text.parse().map_err(|_| node.wrong("float64"))
    }
}

impl ReadNode for DurationMs {
    fn read(node: &Node) -> Result<Self, Fault> {
        let text = node.text("model.plain")?;
        text.parse().map_err(|source| {
            let text = text.to_owned();
            Fault::new(node.line, Reason::Duration { text, source })
        })
    }
}

impl<T: ReadNode> ReadNode for Vec<T> {
    fn read(node: &Node) -> Result<Self, Fault> {
        match &node.kind {
            Kind::List(items) => items.iter().map(T::read).collect(),
            _ => Err(node.wrong("[]string")),
        }
    }
}

/// Ordering: by name.
impl<T: ReadNode> ReadNode for Vec<(String, T)> {
    fn read(node: &Node) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "map[string]string")?;
        let mut names: Vec<&str> = fields.left().map(|(name, _)| name).collect();
        names.sort_unstable();
        let mut entries = Vec::new();
        for name in names {
            let at = fields.left.iter().position(|(have, ..)| *have == name);
            if let Some((_, _, node)) = at.map(|at| fields.left.swap_remove(at)) {
                entries.push((name.to_owned(), T::read(node)?));
            }
        }
        Ok(entries)
    }
}
