//! Pages that follow each other: predicted reading must come to what line by line reading comes to.

use super::tests::{Fixture, fixture, samples_of};
use super::*;
use model::TimeRange;
use proptest::prelude::*;
use storage::Queryable;

/// Lines that pages are made of.
const LINES: [&str; 24] = [
    "a",
    "b{x=\"1\"}",
    "b{x=\"2\"}",
    "b{x=\"a long value, so that the id is longer than what most hashes take at once ............\"}",
    "b {x=\"3\"}",
    "b{x=\"a \\\"quoted\\\" } \\n value\"}",
    "{\"utf8 name\",x=\"1\"}",
    "h_bucket{le=\"1\"}",
    "h_bucket{le=\"2\"}",
    "h{quantile=\"1\"}",
    "dropped{x=\"1\"}",
    "dropped",
    "# TYPE h histogram",
    "# TYPE h summary",
    "# TYPE h gauge",
    "# TYPE a counter",
    "# HELP a One.",
    "# HELP a Two.",
    "# HELP h Three.",
    "# HELP b Four.",
    "# TYPE b gauge",
    "",
    "# a comment",
    "bad{",
];

const VALUES: [&str; 20] = [
    " 1",
    " 2",
    " 12",
    " 1.5",
    " -3",
    " 0.001",
    " 123456",
    " 1234567",
    " 12345678",
    " 1.234567e+09",
    " 0.12345678901234567",
    " NaN",
    " +Inf",
    "  1",
    " 1 ",
    "\t1",
    " 1 5000",
    " 2 7.5",
    " 1 # {trace=\"t\"} 3 6.5",
    " 1 # {trace=\"u\"} 4 7.5",
];

/// One change between two pages.
#[derive(Debug, Clone)]
enum Change {
    Value(usize, usize),
    Insert(usize, usize, usize),
    Remove(usize),
    Swap(usize, usize),
    Rotate(usize),
    Duplicate(usize),
}

#[derive(Debug, Clone)]
struct Step {
    changes: Vec<Change>,
    open_metrics: bool,
    /// Bytes that are cut off the end.
    cut: usize,
    /// The fetch fails.
    fails: bool,
}

/// What a page is made of: numbers of a line and of its value.
type Doc = Vec<(usize, usize)>;

fn apply(doc: &mut Doc, change: &Change) {
    let n = doc.len().max(1);
    match *change {
        Change::Insert(at, line, value) => doc.insert(at % (doc.len() + 1), (line, value)),
        _ if doc.is_empty() => {}
        Change::Value(at, value) => doc[at % n].1 = value,
        Change::Remove(at) => {
            doc.remove(at % n);
        }
        Change::Swap(a, b) => doc.swap(a % n, b % n),
        Change::Rotate(by) => doc.rotate_left(by % n),
        Change::Duplicate(at) => doc.push(doc[at % n]),
    }
}

fn page_of(doc: &Doc, step: &Step) -> String {
    let mut page = String::new();
    for (line, value) in doc {
        page.push_str(LINES[*line]);
        if !LINES[*line].is_empty() && !LINES[*line].starts_with('#') {
            page.push_str(VALUES[*value]);
        }
        page.push('\n');
    }
    if step.open_metrics {
        page.push_str("# EOF\n");
    }
    page.truncate(page.len().saturating_sub(step.cut));
    page
}

