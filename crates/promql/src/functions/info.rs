//! `info`: labels from series that describe others, such as `target_info`.
//!
//! Source: Prometheus 3.14, `promql/info.go`.

use super::arg;
use crate::eval::{Evaluator, Pick, Shift};
use crate::grid::Grid;
use crate::series::{Series, Sink, Table, is_absent};
use crate::{Error, Result};
use hashbrown::{HashMap, HashSet};
use model::{Labels, METRIC_NAME, MatchOp, Matcher};
use promql_syntax::{Call, Expr, ExprKind};
use std::collections::BTreeSet;
use storage::{CompiledMatcher, Matchers};

/// Labels that say which series a description is about.
const IDENTITY: [&str; 2] = ["instance", "job"];

/// What identifies the described: the values of [`IDENTITY`].
type Identity = [String; 2];

/// The second argument of a call.
struct Wanted {
    /// Conditions on the names of describing metrics.
    names: Matchers,
    name_matchers: Vec<Matcher>,
    /// Conditions on their other labels.
    data: Vec<Matcher>,
}

impl Wanted {
    fn of(call: &Call) -> Result<Self> {
        let selector = call.args.get(1).map(|arg| &arg.unparenthesised().kind);
        let all = match selector {
            Some(ExprKind::Selector(selector)) => selector.all_matchers(),
            _ => Vec::new(),
        };
        let (mut names, data): (Vec<Matcher>, Vec<Matcher>) = all
            .into_iter()
            .partition(|matcher| matcher.name == METRIC_NAME);
        if names.is_empty() {
            names.push(Matcher::metric("target_info"));
        } else if names.iter().all(|matcher| matcher.op.is_negative()) {
            names.push(Matcher::new(METRIC_NAME, MatchOp::Regex, ".+_info"));
        }
        Ok(Self {
            names: Matchers::compile(&names)?,
            name_matchers: names,
            data,
        })
    }

    fn describes(&self, labels: &Labels) -> bool {
        self.names
            .iter()
            .all(|matcher| matcher.matches(labels.metric_name()))
    }

    /// Whether a label may be taken over.
    fn takes(&self, name: &str) -> bool {
        name != METRIC_NAME
            && (self.data.is_empty() || self.data.iter().any(|matcher| matcher.name == name))
    }

