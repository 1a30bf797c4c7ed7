//! Operators with two operands, and signs.

use super::{Node, Parsed, Parser};
use crate::ast::{
    Binary, BinaryOp, Cardinality, Expr, ExprKind, Sign, Unary, ValueType, VectorMatching,
};
use crate::token::{Keyword, Kind};

impl Parser<'_> {
    /// An expression of operators that bind at least as tightly as `floor`.
    pub(super) fn binary(&mut self, floor: u8) -> Parsed<Node> {
        let mut left = self.deeper(Self::signed)?;
        while let Kind::Op(op) = *self.kind() {
            let precedence = op.precedence();
            if precedence < floor {
                break;
            }
            self.at += 1;
            let (returns_bool, matching) = self.matching()?;
            // Only `^` groups to the right.
            let next_floor = if op == BinaryOp::Pow {
                precedence
            } else {
                precedence + 1
            };
            let right = self.deeper(|parser| parser.binary(next_floor))?;
            left = self.join(left, op, (returns_bool, matching), right)?;
        }
        Ok(left)
    }

    fn join(
        &mut self,
        left: Node,
        op: BinaryOp,
        (returns_bool, mut matching): (bool, VectorMatching),
        right: Node,
    ) -> Parsed<Node> {
        let span = left.expr.span.to(right.expr.span);
        let fills = matching.fill_left.is_some() || matching.fill_right.is_some();
        if fills && !self.options.fill_modifiers {
            return Err(self.fail(
                span,
                "binop fill modifiers are experimental and not enabled",
            ));
        }
        let scalar = |node: &Node| node.expr.value_type() == ValueType::Scalar;
        let both = scalar(&left) && scalar(&right);
        if op.is_set() && matching.cardinality == Cardinality::OneToOne {
            matching.cardinality = Cardinality::ManyToMany;
        }
        let tallest = left.height.max(right.height);
        let binary = Binary {
            op,
            left: left.expr,
            right: right.expr,
            returns_bool,
            matching: Some(matching),
            value_type: if both {
                ValueType::Scalar
            } else {
                ValueType::Vector
            },
        };
        let binary = self.without_needless_matching(binary, span);
        self.node(ExprKind::Binary(Box::new(binary)), span, tallest)
    }

    /// Matching says something only between vectors.
    fn without_needless_matching(&mut self, mut binary: Binary, span: crate::Span) -> Binary {
        let vector = |expr: &Expr| expr.value_type() == ValueType::Vector;
        if vector(&binary.left) && vector(&binary.right) {
            return binary;
        }
        if let Some(matching) = binary.matching.take() {
            if !matching.labels.is_empty() {
                self.note(span, "vector matching only allowed between instant vectors");
            }
            if matching.fill_left.is_some() || matching.fill_right.is_some() {
                let message = "filling in missing series only allowed between instant vectors";
                self.note(span, message);
            }
        }
        binary
    }

    fn signed(&mut self) -> Parsed<Node> {
        let sign = match self.kind() {
            Kind::Op(BinaryOp::Add) => Sign::Plus,
            Kind::Op(BinaryOp::Sub) => Sign::Minus,
            _ => return self.postfix(),
        };
        let start = self.bump().span;
        // A sign binds like `*`: `-1^2` is `-(1^2)`.
        let operand = self.deeper(|parser| parser.binary(BinaryOp::Pow.precedence()))?;
        let span = start.to(operand.expr.span);
        if let ExprKind::Number(mut number) = operand.expr.kind {
            if sign == Sign::Minus {
                number.value = -number.value;
            }
            return Ok(Node::leaf(ExprKind::Number(number), span));
        }
        let unary = Unary {
            sign,
            operand: operand.expr,
        };
        self.node(ExprKind::Unary(Box::new(unary)), span, operand.height)
    }

    /// What stands between an operator and its right operand.
    fn matching(&mut self) -> Parsed<(bool, VectorMatching)> {
        let mut matching = VectorMatching::default();
        let returns_bool = self.accept(&Kind::Keyword(Keyword::Bool)).is_some();
        let side = self.kind().clone();
        if let Kind::Keyword(keyword @ (Keyword::On | Keyword::Ignoring)) = side {
            self.at += 1;
            matching.on = keyword == Keyword::On;
            matching.labels = self.label_list()?;
            let cardinality = match self.kind() {
                Kind::Keyword(Keyword::GroupLeft) => Some(Cardinality::ManyToOne),
                Kind::Keyword(Keyword::GroupRight) => Some(Cardinality::OneToMany),
                _ => None,
            };
            if let Some(cardinality) = cardinality {
                self.at += 1;
                matching.cardinality = cardinality;
                if self.kind() == &Kind::LeftParen {
                    matching.include = self.label_list()?;
                }
            }
        }
        self.fills(&mut matching)?;
        Ok((returns_bool, matching))
    }

    fn fills(&mut self, matching: &mut VectorMatching) -> Parsed<()> {
        loop {
            match self.kind() {
                Kind::Keyword(Keyword::Fill)
                    if matching.fill_left.is_none() && matching.fill_right.is_none() =>
                {
                    let value = self.fill_value()?;
                    matching.fill_left = Some(value);
                    matching.fill_right = Some(value);
                    return Ok(());
                }
                Kind::Keyword(Keyword::FillLeft) if matching.fill_left.is_none() => {
                    matching.fill_left = Some(self.fill_value()?);
                }
                Kind::Keyword(Keyword::FillRight) if matching.fill_right.is_none() => {
                    matching.fill_right = Some(self.fill_value()?);
                }
                _ => return Ok(()),
            }
        }
    }

    fn fill_value(&mut self) -> Parsed<f64> {
        self.at += 1;
        self.expect(&Kind::LeftParen, "", "")?;
        let minus = match self.kind() {
            Kind::Op(BinaryOp::Add) => Some(false),
            Kind::Op(BinaryOp::Sub) => Some(true),
            _ => None,
        };
        self.at += usize::from(minus.is_some());
        if !matches!(self.kind(), Kind::Number | Kind::Duration) {
            return Err(self.unexpected("", ""));
        }
        let (number, _) = self.number_literal()?;
        self.expect(&Kind::RightParen, "", "")?;
        Ok(if minus == Some(true) {
            -number.value
        } else {
            number.value
        })
    }
}
