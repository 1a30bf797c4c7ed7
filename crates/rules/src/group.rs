//! A group that runs: its rules, evaluated together.

use crate::alerting::Restoration;
use crate::batches::{Batches, batches};
use crate::deps::{RuleDeps, RuleOptions};
use crate::file::GroupDefinition;
use crate::metrics::{GroupMetrics, Metrics};
use crate::query::Asker;
use crate::rule::{Moment, Rule};
use crate::sink::Sink;
use crate::slots::Slots;
use crate::snapshot::{GroupSnapshot, Health};
use model::{DurationMs, TimestampMs};
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use template::Template;

/// Evaluations before the state of alerts is restored: in the first one, neither scrapes nor the rules
/// that alerts stand on may have brought what they will.
const EVALUATIONS_BEFORE_RESTORING: usize = 2;

/// A group of rules that runs. All methods may be called from any thread.
///
/// Whoever runs it waits for [`first_slot`](Self::first_slot), then, after each interval, asks for the
/// [`due_slot`](Self::due_slot) and [evaluates](Self::evaluate) it.
pub struct GroupRunner {
    deps: RuleDeps,
    options: RuleOptions,
    file: String,
    definition: GroupDefinition,
    interval: DurationMs,
    query_offset: DurationMs,
    rules: Vec<Rule>,
    batches: Batches,
    slots: Slots,
    all_metrics: Metrics,
    metrics: GroupMetrics,
    cancel: Arc<AtomicBool>,
    /// Held during an evaluation, so that there is only one.
    running: Mutex<Running>,
    last: Mutex<Last>,
}

/// What only evaluations need.
#[derive(Default)]
struct Running {
    stopped: bool,
    evaluations: usize,
    restores: bool,
    /// Series of rules that the group had before a reload.
    orphans: Sink,
}

/// The last evaluation.
#[derive(Debug, Clone, Copy, Default)]
struct Last {
    at: Option<TimestampMs>,
    duration: Duration,
}

impl GroupRunner {
    pub(crate) fn new(
        deps: &RuleDeps,
        options: &RuleOptions,
        metrics: &Metrics,
        file: &str,
        definition: GroupDefinition,
    ) -> Self {
        let interval = definition.interval.unwrap_or(options.evaluation_interval);
        let rules: Vec<Rule> = definition
            .rules
            .iter()
            .map(|rule| Rule::new(rule.clone(), !options.restore))
            .collect();
        let own = metrics.group(&key(file, &definition.name));
        own.interval.set(interval.as_seconds());
        own.rules.set(rules.len() as f64);
        Self {
            slots: Slots::new(file, &definition.name, interval),
            query_offset: definition.query_offset.unwrap_or(options.query_offset),
            batches: if options.max_concurrent > 1 {
                batches(&definition.rules)
            } else {
                (0..rules.len()).map(|index| vec![index]).collect()
            },
            deps: deps.clone(),
            options: options.clone(),
            file: file.to_owned(),
            all_metrics: metrics.clone(),
            metrics: own,
            rules,
            interval,
            definition,
            cancel: Arc::default(),
            running: Mutex::new(Running {
                restores: options.restore,
                ..Running::default()
            }),
            last: Mutex::default(),
        }
    }

    /// The file that the group is from.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The group's name.
    pub fn name(&self) -> &str {
        &self.definition.name
    }

    /// Time between evaluations.
    pub fn interval(&self) -> DurationMs {
        self.interval
    }

    /// When the group is evaluated for the first time if it is started at `now`. Groups are spread over
    /// their interval, each at the same place of it whenever it is started.
    pub fn first_slot(&self, now: TimestampMs) -> TimestampMs {
        self.slots.after(now)
    }

    /// The slot to evaluate at `now`, an interval or more after the slot `last`. Slots that passed in between
    /// are counted as missed.
    pub fn due_slot(&self, last: TimestampMs, now: TimestampMs) -> TimestampMs {
        let (slot, missed) = self.slots.due(last, now);
        self.metrics.iterations.add(missed as f64);
        self.metrics.iterations_missed.add(missed as f64);
        slot
    }

