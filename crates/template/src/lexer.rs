//! Text to tokens.
//!
//! Source: Go's `text/template/parse/lex.go`.

/// A token: its kind, its text and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    /// First byte.
    pub(crate) at: usize,
    /// Line, counted from 1.
    pub(crate) line: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What is wrong; always the last token.
    Error,
    Eof,
    Text,
    Left,
    Right,
    LeftParen,
    RightParen,
    Space,
    Pipe,
    Assign,
    Declare,
    /// A character that stands for itself.
    Char,
    /// A character constant.
    CharConstant,
    Number,
    Quoted,
    Bool,
    Dot,
    Field,
    Variable,
    Identifier,
    Nil,
    /// `if`, `end` and the like.
    Keyword,
}

impl Token {
    /// The token as error messages name it.
    pub(crate) fn named(&self) -> String {
        match self.kind {
            Kind::Eof => "EOF".to_owned(),
            Kind::Error => self.text.clone(),
            Kind::Keyword | Kind::Nil | Kind::Dot => format!("<{}>", self.text),
            _ if self.text.chars().count() > 10 => {
                let start: String = self.text.chars().take(10).collect();
                format!("{}...", quoted(&start))
            }
            _ => quoted(&self.text),
        }
    }
}

pub(crate) fn quoted(text: &str) -> String {
    model::quote_label_value(text)
}

const KEYWORDS: [&str; 10] = [
    "block", "break", "continue", "define", "else", "end", "if", "range", "template", "with",
];

/// Cuts `text` into tokens; the last one is `Eof` or `Error`.
pub(crate) fn tokenize(text: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        text,
        at: 0,
        line: 1,
        tokens: Vec::new(),
    };
    if let Err(message) = lexer.run() {
        lexer.tokens.push(Token {
            kind: Kind::Error,
            text: message,
            at: lexer.at,
            line: lexer.line,
        });
    }
    lexer.tokens
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    tokens: Vec<Token>,
}

