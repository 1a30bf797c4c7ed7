//! Figures as text: medians, spreads, three digits that matter.

/// The middle of `values`, the mean of the two middle ones if their number is even.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let upper = sorted.get(middle).copied()?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = sorted.get(middle.wrapping_sub(1)).copied()?;
    Some(f64::midpoint(lower, upper))
}

/// The smallest and the largest of `values`.
fn spread(values: &[f64]) -> (f64, f64) {
    values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(*value), high.max(*value))
        })
}

/// The median and, where there are several values, the smallest and largest.
pub(crate) fn cell(values: &[f64]) -> String {
    let Some(median) = median(values) else {
        return "-".to_owned();
    };
    if values.len() == 1 {
        return figure(median);
    }
    let (low, high) = spread(values);
    format!("{} ({} to {})", figure(median), figure(low), figure(high))
}

/// A number with three digits that matter, thousands apart.
pub(crate) fn figure(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 {
        return "0".to_owned();
    }
    if size >= 999.5 {
        return thousands(value);
    }
    // How many digits stand before the point: 0 for 0.5, -1 for 0.05; of what it is rounded to.
    let before = |size: f64| size.log10().floor() + 1.0;
    let scale = 10_f64.powf(3.0 - before(size));
    let decimals = (3.0 - before((size * scale).round() / scale)).clamp(0.0, 9.0);
    #[expect(clippy::cast_possible_truncation, reason = "from 0 to 9")]
    let decimals = decimals as usize;
    format!("{value:.decimals$}")
}

fn thousands(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut out = String::from(if value < 0.0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// How many times one figure goes into another.
pub(crate) fn times(ratio: f64) -> String {
    let digits = if ratio < 9.95 { 2 } else { 1 };
    format!("{ratio:.digits$}x")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }

    #[test]
    fn figures_keep_three_digits() {
        let shown = [
            0.0,
            0.999_99,
            0.012_345,
            0.5,
            1.234,
            98.76,
            999.9,
            1_234_567.0,
            -12.3,
        ]
        .map(figure);
        let expected = [
            "0",
            "1.00",
            "0.0123",
            "0.500",
            "1.23",
            "98.8",
            "1,000",
            "1,234,567",
            "-12.3",
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_cell_shows_the_spread_of_several_values() {
        assert_eq!(cell(&[]), "-");
        assert_eq!(cell(&[2.0]), "2.00");
        assert_eq!(cell(&[2.0, 1.0, 4.0]), "2.00 (1.00 to 4.00)");
    }
}