    /// Evaluates all rules at `at`, stores what they give and tells of alerts. Blocks; does nothing when the
    /// group was [stopped](Self::stop).
    pub fn evaluate(&self, at: TimestampMs) {
        let mut running = self.running.lock();
        if running.stopped {
            return;
        }
        let began = self.deps.clock.now();
        let started = Instant::now();
        self.metrics.iterations.inc();
        let moment = Moment {
            at,
            shifted: at - self.query_offset,
        };
        let samples = self.evaluate_rules(moment);
        let orphans = running.orphans.end(&*self.deps.appender, moment.shifted);
        if let Err(error) = orphans {
            tracing::warn!(group = self.name(), %error, "series of removed rules not ended");
        }
        self.metrics.samples.set(samples as f64);
        self.note(began, started.elapsed());
        running.evaluations += 1;
        if running.restores && running.evaluations == EVALUATIONS_BEFORE_RESTORING {
            running.restores = false;
            self.restore(at);
        }
    }

    fn note(&self, began: TimestampMs, duration: Duration) {
        *self.last.lock() = Last {
            at: Some(began),
            duration,
        };
        let rules = self.rules.iter().map(|rule| rule.record.lock().duration);
        let sum: Duration = rules.sum();
        self.all_metrics.group_duration.add(duration);
        self.metrics.last_duration.set(duration.as_secs_f64());
        self.metrics.last_evaluation.set(began.as_seconds());
        self.metrics.last_rule_duration_sum.set(sum.as_secs_f64());
    }

    fn evaluate_rules(&self, moment: Moment) -> usize {
        let samples = AtomicUsize::new(0);
        let one = |rule: &Rule| {
            if !self.cancel.load(Ordering::Relaxed) {
                samples.fetch_add(self.evaluate_rule(rule, moment), Ordering::Relaxed);
            }
        };
        for batch in &self.batches {
            let rules: Vec<&Rule> = batch.iter().filter_map(|at| self.rules.get(*at)).collect();
            let threads = self.options.max_concurrent.min(rules.len());
            if threads <= 1 {
                rules.into_iter().for_each(one);
                continue;
            }
            let next = AtomicUsize::new(0);
            let work = || {
                while let Some(rule) = rules.get(next.fetch_add(1, Ordering::Relaxed)) {
                    one(rule);
                }
            };
            std::thread::scope(|scope| {
                for _ in 1..threads {
                    scope.spawn(work);
                }
                work();
            });
        }
        samples.into_inner()
    }

    /// Evaluates one rule; gives the number of samples.
    fn evaluate_rule(&self, rule: &Rule, moment: Moment) -> usize {
        let began = self.deps.clock.now();
        let started = Instant::now();
        self.metrics.evaluations.inc();
        let asker = Asker {
            deps: &self.deps,
            metrics: &self.all_metrics,
            cancel: &self.cancel,
        };
        let limit = self.definition.limit;
        let result = rule.evaluate(&asker, &self.options, moment, limit);
        let mut count = 0;
        let done = result.and_then(|elements| {
            count = elements.len();
            self.tell(rule, moment.at);
            let mut sink = rule.sink.lock();
            sink.write(&*self.deps.appender, &elements, moment.shifted)
        });
        let duration = started.elapsed();
        self.all_metrics.rule_duration.add(duration);
        let mut record = rule.record.lock();
        record.at = Some(began);
        record.duration = duration;
        match done {
            Ok(outcome) => {
                record.health = Health::Good;
                record.last_error = None;
                if outcome.refused() > 0 {
                    let (name, samples) = (rule.definition.name(), outcome.refused());
                    tracing::warn!(rule = name, samples, "results too late to be stored");
                }
            }
            // Whoever stops the group is not told that its last queries did not end.
            Err(_) if self.cancel.load(Ordering::Relaxed) => {}
            Err(error) => {
                self.metrics.evaluation_failures.inc();
                let (group, name) = (self.name(), rule.definition.name());
                tracing::warn!(group, rule = name, %error, "evaluating rule failed");
                record.health = Health::Bad;
                record.last_error = Some(error.to_string());
            }
        }
        count
    }