type Step = Result<(), String>;

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Goes on by `bytes` without a token.
    fn skip(&mut self, bytes: usize) {
        let passed = self.rest().get(..bytes).unwrap_or("");
        self.line += passed.matches('\n').count();
        self.at += bytes;
    }

    /// Makes a token of the next `bytes`.
    fn emit(&mut self, kind: Kind, bytes: usize) {
        let text = self.rest().get(..bytes).unwrap_or("").to_owned();
        self.tokens.push(Token {
            kind,
            text,
            at: self.at,
            line: self.line,
        });
        self.skip(bytes);
    }

    fn run(&mut self) -> Step {
        loop {
            let rest = self.rest();
            let Some(left) = rest.find("{{") else {
                if !rest.is_empty() {
                    self.emit(Kind::Text, rest.len());
                }
                self.emit(Kind::Eof, 0);
                return Ok(());
            };
            let before = rest.get(..left).unwrap_or("");
            let after = rest.get(left + 2..).unwrap_or("");
            let trims = starts_trimming(after);
            let kept = if trims {
                before.trim_end_matches(is_blank).len()
            } else {
                before.len()
            };
            if kept > 0 {
                self.emit(Kind::Text, kept);
            }
            self.skip(left - kept);
            let marker = if trims { 2 } else { 0 };
            let inside = after.get(marker..).unwrap_or("");
            if inside.starts_with("/*") {
                self.skip(2 + marker);
                self.comment()?;
                continue;
            }
            self.emit(Kind::Left, 2);
            self.skip(marker);
            self.action()?;
        }
    }

    fn comment(&mut self) -> Step {
        let Some(end) = self.rest().find("*/") else {
            return Err("unclosed comment".to_owned());
        };
        let after = self.rest().get(end + 2..).unwrap_or("");
        let Some((bytes, trims)) = right_delimiter(after) else {
            return Err("comment ends before closing delimiter".to_owned());
        };
        self.skip(end + 2 + bytes);
        self.trim(trims);
        Ok(())
    }

    /// Leaves out the blanks that a trim marker takes.
    fn trim(&mut self, trims: bool) {
        if trims {
            let rest = self.rest();
            self.skip(rest.len() - rest.trim_start_matches(is_blank).len());
        }
    }

    fn action(&mut self) -> Step {
        let mut parens = 0_usize;
        loop {
            if let Some((bytes, trims)) = right_delimiter(self.rest()) {
                if parens > 0 {
                    return Err("unclosed left paren".to_owned());
                }
                self.skip(bytes - 2);
                self.emit(Kind::Right, 2);
                self.trim(trims);
                return Ok(());
            }
            let Some(c) = self.peek() else {
                return Err("unclosed action".to_owned());
            };
            match c {
                c if is_blank(c) => {
                    let rest = self.rest();
                    let all = rest.len() - rest.trim_start_matches(is_blank).len();
                    // A trim marker needs a blank before it, which belongs to the marker.
                    let bytes = if rest.get(all..).is_some_and(|r| r.starts_with("-}}")) {
                        all - 1
                    } else {
                        all
                    };
                    if bytes > 0 {
                        self.emit(Kind::Space, bytes);
                    }
                }
                '=' => self.emit(Kind::Assign, 1),
                ':' if self.rest().starts_with(":=") => self.emit(Kind::Declare, 2),
                ':' => return Err("expected :=".to_owned()),
                '|' => self.emit(Kind::Pipe, 1),
                '"' => self.quote()?,
                '`' => self.raw_quote()?,
                '\'' => self.char_constant()?,
                '$' => self.name(Kind::Variable)?,
                '.' if !self.rest().get(1..).is_some_and(starts_with_digit) => self.dot()?,
                '+' | '-' | '.' | '0'..='9' => self.number()?,
                '(' => {
                    parens += 1;
                    self.emit(Kind::LeftParen, 1);
                }
                ')' => {
                    parens = parens
                        .checked_sub(1)
                        .ok_or_else(|| "unexpected right paren".to_owned())?;
                    self.emit(Kind::RightParen, 1);
                }
                c if is_word(c) => self.name(Kind::Identifier)?,
                c if c.is_ascii() && !c.is_ascii_control() => {
                    self.emit(Kind::Char, c.len_utf8());
                }
                c => return Err(format!("unrecognized character in action: {}", named(c))),
            }
        }
    }

    fn dot(&mut self) -> Step {
        let name = word_length(self.rest().get(1..).unwrap_or(""));
        if name == 0 {
            self.end_of_word(1)?;
            self.emit(Kind::Dot, 1);
            return Ok(());
        }
        self.end_of_word(1 + name)?;
        self.emit(Kind::Field, 1 + name);
        Ok(())
    }

    fn name(&mut self, kind: Kind) -> Step {
        let sign = usize::from(kind == Kind::Variable);
        let length = sign + word_length(self.rest().get(sign..).unwrap_or(""));
        self.end_of_word(length)?;
        let word = self.rest().get(..length).unwrap_or("");
        let kind = match word {
            _ if kind == Kind::Variable => kind,
            "true" | "false" => Kind::Bool,
            "nil" => Kind::Nil,
            word if KEYWORDS.contains(&word) => Kind::Keyword,
            _ => kind,
        };
        self.emit(kind, length);
        Ok(())
    }

    /// Whether what follows the next `bytes` may follow a name.
    fn end_of_word(&self, bytes: usize) -> Step {
        let after = self.rest().get(bytes..).unwrap_or("");
        match after.chars().next() {
            None => Ok(()),
            Some(c) if is_blank(c) || ".,|:()=".contains(c) => Ok(()),
            Some(_) if after.starts_with("}}") => Ok(()),
            Some(c) => Err(format!("bad character {}", named(c))),
        }
    }

    fn quote(&mut self) -> Step {
        match quote_length(self.rest(), '"') {
            Some(bytes) => {
                self.emit(Kind::Quoted, bytes);
                Ok(())
            }
            None => Err("unterminated quoted string".to_owned()),
        }
    }

    fn raw_quote(&mut self) -> Step {
        match self.rest().get(1..).unwrap_or("").find('`') {
            Some(end) => {
                self.emit(Kind::Quoted, end + 2);
                Ok(())
            }
            None => Err("unterminated raw quoted string".to_owned()),
        }
    }

    fn char_constant(&mut self) -> Step {
        match quote_length(self.rest(), '\'') {
            Some(bytes) => {
                self.emit(Kind::CharConstant, bytes);
                Ok(())
            }
            None => Err("unterminated character constant".to_owned()),
        }
    }

    fn number(&mut self) -> Step {
        let length = crate::number::length(self.rest());
        let after = self.rest().get(length..).unwrap_or("");
        let stray = after.chars().next().filter(|c| is_word(*c));
        if length == 0 || stray.is_some() {
            let shown = length + stray.map_or(0, char::len_utf8);
            let bad = self.rest().get(..shown.max(1)).unwrap_or("");
            return Err(format!("bad number syntax: {}", quoted(bad)));
        }
        self.emit(Kind::Number, length);
        Ok(())
    }
}

