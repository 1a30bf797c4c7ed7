//! Properties of the parser over made-up texts.

use promql_syntax::{ParseOptions, parse_with};
use proptest::prelude::*;

fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("1".to_owned()),
        Just("-2.5".to_owned()),
        Just("up".to_owned()),
        Just("{a=\"b\",c!~\"d\"}".to_owned()),
        Just("sum".to_owned()),
        Just("x offset 5m @ 3".to_owned()),
        Just("time()".to_owned()),
    ]
}

fn expression() -> impl Strategy<Value = String> {
    leaf().prop_recursive(5, 40, 3, |inner| {
        let op = prop::sample::select(vec![
            "+",
            "-",
            "*",
            "/",
            "%",
            "^",
            "atan2",
            "== bool",
            ">",
            "and",
            "or",
            "unless",
            "* on (a) group_left (b)",
            "+ ignoring (c) fill (0)",
        ]);
        prop_oneof![
            (inner.clone(), op, inner.clone()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!("-{a}")),
            inner.clone().prop_map(|a| format!("sum by (x) ({a})")),
            inner.clone().prop_map(|a| format!("topk(2, {a})")),
            inner
                .clone()
                .prop_map(|a| format!("rate(({a})[5m:1m + step()] offset -1m)")),
            inner.prop_map(|a| format!("clamp({a}, 1, 2)")),
        ]
    })
}

/// The tree as text, without the places of its parts.
fn shape(text: &str) -> Option<String> {
    let tree = format!("{:?}", parse_with(text, ParseOptions::ALL).ok()?);
    let mut shape = String::new();
    for (index, part) in tree.split("Span {").enumerate() {
        let rest = if index == 0 {
            part
        } else {
            part.split_once('}').map_or("", |(_, rest)| rest)
        };
        shape.push_str(rest);
    }
    Some(shape)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn printing_then_parsing_gives_the_same_tree(text in expression()) {
        if let Ok(expr) = parse_with(&text, ParseOptions::ALL) {
            let printed = expr.to_string();
            prop_assert_eq!(shape(&printed), shape(&text), "{}", printed);
        }
    }

    #[test]
    fn no_text_panics(text in ".*") {
        let _ = parse_with(&text, ParseOptions::ALL);
    }

    #[test]
    fn no_soup_of_words_panics(
        words in prop::collection::vec(prop::sample::select(vec![
            "sum", "by", "(", ")", "[", "]", "{", "}", "a", "5m", "1", "+", "-", "^", "offset", "@", ":",
            ",", "\"x\"", "=", "=~", "</", "bool", "on", "group_left", "fill", "start", "step", "min_of",
            "rate", "`", "#", "\n", "anchored", "0x", "1e", "é",
        ]), 0..24),
    ) {
        let _ = parse_with(&words.concat(), ParseOptions::ALL);
        let _ = parse_with(&words.join(" "), ParseOptions::ALL);
    }
}
