//! Random expressions over random small data never panic, and end as they should.

use model::{DurationMs, Histogram, Labels, TimestampMs};
use promql::{Engine, EngineOptions, QueryContext, StepRange, parse};
use promql_syntax::{FUNCTIONS, ParseOptions, ValueType};
use proptest::prelude::*;
use std::sync::Arc;
use std::time::{Duration, Instant};
use storage::{Column, MemStorage};

/// One of these words.
fn one_of(words: &'static [&'static str]) -> BoxedStrategy<String> {
    prop::sample::select(words).prop_map(str::to_owned).boxed()
}

const OPERATORS: &[&str] = &[
    "+", "-", "*", "/", "%", "^", "atan2", "==", "!=", "<", ">", "<=", ">=", "== bool", "> bool",
];
const SETS: &[&str] = &["and", "or", "unless", "+", "/", ">"];
const MATCHING: &[&str] = &[
    "",
    "on (job)",
    "ignoring (i)",
    "on (job) group_left",
    "on () group_right (le)",
];
const SIMPLE: &[&str] = &[
    "sum", "avg", "min", "max", "count", "group", "stddev", "stdvar",
];
const WITH_PARAMETER: &[&str] = &["topk", "bottomk", "limitk", "limit_ratio", "quantile"];

fn number() -> BoxedStrategy<String> {
    const WORDS: &[&str] = &[
        "0", "1", "-1", "0.5", "5", "NaN", "Inf", "-Inf", "1e308", "1e-308", "-0",
    ];
    prop_oneof![
        one_of(WORDS),
        any::<f64>().prop_map(|value| format!("{value:?}")),
    ]
    .boxed()
}

fn duration() -> BoxedStrategy<String> {
    const WORDS: &[&str] = &["1ms", "7s", "10s", "1m", "5m", "1h", "3d", "1y"];
    one_of(WORDS)
}

fn shift() -> BoxedStrategy<String> {
    prop_oneof![
        6 => Just(String::new()),
        1 => duration().prop_map(|d| format!(" offset {d}")),
        1 => duration().prop_map(|d| format!(" offset -{d}")),
        1 => Just(" @ 30".to_owned()),
        1 => Just(" @ end()".to_owned()),
    ]
    .boxed()
}

fn selector() -> BoxedStrategy<String> {
    const WORDS: &[&str] = &[
        "a",
        "b",
        "h",
        "{job=~\".+\"}",
        "a{job=\"x\"}",
        "b{le!=\"1\"}",
        "none",
        "c_bucket",
    ];
    one_of(WORDS)
}

fn labels() -> BoxedStrategy<String> {
    const WORDS: &[&str] = &["", "job", "le", "job, i", "__name__", "missing"];
    one_of(WORDS)
}

fn matrix(vector: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let extension = one_of(&["", "", "", " anchored", " smoothed"]);
    prop_oneof![
        3 => (selector(), duration(), extension, shift())
            .prop_map(|(s, d, e, shift)| format!("{s}[{d}]{e}{shift}")),
        1 => (vector, duration(), one_of(&["", "5s", "1m", "1ms"]), shift())
            .prop_map(|(v, d, step, shift)| format!("({v})[{d}:{step}]{shift}")),
    ]
    .boxed()
}

fn scalar(vector: BoxedStrategy<String>) -> BoxedStrategy<String> {
    prop_oneof![
        4 => number(),
        1 => Just("time()".to_owned()),
        1 => vector.prop_map(|v| format!("scalar({v})")),
    ]
    .boxed()
}

fn call(vector: &BoxedStrategy<String>) -> BoxedStrategy<String> {
    let (vector, scalar) = (vector.clone(), scalar(vector.clone()));
    (0..FUNCTIONS.len())
        .prop_flat_map(move |number| {
            let function = &FUNCTIONS[number];
            let text = one_of(&["\"job\"", "\"i\"", "\"(.*)\"", "\"$1x\""]);
            let mut args: Vec<BoxedStrategy<String>> = Vec::new();
            for kind in function.args {
                args.push(match kind {
                    ValueType::Scalar => scalar.clone(),
                    ValueType::Vector => vector.clone(),
                    ValueType::Matrix => matrix(vector.clone()),
                    ValueType::String => text.clone(),
                });
            }
            args.prop_map(move |args| format!("{}({})", function.name, args.join(", ")))
        })
        .boxed()
}

