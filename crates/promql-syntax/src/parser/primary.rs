//! What operators stand between: literals, parentheses, calls, selectors.

use super::{Node, Parsed, Parser};
use crate::ast::{Call, ExprKind, NumberLiteral};
use crate::function::Function;
use crate::span::Span;
use crate::token::{Keyword, Kind};

impl Parser<'_> {
    pub(super) fn primary(&mut self) -> Parsed<Node> {
        match self.kind() {
            Kind::Number | Kind::Duration => self.number(),
            Kind::String => {
                let (text, span) = self.string_literal()?;
                Ok(Node::leaf(ExprKind::String(text), span))
            }
            Kind::LeftParen => self.parenthesised(),
            Kind::Aggregate(op) => {
                let op = *op;
                if matches!(
                    self.kind_after(),
                    Kind::LeftParen | Kind::Keyword(Keyword::By | Keyword::Without)
                ) {
                    self.aggregate(op)
                } else {
                    self.selector()
                }
            }
            Kind::Identifier
            | Kind::Keyword(
                Keyword::Start
                | Keyword::End
                | Keyword::Step
                | Keyword::Range
                | Keyword::MinOf
                | Keyword::MaxOf,
            ) if self.kind_after() == &Kind::LeftParen => self.call(),
            _ => self.selector(),
        }
    }

    fn number(&mut self) -> Parsed<Node> {
        let (NumberLiteral { value, duration }, span) = self.number_literal()?;
        Ok(Node::leaf(
            ExprKind::Number(NumberLiteral { value, duration }),
            span,
        ))
    }

    fn parenthesised(&mut self) -> Parsed<Node> {
        let open = self.bump();
        let inner = self.deeper(Self::expression)?;
        let close = self.expect(&Kind::RightParen, "", "")?;
        let span = open.span.to(close.span);
        self.node(ExprKind::Paren(Box::new(inner.expr)), span, inner.height)
    }

    fn call(&mut self) -> Parsed<Node> {
        let name = self.bump();
        let text = self.text(name.span);
        // The words that are keywords, too, may be written in any case.
        let lower = text.to_ascii_lowercase();
        let wanted = if matches!(name.kind, Kind::Keyword(_)) {
            &lower
        } else {
            text
        };
        let (args, tallest) = self.arguments()?;
        let span = Span::new(name.span.start, self.last_end());
        let Some(function) = Function::named(wanted) else {
            let quoted = model::quote_label_value(text);
            return Err(self.fail(name.span, format!("unknown function with name {quoted}")));
        };
        if function.experimental && !self.options.experimental_functions {
            self.note(
                name.span,
                format!("function \"{}\" is not enabled", function.name),
            );
        }
        self.node(ExprKind::Call(Call { function, args }), span, tallest)
    }

    /// Arguments in parentheses, and the height of the tallest.
    pub(super) fn arguments(&mut self) -> Parsed<(Vec<crate::Expr>, usize)> {
        self.expect(&Kind::LeftParen, "", "")?;
        let mut args = Vec::new();
        let mut tallest = 0;
        if self.accept(&Kind::RightParen).is_some() {
            return Ok((args, tallest));
        }
        loop {
            let arg = self.deeper(Self::expression)?;
            tallest = tallest.max(arg.height);
            args.push(arg.expr);
            match self.kind() {
                Kind::Comma => {
                    let comma = self.bump();
                    if self.kind() == &Kind::RightParen {
                        let message = "trailing commas not allowed in function call args";
                        return Err(self.fail(comma.span, message));
                    }
                }
                Kind::RightParen => {
                    self.at += 1;
                    return Ok((args, tallest));
                }
                _ => return Err(self.unexpected("", "")),
            }
        }
    }
}
