//! Running one test.

use crate::case::{AlertCase, ExpectedAlert, ExprCase, Test};
use crate::compare::{Comparison, Got};
use crate::report::{Failure, Report};
use crate::series::InputSeries;
use crate::{Result, TestFile, TestOptions};
use model::{DurationMs, TimestampMs};
use promql::{EngineOptions, QueryContext, Value};
use rules::{
    AlertState, GroupRunner, Manager, RuleDeps, RuleDetail, RuleFile, RuleOptions, SharedEngine,
};
use std::sync::Arc;
use storage::MemStorage;

/// Runs `test` of `file` with the rules of `rule_files`.
pub(crate) fn run(
    test: &Test,
    file: &TestFile,
    rule_files: Vec<RuleFile>,
    options: &TestOptions,
    report: &mut Report,
) {
    match Bench::new(test, file, rule_files, options) {
        Ok(mut bench) => bench.run(report),
        Err(error) => report.fail(error),
    }
}

/// A test with all that it runs on.
struct Bench<'t> {
    test: &'t Test,
    file: &'t TestFile,
    options: &'t TestOptions,
    engine: SharedEngine,
    storage: Arc<MemStorage>,
    series: Vec<InputSeries>,
    groups: Vec<Arc<GroupRunner>>,
    comparison: Comparison,
}

impl<'t> Bench<'t> {
    fn new(
        test: &'t Test,
        file: &'t TestFile,
        rule_files: Vec<RuleFile>,
        options: &'t TestOptions,
    ) -> Result<Self> {
        let series = test
            .series
            .iter()
            .map(|(series, values)| InputSeries::parse(series, values, test.start, test.interval))
            .collect::<Result<Vec<_>>>()?;
        let storage = Arc::new(MemStorage::default());
        let engine = SharedEngine::new(EngineOptions {
            default_subquery_step: file.evaluation_interval,
            ..options.engine.clone()
        });
        let manager = Manager::new(RuleDeps {
            engine: engine.clone(),
            parse_options: options.parse,
            ..RuleDeps::new(storage.clone(), storage.clone())
        });
        // The order of files, as each is a step of its own where no order is given.
        let names: Vec<(String, String)> = rule_files
            .iter()
            .flat_map(|file| {
                file.groups
                    .iter()
                    .map(|group| (file.path.clone(), group.name.clone()))
            })
            .collect();
        let change = manager.apply(
            rule_files,
            &RuleOptions {
                evaluation_interval: test.interval,
                external_labels: test.external_labels.clone(),
                external_url: test.external_url.as_str().into(),
                restore: false,
                ..RuleOptions::default()
            },
        );
        let mut groups = change.started;
        groups.sort_by_key(|group| {
            let name = (group.file().to_owned(), group.name().to_owned());
            let place = names.iter().position(|have| *have == name);
            (file.order.get(group.name()).copied().unwrap_or(0), place)
        });
        Ok(Self {
            test,
            file,
            options,
            engine,
            storage,
            series,
            groups,
            comparison: Comparison { fuzzy: file.fuzzy },
        })
    }

    fn run(&mut self, report: &mut Report) {
        let mut alerts: Vec<&AlertCase> = self.test.alerts.iter().collect();
        alerts.sort_by_key(|case| case.at);
        let mut alerts = alerts.into_iter().peekable();
        let step = self.file.evaluation_interval;
        let mut passed = DurationMs(0);
        while passed <= self.test.length() {
            let at = self.test.start + passed;
            if let Err(error) = self.store(at) {
                report.fail(error);
                return;
            }
            if self.evaluate(at, report) {
                return;
            }
            let next = DurationMs(passed.0.saturating_add(step.0));
            while let Some(case) = alerts.next_if(|case| case.at < next) {
                self.check_alerts(case, report);
            }
            passed = next;
        }
        for case in &self.test.exprs {
            if let Some(text) = self.check_expr(case) {
                report.failures.push(Failure::Different(text));
            }
        }
    }

    fn store(&mut self, until: TimestampMs) -> Result<()> {
        let storage = &self.storage;
        self.series
            .iter_mut()
            .try_for_each(|series| series.store(until, storage))
    }

    /// Evaluates all groups; whether a rule failed, which ends the test.
    fn evaluate(&self, at: TimestampMs, report: &mut Report) -> bool {
        let before = report.failures.len();
        for group in &self.groups {
            group.evaluate(at);
            for rule in group.snapshot().rules {
                if let Some(error) = rule.last_error {
                    let text = format!(
                        "    rule: {}, time: {}, err: {error}",
                        rule.name,
                        DurationMs(at.0)
                    );
                    report.failures.push(Failure::Different(text));
                }
            }
        }
        report.failures.len() > before
    }

    fn check_alerts(&self, case: &AlertCase, report: &mut Report) {
        let mut got = Vec::new();
        for rule in self.groups.iter().flat_map(|group| group.snapshot().rules) {
            let RuleDetail::Alerting { alerts, .. } = rule.detail else {
                continue;
            };
            if rule.name != case.name {
                continue;
            }
            let firing = alerts
                .into_iter()
                .filter(|alert| alert.state == AlertState::Firing);
            got.extend(firing.map(|alert| ExpectedAlert {
                labels: alert.labels,
                annotations: alert.annotations,
            }));
        }
        got.sort();
        if let Some(text) = Comparison::alerts(&self.test.name, case, &got) {
            report.failures.push(Failure::Different(text));
        }
    }

    /// What is wrong with the result of `case`.
    fn check_expr(&self, case: &ExprCase) -> Option<String> {
        let got = match self.query(case) {
            Ok(got) => got,
            Err(words) => return Some(Comparison::failed_expr(case, &words)),
        };
        self.comparison.samples(case, got)
    }

    fn query(&self, case: &ExprCase) -> Result<Vec<Got>, String> {
        let words = |error: &dyn std::fmt::Display| error.to_string();
        let expr = promql::parse(&case.expr, self.options.parse).map_err(|error| words(&error))?;
        let at = self.test.start + case.at;
        let ctx = QueryContext {
            text: Some(case.expr.as_str().into()),
            ..QueryContext::default()
        };
        let output = self.engine.get().instant(&*self.storage, &expr, at, &ctx);
        match output.map_err(|error| words(&error))?.value {
            Value::Vector(elements) => Ok(elements.into_iter().map(Got::of).collect()),
            Value::Scalar { value, .. } => Ok(vec![Got::scalar(value)]),
            Value::String { .. } | Value::Matrix(_) => Err(words(&rules::Error::NotVector)),
        }
    }
}
