//! Queries.

use crate::columns::histogram;
use crate::{Dice, text};
use model::{DurationMs, Labels, TimestampMs};
use promql::{Engine, EngineOptions, QueryContext, StepRange, Value};
use promql_syntax::{ParseOptions, ValueType, parse_metric, parse_selector, parse_with};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use storage::{Column, MemStorage};

const NOW: i64 = 1_700_000_000_000;

/// The text of an expression. What is printed of it is the same expression.
pub fn parse(data: &[u8]) {
    let Some(text) = text(data) else {
        return;
    };
    let _ = (parse_selector(text), parse_metric(text));
    let _ = parse_with(text, ParseOptions::default());
    if let Ok(expr) = parse_with(text, ParseOptions::ALL) {
        let printed = expr.to_string();
        for other in [&printed, &expr.pretty()] {
            let again = parse_with(other, ParseOptions::ALL);
            let again =
                again.unwrap_or_else(|errors| panic!("`{text}` became `{other}`: {errors}"));
            assert_eq!(again.to_string(), printed, "of `{text}`");
        }
    }
}

fn store() -> &'static MemStorage {
    static STORE: OnceLock<MemStorage> = OnceLock::new();
    STORE.get_or_init(|| {
        let store = MemStorage::default();
        let mut dice = Dice(5);
        for series in 0..8 {
            let name = ["a_total", "b", "up"][series % 3];
            let number = series.to_string();
            let labels = [("__name__", name), ("n", &number), ("job", "node")];
            let mut column = Column::default();
            let mut count = 0.0;
            for step in 0..40 {
                count += dice.below(5) as f64;
                let value = if step == 30 {
                    model::stale_nan()
                } else {
                    count
                };
                column.push(NOW + step * 15_000 - 600_000, value);
                if step == 20 && series == 0 {
                    count = 0.0;
                }
            }
            let _ = store.add_column(&Labels::from_pairs(labels), &column);
        }
        for le in ["0.5", "1", "+Inf"] {
            let labels = [("__name__", "h_bucket"), ("le", le)];
            let samples = (0..40).map(|step| (NOW + step * 15_000 - 600_000, step as f64));
            let _ = store.add(&Labels::from_pairs(labels), samples);
        }
        let mut column = Column::default();
        for step in 0..40 {
            let one = Arc::new(histogram(step as f64));
            column.push_histogram(NOW + step * 15_000 - 600_000, one);
        }
        let _ = store.add_column(&Labels::from_pairs([("__name__", "h")]), &column);
        store
    })
}

/// The text of an expression, evaluated at one time and at several.
pub fn eval(data: &[u8]) {
    let Some(text) = text(data).filter(|text| text.len() < 500) else {
        return;
    };
    let Ok(expr) = promql::parse(text, ParseOptions::ALL) else {
        return;
    };
    let engine = Engine::new(EngineOptions {
        max_samples: 20_000,
        ..EngineOptions::default()
    });
    let context = QueryContext {
        deadline: Some(Instant::now() + Duration::from_millis(500)),
        text: Some(text.into()),
        ..QueryContext::default()
    };
    if let Ok(output) = engine.instant(store(), &expr, TimestampMs(NOW), &context)
        && let Value::Vector(elements) = &output.value
    {
        assert!(matches!(expr.value_type(), ValueType::Vector));
        assert!(elements.len() <= 20_000);
    }
    let range = StepRange {
        start: TimestampMs(NOW - 300_000),
        end: TimestampMs(NOW),
        step: DurationMs(45_000),
    };
    let _ = engine.range(store(), &expr, range, &context);
}

const EXPRESSIONS: &[&str] = &[
    "up",
    "a_total{n=\"1\",job=~\"no.*\"} offset 5m @ end()",
    "sum by (job) (rate(a_total[5m]))",
    "histogram_quantile(0.9, sum without (n) (rate(h_bucket[2m])))",
    "histogram_quantile(0.5, h) + histogram_sum(rate(h[3m]))",
    "max_over_time(deriv(b[1m])[5m:15s] offset -1m)",
    "a_total / on(n) group_left(job) b",
    "up and ignoring(n) b unless on(job) a_total or vector(1)",
    "topk(2, b) > bool 3",
    "label_replace(up, \"x\", \"$1\", \"n\", \"(.*)\")",
    "label_join(up, \"x\", \"-\", \"n\", \"job\")",
    "absent(nothing{a=\"b\"})",
    "quantile(0.5, b) ^ 2 % 3 - -1 * +4",
    "count_values(\"v\", up)",
    "sort_desc(b) @ 1700000000",
    "predict_linear(b[10m], 3600) + day_of_week() + time()",
    "holt_winters(b[5m], 0.5, 0.5)",
    "double_exponential_smoothing(b[5m], 0.5, 0.5)",
    "limitk(2, up) + limit_ratio(0.5, up)",
    "sort_by_label(up, \"n\")",
    "info(up)",
    "increase(a_total[5m] smoothed) + delta(b[5m] anchored)",
    "a_total + fill(0) b",
    "{\"quoted name\", __name__=~\".+\", n!=\"3\"}[1h30m]",
    "sum(up[5m + 2 * step()])",
    "0x1F + 1e3 + Inf + NaN + 'text'",
    "stddev(b) + stdvar_over_time(b[5m]) + mad_over_time(b[5m])",
    "histogram_fraction(0, 1, h) + histogram_avg(h) + histogram_stddev(h)",
    "clamp(b, 0, 10) + round(b, 0.5) + sgn(b) + atan2(b, up)",
    "changes(b[5m]) + resets(a_total[5m]) + irate(a_total[1m]) + idelta(b[1m])",
];

/// Expressions of all kinds.
pub fn parse_seeds() -> Vec<Vec<u8>> {
    EXPRESSIONS
        .iter()
        .map(|text| text.as_bytes().to_vec())
        .collect()
}

/// The same.
pub fn eval_seeds() -> Vec<Vec<u8>> {
    parse_seeds()
}
