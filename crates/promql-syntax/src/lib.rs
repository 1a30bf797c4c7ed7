//! PromQL text to a typed tree with spans.
//!
//! Deliberately not here: evaluation (`promql`) and regular expressions (`storage` compiles them, `promql`
//! checks them before a query runs), so that the crate stays small enough for the browser's editor.
//!
//! ```
//! use promql_syntax::{ValueType, parse};
//!
//! let expr = parse("sum by(job)(rate(http_requests_total[5m]))")?;
//! assert_eq!(expr.value_type(), ValueType::Vector);
//! assert_eq!(expr.to_string(), "sum by (job) (rate(http_requests_total[5m]))");
//!
//! let errors = parse("sum(up").unwrap_err();
//! assert_eq!(errors.to_string(), "1:7: parse error: unclosed left parenthesis");
//! # Ok::<(), promql_syntax::ParseErrors>(())
//! ```
//!
//! Data in: text of at most [`MAX_INPUT_BYTES`], nested at most [`MAX_DEPTH`] deep. Data out: an [`Expr`]
//! whose types are checked, or [`ParseErrors`] with byte spans and Prometheus' messages.
//!
//! Source: Prometheus 3.14, `promql/parser`.

mod ast;
mod check;
mod duration_expr;
mod error;
mod function;
mod lexer;
mod number;
mod parser;
mod pretty;
mod printer;
mod regex_empty;
mod span;
mod token;
mod walk;

pub use ast::{
    Aggregate, AggregateOp, At, Binary, BinaryOp, Call, Cardinality, Expr, ExprKind, Extension,
    MatrixSelector, NumberLiteral, Sign, Subquery, TimeShift, Unary, ValueType, VectorMatching,
    VectorSelector,
};
pub use duration_expr::{
    DurationError, DurationExpr, DurationKind, DurationOp, DurationProblem, Length,
};
pub use error::{ParseError, ParseErrors};
pub use function::{FUNCTIONS, Function};
pub use parser::{
    MAX_DEPTH, MAX_INPUT_BYTES, ParseOptions, parse, parse_metric, parse_selector, parse_with,
};
pub use span::{LineColumn, Span};
