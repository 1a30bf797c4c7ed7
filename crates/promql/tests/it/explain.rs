//! What is told of a query besides its result.

use model::{DurationMs, Labels, TimestampMs};
use promql::{Engine, NodeKind, PlanNode, QueryContext, StepRange};
use promql_syntax::parse;
use storage::MemStorage;

/// Four series with a sample every 10 seconds.
fn store() -> MemStorage {
    let store = MemStorage::default();
    for i in 0..4 {
        let labels = Labels::from_pairs([("__name__", "a_total".to_owned()), ("i", i.to_string())]);
        store
            .add(&labels, (0..100).map(|k| (k * 10_000, k as f64)))
            .unwrap();
    }
    store
}

const RANGE: StepRange = StepRange {
    start: TimestampMs(100_000),
    end: TimestampMs(190_000),
    step: DurationMs(30_000),
};

fn explained(text: &str) -> PlanNode {
    let ctx = QueryContext::default();
    let engine = Engine::default();
    let expr = parse(text).unwrap();
    let explained = engine.explain_range(&store(), &expr, RANGE, &ctx).unwrap();
    let output = engine.range(&store(), &expr, RANGE, &ctx).unwrap();
    assert_eq!(explained.output.value, output.value);
    explained.plan
}

#[test]
fn every_node_tells_its_series_and_samples() {
    let plan = explained("(sum(rate(a_total[1m])) + 1) / on () group_left sum(a_total)");
    assert_eq!(plan.kind, NodeKind::Binary);
    assert_eq!((plan.series_in, plan.series_out), (Some(2), Some(1)));
    let sum = &plan.children[0].children[0];
    assert_eq!(sum.kind.as_str(), "aggregate");
    assert!(sum.how.starts_with("grouped before reading"), "{}", sum.how);
    let rate = &sum.children[0];
    assert_eq!(rate.text, "rate(a_total[1m])");
    assert_eq!(
        &"(sum(rate(a_total[1m]))"[rate.span.start..rate.span.end],
        rate.text
    );
    assert_eq!((rate.series_in, rate.series_out), (Some(4), Some(4)));
    let range = &rate.children[0];
    assert_eq!(range.kind, NodeKind::Range);
    // Windows reach from 40 seconds, excluded, to 190.
    assert_eq!((range.series_out, range.samples), (Some(4), Some(4 * 15)));
    assert!(range.total_time <= sum.total_time && sum.own_time <= sum.total_time);
    let one = &plan.children[0].children[1];
    assert_eq!((one.kind, one.series_out), (NodeKind::Literal, None));
    let newest = explained("sum(a_total)").children.remove(0);
    assert_eq!(newest.series_out, Some(4));
    let none = explained("a_total > 1e9");
    assert_eq!((none.series_in, none.series_out), (Some(4), Some(0)));
}

#[test]
fn samples_are_counted_per_step_as_prometheus_does() {
    let stats = |text: &str| {
        let ctx = QueryContext {
            per_step_stats: true,
            ..QueryContext::default()
        };
        let engine = Engine::default();
        let output = engine.range(&store(), &parse(text).unwrap(), RANGE, &ctx);
        let output = output.unwrap();
        let steps: Vec<u64> = output.samples_per_step.iter().map(|(_, n)| *n).collect();
        assert_eq!(output.samples_per_step[1].0, 130_000);
        assert_eq!(
            steps.iter().sum::<u64>(),
            output.stats.total_samples,
            "{text}"
        );
        steps
    };
    assert_eq!(stats("a_total"), [4; 4]);
    assert_eq!(stats("sum(a_total)"), [4; 4]);
    assert_eq!(stats("sum(rate(a_total[1m]))"), [24; 4]);
    assert_eq!(stats("a_total @ 150"), [4; 4], "it counts at every step");
    assert_eq!(
        stats("max_over_time(a_total[1m:20s])"),
        [12; 4],
        "not what is inside, too"
    );
    assert_eq!(stats("1 + 1"), [0; 4]);
    assert_eq!(stats("a_total + a_total"), [8; 4]);
}
