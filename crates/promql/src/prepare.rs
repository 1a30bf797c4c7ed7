//! Parsing with what only the engine's side can check.

use promql_syntax::{Expr, ExprKind, ParseErrors, ParseOptions, Span};
use storage::CompiledMatcher;

/// Parses `text` and compiles its regular expressions once, so that bad ones are parse errors.
///
/// # Errors
/// [`ParseErrors`], at least one.
pub fn parse(text: &str, options: ParseOptions) -> Result<Expr, ParseErrors> {
    let expr = promql_syntax::parse_with(text, options)?;
    let mut problem: Option<(Span, String)> = None;
    expr.walk(&mut |inner| {
        let selector = match &inner.kind {
            ExprKind::Selector(selector) => selector,
            ExprKind::Matrix(matrix) => &matrix.selector,
            _ => return,
        };
        for matcher in &selector.matchers {
            if let (Err(error), true) = (CompiledMatcher::compile(matcher), problem.is_none()) {
                problem = Some((inner.span, error.to_string()));
            }
        }
    });
    match problem {
        Some((span, message)) => Err(ParseErrors::single(text, span, message)),
        None => Ok(expr),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_regular_expressions_are_parse_errors() {
        let error = parse(r#"sum(up{job=~"("})"#, ParseOptions::default()).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("1:5: parse error: error parsing regexp"),
            "{error}"
        );
    }
}
