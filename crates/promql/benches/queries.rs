//! Queries over many series: what the engine takes besides the storage, which here hands out columns that
//! lie ready in memory, with timelines, and groups that it has found before.
#![expect(
    clippy::expect_used,
    reason = "a measurement that cannot be made shall end"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use model::{DurationMs, Labels, Matcher, TimeRange, TimestampMs};
use promql::{Engine, EngineOptions, QueryContext, StepRange};
use promql_syntax::{Expr, parse};
use std::hint::black_box;
use std::sync::{Arc, Mutex};
use storage::{
    Column, ColumnReader, Error, Exemplar, Grouping, Groups, LabelQuery, Matchers, Metadata,
    Newest, Queryable, Selection, SeriesExemplars,
};

const INTERVAL: i64 = 15_000;

/// Series of one metric, 50 per instance, all of an instance at the same times.
struct Fleet {
    labels: Vec<Labels>,
    columns: Vec<Column>,
    groups: Mutex<Vec<(Grouping, Groups)>>,
}

/// All that is selected is everything.
struct All(Arc<Fleet>);

struct Reader<'f>(&'f Fleet);

impl Fleet {
    fn new(series: usize, samples: usize) -> Arc<Self> {
        let labels = |number: usize| {
            let mode = ["user", "system", "idle", "iowait", "steal"];
            let le = [
                "0.005", "0.01", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "10", "+Inf",
            ];
            Labels::from_pairs([
                ("__name__", "x_total".to_owned()),
                ("device", format!("dev{}", number % 50 / 5)),
                ("instance", format!("host-{:05}:9100", number / 50)),
                ("job", "node".to_owned()),
                (
                    "le",
                    le.iter()
                        .cycle()
                        .nth(number)
                        .map_or(String::new(), |le| (*le).into()),
                ),
                (
                    "mode",
                    mode.iter()
                        .cycle()
                        .nth(number)
                        .map_or(String::new(), |m| (*m).into()),
                ),
            ])
        };
        let column = |number: usize| {
            let mut column = Column::default();
            let (mut value, step) = (number as f64, (number % 7) as f64 * 0.25);
            for index in 0..samples {
                // One series of ten falls back at times.
                if number % 10 == 3 && index % 400 == 399 {
                    value = 0.0;
                }
                value += step;
                let offset = (number / 50) as i64 % 100 * 150;
                column.push(index as i64 * INTERVAL + offset, value);
            }
            column.timeline = Some((number / 50 % 100) as u64);
            column
        };
        Arc::new(Self {
            labels: (0..series).map(labels).collect(),
            columns: (0..series).map(column).collect(),
            groups: Mutex::default(),
        })
    }
}

impl ColumnReader for Reader<'_> {
    fn read(&mut self, index: usize, range: TimeRange, column: &mut Column) -> Result<(), Error> {
        column.clear();
        let Some(stored) = self.0.columns.get(index) else {
            return Ok(());
        };
        let from = stored.times.partition_point(|time| *time < range.start.0);
        let to = stored.times.partition_point(|time| *time < range.end.0);
        column
            .times
            .extend_from_slice(stored.times.get(from..to).unwrap_or_default());
        column
            .values
            .extend_from_slice(stored.values.get(from..to).unwrap_or_default());
        column.timeline = stored.timeline;
        Ok(())
    }
}

impl Selection for All {
    fn len(&self) -> usize {
        self.0.labels.len()
    }

    fn labels(&self, index: usize) -> Labels {
        self.0.labels.get(index).cloned().unwrap_or_default()
    }

    fn group(&self, grouping: &Grouping) -> Groups {
        let mut known = self.0.groups.lock().expect("no bench panics");
        if let Some((_, groups)) = known.iter().find(|(one, _)| one == grouping) {
            return groups.clone();
        }
        let groups = Groups::of(self.0.labels.iter().cloned(), grouping);
        known.push((grouping.clone(), groups.clone()));
        groups
    }

