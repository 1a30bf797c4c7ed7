use super::*;
use proptest::prelude::*;
use std::fmt::Write;

fn text_of(node: &Node) -> &str {
    match &node.kind {
        Kind::Scalar { text, .. } => text,
        _ => panic!("no scalar: {node:?}"),
    }
}

#[test]
fn aliases_and_merged_mappings_are_followed() {
    let node = parse("a: &x {k: 1, l: 2}\nb: {<<: *x, l: 3}\nc: *x\n").unwrap();
    let mut fields = Fields::of(&node, "t").unwrap();
    let mut b = Fields::of(fields.take("b").unwrap(), "t").unwrap();
    assert_eq!(text_of(b.take("k").unwrap()), "1");
    assert_eq!(text_of(b.take("l").unwrap()), "3");
    assert!(b.finish().is_ok());
    assert_eq!(
        Fields::of(fields.take("c").unwrap(), "t")
            .unwrap()
            .left()
            .count(),
        2
    );
}

#[test]
fn documents_that_grow_without_end_are_refused() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let before = format!("*a{}", level - 1);
        let items = [before.as_str(); 10].join(", ");
        writeln!(text, "a{level}: &a{level} [{items}]").unwrap();
    }
    let fault = parse(&text).unwrap_err();
    assert!(
        fault.reason.to_string().contains("excessive aliasing"),
        "{fault:?}"
    );
    let deep = "[".repeat(500);
    assert!(parse(&deep).is_err());
}

#[test]
fn nulls_are_fields_that_are_not_there() {
    let node = parse("a:\nb: ~\nc: null\nd: ''\ne: \"null\"\n").unwrap();
    let mut fields = Fields::of(&node, "t").unwrap();
    let there = ["a", "b", "c", "d", "e"].map(|name| fields.take(name).is_some());
    assert_eq!(there, [false, false, false, true, true]);
}

#[test]
fn scalars_are_read_by_the_type_of_the_field() {
    let node = parse("a: 5\nb: yes\nc: 1.5\nd: [1, x]\n").unwrap();
    let mut fields = Fields::of(&node, "t").unwrap();
    assert_eq!(fields.get::<String>("a").unwrap().as_deref(), Some("5"));
    assert_eq!(fields.get::<bool>("b").unwrap(), Some(true));
    assert_eq!(fields.get::<f64>("c").unwrap(), Some(1.5));
    assert_eq!(fields.get::<Vec<String>>("d").unwrap().unwrap(), ["1", "x"]);
    let node = parse("a: x\n").unwrap();
    let fault = Fields::of(&node, "t").unwrap().get::<u64>("a").unwrap_err();
    assert_eq!(
        (fault.line, fault.reason.to_string().as_str()),
        (1, "cannot unmarshal !!str `x` into uint")
    );
}

proptest! {
    #[test]
    fn what_is_written_reads_back(texts in prop::collection::vec("[ -~\n\té]{0,120}", 0..5), key in "[a-z#:, -]{1,8}") {
        let mut section = Section::default();
        section.text(&key, texts.first().map_or("", String::as_str));
        let mut inner = Section::default();
        inner.put("list", Value::List(texts.iter().cloned().map(Value::Text).collect()));
        inner.put("inline", Value::Inline(texts.clone()));
        section.put("inner \u{1}", Value::Map(inner));
        let written = section.render();
        let node = parse(&written).unwrap_or_else(|fault| panic!("{fault:?} in {written}"));
        let mut fields = Fields::of(&node, "t").unwrap();
        let first: String = fields.or_default(&key).unwrap();
        prop_assert_eq!(&first, texts.first().map_or("", String::as_str), "{}", &written);
        let mut inner = Fields::of(fields.take("inner \u{1}").unwrap(), "t").unwrap();
        prop_assert_eq!(&inner.or_default::<Vec<String>>("list").unwrap(), &texts, "{}", &written);
        prop_assert_eq!(&inner.or_default::<Vec<String>>("inline").unwrap(), &texts, "{}", &written);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[ -~\n]{0,200}") {
        let _ = parse(&text);
    }
}
