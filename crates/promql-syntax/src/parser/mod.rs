//! Tokens to a tree: precedence climbing by hand.
//!
//! Syntax errors end the parse at the first one; type errors are collected afterwards (`check`).

mod aggregate;
mod binary;
mod duration;
mod postfix;
mod primary;
mod selector;

use crate::ast::{Expr, ExprKind, NumberLiteral};
use crate::check;
use crate::error::{ParseError, ParseErrors};
use crate::lexer;
use crate::span::{LineColumn, Span};
use crate::token::{Kind, Token};
use model::{Labels, METRIC_NAME, MatchOp, Matcher};

/// Longest text that is read. Units: bytes.
pub const MAX_INPUT_BYTES: usize = 1 << 20;

/// Deepest tree that is built: operands in operands, parentheses in parentheses. Bounded so that neither
/// parsing, nor evaluating, nor dropping a tree can exhaust a thread's stack of 2 MiB.
pub const MAX_DEPTH: usize = 250;

/// Which parts of the language that are switched off by default may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ParseOptions {
    /// `promql-experimental-functions`: the functions and aggregations marked experimental.
    pub experimental_functions: bool,
    /// `promql-extended-range-selectors`: `anchored` and `smoothed`.
    pub extended_range_selectors: bool,
    /// `promql-binop-fill-modifiers`: `fill`, `fill_left`, `fill_right`.
    pub fill_modifiers: bool,
}

impl ParseOptions {
    /// Everything that there is.
    pub const ALL: Self = Self {
        experimental_functions: true,
        extended_range_selectors: true,
        fill_modifiers: true,
    };
}

/// Parses and type-checks an expression of the stable language.
///
/// # Errors
/// [`ParseErrors`], at least one.
pub fn parse(input: &str) -> Result<Expr, ParseErrors> {
    parse_with(input, ParseOptions::default())
}

/// Parses and type-checks an expression.
///
/// # Errors
/// [`ParseErrors`], at least one.
pub fn parse_with(input: &str, options: ParseOptions) -> Result<Expr, ParseErrors> {
    let mut parser = Parser::new(input, options)?;
    if parser.kind() == &Kind::Eof {
        return Err(ParseErrors::single(
            input,
            Span::default(),
            "no expression found in input",
        ));
    }
    let parsed = parser.expression().and_then(|node| {
        parser.end()?;
        Ok(node.expr)
    });
    if let (Ok(expr), true) = (&parsed, parser.errors.is_empty()) {
        check::check(expr, &mut parser.errors, input);
    }
    match parsed {
        Ok(expr) if parser.errors.is_empty() => Ok(expr),
        _ => Err(ParseErrors::new(parser.errors)),
    }
}

/// Parses a selector without modifiers, as `match[]` parameters hold it, into its conditions.
///
/// # Errors
/// [`ParseErrors`], at least one.
pub fn parse_selector(input: &str) -> Result<Vec<Matcher>, ParseErrors> {
    let mut parser = Parser::new(input, ParseOptions::default())?;
    let parsed = parser.bare_selector().and_then(|selector| {
        parser.end()?;
        Ok(selector)
    });
    match parsed {
        Ok(selector) if parser.errors.is_empty() => Ok(selector.all_matchers()),
        _ => Err(ParseErrors::new(parser.errors)),
    }
}

/// Parses a label set with an optional name in front, as test files write series.
///
/// # Errors
/// [`ParseErrors`] for anything but equality conditions.
pub fn parse_metric(input: &str) -> Result<Labels, ParseErrors> {
    let mut parser = Parser::new(input, ParseOptions::default())?;
    let parsed = parser.bare_selector().and_then(|selector| {
        parser.end()?;
        if selector
            .matchers
            .iter()
            .any(|matcher| matcher.op != MatchOp::Equal)
        {
            return Err(parser.fail(Span::new(0, input.len()), "expected \"=\" in label set"));
        }
        Ok(selector)
    });
    match parsed {
        Ok(selector) if parser.errors.is_empty() => {
            let name = selector
                .name
                .iter()
                .map(|name| (METRIC_NAME, name.as_str()));
            let rest = selector
                .matchers
                .iter()
                .map(|m| (m.name.as_str(), m.value.as_str()));
            Ok(Labels::from_pairs(rest.chain(name)))
        }
        _ => Err(ParseErrors::new(parser.errors)),
    }
}

/// Says that an error was noted and parsing must end.
#[derive(Debug)]
pub(crate) struct Stop;

pub(crate) type Parsed<T> = Result<T, Stop>;

/// A finished part of the tree and how deep it is.
pub(crate) struct Node {
    pub(crate) expr: Expr,
    pub(crate) height: usize,
}

impl Node {
    fn leaf(kind: ExprKind, span: Span) -> Self {
        Self {
            expr: Expr { kind, span },
            height: 1,
        }
    }
}

