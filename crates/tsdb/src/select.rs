//! Selected series, seen at one moment.

use crate::db::Shared;
use crate::stats::count;
use model::{Labels, TimeRange, TimestampMs};
use std::path::PathBuf;
use std::sync::Arc;
use storage::{Column, Error, Result, Selection};

/// Series of one selector. What a series got after the selection is cut off by the time of the newest
/// sample that it had: samples of a series only ever come later than those that are there.
pub(crate) struct Selected {
    shared: Arc<Shared>,
    labels: Vec<Labels>,
    members: Vec<Member>,
}

#[derive(Debug, Clone, Copy)]
struct Member {
    id: u32,
    last_time: i64,
    last_value: f64,
}

impl Selected {
    /// Series `ids`, as they are now under the lock that the caller holds on `head`.
    pub(crate) fn new(
        shared: Arc<Shared>,
        head: &crate::head::Head,
        ids: impl Iterator<Item = u32>,
        range: TimeRange,
    ) -> Self {
        let mut found: Vec<(Labels, Member)> = ids
            .filter_map(|id| {
                let (last_time, last_value) = head.series.last(id);
                let may_have = last_time != i64::MIN && last_time >= range.start.0;
                let labels = head.series.labels(id).filter(|_| may_have)?;
                Some((
                    labels.clone(),
                    Member {
                        id,
                        last_time,
                        last_value,
                    },
                ))
            })
            .collect();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        let (labels, members) = found.into_iter().unzip();
        Self {
            shared,
            labels,
            members,
        }
    }
}

impl Selection for Selected {
    fn series(&self) -> &[Labels] {
        &self.labels
    }

    fn read(&self, index: usize, range: TimeRange, column: &mut Column) -> Result<()> {
        let Some(member) = self.members.get(index) else {
            column.clear();
            return Ok(());
        };
        let seen = TimestampMs(member.last_time.saturating_add(1));
        let range = TimeRange::new(range.start, range.end.min(seen));
        let read = self.shared.head.read().read(member.id, range, column);
        read.map_err(|_| {
            count(&self.shared.counters.read_failures, 1);
            // Pages live in memory: their bytes can only be wrong if memory is.
            Error::Corruption {
                path: PathBuf::from("head"),
                offset: 0,
                what: "sealed page",
            }
        })
    }

    fn last(&self, index: usize, range: TimeRange) -> Result<Option<(i64, f64)>> {
        let Some(member) = self.members.get(index) else {
            return Ok(None);
        };
        if member.last_time < range.start.0 {
            return Ok(None);
        }
        if member.last_time < range.end.0 {
            return Ok(Some((member.last_time, member.last_value)));
        }
        let mut column = Column::default();
        self.read(index, range, &mut column)?;
        Ok(column
            .times
            .last()
            .copied()
            .zip(column.values.last().copied()))
    }
}
