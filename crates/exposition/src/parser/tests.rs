use super::*;
use crate::encode_text;
use model::{Labels, METRIC_NAME, MetricFamily};
use proptest::prelude::*;
use std::fmt::Write as _;

/// Everything that a page says, one line per event.
fn dump(page: &[u8], format: Format) -> String {
    let mut out = String::new();
    let mut parser = Parser::new(page, format);
    loop {
        let line = match parser.next_event() {
            Ok(None) => return out,
            Ok(Some(Event::Help { family, text })) => format!("help {family} {text:?}"),
            Ok(Some(Event::Type { family, kind })) => format!("type {family} {}", kind.as_str()),
            Ok(Some(Event::Unit { family, unit })) => format!("unit {family} {unit:?}"),
            Ok(Some(Event::Sample(sample))) => dump_sample(&sample),
            Err(error) => format!("error {error}"),
        };
        out.push_str(&line);
        out.push('\n');
    }
}

fn dump_sample(sample: &Sample<'_>) -> String {
    let labels = match sample.labels() {
        Ok(labels) => labels.to_string(),
        Err(error) => return format!("error {error}"),
    };
    let mut line = format!("sample {labels} {}", model::format_value(sample.value));
    if let Some(time) = sample.timestamp {
        write!(line, " @{time}").unwrap();
    }
    if let Some(exemplar) = &sample.exemplar {
        let labels = exemplar.labels().unwrap();
        write!(line, " exemplar {labels} {}", exemplar.value).unwrap();
        if let Some(time) = exemplar.timestamp {
            write!(line, " @{time}").unwrap();
        }
    }
    line
}

/// Compares with `testdata/<name>.expected`; `UPDATE_GOLDEN=1` writes it instead.
#[track_caller]
fn check_golden(name: &str, format: Format) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata");
    let page = std::fs::read(format!("{folder}/{name}")).unwrap();
    let got = dump(&page, format);
    let golden = format!("{folder}/{name}.expected");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&golden, &got).unwrap();
    }
    assert_eq!(got, std::fs::read_to_string(&golden).unwrap());
}

#[test]
fn text_page_gives_its_golden_events() {
    check_golden("text.prom", Format::Text);
}

#[test]
fn open_metrics_page_gives_its_golden_events() {
    check_golden("openmetrics.txt", Format::OpenMetrics);
}

/// The error of a page, as `line N: ...`.
#[track_caller]
fn check_error(format: Format, page: &str, expected: &str) {
    let got = dump(page.as_bytes(), format);
    let error = got.lines().find_map(|line| line.strip_prefix("error "));
    assert_eq!(error, Some(expected), "{page:?} gave {got}");
}

#[test]
fn malformed_text_is_refused_with_line_and_expectation() {
    for (page, error) in [
        (
            "a\n",
            "line 1: expected value after metric, got `end of line`",
        ),
        ("a 1\nb x\n", "line 2: expected value after metric, got `x`"),
        (
            "a 1 x\n",
            "line 1: expected timestamp in milliseconds or end of line, got `x`",
        ),
        (
            "a 1 2 3\n",
            "line 1: expected end of line after timestamp, got `3`",
        ),
        ("\n\n9a 1\n", "line 3: expected metric name, got `9a 1`"),
        ("a{b=\"c\n", "line 1: expected closing quote, got `\"c`"),
        (
            "a{b=\"c\" 1\n",
            "line 1: expected `}` after labels, got `end of line`",
        ),
        (
            "a{b=c} 1\n",
            "line 1: expected label value in quotes, got `c}`",
        ),
        ("a{b} 1\n", "line 1: expected `=` after label name, got `}`"),
        (
            "a{1=\"c\"} 1\n",
            "line 1: expected label name, got `1=\"c\"}`",
        ),
        (
            "a{b=\"c\"d=\"e\"} 1\n",
            "line 1: expected `,` or `}` after label, got `d=\"e\"}`",
        ),
        (
            "a{b=\"1\",b=\"2\"} 1\n",
            "line 1: label name `b` is not unique",
        ),
        ("{} 1\n", "line 1: missing metric name (__name__ label)"),
        (
            "{b=\"c\"} 1\n",
            "line 1: missing metric name (__name__ label)",
        ),
        (
            "a{\"b\"} 1\n",
            "line 1: label name `__name__` is not unique",
        ),
        (
            "# TYPE a gouge\n",
            "line 1: expected metric type, got `gouge`",
        ),
        (
            "# TYPE a unknown\n",
            "line 1: expected metric type, got `unknown`",
        ),
        ("# HELP 9 x\n", "line 1: expected metric name, got `9 x`"),
        ("# TYPE a\n", "line 1: expected space, got `end of line`"),
        ("a-b 1\n", "line 1: expected `{`, got `-b`"),
        (
            "a 0x1p3\n",
            "line 1: expected value after metric, got `0x1p3`",
        ),
        (
            "a 1_000\n",
            "line 1: expected value after metric, got `1_000`",
        ),
        (
            "a 1 # 2\n",
            "line 1: expected timestamp in milliseconds or end of line, got `# 2`",
        ),
    ] {
        check_error(Format::Text, page, error);
    }
}

