//! From intermediate results to values.

use super::{Evaluator, Profile};
use crate::grid::Grid;
use crate::labels::without_metadata;
use crate::series::{Table, is_absent};
use crate::value::{MatrixSeries, QueryOutput, Value, VectorElement};
use crate::{Error, Result, functions};
use model::{Labels, TimestampMs};
use promql_syntax::{Expr, ExprKind, ValueType};

impl Evaluator<'_> {
    /// Everything that the query gives.
    pub(crate) fn into_output(self, value: Value) -> (QueryOutput, Option<Profile>) {
        let (warnings, infos) = self.notes.texts(self.text.as_deref());
        let output = QueryOutput {
            value,
            warnings,
            infos,
            stats: self.budget.stats(),
            samples_per_step: Vec::new(),
        };
        (output, self.profile)
    }

    pub(crate) fn instant_value(&self, expr: &Expr, time: TimestampMs) -> Result<Value> {
        let grid = Grid {
            start: time.0,
            step: 1,
            n: 1,
        };
        self.budget.look()?;
        match expr.value_type() {
            ValueType::Scalar => Ok(Value::Scalar {
                time,
                value: self.scalar(expr, grid)?.at(0),
            }),
            ValueType::String => Ok(Value::String {
                time,
                value: Self::string(expr)?.to_owned(),
            }),
            ValueType::Vector => {
                let table = self.finished(expr, grid)?;
                let elements = table.series.iter().filter_map(|series| {
                    let value = *series.values.first()?;
                    let labels = series.labels.clone();
                    (!is_absent(value)).then_some(VectorElement {
                        labels,
                        time,
                        value,
                        histogram: series.histogram(0).cloned(),
                    })
                });
                Ok(Value::Vector(elements.collect()))
            }
            ValueType::Matrix => self.raw_matrix(expr, grid),
        }
    }

    pub(crate) fn range_value(&self, expr: &Expr, grid: Grid) -> Result<Value> {
        self.budget.look()?;
        // Even a constant takes a slot per step.
        self.budget.hold(grid.n)?;
        if Self::is_scalar(expr) {
            let scalars = self.scalar(expr, grid)?;
            let series = MatrixSeries {
                labels: Labels::empty(),
                times: grid.times().collect(),
                values: (0..grid.n).map(|k| scalars.at(k)).collect(),
                histograms: Vec::new(),
            };
            return Ok(Value::Matrix(if grid.n > 0 {
                vec![series]
            } else {
                Vec::new()
            }));
        }
        self.budget.release(grid.n);
        let mut table = self.finished(expr, grid)?;
        let mut matrix = Vec::with_capacity(table.series.len());
        for series in &mut table.series {
            let values = std::mem::take(&mut series.values);
            let mut histograms = std::mem::take(&mut series.histograms);
            let present = |value: &f64| !is_absent(*value);
            let times: Vec<i64> = grid
                .times()
                .zip(&values)
                .filter(|(_, value)| present(value))
                .map(|(time, _)| time)
                .collect();
            if histograms.iter().all(Option::is_none) {
                histograms.clear();
            }
            if !histograms.is_empty() {
                let mut keep = values.iter().map(present);
                histograms.retain(|_| keep.next().unwrap_or(false));
            }
            if !times.is_empty() {
                let values = if times.len() == values.len() {
                    values
                } else {
                    values.into_iter().filter(present).collect()
                };
                matrix.push(MatrixSeries {
                    labels: series.labels.clone(),
                    times,
                    values,
                    histograms,
                });
            }
        }
        Ok(Value::Matrix(matrix))
    }

    fn finished(&self, expr: &Expr, grid: Grid) -> Result<Table<'_>> {
        let mut table = self.table(expr, grid)?;
        table.settle()?;
        Ok(table)
    }

    /// The samples of a range vector as they are.
    fn raw_matrix(&self, expr: &Expr, grid: Grid) -> Result<Value> {
        let mut matrix: Vec<MatrixSeries> = Vec::new();
        let extension = match &expr.unparenthesised().kind {
            ExprKind::Matrix(matrix) => matrix.selector.extension,
            _ => None,
        };
        self.windows(expr, grid, &mut |series| {
            for window in series.windows() {
                self.budget.hold(window.times.len())?;
                let labels = if series.origin.drop_name() {
                    without_metadata(&series.origin.labels())
                } else {
                    series.origin.labels()
                };
                let (times, values) = match extension {
                    None => (window.times.to_vec(), window.values.to_vec()),
                    Some(extension) if window.histogram_count() > 0 => {
                        return Err(Error::ExtensionHistogram(extension.as_str()));
                    }
                    Some(extension) => functions::extended_samples(&window, extension),
                };
                if times.is_empty() {
                    continue;
                }
                let mut histograms = window.histograms.to_vec();
                if histograms.iter().all(Option::is_none) {
                    histograms.clear();
                }
                matrix.push(MatrixSeries {
                    labels,
                    times,
                    values,
                    histograms,
                });
            }
            Ok(())
        })?;
        matrix.sort_by(|a, b| a.labels.cmp(&b.labels));
        let repeated = matrix.windows(2).any(|pair| match pair {
            [a, b] => a.labels == b.labels,
            _ => false,
        });
        if repeated {
            Err(Error::SameLabelset)
        } else {
            Ok(Value::Matrix(matrix))
        }
    }
}
