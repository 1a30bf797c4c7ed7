use super::*;

const PLAIN: MetricKind = MetricKind::Unknown;

fn read(value: &mut LastValue, rest: &str) -> Option<(f64, usize)> {
    // What follows on a page.
    value.read(format!("{rest}more_of_the_page 1\n").as_bytes())
}

#[test]
fn values_are_read_where_a_line_end_follows_at_once() {
    let mut value = LastValue::NONE;
    for (text, number) in [
        ("1", 1.0),
        ("1", 1.0),
        ("12", 12.0),
        ("-0.5", -0.5),
        ("1234567", 1_234_567.0),
        ("12345678", 12_345_678.0),
        ("12345678", 12_345_678.0),
        ("1.234567e+09", 1_234_567_000.0),
        ("+Inf", f64::INFINITY),
        ("0.1234567890123456", 0.123_456_789_012_345_6),
    ] {
        let expected = Some((number, text.len()));
        assert_eq!(read(&mut value, &format!("{text}\n")), expected, "{text}");
    }
    assert!(read(&mut value, "NaN\n").unwrap().0.is_nan());
    for text in [
        "",
        " 1",
        "1 ",
        "1 2",
        "1\t",
        "{a=\"b\"} 1",
        "x",
        "1\0",
        "\0",
        "1\r",
        "12345678 1700000000000",
        "1 # {} 1",
    ] {
        assert_eq!(read(&mut value, &format!("{text}\n")), None, "{text:?}");
    }
    // The end of the page, with and without a line end.
    assert_eq!(value.read(b"1\n"), Some((1.0, 1)));
    assert_eq!(value.read(b"1\n"), Some((1.0, 1)));
    assert_eq!(value.read(b"1"), None);
    assert_eq!(value.read(b"123456789"), None);
}

#[test]
fn a_text_that_only_begins_like_the_last_one_is_another_one() {
    let mut value = LastValue::NONE;
    assert_eq!(read(&mut value, "\0\n"), None, "no text is remembered yet");
    assert_eq!(read(&mut value, "12\n"), Some((12.0, 2)));
    assert_eq!(read(&mut value, "123\n"), Some((123.0, 3)));
    assert_eq!(read(&mut value, "12\n"), Some((12.0, 2)));
    assert_eq!(read(&mut value, "1\n"), Some((1.0, 1)));
    assert_eq!(
        read(&mut value, "1234567890\n"),
        Some((1_234_567_890.0, 10))
    );
    assert_eq!(
        read(&mut value, "1234567891\n"),
        Some((1_234_567_891.0, 10))
    );
    assert_eq!(
        read(&mut value, "12345678912\n"),
        Some((12_345_678_912.0, 11))
    );
}

#[test]
fn ids_mean_something_else_under_another_class_of_type() {
    let mut lines = Lines::default();
    let id = br#"a{le="1"}"#;
    let line = lines.add_sample(id, MetricKind::Histogram, Meaning::Series(0), 1);
    assert_eq!(
        lines.find_sample(id, MetricKind::GaugeHistogram),
        Some(line)
    );
    assert_eq!(lines.find_sample(id, MetricKind::Summary), None);
    assert_eq!(lines.find_sample(id, MetricKind::Gauge), None);
}

#[test]
fn lines_of_a_failed_scrape_and_old_ones_are_forgotten() {
    let mut lines = Lines::default();
    lines.begin();
    let first = lines.add_sample(b"a", PLAIN, Meaning::Series(0), 1);
    let (block, writer) = lines.note_block(b"# x\n", None, None, 1);
    lines.link(NONE, first);
    lines.link(first, block);
    lines.begin();
    let added = lines.add_sample(b"b", PLAIN, Meaning::Unknown, 2);
    lines.link(block, added);
    lines.take_back();
    assert_eq!(lines.find_sample(b"b", PLAIN), None);
    assert_eq!(lines.get(block).unwrap().next, NONE);
    assert_eq!(
        (lines.first, lines.get(first).unwrap().next),
        (first, block)
    );
    assert_eq!(lines.note_block(b"# x\n", None, None, 2), (block, writer));

    lines.get_mut(first).unwrap().seen = 20;
    lines.sweep(20, |series| Some(series + 5));
    assert_eq!(lines.series().collect::<Vec<_>>(), [5]);
    let (_, later) = lines.note_block(b"# x\n", None, None, 21);
    assert_ne!(later, writer);
    lines.sweep(21, |_| None);
    assert_eq!(lines.series().count(), 0);
}

#[test]
fn exemplars_are_new_once() {
    let mut lines = Lines::default();
    assert!(lines.is_new_exemplar(1, 7) && !lines.is_new_exemplar(1, 7));
    assert!(lines.is_new_exemplar(1, 8) && lines.is_new_exemplar(1, 7));
}