pub(crate) struct Parser<'a> {
    input: &'a str,
    options: ParseOptions,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    errors: Vec<ParseError>,
}

impl<'a> Parser<'a> {
    fn new(input: &'a str, options: ParseOptions) -> Result<Self, ParseErrors> {
        if input.len() > MAX_INPUT_BYTES {
            let message = format!("expression is longer than {MAX_INPUT_BYTES} bytes");
            return Err(ParseErrors::single(input, Span::default(), message));
        }
        let tokens = lexer::tokenize(input);
        Ok(Self {
            input,
            options,
            tokens,
            at: 0,
            depth: 0,
            errors: Vec::new(),
        })
    }

    /// The token to read next; the last one stays.
    fn token(&self) -> &Token {
        const EOF: &Token = &Token {
            kind: Kind::Eof,
            span: Span { start: 0, end: 0 },
        };
        self.tokens
            .get(self.at)
            .or(self.tokens.last())
            .unwrap_or(EOF)
    }

    fn kind(&self) -> &Kind {
        &self.token().kind
    }

    fn kind_after(&self) -> &Kind {
        self.tokens
            .get(self.at + 1)
            .map_or(&Kind::Eof, |token| &token.kind)
    }

    fn bump(&mut self) -> Token {
        let token = self.token().clone();
        self.at += 1;
        token
    }

    fn accept(&mut self, kind: &Kind) -> Option<Token> {
        (self.kind() == kind).then(|| self.bump())
    }

    /// End of the token read last.
    fn last_end(&self) -> usize {
        self.at
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .map_or(0, |token| token.span.end)
    }

    fn text(&self, span: Span) -> &'a str {
        span.text(self.input)
    }

    /// Notes an error and goes on.
    fn note(&mut self, span: Span, message: impl Into<String>) {
        let place = LineColumn::of(self.input, span.start);
        self.errors.push(ParseError {
            span,
            place,
            message: message.into(),
            hint: None,
        });
    }

    /// Notes an error and ends the parse.
    fn fail(&mut self, span: Span, message: impl Into<String>) -> Stop {
        self.note(span, message);
        Stop
    }

    /// The next token makes no sense in `context`.
    fn unexpected(&mut self, context: &str, expected: &str) -> Stop {
        let token = self.token().clone();
        if let Kind::Error(message) = &token.kind {
            return self.fail(token.span, message.clone());
        }
        let mut message = format!("unexpected {}", token.describe(self.input));
        if !context.is_empty() {
            message.push_str(" in ");
            message.push_str(context);
        }
        if !expected.is_empty() {
            message.push_str(", expected ");
            message.push_str(expected);
        }
        self.fail(token.span, message)
    }

    fn expect(&mut self, kind: &Kind, context: &str, expected: &str) -> Parsed<Token> {
        match self.accept(kind) {
            Some(token) => Ok(token),
            None => Err(self.unexpected(context, expected)),
        }
    }

    fn end(&mut self) -> Parsed<()> {
        if self.kind() == &Kind::Eof {
            Ok(())
        } else {
            Err(self.unexpected("", ""))
        }
    }

    fn expression(&mut self) -> Parsed<Node> {
        self.binary(0)
    }

    /// Runs `inner` one level deeper.
    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_DEPTH {
            return Err(self.too_deep());
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn too_deep(&mut self) -> Stop {
        let span = self.token().span;
        self.fail(
            span,
            format!("expression is nested more than {MAX_DEPTH} levels deep"),
        )
    }

    /// A node above children of these heights.
    fn node(&mut self, kind: ExprKind, span: Span, tallest_child: usize) -> Parsed<Node> {
        if tallest_child >= MAX_DEPTH {
            return Err(self.too_deep());
        }
        Ok(Node {
            expr: Expr { kind, span },
            height: tallest_child + 1,
        })
    }

    fn number_literal(&mut self) -> Parsed<(NumberLiteral, Span)> {
        let token = self.bump();
        let text = self.text(token.span);
        let duration = token.kind == Kind::Duration;
        let value = if duration {
            crate::number::parse_duration(text)
        } else {
            crate::number::parse_number(text).ok_or_else(|| {
                format!(
                    "error parsing number: invalid syntax: {}",
                    model::quote_label_value(text)
                )
            })
        };
        let value = value.map_err(|message| self.fail(token.span, message))?;
        Ok((NumberLiteral { value, duration }, token.span))
    }

    fn string_literal(&mut self) -> Parsed<(String, Span)> {
        let token = self.bump();
        let text = self.text(token.span);
        let value = crate::number::unquote(text);
        Ok((
            value.map_err(|message| self.fail(token.span, message))?,
            token.span,
        ))
    }
}

#[cfg(test)]
mod tests;
