//! Arithmetic and comparisons between vectors.
//!
//! Source: Prometheus 3.14, `promql/engine.go`, `VectorBinop`.

use super::matching::Groups;
use super::one_side::{OneSide, busy_steps};
use super::operator::{Operand, Operator};
use crate::budget::Budget;
use crate::eval::Evaluator;
use crate::grid::Grid;
use crate::labels::is_metadata;
use crate::series::{Sample, Series, Sink, Table, is_absent};
use crate::{Error, Result};
use model::Labels;
use promql_syntax::{Binary, BinaryOp, Cardinality, VectorMatching};

/// The operation with its sides put so that the "one" side is on the right.
struct Join<'b> {
    binary: &'b Binary,
    matching: &'b VectorMatching,
    op: Operator<'b>,
    /// Whether the "one" side is the left operand.
    swapped: bool,
    /// Whether names stay until the end.
    delayed: bool,
    grid: Grid,
}

pub(super) fn stream(
    ev: &Evaluator<'_>,
    binary: &Binary,
    op: Operator<'_>,
    grid: Grid,
    sink: Sink<'_>,
) -> Result<()> {
    let fallback = VectorMatching::default();
    let matching = binary.matching.as_ref().unwrap_or(&fallback);
    let swapped = matching.cardinality == Cardinality::OneToMany;
    let left = ev.table(&binary.left, grid)?;
    let right = ev.table(&binary.right, grid)?;
    let (many, one) = if swapped {
        (right, left)
    } else {
        (left, right)
    };
    let fills = matching.fill_left.is_some() || matching.fill_right.is_some();
    if !fills && (many.series.is_empty() || one.series.is_empty()) {
        return Ok(());
    }
    let join = Join {
        binary,
        matching,
        op,
        swapped,
        delayed: ev.delayed,
        grid,
    };
    let groups = Groups::of(&many, &one, matching);
    let mut busy = busy_steps(&many, grid.n);
    if fills {
        busy.fill(true);
    }
    let mut out = Table::new(ev.budget);
    for ((manys, ones), common) in groups.members.iter().zip(&groups.labels) {
        ev.budget
            .work((manys.len() + ones.len()).saturating_mul(grid.n))?;
        let side = if swapped { "left" } else { "right" };
        let one_side = OneSide::of(&one, ones, &busy, matching, side)?;
        let before = out.series.len();
        join.group(
            ev.budget,
            (&many, manys),
            (&one, &one_side, ones),
            common,
            &mut out,
        )?;
        if matching.cardinality != Cardinality::OneToOne {
            join_unique(&mut out, before)?;
        }
    }
    drop((many, one));
    out.join_same()?;
    out.drain_into(sink)
}

/// Within a group, labels must tell results apart.
fn join_unique(out: &mut Table<'_>, from: usize) -> Result<()> {
    let mut tail: Vec<&Series> = out.series.get(from..).unwrap_or_default().iter().collect();
    tail.sort_by(|a, b| a.labels.cmp(&b.labels));
    for pair in tail.windows(2) {
        let [a, b] = pair else { continue };
        let both = |(x, y): (&f64, &f64)| !is_absent(*x) && !is_absent(*y);
        if a.labels == b.labels && a.values.iter().zip(&b.values).any(both) {
            return Err(Error::GroupingNotUnique);
        }
    }
    Ok(())
}