fn expression() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        6 => (selector(), shift()).prop_map(|(s, shift)| format!("{s}{shift}")),
        1 => number().prop_map(|n| format!("vector({n})")),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let inner = inner.boxed();
        let modifier = one_of(&["by", "without"]);
        prop_oneof![
            3 => call(&inner),
            2 => (one_of(SIMPLE), modifier.clone(), labels(), inner.clone())
                .prop_map(|(op, how, by, v)| format!("{op} {how} ({by}) ({v})")),
            1 => (one_of(WITH_PARAMETER), modifier, labels(), scalar(inner.clone()), inner.clone())
                .prop_map(|(op, how, by, k, v)| format!("{op} {how} ({by}) ({k}, {v})")),
            1 => inner.clone().prop_map(|v| format!("count_values(\"job\", {v})")),
            1 => inner.clone().prop_map(|v| format!("-({v})")),
            1 => (scalar(inner.clone()), one_of(OPERATORS), inner.clone())
                .prop_map(|(s, op, v)| format!("({s}) {op} ({v})")),
            2 => (
                inner.clone(),
                prop_oneof![one_of(OPERATORS), one_of(SETS)],
                one_of(MATCHING),
                inner
            )
                .prop_map(|(a, op, m, b)| format!("({a}) {op} {m} ({b})")),
        ]
    })
    .boxed()
}

/// Samples of one series: time and value; every 20th or so is a histogram or a stale marker.
type Samples = Vec<(u16, f64, u8)>;

fn data() -> impl Strategy<Value = Vec<(usize, Samples)>> {
    let value = prop_oneof![
        4 => (0..1000_i32).prop_map(f64::from),
        1 => any::<f64>(),
        1 => prop::sample::select(&[f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0][..]),
    ];
    let samples = prop::collection::vec((1..9_000_u16, value, any::<u8>()), 0..30);
    prop::collection::vec((0..24_usize, samples), 0..12)
}

fn stored(data: &[(usize, Samples)]) -> MemStorage {
    let store = MemStorage::default();
    let (names, jobs) = (["a", "b", "h", "c_bucket"], ["x", "y", ""]);
    for (series, samples) in data {
        let le = ["1", "+Inf"][series / 12 % 2];
        let labels = Labels::from_pairs([
            ("__name__", names[series % 4]),
            ("job", jobs[series % 3]),
            ("i", le),
            ("le", le),
        ]);
        let mut column = Column::default();
        let mut time = 0;
        for (gap, value, kind) in samples {
            time += i64::from(*gap);
            match kind {
                0..8 => column.push(time, model::stale_nan()),
                8..24 => column.push_histogram(
                    time,
                    Arc::new(Histogram {
                        count: f64::from(*kind),
                        sum: *value,
                        zero_count: f64::from(*kind),
                        ..Histogram::default()
                    }),
                ),
                _ => column.push(time, *value),
            }
        }
        // The same series may come twice; then what is not newer is left out.
        let _ = store.add_column(&labels, &column);
    }
    store
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_expressions_never_panic(text in expression(), data in data(), start in 0..200_000_i64) {
        let Ok(expr) = parse(&text, ParseOptions::ALL) else {
            return Ok(());
        };
        let store = stored(&data);
        let engine = Engine::new(EngineOptions {
            max_samples: 200_000,
            max_query_bytes: 16 << 20,
            ..EngineOptions::default()
        });
        let ctx = QueryContext {
            deadline: Some(Instant::now() + Duration::from_secs(5)),
            text: Some(text.as_str().into()),
            per_step_stats: true,
            ..QueryContext::default()
        };
        let instant = engine.instant(&store, &expr, TimestampMs(start), &ctx);
        let range = StepRange {
            start: TimestampMs(start),
            end: TimestampMs(start + 60_000),
            step: DurationMs(7_000),
        };
        let plain = engine.range(&store, &expr, range, &ctx);
        let explained = engine.explain_range(&store, &expr, range, &ctx);
        prop_assert_eq!(plain.is_ok(), explained.is_ok(), "{}", text);
        prop_assert_eq!(engine.used_bytes(), 0);
        if let Ok(output) = instant {
            prop_assert_eq!(output.samples_per_step.len(), 1);
        }
    }
}
