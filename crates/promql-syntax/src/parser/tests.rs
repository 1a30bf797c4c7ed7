use super::*;
use crate::ast::{AggregateOp, BinaryOp, Cardinality, Extension};
use crate::duration_expr::Length;
use crate::function::FUNCTIONS;
use model::DurationMs;

fn all(input: &str) -> Expr {
    match parse_with(input, ParseOptions::ALL) {
        Ok(expr) => expr,
        Err(errors) => panic!("{input}: {errors}"),
    }
}

/// Source: item P020 of the inventory of Prometheus 3.14.
#[test]
fn expressions_print_in_canonical_form() {
    for (input, printed) in [
        ("1", "1"),
        ("-1", "-1"),
        ("+0x1F", "31"),
        ("5m", "5m"),
        ("1_000.5e0", ""),
        ("Inf", "+Inf"),
        ("'a\\'b'", "\"a'b\""),
        ("`a\\n`", r#""a\\n""#),
        ("up", "up"),
        ("up{}", "up"),
        (r#"up{job="a",b!~"c.*",}"#, r#"up{b!~"c.*",job="a"}"#),
        (
            r#"{"my.metric", "lab.el"="v"}"#,
            r#"{"lab.el"="v",__name__="my.metric"}"#,
        ),
        ("sum by(a,b)(x)", "sum by (a, b) (x)"),
        ("sum(x) without (a)", "sum without (a) (x)"),
        ("SUM (x) BY ()", "sum(x)"),
        ("topk by (\"a.b\") (3, x)", "topk by (\"a.b\") (3, x)"),
        ("count_values('v', x)", "count_values(\"v\", x)"),
        ("a+b*c^d", "a + b * c ^ d"),
        ("-a^2", "-a ^ 2"),
        ("a==bool b", "a == bool b"),
        ("a / on(x) group_left b", "a / on (x) group_left () b"),
        (
            "a * ignoring(x) group_right(y) b",
            "a * ignoring (x) group_right (y) b",
        ),
        ("a + fill(0) b", "a + fill (0) b"),
        (
            "a + on(x) fill_right(-1) fill_left(2) b",
            "a + on (x) fill_left (2) fill_right (-1) b",
        ),
        ("fill + fill", "fill + fill"),
        ("sum", "sum"),
        ("rate(x[5m])", "rate(x[5m])"),
        ("rate(x[300])", "rate(x[5m])"),
        ("x offset 5m", "x offset 5m"),
        ("x offset -1h", "x offset -1h"),
        ("x @ 1.5 offset 1m", "x @ 1.500 offset 1m"),
        ("x offset 1m @ start()", "x @ start() offset 1m"),
        ("x[5m] @ end()", "x[5m] @ end()"),
        ("x[5m:1m] offset 1m", "x[5m:1m] offset 1m"),
        ("rate(x[1m])[5m:]", "rate(x[1m])[5m:]"),
        ("x[1m + 2*3s]", "x[1m + 2 * 3s]"),
        ("x[step()]", "x[step()]"),
        ("x offset (1m - 30s)", "x offset (1m - 30s)"),
        (
            "x offset -min_of(1m, range())",
            "x offset -min_of(1m, range())",
        ),
        ("x[5m] anchored", "x[5m] anchored"),
        ("x smoothed", "x smoothed"),
        ("a </ 5", "a </ 5"),
        ("pi() + max_of(1, 2)", "pi() + max_of(1, 2)"),
        ("start", "start"),
        ("start()", "start()"),
        ("info(x, {a=~\".*\"})", "info(x, {a=~\".*\"})"),
        ("# hi\n a # there", "a"),
    ] {
        if printed.is_empty() {
            assert!(parse_with(input, ParseOptions::ALL).is_err(), "{input}");
            continue;
        }
        let expr = all(input);
        assert_eq!(expr.to_string(), printed, "{input}");
        assert_eq!(all(printed).to_string(), printed, "again: {input}");
    }
}

#[test]
fn operators_bind_as_in_prometheus() {
    let top = |input: &str| match all(input).kind {
        ExprKind::Binary(binary) => binary.op,
        other => panic!("{other:?}"),
    };
    assert_eq!(top("a or b and c"), BinaryOp::Or);
    assert_eq!(top("a and b == c"), BinaryOp::And);
    assert_eq!(top("a - b - c"), BinaryOp::Sub);
    let ExprKind::Binary(power) = all("a ^ b ^ c").kind else {
        panic!()
    };
    assert_eq!(power.left.to_string(), "a");
    let ExprKind::Binary(minus) = all("a - b - c").kind else {
        panic!()
    };
    assert_eq!(minus.left.to_string(), "a - b");
    assert_eq!(top("x offset 5m + 3"), BinaryOp::Add);
    assert_eq!(top("x offset -2 ^ 2"), BinaryOp::Pow);
}

#[test]
fn parts_of_the_tree_are_typed_and_placed() {
    let expr = all("sum(rate(up[5m]))");
    let ExprKind::Aggregate(aggregate) = &expr.kind else {
        panic!()
    };
    assert_eq!(aggregate.op, AggregateOp::Sum);
    assert_eq!(
        aggregate.expr.span.text("sum(rate(up[5m]))"),
        "rate(up[5m])"
    );
    let ExprKind::Call(call) = &aggregate.expr.kind else {
        panic!()
    };
    let ExprKind::Matrix(matrix) = &call.args[0].kind else {
        panic!()
    };
    assert_eq!(matrix.range, Length::Fixed(DurationMs(300_000)));

    let ExprKind::Binary(binary) = all("a * on(x) group_left(y) b").kind else {
        panic!()
    };
    assert_eq!(binary.matching.unwrap().cardinality, Cardinality::ManyToOne);
    let ExprKind::Selector(selector) = all("a anchored").kind else {
        panic!()
    };
    assert_eq!(selector.extension, Some(Extension::Anchored));
}

/// Source: item P088 of the inventory of Prometheus 3.14.
#[test]
fn errors_of_syntax_say_what_prometheus_says() {
    check_messages(&[
        ("", "1:1: parse error: no expression found in input"),
        ("1 +", "1:4: parse error: unexpected end of input"),
        ("sum(", "1:5: parse error: unclosed left parenthesis"),
        ("a)", "1:2: parse error: unexpected right parenthesis ')'"),
        ("\n a b", "2:4: parse error: unexpected identifier \"b\""),
        (
            "sum()",
            "1:1: parse error: no arguments for aggregate expression provided",
        ),
        (
            "sum(a, b)",
            "1:1: parse error: wrong number of arguments for aggregate expression provided, expected 1, got 2",
        ),
        (
            "limitk(1, a)",
            "1:1: parse error: limitk() is experimental and must be enabled with --enable-feature=promql-experimental-functions",
        ),
        (
            "mad_over_time(a[1m])",
            "1:1: parse error: function \"mad_over_time\" is not enabled",
        ),
        (
            "rate(a)",
            "1:6: parse error: expected type range vector in call to function \"rate\", got instant vector",
        ),
        (
            "a + bool b",
            "1:3: parse error: bool modifier can only be used on comparison operators",
        ),
        (
            "1 == 1",
            "1:3: parse error: comparisons between scalars must use BOOL modifier",
        ),
        (
            "a + on(x) group_left(x) b",
            "1:3: parse error: label \"x\" must not occur in ON and GROUP clause at once",
        ),
        (
            "a + on(x) 1",
            "1:1: parse error: vector matching only allowed between instant vectors",
        ),
    ]);
}

/// Source: item P088 of the inventory of Prometheus 3.14.
#[test]
fn errors_of_meaning_say_what_prometheus_says() {
    check_messages(&[
        (
            "a and on(x) group_left b",
            "1:1: parse error: no grouping allowed for \"and\" operation",
        ),
        (
            "a and 1",
            "1:1: parse error: set operator \"and\" not allowed in binary scalar expression",
        ),
        (
            "pi(1)",
            "1:1: parse error: expected 0 argument(s) in call to \"pi\", got 1",
        ),
        (
            "label_join(a)",
            "1:1: parse error: expected at least 3 argument(s) in call to \"label_join\", got 1",
        ),
        (
            "hour(a, b)",
            "1:1: parse error: expected at most 1 argument(s) in call to \"hour\", got 2",
        ),
        (
            "-a[5m]",
            "1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got \"range vector\"",
        ),
        (
            "1[5m:]",
            "1:1: parse error: subquery is only allowed on instant vector, got scalar instead",
        ),
        (
            r#"a{__name__="b"}"#,
            "1:1: parse error: metric name must not be set twice: \"a\" or \"b\"",
        ),
        (
            r#"{a=~".*"}"#,
            "1:1: parse error: vector selector must contain at least one non-empty matcher",
        ),
        (
            "(a)[5m]",
            "1:4: parse error: ranges only allowed for vector selectors",
        ),
        (
            "a offset 1m offset 2m",
            "1:1: parse error: offset may not be set multiple times",
        ),
        (
            "a @ 1 @ 2",
            "1:1: parse error: @ <timestamp> may not be set multiple times",
        ),
        (
            "1 offset 1m",
            "1:1: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery",
        ),
        (
            "a @ Inf",
            "1:1: parse error: timestamp out of bounds for @ modifier: +Inf",
        ),
        (
            "a + fill(1) b",
            "1:1: parse error: binop fill modifiers are experimental and not enabled",
        ),
        (
            "a[5m] anchored",
            "1:1: parse error: anchored modifier is experimental and not enabled",
        ),
        (
            "nope(a)",
            "1:1: parse error: unknown function with name \"nope\"",
        ),
        ("a[99999y]", "1:3: parse error: duration out of range"),
        ("a[0]", "1:3: parse error: duration must be greater than 0"),
        ("a[5m", "1:5: parse error: unclosed left bracket"),
        (
            "a{b=c}",
            "1:5: parse error: unexpected identifier \"c\" in label matching, expected string",
        ),
        (
            "abs(a,)",
            "1:6: parse error: trailing commas not allowed in function call args",
        ),
        (
            "sum by a (b)",
            "1:8: parse error: unexpected identifier \"a\" in grouping opts, expected \"(\"",
        ),
        ("a atan2", "1:8: parse error: unexpected end of input"),
        ("\"a", "1:1: parse error: unterminated quoted string"),
    ]);
}

#[track_caller]
fn check_messages(cases: &[(&str, &str)]) {
    for (input, message) in cases {
        let errors = parse(input).map(|expr| expr.to_string()).unwrap_err();
        assert_eq!(errors.to_string(), *message, "{input}");
    }
}

#[test]
fn several_type_errors_are_all_told() {
    assert_eq!(parse("rate(a) + deriv(b)").unwrap_err().iter().count(), 2);
}

#[test]
fn all_functions_parse() {
    for function in FUNCTIONS {
        let arg = |kind: &crate::ValueType| match kind {
            crate::ValueType::Scalar => "1",
            crate::ValueType::Vector => "{a=\"b\"}",
            crate::ValueType::Matrix => "a[5m]",
            crate::ValueType::String => "\"s\"",
        };
        let args: Vec<&str> = function.args.iter().map(arg).collect();
        let text = format!("{}({})", function.name, args.join(", "));
        assert_eq!(all(&text).value_type(), function.returns, "{text}");
        assert_eq!(parse(&text).is_err(), function.experimental, "{text}");
    }
}

#[test]
fn selectors_and_metrics_stand_alone() {
    let matchers = parse_selector(r#"up{job=~"a|b"}"#).unwrap();
    assert_eq!(matchers.len(), 2);
    assert!(parse_selector("up[5m]").is_err());
    let labels = parse_metric(r#"up{a="1", "b.c"="2"}"#).unwrap();
    assert_eq!(labels.to_string(), r#"up{a="1", "b.c"="2"}"#);
    assert!(parse_metric(r#"up{a!="1"}"#).is_err());
}

#[test]
fn depth_is_limited_on_a_small_stack() {
    for (open, close) in [
        ("(", ")"),
        ("-", ""),
        ("abs(", ")"),
        ("sum(", ")"),
        ("2^", ""),
        ("x[", ""),
    ] {
        let text = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        let thread = std::thread::Builder::new().stack_size(2 << 20);
        let errors = thread
            .spawn(move || parse(&text).unwrap_err())
            .unwrap()
            .join()
            .unwrap();
        assert!(errors.iter().next().is_some());
    }
    let chain = format!("a{}", " + a".repeat(10_000));
    assert!(
        parse(&chain)
            .unwrap_err()
            .to_string()
            .contains("levels deep")
    );
    assert!(parse(&format!("a{}", " + a".repeat(200))).is_ok());
    let long = format!("x[1{}]", " + 1".repeat(10_000));
    assert!(
        parse(&long)
            .unwrap_err()
            .to_string()
            .contains("levels deep")
    );
    assert!(parse(&" ".repeat(MAX_INPUT_BYTES + 1)).is_err());
}
