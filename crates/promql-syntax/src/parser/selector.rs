//! `name{label="value"}`.

use super::{Node, Parsed, Parser};
use crate::ast::{ExprKind, VectorSelector};
use crate::span::Span;
use crate::token::Kind;
use model::{MatchOp, Matcher};

impl Parser<'_> {
    pub(super) fn selector(&mut self) -> Parsed<Node> {
        let start = self.token().span.start;
        let selector = self.bare_selector()?;
        let span = Span::new(start, self.last_end());
        Ok(Node::leaf(ExprKind::Selector(selector), span))
    }

    /// A selector without anything after it.
    pub(super) fn bare_selector(&mut self) -> Parsed<VectorSelector> {
        let named = match self.kind() {
            Kind::Identifier | Kind::MetricIdentifier | Kind::Aggregate(_) => true,
            Kind::Keyword(keyword) => keyword.is_metric_name(),
            Kind::Op(op) => op.is_set(),
            _ => false,
        };
        let name = named.then(|| {
            let span = self.bump().span;
            self.text(span).to_owned()
        });
        let matchers = match self.kind() {
            Kind::LeftBrace => self.braces()?,
            _ if named => Vec::new(),
            _ => return Err(self.unexpected("", "")),
        };
        Ok(VectorSelector {
            name,
            matchers,
            ..VectorSelector::default()
        })
    }

    fn braces(&mut self) -> Parsed<Vec<Matcher>> {
        self.at += 1;
        let mut matchers = Vec::new();
        loop {
            if self.accept(&Kind::RightBrace).is_some() {
                return Ok(matchers);
            }
            matchers.push(self.matcher()?);
            match self.kind() {
                Kind::Comma => self.at += 1,
                Kind::RightBrace => {}
                _ => return Err(self.unexpected("label matching", "\",\" or \"}\"")),
            }
        }
    }

    fn matcher(&mut self) -> Parsed<Matcher> {
        const CONTEXT: &str = "label matching";
        let (name, quoted) = match self.kind() {
            Kind::Identifier => {
                let span = self.bump().span;
                (self.text(span).to_owned(), false)
            }
            Kind::String => (self.string_literal()?.0, true),
            _ => return Err(self.unexpected(CONTEXT, "identifier or \"}\"")),
        };
        let op = match self.kind() {
            Kind::Equal => MatchOp::Equal,
            Kind::Op(crate::BinaryOp::NotEqual) => MatchOp::NotEqual,
            Kind::RegexEqual => MatchOp::Regex,
            Kind::RegexNotEqual => MatchOp::NotRegex,
            Kind::Comma | Kind::RightBrace if quoted => return Ok(Matcher::metric(name)),
            _ if quoted => return Err(self.unexpected(CONTEXT, "\",\" or \"}\"")),
            _ => return Err(self.unexpected(CONTEXT, "label matching operator")),
        };
        self.at += 1;
        if self.kind() != &Kind::String {
            return Err(self.unexpected(CONTEXT, "string"));
        }
        let (value, _) = self.string_literal()?;
        Ok(Matcher { name, op, value })
    }
}
