//! Text to tokens.
//!
//! Three places read differently: inside braces words are label names and never keywords; inside brackets
//! only durations and their arithmetic may stand; everywhere else words may be keywords.

use crate::ast::{AggregateOp, BinaryOp};
use crate::number;
use crate::span::Span;
use crate::token::{Keyword, Kind, Token};

/// All tokens of `input`; the last is [`Kind::Eof`] or [`Kind::Error`].
pub(crate) fn tokenize(input: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        input,
        at: 0,
        parens: 0,
        brace: false,
        bracket: false,
        colon: false,
    };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blanks();
        let start = lexer.at;
        let kind = lexer.next_kind();
        let last = matches!(kind, Kind::Eof | Kind::Error(_));
        tokens.push(Token {
            kind,
            span: Span::new(start, lexer.at),
        });
        if last {
            return tokens;
        }
    }
}

struct Lexer<'a> {
    input: &'a str,
    at: usize,
    parens: u32,
    brace: bool,
    bracket: bool,
    colon: bool,
}

fn is_word_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn error(message: impl Into<String>) -> Kind {
    Kind::Error(message.into())
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.input.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn accept(&mut self, wanted: char) -> bool {
        let hit = self.peek() == Some(wanted);
        if hit {
            self.at += wanted.len_utf8();
        }
        hit
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &str {
        let start = self.at;
        while self.peek().is_some_and(&keep) {
            self.bump();
        }
        self.input.get(start..self.at).unwrap_or("")
    }

    fn skip_blanks(&mut self) {
        loop {
            self.take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
            if self.peek() != Some('#') {
                return;
            }
            self.take_while(|c| c != '\n' && c != '\r');
        }
    }

    fn next_kind(&mut self) -> Kind {
        let Some(next) = self.peek() else {
            return self.end();
        };
        if is_word_start(next) && !self.bracket {
            return self.word();
        }
        if self.brace {
            return self.inside_braces();
        }
        let digit_after_dot = next == '.'
            && self
                .rest()
                .chars()
                .nth(1)
                .is_some_and(|c| c.is_ascii_digit());
        if next.is_ascii_digit() || digit_after_dot {
            return self.number();
        }
        self.bump();
        match next {
            ',' => Kind::Comma,
            '*' => Kind::Op(BinaryOp::Mul),
            '/' => Kind::Op(BinaryOp::Div),
            '%' => Kind::Op(BinaryOp::Mod),
            '+' => Kind::Op(BinaryOp::Add),
            '-' => Kind::Op(BinaryOp::Sub),
            '^' => Kind::Op(BinaryOp::Pow),
            '=' if self.accept('=') => Kind::Op(BinaryOp::Equal),
            '=' if self.peek() == Some('~') => error("unexpected character after '=': '~'"),
            '=' => Kind::Equal,
            '!' if self.accept('=') => Kind::Op(BinaryOp::NotEqual),
            '!' => error(format!(
                "unexpected character after '!': {}",
                quoted(self.peek())
            )),
            '<' if self.accept('=') => Kind::Op(BinaryOp::LessEqual),
            '<' if self.accept('/') => Kind::Op(BinaryOp::TrimUpper),
            '<' => Kind::Op(BinaryOp::Less),
            '>' if self.accept('=') => Kind::Op(BinaryOp::GreaterEqual),
            '>' if self.accept('/') => Kind::Op(BinaryOp::TrimLower),
            '>' => Kind::Op(BinaryOp::Greater),
            '"' | '\'' | '`' => self.string(next),
            '(' => {
                self.parens += 1;
                Kind::LeftParen
            }
            ')' if self.parens == 0 => error("unexpected right parenthesis ')'"),
            ')' => {
                self.parens -= 1;
                Kind::RightParen
            }
            '{' => {
                self.brace = true;
                Kind::LeftBrace
            }
            '[' if self.bracket => error("unexpected left bracket '['"),
            '[' => {
                self.bracket = true;
                self.colon = false;
                Kind::LeftBracket
            }
            ']' if !self.bracket => error("unexpected right bracket ']'"),
            ']' => {
                self.bracket = false;
                Kind::RightBracket
            }
            '@' => Kind::At,
            ':' if self.bracket && self.colon => error("unexpected colon ':'"),
            ':' if self.bracket => {
                self.colon = true;
                Kind::Colon
            }
            ':' => {
                self.at -= 1;
                self.word()
            }
            c if self.bracket && is_word_start(c) => {
                self.at -= 1;
                self.bracket_word(c)
            }
            c => error(format!("unexpected character: {}", quoted(Some(c)))),
        }
    }

    fn end(&self) -> Kind {
        if self.brace {
            error("unexpected end of input inside braces")
        } else if self.parens > 0 {
            error("unclosed left parenthesis")
        } else if self.bracket {
            error("unclosed left bracket")
        } else {
            Kind::Eof
        }
    }

    fn inside_braces(&mut self) -> Kind {
        match self.bump() {
            Some(',') => Kind::Comma,
            Some('=') if self.accept('~') => Kind::RegexEqual,
            Some('=') => Kind::Equal,
            Some('!') if self.accept('~') => Kind::RegexNotEqual,
            Some('!') if self.accept('=') => Kind::Op(BinaryOp::NotEqual),
            Some('!') => error(format!(
                "unexpected character after '!' inside braces: {}",
                quoted(self.peek())
            )),
            Some(quote @ ('"' | '\'' | '`')) => self.string(quote),
            Some('{') => error("unexpected left brace '{'"),
            Some('}') => {
                self.brace = false;
                Kind::RightBrace
            }
            other => error(format!(
                "unexpected character inside braces: {}",
                quoted(other)
            )),
        }
    }

    fn word(&mut self) -> Kind {
        if self.brace {
            self.take_while(is_word);
            return Kind::Identifier;
        }
        let word = self
            .take_while(|c| is_word(c) || c == ':')
            .to_ascii_lowercase();
        if let Some(op) = AggregateOp::ALL.into_iter().find(|op| op.as_str() == word) {
            return Kind::Aggregate(op);
        }
        if let Some(keyword) = Keyword::of(&word) {
            let fills = matches!(
                keyword,
                Keyword::Fill | Keyword::FillLeft | Keyword::FillRight
            );
            let called = || {
                self.rest()
                    .trim_start_matches([' ', '\t', '\n', '\r'])
                    .starts_with('(')
            };
            return if fills && !called() {
                Kind::Identifier
            } else {
                Kind::Keyword(keyword)
            };
        }
        match word.as_str() {
            "and" => Kind::Op(BinaryOp::And),
            "or" => Kind::Op(BinaryOp::Or),
            "unless" => Kind::Op(BinaryOp::Unless),
            "atan2" => Kind::Op(BinaryOp::Atan2),
            "inf" | "nan" => Kind::Number,
            _ if word.contains(':') => Kind::MetricIdentifier,
            _ => Kind::Identifier,
        }
    }

    /// Only the functions of duration expressions are words inside brackets.
    fn bracket_word(&mut self, first: char) -> Kind {
        let word = self
            .take_while(|c| c.is_ascii_alphabetic() || c == '_')
            .to_ascii_lowercase();
        match Keyword::of(&word) {
            Some(keyword @ (Keyword::Step | Keyword::Range | Keyword::MaxOf | Keyword::MinOf)) => {
                Kind::Keyword(keyword)
            }
            _ => error(format!(
                "unexpected character: {}, expected ':'",
                quoted(Some(first))
            )),
        }
    }

    fn number(&mut self) -> Kind {
        let number = number::number_length(self.rest());
        if let Some(length) = number {
            self.at += length;
            return Kind::Number;
        }
        if let Some(length) = number::duration_length(self.rest()) {
            self.at += length;
            return Kind::Duration;
        }
        let text = self.take_while(|c| is_word(c) || c == '.').to_owned();
        error(format!(
            "bad number or duration syntax: {}",
            model::quote_label_value(&text)
        ))
    }

    fn string(&mut self, quote: char) -> Kind {
        loop {
            match self.bump() {
                None if quote == '`' => return error("unterminated raw string"),
                None => return error("unterminated quoted string"),
                Some('\n') if quote != '`' => return error("unterminated quoted string"),
                Some('\\') if quote != '`' && self.bump().is_none() => {
                    return error("escape sequence not terminated");
                }
                Some(c) if c == quote => return Kind::String,
                Some(_) => {}
            }
        }
    }
}

fn quoted(c: Option<char>) -> String {
    c.map_or_else(|| "end of input".to_owned(), |c| format!("{c:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(input: &str) -> Vec<Kind> {
        tokenize(input)
            .into_iter()
            .map(|token| token.kind)
            .collect()
    }

    #[test]
    fn words_are_keywords_only_outside_braces() {
        assert_eq!(kinds("SUM")[0], Kind::Aggregate(AggregateOp::Sum));
        assert_eq!(kinds("{sum")[1], Kind::Identifier);
        assert_eq!(kinds("fill + fill (1)")[0], Kind::Identifier);
        assert_eq!(kinds("fill + fill (1)")[2], Kind::Keyword(Keyword::Fill));
        assert_eq!(kinds("a:b")[0], Kind::MetricIdentifier);
    }

    #[test]
    fn brackets_hold_durations_and_one_colon() {
        assert_eq!(
            kinds("[5m:1m]"),
            [
                Kind::LeftBracket,
                Kind::Duration,
                Kind::Colon,
                Kind::Duration,
                Kind::RightBracket,
                Kind::Eof
            ]
        );
        assert_eq!(kinds("[5m:1m:")[4], error("unexpected colon ':'"));
        assert!(matches!(kinds("[foo")[1], Kind::Error(_)));
    }

    #[test]
    fn a_word_behind_a_number_without_whole_digits_is_an_error_and_not_endless() {
        for text in [
            ".9C",
            "x{} 0.9 .9C [2m]",
            "quantil0x0.9C",
            "sum(5fl.0l_left",
        ] {
            assert!(matches!(kinds(text).last(), Some(Kind::Error(_))), "{text}");
        }
    }

    #[test]
    fn comments_and_blanks_do_not_count() {
        assert_eq!(kinds("# a\n 1 # b"), [Kind::Number, Kind::Eof]);
    }
}
