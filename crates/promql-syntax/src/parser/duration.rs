//! Lengths of time and their arithmetic.

use super::{Parsed, Parser};
use crate::ast::{BinaryOp, Sign};
use crate::duration_expr::{DurationExpr, DurationKind, DurationOp, Length, MAX_SECONDS};
use crate::token::{Keyword, Kind};
use model::DurationMs;

fn operator(kind: &Kind) -> Option<(DurationOp, u8)> {
    let Kind::Op(op) = kind else { return None };
    let duration_op = match op {
        BinaryOp::Add => DurationOp::Add,
        BinaryOp::Sub => DurationOp::Sub,
        BinaryOp::Mul => DurationOp::Mul,
        BinaryOp::Div => DurationOp::Div,
        BinaryOp::Mod => DurationOp::Mod,
        BinaryOp::Pow => DurationOp::Pow,
        _ => return None,
    };
    Some((duration_op, op.precedence()))
}

fn into_length(expr: DurationExpr) -> Length {
    match expr.kind {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "literals are bounded when read"
        )]
        DurationKind::Number(seconds, _) => {
            Length::Fixed(DurationMs((seconds * 1000.0).round() as i64))
        }
        _ => Length::Computed(expr),
    }
}

impl Parser<'_> {
    /// A length inside brackets.
    pub(super) fn positive_length(&mut self, context: &str) -> Parsed<Length> {
        let expr = self.duration_binary(0, context)?;
        if let DurationKind::Number(seconds, _) = expr.kind
            && (seconds <= 0.0 || seconds.is_nan())
        {
            return Err(self.fail(expr.span, "duration must be greater than 0"));
        }
        Ok(into_length(expr))
    }

    /// A length after `offset`: arithmetic only in parentheses, for `a offset 1m + b` adds `b`.
    pub(super) fn offset_length(&mut self) -> Parsed<Length> {
        let sign = self.duration_sign();
        let expr = self.duration_atom("offset")?;
        Ok(into_length(with_sign(sign, expr)))
    }

    fn duration_binary(&mut self, floor: u8, context: &str) -> Parsed<DurationExpr> {
        let mut left = self.duration_signed(context)?;
        while let Some((op, precedence)) = operator(self.kind()) {
            if precedence < floor {
                break;
            }
            let place = self.bump().span;
            let next_floor = if op == DurationOp::Pow {
                precedence
            } else {
                precedence + 1
            };
            let right = self.deeper(|parser| parser.duration_binary(next_floor, context))?;
            if matches!(right.kind, DurationKind::Number(0.0, _)) {
                match op {
                    DurationOp::Div => return Err(self.fail(place, "division by zero")),
                    DurationOp::Mod => return Err(self.fail(place, "modulo by zero")),
                    _ => {}
                }
            }
            let span = left.span.to(right.span);
            left = DurationExpr {
                kind: DurationKind::Binary(op, Box::new(left), Box::new(right)),
                span,
            };
            self.count_height()?;
        }
        Ok(left)
    }

    /// Long chains of operators make deep trees without deep parsing: bounded by the same measure.
    fn count_height(&mut self) -> Parsed<()> {
        let operators_so_far = self.tokens.get(..self.at).unwrap_or_default().iter().rev();
        let chain = operators_so_far.take_while(|token| token.kind != Kind::LeftBracket);
        if chain.count() > 2 * super::MAX_DEPTH {
            Err(self.too_deep())
        } else {
            Ok(())
        }
    }

    fn duration_sign(&mut self) -> Option<(Sign, crate::Span)> {
        let sign = match self.kind() {
            Kind::Op(BinaryOp::Add) => Sign::Plus,
            Kind::Op(BinaryOp::Sub) => Sign::Minus,
            _ => return None,
        };
        Some((sign, self.bump().span))
    }

    fn duration_signed(&mut self, context: &str) -> Parsed<DurationExpr> {
        let sign = self.duration_sign();
        let expr = if sign.is_some() {
            let floor = BinaryOp::Pow.precedence();
            self.deeper(|parser| parser.duration_binary(floor, context))?
        } else {
            self.duration_atom(context)?
        };
        Ok(with_sign(sign, expr))
    }

    fn duration_atom(&mut self, context: &str) -> Parsed<DurationExpr> {
        match *self.kind() {
            Kind::Number | Kind::Duration => {
                let (number, span) = self.number_literal()?;
                if number.value.is_nan() || number.value.abs() > MAX_SECONDS {
                    return Err(self.fail(span, "duration out of range"));
                }
                let kind = DurationKind::Number(number.value, number.duration);
                Ok(DurationExpr { kind, span })
            }
            Kind::LeftParen => {
                let open = self.bump().span;
                let inner = self.deeper(|parser| parser.duration_binary(0, context))?;
                let close = self.expect(&Kind::RightParen, context, "\")\"")?.span;
                let kind = DurationKind::Paren(Box::new(inner));
                Ok(DurationExpr {
                    kind,
                    span: open.to(close),
                })
            }
            Kind::Keyword(keyword @ (Keyword::Step | Keyword::Range)) => {
                let start = self.bump().span;
                self.expect(&Kind::LeftParen, context, "\"(\"")?;
                let end = self.expect(&Kind::RightParen, context, "\")\"")?.span;
                let kind = match keyword {
                    Keyword::Step => DurationKind::Step,
                    _ => DurationKind::Range,
                };
                Ok(DurationExpr {
                    kind,
                    span: start.to(end),
                })
            }
            Kind::Keyword(keyword @ (Keyword::MinOf | Keyword::MaxOf)) => {
                let start = self.bump().span;
                self.expect(&Kind::LeftParen, context, "\"(\"")?;
                let a = Box::new(self.deeper(|parser| parser.duration_binary(0, context))?);
                self.expect(&Kind::Comma, context, "\",\"")?;
                let b = Box::new(self.deeper(|parser| parser.duration_binary(0, context))?);
                let end = self.expect(&Kind::RightParen, context, "\")\"")?.span;
                let kind = match keyword {
                    Keyword::MinOf => DurationKind::MinOf(a, b),
                    _ => DurationKind::MaxOf(a, b),
                };
                Ok(DurationExpr {
                    kind,
                    span: start.to(end),
                })
            }
            _ => Err(self.unexpected(context, "number, duration, step(), or range()")),
        }
    }
}

fn with_sign(sign: Option<(Sign, crate::Span)>, mut expr: DurationExpr) -> DurationExpr {
    let Some((sign, place)) = sign else {
        return expr;
    };
    let span = place.to(expr.span);
    if let DurationKind::Number(seconds, _) = &mut expr.kind {
        if sign == Sign::Minus {
            *seconds = -*seconds;
        }
        expr.span = span;
        return expr;
    }
    DurationExpr {
        kind: DurationKind::Unary(sign, Box::new(expr)),
        span,
    }
}