fn change() -> impl Strategy<Value = Change> {
    let line = prop_oneof![60 => 0..LINES.len() - 1, 1 => Just(LINES.len() - 1)];
    // Mostly plain values.
    let value = || prop_oneof![4 => 0..13_usize, 1 => 0..VALUES.len()];
    prop_oneof![
        6 => (0..99_usize, value()).prop_map(|(at, value)| Change::Value(at, value)),
        3 => (0..99_usize, line, value()).prop_map(|(at, line, value)| Change::Insert(at, line, value)),
        2 => (0..99_usize).prop_map(Change::Remove),
        1 => (0..99_usize, 0..99_usize).prop_map(|(a, b)| Change::Swap(a, b)),
        1 => (0..99_usize).prop_map(Change::Rotate),
        1 => (0..99_usize).prop_map(Change::Duplicate),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    (
        prop::collection::vec(change(), 0..6),
        prop::bool::weighted(0.1),
        prop_oneof![8 => Just(0_usize), 1 => 1..30_usize],
        prop::bool::weighted(0.05),
    )
        .prop_map(|(changes, open_metrics, cut, fails)| Step {
            changes,
            open_metrics,
            cut,
            fails,
        })
}

/// Everything that scraping left behind, but for how long it took.
fn outcome(fixture: &Fixture) -> (Vec<String>, String, String) {
    let store = fixture.store.as_ref();
    let names = store
        .label_values(
            "__name__",
            storage::LabelQuery {
                any_of: &[],
                range: TimeRange::ALL,
            },
        )
        .unwrap();
    let samples = names
        .iter()
        .filter(|name| *name != "scrape_duration_seconds")
        .flat_map(|name| samples_of(store, name))
        .collect();
    let matcher = model::Matcher::new("__name__", model::MatchOp::NotEqual, "");
    let exemplars = store.exemplars(&[vec![matcher]], TimeRange::ALL).unwrap();
    let metadata = fixture.ingest.status.metadata().lock();
    let mut families: Vec<_> = metadata.families().collect();
    families.sort_by_key(|(name, _)| *name);
    let told = store.metadata();
    (
        samples,
        format!("{exemplars:?} {families:?} {told:?}"),
        fixture.last_error(),
    )
}

fn scrape(fixture: &mut Fixture, time: i64, page: &str, step: &Step) {
    let fetched = if step.fails {
        let status = "500 Internal Server Error".to_owned();
        Err(ScrapeError::Status { status })
    } else {
        let content_type = if step.open_metrics {
            "application/openmetrics-text"
        } else {
            "text/plain"
        };
        Ok(Fetched {
            buffer: page.as_bytes().to_vec(),
            body_at: 0,
            content_type: Some(content_type.to_owned()),
            content_encoding: None,
        })
    };
    fixture.fetched(time, fetched);
}

const SETTINGS: &str = "  track_timestamps_staleness: true
  metric_relabel_configs: [{source_labels: [__name__], regex: dropped, action: drop}]";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn predicted_reading_comes_to_what_parsing_every_line_comes_to(
        first in prop::collection::vec((0..LINES.len() - 1, 0..13_usize), 0..14),
        steps in prop::collection::vec(step(), 1..24),
    ) {
        let (mut predicting, mut parsing) = (fixture(SETTINGS), fixture(SETTINGS));
        let mut doc: Doc = first;
        for (number, step) in (1..).zip(&steps) {
            for change in &step.changes {
                apply(&mut doc, change);
            }
            let page = page_of(&doc, step);
            scrape(&mut predicting, number * 1000, &page, step);
            parsing.ingest.lines = Lines::default();
            parsing.ingest.cache.forget_names();
            scrape(&mut parsing, number * 1000, &page, step);
            prop_assert_eq!(outcome(&predicting), outcome(&parsing), "page {}: {:?}", number, page);
        }
    }
}

/// A page of `n` series, two families, values that depend on `time`.
fn exporter(n: usize, time: usize) -> Vec<String> {
    (0..n)
        .map(|i| {
            format!(
                "requests_total{{path=\"/{i}\"}} {}\n",
                if i % 3 == 0 { time + i } else { i }
            )
        })
        .collect()
}

fn samples_read(fixture: &Fixture, read: &str) -> f64 {
    let families = fixture.registry.gather();
    let family = families
        .iter()
        .find(|family| family.name == "watchfire_scrape_samples_total")
        .unwrap();
    let point = family
        .points
        .iter()
        .find(|point| point.labels.get("read") == Some(read));
    point.unwrap().value
}

#[test]
fn an_unchanged_page_is_predicted_as_a_whole() {
    let mut fixture = fixture("");
    for time in 1..=5 {
        let page = format!(
            "# HELP requests_total R.\n# TYPE requests_total counter\n{}",
            exporter(100, time).concat()
        );
        fixture.scrape(time as i64, &page);
    }
    assert_eq!(samples_read(&fixture, "new"), 100.0);
    assert_eq!(samples_read(&fixture, "predicted"), 400.0);
    assert_eq!(samples_read(&fixture, "known"), 0.0);
}

#[test]
fn inserted_and_removed_lines_cost_themselves_only() {
    let mut fixture = fixture("");
    let mut page = exporter(100, 1);
    fixture.scrape(1, &page.concat());
    page.remove(50);
    page.remove(20);
    page.insert(70, "new 1\n".to_owned());
    page.drain(80..90);
    fixture.scrape(2, &page.concat());
    assert_eq!(samples_read(&fixture, "new"), 101.0);
    assert_eq!(
        samples_read(&fixture, "known"),
        1.0,
        "after the gap of ten lines"
    );
    fixture.scrape(3, &page.concat());
    assert_eq!(samples_read(&fixture, "known"), 1.0);
    assert_eq!(samples_read(&fixture, "predicted"), 87.0 + 89.0);
}

