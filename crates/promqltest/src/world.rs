//! Running scripts.

use crate::command::{self, Case, Command, Load, When};
use crate::compare::{Checked, Mismatch, check_failure, check_notes, check_value, expected};
use crate::convert;
use crate::error::Result;
use crate::hints::Chunk;
use crate::notation::Slot;
use crate::pinned::{depends_on_query, pinned};
use crate::timelines::Timelines;
use crate::{Failure, Report};
use model::{DurationMs, Histogram, Labels, TimestampMs};
use promql::{Engine, EngineOptions, QueryContext, QueryOutput, StepRange, Value, VectorElement};
use promql_syntax::{Expr, ParseOptions, ValueType};
use std::collections::HashMap;
use std::sync::Arc;
use storage::{Column, MemStorage};

/// How scripts are run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunOptions {
    /// Whether metric names go at the very end of a query.
    pub delayed_name_removal: bool,
    /// Whether start times of counters count.
    pub use_start_timestamps: bool,
    /// Whether the label `__type__` says what is a counter.
    pub type_and_unit_labels: bool,
}

impl Default for RunOptions {
    /// What Prometheus' scripts are written for: names removed last, start times used, types not.
    fn default() -> Self {
        Self {
            delayed_name_removal: true,
            use_start_timestamps: true,
            type_and_unit_labels: false,
        }
    }
}

/// Runs a script. `name` is what the report calls it.
pub fn run(text: &str, name: &str) -> Report {
    run_with(text, name, &RunOptions::default())
}

/// Runs a script with other options.
pub fn run_with(text: &str, name: &str, options: &RunOptions) -> Report {
    let mut report = Report {
        name: name.to_owned(),
        ..Report::default()
    };
    let mut world = World::new(options);
    for placed in command::parse(text) {
        let failure = |case: String, mismatch: Mismatch| Failure {
            line: placed.line,
            case,
            expected: mismatch.expected,
            got: mismatch.got,
        };
        let unreadable = |error: String| Mismatch {
            expected: "a command that can be carried out".to_owned(),
            got: error,
        };
        match placed.command {
            Ok(Command::Clear) => world.clear(),
            Ok(Command::Load(load)) => {
                if let Err(error) = world.load(&load) {
                    let mismatch = unreadable(error.to_string());
                    report.failed.push(failure(placed.head, mismatch));
                }
            }
            Ok(Command::Eval(case)) => match world.judge(&case) {
                Ok(()) => report.passed += 1,
                Err(mismatch) => report.failed.push(failure(case.expr, mismatch)),
            },
            Err(error) => {
                let mismatch = unreadable(error.to_string());
                report.failed.push(failure(placed.head, mismatch));
            }
        }
    }
    report
}

struct World {
    engine: Engine,
    storage: MemStorage,
    /// The open chunk of every series, for the hints of histograms.
    chunks: HashMap<Labels, Chunk>,
}

impl World {
    fn new(options: &RunOptions) -> Self {
        Self {
            engine: Engine::new(EngineOptions {
                delayed_name_removal: options.delayed_name_removal,
                use_start_timestamps: options.use_start_timestamps,
                type_and_unit_labels: options.type_and_unit_labels,
                ..EngineOptions::default()
            }),
            storage: MemStorage::default(),
            chunks: HashMap::new(),
        }
    }

    fn clear(&mut self) {
        self.storage = MemStorage::default();
        self.chunks.clear();
    }

    fn load(&mut self, load: &Load) -> Result<()> {
        for (described, starts) in &load.series {
            let chunk = self.chunks.entry(described.labels.clone()).or_default();
            let mut column = Column::default();
            let times = (0_i64..).map(|k| k * load.step);
            for (k, (time, slot)) in times.zip(&described.slots).enumerate() {
                match slot {
                    Slot::Blank => continue,
                    Slot::Value(value) => {
                        chunk.end();
                        column.push(time, *value);
                    }
                    Slot::Histogram(histogram, _) => {
                        column.push_histogram(time, chunk.store(histogram));
                    }
                }
                let offset = starts.as_ref().and_then(|starts| *starts.offsets.get(k)?);
                if let Some(offset) = offset {
                    column.starts.resize(column.times.len() - 1, 0);
                    column.starts.push(time + offset);
                } else if !column.starts.is_empty() {
                    column.starts.resize(column.times.len(), 0);
                }
            }
            self.storage.add_column(&described.labels, &column)?;
        }
        if load.with_native {
            for (labels, samples) in convert::native(load)? {
                self.add_native(&labels, samples)?;
            }
        }
        Ok(())
    }

