//! The text of a pattern to a tree.

use crate::error::{Error, Result};

/// Bounds: how deep groups may nest.
const MAX_DEPTH: usize = 100;
/// Bounds: the largest number in `{n,m}`.
const MAX_COUNT: usize = 1000;

/// A pattern.
#[derive(Debug)]
pub(super) enum Node {
    Empty,
    Char(char),
    Any,
    Class(Class),
    Start,
    End,
    Word(bool),
    Group(usize, Box<Node>),
    Concat(Vec<Node>),
    Alternate(Vec<Node>),
    Repeat(Box<Repeat>),
    Look {
        behind: bool,
        negative: bool,
        inner: Box<Node>,
    },
    Back(Reference),
}

/// What a backreference names.
#[derive(Debug)]
pub(super) enum Reference {
    Number(usize),
    Name(String),
}

/// A repeated piece.
#[derive(Debug)]
pub(super) struct Repeat {
    pub(super) node: Node,
    pub(super) min: usize,
    pub(super) max: Option<usize>,
    pub(super) greedy: bool,
}

/// A set of characters.
#[derive(Debug, Clone, Default)]
pub(super) struct Class {
    pub(super) negated: bool,
    pub(super) items: Vec<Item>,
}

/// A piece of a set.
#[derive(Debug, Clone, Copy)]
pub(super) enum Item {
    Range(char, char),
    Digit(bool),
    Word(bool),
    Space(bool),
}

impl Class {
    pub(super) fn has(&self, c: char, ignore_case: bool) -> bool {
        let inside = |c: char| {
            self.items.iter().any(|item| match *item {
                Item::Range(low, high) => (low..=high).contains(&c),
                Item::Digit(yes) => c.is_ascii_digit() == yes,
                Item::Word(yes) => is_word(c) == yes,
                Item::Space(yes) => c.is_whitespace() == yes,
            })
        };
        let found = inside(c)
            || ignore_case && (inside(fold(c)) || c.to_uppercase().next().is_some_and(inside));
        found != self.negated
    }
}

/// Letters, digits and the underscore.
pub(super) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The character that stands for both cases.
pub(super) fn fold(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// A parsed pattern.
pub(super) struct Parsed {
    pub(super) node: Node,
    pub(super) groups: usize,
    pub(super) names: Vec<(String, usize)>,
}

pub(super) fn parse(pattern: &str) -> Result<Parsed> {
    let mut parser = Parser {
        pattern,
        chars: pattern.chars().collect(),
        at: 0,
        groups: 0,
        names: Vec::new(),
        depth: 0,
    };
    let node = parser.alternation()?;
    if parser.peek().is_some() {
        return Err(parser.error("unmatched `)`"));
    }
    Ok(Parsed {
        node,
        groups: parser.groups,
        names: parser.names,
    })
}

struct Parser<'a> {
    pattern: &'a str,
    chars: Vec<char>,
    at: usize,
    groups: usize,
    names: Vec<(String, usize)>,
    depth: usize,
}

