//! Presence of series over time to states of alerts over time.

use crate::alert::{Alert, AlertState, Fate, Patience};
use model::{DurationMs, Labels, TimestampMs};
use promql::{MatrixSeries, StepRange};
use std::cmp::Reverse;

/// An alert that is resolved this soon hardly needed anybody.
const SOON: DurationMs = DurationMs::from_secs(5 * 60);

/// A stretch of time in which an alert is pending or firing. Bounds: `end` excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// Pending or firing.
    pub state: AlertState,
    /// When it begins.
    pub start: TimestampMs,
    /// When it ends; the end of the range where it goes on.
    pub end: TimestampMs,
    /// Whether it goes on beyond the range.
    pub goes_on: bool,
}

/// The past of one series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesTimeline {
    /// Labels of the series.
    pub labels: Labels,
    /// When its alert was not inactive. Ordering: by time, without overlap.
    pub intervals: Vec<Interval>,
}

/// What the past of all series comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// How often an alert fired.
    pub fired: usize,
    /// How often one was pending and did not fire.
    pub only_pending: usize,
    /// The longest that one fired.
    pub longest: DurationMs,
    /// How often one fired and was resolved within five minutes.
    pub resolved_soon: usize,
    /// How many fire at the end of the range.
    pub still_firing: usize,
}

/// How presence becomes states.
pub(super) struct Past {
    range: StepRange,
    lead: DurationMs,
    patience: Patience,
}

/// What was.
pub(super) struct Told {
    pub(super) series: Vec<SeriesTimeline>,
    pub(super) series_count: usize,
    pub(super) bands: Vec<Interval>,
    pub(super) summary: Summary,
}

impl Past {
    /// Over `range`, of series that are known for `lead` longer.
    pub(super) fn new(
        range: StepRange,
        lead: DurationMs,
        hold: DurationMs,
        keep_firing_for: DurationMs,
    ) -> Self {
        Self {
            range,
            lead,
            patience: Patience {
                hold,
                keep_firing_for,
            },
        }
    }

    fn step_count(&self) -> usize {
        let length = self.range.end.0 - self.range.start.0;
        usize::try_from(length / self.range.step.0.max(1)).map_or(0, |steps| steps + 1)
    }

    /// The past of all series, `most` of them in full.
    pub(super) fn tell(&self, matrix: &[MatrixSeries], most: usize) -> Told {
        let mut summary = Summary::default();
        let mut greatest = vec![AlertState::Inactive; self.step_count()];
        let mut told = Vec::new();
        for series in matrix {
            let states = self.states(series);
            for (all, own) in greatest.iter_mut().zip(&states) {
                *all = (*all).max(*own);
            }
            let intervals = self.intervals(&states);
            if !intervals.is_empty() {
                summary.add(&intervals);
                told.push(SeriesTimeline {
                    labels: series.labels.clone(),
                    intervals,
                });
            }
        }
        let series_count = told.len();
        // Stable: those that fired equally long stay in order of labels.
        told.sort_by_key(|one| Reverse(fired_for(&one.intervals)));
        told.truncate(most);
        Told {
            series: told,
            series_count,
            bands: self.intervals(&greatest),
            summary,
        }
    }

    /// The state at each step of the range.
    fn states(&self, series: &MatrixSeries) -> Vec<AlertState> {
        let mut states = Vec::with_capacity(self.step_count());
        let mut present = series.times.iter().copied().peekable();
        let mut alert: Option<Alert> = None;
        let mut at = self.range.start - self.lead;
        while at <= self.range.end {
            while present.peek().is_some_and(|time| *time < at.0) {
                present.next();
            }
            let is_present = present.peek() == Some(&at.0);
            if is_present && alert.is_none() {
                alert = Some(Alert::new(Labels::empty(), Vec::new(), 0.0, at));
            }
            let fate = alert.as_mut().map_or(Fate::Gone, |alert| {
                alert.step(is_present, at, self.patience)
            });
            if fate != Fate::Active {
                // A series that comes back is another alert.
                alert = None;
            }
            if at >= self.range.start {
                let state = alert.as_ref().map(|alert| alert.state);
                states.push(state.unwrap_or(AlertState::Inactive));
            }
            at = at + self.range.step;
        }
        states
    }