    fn tell(&self, rule: &Rule, at: TimestampMs) {
        let Some(alerting) = &rule.alerting else {
            return;
        };
        let url = format!(
            "{}{}",
            self.options.external_url,
            Template::table_link(&rule.query)
        );
        let due = alerting.due(at, self.interval, &self.options, &url);
        if !due.is_empty() {
            self.deps.notifier.send(due);
        }
    }

    fn restore(&self, now: TimestampMs) {
        let started = Instant::now();
        for rule in &self.rules {
            let Some(alerting) = &rule.alerting else {
                continue;
            };
            let done = alerting.restore(Restoration {
                storage: &*self.deps.storage,
                options: &self.options,
                now,
            });
            if let Err(error) = done {
                let (group, rule) = (self.name(), rule.definition.name());
                tracing::warn!(group, rule, %error, "state of alerts not restored");
            }
        }
        let seconds = started.elapsed().as_secs_f64();
        self.metrics.last_restore_duration.set(seconds);
    }

    /// Ends evaluations for good, the one that runs too. Returns when none runs any more.
    pub fn stop(&self) {
        self.cancel.store(true, Ordering::Relaxed);
        self.running.lock().stopped = true;
    }

    /// Ends all series of the group at `at`: it was removed from the configuration. To be called two
    /// intervals after the group was [stopped](Self::stop), when no new group has taken its place.
    pub fn end_series(&self, at: TimestampMs) {
        for rule in &self.rules {
            let ended = rule.sink.lock().end(&*self.deps.appender, at);
            if let Err(error) = ended {
                tracing::warn!(group = self.name(), %error, "series of a removed group not ended");
            }
        }
    }

    pub(crate) fn forget_metrics(&self) {
        let key = key(&self.file, self.name());
        self.all_metrics.forget(&key);
    }

    /// Whether the group need not be replaced by one of `definition` in `file`.
    pub(crate) fn is_unchanged(
        &self,
        file: &str,
        definition: &GroupDefinition,
        options: &RuleOptions,
    ) -> bool {
        let restores_aside = RuleOptions {
            restore: self.options.restore,
            ..options.clone()
        };
        self.file == file && self.definition == *definition && self.options == restores_aside
    }

    /// Takes over the alerts and series of the group that this one replaces, which has been stopped.
    pub(crate) fn take_over(&self, old: &Self) {
        let mut running = self.running.lock();
        let mut old_running = old.running.lock();
        let mut taken = vec![false; self.rules.len()];
        running.orphans.absorb(&mut old_running.orphans);
        // A group that still had to restore leaves that to its successor.
        running.restores = old_running.restores;
        running.evaluations = old_running.evaluations;
        for old_rule in &old.rules {
            let place = self
                .rules
                .iter()
                .zip(&taken)
                .position(|(rule, taken)| !taken && rule.is_like(old_rule));
            let mut old_sink = old_rule.sink.lock();
            match place.and_then(|place| Some((self.rules.get(place)?, taken.get_mut(place)?))) {
                Some((rule, taken)) => {
                    *taken = true;
                    rule.sink.lock().absorb(&mut old_sink);
                    *rule.record.lock() = old_rule.record.lock().clone();
                    if let (Some(new), Some(old)) = (&rule.alerting, &old_rule.alerting) {
                        new.take_over(old);
                    }
                }
                None => running.orphans.absorb(&mut old_sink),
            }
        }
        *self.last.lock() = *old.last.lock();
    }

    /// The group as it stands.
    pub fn snapshot(&self) -> GroupSnapshot {
        let last = *self.last.lock();
        GroupSnapshot {
            name: self.definition.name.clone(),
            file: self.file.clone(),
            interval: self.interval,
            query_offset: self.query_offset,
            limit: self.definition.limit,
            rules: self.rules.iter().map(Rule::snapshot).collect(),
            evaluation_time: last.duration,
            last_evaluation: last.at,
        }
    }
}

impl std::fmt::Debug for GroupRunner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GroupRunner")
            .field("file", &self.file)
            .field("name", &self.definition.name)
            .finish_non_exhaustive()
    }
}

/// The value of the label that tells groups apart in metrics.
fn key(file: &str, name: &str) -> String {
    format!("{file};{name}")
}