#[test]
fn a_shuffled_page_keeps_its_layout() {
    let mut fixture = fixture("");
    let mut page = exporter(100, 1);
    fixture.scrape(1, &page.concat());
    let layout = fixture.ingest.cache.layout_id();
    for time in 2..9 {
        page.rotate_left(37);
        page.swap(3, 60);
        page.reverse();
        fixture.scrape(time, &page.concat());
        assert_eq!(fixture.ingest.cache.layout_id(), layout);
    }
    assert_eq!(samples_read(&fixture, "new"), 100.0);
    assert_eq!(fixture.samples("requests_total").len(), 100);
    assert!(
        fixture
            .samples("requests_total")
            .iter()
            .all(|line| line.ends_with(" 8=1") || !line.contains("end"))
    );
}

#[test]
fn a_target_with_too_many_series_keeps_those_that_it_had() {
    let mut fixture = fixture("");
    fixture.ingest.series_limit = 2;
    fixture.scrape(1, "a 1\nb 1\nc 1\n");
    fixture.scrape(2, "c 2\na 2\nb 2\nd 2\n");
    assert_eq!(
        fixture.samples("a"),
        [r#"a{instance="host:1", job="j"} 1=1 2=2"#]
    );
    assert_eq!(
        fixture.samples("b"),
        [r#"b{instance="host:1", job="j"} 1=1 2=2"#]
    );
    assert!(fixture.samples("c").is_empty() && fixture.samples("d").is_empty());
    assert_eq!(
        fixture.counter("watchfire_scrape_series_refused_total"),
        3.0
    );
    assert_eq!(
        (fixture.last_error(), fixture.ingest.refused),
        (String::new(), 2)
    );
    // Settings change: the same series are not new ones.
    fixture.ingest.lines = Lines::default();
    fixture.ingest.cache.forget_names();
    fixture.scrape(3, "a 3\nb 3\nc 3\n");
    assert!(fixture.samples("b")[0].ends_with("3=3") && fixture.samples("c").is_empty());
    // When some are long gone there is room.
    for time in 4..40 {
        fixture.scrape(time, "a 4\n");
    }
    fixture.scrape(40, "a 4\nc 5\n");
    assert_eq!(
        fixture.samples("c"),
        [r#"c{instance="host:1", job="j"} 40=5"#]
    );
}

#[test]
fn exemplars_are_stored_when_they_change() {
    let mut fixture = fixture("");
    let scrape = |fixture: &mut Fixture, time, exemplar: &str| {
        let page = format!("# TYPE a counter\na_total 1{exemplar}\n# EOF\n");
        fixture.fetched(
            time,
            Ok(Fetched {
                buffer: page.into_bytes(),
                body_at: 0,
                content_type: Some("application/openmetrics-text".to_owned()),
                content_encoding: None,
            }),
        );
    };
    scrape(&mut fixture, 1000, " # {trace=\"t\"} 5");
    scrape(&mut fixture, 2000, " # {trace=\"t\"} 5");
    scrape(&mut fixture, 3000, " # {trace=\"u\"} 6 2.5");
    scrape(&mut fixture, 4000, " # {trace=\"v\"} 7 1.5");
    scrape(&mut fixture, 5000, "");
    let matcher = model::Matcher::metric("a_total");
    let stored = fixture
        .store
        .exemplars(&[vec![matcher]], TimeRange::ALL)
        .unwrap();
    let stored: Vec<(i64, f64, String)> = stored[0]
        .exemplars
        .iter()
        .map(|exemplar| (exemplar.time, exemplar.value, exemplar.labels.to_string()))
        .collect();
    let expected = [
        (1000, 5.0, r#"{trace="t"}"#.to_owned()),
        (2500, 6.0, r#"{trace="u"}"#.to_owned()),
    ];
    assert_eq!(stored, expected);
    let name = "prometheus_target_scrapes_exemplar_out_of_order_total";
    assert_eq!(fixture.counter(name), 1.0);
}

#[test]
fn the_storage_learns_what_families_are() {
    let mut fixture = fixture("");
    fixture.scrape(1, "# HELP a One.\n# TYPE a counter\na 1\n");
    fixture.scrape(2, "# HELP a Two.\n# TYPE a counter\na 1\n");
    let told = fixture.store.metadata();
    assert_eq!(
        (told.len(), told[0].help.as_str(), told[0].kind),
        (1, "Two.", model::MetricKind::Counter)
    );
}

#[test]
fn a_failed_page_ends_no_series_that_had_times_of_its_own() {
    let mut fixture = fixture(SETTINGS);
    fixture.scrape(1_000, "a 1 1500\n");
    fixture.scrape(2_000, "");
    // Known from before, and without a time for once; the page is no page.
    for time in [3_000, 4_000] {
        fixture.scrape(time, "a 1\nb\n");
    }
    let series = r#"a{instance="host:1", job="j"}"#;
    assert_eq!(fixture.samples("a"), [format!("{series} 1500=1 2000=end")]);
}
