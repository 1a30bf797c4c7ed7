//! Pages in protobuf, from the bytes to the storage.

use super::tests::{Fixture, fixture, samples_of};
use super::*;
use model::{Matcher, TimeRange, is_stale};
use storage::{Column, Matchers, Queryable};

const NATIVE: &str = "  scrape_native_histograms: true\n";

fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number % 0x80).unwrap();
        number /= 0x80;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

fn number(tag: u64, value: u64) -> Vec<u8> {
    [varint(tag << 3), varint(value)].concat()
}

fn double(tag: u64, value: f64) -> Vec<u8> {
    [varint(tag << 3 | 1), value.to_le_bytes().to_vec()].concat()
}

fn bytes(tag: u64, value: &[u8]) -> Vec<u8> {
    [
        varint(tag << 3 | 2),
        varint(value.len() as u64),
        value.to_vec(),
    ]
    .concat()
}

/// A page with the histogram `h`, of so many observations in one bucket each, and one classic bucket.
fn page(buckets: u8) -> Vec<u8> {
    let count = u64::from(buckets);
    let span = [number(1, 0), number(2, count)].concat();
    let mut deltas = vec![0; buckets.into()];
    // Zigzag of 1: every bucket has as many observations as the first.
    deltas[0] = 2;
    let exemplar = [
        bytes(1, &[bytes(1, b"id"), bytes(2, b"x")].concat()),
        double(2, 0.5),
        bytes(3, &number(1, 1)),
    ];
    let histogram = [
        number(1, count),
        double(2, 1.5),
        bytes(3, &[number(1, 1), double(2, 1.0)].concat()),
        number(5, 4),
        bytes(12, &span),
        bytes(13, &deltas),
        bytes(16, &exemplar.concat()),
    ];
    let metric = bytes(7, &histogram.concat());
    let family = [bytes(1, b"h"), number(3, 4), bytes(4, &metric)].concat();
    [varint(family.len() as u64), family].concat()
}

fn fetched(page: &[u8]) -> Fetched {
    let content_type = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
    Fetched {
        buffer: page.to_vec(),
        body_at: 0,
        content_type: Some(content_type.to_owned()),
        content_encoding: None,
    }
}

fn scrape(fixture: &mut Fixture, time: i64, page: &[u8]) {
    fixture.fetched(time, Ok(fetched(page)));
    assert_eq!(fixture.last_error(), "");
}

/// Times of the series `h`, with the number of buckets; `end` where it ends.
fn histograms(fixture: &Fixture) -> Vec<String> {
    let matchers = Matchers::compile(&[Matcher::metric("h")]).unwrap();
    let selection = fixture.store.select(&matchers, TimeRange::ALL).unwrap();
    let mut column = Column::default();
    if selection.is_empty() {
        return Vec::new();
    }
    let mut reader = selection.reader();
    reader.read(0, TimeRange::ALL, &mut column).unwrap();
    let value = |index: usize| match column.histograms.get(index) {
        Some(Some(histogram)) => histogram.positive_buckets.len().to_string(),
        _ if is_stale(column.values[index]) => "end".to_owned(),
        _ => "float".to_owned(),
    };
    let samples = column.times.iter().enumerate();
    samples
        .map(|(index, time)| format!("{time}={}", value(index)))
        .collect()
}

#[test]
fn native_histograms_are_stored_and_end_when_they_vanish() {
    let mut fixture = fixture(NATIVE);
    scrape(&mut fixture, 1_000, &page(3));
    scrape(&mut fixture, 2_000, &page(4));
    scrape(&mut fixture, 3_000, b"");
    scrape(&mut fixture, 4_000, b"");
    scrape(&mut fixture, 5_000, &page(2));
    assert_eq!(
        histograms(&fixture),
        ["1000=3", "2000=4", "3000=end", "5000=2"]
    );
    assert_eq!(fixture.samples("h_bucket"), [""; 0]);
    let report = |name| samples_of(fixture.store.as_ref(), name).concat();
    assert_eq!(
        report("scrape_samples_scraped"),
        r#"scrape_samples_scraped{instance="host:1", job="j"} 1000=1 2000=1 3000=0 4000=0 5000=1"#
    );
}

#[test]
fn a_failed_scrape_ends_native_histograms() {
    let mut fixture = fixture(NATIVE);
    scrape(&mut fixture, 1_000, &page(3));
    fixture.fetched(2_000, Err(ScrapeError::NoMetricName));
    assert_eq!(histograms(&fixture), ["1000=3", "2000=end"]);
}

