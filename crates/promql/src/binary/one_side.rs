//! The side of a match of which there may be only one element per group and step.

use super::matching::match_labels;
use crate::labels::Braced;
use crate::series::{ABSENT, Table, is_absent};
use crate::{Error, Result};
use promql_syntax::VectorMatching;

/// The "one" side of one group.
pub(super) struct OneSide {
    /// For every step, the value of the only element.
    pub(super) values: Vec<f64>,
    /// For every step, the number of the series that the value is of.
    pub(super) source: Vec<usize>,
    /// Numbers of the series that values are of, each once.
    pub(super) partners: Vec<usize>,
    /// Whether any value is a histogram.
    pub(super) has_histograms: bool,
}

impl OneSide {
    /// Joins the members; `busy` says at which steps the other side has elements at all.
    ///
    /// # Errors
    /// [`Error::DuplicateMatch`] where two members have a sample at a busy step.
    pub(super) fn of(
        table: &Table<'_>,
        members: &[usize],
        busy: &[bool],
        matching: &VectorMatching,
        side: &'static str,
    ) -> Result<Self> {
        let mut one = Self {
            values: vec![ABSENT; busy.len()],
            source: vec![0; busy.len()],
            partners: Vec::new(),
            has_histograms: false,
        };
        for index in members {
            let Some(series) = table.series.get(*index) else {
                continue;
            };
            one.has_histograms |= !series.histograms.is_empty();
            let slots = one.values.iter_mut().zip(&mut one.source).zip(busy);
            for (((have, source), busy), value) in slots.zip(&series.values) {
                if is_absent(*value) {
                    continue;
                }
                if !is_absent(*have) && *busy {
                    let other = table.series.get(*source).map(|s| s.labels.clone());
                    let mut pair = [series.labels.clone(), other.unwrap_or_default()];
                    pair.sort_by_key(|labels| Braced(labels).to_string());
                    let group = match_labels(&series.labels, matching);
                    let [first, second] = pair;
                    return Err(Error::DuplicateMatch {
                        group,
                        side,
                        first,
                        second,
                    });
                }
                *have = *value;
                *source = *index;
            }
        }
        let values = one.values.iter().zip(&one.source);
        let present = values.filter(|(value, _)| !is_absent(**value));
        one.partners.extend(present.map(|(_, source)| *source));
        one.partners.sort_unstable();
        one.partners.dedup();
        Ok(one)
    }
}

/// At which steps any series of the table has a sample.
pub(super) fn busy_steps(table: &Table<'_>, n: usize) -> Vec<bool> {
    let mut busy = vec![false; n];
    for series in &table.series {
        for (busy, value) in busy.iter_mut().zip(&series.values) {
            *busy |= !is_absent(*value);
        }
    }
    busy
}
