//! Round values on a value axis.

use crate::unit::Unit;

/// How many ticks an axis should have.
const WANTED: f64 = 5.0;

/// Round values within `lo..=hi`, four to six of them where the unit's steps allow.
///
/// Ordering: rising. Empty unless `lo < hi` and both are finite.
pub fn linear_ticks(lo: f64, hi: f64, unit: Unit) -> Vec<f64> {
    let width = hi - lo;
    if !width.is_finite() || width <= 0.0 {
        return Vec::new();
    }
    // Far from zero, rounding eats the step: there is nothing round to show.
    if width <= lo.abs().max(hi.abs()) * 1e-13 {
        return Vec::new();
    }
    let step = best_step(lo, hi, unit);
    let first = (lo / step).ceil();
    let last = (hi / step).floor();
    let mut ticks = Vec::new();
    let mut n = first;
    while n <= last && ticks.len() < 32 {
        // Adding zero turns -0 into 0.
        ticks.push(n * step + 0.0);
        n += 1.0;
    }
    ticks
}

fn best_step(lo: f64, hi: f64, unit: Unit) -> f64 {
    let ideal = (hi - lo) / WANTED;
    let count = |step: f64| (hi / step).floor() - (lo / step).ceil() + 1.0;
    let mut best = (f64::INFINITY, ideal);
    for step in candidates(ideal, unit) {
        let distance = (count(step) - WANTED).abs();
        if distance < best.0 {
            best = (distance, step);
        }
    }
    best.1
}

/// Round steps around `ideal`, each unit in its own base.
fn candidates(ideal: f64, unit: Unit) -> Vec<f64> {
    // Units: seconds; beyond days, decimal counts of days.
    const CLOCK: [f64; 16] = [
        1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0,
        21_600.0, 43_200.0,
    ];
    match unit {
        Unit::Bytes if ideal >= 1.0 => {
            let power = ideal.log2().floor();
            (-1..=2)
                .map(|n| (power + f64::from(n)).exp2().max(1.0))
                .collect()
        }
        Unit::Seconds if (1.0..43_200.0).contains(&ideal) => {
            let mut steps: Vec<f64> = CLOCK
                .iter()
                .copied()
                .filter(|s| *s >= ideal / 4.0 && *s <= ideal * 4.0)
                .collect();
            steps.push(86_400.0);
            steps
        }
        Unit::Seconds if ideal >= 43_200.0 => decimal(ideal / 86_400.0)
            .into_iter()
            .map(|s| s.max(1.0) * 86_400.0)
            .collect(),
        _ => decimal(ideal),
    }
}

fn decimal(ideal: f64) -> Vec<f64> {
    let power = ideal.log10().floor();
    // Dividing by a whole power of ten keeps 0.1 and its like exact to the last digit.
    let scaled = |n: f64, power: f64| {
        if power < 0.0 {
            n / 10f64.powf(-power)
        } else {
            n * 10f64.powf(power)
        }
    };
    let mut steps = vec![scaled(5.0, power - 1.0)];
    steps.extend([1.0, 2.0, 2.5, 5.0].map(|n| scaled(n, power)));
    steps.extend([1.0, 2.0].map(|n| scaled(n, power + 1.0)));
    steps
}

/// Powers of ten in a domain above zero; few of them if there are many, with 2 and 5 if there are few.
///
/// Ordering: rising.
pub fn log_ticks(lo: f64, hi: f64) -> Vec<f64> {
    let (first, last) = (lo.log10().floor(), hi.log10().ceil());
    if !(first.is_finite() && last.is_finite()) {
        return Vec::new();
    }
    let decades = last - first;
    let factors: &[f64] = if (hi / lo).log10() <= 3.0 {
        &[1.0, 2.0, 5.0]
    } else {
        &[1.0]
    };
    let stride = (decades / 6.0).ceil().max(1.0);
    let mut ticks = Vec::new();
    let mut exponent = first;
    while exponent <= last && ticks.len() < 64 {
        let power = 10f64.powf(exponent);
        ticks.extend(factors.iter().map(|factor| factor * power));
        exponent += stride;
    }
    ticks.retain(|tick| (lo..=hi).contains(tick));
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decimal_ticks_are_round() {
        assert_eq!(
            linear_ticks(0.0, 1.05, Unit::Number),
            [0.0, 0.25, 0.5, 0.75, 1.0]
        );
        assert_eq!(
            linear_ticks(-3.0, 17.0, Unit::Number),
            [0.0, 5.0, 10.0, 15.0]
        );
    }

    #[test]
    fn byte_ticks_are_powers_of_two_apart() {
        let ticks = linear_ticks(0.0, 5.5 * 1024.0 * 1024.0, Unit::Bytes);
        assert_eq!(
            ticks,
            [0.0, 1.0, 2.0, 3.0, 4.0, 5.0].map(|m| m * 1024.0 * 1024.0)
        );
    }

    #[test]
    fn durations_tick_in_minutes_and_hours() {
        assert_eq!(
            linear_ticks(0.0, 310.0, Unit::Seconds),
            [0.0, 60.0, 120.0, 180.0, 240.0, 300.0]
        );
        assert_eq!(
            linear_ticks(0.0, 5.0 * 3600.0, Unit::Seconds).get(1),
            Some(&3600.0)
        );
    }

    #[test]
    fn no_width_no_ticks() {
        assert!(linear_ticks(1.0, 1.0, Unit::Number).is_empty());
        assert!(linear_ticks(0.0, f64::INFINITY, Unit::Number).is_empty());
        assert!(linear_ticks(1e15, 1e15 + 1.0, Unit::Number).is_empty());
    }

    fn any_unit() -> impl Strategy<Value = Unit> {
        prop_oneof![Just(Unit::Number), Just(Unit::Bytes), Just(Unit::Seconds)]
    }

    proptest! {
        #[test]
        fn ticks_rise_inside_the_domain(lo in -1e9..1e9f64, width in 1e-2..1e12f64, unit in any_unit()) {
            let hi = lo + width;
            let ticks = linear_ticks(lo, hi, unit);
            prop_assert!(ticks.windows(2).all(|w| w[0] < w[1]), "{:?}", ticks);
            prop_assert!(ticks.iter().all(|t| *t >= lo - width * 1e-6 && *t <= hi + width * 1e-6));
        }

        #[test]
        fn there_are_neither_few_nor_many(lo in -1e6..1e6f64, width in 1e-1..1e9f64, unit in any_unit()) {
            let n = linear_ticks(lo, lo + width, unit).len();
            prop_assert!((2..=9).contains(&n), "{} ticks", n);
        }

        #[test]
        fn ticks_are_evenly_apart(lo in -1e6..1e6f64, width in 1.0..1e9f64) {
            let ticks = linear_ticks(lo, lo + width, Unit::Number);
            let gaps: Vec<f64> = ticks.windows(2).map(|w| w[1] - w[0]).collect();
            for gap in &gaps {
                prop_assert!((gap - gaps[0]).abs() <= width * 1e-9);
            }
        }
    }

    #[test]
    fn logarithmic_ticks_are_powers_of_ten() {
        assert_eq!(
            log_ticks(0.9, 120.0),
            [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]
        );
        assert_eq!(log_ticks(1.0, 1e6), [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6]);
        assert!(log_ticks(1e-300, 1e300).len() <= 8);
    }
}