#[test]
fn invalid_utf8_is_refused_wherever_it_stands() {
    for page in [
        &b"a{b=\"\xff\"} 1\n"[..],
        b"# HELP a \xff\n",
        b"{\"\xff\"} 1\n",
    ] {
        assert!(
            dump(page, Format::Text).contains("invalid UTF-8 in "),
            "{page:?}"
        );
    }
}

#[test]
fn malformed_open_metrics_is_refused() {
    for (page, error) in [
        ("", "line 1: data does not end with `# EOF`"),
        ("a 1\n", "line 2: data does not end with `# EOF`"),
        ("# EOF\nb 1\n", "line 2: unexpected data after `# EOF`"),
        (
            "\n# EOF\n",
            "line 1: expected metric name or `# EOF`, no blank lines, got `end of line`",
        ),
        (
            "a  1\n# EOF\n",
            "line 1: expected value after metric, got ` 1`",
        ),
        (
            "a 1 \n# EOF\n",
            "line 1: expected timestamp in seconds, got ` `",
        ),
        (
            "# comment\n# EOF\n",
            "line 1: expected `HELP`, `TYPE`, `UNIT` or `EOF` after `#`, got ` comment`",
        ),
        (
            "#TYPE a gauge\n# EOF\n",
            "line 1: expected one space after `#`, got `TYPE a gauge`",
        ),
        (
            "# TYPE a untyped\n# EOF\n",
            "line 1: expected metric type, got `untyped`",
        ),
        (
            "# UNIT a_seconds bytes\n# EOF\n",
            "line 1: unit `bytes` is not a suffix of metric `a_seconds`",
        ),
        (
            "# UNIT seconds seconds\n# EOF\n",
            "line 1: unit `seconds` is not a suffix of metric `seconds`",
        ),
        (
            "a{b = \"c\"} 1\n# EOF\n",
            "line 1: expected `=` after label name, got ` = \"c\"}`",
        ),
        (
            "a 1 NaN\n# EOF\n",
            "line 1: expected timestamp in seconds, got ` NaN`",
        ),
        (
            "a 1 # {x=1} 1\n# EOF\n",
            "line 1: expected label value in quotes, got `1}`",
        ),
        (
            "a 1 # {x=\"1\"}\n# EOF\n",
            "line 1: expected space and value after exemplar labels, got `end of line`",
        ),
        (
            "a 1 # x\n# EOF\n",
            "line 1: expected end of line, timestamp or exemplar, got ` # x`",
        ),
    ] {
        check_error(Format::OpenMetrics, page, error);
    }
}

#[test]
fn after_an_error_the_page_is_over() {
    let mut parser = Parser::new(b"a x\nb 1\n", Format::Text);
    assert!(parser.next_event().is_err());
    assert_eq!(parser.next_event(), Ok(None));
}

#[test]
fn line_numbers_count_line_ends_inside_label_values() {
    check_error(
        Format::Text,
        "a{b=\"x\ny\"} 1\nc x\n",
        "line 3: expected value after metric, got `x`",
    );
}

