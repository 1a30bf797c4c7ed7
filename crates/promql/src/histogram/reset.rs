//! Whether a counter began anew between two histograms.

use super::bucket::power_bound;
use super::total::{Direction, Total, common_bounds};
use model::{Histogram, ResetHint};

/// Whether there was a reset between `before` and `now`: the hint says so, or without one, some count fell
/// or buckets changed as only a reset can change them.
///
/// Source: Prometheus' `FloatHistogram.DetectReset`.
pub fn is_reset(now: &Histogram, before: &Histogram) -> bool {
    match now.reset_hint {
        ResetHint::Reset => return true,
        ResetHint::NotReset => return false,
        ResetHint::Unknown | ResetHint::Gauge => {}
    }
    if now.count < before.count {
        return true;
    }
    match (now.has_custom_buckets(), before.has_custom_buckets()) {
        (true, true) => return custom_fell(now, before),
        (true, false) | (false, true) => return true,
        (false, false) => {}
    }
    if now.schema > before.schema || now.zero_threshold < before.zero_threshold {
        return true;
    }
    let mut before = Total::of(before);
    before.widen_zero(now.zero_threshold);
    let (threshold, zero_count) = before.zero_bucket();
    if threshold != now.zero_threshold || now.zero_count < zero_count {
        return true;
    }
    before.reduce(now.schema);
    let now_total = Total::of(now);
    [Direction::Positive, Direction::Negative]
        .into_iter()
        .any(|side| {
            let counted = |(index, _): &(i32, f64)| power_bound(*index, now.schema) > threshold;
            fell(
                now_total.side(side).filter(counted),
                before.side(side).filter(counted),
            )
        })
}

fn custom_fell(now: &Histogram, before: &Histogram) -> bool {
    let (mut now_total, mut before_total) = (Total::of(now), Total::of(before));
    if now.custom_values != before.custom_values {
        let common = common_bounds(&now.custom_values, &before.custom_values);
        now_total.rebound(&common);
        before_total.rebound(&common);
    }
    fell(
        now_total.side(Direction::Positive),
        before_total.side(Direction::Positive),
    )
}

/// Whether any bucket that held something before holds less, or is gone.
fn fell(now: impl Iterator<Item = (i32, f64)>, before: impl Iterator<Item = (i32, f64)>) -> bool {
    let mut now = now.peekable();
    for (index, count) in before {
        while now.next_if(|(have, _)| *have < index).is_some() {}
        match now.peek() {
            Some((have, new)) if *have == index && *new >= count => {}
            Some((have, _)) if *have == index => return true,
            _ if count != 0.0 => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Span;

    fn histogram(buckets: &[f64]) -> Histogram {
        Histogram {
            count: 10.0,
            positive_spans: vec![Span {
                offset: 0,
                length: u32::try_from(buckets.len()).unwrap(),
            }],
            positive_buckets: buckets.to_vec(),
            ..Histogram::default()
        }
    }

    #[test]
    fn falling_and_vanishing_buckets_are_resets() {
        let before = histogram(&[1.0, 2.0, 0.0]);
        assert!(!is_reset(&histogram(&[1.0, 2.0]), &before));
        assert!(is_reset(&histogram(&[1.0]), &before));
        assert!(is_reset(&histogram(&[1.0, 1.0]), &before));
        let hinted = |reset_hint| Histogram {
            reset_hint,
            ..histogram(&[1.0])
        };
        assert!(!is_reset(&hinted(ResetHint::NotReset), &before));
        assert!(is_reset(&hinted(ResetHint::Reset), &histogram(&[])));
    }

    #[test]
    fn a_finer_schema_or_a_narrower_zero_bucket_is_a_reset() {
        let before = histogram(&[1.0]);
        let finer = Histogram {
            schema: 1,
            ..histogram(&[5.0])
        };
        assert!(is_reset(&finer, &before) && !is_reset(&before, &before));
        let wide = Histogram {
            zero_threshold: 1.0,
            zero_count: 1.0,
            count: 10.0,
            ..Histogram::default()
        };
        // The only bucket, (0.5, 1], moved into the wider zero bucket.
        assert!(!is_reset(&wide, &before) && is_reset(&before, &wide));
    }
}