    fn reader(&self) -> Box<dyn ColumnReader + '_> {
        Box::new(Reader(&self.0))
    }

    fn newest(&self, range: TimeRange, newest: &mut Newest) -> Result<(), Error> {
        newest.clear();
        for column in &self.0.columns {
            let last = column.times.last().copied().zip(column.values.last());
            let last = last.filter(|(time, _)| range.contains(TimestampMs(*time)));
            let (time, value) = last.unwrap_or((Newest::NONE, &f64::NAN));
            newest.times.push(time);
            newest.values.push(*value);
        }
        Ok(())
    }
}

impl Queryable for All {
    fn select(&self, _: &Matchers, _: TimeRange) -> Result<Box<dyn Selection>, Error> {
        Ok(Box::new(Self(Arc::clone(&self.0))))
    }

    fn series(&self, _: LabelQuery<'_>) -> Result<Vec<Labels>, Error> {
        Ok(self.0.labels.clone())
    }

    fn label_names(&self, _: LabelQuery<'_>) -> Result<Vec<String>, Error> {
        Ok(Vec::new())
    }

    fn label_values(&self, _: &str, _: LabelQuery<'_>) -> Result<Vec<String>, Error> {
        Ok(Vec::new())
    }

    fn exemplars(&self, _: &[Vec<Matcher>], _: TimeRange) -> Result<Vec<SeriesExemplars>, Error> {
        let none: Vec<Exemplar> = Vec::new();
        Ok(vec![SeriesExemplars {
            series: Labels::empty(),
            exemplars: none,
        }])
    }

    fn metadata(&self) -> Vec<Metadata> {
        Vec::new()
    }
}

fn parsed(text: &str) -> Expr {
    parse(text).expect("the expression is right")
}

/// 10,000 series of 6 hours, in steps of a minute.
fn ranges(c: &mut Criterion) {
    let fleet = All(Fleet::new(10_000, 1_440));
    let range = StepRange {
        start: TimestampMs(0),
        end: TimestampMs(1_440 * INTERVAL),
        step: DurationMs(60_000),
    };
    let mut group = c.benchmark_group("range, 10,000 series");
    group.sample_size(10);
    for text in [
        "sum by (mode) (rate(x_total[5m]))",
        "histogram_quantile(0.9, sum by (le) (rate(x_total[5m])))",
        "avg by (mode) (x_total)",
        "max by (mode) (max_over_time(x_total[10m]))",
        "sum by (mode) (sum_over_time(x_total[10m]))",
        "topk(5, rate(x_total[5m]))",
        "sum(rate(x_total[5m]) * 8 > 1)",
    ] {
        let expr = parsed(text);
        for workers in [1, 2] {
            let engine = Engine::new(EngineOptions {
                workers,
                ..EngineOptions::default()
            });
            let ctx = QueryContext::default();
            group.bench_function(format!("{text}, {workers} threads"), |b| {
                b.iter(|| black_box(engine.range(&fleet, &expr, range, &ctx)).expect("it runs"));
            });
        }
    }
}

/// 100,000 series at one moment.
fn instants(c: &mut Criterion) {
    let fleet = All(Fleet::new(100_000, 22));
    let time = TimestampMs(22 * INTERVAL);
    let engine = Engine::default();
    let mut group = c.benchmark_group("instant, 100,000 series");
    group.sample_size(20);
    for text in [
        "sum by (job) (x_total)",
        "topk(10, rate(x_total[5m]))",
        "topk(10, x_total)",
        "count(x_total > 50)",
    ] {
        let expr = parsed(text);
        let ctx = QueryContext::default();
        group.bench_function(text, |b| {
            b.iter(|| black_box(engine.instant(&fleet, &expr, time, &ctx)).expect("it runs"));
        });
    }
}

criterion_group!(benches, ranges, instants);
criterion_main!(benches);
