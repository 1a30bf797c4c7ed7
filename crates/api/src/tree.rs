//! `/api/v1/parse_query`: an expression's tree as JSON.
//!
//! Source: Prometheus' `web/api/v1/translate_ast.go`.

use crate::error::ApiError;
use crate::params::Params;
use crate::response::success;
use crate::state::ApiState;
use axum::extract::State;
use axum::response::Response;
use model::{DurationMs, Matcher};
use promql_syntax::{
    At, DurationExpr, DurationKind, Expr, ExprKind, Extension, Length, Sign, TimeShift, ValueType,
    VectorMatching, VectorSelector,
};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// `/api/v1/parse_query`
pub(crate) async fn parse_query(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    let text = params.get("query").unwrap_or_default();
    let expr = promql::parse(text, state.parse_options);
    let expr = expr.map_err(|error| ApiError::parameter("query", error))?;
    Ok(success(tree(&expr)))
}

/// The tree below `expr`.
fn tree(expr: &Expr) -> Value {
    match &expr.kind {
        ExprKind::Number(number) => {
            json!({ "type": "numberLiteral", "val": model::format_plain(number.value) })
        }
        ExprKind::String(text) => json!({ "type": "stringLiteral", "val": text }),
        ExprKind::Paren(inner) => json!({ "type": "parenExpr", "expr": tree(inner) }),
        ExprKind::Unary(unary) => json!({
            "type": "unaryExpr",
            "op": sign(unary.sign),
            "expr": tree(&unary.operand),
        }),
        ExprKind::Selector(selector) => {
            let mut node = selector_fields(selector);
            node.insert("type".into(), "vectorSelector".into());
            Value::Object(node)
        }
        ExprKind::Matrix(matrix) => {
            let mut node = selector_fields(&matrix.selector);
            node.insert("type".into(), "matrixSelector".into());
            length_fields("range", Some(&matrix.range), &mut node);
            Value::Object(node)
        }
        ExprKind::Subquery(subquery) => {
            let mut node = Map::new();
            node.insert("type".into(), "subquery".into());
            node.insert("expr".into(), tree(&subquery.expr));
            length_fields("range", Some(&subquery.range), &mut node);
            length_fields("step", subquery.step.as_ref(), &mut node);
            shift_fields(&subquery.shift, &mut node);
            Value::Object(node)
        }
        ExprKind::Call(call) => json!({
            "type": "call",
            "func": {
                "name": call.function.name,
                "argTypes": call.function.args.iter().map(|one| one.as_str()).collect::<Vec<_>>(),
                "variadic": call.function.variadic,
                "returnType": ValueType::as_str(call.function.returns),
            },
            "args": call.args.iter().map(tree).collect::<Vec<_>>(),
        }),
        ExprKind::Aggregate(aggregate) => json!({
            "type": "aggregation",
            "op": aggregate.op.as_str(),
            "expr": tree(&aggregate.expr),
            "param": aggregate.param.as_ref().map(tree),
            "grouping": aggregate.grouping,
            "without": aggregate.without,
        }),
        ExprKind::Binary(binary) => json!({
            "type": "binaryExpr",
            "op": binary.op.as_str(),
            "lhs": tree(&binary.left),
            "rhs": tree(&binary.right),
            "matching": binary.matching.as_ref().map(matching),
            "bool": binary.returns_bool,
        }),
    }
}

fn sign(sign: Sign) -> &'static str {
    match sign {
        Sign::Plus => "+",
        Sign::Minus => "-",
    }
}

fn matching(matching: &VectorMatching) -> Value {
    json!({
        "card": matching.cardinality.as_str(),
        "labels": matching.labels,
        "on": matching.on,
        "include": matching.include,
        "fillValues": { "lhs": matching.fill_left, "rhs": matching.fill_right },
    })
}

