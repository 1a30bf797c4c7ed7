//! Text to nodes.

use super::{Key, Kind, Node};
use crate::error::{Fault, Reason};
use granit_parser::{Event, Parser, ScalarStyle};
use std::collections::HashMap;

/// Nodes of a document, those that aliases repeat included: a few lines of aliases must not fill the memory.
const MOST_NODES: usize = 2_000_000;
/// Mappings and lists inside each other.
const MOST_DEPTH: usize = 100;

/// Reads the first document of `text`; an empty one is null.
pub(crate) fn parse(text: &str) -> Result<Node, Fault> {
    let mut builder = Builder {
        events: Parser::new_from_str(text),
        anchors: HashMap::new(),
        nodes: 0,
    };
    loop {
        match builder.next()? {
            None | Some((Event::StreamEnd, _)) => {
                let kind = Kind::Scalar {
                    text: String::new(),
                    plain: true,
                };
                return Ok(Node { line: 1, kind });
            }
            Some((Event::StreamStart | Event::DocumentStart(..), _)) => {}
            Some((event, line)) => {
                let node = builder.node(event, line, 0)?;
                // What follows must be YAML too, so that no half of a file is taken for the whole.
                while builder.next()?.is_some() {}
                return Ok(node);
            }
        }
    }
}

struct Builder<'t> {
    events: Parser<'t, granit_parser::StrInput<'t>>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
}

impl<'t> Builder<'t> {
    /// The next event and its line.
    fn next(&mut self) -> Result<Option<(Event<'t>, u64)>, Fault> {
        match self.events.next() {
            None => Ok(None),
            Some(Ok((event, span))) => Ok(Some((event, span.start.line() as u64))),
            Some(Err(error)) => Err(broken(error.marker().line() as u64, &error.info())),
        }
    }

    fn expect(&mut self, line: u64) -> Result<(Event<'t>, u64), Fault> {
        self.next()?
            .ok_or_else(|| broken(line, "the document ends early"))
    }

    fn count(&mut self, nodes: usize, line: u64) -> Result<(), Fault> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > MOST_NODES {
            return Err(broken(line, "document contains excessive aliasing"));
        }
        Ok(())
    }

    fn node(&mut self, event: Event<'t>, line: u64, depth: usize) -> Result<Node, Fault> {
        self.count(1, line)?;
        if depth > MOST_DEPTH {
            return Err(broken(line, "exceeded max depth of 100"));
        }
        let (kind, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let text = text.into_owned();
                // A tag such as !!str makes a text of what would be a null.
                let plain = style == ScalarStyle::Plain && tag.is_none();
                (Kind::Scalar { text, plain }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => {
                let mut items = Vec::new();
                loop {
                    match self.expect(line)? {
                        (Event::SequenceEnd, _) => break,
                        (event, line) => items.push(self.node(event, line, depth + 1)?),
                    }
                }
                (Kind::List(items), anchor)
            }
            Event::MappingStart(_, anchor, _) => (self.map(line, depth)?, anchor),
            Event::Alias(id) => {
                let node = self.anchors.get(&id).cloned();
                let node = node.ok_or_else(|| broken(line, "unknown anchor referenced"))?;
                self.count(size(&node), line)?;
                return Ok(node);
            }
            other => return Err(broken(line, &format!("unexpected {other:?}"))),
        };
        let node = Node { line, kind };
        if anchor > 0 {
            self.count(size(&node), line)?;
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn map(&mut self, line: u64, depth: usize) -> Result<Kind, Fault> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        let mut merged = Vec::new();
        loop {
            let (event, key_line) = self.expect(line)?;
            if matches!(event, Event::MappingEnd) {
                break;
            }
            let key = self.node(event, key_line, depth + 1)?;
            let (event, value_line) = self.expect(key_line)?;
            let value = self.node(event, value_line, depth + 1)?;
            match key.kind {
                Kind::Scalar { text, plain: true } if text == "<<" => merged.push(value),
                Kind::Scalar { text, .. } => {
                    let key = Key {
                        line: key_line,
                        text,
                    };
                    entries.push((key, value));
                }
                _ => return Err(broken(key_line, "a key must be a text")),
            }
        }
        for value in merged {
            merge(&mut entries, value)?;
        }
        Ok(Kind::Map(entries))
    }
}

/// Adds the entries of `value`, which a `<<` names, that the mapping itself does not have.
fn merge(entries: &mut Vec<(Key, Node)>, value: Node) -> Result<(), Fault> {
    let line = value.line;
    match value.kind {
        Kind::Map(more) => {
            for (key, node) in more {
                if !entries.iter().any(|(have, _)| have.text == key.text) {
                    entries.push((key, node));
                }
            }
            Ok(())
        }
        Kind::List(maps) => maps.into_iter().try_for_each(|map| merge(entries, map)),
        Kind::Scalar { .. } => Err(broken(
            line,
            "map merge requires map or sequence of maps as the value",
        )),
    }
}

fn size(node: &Node) -> usize {
    1 + match &node.kind {
        Kind::Scalar { .. } => 0,
        Kind::List(items) => items.iter().map(size).sum::<usize>(),
        Kind::Map(entries) => entries.iter().map(|(_, node)| size(node)).sum(),
    }
}

fn broken(line: u64, message: &str) -> Fault {
    let message = format!("yaml: {}", message.lines().next().unwrap_or(""));
    Fault {
        line,
        reason: Reason::Yaml { message },
    }
}