#[test]
fn equal_ids_are_equal_bytes_whatever_the_blanks_before_the_value() {
    let page = b"a{b=\"} 1\"}   1\na{b=\"} 1\"}\t2 5\n";
    let ids: Vec<&[u8]> = Parser::new(page, Format::Text)
        .map(|event| match event.unwrap() {
            Event::Sample(sample) => sample.id,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(ids, [&b"a{b=\"} 1\"}"[..], &b"a{b=\"} 1\"}"[..]]);
}

#[test]
fn empty_label_values_are_absent_but_remembered() {
    let page = b"a{gone=\"\",here=\"1\"} 1\n";
    let Some(Event::Sample(sample)) = Parser::new(page, Format::Text).next_event().unwrap() else {
        panic!("no sample")
    };
    let expected = Labels::from_pairs([(METRIC_NAME, "a"), ("here", "1")]);
    assert_eq!(sample.labels().unwrap(), expected);
    assert_eq!(sample.empty_labels().unwrap(), ["gone"]);
    let doubled = "a{x=\"\",x=\"1\"} 1\n";
    check_error(
        Format::Text,
        doubled,
        "line 1: label name `x` is not unique",
    );
}

#[test]
fn families_are_written_as_a_page() {
    let mut histogram =
        MetricFamily::new("d_seconds", MetricKind::Histogram, "Line\nend \\ \"q\".");
    for (suffix, bound, value) in [("_bucket", "1", 2.0), ("_bucket", "+Inf", 3.0)] {
        let labels = Labels::from_pairs([("le", bound)]);
        histogram.points.push(model::Point {
            suffix,
            labels,
            value,
        });
    }
    let mut gauge = MetricFamily::new("my.gauge", MetricKind::Gauge, "");
    gauge.push(Labels::from_pairs([("a", "x\"\\\n"), ("b.c", "1")]), 1e6);
    gauge.push(Labels::empty(), f64::NAN);
    let mut page = String::new();
    encode_text(&[histogram, gauge], &mut page);
    let expected = r#"# HELP d_seconds Line\nend \\ "q".
# TYPE d_seconds histogram
d_seconds_bucket{le="1"} 2
d_seconds_bucket{le="+Inf"} 3
# TYPE "my.gauge" gauge
{"my.gauge",a="x\"\\\n","b.c"="1"} 1e+06
{"my.gauge"} NaN
"#;
    assert_eq!(page, expected);
}

fn any_labels() -> impl Strategy<Value = Labels> {
    let name = prop_oneof!["[a-z_][a-z0-9_]{0,6}", "\\PC{1,6}"];
    proptest::collection::vec((name, ".{0,8}"), 0..5).prop_map(|pairs| {
        Labels::from_pairs(pairs.into_iter().filter(|(name, _)| name != METRIC_NAME))
    })
}

proptest! {
    #[test]
    fn written_samples_read_back(
        name in prop_oneof!["[a-zA-Z_:][a-zA-Z0-9_:]{0,8}", "\\PC{1,8}"],
        help in ".{0,20}",
        points in proptest::collection::vec((any_labels(), any::<f64>()), 1..5),
    ) {
        let mut family = MetricFamily::new(name.as_str(), MetricKind::Gauge, help.as_str());
        for (labels, value) in &points {
            family.push(labels.clone(), *value);
        }
        let mut page = String::new();
        encode_text(&[family], &mut page);
        let mut expected = points.into_iter();
        for event in Parser::new(page.as_bytes(), Format::Text) {
            match event.unwrap() {
                Event::Help { family, text } => {
                    // Blanks before the text belong to nobody.
                    let help = help.trim_start_matches([' ', '\t']);
                    prop_assert_eq!((&*family, &*text), (name.as_str(), help));
                }
                Event::Type { family, kind } => {
                    prop_assert_eq!((&*family, kind), (name.as_str(), MetricKind::Gauge));
                }
                Event::Unit { .. } => prop_assert!(false),
                Event::Sample(sample) => {
                    let (labels, value) = expected.next().unwrap();
                    let mut named = labels.to_builder();
                    named.set(METRIC_NAME, &name);
                    prop_assert_eq!(sample.labels().unwrap(), named.build());
                    prop_assert!(sample.value == value || (sample.value.is_nan() && value.is_nan()));
                }
            }
        }
        prop_assert_eq!(expected.next(), None);
    }

    #[test]
    fn arbitrary_bytes_never_panic(page in proptest::collection::vec(any::<u8>(), 0..200)) {
        dump(&page, Format::Text);
        dump(&page, Format::OpenMetrics);
    }

    #[test]
    fn arbitrary_near_pages_never_panic(page in "([a#{} \\\\\"=,\n\t1.e]|HELP|TYPE|EOF|\\PC){0,60}") {
        dump(page.as_bytes(), Format::Text);
        dump(page.as_bytes(), Format::OpenMetrics);
    }
}

#[test]
fn lines_come_one_by_one_and_reading_goes_on_where_it_is_told() {
    let page = b"# plain\n\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\n";
    let mut parser = Parser::new(page, Format::Text);
    let mut offsets = vec![parser.offset()];
    let mut silent = 0;
    loop {
        match parser.next_line().unwrap() {
            Line::End => break,
            Line::Silent => silent += 1,
            Line::Event(_) => {}
        }
        offsets.push(parser.offset());
    }
    assert_eq!((silent, offsets), (2, vec![0, 8, 9, 28, page.len()]));

    let mut parser = Parser::new(page, Format::Text);
    parser.resume_at(28, MetricKind::Histogram);
    let Line::Event(Event::Sample(sample)) = parser.next_line().unwrap() else {
        panic!("no sample");
    };
    assert_eq!(sample.labels().unwrap().get("le"), Some("1.0"));
    assert_eq!(parser.kind(), MetricKind::Histogram);
}

#[test]
fn what_stands_after_the_end_is_told_with_it() {
    let mut parser = Parser::new(b"# EOF\nx 1\n", Format::OpenMetrics);
    let error = parser.next_line().unwrap_err();
    assert_eq!(error.to_string(), "line 2: unexpected data after `# EOF`");
    assert_eq!(parser.next_line().unwrap(), Line::End);
}
