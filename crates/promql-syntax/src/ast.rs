//! The tree.

use crate::duration_expr::Length;
use crate::function::Function;
use crate::span::Span;
use model::Matcher;

/// The type of an expression's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// One number per step.
    Scalar,
    /// Any number of series, one sample each per step.
    Vector,
    /// Any number of series, any number of samples each.
    Matrix,
    /// A text.
    String,
}

impl ValueType {
    /// The word of the HTTP API: `scalar`, `vector`, `matrix`, `string`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Vector => "vector",
            Self::Matrix => "matrix",
            Self::String => "string",
        }
    }

    /// The words of the documentation and of error messages: `instant vector`, `range vector`.
    pub fn documented(self) -> &'static str {
        match self {
            Self::Vector => "instant vector",
            Self::Matrix => "range vector",
            Self::Scalar | Self::String => self.as_str(),
        }
    }
}

/// An expression with its place in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A number or a duration.
    Number(NumberLiteral),
    /// A text.
    String(String),
    /// An instant vector selector.
    Selector(VectorSelector),
    /// A range vector selector.
    Matrix(MatrixSelector),
    /// An instant vector expression evaluated over a range.
    Subquery(Box<Subquery>),
    /// A function call.
    Call(Call),
    /// An aggregation.
    Aggregate(Box<Aggregate>),
    /// Two operands.
    Binary(Box<Binary>),
    /// A sign before an operand.
    Unary(Box<Unary>),
    /// An expression in parentheses.
    Paren(Box<Expr>),
}

impl Expr {
    /// The type of the value.
    pub fn value_type(&self) -> ValueType {
        let mut expr = self;
        loop {
            expr = match &expr.kind {
                ExprKind::Number(_) => return ValueType::Scalar,
                ExprKind::String(_) => return ValueType::String,
                ExprKind::Selector(_) | ExprKind::Aggregate(_) => return ValueType::Vector,
                ExprKind::Matrix(_) | ExprKind::Subquery(_) => return ValueType::Matrix,
                ExprKind::Call(call) => return call.function.returns,
                ExprKind::Binary(binary) => return binary.value_type,
                ExprKind::Unary(unary) => &unary.operand,
                ExprKind::Paren(inner) => inner,
            };
        }
    }

    /// The expression without the parentheses around it.
    pub fn unparenthesised(&self) -> &Expr {
        let mut expr = self;
        while let ExprKind::Paren(inner) = &expr.kind {
            expr = inner;
        }
        expr
    }
}

/// A number as it is written, sign included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NumberLiteral {
    /// Value. Units: seconds if it is a duration.
    pub value: f64,
    /// Whether it is written as a duration (`5m`).
    pub duration: bool,
}

/// `name{label="value"}` with its modifiers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VectorSelector {
    /// The metric name in front of the braces.
    pub name: Option<String>,
    /// Conditions inside the braces, as written.
    pub matchers: Vec<Matcher>,
    /// `offset` and `@`.
    pub shift: TimeShift,
    /// `anchored` or `smoothed`.
    pub extension: Option<Extension>,
}

impl VectorSelector {
    /// All conditions, that on the name in front of the braces included.
    pub fn all_matchers(&self) -> Vec<Matcher> {
        let mut all = self.matchers.clone();
        all.extend(self.name.as_deref().map(Matcher::metric));
        all
    }
}

/// `selector[range]`; the modifiers are the selector's.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixSelector {
    /// Which series, and the modifiers that follow the range.
    pub selector: VectorSelector,
    /// Length of the window.
    pub range: Length,
}

/// `expr[range:step]` with its modifiers.
#[derive(Debug, Clone, PartialEq)]
pub struct Subquery {
    /// The inner expression.
    pub expr: Expr,
    /// Length of the window.
    pub range: Length,
    /// Distance of inner steps; the engine's default if not written.
    pub step: Option<Length>,
    /// `offset` and `@`.
    pub shift: TimeShift,
}

/// Moves the time at which a selector or subquery looks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TimeShift {
    /// `offset`, as written: positive looks back.
    pub offset: Option<Length>,
    /// `@`.
    pub at: Option<At>,
}

/// The time after `@`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// A fixed time. Units: milliseconds since the epoch.
    Time(i64),
    /// `@ start()`: the first step of the query.
    Start,
    /// `@ end()`: the last step of the query.
    End,
}

/// How a selector looks past the ends of its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extension {
    /// The sample at or before the window's start counts as its left end.
    Anchored,
    /// Both ends are interpolated.
    Smoothed,
}

impl Extension {
    /// The keyword.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anchored => "anchored",
            Self::Smoothed => "smoothed",
        }
    }
}

/// `function(args)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Which function.
    pub function: &'static Function,
    /// Arguments in order.
    pub args: Vec<Expr>,
}

/// The sign of a [`Unary`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// `+`
    Plus,
    /// `-`
    Minus,
}

/// A sign before an operand that is no number.
#[derive(Debug, Clone, PartialEq)]
pub struct Unary {
    /// The sign.
    pub sign: Sign,
    /// The operand.
    pub operand: Expr,
}

/// Two operands and the operator between.
#[derive(Debug, Clone, PartialEq)]
pub struct Binary {
    /// Operator.
    pub op: BinaryOp,
    /// Left operand.
    pub left: Expr,
    /// Right operand.
    pub right: Expr,
    /// `bool`: comparisons give 0 or 1 and filter nothing.
    pub returns_bool: bool,
    /// How elements find each other; `None` where an operand is a scalar.
    pub matching: Option<VectorMatching>,
    /// Scalar if both operands are.
    pub value_type: ValueType,
}

