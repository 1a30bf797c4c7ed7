use super::*;
use crate::RuleFields;
use model::Labels;
use proptest::prelude::*;

fn rule(action: &str, sources: &[&str], fields: RuleFields) -> Rule {
    Rule::new(RuleFields {
        action: Some(action.to_owned()),
        source_labels: sources.iter().map(|name| (*name).to_owned()).collect(),
        ..fields
    })
    .unwrap()
}

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

fn regex(pattern: &str) -> RuleFields {
    RuleFields {
        regex: text(pattern),
        ..RuleFields::default()
    }
}

fn target(label: &str) -> RuleFields {
    RuleFields {
        target_label: text(label),
        ..RuleFields::default()
    }
}

/// Applies rules to `{a="foo", b="bar", c="baz"}`; `drop` or the labels.
#[track_caller]
fn check(rules: &[Rule], expected: &str) {
    let mut labels = Labels::from_pairs([("a", "foo"), ("b", "bar"), ("c", "baz")]).to_builder();
    let got = match apply(rules, &mut labels) {
        Verdict::Keep => labels.build().to_string(),
        Verdict::Drop => "drop".to_owned(),
    };
    assert_eq!(got, expected);
}

const SAME: &str = r#"{a="foo", b="bar", c="baz"}"#;

#[test]
fn replace_writes_captures_into_the_target() {
    let replace = |pattern: &str, label: &str, replacement: &str| {
        let fields = RuleFields {
            replacement: text(replacement),
            ..target(label)
        };
        rule(
            "replace",
            &["a", "b"],
            RuleFields {
                regex: text(pattern),
                ..fields
            },
        )
    };
    check(
        &[replace("f(.*);(?P<x>.*)r", "d", "ch${1}-${x}$$")],
        r#"{a="foo", b="bar", c="baz", d="choo-ba$"}"#,
    );
    check(
        &[replace("(f).*", "$1", "x")],
        r#"{a="foo", b="bar", c="baz", f="x"}"#,
    );
    check(&[replace("no", "d", "x")], SAME);
    check(&[replace("f", "d", "x")], SAME);
    check(&[replace("(.*)", "c", "$2")], r#"{a="foo", b="bar"}"#);
    check(&[replace("(.*)", "${2}", "x")], SAME);
}

#[test]
fn defaults_copy_the_joined_sources() {
    check(
        &[rule("replace", &["a", "gone", "b"], target("d"))],
        r#"{a="foo", b="bar", c="baz", d="foo;;bar"}"#,
    );
    let fields = RuleFields {
        separator: text(""),
        ..target("d")
    };
    check(
        &[rule("replace", &["a", "b"], fields)],
        r#"{a="foo", b="bar", c="baz", d="foobar"}"#,
    );
    let fixed = RuleFields {
        replacement: text("fixed"),
        ..target("d")
    };
    check(
        &[rule("replace", &[], fixed)],
        r#"{a="foo", b="bar", c="baz", d="fixed"}"#,
    );
}

#[test]
fn keep_and_drop_match_the_whole_value() {
    check(&[rule("keep", &["a"], regex("fo"))], "drop");
    check(&[rule("keep", &["a"], regex("f.*|x"))], SAME);
    check(&[rule("drop", &["a"], regex("fo"))], SAME);
    check(&[rule("drop", &["a"], regex("foo"))], "drop");
    check(&[rule("drop", &["gone"], regex(""))], "drop");
    check(
        &[
            rule("drop", &["a"], regex("foo")),
            rule("lowercase", &["b"], target("d")),
        ],
        "drop",
    );
}

#[test]
fn keepequal_and_dropequal_compare_with_the_target() {
    check(&[rule("keepequal", &["a"], target("b"))], "drop");
    check(&[rule("dropequal", &["a"], target("b"))], SAME);
    check(&[rule("keepequal", &["gone"], target("gone_too"))], SAME);
    check(&[rule("dropequal", &["a"], target("a"))], "drop");
}

#[test]
fn hashmod_is_the_low_half_of_md5() {
    let fields = RuleFields {
        modulus: Some(1000),
        ..target("d")
    };
    // md5("foo") = acbd18db4cc2f85cedef654fccc4a4d8; 0xedef654fccc4a4d8 mod 1000.
    let expected = 0xedef_654f_ccc4_a4d8_u64 % 1000;
    check(
        &[rule("hashmod", &["a"], fields)],
        &format!(r#"{{a="foo", b="bar", c="baz", d="{expected}"}}"#),
    );
}

#[test]
fn names_are_mapped_dropped_and_kept() {
    let map = RuleFields {
        replacement: text("meta_$1"),
        ..regex("(a|b)")
    };
    check(
        &[rule("labelmap", &[], map)],
        r#"{a="foo", b="bar", c="baz", meta_a="foo", meta_b="bar"}"#,
    );
    check(&[rule("labeldrop", &[], regex("a|c"))], r#"{b="bar"}"#);
    check(
        &[rule("labelkeep", &[], regex("a|c"))],
        r#"{a="foo", c="baz"}"#,
    );
}

#[test]
fn case_is_changed_in_any_alphabet() {
    let mut labels = Labels::from_pairs([("a", "ÄbC")]).to_builder();
    apply(
        &[
            rule("lowercase", &["a"], target("l")),
            rule("uppercase", &["a"], target("u")),
        ],
        &mut labels,
    );
    assert_eq!(labels.build().to_string(), r#"{a="ÄbC", l="äbc", u="ÄBC"}"#);
}

proptest! {
    #[test]
    fn labeldrop_and_labelkeep_split_the_labels(names in proptest::collection::btree_set("[a-c]{1,3}", 0..6)) {
        let labels = Labels::from_pairs(names.iter().map(|name| (name, "v")));
        let (mut dropped, mut kept) = (labels.to_builder(), labels.to_builder());
        apply(&[rule("labeldrop", &[], regex("a.*|.*b"))], &mut dropped);
        apply(&[rule("labelkeep", &[], regex("a.*|.*b"))], &mut kept);
        let (dropped, kept) = (dropped.build(), kept.build());
        prop_assert_eq!(dropped.len() + kept.len(), labels.len());
        prop_assert!(kept.iter().all(|(name, _)| dropped.get(name).is_none()));
    }
}
