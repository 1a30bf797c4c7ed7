//! `offset` and `@`, resolved.

use super::Evaluator;
use crate::Result;
use promql_syntax::{At, TimeShift};

/// Where a selector looks instead of the evaluation time. Units: milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Shift {
    at: Option<i64>,
    offset: i64,
}

impl Shift {
    /// The shift of what stands inside a subquery with the shift `outer`.
    pub(crate) fn inside(self, outer: Self) -> Self {
        if self.at.is_some() {
            return self;
        }
        Self {
            at: outer.at,
            offset: self.offset.saturating_add(outer.offset),
        }
    }

    /// The time to look at when the evaluation time is `time`.
    pub(crate) fn apply(self, time: i64) -> i64 {
        self.at.unwrap_or(time).saturating_sub(self.offset)
    }
}

impl Evaluator<'_> {
    pub(crate) fn shift(&self, shift: &TimeShift) -> Result<Shift> {
        let at = shift.at.map(|at| match at {
            At::Time(time) => time,
            At::Start => self.query.start.0,
            At::End => self.query.end.0,
        });
        let offset = shift
            .offset
            .as_ref()
            .map_or(Ok(0), |offset| self.length(offset))?;
        Ok(Shift { at, offset })
    }
}
