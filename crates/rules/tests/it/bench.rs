//! A manager over a storage in memory, with a notifier that remembers.

use clock::ManualClock;
use model::{Labels, Matcher, TimeRange, TimestampMs, is_stale};
use promql_syntax::ParseOptions;
use rules::{
    Change, GroupRunner, Manager, Notification, Notifier, RuleDeps, RuleFile, RuleOptions,
};
use selfmon::Registry;
use std::sync::{Arc, Mutex};
use storage::{Column, Matchers, MemStorage, Queryable};

#[derive(Default)]
pub(crate) struct Told(Mutex<Vec<Notification>>);

impl Notifier for Told {
    fn send(&self, alerts: Vec<Notification>) {
        self.0.lock().unwrap().extend(alerts);
    }
}

pub(crate) struct Bench {
    pub(crate) store: Arc<MemStorage>,
    pub(crate) manager: Manager,
    pub(crate) registry: Registry,
    told: Arc<Told>,
}

pub(crate) fn options() -> RuleOptions {
    RuleOptions {
        restore: false,
        ..RuleOptions::default()
    }
}

pub(crate) fn minute(n: i64) -> TimestampMs {
    TimestampMs(n * 60_000)
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::over(Arc::default())
    }

    pub(crate) fn over(store: Arc<MemStorage>) -> Self {
        let told = Arc::new(Told::default());
        let registry = Registry::default();
        let manager = Manager::new(RuleDeps {
            notifier: told.clone(),
            clock: Arc::new(ManualClock::default()),
            registry: registry.clone(),
            ..RuleDeps::new(store.clone(), store.clone())
        });
        Self {
            store,
            manager,
            registry,
            told,
        }
    }

    /// Makes the groups of a rule file those that run.
    pub(crate) fn apply(&self, text: &str, options: &RuleOptions) -> Change {
        let file = RuleFile::parse(text, "r.yml", ParseOptions::default()).unwrap();
        self.manager.apply(vec![file], options)
    }

    /// Runs the only group of a rule file.
    pub(crate) fn run(&self, text: &str) -> Arc<GroupRunner> {
        self.apply(text, &options()).started.remove(0)
    }

    /// Adds one sample.
    pub(crate) fn add(&self, series: &str, at: TimestampMs, value: f64) {
        let labels = promql_syntax::parse_metric(series).unwrap();
        self.store.add(&labels, [(at.0, value)]).unwrap();
    }

    /// All samples of a metric, as `labels minute=value`, sorted.
    pub(crate) fn samples(&self, metric: &str) -> Vec<String> {
        let matchers = Matchers::compile(&[Matcher::metric(metric)]).unwrap();
        let selection = self.store.select(&matchers, TimeRange::ALL).unwrap();
        let mut column = Column::default();
        let mut all = Vec::new();
        for index in 0..selection.len() {
            selection
                .reader()
                .read(index, TimeRange::ALL, &mut column)
                .unwrap();
            let samples = column
                .times
                .iter()
                .zip(&column.values)
                .map(|(time, value)| {
                    let minute = *time as f64 / 60_000.0;
                    if is_stale(*value) {
                        format!("{minute}=stale")
                    } else {
                        format!("{minute}={value}")
                    }
                });
            let samples: Vec<String> = samples.collect();
            all.push(format!("{} {}", selection.labels(index), samples.join(" ")));
        }
        all.sort();
        all
    }

    /// What was told since the last look.
    pub(crate) fn told(&self) -> Vec<Notification> {
        std::mem::take(&mut self.told.0.lock().unwrap())
    }

    /// The sum of a metric of the rules themselves.
    pub(crate) fn metric(&self, name: &str) -> f64 {
        let families = self.registry.gather();
        let family = families.iter().find(|family| family.name == name);
        family.map_or(0.0, |family| {
            family.points.iter().map(|point| point.value).sum()
        })
    }

    /// State and labels of all alerts.
    pub(crate) fn alerts(&self) -> Vec<String> {
        let alerts = self.manager.alerts();
        alerts
            .iter()
            .map(|alert| format!("{} {}", alert.state, alert.labels))
            .collect()
    }
}

#[test]
fn labels_of_the_bench_are_those_of_promql() {
    let bench = Bench::new();
    bench.add("up{job=\"a\"}", minute(1), 1.0);
    assert_eq!(bench.samples("up"), ["up{job=\"a\"} 1=1"]);
    assert_eq!(Labels::empty().to_string(), "{}");
}
