use super::*;
use model::Labels;

#[track_caller]
fn check(format: &str, values: &[Value], expected: &str) {
    assert_eq!(printf(format, values), expected, "{format}");
}

#[test]
fn verbs_print_what_go_prints() {
    let (hi, three, half) = (Value::from("hi"), Value::Int(3), Value::Float(3.5));
    check(
        "%d|%s",
        &[hi.clone(), three.clone()],
        "%!d(string=hi)|%!s(int=3)",
    );
    check(
        "%x|%X|% x",
        &[hi.clone(), hi.clone(), hi.clone()],
        "6869|6869|68 69",
    );
    check(
        "%05d|%-5d|%5s|%.2s|%6d",
        &[
            Value::Int(42),
            Value::Int(42),
            "ab".into(),
            "abcd".into(),
            Value::Int(-42),
        ],
        "00042|42   |   ab|ab|   -42",
    );
    check("%[2]d %[1]d %d", &[Value::Int(1), Value::Int(2)], "2 1 2");
    check(
        "%*d|%-*d|%.*f",
        &[
            Value::Int(5),
            Value::Int(42),
            Value::Int(5),
            Value::Int(42),
            Value::Int(2),
            Value::Float(3.14259),
        ],
        "   42|42   |3.14",
    );
    check(
        "%d %f",
        &[half.clone(), three.clone()],
        "%!d(float64=3.5) %!f(int=3)",
    );
    check(
        "%6.2f%%|%+.1e|%G|% d|%c|%U|%b|%o",
        &[
            Value::Float(12.345),
            Value::Float(12345.678),
            Value::Float(1e-10),
            Value::Int(7),
            Value::Int(120),
            Value::Int(120),
            Value::Int(5),
            Value::Int(8),
        ],
        " 12.35%|+1.2e+04|1E-10| 7|x|U+0078|101|10",
    );
    check(
        "%08.3f %+v %x",
        &[Value::Float(-3.14259), Value::Float(2.5), "é".into()],
        "-003.143 +2.5 c3a9",
    );
    check(
        "%v %t %T %v",
        &[true.into(), true.into(), half.clone(), Value::Nil],
        "true true float64 <nil>",
    );
    check("%d", &[], "%!d(MISSING)");
    check("%", &[], "%!(NOVERB)");
    check("a", std::slice::from_ref(&three), "a%!(EXTRA int=3)");
    check(
        "%q|%#q|%#v",
        &["a\"b".into(), "a".into(), "a".into()],
        r#""a\"b"|`a`|"a""#,
    );
    let map = Value::from(Labels::from_pairs([("a", "b")]));
    check("%s %q", &[map.clone(), map], r#"map[a:b] map["a":"b"]"#);
    check("%#x %x", &[Value::Int(255), Value::Int(-255)], "0xff -ff");
}

#[test]
fn blanks_stand_between_operands_that_are_no_texts() {
    let values = [
        "a".into(),
        Value::Int(1),
        Value::Int(2),
        "b".into(),
        Value::Float(3.0),
        Value::Nil,
    ];
    assert_eq!(print(&values), "a1 2b3 <nil>");
    assert_eq!(print_line(&values[..2]), "a 1\n");
}
