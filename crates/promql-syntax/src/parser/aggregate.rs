//! Aggregations and lists of label names.

use super::{Node, Parsed, Parser};
use crate::ast::{Aggregate, AggregateOp, ExprKind};
use crate::span::Span;
use crate::token::{Keyword, Kind};

impl Parser<'_> {
    pub(super) fn aggregate(&mut self, op: AggregateOp) -> Parsed<Node> {
        let start = self.bump().span.start;
        let before = self.grouping()?;
        if self.kind() != &Kind::LeftParen {
            return Err(self.unexpected("aggregation", ""));
        }
        let (mut args, tallest) = self.arguments()?;
        let after = if before.is_none() {
            self.grouping()?
        } else {
            None
        };
        let span = Span::new(start, self.last_end());
        let (without, grouping) = before.or(after).unwrap_or_default();

        let wanted = 1 + usize::from(op.param_type().is_some());
        let got = args.len();
        let Some(expr) = args.pop() else {
            return Err(self.fail(span, "no arguments for aggregate expression provided"));
        };
        if op.is_experimental() && !self.options.experimental_functions {
            let message = format!(
                "{}() is experimental and must be enabled with --enable-feature=promql-experimental-functions",
                op.as_str()
            );
            return Err(self.fail(span, message));
        }
        if got != wanted {
            let message = format!(
                "wrong number of arguments for aggregate expression provided, expected {wanted}, got {got}"
            );
            return Err(self.fail(span, message));
        }
        let aggregate = Aggregate {
            op,
            expr,
            param: args.pop(),
            grouping,
            without,
        };
        self.node(ExprKind::Aggregate(Box::new(aggregate)), span, tallest)
    }

    /// `by (..)` or `without (..)`, and whether it is the latter.
    fn grouping(&mut self) -> Parsed<Option<(bool, Vec<String>)>> {
        let without = match self.kind() {
            Kind::Keyword(Keyword::By) => false,
            Kind::Keyword(Keyword::Without) => true,
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some((without, self.label_list()?)))
    }

    /// `(a, b, "c.d")`, a comma at the end allowed.
    pub(super) fn label_list(&mut self) -> Parsed<Vec<String>> {
        const CONTEXT: &str = "grouping opts";
        self.expect(&Kind::LeftParen, CONTEXT, "\"(\"")?;
        let mut labels = Vec::new();
        loop {
            if self.accept(&Kind::RightParen).is_some() {
                return Ok(labels);
            }
            labels.push(self.label_name()?);
            match self.kind() {
                Kind::Comma => self.at += 1,
                Kind::RightParen => {}
                _ => return Err(self.unexpected(CONTEXT, "\",\" or \")\"")),
            }
        }
    }

    fn label_name(&mut self) -> Parsed<String> {
        use crate::ast::BinaryOp::{And, Atan2, Or, Unless};
        match self.kind() {
            Kind::Identifier
            | Kind::MetricIdentifier
            | Kind::Keyword(_)
            | Kind::Aggregate(_)
            | Kind::Op(And | Or | Unless | Atan2) => {
                let token = self.bump();
                Ok(self.text(token.span).to_owned())
            }
            Kind::String => {
                let (text, span) = self.string_literal()?;
                if text.is_empty() {
                    self.note(span, "invalid label name for grouping: \"\"");
                }
                Ok(text)
            }
            _ => Err(self.unexpected("grouping opts", "label")),
        }
    }
}
