//! YAML with the bytes that every node takes.

use crate::file::first_document;
use granit_parser::{Event, Parser, ScalarStyle, Span, StrInput, StructureStyle};
use std::ops::Range;

/// Mappings and lists inside each other.
const MOST_DEPTH: usize = 100;

/// A node and its place in the text.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Without blanks around it; empty where nothing is written. Units: bytes.
    pub(super) span: Range<usize>,
    pub(super) shape: Shape,
}

/// What a node is.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    /// A text.
    Scalar {
        text: String,
        /// Whether it is a block of lines behind `|` or `>`.
        is_block: bool,
    },
    List {
        items: Vec<Node>,
        is_flow: bool,
    },
    Map {
        entries: Vec<Entry>,
        is_flow: bool,
    },
    /// A name that stands for a node elsewhere.
    Alias,
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: Node,
    pub(super) value: Node,
}

impl Node {
    pub(super) fn text(&self) -> Option<&str> {
        match &self.shape {
            Shape::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    pub(super) fn entries(&self) -> &[Entry] {
        match &self.shape {
            Shape::Map { entries, .. } => entries,
            _ => &[],
        }
    }

    pub(super) fn items(&self) -> &[Self] {
        match &self.shape {
            Shape::List { items, .. } => items,
            _ => &[],
        }
    }

    pub(super) fn entry(&self, name: &str) -> Option<&Entry> {
        find(self.entries(), name)
    }
}

/// The entry of this key.
pub(super) fn find<'e>(entries: &'e [Entry], name: &str) -> Option<&'e Entry> {
    entries.iter().find(|entry| entry.key.text() == Some(name))
}

/// The first document of `text`; `None` where it is no YAML or goes too deep.
pub(super) fn parse(text: &str) -> Option<Node> {
    let text = first_document(text);
    let mut builder = Builder {
        text,
        events: Parser::new_from_str(text),
    };
    loop {
        match builder.next()? {
            (Event::StreamStart | Event::DocumentStart(..), _) => {}
            (Event::StreamEnd, _) => {
                let shape = Shape::Scalar {
                    text: String::new(),
                    is_block: false,
                };
                return Some(Node { span: 0..0, shape });
            }
            (event, span) => return builder.node(event, span, 0),
        }
    }
}

struct Builder<'t> {
    text: &'t str,
    events: Parser<'t, StrInput<'t>>,
}

impl<'t> Builder<'t> {
    fn next(&mut self) -> Option<(Event<'t>, Span)> {
        self.events.next()?.ok()
    }

    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Option<Node> {
        if depth > MOST_DEPTH {
            return None;
        }
        let mut span = span.byte_range()?;
        let shape = match event {
            Event::Scalar(text, style, ..) => Shape::Scalar {
                text: text.into_owned(),
                is_block: matches!(style, ScalarStyle::Literal | ScalarStyle::Folded),
            },
            Event::Alias(_) => Shape::Alias,
            Event::SequenceStart(style, ..) => {
                let mut items: Vec<Node> = Vec::new();
                loop {
                    let (event, inner) = self.next()?;
                    if matches!(event, Event::SequenceEnd) {
                        span.end = inner.byte_range()?.end;
                        break;
                    }
                    items.push(self.node(event, inner, depth + 1)?);
                }
                let is_flow = style == StructureStyle::Flow;
                if let (false, Some(first), Some(last)) = (is_flow, items.first(), items.last()) {
                    span = first.span.start..last.span.end;
                }
                Shape::List { items, is_flow }
            }
            Event::MappingStart(style, ..) => {
                let mut entries: Vec<Entry> = Vec::new();
                loop {
                    let (event, inner) = self.next()?;
                    if matches!(event, Event::MappingEnd) {
                        span.end = inner.byte_range()?.end;
                        break;
                    }
                    let key = self.node(event, inner, depth + 1)?;
                    let (event, inner) = self.next()?;
                    let mut value = self.node(event, inner, depth + 1)?;
                    if matches!(value.shape, Shape::Scalar { is_block: true, .. }) {
                        // The parser tells of the lines only, not of the mark before them.
                        let colon = self.colon_after(key.span.end)?;
                        let mark = self.text.get(colon..)?.find(['|', '>'])?;
                        value.span = colon + mark..value.span.end.max(colon + mark + 1);
                    } else if value.span.is_empty() {
                        // What is not written has its place behind the colon.
                        let colon = self.colon_after(key.span.end)?;
                        value.span = colon + 1..colon + 1;
                    }
                    entries.push(Entry { key, value });
                }
                let is_flow = style == StructureStyle::Flow;
                if let (false, Some(first), Some(last)) = (is_flow, entries.first(), entries.last())
                {
                    span = first.key.span.start..last.value.span.end;
                }
                Shape::Map { entries, is_flow }
            }
            _ => return None,
        };
        let written = self.text.get(span.clone())?;
        span.end = span.start + written.trim_end().len();
        Some(Node { span, shape })
    }

    fn colon_after(&self, at: usize) -> Option<usize> {
        Some(at + self.text.get(at..)?.find(':')?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, path: &[&str], expected: &str) {
        let mut node = parse(text).unwrap();
        for name in path {
            node = node.entry(name).unwrap().value.clone();
        }
        assert_eq!(&text[node.span], expected);
    }

    #[test]
    fn nodes_know_their_bytes() {
        let text =
            "é: 1\na: |  # why\n  x\n  y\n\n# end\nb: {c: 'd' , e: [1, 2]} # f\ng:\n- h\n-  i\n";
        check(text, &["é"], "1");
        check(text, &["a"], "|  # why\n  x\n  y");
        check(text, &["b"], "{c: 'd' , e: [1, 2]}");
        check(text, &["b", "c"], "'d'");
        check(text, &["b", "e"], "[1, 2]");
        check(text, &["g"], "h\n-  i");
        check("a: &x b\n", &["a"], "b");
        check("a:\nb: 1\n", &["a"], "");
        check(
            "a: >-\n    folded\n    text\n",
            &["a"],
            ">-\n    folded\n    text",
        );
    }
}