    fn intervals(&self, states: &[AlertState]) -> Vec<Interval> {
        let mut intervals: Vec<Interval> = Vec::new();
        let time = |index: usize| {
            let step = self.range.step.0;
            let passed = i64::try_from(index)
                .unwrap_or(i64::MAX)
                .saturating_mul(step);
            TimestampMs(
                self.range
                    .start
                    .0
                    .saturating_add(passed)
                    .min(self.range.end.0),
            )
        };
        let mut open: Option<Interval> = None;
        for (index, state) in states.iter().enumerate() {
            if open.as_ref().is_some_and(|open| open.state == *state) {
                continue;
            }
            let at = time(index);
            intervals.extend(open.take().map(|open| Interval { end: at, ..open }));
            open = (*state > AlertState::Inactive).then_some(Interval {
                state: *state,
                start: at,
                end: at,
                goes_on: false,
            });
        }
        intervals.extend(open.map(|open| Interval {
            end: self.range.end,
            goes_on: true,
            ..open
        }));
        intervals
    }
}

impl Summary {
    fn add(&mut self, intervals: &[Interval]) {
        for (index, interval) in intervals.iter().enumerate() {
            let length = DurationMs(interval.end.0 - interval.start.0);
            if interval.state == AlertState::Firing {
                self.fired += 1;
                self.longest = self.longest.max(length);
                self.resolved_soon += usize::from(!interval.goes_on && length <= SOON);
                self.still_firing += usize::from(interval.goes_on);
                continue;
            }
            let next = intervals.get(index + 1);
            let fired = next.is_some_and(|next| next.start == interval.end);
            self.only_pending += usize::from(!fired && !interval.goes_on);
        }
    }
}

fn fired_for(intervals: &[Interval]) -> i64 {
    let firing = intervals
        .iter()
        .filter(|interval| interval.state == AlertState::Firing);
    firing
        .map(|interval| interval.end.0 - interval.start.0)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    /// Minutes from 0 on in which the series is there; the range begins at minute `from`.
    fn told(presence: &[&str], from: i64, hold: i64, keep: i64) -> Told {
        let steps = presence[0].len() as i64;
        let range = StepRange {
            start: TimestampMs(from * MINUTE),
            end: TimestampMs((steps - 1) * MINUTE),
            step: DurationMs(MINUTE),
        };
        let matrix: Vec<MatrixSeries> = presence
            .iter()
            .enumerate()
            .map(|(index, there)| {
                let times = there.char_indices().filter(|(_, c)| *c == '1');
                let times: Vec<i64> = times.map(|(minute, _)| minute as i64 * MINUTE).collect();
                MatrixSeries {
                    labels: Labels::from_pairs([("n", index.to_string())]),
                    values: vec![1.0; times.len()],
                    times,
                    histograms: Vec::new(),
                }
            })
            .collect();
        let (hold, keep) = (DurationMs(hold * MINUTE), DurationMs(keep * MINUTE));
        Past::new(range, DurationMs(from * MINUTE), hold, keep).tell(&matrix, 10)
    }

    fn shown(intervals: &[Interval]) -> String {
        let one = |interval: &Interval| {
            let minute = |time: TimestampMs| time.0 / MINUTE;
            let open = if interval.goes_on { "+" } else { "" };
            let (start, end) = (minute(interval.start), minute(interval.end));
            format!("{}:{start}-{end}{open}", interval.state)
        };
        intervals.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn alerts_wait_then_fire_then_are_resolved() {
        let told = told(&["0111100110"], 0, 2, 0);
        let intervals = &told.series[0].intervals;
        assert_eq!(shown(intervals), "pending:1-3 firing:3-5 pending:7-9");
        assert_eq!(
            told.summary,
            Summary {
                fired: 1,
                only_pending: 1,
                longest: DurationMs(2 * MINUTE),
                resolved_soon: 1,
                still_firing: 0,
            }
        );
    }

    #[test]
    fn what_fires_at_the_end_goes_on() {
        let told = told(&["0000001111"], 0, 0, 0);
        assert_eq!(shown(&told.series[0].intervals), "firing:6-9+");
        assert_eq!(
            (told.summary.still_firing, told.summary.resolved_soon),
            (1, 0)
        );
    }

    #[test]
    fn waiting_before_the_range_counts() {
        let told = told(&["1111110000"], 4, 3, 0);
        assert_eq!(shown(&told.series[0].intervals), "firing:4-6");
    }

    #[test]
    fn firing_is_kept_through_short_gaps() {
        let told = told(&["1101100000"], 0, 0, 2);
        assert_eq!(shown(&told.series[0].intervals), "firing:0-7");
    }

    #[test]
    fn bands_show_the_greatest_state_and_series_that_fired_longest_come_first() {
        let told = told(&["0011000000", "0000111111", "0000000000"], 0, 1, 0);
        assert_eq!(told.series_count, 2);
        assert_eq!(told.series[0].labels.get("n"), Some("1"));
        assert_eq!(
            shown(&told.bands),
            "pending:2-3 firing:3-4 pending:4-5 firing:5-9+"
        );
    }
}