impl Parser<'_> {
    fn error(&self, problem: &'static str) -> Error {
        Error::Pattern {
            pattern: self.pattern.to_owned(),
            problem,
            at: self.at,
        }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn eat(&mut self, text: &str) -> bool {
        let here = self.chars.get(self.at..).unwrap_or_default();
        let length = text.chars().count();
        let same =
            here.len() >= length && here.iter().copied().zip(text.chars()).all(|(a, b)| a == b);
        if same {
            self.at += length;
        }
        same
    }

    fn alternation(&mut self) -> Result<Node> {
        let mut branches = vec![self.concat()?];
        while self.eat("|") {
            branches.push(self.concat()?);
        }
        Ok(if branches.len() == 1 {
            branches.pop().unwrap_or(Node::Empty)
        } else {
            Node::Alternate(branches)
        })
    }

    fn concat(&mut self) -> Result<Node> {
        let mut nodes = Vec::new();
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' {
                break;
            }
            let atom = self.atom()?;
            nodes.push(self.repeated(atom)?);
        }
        Ok(match nodes.len() {
            0 => Node::Empty,
            1 => nodes.pop().unwrap_or(Node::Empty),
            _ => Node::Concat(nodes),
        })
    }

    fn repeated(&mut self, node: Node) -> Result<Node> {
        let (min, max) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                let start = self.at;
                if let Some(counts) = self.counts()? {
                    return Ok(self.repeat(node, counts));
                }
                // A brace that holds no counts is a brace.
                self.at = start;
                return Ok(node);
            }
            _ => return Ok(node),
        };
        self.at += 1;
        Ok(self.repeat(node, (min, max)))
    }

    fn repeat(&mut self, node: Node, (min, max): (usize, Option<usize>)) -> Node {
        let greedy = !self.eat("?");
        Node::Repeat(Box::new(Repeat {
            node,
            min,
            max,
            greedy,
        }))
    }

    fn counts(&mut self) -> Result<Option<(usize, Option<usize>)>> {
        self.at += 1;
        let Some(min) = self.count() else {
            return Ok(None);
        };
        let max = if self.eat(",") {
            self.count()
        } else {
            Some(min)
        };
        if !self.eat("}") {
            return Ok(None);
        }
        if min > MAX_COUNT || max.is_some_and(|max| max > MAX_COUNT) {
            return Err(self.error("a count beyond 1000"));
        }
        if max.is_some_and(|max| max < min) {
            return Err(self.error("counts out of order"));
        }
        Ok(Some((min, max)))
    }

    fn count(&mut self) -> Option<usize> {
        let mut number = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            self.at += 1;
            number = Some(number.unwrap_or(0usize).saturating_mul(10) + digit as usize);
        }
        number
    }

    fn atom(&mut self) -> Result<Node> {
        let Some(c) = self.next() else {
            return Ok(Node::Empty);
        };
        Ok(match c {
            '.' => Node::Any,
            '^' => Node::Start,
            '$' => Node::End,
            '(' => self.group()?,
            '[' => Node::Class(self.class()?),
            '\\' => self.escape()?,
            '*' | '+' | '?' => return Err(self.error("nothing to repeat")),
            _ => Node::Char(c),
        })
    }

    fn group(&mut self) -> Result<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error("groups nested too deep"));
        }
        let node = if self.eat("?:") {
            self.alternation()?
        } else if self.eat("?=") {
            self.look(false, false)?
        } else if self.eat("?!") {
            self.look(false, true)?
        } else if self.eat("?<=") {
            self.look(true, false)?
        } else if self.eat("?<!") {
            self.look(true, true)?
        } else if self.eat("?<") || self.eat("?P<") {
            let name = self.name()?;
            self.groups += 1;
            let index = self.groups;
            self.names.push((name, index));
            Node::Group(index, Box::new(self.alternation()?))
        } else if self.peek() == Some('?') {
            return Err(self.error("unknown kind of group"));
        } else {
            self.groups += 1;
            let index = self.groups;
            Node::Group(index, Box::new(self.alternation()?))
        };
        if !self.eat(")") {
            return Err(self.error("unclosed group"));
        }
        self.depth -= 1;
        Ok(node)
    }

    fn look(&mut self, behind: bool, negative: bool) -> Result<Node> {
        Ok(Node::Look {
            behind,
            negative,
            inner: Box::new(self.alternation()?),
        })
    }

    fn name(&mut self) -> Result<String> {
        let mut name = String::new();
        while let Some(c) = self.next() {
            if c == '>' {
                return Ok(name);
            }
            name.push(c);
        }
        Err(self.error("unclosed name of a group"))
    }

    fn escape(&mut self) -> Result<Node> {
        let Some(c) = self.peek() else {
            return Err(self.error("`\\` at the end"));
        };
        match c {
            'b' | 'B' => {
                self.at += 1;
                Ok(Node::Word(c == 'b'))
            }
            '1'..='9' => Ok(Node::Back(Reference::Number(self.count().unwrap_or(0)))),
            'k' if self.chars.get(self.at + 1) == Some(&'<') => {
                self.at += 2;
                Ok(Node::Back(Reference::Name(self.name()?)))
            }
            'p' | 'P' if self.chars.get(self.at + 1) == Some(&'{') => {
                Err(self.error("Unicode properties are not supported"))
            }
            _ => Ok(match self.escaped()? {
                Item::Range(c, _) => Node::Char(c),
                item => Node::Class(Class {
                    negated: false,
                    items: vec![item],
                }),
            }),
        }
    }

    /// What follows a backslash inside and outside of sets.
    fn escaped(&mut self) -> Result<Item> {
        let Some(c) = self.next() else {
            return Err(self.error("`\\` at the end"));
        };
        let single = |c| Item::Range(c, c);
        Ok(match c {
            'd' | 'D' => Item::Digit(c == 'd'),
            'w' | 'W' => Item::Word(c == 'w'),
            's' | 'S' => Item::Space(c == 's'),
            'n' => single('\n'),
            'r' => single('\r'),
            't' => single('\t'),
            'f' => single('\u{c}'),
            'v' => single('\u{b}'),
            '0' => single('\0'),
            'x' => single(self.hex(2).unwrap_or('x')),
            'u' => {
                let braced = self.eat("{");
                let code = if braced { self.hex(6) } else { self.hex(4) };
                if braced && !self.eat("}") {
                    return Err(self.error("unclosed code point"));
                }
                single(code.unwrap_or('u'))
            }
            _ => single(c),
        })
    }

    fn hex(&mut self, digits: usize) -> Option<char> {
        let start = self.at;
        let mut code = 0;
        let mut read = 0;
        while read < digits {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) else {
                break;
            };
            code = code * 16 + digit;
            read += 1;
            self.at += 1;
        }
        let found = (read == digits || digits == 6 && read > 0).then_some(code);
        let c = found.and_then(char::from_u32);
        if c.is_none() {
            self.at = start;
        }
        c
    }

    fn class(&mut self) -> Result<Class> {
        let mut class = Class {
            negated: self.eat("^"),
            items: Vec::new(),
        };
        loop {
            let item = match self.next() {
                None => return Err(self.error("unclosed set")),
                Some(']') => return Ok(class),
                Some('\\') => self.class_escape()?,
                Some(c) => Item::Range(c, c),
            };
            let range = self.peek() == Some('-')
                && self.chars.get(self.at + 1).is_some_and(|next| *next != ']');
            match item {
                Item::Range(low, _) if range => {
                    self.at += 1;
                    let high = match self.next() {
                        Some('\\') => self.class_escape()?,
                        Some(c) => Item::Range(c, c),
                        None => return Err(self.error("unclosed set")),
                    };
                    match high {
                        Item::Range(high, _) if high < low => {
                            return Err(self.error("range out of order"));
                        }
                        Item::Range(high, _) => class.items.push(Item::Range(low, high)),
                        other => class.items.extend([item, Item::Range('-', '-'), other]),
                    }
                }
                _ => class.items.push(item),
            }
        }
    }

    fn class_escape(&mut self) -> Result<Item> {
        if self.eat("b") {
            return Ok(Item::Range('\u{8}', '\u{8}'));
        }
        self.escaped()
    }
}