fn selector_fields(selector: &VectorSelector) -> Map<String, Value> {
    let matcher =
        |one: &Matcher| json!({ "name": one.name, "value": one.value, "type": one.op.as_str() });
    let mut node = Map::new();
    node.insert(
        "name".into(),
        selector.name.clone().unwrap_or_default().into(),
    );
    let matchers: Vec<Value> = selector.all_matchers().iter().map(matcher).collect();
    node.insert("matchers".into(), matchers.into());
    let is = |extension| (selector.extension == Some(extension)).into();
    node.insert("anchored".into(), is(Extension::Anchored));
    node.insert("smoothed".into(), is(Extension::Smoothed));
    shift_fields(&selector.shift, &mut node);
    node
}

fn shift_fields(shift: &TimeShift, node: &mut Map<String, Value>) {
    length_fields("offset", shift.offset.as_ref(), node);
    let (time, end) = match shift.at {
        None => (Value::Null, Value::Null),
        Some(At::Time(time)) => (time.into(), Value::Null),
        Some(At::Start) => (Value::Null, "start".into()),
        Some(At::End) => (Value::Null, "end".into()),
    };
    node.insert("timestamp".into(), time);
    node.insert("startOrEnd".into(), end);
}

/// A length in milliseconds (0 where it has to be computed) and, if it has to be, how.
fn length_fields(name: &str, length: Option<&Length>, node: &mut Map<String, Value>) {
    let (millis, how) = match length {
        None => (DurationMs(0), None),
        Some(Length::Fixed(length)) => (*length, None),
        Some(Length::Computed(expr)) => (DurationMs(0), Some(duration(expr))),
    };
    node.insert(name.to_owned(), millis.0.into());
    node.insert(format!("{name}Expr"), how.unwrap_or(Value::Null));
}

fn duration(expr: &DurationExpr) -> Value {
    let node = |op: &str, left: Value, right: Value, wrapped: bool| json!({ "type": "durationExpr", "op": op, "lhs": left, "rhs": right, "wrapped": wrapped });
    match &expr.kind {
        DurationKind::Number(seconds, _) => {
            json!({ "type": "numberLiteral", "val": model::format_plain(*seconds) })
        }
        DurationKind::Step => node("step", Value::Null, Value::Null, false),
        DurationKind::Range => node("range", Value::Null, Value::Null, false),
        DurationKind::MinOf(left, right) => node("min", duration(left), duration(right), false),
        DurationKind::MaxOf(left, right) => node("max", duration(left), duration(right), false),
        DurationKind::Unary(one, operand) => {
            node(sign(*one), Value::Null, duration(operand), false)
        }
        DurationKind::Binary(op, left, right) => {
            node(op.as_str(), duration(left), duration(right), false)
        }
        DurationKind::Paren(inner) => {
            let mut inner = duration(inner);
            if let Some(wrapped) = inner.get_mut("wrapped") {
                *wrapped = true.into();
            }
            inner
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Value {
        tree(&promql_syntax::parse(text).unwrap())
    }

    #[test]
    fn selectors_carry_matchers_range_and_modifiers() {
        assert_eq!(
            parsed(r#"up{job="a"}[5m] offset 1m @ end()"#),
            json!({
                "type": "matrixSelector", "name": "up", "range": 300_000, "rangeExpr": null,
                "offset": 60_000, "offsetExpr": null, "timestamp": null, "startOrEnd": "end",
                "anchored": false, "smoothed": false,
                "matchers": [
                    { "name": "job", "value": "a", "type": "=" },
                    { "name": "__name__", "value": "up", "type": "=" },
                ],
            })
        );
    }

    #[test]
    fn operators_carry_their_matching_and_calls_their_signature() {
        let node = parsed("rate(a[1m]) / on (x) group_left (y) sum by (x) (b)");
        assert_eq!(node["type"], "binaryExpr");
        assert_eq!(
            node["matching"],
            json!({
                "card": "many-to-one", "labels": ["x"], "on": true, "include": ["y"],
                "fillValues": { "lhs": null, "rhs": null },
            })
        );
        assert_eq!(
            node["lhs"]["func"],
            json!({ "name": "rate", "argTypes": ["matrix"], "variadic": 0, "returnType": "vector" })
        );
        assert_eq!(node["rhs"]["grouping"], json!(["x"]));
        assert_eq!(parsed("1.50")["val"], "1.5");
    }
}
