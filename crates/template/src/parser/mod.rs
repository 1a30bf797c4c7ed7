//! Tokens to trees.
//!
//! Source: Go's `text/template/parse/parse.go`.

mod control;
mod pipeline;
#[cfg(test)]
mod tests;

use crate::ast::{Action, Node, Tree};
use crate::lexer::{self, Kind, Token};
use crate::{Error, Result};
use std::collections::BTreeMap;

/// How deep parentheses and blocks may nest; far more than people write, far less than a stack holds.
const MAX_DEPTH: usize = 100;

/// Parses `text` into the template `name` and those that it defines.
pub(crate) fn parse(name: &str, text: &str) -> Result<BTreeMap<String, Tree>> {
    let mut parser = Parser {
        name: name.to_owned(),
        tokens: lexer::tokenize(text),
        at: 0,
        variables: vec!["$".to_owned()],
        range_depth: 0,
        depth: 0,
        trees: BTreeMap::new(),
        action_line: 0,
    };
    match parser.file(name) {
        Ok(()) => Ok(parser.trees),
        Err(message) => Err(Error::Parse {
            name: name.to_owned(),
            line: parser.line(),
            message,
        }),
    }
}

/// What the parser gives up with: the words, to which the line comes at the end.
type Parsed<T> = std::result::Result<T, String>;

/// What ended a list of nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    End,
    Else,
}

impl Ending {
    fn as_str(self) -> &'static str {
        match self {
            Self::End => "{{end}}",
            Self::Else => "{{else}}",
        }
    }
}

/// A piece, or what ends the list of pieces.
enum Piece {
    Node(Node),
    Ending(Ending),
}

struct Parser {
    /// Name of the whole text, for errors.
    name: String,
    /// Never empty: the last one is `Eof` or `Error`.
    tokens: Vec<Token>,
    at: usize,
    /// Variables in scope, inner ones last.
    variables: Vec<String>,
    range_depth: usize,
    depth: usize,
    trees: BTreeMap<String, Tree>,
    /// Line on which the current action began; 0 outside of actions.
    action_line: usize,
}

impl Parser {
    fn peek(&self) -> Token {
        let token = self.tokens.get(self.at).or_else(|| self.tokens.last());
        token.cloned().unwrap_or(Token {
            kind: Kind::Eof,
            text: String::new(),
            at: 0,
            line: 1,
        })
    }

    fn next(&mut self) -> Token {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn skip_space(&mut self) {
        while self.peek().kind == Kind::Space {
            self.at += 1;
        }
    }

    fn peek_solid(&mut self) -> Token {
        self.skip_space();
        self.peek()
    }

    fn next_solid(&mut self) -> Token {
        self.skip_space();
        self.next()
    }

    /// The line of what was read last.
    fn line(&self) -> usize {
        let last = self
            .at
            .saturating_sub(1)
            .min(self.tokens.len().saturating_sub(1));
        self.tokens.get(last).map_or(1, |token| token.line)
    }

    fn unexpected<T>(&self, token: &Token, context: &str) -> Parsed<T> {
        if token.kind == Kind::Error {
            let began = self.action_line;
            if began != 0 && began != token.line {
                let after = if token.text.ends_with(" action") {
                    ""
                } else {
                    " in action"
                };
                return Err(format!(
                    "{}{after} started at {}:{began}",
                    token.text, self.name
                ));
            }
            return Err(token.text.clone());
        }
        Err(format!("unexpected {} in {context}", token.named()))
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Parsed<Token> {
        let token = self.next_solid();
        if token.kind == kind {
            Ok(token)
        } else {
            self.unexpected(&token, context)
        }
    }

    fn is_keyword(token: &Token, word: &str) -> bool {
        token.kind == Kind::Keyword && token.text == word
    }

    /// The whole text: definitions and pieces.
    fn file(&mut self, name: &str) -> Parsed<()> {
        let mut tree = Tree::default();
        while self.peek().kind != Kind::Eof {
            if self.peek().kind == Kind::Left {
                let before = self.at;
                self.next();
                let token = self.next_solid();
                if Self::is_keyword(&token, "define") {
                    self.definition()?;
                    continue;
                }
                self.at = before;
            }
            match self.piece()? {
                Piece::Node(node) => tree.nodes.push(node),
                Piece::Ending(ending) => return Err(format!("unexpected {}", ending.as_str())),
            }
        }
        self.add(name, tree)
    }

    /// Keeps `tree` under `name`, unless only the one that is there says something.
    fn add(&mut self, name: &str, tree: Tree) -> Parsed<()> {
        match self.trees.get(name) {
            Some(have) if !have.is_blank() && !tree.is_blank() => {
                let name = lexer::quoted(name);
                Err(format!("template: multiple definition of template {name}"))
            }
            Some(have) if !have.is_blank() => Ok(()),
            _ => {
                self.trees.insert(name.to_owned(), tree);
                Ok(())
            }
        }
    }

    /// A text or an action.
    fn piece(&mut self) -> Parsed<Piece> {
        let token = self.next_solid();
        match token.kind {
            Kind::Text => Ok(Piece::Node(Node::Text(token.text))),
            Kind::Left => {
                self.action_line = token.line;
                let piece = self.action()?;
                self.action_line = 0;
                Ok(piece)
            }
            _ => self.unexpected(&token, "input"),
        }
    }

    /// Pieces up to an `end` or `else`.
    fn list(&mut self) -> Parsed<(Vec<Node>, Ending)> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("max expression depth exceeded".to_owned());
        }
        let mut nodes = Vec::new();
        while self.peek_solid().kind != Kind::Eof {
            match self.piece()? {
                Piece::Node(node) => nodes.push(node),
                Piece::Ending(ending) => {
                    self.depth -= 1;
                    return Ok((nodes, ending));
                }
            }
        }
        Err("unexpected EOF".to_owned())
    }

    fn action(&mut self) -> Parsed<Piece> {
        let token = self.peek_solid();
        if token.kind == Kind::Keyword {
            self.next();
            return self.control(&token);
        }
        let pipe = self.pipeline("command", Kind::Right)?;
        Ok(Piece::Node(Node::Action(Action { at: token.at, pipe })))
    }
}
