//! Running scripts.

use crate::keyed::Keyed;

use super::compare::{check_notes, check_value, says};
use super::notation::{Described, Slot};
use super::script::{self, Case, Command, When};
use model::{DurationMs, Labels, METRIC_NAME, TimestampMs};
use promql::{Engine, EngineOptions, QueryContext, QueryOutput, StepRange, Value, VectorElement};
use promql_syntax::{Expr, ExprKind, ParseOptions};
use storage::{Matchers, MemStorage};

/// How one case went.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    /// As it must.
    Passed,
    /// Otherwise: why.
    Failed(String),
    /// It needs native histograms or start timestamps.
    Skipped,
}

/// How all cases of a script went: line, expression, outcome.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) cases: Vec<(usize, String, Outcome)>,
}

impl Report {
    /// Cases that passed.
    pub(crate) fn passed(&self) -> usize {
        self.cases
            .iter()
            .filter(|(.., outcome)| *outcome == Outcome::Passed)
            .count()
    }

    /// Cases that were not skipped.
    pub(crate) fn judged(&self) -> usize {
        self.cases
            .iter()
            .filter(|(.., outcome)| *outcome != Outcome::Skipped)
            .count()
    }

    /// What went wrong, one line per case.
    pub(crate) fn failures(&self) -> Vec<String> {
        let failed = |(line, expr, outcome): &(usize, String, Outcome)| match outcome {
            Outcome::Failed(why) => Some(format!("line {line}: {expr}\n    {why}")),
            _ => None,
        };
        self.cases.iter().filter_map(failed).collect()
    }
}

#[derive(Default)]
struct World {
    /// Whether names go at the very end, as Prometheus' scripts expect.
    delayed: bool,
    storage: MemStorage,
    /// Label sets with samples that this storage cannot hold.
    beyond: Vec<Labels>,
}

/// Runs a script.
pub(crate) fn run(text: &str) -> Result<Report, String> {
    run_with(text, true)
}

/// Runs a script; `delayed` says when the engine drops metric names.
pub(crate) fn run_with(text: &str, delayed: bool) -> Result<Report, String> {
    let empty = || World {
        delayed,
        ..World::default()
    };
    let mut world = empty();
    let mut report = Report::default();
    for command in script::parse(text)? {
        match command {
            Command::Clear => world = empty(),
            Command::Load {
                step,
                series,
                start_times,
                convert,
            } => {
                for described in &series {
                    world.load(described, step, start_times, convert)?;
                }
            }
            Command::Eval(case) => {
                let outcome = world.judge(&case);
                report.cases.push((case.line, case.expr.clone(), outcome));
            }
        }
    }
    Ok(report)
}

impl World {
    fn load(
        &mut self,
        described: &Described,
        step: i64,
        start_times: bool,
        convert: bool,
    ) -> Result<(), String> {
        let labels = &described.labels;
        if start_times || described.slots.contains(&Slot::Histogram) {
            self.beyond.push(labels.clone());
            return Ok(());
        }
        if let (true, Some(base)) = (convert, labels.metric_name().strip_suffix("_bucket")) {
            self.beyond.push(
                labels
                    .to_builder()
                    .set(METRIC_NAME, base)
                    .remove("le")
                    .build(),
            );
        }
        let samples = (0_i64..)
            .zip(&described.slots)
            .filter_map(|(k, slot)| match slot {
                Slot::Value(value) => Some((k * step, *value)),
                _ => None,
            });
        self.storage
            .add(labels, samples)
            .map_err(|error| error.to_string())
    }

    /// Whether a case needs what is beyond this storage.
    fn is_beyond(&self, case: &Case, expr: Option<&Expr>) -> bool {
        if case
            .expect
            .series
            .iter()
            .any(|d| d.slots.contains(&Slot::Histogram))
        {
            return true;
        }
        let mut beyond = false;
        if let Some(expr) = expr {
            expr.walk(&mut |inner| {
                let selector = match &inner.kind {
                    ExprKind::Selector(selector) => selector,
                    ExprKind::Matrix(matrix) => &matrix.selector,
                    _ => return,
                };
                if let Ok(matchers) = Matchers::compile(&selector.all_matchers()) {
                    beyond |= self.beyond.iter().any(|labels| matchers.matches(labels));
                }
            });
        }
        beyond
    }

