//! When counters started.
//!
//! Source: Prometheus 3.14, `promql/functions.go`, `isStartTimestampReset`, `checkStartTimeOverlap`.

use super::range::RangeNotes;
use crate::annotations::Note;
use crate::eval::Window;

fn pair(window: &Window<'_>, at: usize) -> Option<[i64; 4]> {
    let before = at.checked_sub(1)?;
    Some([
        *window.starts.get(before)?,
        *window.times.get(before)?,
        *window.starts.get(at)?,
        *window.times.get(at)?,
    ])
}

/// Whether start times say that the counter began anew between sample number `at` and the one before.
pub(super) fn is_reset(window: &Window<'_>, at: usize) -> bool {
    let Some([before_start, before, start, time]) = pair(window, at) else {
        return false;
    };
    // A start that is unknown, or not before its sample, says nothing.
    if start == 0 || start >= time || start < before {
        return false;
    }
    // A counter of differences starts at the sample before; one of unknown start may pretend to. What it
    // was is seen by whether the sample before knew its start.
    start > before || (before_start != 0 && before_start < before)
}

/// Notes if any sample started before the one before it, as another counter.
pub(super) fn note_overlap(window: &Window<'_>, notes: &RangeNotes<'_>) {
    let overlaps = (1..window.starts.len()).any(|at| {
        pair(window, at).is_some_and(|[before_start, before, start, _]| {
            start != 0 && start < before && start != before_start
        })
    });
    if overlaps {
        notes.add(Note::StartOverlap(notes.metric(), 1));
    }
}

/// When the counter started from zero, if that was inside the window before the first sample.
pub(super) fn started_inside(window: &Window<'_>) -> Option<i64> {
    let start = *window.starts.first()?;
    let first = *window.times.first()?;
    (start != 0 && start > window.start && start < first).then_some(start)
}