#[test]
fn classic_buckets_are_stored_where_native_histograms_are_not_wanted_or_both_are() {
    for (settings, natives) in [
        ("", vec![]),
        (
            "  scrape_native_histograms: true\n  always_scrape_classic_histograms: true\n",
            vec!["1000=3"],
        ),
    ] {
        let mut fixture = fixture(settings);
        scrape(&mut fixture, 1_000, &page(3));
        assert_eq!(histograms(&fixture), natives, "{settings:?}");
        assert_eq!(fixture.samples("h_bucket").len(), 2, "{settings:?}");
    }
}

#[test]
fn histograms_with_too_many_buckets_are_stored_with_wider_ones() {
    let mut fixture = fixture(&format!("{NATIVE}  native_histogram_bucket_limit: 4\n"));
    scrape(&mut fixture, 1_000, &page(16));
    // Bucket 0 of 16 stays alone, the others join with their right neighbours.
    assert_eq!(histograms(&fixture), ["1000=3"]);
}

#[test]
fn a_damaged_page_takes_the_target_down_with_its_place() {
    let mut fixture = fixture(NATIVE);
    let whole = page(3);
    let half = fetched(&whole[..whole.len() - 1]);
    fixture.fetched(1_000, Ok(half));
    assert!(
        fixture.last_error().starts_with("protobuf message 1: "),
        "{}",
        fixture.last_error()
    );
}

#[test]
fn only_what_a_good_scrape_had_ends_with_a_failed_one() {
    let mut fixture = fixture(&format!("{NATIVE}  sample_limit: 1\n"));
    let damaged = [page(3), page(3)].concat();
    scrape(&mut fixture, 1_000, &page(3));
    for time in [2_000, 3_000] {
        fixture.fetched(time, Ok(fetched(&damaged)));
        assert!(fixture.last_error().starts_with("sample limit exceeded"));
    }
    assert_eq!(histograms(&fixture), ["1000=3", "2000=end"]);
}

/// A page of classic histograms whose counts contradict nothing.
const CLASSIC: &str =
    "# TYPE h histogram\nh_bucket{le=\"0.5\"} 1\nh_bucket{le=\"+Inf\"} 3\nh_sum 4.5\nh_count 3\n";

#[test]
fn classic_histograms_become_native_ones_with_custom_buckets() {
    for (settings, buckets) in [("", 0), ("  always_scrape_classic_histograms: true\n", 2)] {
        let converts = "  convert_classic_histograms_to_nhcb: true\n";
        let mut fixture = fixture(&format!("{converts}{settings}"));
        fixture.scrape(1_000, CLASSIC);
        fixture.scrape(2_000, "a 1\n");
        assert_eq!(histograms(&fixture), ["1000=2", "2000=end"]);
        assert_eq!(fixture.samples("h_bucket").len(), buckets);
        assert_eq!(fixture.samples("a").len(), 1);
    }
}

#[test]
fn zeros_are_stored_where_series_say_that_they_began() {
    let mut fixture = fixture("");
    fixture.ingest.starts = Some(Starts::default());
    let mut scrape = |time: i64, total: u32, created: &str| {
        let page = format!(
            "# TYPE a counter\na_total{{b=\"c\"}} {total}\na_created{{b=\"c\"}} {created}\n# EOF\n"
        );
        let fetched = Fetched {
            buffer: page.into_bytes(),
            body_at: 0,
            content_type: Some("application/openmetrics-text".to_owned()),
            content_encoding: None,
        };
        fixture.fetched(time, Ok(fetched));
        assert_eq!(fixture.last_error(), "");
    };
    scrape(10_000, 5, "8.5");
    scrape(20_000, 6, "8.5");
    // Set back, and counting anew.
    scrape(30_000, 1, "25");
    // A start in the future says nothing.
    scrape(40_000, 2, "99");
    let series = r#"a_total{b="c", instance="host:1", job="j"}"#;
    let expected = "8500=0 10000=5 20000=6 25000=0 30000=1 40000=2";
    assert_eq!(fixture.samples("a_total"), [format!("{series} {expected}")]);
    assert_eq!(fixture.samples("a_created"), [""; 0]);
    assert_eq!(
        fixture.counter("prometheus_target_scrapes_sample_out_of_order_total"),
        0.0
    );
}