/// Operators between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Mod,
    /// `^`
    Pow,
    /// `atan2`
    Atan2,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `>`
    Greater,
    /// `<=`
    LessEqual,
    /// `>=`
    GreaterEqual,
    /// `</`: cuts a histogram's buckets above a bound.
    TrimUpper,
    /// `>/`: cuts a histogram's buckets below a bound.
    TrimLower,
    /// `and`
    And,
    /// `or`
    Or,
    /// `unless`
    Unless,
}

impl BinaryOp {
    /// The operator as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Mod => "%",
            Self::Pow => "^",
            Self::Atan2 => "atan2",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::Greater => ">",
            Self::LessEqual => "<=",
            Self::GreaterEqual => ">=",
            Self::TrimUpper => "</",
            Self::TrimLower => ">/",
            Self::And => "and",
            Self::Or => "or",
            Self::Unless => "unless",
        }
    }

    /// Whether the operator compares.
    pub fn is_comparison(self) -> bool {
        matches!(
            self,
            Self::Equal
                | Self::NotEqual
                | Self::Less
                | Self::Greater
                | Self::LessEqual
                | Self::GreaterEqual
        )
    }

    /// Whether the operator works on sets of series: `and`, `or`, `unless`.
    pub fn is_set(self) -> bool {
        matches!(self, Self::And | Self::Or | Self::Unless)
    }

    /// How tightly the operator binds; higher binds tighter.
    pub fn precedence(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And | Self::Unless => 2,
            Self::Equal
            | Self::NotEqual
            | Self::Less
            | Self::Greater
            | Self::LessEqual
            | Self::GreaterEqual
            | Self::TrimUpper
            | Self::TrimLower => 3,
            Self::Add | Self::Sub => 4,
            Self::Mul | Self::Div | Self::Mod | Self::Atan2 => 5,
            Self::Pow => 6,
        }
    }
}

/// Which elements of the two sides belong together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VectorMatching {
    /// How many elements may share a partner.
    pub cardinality: Cardinality,
    /// Labels of `on` or `ignoring`.
    pub labels: Vec<String>,
    /// Whether `labels` are those to compare (`on`), not those to leave out.
    pub on: bool,
    /// Labels of `group_left` or `group_right`, copied from the "one" side.
    pub include: Vec<String>,
    /// Value of a missing left element.
    pub fill_left: Option<f64>,
    /// Value of a missing right element.
    pub fill_right: Option<f64>,
}

/// How many elements of one side may match how many of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cardinality {
    /// Pairs.
    #[default]
    OneToOne,
    /// `group_left`: many on the left share one on the right.
    ManyToOne,
    /// `group_right`: many on the right share one on the left.
    OneToMany,
    /// Set operators.
    ManyToMany,
}

impl Cardinality {
    /// The words of the HTTP API: `one-to-one` and so on.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OneToOne => "one-to-one",
            Self::ManyToOne => "many-to-one",
            Self::OneToMany => "one-to-many",
            Self::ManyToMany => "many-to-many",
        }
    }
}

/// `op by (labels) (param, expr)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// Which aggregation.
    pub op: AggregateOp,
    /// What is aggregated.
    pub expr: Expr,
    /// First argument of the aggregations that take one.
    pub param: Option<Expr>,
    /// Labels of `by` or `without`.
    pub grouping: Vec<String>,
    /// Whether `grouping` are the labels to leave out.
    pub without: bool,
}

/// Aggregations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the language's own")]
pub enum AggregateOp {
    Sum,
    Avg,
    Count,
    Min,
    Max,
    Group,
    Stddev,
    Stdvar,
    Topk,
    Bottomk,
    CountValues,
    Quantile,
    Limitk,
    LimitRatio,
}

impl AggregateOp {
    /// Every aggregation.
    pub const ALL: [Self; 14] = [
        Self::Sum,
        Self::Avg,
        Self::Count,
        Self::Min,
        Self::Max,
        Self::Group,
        Self::Stddev,
        Self::Stdvar,
        Self::Topk,
        Self::Bottomk,
        Self::CountValues,
        Self::Quantile,
        Self::Limitk,
        Self::LimitRatio,
    ];

    /// The keyword.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Count => "count",
            Self::Min => "min",
            Self::Max => "max",
            Self::Group => "group",
            Self::Stddev => "stddev",
            Self::Stdvar => "stdvar",
            Self::Topk => "topk",
            Self::Bottomk => "bottomk",
            Self::CountValues => "count_values",
            Self::Quantile => "quantile",
            Self::Limitk => "limitk",
            Self::LimitRatio => "limit_ratio",
        }
    }

    /// The type of the parameter, for the aggregations that take one.
    pub fn param_type(self) -> Option<ValueType> {
        match self {
            Self::Topk | Self::Bottomk | Self::Quantile | Self::Limitk | Self::LimitRatio => {
                Some(ValueType::Scalar)
            }
            Self::CountValues => Some(ValueType::String),
            _ => None,
        }
    }

    /// Whether the aggregation must be enabled first.
    pub fn is_experimental(self) -> bool {
        matches!(self, Self::Limitk | Self::LimitRatio)
    }
}
