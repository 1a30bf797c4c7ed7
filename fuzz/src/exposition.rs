//! Metric pages.

use crate::text;
use exposition::{
    Event, Format, Histograms, PageFormat, Parser, parse_number, read_protobuf, reduce,
};

/// A byte says which format; the rest is the page.
pub fn run(data: &[u8]) {
    let Some((format, page)) = data.split_first() else {
        return;
    };
    match format % 3 {
        0 => read(page, Format::Text),
        1 => read(page, Format::OpenMetrics),
        _ => read_messages(page),
    }
    if let Some(text) = text(page) {
        let _ = PageFormat::negotiate(Some(text), None);
    }
    let _ = parse_number(page);
}

fn read_messages(page: &[u8]) {
    for histograms in [Histograms::Classic, Histograms::Native, Histograms::Both] {
        let Ok(page) = read_protobuf(page, histograms) else {
            continue;
        };
        read(&page.text, Format::OpenMetrics);
        for mut one in page.histograms {
            let _ = one.sample().labels();
            let sum = |one: &exposition::NativeHistogram| {
                let buckets = &one.histogram.positive_buckets;
                buckets.iter().sum::<f64>()
            };
            let (before, schema) = (sum(&one), one.histogram.schema - 1);
            reduce(&mut one.histogram, schema);
            assert!(
                before > 1e15 || before.is_nan() || sum(&one) == before || before.fract() != 0.0
            );
        }
    }
}

fn read(page: &[u8], format: Format) {
    let mut parser = Parser::new(page, format);
    while let Ok(Some(event)) = parser.next_event() {
        let Event::Sample(sample) = event else {
            continue;
        };
        let _ = (sample.line(), sample.kind(), sample.empty_labels());
        if let Ok(labels) = sample.labels() {
            assert!(labels.iter().all(|(_, value)| !value.is_empty()));
        }
        if let Some(exemplar) = &sample.exemplar {
            let _ = exemplar.labels();
        }
    }
}

/// Pages of both formats.
pub fn seeds() -> Vec<Vec<u8>> {
    let text = "# HELP a_total What \\\\ it \\n is.\n# TYPE a_total counter\na_total{code=\"200\",x=\"\\\"é\\n\"} 3 1700000000000\n\
        a_total 1e-9\n# TYPE h histogram\nh_bucket{le=\"1\"} 0\nh_bucket{le=\"+Inf\"} NaN\nh_sum 0x1p-3\nh_count 2\n\
        {\"name with space\",\"l\"=\"v\"} -Inf\n# a comment\n\n  spaced{ a = \"b\" , } 5\t6\n";
    let open = "# TYPE a counter\n# UNIT a_seconds seconds\n# HELP a Help.\na_total{x=\"y\"} 3.0 1.5 # {trace_id=\"abc\"} 0.5 1.25\n\
        # TYPE s summary\ns{quantile=\"0.5\"} 1\ns_count 1\ns_created 1.0\n# TYPE i info\ni_info{v=\"1\"} 1\n\
        # TYPE st stateset\nst{st=\"a\"} 1\n# TYPE g gaugehistogram\ng_bucket{le=\"1\"} 2 # {} 1\n# EOF\n";
    let seed = |format: u8, page: &str| [&[format], page.as_bytes()].concat();
    let message = [
        &[2u8, 12, 10, 1, b'h', 24, 4, 34, 5, 58, 3, 8, 1, 16][..],
        &[0],
    ];
    vec![
        message.concat(),
        seed(0, text),
        seed(1, open),
        seed(0, open),
        seed(1, text),
    ]
}