    /// Whether series without a description stay.
    fn keeps_undescribed(&self) -> Result<bool> {
        for matcher in &self.data {
            if !CompiledMatcher::compile(matcher)?.matches_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn identity(labels: &Labels) -> Identity {
    IDENTITY.map(|name| labels.get(name).unwrap_or("").to_owned())
}

/// Describing series by metric name and identity; values are the times of their samples.
struct Descriptions<'e> {
    table: Table<'e>,
    metrics: BTreeSet<String>,
    places: HashMap<(String, Identity), Vec<usize>>,
}

impl<'e> Descriptions<'e> {
    fn of(table: Table<'e>) -> Self {
        let mut found = Self {
            table,
            metrics: BTreeSet::new(),
            places: HashMap::new(),
        };
        for (index, series) in found.table.series.iter().enumerate() {
            let metric = series.labels.metric_name().to_owned();
            found.metrics.insert(metric.clone());
            found
                .places
                .entry((metric, identity(&series.labels)))
                .or_default()
                .push(index);
        }
        found
    }

    /// For every step, the newest of the series that describe `who` by `metric`.
    fn newest(&self, metric: &str, who: &Identity, n: usize) -> Result<Vec<Option<usize>>> {
        let mut newest: Vec<(f64, Option<usize>)> = vec![(f64::NEG_INFINITY, None); n];
        let places = self.places.get(&(metric.to_owned(), who.clone()));
        for index in places.into_iter().flatten() {
            let Some(series) = self.table.series.get(*index) else {
                continue;
            };
            for ((time, best), value) in newest.iter_mut().zip(&series.values) {
                if is_absent(*value) || *value < *time {
                    continue;
                }
                if let (Some(existing), true) = (*best, *value == *time) {
                    let existing = self.table.series.get(existing);
                    return Err(Error::DuplicateInfo {
                        existing: existing.map(|s| s.labels.clone()).unwrap_or_default(),
                        other: series.labels.clone(),
                    });
                }
                (*time, *best) = (*value, Some(*index));
            }
        }
        Ok(newest.into_iter().map(|(_, best)| best).collect())
    }

    /// `base` with the labels of its descriptions.
    fn describe(&self, base: &Labels, chosen: &[Option<usize>], wanted: &Wanted) -> Result<Labels> {
        let mut builder = base.to_builder();
        for index in chosen.iter().flatten() {
            let Some(series) = self.table.series.get(*index) else {
                continue;
            };
            for (name, value) in series.labels.iter().filter(|(name, _)| wanted.takes(name)) {
                if base.get(name).is_some() {
                    continue;
                }
                if builder.get(name).is_some_and(|have| have != value) {
                    return Err(Error::ConflictingLabel(name.to_owned()));
                }
                builder.set(name, value);
            }
        }
        Ok(builder.build())
    }
}

pub(super) fn stream(ev: &Evaluator<'_>, call: &Call, grid: Grid, sink: Sink<'_>) -> Result<()> {
    let expr = arg(call, 0)?;
    let wanted = Wanted::of(call)?;
    let base = ev.table(expr, grid)?;
    let descriptions = Descriptions::of(select(ev, expr, &base, &wanted, grid)?);
    let keeps_undescribed = wanted.keeps_undescribed()?;
    let mut out = ev.collect(&mut |inner| {
        for series in &base.series {
            ev.budget.work(grid.n)?;
            if wanted.describes(&series.labels) {
                inner(&mut series.clone())?;
                continue;
            }
            let who = identity(&series.labels);
            let mut chosen = Vec::new();
            for metric in &descriptions.metrics {
                chosen.push(descriptions.newest(metric, &who, grid.n)?);
            }
            for (pick, mut part) in split(series, &chosen) {
                if pick.iter().all(Option::is_none) && !keeps_undescribed {
                    continue;
                }
                part.labels = descriptions.describe(&series.labels, &pick, &wanted)?;
                inner(&mut part)?;
            }
        }
        Ok(())
    })?;
    out.join_same()?;
    out.drain_into(sink)
}

/// A series without the labels that descriptions give, and which descriptions they are.
type Part = (Vec<Option<usize>>, Series);

/// Cuts a series into those steps that have the same descriptions.
fn split(series: &Series, chosen: &[Vec<Option<usize>>]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let n = series.values.len();
    for k in 0..n {
        let Some(sample) = series.sample(k) else {
            continue;
        };
        let pick: Vec<Option<usize>> = chosen
            .iter()
            .map(|steps| steps.get(k).copied().flatten())
            .collect();
        let place = parts
            .iter()
            .position(|(have, _)| *have == pick)
            .unwrap_or_else(|| {
                let blank = Series::blank_of(series.labels.clone(), series.drop_name, n);
                parts.push((pick, blank));
                parts.len() - 1
            });
        if let Some((_, part)) = parts.get_mut(place) {
            part.set(k, Some(sample));
        }
    }
    parts
}

/// The series that may describe those of `base`.
fn select<'e>(
    ev: &Evaluator<'e>,
    expr: &Expr,
    base: &Table<'_>,
    wanted: &Wanted,
    grid: Grid,
) -> Result<Table<'e>> {
    let mut matchers = wanted.name_matchers.clone();
    matchers.extend(wanted.data.iter().cloned());
    let mut any = false;
    for name in IDENTITY {
        let described = base
            .series
            .iter()
            .filter(|series| !wanted.describes(&series.labels));
        let values: HashSet<&str> = described.filter_map(|s| s.labels.get(name)).collect();
        if values.is_empty() {
            continue;
        }
        any = true;
        let quoted: Vec<String> = values.into_iter().map(quote).collect();
        matchers.push(Matcher::new(name, MatchOp::Regex, quoted.join("|")));
    }
    ev.collect(&mut |sink| {
        if !any {
            return Ok(());
        }
        let shift = reference(ev, expr)?.unwrap_or_default();
        ev.stream_matching(&matchers, shift, grid, Pick::FloatTime, sink)
    })
}

/// `text` as a regular expression that matches nothing else.
fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Where the first selector inside `expr` looks: descriptions of the same time belong to it.
fn reference(ev: &Evaluator<'_>, expr: &Expr) -> Result<Option<Shift>> {
    match &expr.kind {
        ExprKind::Selector(selector) => ev.shift(&selector.shift).map(Some),
        ExprKind::Matrix(matrix) => ev.shift(&matrix.selector.shift).map(Some),
        ExprKind::Subquery(subquery) => {
            let outer = ev.shift(&subquery.shift)?;
            Ok(reference(ev, &subquery.expr)?.map(|inner| inner.inside(outer)))
        }
        _ => {
            for child in expr.children() {
                if let Some(shift) = reference(ev, child)? {
                    return Ok(Some(shift));
                }
            }
            Ok(None)
        }
    }
}
