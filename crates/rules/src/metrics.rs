//! What the rules tell about themselves, under Prometheus' names.

use model::{Labels, MetricFamily, MetricKind, Point};
use selfmon::{Counter, CounterVec, Gauge, GaugeVec, Histogram, Registry};
use std::time::Duration;

/// Upper bounds of the histograms of durations. Units: seconds.
const BOUNDS: [f64; 7] = [0.01, 0.1, 1.0, 10.0, 60.0, 600.0, 3600.0];
const GROUP: &str = "rule_group";

/// The metrics of all groups.
#[derive(Clone)]
pub(crate) struct Metrics {
    evaluations: CounterVec,
    evaluation_failures: CounterVec,
    iterations: CounterVec,
    iterations_missed: CounterVec,
    interval: GaugeVec,
    last_evaluation: GaugeVec,
    last_duration: GaugeVec,
    last_rule_duration_sum: GaugeVec,
    last_restore_duration: GaugeVec,
    rules: GaugeVec,
    samples: GaugeVec,
    pub(crate) rule_duration: Spent,
    pub(crate) group_duration: Spent,
    pub(crate) expansions: Counter,
    pub(crate) expansion_failures: Counter,
}

/// Durations, as a histogram and as a summary without quantiles.
#[derive(Clone)]
pub(crate) struct Spent {
    histogram: Histogram,
    sum: Counter,
    count: Counter,
}

impl Spent {
    fn new(registry: &Registry, name: &'static str, help: &'static str) -> Self {
        let histogram_name = name.replace("_seconds", "_histogram_seconds");
        let spent = Self {
            histogram: registry.histogram(&histogram_name, help, &BOUNDS, &[]),
            sum: Counter::default(),
            count: Counter::default(),
        };
        let (sum, count) = (spent.sum.clone(), spent.count.clone());
        registry.collect(move || {
            let mut family = MetricFamily::new(name, MetricKind::Summary, help);
            for (suffix, counter) in [("_sum", &sum), ("_count", &count)] {
                family.points.push(Point {
                    suffix,
                    labels: Labels::empty(),
                    value: counter.get(),
                });
            }
            vec![family]
        });
        spent
    }

    pub(crate) fn add(&self, duration: Duration) {
        let seconds = duration.as_secs_f64();
        self.histogram.observe(seconds);
        self.sum.add(seconds);
        self.count.inc();
    }
}

impl Metrics {
    pub(crate) fn new(registry: &Registry) -> Self {
        let counters = |name: &str, help: &str| registry.counter_vec(name, help, &[GROUP]);
        let gauges = |name: &str, help: &str| registry.gauge_vec(name, help, &[GROUP]);
        Self {
            evaluations: counters(
                "prometheus_rule_evaluations_total",
                "The total number of rule evaluations.",
            ),
            evaluation_failures: counters(
                "prometheus_rule_evaluation_failures_total",
                "The total number of rule evaluation failures.",
            ),
            iterations: counters(
                "prometheus_rule_group_iterations_total",
                "The total number of scheduled rule group evaluations, whether executed or missed.",
            ),
            iterations_missed: counters(
                "prometheus_rule_group_iterations_missed_total",
                "The total number of rule group evaluations missed due to slow evaluation.",
            ),
            interval: gauges(
                "prometheus_rule_group_interval_seconds",
                "The interval of a rule group.",
            ),
            last_evaluation: gauges(
                "prometheus_rule_group_last_evaluation_timestamp_seconds",
                "When the rule group was last evaluated, in seconds since the epoch.",
            ),
            last_duration: gauges(
                "prometheus_rule_group_last_duration_seconds",
                "The duration of the last rule group evaluation.",
            ),
            last_rule_duration_sum: gauges(
                "prometheus_rule_group_last_rule_duration_sum_seconds",
                "The sum of the durations of the rules in the last group evaluation.",
            ),
            last_restore_duration: gauges(
                "prometheus_rule_group_last_restore_duration_seconds",
                "The duration of the last restoration of the states of alerts.",
            ),
            rules: gauges("prometheus_rule_group_rules", "The number of rules."),
            samples: gauges(
                "prometheus_rule_group_last_evaluation_samples",
                "The number of samples returned during the last rule group evaluation.",
            ),
            rule_duration: Spent::new(
                registry,
                "prometheus_rule_evaluation_duration_seconds",
                "The duration of rule evaluations.",
            ),
            group_duration: Spent::new(
                registry,
                "prometheus_rule_group_duration_seconds",
                "The duration of rule group evaluations.",
            ),
            expansions: registry.counter(
                "prometheus_template_text_expansions_total",
                "The total number of template text expansions.",
                &[],
            ),
            expansion_failures: registry.counter(
                "prometheus_template_text_expansion_failures_total",
                "The total number of template text expansion failures.",
                &[],
            ),
        }
    }

    /// The metrics of the group whose label is `key`.
    pub(crate) fn group(&self, key: &str) -> GroupMetrics {
        let key = &[key];
        GroupMetrics {
            evaluations: self.evaluations.with(key),
            evaluation_failures: self.evaluation_failures.with(key),
            iterations: self.iterations.with(key),
            iterations_missed: self.iterations_missed.with(key),
            interval: self.interval.with(key),
            last_evaluation: self.last_evaluation.with(key),
            last_duration: self.last_duration.with(key),
            last_rule_duration_sum: self.last_rule_duration_sum.with(key),
            last_restore_duration: self.last_restore_duration.with(key),
            rules: self.rules.with(key),
            samples: self.samples.with(key),
        }
    }

    /// Forgets the metrics of a group that is no more.
    pub(crate) fn forget(&self, key: &str) {
        let key = &[key];
        for counters in [
            &self.evaluations,
            &self.evaluation_failures,
            &self.iterations,
            &self.iterations_missed,
        ] {
            counters.remove(key);
        }
        for gauges in [
            &self.interval,
            &self.last_evaluation,
            &self.last_duration,
            &self.last_rule_duration_sum,
            &self.last_restore_duration,
            &self.rules,
            &self.samples,
        ] {
            gauges.remove(key);
        }
    }
}

/// The metrics of one group.
pub(crate) struct GroupMetrics {
    pub(crate) evaluations: Counter,
    pub(crate) evaluation_failures: Counter,
    pub(crate) iterations: Counter,
    pub(crate) iterations_missed: Counter,
    pub(crate) interval: Gauge,
    pub(crate) last_evaluation: Gauge,
    pub(crate) last_duration: Gauge,
    pub(crate) last_rule_duration_sum: Gauge,
    pub(crate) last_restore_duration: Gauge,
    pub(crate) rules: Gauge,
    pub(crate) samples: Gauge,
}