impl Join<'_> {
    /// The outcome for an element of the "many" side and one of the "one" side.
    fn apply(&self, many: Operand<'_>, one: Operand<'_>) -> Option<Sample> {
        if self.swapped {
            self.op.apply(one, many)
        } else {
            self.op.apply(many, one)
        }
    }

    /// All results of one group.
    fn group(
        &self,
        budget: &Budget,
        (many, manys): (&Table<'_>, &[usize]),
        (one, one_side, ones): (&Table<'_>, &OneSide, &[usize]),
        common: &Labels,
        out: &mut Table<'_>,
    ) -> Result<()> {
        // At which steps an element of the "many" side found its partner.
        let mut matched = vec![false; self.grid.n];
        for series in manys.iter().filter_map(|index| many.series.get(*index)) {
            self.match_once(series, one_side, &mut matched)?;
            budget.work(self.grid.n)?;
            for index in &one_side.partners {
                budget.work(self.grid.n)?;
                if let Some(partner) = one.series.get(*index) {
                    let made = self.pairs(series, (partner, *index), one_side);
                    self.emit(series, &partner.labels, made, out)?;
                }
            }
            if let Some(fill) = self.matching.fill_right {
                let mut made = Series::blank_of(Labels::empty(), false, self.grid.n);
                let steps = series.values.iter().zip(&one_side.values).enumerate();
                for (k, (value, partner)) in steps {
                    if !is_absent(*value) && is_absent(*partner) {
                        made.set(k, self.apply(Operand::of(series, k), Operand::Float(fill)));
                    }
                }
                self.emit(series, common, made, out)?;
            }
        }
        if let Some(fill) = self.matching.fill_left {
            for index in ones {
                budget.work(self.grid.n)?;
                let Some(partner) = one.series.get(*index) else {
                    continue;
                };
                let mut made = Series::blank_of(Labels::empty(), false, self.grid.n);
                for (k, (value, matched)) in partner.values.iter().zip(&matched).enumerate() {
                    if !is_absent(*value) && !matched {
                        made.set(k, self.apply(Operand::Float(fill), Operand::of(partner, k)));
                    }
                }
                let made_up = Series {
                    labels: common.clone(),
                    ..Series::default()
                };
                self.emit(&made_up, &partner.labels, made, out)?;
            }
        }
        Ok(())
    }

    /// Notes the steps at which `series` has a partner, made up or not.
    fn match_once(&self, series: &Series, one: &OneSide, matched: &mut [bool]) -> Result<()> {
        let filled = self.matching.fill_right.is_some();
        let single = self.matching.cardinality == Cardinality::OneToOne;
        for ((value, partner), matched) in series.values.iter().zip(&one.values).zip(matched) {
            if is_absent(*value) || (is_absent(*partner) && !filled) {
                continue;
            }
            if *matched && single {
                return Err(Error::ManyToOneImplicit);
            }
            *matched = true;
        }
        Ok(())
    }

    /// The outcomes at those steps at which `partner`, with its number, is the partner of `series`.
    fn pairs(&self, series: &Series, (partner, index): (&Series, usize), one: &OneSide) -> Series {
        let mut made = Series::blank_of(Labels::empty(), false, self.grid.n);
        let sides = series.values.iter().zip(&one.values).zip(&one.source);
        let plain = series.histograms.is_empty() && !one.has_histograms;
        match self.op.floats {
            Some(op) if plain => {
                for (slot, ((many, value), source)) in made.values.iter_mut().zip(sides) {
                    if is_absent(*many) || is_absent(*value) || *source != index {
                        continue;
                    }
                    *slot = if self.swapped {
                        op(*value, *many)
                    } else {
                        op(*many, *value)
                    };
                }
            }
            _ => {
                for (k, ((many, value), source)) in sides.enumerate() {
                    if !(is_absent(*many) || is_absent(*value) || *source != index) {
                        made.set(
                            k,
                            self.apply(Operand::of(series, k), Operand::of(partner, k)),
                        );
                    }
                }
            }
        }
        made
    }

    fn emit(
        &self,
        many: &Series,
        one: &Labels,
        mut made: Series,
        out: &mut Table<'_>,
    ) -> Result<()> {
        if made.is_empty() {
            return Ok(());
        }
        made.labels = self.result_labels(&many.labels, one);
        made.drop_name = self.delayed && (many.drop_name || self.binary.returns_bool);
        out.push(made)
    }

    fn result_labels(&self, many: &Labels, one: &Labels) -> Labels {
        let matching = self.matching;
        let bool_drops = self.binary.returns_bool && !self.delayed;
        let cuts = matches!(self.binary.op, BinaryOp::TrimUpper | BinaryOp::TrimLower);
        let drops = bool_drops || !(self.binary.op.is_comparison() || cuts);
        let listed = |name: &str| matching.labels.iter().any(|label| label == name);
        let labels = many.filtered(|name| {
            let kept = match matching.cardinality {
                Cardinality::OneToOne => listed(name) == matching.on,
                _ => true,
            };
            kept && !(drops && is_metadata(name))
        });
        if matching.include.is_empty() {
            return labels;
        }
        let mut builder = labels.to_builder();
        for name in &matching.include {
            builder.set(name, one.get(name).unwrap_or(""));
        }
        builder.build()
    }
}
