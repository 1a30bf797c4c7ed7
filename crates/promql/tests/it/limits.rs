//! Deadlines, cancelling, memory.

use model::{DurationMs, Labels, TimestampMs};
use promql::{Engine, EngineOptions, Error, QueryContext, StepRange};
use promql_syntax::parse;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;
use storage::MemStorage;

fn store() -> MemStorage {
    let store = MemStorage::default();
    for i in 0..10 {
        let labels = Labels::from_pairs([("__name__", "a".to_owned()), ("i", i.to_string())]);
        store
            .add(&labels, (0..100).map(|k| (k * 1000, 1.0)))
            .unwrap();
    }
    store
}

fn run(options: EngineOptions, ctx: &QueryContext, text: &str) -> Result<(), Error> {
    let range = StepRange {
        start: TimestampMs(0),
        end: TimestampMs(99_000),
        step: DurationMs(1000),
    };
    Engine::new(options)
        .range(&store(), &parse(text).unwrap(), range, ctx)
        .map(|_| ())
}

#[test]
fn passed_deadline_ends_a_query() {
    let ctx = QueryContext {
        deadline: Some(Instant::now()),
        ..QueryContext::default()
    };
    let error = run(EngineOptions::default(), &ctx, "sum(a)").unwrap_err();
    assert!(matches!(error, Error::Timeout), "{error}");
}

#[test]
fn raised_flag_cancels_a_query() {
    let cancel = Some(Arc::new(AtomicBool::new(true)));
    let ctx = QueryContext {
        cancel,
        ..QueryContext::default()
    };
    let error = run(EngineOptions::default(), &ctx, "sum(a)").unwrap_err();
    assert!(matches!(error, Error::Canceled), "{error}");
}

#[test]
fn too_many_samples_at_once_are_refused_and_streams_hold_few() {
    let options = EngineOptions {
        max_samples: 600,
        ..EngineOptions::default()
    };
    let ctx = QueryContext::default();
    let error = run(options.clone(), &ctx, "a").unwrap_err();
    assert_eq!(
        error.to_string(),
        "query processing would load too many samples into memory in query execution"
    );
    run(options.clone(), &ctx, "sum(rate(a[10s]))").unwrap();
    for text in [
        "sum_over_time(vector(1)[10y:1ms])",
        "absent_over_time((time() > a)[100y:1ms])",
    ] {
        assert!(
            matches!(run(options.clone(), &ctx, text), Err(Error::TooManySamples)),
            "{text}"
        );
    }
}

/// The deepest expression of this pattern that the parser lets through.
fn deepest(open: &str, close: &str) -> String {
    let nest = |n: usize| format!("{}a{}", open.repeat(n), close.repeat(n));
    let parses = |n: &usize| parse(&nest(*n)).is_ok();
    let most = (0..=promql_syntax::MAX_DEPTH).rev().find(parses).unwrap();
    assert!(most > 40, "{open}: {most}");
    nest(most)
}

#[test]
fn deepest_expressions_evaluate_on_a_small_stack() {
    for (open, close) in [
        ("abs(", ")"),
        ("sum(", ")"),
        ("max_over_time(abs(", ")[1s:1s])"),
        ("label_replace(", r#", "x", "", "x", "")"#),
        ("(1 + (", "))"),
        ("a and (", ")"),
        ("scalar(a) * topk(1, ", ")"),
        ("sort(absent(", "))"),
        ("", " + a"),
        ("-", ""),
    ] {
        let text = deepest(open, close);
        let thread = std::thread::Builder::new().stack_size(2 << 20);
        let handle =
            thread.spawn(move || run(EngineOptions::default(), &QueryContext::default(), &text));
        handle.unwrap().join().unwrap().unwrap();
    }
}