/// Bytes of a quoted piece at the start of `text`, none if it does not end on its line.
fn quote_length(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' => return None,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    None
}

/// Whether the text behind a left delimiter begins with a trim marker.
fn starts_trimming(after: &str) -> bool {
    let mut characters = after.chars();
    characters.next() == Some('-') && characters.next().is_some_and(is_blank)
}

/// The right delimiter at the start of `text`, with its trim marker: its bytes, and whether it trims.
fn right_delimiter(text: &str) -> Option<(usize, bool)> {
    if text.starts_with("}}") {
        return Some((2, false));
    }
    let mut characters = text.chars();
    let trims = characters.next().is_some_and(is_blank) && characters.as_str().starts_with("-}}");
    trims.then_some((4, true))
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

fn word_length(text: &str) -> usize {
    text.find(|c| !is_word(c)).unwrap_or(text.len())
}

/// A character with its number, as Go names it: `U+0023 '#'`.
fn named(c: char) -> String {
    format!("U+{:04X} '{c}'", u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let tokens = tokenize(text);
        let all: Vec<String> = tokens
            .iter()
            .map(|token| format!("{:?}:{}", token.kind, token.text))
            .collect();
        all.join(" ")
    }

    #[test]
    fn trim_markers_take_the_blanks_around() {
        assert_eq!(
            shown("a \n{{- . -}}\n b"),
            "Text:a Left:{{ Dot:. Right:}} Text:b Eof:"
        );
        assert_eq!(
            shown("a {{-1}} b"),
            "Text:a  Left:{{ Number:-1 Right:}} Text: b Eof:"
        );
        assert_eq!(shown("a {{- /* x */ -}} b"), "Text:a Text:b Eof:");
    }

    #[test]
    fn what_cannot_be_cut_ends_in_an_error() {
        for (text, error) in [
            ("{{ .a", "unclosed action"),
            ("{{ (.a }}", "unclosed left paren"),
            ("{{ .a) }}", "unexpected right paren"),
            ("{{ \"a }}", "unterminated quoted string"),
            ("{{ `a }}", "unterminated raw quoted string"),
            ("{{ 3x }}", "bad number syntax: \"3x\""),
            ("{{ a:b }}", "expected :="),
            ("{{/* a }}", "unclosed comment"),
            ("{{/* a */ b}}", "comment ends before closing delimiter"),
            ("{{ $a# }}", "bad character U+0023 '#'"),
            (
                "{{ \u{1} }}",
                "unrecognized character in action: U+0001 '\u{1}'",
            ),
        ] {
            let last = tokenize(text).pop().unwrap();
            assert_eq!(
                (last.kind, last.text.as_str()),
                (Kind::Error, error),
                "{text}"
            );
        }
    }
}
