//! YAML: text to nodes that know their lines, nodes to fields, and values back to text.
//!
//! The reader follows what Prometheus' YAML library does with a struct: unknown and repeated fields are
//! errors, a null is a field that is not there, and scalars are read by the field's type, not by their
//! looks.

mod emit;
mod fields;
mod parse;

pub(crate) use emit::{Section, Value};
pub(crate) use fields::{Fields, ReadNode};
pub(crate) use parse::parse;

/// A value and the line where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Counted from 1.
    pub(crate) line: u64,
    pub(crate) kind: Kind,
}

/// What a node is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// A text; `plain` without quotes, so that it may be a null.
    Scalar { text: String, plain: bool },
    /// A list.
    List(Vec<Node>),
    /// A mapping. Ordering: as written.
    Map(Vec<(Key, Node)>),
}

/// The key of an entry of a mapping.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) line: u64,
    pub(crate) text: String,
}

impl Node {
    /// Whether the node says nothing.
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, plain: true }
            if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }
}

#[cfg(test)]
mod tests;
