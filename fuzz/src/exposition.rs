//! Metric pages.

use crate::text;
use exposition::{Event, Format, Parser, parse_number};

/// A byte says which format; the rest is the page.
pub fn run(data: &[u8]) {
    let Some((format, page)) = data.split_first() else {
        return;
    };
    let format = if format & 1 == 0 {
        Format::Text
    } else {
        Format::OpenMetrics
    };
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
    if let Some(text) = text(page) {
        let _ = Format::negotiate(Some(text), None);
    }
    let _ = parse_number(page);
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
    vec![seed(0, text), seed(1, open), seed(0, open), seed(1, text)]
}
