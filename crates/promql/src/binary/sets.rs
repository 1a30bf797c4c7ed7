//! `and`, `or`, `unless`.

use super::matching::Groups;
use crate::Result;
use crate::eval::Evaluator;
use crate::grid::Grid;
use crate::series::{Sink, Table, is_absent};
use promql_syntax::{Binary, BinaryOp};

/// At which steps one of the members has a sample.
fn presence(table: &Table<'_>, members: &[usize], n: usize) -> Vec<bool> {
    let mut present = vec![false; n];
    for series in members.iter().filter_map(|index| table.series.get(*index)) {
        for (present, value) in present.iter_mut().zip(&series.values) {
            *present |= !is_absent(*value);
        }
    }
    present
}

/// Blanks the members' samples at steps where `present` is not `wanted`.
fn keep(table: &mut Table<'_>, members: &[usize], present: &[bool], wanted: bool) {
    for index in members {
        if let Some(series) = table.series.get_mut(*index) {
            for (k, present) in present.iter().enumerate() {
                if *present != wanted {
                    series.set(k, None);
                }
            }
        }
    }
}

pub(super) fn stream(
    ev: &Evaluator<'_>,
    binary: &Binary,
    grid: Grid,
    sink: Sink<'_>,
) -> Result<()> {
    let matching = binary.matching.clone().unwrap_or_default();
    let mut left = ev.table(&binary.left, grid)?;
    let mut right = ev.table(&binary.right, grid)?;
    let groups = Groups::of(&left, &right, &matching);
    for (lefts, rights) in &groups.members {
        ev.budget
            .work((lefts.len() + rights.len()).saturating_mul(grid.n))?;
        match binary.op {
            BinaryOp::Or => {
                let present = presence(&left, lefts, grid.n);
                keep(&mut right, rights, &present, false);
            }
            op => {
                let present = presence(&right, rights, grid.n);
                keep(&mut left, lefts, &present, op == BinaryOp::And);
            }
        }
    }
    if binary.op != BinaryOp::Or {
        drop(right);
        return left.drain_into(&mut |series| {
            if series.is_empty() {
                Ok(())
            } else {
                sink(series)
            }
        });
    }
    let mut both = ev.collect(&mut |inner| {
        for series in left.series.iter_mut().chain(&mut right.series) {
            inner(series)?;
        }
        Ok(())
    })?;
    both.join_same()?;
    both.drain_into(sink)
}