    fn add_native(&mut self, labels: &Labels, samples: Vec<(i64, Histogram)>) -> Result<()> {
        let chunk = self.chunks.entry(labels.clone()).or_default();
        let mut column = Column::default();
        for (time, histogram) in samples {
            column.push_histogram(time, chunk.store(&Arc::new(histogram)));
        }
        Ok(self.storage.add_column(labels, &column)?)
    }

    fn judge(&self, case: &Case) -> Checked {
        let when = match (case.when, case.expect.matrix) {
            // The samples of a range vector end at the time of the query.
            (When::Instant(_), Some((_, end, _))) => When::Instant(end),
            (when, _) => when,
        };
        self.check(case, &case.expr, when)?;
        let When::Instant(time) = when else {
            return Ok(());
        };
        let Some((text, times)) = pinned(&case.expr, TimestampMs(time)) else {
            return Ok(());
        };
        for time in times {
            self.check(case, &text, When::Instant(time))
                .map_err(|mismatch| {
                    let got = format!("{} (from `{text}` at {time} ms)", mismatch.got);
                    Mismatch { got, ..mismatch }
                })?;
        }
        Ok(())
    }

    /// Evaluates `text`, which is the expression of `case` or must give the same.
    fn check(&self, case: &Case, text: &str, when: When) -> Checked {
        let expr = match promql::parse(text, ParseOptions::ALL) {
            Ok(expr) => expr,
            Err(error) => return check_failure(case, &error.to_string()),
        };
        let output = match (self.evaluate(when, &expr, text), &case.expect.fail) {
            (Ok(output), None) => output,
            (Ok(output), Some(_)) => {
                return Err(Mismatch {
                    expected: expected(case),
                    got: crate::show::value(&output.value),
                });
            }
            (Err(error), _) => return check_failure(case, &error.to_string()),
        };
        check_notes(case, &output)?;
        check_value(case, &output.value)?;
        let is_plain = matches!(output.value, Value::Vector(_) | Value::Scalar { .. });
        match when {
            When::Instant(time) if is_plain && !case.expect.ordered && !depends_on_query(text) => {
                self.check_within_range(case, (text, &expr), time)
            }
            _ => Ok(()),
        }
    }

    /// The same must come out where the instant is one step of several.
    fn check_within_range(&self, case: &Case, (text, expr): (&str, &Expr), time: i64) -> Checked {
        let minute = 60_000;
        let when = When::Range {
            start: time.saturating_sub(minute),
            end: time.saturating_add(minute),
            step: minute,
        };
        let named = |mismatch: Mismatch| Mismatch {
            got: format!("{} (as one step of several)", mismatch.got),
            ..mismatch
        };
        let output = match self.evaluate(when, expr, text) {
            Ok(output) => output,
            Err(error) => return check_failure(case, &error.to_string()).map_err(named),
        };
        let Value::Matrix(matrix) = output.value else {
            return Ok(());
        };
        let elements: Vec<VectorElement> = matrix
            .iter()
            .filter_map(|series| {
                let at = series.times.iter().position(|have| *have == time)?;
                Some(VectorElement {
                    labels: series.labels.clone(),
                    time: TimestampMs(time),
                    value: *series.values.get(at)?,
                    histogram: series.histograms.get(at).cloned().flatten(),
                })
            })
            .collect();
        let value = match (expr.value_type(), &elements[..]) {
            (ValueType::Scalar, [only]) => Value::Scalar {
                time: only.time,
                value: only.value,
            },
            _ => Value::Vector(elements),
        };
        check_value(case, &value).map_err(named)
    }

    fn evaluate(&self, when: When, expr: &Expr, text: &str) -> promql::Result<QueryOutput> {
        let ctx = QueryContext {
            text: Some(text.into()),
            ..QueryContext::default()
        };
        match when {
            When::Instant(time) => {
                self.engine
                    .instant(&self.storage, expr, TimestampMs(time), &ctx)
            }
            When::Range { start, end, step } => {
                let range = StepRange {
                    start: TimestampMs(start),
                    end: TimestampMs(end),
                    step: DurationMs(step),
                };
                self.engine
                    .range(&Timelines(&self.storage), expr, range, &ctx)
            }
        }
    }
}
