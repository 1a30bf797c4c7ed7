//! Queries that would take all time or all memory: they end soon, and say why.

use model::{DurationMs, Labels, TimestampMs};
use promql::{Engine, EngineOptions, Error, QueryContext, StepRange, parse};
use promql_syntax::ParseOptions;
use std::time::{Duration, Instant};
use storage::MemStorage;

/// What the worst of queries may take.
const MOST: Duration = Duration::from_secs(2);

fn numbered(name: &str, count: usize, extra: &[(&str, &str)]) -> MemStorage {
    let store = MemStorage::default();
    add(&store, name, count, extra);
    store
}

fn add(store: &MemStorage, name: &str, count: usize, extra: &[(&str, &str)]) {
    for i in 0..count {
        let own = [("__name__", name.to_owned()), ("i", i.to_string())];
        let extra = extra.iter().map(|(k, v)| (*k, (*v).to_owned()));
        let labels = Labels::from_pairs(own.into_iter().chain(extra));
        store.add(&labels, [(i as i64, 1.0)]).unwrap();
    }
}

fn options() -> EngineOptions {
    EngineOptions {
        max_query_bytes: 64 << 20,
        ..EngineOptions::default()
    }
}

/// Runs an instant query with a deadline, and fails if it ends later than it should.
fn run(store: &MemStorage, text: &str) -> Result<(), Error> {
    let expr = parse(text, ParseOptions::ALL).unwrap();
    let started = Instant::now();
    let ctx = QueryContext {
        deadline: Some(started + Duration::from_secs(1)),
        ..QueryContext::default()
    };
    let outcome = Engine::new(options()).instant(store, &expr, TimestampMs(100_000), &ctx);
    assert!(started.elapsed() < MOST, "{text}: {:?}", started.elapsed());
    outcome.map(|_| ())
}

#[test]
fn subqueries_over_years_in_small_steps_are_too_many_samples() {
    let store = numbered("a", 10, &[]);
    for text in [
        "max_over_time(a[10y:1ms])",
        "max_over_time(max_over_time(a[1y:1ms])[1y:1ms])",
        "sum_over_time(rate(a[1m])[100y:1ms])",
        "quantile_over_time(0.9, (a - a)[200y:1ms])",
        "absent_over_time(vector(1)[100y:1ms])",
    ] {
        let error = run(&store, text).unwrap_err();
        assert!(matches!(error, Error::TooManySamples), "{text}: {error}");
    }
}

#[test]
fn windows_that_share_very_many_samples_end_at_the_deadline() {
    let store = numbered("a", 1, &[]);
    for function in [
        "sum_over_time",
        "stddev_over_time",
        "deriv",
        "mad_over_time",
    ] {
        let text = format!("max_over_time({function}((time() / 3)[1d:1s])[1d:1s])");
        let text = text.replace("(time() / 3)", "(vector(time()) / 3)");
        let error = run(&store, &text).unwrap_err();
        assert!(matches!(error, Error::Timeout), "{text}: {error}");
    }
}

#[test]
fn joins_of_everything_with_everything_end_soon() {
    let store = numbered("many", 2_000, &[("l", "x")]);
    add(&store, "other", 2_000, &[("l", "x")]);
    let error = run(&store, "many * on (l) other").unwrap_err();
    assert!(matches!(error, Error::DuplicateMatch { .. }), "{error}");
    let error = run(&store, "many * on (l) group_left (i) other").unwrap_err();
    assert!(matches!(error, Error::DuplicateMatch { .. }), "{error}");
    // Partners that take turns: one at a time, but very many in all.
    let expr = parse("many * on (l) group_left (i) other", ParseOptions::ALL).unwrap();
    let range = StepRange {
        start: TimestampMs(0),
        end: TimestampMs(1_999),
        step: DurationMs(10),
    };
    let started = Instant::now();
    let ctx = QueryContext {
        deadline: Some(started + Duration::from_secs(1)),
        lookback_delta: Some(DurationMs(1)),
        ..QueryContext::default()
    };
    let outcome = Engine::new(options()).range(&store, &expr, range, &ctx);
    assert!(started.elapsed() < MOST, "{:?}", started.elapsed());
    assert!(outcome.is_ok() || matches!(outcome, Err(Error::Timeout | Error::QueryMemory { .. })));
}

#[test]
fn label_sets_that_double_with_every_call_are_too_much_memory() {
    let store = numbered("a", 3, &[]);
    let mut text = r#"label_replace(a, "x", "0123456789abcdef", "", "")"#.to_owned();
    for _ in 0..40 {
        text = format!(r#"label_join({text}, "x", "", "x", "x")"#);
    }
    let error = run(&store, &text).unwrap_err();
    assert_eq!(
        error.to_string(),
        "query would take more than 67108864 bytes of memory, the limit of one query (`--query.max-memory`)"
    );
}

#[test]
fn regular_expressions_that_grow_beyond_bounds_are_refused() {
    let store = numbered("a", 100, &[]);
    for pattern in ["((a{1000}){1000}){1000}", "(x+x+)+y", "(.*.*.*.*.*.*)*z"] {
        let started = Instant::now();
        let text = format!(r#"a{{i=~"{pattern}"}}"#);
        if parse(&text, ParseOptions::ALL).is_ok() {
            run(&store, &text).unwrap();
        }
        let text = format!(r#"label_replace(a, "x", "$1", "i", "{pattern}")"#);
        let outcome = run(&store, &text);
        assert!(matches!(outcome, Ok(()) | Err(Error::BadReplaceRegex(_))));
        assert!(
            started.elapsed() < MOST,
            "{pattern}: {:?}",
            started.elapsed()
        );
    }
}

#[test]
fn texts_that_are_too_long_or_too_deep_are_parse_errors_with_a_place() {
    for text in [
        format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000)),
        format!("{}a{}", "sum(".repeat(10_000), ")".repeat(10_000)),
        format!("{}a", "-".repeat(10_000)),
        format!("a{}", " + a".repeat(100_000)),
        format!("a{}", "[5m:]".repeat(10_000)),
        "a + ".repeat(10 << 18),
        format!("a{{x=\"{}\"}}", "y".repeat(10 << 20)),
    ] {
        let thread = std::thread::Builder::new().stack_size(2 << 20);
        let started = Instant::now();
        let parsing = thread.spawn(move || parse(&text, ParseOptions::ALL).map(|_| ()));
        let error = parsing.unwrap().join().unwrap().unwrap_err().to_string();
        assert!(started.elapsed() < MOST);
        let mut place = error.split(':').take(2);
        let is_number = |one: &str| one.parse::<u32>().is_ok();
        let (line, column) = (place.next().unwrap(), place.next().unwrap());
        assert!(is_number(line) && is_number(column), "{error}");
    }
}
