//! What follows a selector: ranges, subqueries, `offset`, `@`, `anchored`, `smoothed`.

use super::{Node, Parsed, Parser};
use crate::ast::{
    At, BinaryOp, Expr, ExprKind, Extension, MatrixSelector, Subquery, TimeShift, VectorSelector,
};
use crate::duration_expr::Length;
use crate::span::Span;
use crate::token::{Keyword, Kind};

const RANGE_ONLY: &str = "ranges only allowed for vector selectors";

impl Parser<'_> {
    pub(super) fn postfix(&mut self) -> Parsed<Node> {
        let mut node = self.primary()?;
        loop {
            node = match self.kind() {
                Kind::LeftBracket => self.brackets(node)?,
                Kind::Keyword(Keyword::Offset) => self.offset(node)?,
                Kind::Keyword(Keyword::Anchored) => self.extended(node, Extension::Anchored)?,
                Kind::Keyword(Keyword::Smoothed) => self.extended(node, Extension::Smoothed)?,
                Kind::At => self.at_modifier(node)?,
                _ => return Ok(node),
            };
        }
    }

    fn brackets(&mut self, node: Node) -> Parsed<Node> {
        let open = self.bump().span;
        let range = self.positive_length("subquery or range selector")?;
        if self.accept(&Kind::Colon).is_some() {
            let step = match self.kind() {
                Kind::RightBracket => None,
                _ => Some(self.positive_length("subquery selector")?),
            };
            let close = self.expect(&Kind::RightBracket, "subquery selector", "\"]\"")?;
            let span = node.expr.span.to(close.span);
            let subquery = Subquery {
                expr: node.expr,
                range,
                step,
                shift: TimeShift::default(),
            };
            return self.node(ExprKind::Subquery(Box::new(subquery)), span, node.height);
        }
        let close = self.expect(&Kind::RightBracket, "subquery or range", "\":\" or \"]\"")?;
        let span = node.expr.span.to(close.span);
        let problem = match &node.expr.kind {
            ExprKind::Selector(selector) if selector.shift.offset.is_some() => {
                "no offset modifiers allowed before range"
            }
            ExprKind::Selector(selector) if selector.shift.at.is_some() => {
                "no @ modifiers allowed before range"
            }
            ExprKind::Selector(_) => "",
            _ => RANGE_ONLY,
        };
        match node.expr.kind {
            ExprKind::Selector(selector) if problem.is_empty() => Ok(Node::leaf(
                ExprKind::Matrix(MatrixSelector { selector, range }),
                span,
            )),
            _ => Err(self.fail(open.to(close.span), problem)),
        }
    }

    fn offset(&mut self, mut node: Node) -> Parsed<Node> {
        self.at += 1;
        let offset = self.offset_length()?;
        let span = node.expr.span;
        let Some(shift) = shift_of(&mut node.expr) else {
            let message = "offset modifier must be preceded by an instant vector selector or range vector selector or a subquery";
            return Err(self.fail(span, message));
        };
        if shift.offset.is_some() {
            return Err(self.fail(span, "offset may not be set multiple times"));
        }
        let nothing = matches!(offset, Length::Fixed(model::DurationMs(0)));
        shift.offset = (!nothing).then_some(offset);
        node.expr.span.end = self.last_end();
        Ok(node)
    }

    fn at_modifier(&mut self, mut node: Node) -> Parsed<Node> {
        self.at += 1;
        let span = node.expr.span;
        let at = match self.kind() {
            Kind::Keyword(keyword @ (Keyword::Start | Keyword::End)) => {
                let at = if *keyword == Keyword::Start {
                    At::Start
                } else {
                    At::End
                };
                self.at += 1;
                self.expect(&Kind::LeftParen, "@", "timestamp")?;
                self.expect(&Kind::RightParen, "@", "timestamp")?;
                at
            }
            _ => At::Time(self.at_time(span)?),
        };
        let Some(shift) = shift_of(&mut node.expr) else {
            let message = "@ modifier must be preceded by an instant vector selector or range vector selector or a subquery";
            return Err(self.fail(span, message));
        };
        if shift.at.is_some() {
            return Err(self.fail(span, "@ <timestamp> may not be set multiple times"));
        }
        shift.at = Some(at);
        node.expr.span.end = self.last_end();
        Ok(node)
    }

    fn at_time(&mut self, span: Span) -> Parsed<i64> {
        let minus = match self.kind() {
            Kind::Op(BinaryOp::Add) => Some(false),
            Kind::Op(BinaryOp::Sub) => Some(true),
            _ => None,
        };
        self.at += usize::from(minus.is_some());
        if !matches!(self.kind(), Kind::Number | Kind::Duration) {
            return Err(self.unexpected("@", "timestamp"));
        }
        let (number, _) = self.number_literal()?;
        let seconds = if minus == Some(true) {
            -number.value
        } else {
            number.value
        };
        let millis = (seconds * 1000.0).round();
        if !(seconds.is_finite() && millis.abs() < i64::MAX as f64) {
            let shown = match seconds {
                s if s.is_infinite() => if s > 0.0 { "+Inf" } else { "-Inf" }.to_owned(),
                s => format!("{s:.6}"),
            };
            let message = format!("timestamp out of bounds for @ modifier: {shown}");
            return Err(self.fail(span, message));
        }
        #[expect(clippy::cast_possible_truncation, reason = "bounded just above")]
        Ok(millis as i64)
    }

    fn extended(&mut self, mut node: Node, extension: Extension) -> Parsed<Node> {
        self.at += 1;
        let span = node.expr.span;
        let word = extension.as_str();
        if !self.options.extended_range_selectors {
            let message = format!("{word} modifier is experimental and not enabled");
            return Err(self.fail(span, message));
        }
        let selector: &mut VectorSelector = match &mut node.expr.kind {
            ExprKind::Selector(selector) => selector,
            ExprKind::Matrix(matrix) => &mut matrix.selector,
            ExprKind::Subquery(_) => {
                let message = format!("{word} modifier is not supported for subqueries");
                return Err(self.fail(span, message));
            }
            _ => return Err(self.fail(span, format!("{word} modifier not implemented"))),
        };
        if selector.extension.is_some_and(|set| set != extension) {
            let message = "anchored and smoothed modifiers cannot be used together";
            return Err(self.fail(span, message));
        }
        selector.extension = Some(extension);
        node.expr.span.end = self.last_end();
        Ok(node)
    }
}

fn shift_of(expr: &mut Expr) -> Option<&mut TimeShift> {
    match &mut expr.kind {
        ExprKind::Selector(selector) => Some(&mut selector.shift),
        ExprKind::Matrix(matrix) => Some(&mut matrix.selector.shift),
        ExprKind::Subquery(subquery) => Some(&mut subquery.shift),
        _ => None,
    }
}
