//! What queries hold: of one, and of all together.

use model::{DurationMs, Labels, TimestampMs};
use promql::{Engine, EngineOptions, Error, QueryContext, QueryOutput, StepRange};
use promql_syntax::parse;
use storage::{Matchers, MemStorage, Queryable};

fn store(series: usize) -> MemStorage {
    let store = MemStorage::default();
    for i in 0..series {
        let labels = Labels::from_pairs([
            ("__name__", "a_total".to_owned()),
            ("g", (i % 3).to_string()),
            ("i", i.to_string()),
        ]);
        let value = |k: i64| (i as f64 + 0.1) * k as f64;
        store
            .add(&labels, (0..100).map(|k| (k * 1000, value(k % 37))))
            .unwrap();
    }
    store
}

const RANGE: StepRange = StepRange {
    start: TimestampMs(0),
    end: TimestampMs(99_000),
    step: DurationMs(100),
};

fn run(engine: &Engine, store: &dyn Queryable, text: &str) -> Result<QueryOutput, Error> {
    engine.range(
        store,
        &parse(text).unwrap(),
        RANGE,
        &QueryContext::default(),
    )
}

#[test]
fn one_query_takes_no_more_than_its_limit() {
    let store = store(100);
    let engine = Engine::new(EngineOptions {
        max_query_bytes: 1 << 20,
        ..EngineOptions::default()
    });
    for text in [
        "a_total",
        "sort(a_total)",
        "quantile(0.5, a_total)",
        "a_total + a_total",
    ] {
        let error = run(&engine, &store, text).unwrap_err();
        assert!(
            matches!(error, Error::QueryMemory { limit: 1_048_576 }),
            "{text}: {error}"
        );
    }
    for text in [
        "sum(a_total)",
        "sum by (g) (rate(a_total[10s]) * 2 > 0)",
        "topk(2, a_total)",
    ] {
        let output = run(&engine, &store, text).unwrap();
        assert!(output.stats.peak_bytes <= 1 << 20);
        assert!(
            output.stats.peak_bytes > 10_000,
            "{}",
            output.stats.peak_bytes
        );
    }
    assert_eq!(
        engine.used_bytes(),
        0,
        "all is given back, after errors too"
    );
}

/// Asks the engine for something else while its query runs.
struct Nested<'s> {
    inner: &'s MemStorage,
    engine: &'s Engine,
}

impl Queryable for Nested<'_> {
    fn select(
        &self,
        matchers: &Matchers,
        range: model::TimeRange,
    ) -> storage::Result<Box<dyn storage::Selection>> {
        assert!(
            self.engine.used_bytes() > 0,
            "the query around it holds memory"
        );
        let outcome = run(self.engine, self.inner, "a_total");
        assert!(matches!(
            outcome,
            Err(Error::TotalMemory { limit: 2_000_000 })
        ));
        self.inner.select(matchers, range)
    }

    fn series(&self, query: storage::LabelQuery<'_>) -> storage::Result<Vec<Labels>> {
        self.inner.series(query)
    }

    fn label_names(&self, query: storage::LabelQuery<'_>) -> storage::Result<Vec<String>> {
        self.inner.label_names(query)
    }

    fn label_values(
        &self,
        name: &str,
        query: storage::LabelQuery<'_>,
    ) -> storage::Result<Vec<String>> {
        self.inner.label_values(name, query)
    }

    fn exemplars(
        &self,
        any_of: &[Vec<model::Matcher>],
        range: model::TimeRange,
    ) -> storage::Result<Vec<storage::SeriesExemplars>> {
        self.inner.exemplars(any_of, range)
    }

    fn metadata(&self) -> Vec<storage::Metadata> {
        self.inner.metadata()
    }
}

#[test]
fn all_queries_together_take_no_more_than_their_limit() {
    let store = store(100);
    let engine = Engine::new(EngineOptions {
        max_total_bytes: 2_000_000,
        ..EngineOptions::default()
    });
    let nested = Nested {
        inner: &store,
        engine: &engine,
    };
    // The left side is a table when the right side is selected.
    run(&engine, &nested, "vector(1) + on () sum(a_total)").unwrap();
    assert_eq!(engine.used_bytes(), 0);
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let store = store(1_500);
    for text in [
        "sum by (g) (rate(a_total[10s]))",
        "avg by (g) (a_total)",
        "stddev(a_total * 3)",
        "topk by (g) (3, rate(a_total[10s]))",
        "bottomk(5, a_total)",
        "min without (i) (max_over_time(a_total[7s]))",
        "count(a_total > 100)",
        "histogram_quantile(0.9, sum by (g, le) (a_total))",
    ] {
        let outputs: Vec<QueryOutput> = [1, 2, 7]
            .map(|workers| {
                let engine = Engine::new(EngineOptions {
                    workers,
                    ..EngineOptions::default()
                });
                run(&engine, &store, text).unwrap()
            })
            .into();
        for output in &outputs {
            assert_eq!(output.value, outputs[0].value, "{text}");
            assert_eq!(output.infos, outputs[0].infos, "{text}");
            assert_eq!(output.stats.total_samples, outputs[0].stats.total_samples);
        }
    }
}
