//! What becomes of a session when a request presents one of its tokens: decided without the database.

use crate::Options;
use model::{DurationMs, TimestampMs};

/// How long the token before the last rotation is still taken, for requests that were under way.
pub(super) const GRACE: DurationMs = DurationMs(60_000);
/// How exact the time of the last request is kept; more would write on every request.
pub(super) const TOUCH: DurationMs = DurationMs(60_000);

/// A session as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct State {
    pub(super) created: TimestampMs,
    pub(super) rotated: TimestampMs,
    pub(super) last_seen: TimestampMs,
    /// Whether the newest token came back from the browser.
    pub(super) token_seen: bool,
}

/// Which of its tokens the request has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presented {
    Newest,
    Previous,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The session has ended, or the token is too old.
    Refuse,
    /// It is good, and nothing is to be written.
    Accept,
    /// It is good; that it was seen is to be written.
    Touch,
    /// It is good, and gets a new token.
    Rotate,
}

/// Whether a session has ended, whatever is presented.
pub(super) fn has_ended(state: State, options: &Options, now: TimestampMs) -> bool {
    now >= state.created + options.session_lifetime || now >= state.last_seen + options.session_idle
}

/// Decides.
pub(super) fn step(
    state: State,
    presented: Presented,
    options: &Options,
    now: TimestampMs,
) -> Step {
    if has_ended(state, options, now) {
        return Step::Refuse;
    }
    match presented {
        Presented::Newest if now >= state.rotated + options.session_rotation => Step::Rotate,
        Presented::Newest if !state.token_seen || now >= state.last_seen + TOUCH => Step::Touch,
        Presented::Newest => Step::Accept,
        Presented::Previous if now < state.rotated + GRACE => Step::Accept,
        // The answer that carried the newest token was lost: another one is made.
        Presented::Previous if !state.token_seen => Step::Rotate,
        Presented::Previous => Step::Refuse,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;
    const DAY: i64 = 24 * 60 * MINUTE;

    fn state(rotated: i64, last_seen: i64, token_seen: bool) -> State {
        State {
            created: TimestampMs(0),
            rotated: TimestampMs(rotated),
            last_seen: TimestampMs(last_seen),
            token_seen,
        }
    }

    #[track_caller]
    fn check(state: State, presented: Presented, now: i64, expected: Step) {
        let actual = step(state, presented, &Options::default(), TimestampMs(now));
        assert_eq!(actual, expected);
    }

    #[test]
    fn newest_token_is_rotated_every_ten_minutes_and_touched_every_minute() {
        let newest = Presented::Newest;
        check(state(0, 0, true), newest, MINUTE - 1, Step::Accept);
        check(state(0, 0, true), newest, MINUTE, Step::Touch);
        check(state(0, 0, false), newest, 1, Step::Touch);
        check(state(0, 0, true), newest, 10 * MINUTE - 1, Step::Touch);
        check(state(0, 0, true), newest, 10 * MINUTE, Step::Rotate);
    }

    #[test]
    fn previous_token_is_good_for_a_minute_and_longer_only_if_the_newest_never_arrived() {
        let previous = Presented::Previous;
        check(state(0, 0, true), previous, MINUTE - 1, Step::Accept);
        check(state(0, 0, true), previous, MINUTE, Step::Refuse);
        check(state(0, 0, false), previous, MINUTE, Step::Rotate);
    }

    #[test]
    fn session_ends_after_a_week_without_requests_and_after_a_month_with_them() {
        for presented in [Presented::Newest, Presented::Previous] {
            check(state(0, 0, false), presented, 7 * DAY, Step::Refuse);
            let busy = state(30 * DAY - 1, 30 * DAY - 1, false);
            check(
                busy,
                presented,
                30 * DAY - 1,
                if presented == Presented::Newest {
                    Step::Touch
                } else {
                    Step::Accept
                },
            );
            check(busy, presented, 30 * DAY, Step::Refuse);
        }
    }
}
