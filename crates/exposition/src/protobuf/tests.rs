use super::messages::{
    Bucket, BucketSpan, Counter, Exemplar, Histogram as Native, Label, Plain, Quantile, Summary,
    Timestamp,
};
use super::*;
use crate::{Event, Parser};
use model::{Histogram, ResetHint, Span};

fn label(name: &str, value: &str) -> Label {
    Label {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

fn page(families: &[MetricFamily]) -> Vec<u8> {
    families
        .iter()
        .flat_map(Message::encode_length_delimited_to_vec)
        .collect()
}

fn family(name: &str, kind: i32, metric: Metric) -> MetricFamily {
    MetricFamily {
        name: name.to_owned(),
        help: "What \"it\" is".to_owned(),
        kind,
        metric: vec![metric],
        unit: String::new(),
    }
}

/// The samples of a text page: series and value.
fn samples(text: &[u8]) -> Vec<(String, f64)> {
    let mut parser = Parser::new(text, Format::OpenMetrics);
    let mut found = Vec::new();
    while let Some(event) = parser.next_event().unwrap() {
        if let Event::Sample(sample) = event {
            found.push((sample.labels().unwrap().to_string(), sample.value));
        }
    }
    found
}

fn exemplar(id: &str, seconds: Option<i64>) -> Exemplar {
    Exemplar {
        label: vec![label("trace_id", id)],
        value: 0.5,
        timestamp: seconds.map(|seconds| Timestamp {
            seconds,
            nanos: 250_000_000,
        }),
    }
}

#[test]
fn plain_families_become_lines_of_openmetrics() {
    let counter = Metric {
        label: vec![label("path", "a\"b\\c\n")],
        counter: Some(Counter {
            value: 3.0,
            exemplar: Some(exemplar("x", Some(7))),
            created: None,
        }),
        timestamp_ms: 1_234,
        ..Metric::default()
    };
    let gauge = Metric {
        gauge: Some(Plain {
            value: f64::NEG_INFINITY,
        }),
        ..Metric::default()
    };
    let summary = Metric {
        summary: Some(Summary {
            sample_count: 4,
            sample_sum: 1.5,
            quantile: vec![Quantile {
                quantile: 1.0,
                value: 0.25,
            }],
            created: None,
        }),
        ..Metric::default()
    };
    let bytes = page(&[
        family("c_total", kind::COUNTER, counter),
        family("g.with.dots", kind::GAUGE, gauge),
        family("s", kind::SUMMARY, summary),
    ]);
    let read = read_protobuf(&bytes, Histograms::Native).unwrap();
    assert_eq!(
        String::from_utf8(read.text).unwrap(),
        "# TYPE c_total counter\n\
         # HELP c_total What \\\"it\\\" is\n\
         c_total{path=\"a\\\"b\\\\c\\n\"} 3.0 1.234 # {trace_id=\"x\"} 0.5 7.250\n\
         # TYPE \"g.with.dots\" gauge\n\
         # HELP \"g.with.dots\" What \\\"it\\\" is\n\
         {\"g.with.dots\"} -Inf\n\
         # TYPE s summary\n\
         # HELP s What \\\"it\\\" is\n\
         s_count 4.0\n\
         s_sum 1.5\n\
         s{quantile=\"1.0\"} 0.25\n\
         # EOF\n"
    );
    assert_eq!(read.histograms, []);
}

fn native() -> Native {
    Native {
        sample_count: 10,
        sample_sum: 12.5,
        bucket: vec![Bucket {
            cumulative_count: 4,
            upper_bound: 1.0,
            exemplar: Some(exemplar("classic", Some(1))),
            ..Bucket::default()
        }],
        schema: 1,
        zero_threshold: 0.001,
        zero_count: 1,
        positive_span: vec![
            BucketSpan {
                offset: -1,
                length: 2,
            },
            BucketSpan {
                offset: 3,
                length: 1,
            },
        ],
        positive_delta: vec![2, 1, -1],
        negative_span: vec![BucketSpan {
            offset: 0,
            length: 1,
        }],
        negative_delta: vec![2],
        exemplars: vec![exemplar("a", Some(9)), exemplar("no time", None)],
        ..Native::default()
    }
}

fn of(histogram: Native) -> Vec<u8> {
    let metric = Metric {
        label: vec![label("code", "200")],
        histogram: Some(histogram),
        ..Metric::default()
    };
    page(&[family("h", kind::HISTOGRAM, metric)])
}

#[test]
fn native_histograms_come_whole_with_exemplars_that_have_times() {
    let read = read_protobuf(&of(native()), Histograms::Native).unwrap();
    assert_eq!(samples(&read.text), []);
    let [one] = &read.histograms[..] else {
        panic!("one histogram");
    };
    assert_eq!(
        one.sample().labels().unwrap().to_string(),
        r#"h{code="200"}"#
    );
    let span = |offset, length| Span { offset, length };
    assert_eq!(
        one.histogram,
        Histogram {
            reset_hint: ResetHint::Unknown,
            schema: 1,
            zero_threshold: 0.001,
            zero_count: 1.0,
            count: 10.0,
            sum: 12.5,
            positive_spans: vec![span(-1, 2), span(3, 1)],
            positive_buckets: vec![2.0, 3.0, 2.0],
            negative_spans: vec![span(0, 1)],
            negative_buckets: vec![2.0],
            custom_values: vec![],
        }
    );
    let [exemplar] = &one.exemplars[..] else {
        panic!("one exemplar has a time");
    };
    assert_eq!(exemplar.labels.to_string(), r#"{trace_id="a"}"#);
    assert_eq!(exemplar.timestamp, TimestampMs(9_250));
}

#[test]
fn classic_buckets_are_read_where_they_are_asked_for_or_all_there_is() {
    let classic = [
        (r#"h_count{code="200"}"#.to_owned(), 10.0),
        (r#"h_sum{code="200"}"#.to_owned(), 12.5),
        (r#"h_bucket{code="200", le="1.0"}"#.to_owned(), 4.0),
        (r#"h_bucket{code="200", le="+Inf"}"#.to_owned(), 10.0),
    ];
    for (histograms, natives) in [(Histograms::Classic, 0), (Histograms::Both, 1)] {
        let read = read_protobuf(&of(native()), histograms).unwrap();
        assert_eq!(samples(&read.text), classic, "{histograms:?}");
        assert_eq!(read.histograms.len(), natives);
    }
    let without = Native {
        sample_count: 10,
        sample_sum: 12.5,
        bucket: native().bucket,
        ..Native::default()
    };
    let read = read_protobuf(&of(without), Histograms::Native).unwrap();
    assert_eq!(samples(&read.text), classic);
    assert_eq!(read.histograms, []);
}

#[test]
fn an_empty_native_histogram_says_so_by_a_span_without_buckets() {
    let empty = Native {
        positive_span: vec![BucketSpan::default()],
        ..Native::default()
    };
    let read = read_protobuf(&of(empty), Histograms::Native).unwrap();
    assert_eq!(read.histograms[0].histogram, Histogram::default());
}

#[test]
fn very_fine_histograms_are_stored_at_the_finest_schema_there_is() {
    let fine = Native {
        schema: 10,
        ..native()
    };
    let read = read_protobuf(&of(fine), Histograms::Native).unwrap();
    assert_eq!(read.histograms[0].histogram.schema, 8);
    // Buckets -1, 0 and 4 end up in 0, 0 and 1.
    assert_eq!(read.histograms[0].histogram.positive_buckets, [5.0, 2.0]);
}

#[test]
fn histograms_that_contradict_themselves_fail_the_page_with_their_name() {
    let mut short = native();
    short.positive_delta.pop();
    let mut more = native();
    more.sample_count = 11;
    let mut negative = native();
    negative.positive_delta = vec![-2, 1, 1];
    for (message, reason) in [
        (short, "a native histogram's spans do not fit its buckets"),
        (
            more,
            "a native histogram's buckets do not add up to its count",
        ),
        (negative, "a native histogram has a negative count"),
        (
            Native {
                schema: 99,
                ..native()
            },
            "a native histogram's schema is not between -4 and 52",
        ),
    ] {
        let error = read_protobuf(&of(message), Histograms::Native).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("protobuf message 1 (`h`): {reason}")
        );
    }
}

#[test]
fn bytes_that_are_no_messages_are_refused() {
    let mut cut = of(native());
    cut.pop();
    for bytes in [&cut[..], b"# TYPE a counter\n", &[0xff; 12]] {
        assert!(read_protobuf(bytes, Histograms::Both).is_err());
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let _ = read_protobuf(&bytes, Histograms::Both);
    }
}

#[test]
fn a_summary_without_quantiles_is_a_sum_and_a_count_and_may_tell_when_it_began() {
    let summary = Metric {
        summary: Some(Summary {
            sample_count: 4,
            sample_sum: 1.5,
            quantile: Vec::new(),
            created: Some(Timestamp {
                seconds: 12,
                nanos: 500_000_000,
            }),
        }),
        ..Metric::default()
    };
    let bytes = page(&[family("s", kind::SUMMARY, summary)]);
    let read = read_protobuf(&bytes, Histograms::Classic).unwrap();
    let sum_and_count = [("s_count", 4.0), ("s_sum", 1.5)];
    let expected = sum_and_count.map(|(name, value)| (name.to_owned(), value));
    assert_eq!(samples(&read.text), expected);
    let read = read_protobuf_with_created(&bytes, Histograms::Classic).unwrap();
    assert_eq!(samples(&read.text)[2], ("s_created".to_owned(), 12.5));
}