    fn judge(&self, case: &Case) -> Outcome {
        let parsed = promql::parse(&case.expr, ParseOptions::ALL);
        if self.is_beyond(case, parsed.as_ref().ok()) {
            return Outcome::Skipped;
        }
        let checked = match parsed {
            Ok(expr) => self.check(case, &expr),
            Err(error) => check_failure(case, &error.to_string()),
        };
        match checked {
            Ok(()) => Outcome::Passed,
            Err(why) => Outcome::Failed(why),
        }
    }

    fn check(&self, case: &Case, expr: &Expr) -> Result<(), String> {
        let output = match (self.evaluate(case.when, expr), &case.expect.fail) {
            (Ok(output), None) => output,
            (Ok(output), Some(_)) => return Err(format!("must fail, got {:?}", output.value)),
            (Err(error), _) => return check_failure(case, &error.to_string()),
        };
        check_value(case, &output.value)?;
        check_notes(case, &output)?;
        match (case.when, &output.value) {
            (When::Instant(time), Value::Vector(_) | Value::Scalar { .. })
                if !case.expect.ordered && !depends_on_query(expr) =>
            {
                self.check_within_range(case, expr, time)
            }
            _ => Ok(()),
        }
    }

    /// The same must come out where the instant is one step of several.
    fn check_within_range(&self, case: &Case, expr: &Expr, time: i64) -> Result<(), String> {
        let when = When::Range {
            start: time - 60_000,
            end: time + 60_000,
            step: 60_000,
        };
        let output = self
            .evaluate(when, expr)
            .map_err(|error| format!("as a range: {error}"))?;
        let Value::Matrix(matrix) = output.value else {
            return Err("no matrix".to_owned());
        };
        let time_ms = TimestampMs(time);
        let elements: Vec<VectorElement> = matrix
            .iter()
            .filter_map(|series| {
                let at = series.times.iter().position(|have| *have == time)?;
                let (labels, value) = (series.labels.clone(), *series.values.get(at)?);
                Some(VectorElement {
                    labels,
                    time: time_ms,
                    value,
                })
            })
            .collect();
        let value = match (expr.value_type(), &elements[..]) {
            (promql_syntax::ValueType::Scalar, [only]) => Value::Scalar {
                time: time_ms,
                value: only.value,
            },
            _ => Value::Vector(elements),
        };
        check_value(case, &value).map_err(|why| format!("as a range: {why}"))
    }

    fn evaluate(&self, when: When, expr: &Expr) -> promql::Result<QueryOutput> {
        let engine = Engine::new(EngineOptions {
            delayed_name_removal: self.delayed,
            ..EngineOptions::default()
        });
        let ctx = QueryContext::default();
        match when {
            When::Instant(time) => engine.instant(&self.storage, expr, TimestampMs(time), &ctx),
            When::Range { start, end, step } => {
                let range = StepRange {
                    start: TimestampMs(start),
                    end: TimestampMs(end),
                    step: DurationMs(step),
                };
                engine.range(&Keyed(&self.storage), expr, range, &ctx)
            }
        }
    }
}

fn check_failure(case: &Case, error: &str) -> Result<(), String> {
    match &case.expect.fail {
        Some(wanted) if says(wanted, error) => Ok(()),
        Some(wanted) => Err(format!("fails with `{error}`, expected {wanted:?}")),
        None => Err(format!("fails: {error}")),
    }
}

/// Whether the outcome depends on where the query starts and ends.
fn depends_on_query(expr: &Expr) -> bool {
    let text = expr.to_string();
    ["start()", "end()", "step()", "range()"]
        .iter()
        .any(|call| text.contains(call))
}
