//! Filters that hold for every query.

use crate::error::Result;
use crate::json::Reading;
use model::{MatchOp, Matcher};
use promql_syntax::{Expr, ExprKind, parse};
use serde_json::Value;

/// A filter on a label.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AdHocFilter {
    /// Label.
    pub key: String,
    /// `=`, `!=`, `=~`, `!~`, `=|` (one of), `!=|` (none of).
    pub operator: String,
    /// Value.
    pub value: String,
    /// Values, where there are several.
    pub values: Vec<String>,
}

/// What stands for a separator inside the parts of a filter in an address.
const ESCAPES: [(&str, &str); 3] = [("|", "__gfp__"), (",", "__gfc__"), ("#", "__gfh__")];

impl AdHocFilter {
    pub(super) fn read(value: &Value) -> Option<Self> {
        let values = value.texts("values");
        Some(Self {
            key: value.str("key").filter(|key| !key.is_empty())?.to_owned(),
            operator: value.str("operator").unwrap_or("=").to_owned(),
            value: value
                .text("value")
                .or_else(|| values.first().cloned())
                .unwrap_or_default(),
            values,
        })
    }

    /// The filter as addresses have it: `key|operator|value`.
    pub fn to_url(&self) -> String {
        let escape = |text: &str| {
            ESCAPES.iter().fold(text.to_owned(), |text, (plain, code)| {
                text.replace(plain, code)
            })
        };
        let values: &[String] = if self.values.is_empty() {
            std::slice::from_ref(&self.value)
        } else {
            &self.values
        };
        let mut parts = vec![escape(&self.key), escape(&self.operator)];
        parts.extend(values.iter().map(|value| escape(value)));
        parts.join("|")
    }

    /// Reads a filter of an address.
    pub fn from_url(text: &str) -> Option<Self> {
        let unescape = |text: &str| {
            ESCAPES.iter().fold(text.to_owned(), |text, (plain, code)| {
                text.replace(code, plain)
            })
        };
        let mut parts = text.split('|').map(unescape);
        let (key, operator) = (parts.next()?, parts.next()?);
        let values: Vec<String> = parts.collect();
        Some(Self {
            key,
            operator,
            value: values.first()?.clone(),
            values: if values.len() > 1 { values } else { Vec::new() },
        })
    }

    /// The condition on series; none if the operator is not one of PromQL's.
    fn matcher(&self) -> Option<Matcher> {
        let one_of = || {
            let values = if self.values.is_empty() {
                std::slice::from_ref(&self.value)
            } else {
                &self.values
            };
            let escaped: Vec<String> = values.iter().map(|value| escape(value)).collect();
            escaped.join("|")
        };
        let (op, value) = match self.operator.as_str() {
            "=" => (MatchOp::Equal, self.value.clone()),
            "!=" => (MatchOp::NotEqual, self.value.clone()),
            "=~" => (MatchOp::Regex, self.value.clone()),
            "!~" => (MatchOp::NotRegex, self.value.clone()),
            "=|" => (MatchOp::Regex, one_of()),
            "!=|" => (MatchOp::NotRegex, one_of()),
            _ => return None,
        };
        Some(Matcher::new(self.key.clone(), op, value))
    }
}

fn escape(text: &str) -> String {
    crate::regex::escape(text).replace("\\/", "/")
}

/// An expression with filters put into all its selectors, each filter once.
///
/// # Errors
/// [`Error::Promql`](crate::Error::Promql) if it cannot be parsed.
pub fn inject_filters(expr: &str, filters: &[AdHocFilter]) -> Result<String> {
    let matchers: Vec<Matcher> = filters.iter().filter_map(AdHocFilter::matcher).collect();
    if matchers.is_empty() {
        return Ok(expr.to_owned());
    }
    let mut tree = parse(expr)?;
    inject(&mut tree, &matchers);
    Ok(tree.to_string())
}

fn inject(expr: &mut Expr, matchers: &[Matcher]) {
    let add = |own: &mut Vec<Matcher>| {
        for matcher in matchers {
            if !own.contains(matcher) {
                own.push(matcher.clone());
            }
        }
    };
    match &mut expr.kind {
        ExprKind::Number(_) | ExprKind::String(_) => {}
        ExprKind::Selector(selector) => add(&mut selector.matchers),
        ExprKind::Matrix(matrix) => add(&mut matrix.selector.matchers),
        ExprKind::Subquery(subquery) => inject(&mut subquery.expr, matchers),
        ExprKind::Call(call) => call.args.iter_mut().for_each(|arg| inject(arg, matchers)),
        ExprKind::Aggregate(aggregate) => {
            if let Some(param) = &mut aggregate.param {
                inject(param, matchers);
            }
            inject(&mut aggregate.expr, matchers);
        }
        ExprKind::Binary(binary) => {
            inject(&mut binary.left, matchers);
            inject(&mut binary.right, matchers);
        }
        ExprKind::Unary(unary) => inject(&mut unary.operand, matchers),
        ExprKind::Paren(inner) => inject(inner, matchers),
    }
}
