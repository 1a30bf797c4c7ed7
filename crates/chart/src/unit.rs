//! Units of values, and values as people read them.

/// What a value measures; decides its ticks' base and its suffixes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unit {
    /// A plain number; thousands are shortened to k, M, G...
    #[default]
    Number,
    /// Bytes, in base 1024.
    Bytes,
    /// Seconds, in base 60.
    Seconds,
}

impl Unit {
    /// The unit that a metric's name tells by the naming rules, such as `node_memory_free_bytes`.
    ///
    /// Counters (`_total`) and points in time (`_timestamp_seconds`, `_time_seconds`) are numbers.
    pub fn of_metric(name: &str) -> Self {
        if name.ends_with("_timestamp_seconds") || name.ends_with("_time_seconds") {
            Self::Number
        } else if name.ends_with("_bytes") {
            Self::Bytes
        } else if name.ends_with("_seconds") {
            Self::Seconds
        } else {
            Self::Number
        }
    }

    /// `value` with the decimals that ticks `step` apart need.
    pub fn format_tick(self, value: f64, step: f64) -> String {
        let (scale, suffix) =
            self.scale(value.abs().max(if value == 0.0 { 0.0 } else { step.abs() }));
        // Below a millionth there are more zeros than digits, and above the last suffix likewise.
        let tiny = suffix.is_empty() && value != 0.0 && step.abs() < 1e-6;
        if tiny || value.abs() >= 1e21 {
            return format!("{value:.2e}");
        }
        // Decimals until the step is told apart: 0.25 k needs two, 0.5 k one.
        let step = step.abs() / scale;
        let mut decimals = 0usize;
        while decimals < 8
            && (step * 10f64.powf(decimals as f64)).fract() > 1e-6
            && (step * 10f64.powf(decimals as f64)).fract() < 1.0 - 1e-6
        {
            decimals += 1;
        }
        // A step much smaller than the suffix (5 bytes between kibibytes) needs no more than four.
        join(
            format!(
                "{:.*}",
                decimals.min(if suffix.is_empty() { 8 } else { 4 }),
                value / scale
            ),
            suffix,
        )
    }

    /// `value` with four to six telling digits.
    pub fn format(self, value: f64) -> String {
        if !value.is_finite() {
            return if value.is_nan() {
                "NaN"
            } else if value > 0.0 {
                "+Inf"
            } else {
                "-Inf"
            }
            .into();
        }
        let (scale, suffix) = self.scale(value.abs());
        let scaled = value / scale;
        let magnitude = scaled.abs();
        if magnitude != 0.0 && magnitude < 1e-4 || magnitude >= 1e15 {
            return join(trim_exponent(&format!("{scaled:.3e}")), suffix);
        }
        let decimals = match magnitude {
            m if m >= 1000.0 => 1,
            m if m >= 100.0 => 2,
            m if m >= 1.0 => 3,
            m if m >= 0.01 => 4,
            _ => 6,
        };
        join(trim_zeros(format!("{scaled:.decimals$}")), suffix)
    }

    fn scale(self, magnitude: f64) -> (f64, &'static str) {
        const THOUSANDS: [(f64, &str); 6] = [
            (1e18, "E"),
            (1e15, "P"),
            (1e12, "T"),
            (1e9, "G"),
            (1e6, "M"),
            (1e4, "k"),
        ];
        const BYTES: [(f64, &str); 6] = [
            (1_125_899_906_842_624.0, "PiB"),
            (1_099_511_627_776.0, "TiB"),
            (1_073_741_824.0, "GiB"),
            (1_048_576.0, "MiB"),
            (1024.0, "KiB"),
            (0.0, "B"),
        ];
        const TIME: [(f64, &str); 7] = [
            (86_400.0, "d"),
            (3600.0, "h"),
            (60.0, "min"),
            (1.0, "s"),
            (1e-3, "ms"),
            (1e-6, "µs"),
            (1e-9, "ns"),
        ];
        let find = |table: &[(f64, &'static str)]| {
            table.iter().copied().find(|(limit, _)| magnitude >= *limit)
        };
        match self {
            // From 10,000 on, but in units of a thousand.
            Self::Number => match find(&THOUSANDS) {
                Some((_, "k")) => (1e3, "k"),
                Some(found) => found,
                None => (1.0, ""),
            },
            Self::Bytes => match find(&BYTES) {
                Some((limit, suffix)) if limit > 0.0 => (limit, suffix),
                _ => (1.0, "B"),
            },
            Self::Seconds if magnitude == 0.0 => (1.0, "s"),
            Self::Seconds => find(&TIME).unwrap_or((1e-9, "ns")),
        }
    }
}

fn join(number: String, suffix: &str) -> String {
    if suffix.is_empty() {
        number
    } else {
        format!("{number}\u{202f}{suffix}")
    }
}

fn trim_zeros(text: String) -> String {
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn trim_exponent(text: &str) -> String {
    match text.split_once('e') {
        Some((digits, exponent)) => format!("{}e{exponent}", trim_zeros(digits.to_owned())),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(unit: Unit, value: f64, expected: &str) {
        assert_eq!(unit.format(value).replace('\u{202f}', " "), expected);
    }

    #[test]
    fn numbers_keep_their_telling_digits() {
        check(Unit::Number, 0.0, "0");
        check(Unit::Number, 1.0, "1");
        check(Unit::Number, 0.123_456, "0.1235");
        check(Unit::Number, 9999.0, "9999");
        check(Unit::Number, 12_345.0, "12.345 k");
        check(Unit::Number, -3_500_000.0, "-3.5 M");
        check(Unit::Number, 0.000_002, "2e-6");
        check(Unit::Number, f64::NAN, "NaN");
        check(Unit::Number, f64::NEG_INFINITY, "-Inf");
    }

    #[test]
    fn bytes_are_told_in_base_1024() {
        check(Unit::Bytes, 512.0, "512 B");
        check(Unit::Bytes, 1536.0, "1.5 KiB");
        check(Unit::Bytes, 3.25 * 1024.0 * 1024.0 * 1024.0, "3.25 GiB");
    }

    #[test]
    fn seconds_are_told_in_their_natural_unit() {
        check(Unit::Seconds, 0.0, "0 s");
        check(Unit::Seconds, 0.0123, "12.3 ms");
        check(Unit::Seconds, 90.0, "1.5 min");
        check(Unit::Seconds, 172_800.0, "2 d");
    }

    #[test]
    fn ticks_have_the_decimals_of_their_step() {
        let tick = |unit: Unit, value, step| unit.format_tick(value, step).replace('\u{202f}', " ");
        assert_eq!(tick(Unit::Number, 0.0, 0.25), "0.00");
        assert_eq!(tick(Unit::Number, 0.5, 0.25), "0.50");
        assert_eq!(tick(Unit::Number, 15_000.0, 2500.0), "15.0 k");
        assert_eq!(tick(Unit::Bytes, 1_048_576.0, 524_288.0), "1.0 MiB");
        assert_eq!(tick(Unit::Number, 3.0, 1.0), "3");
        assert_eq!(tick(Unit::Number, 5e18, 1e18), "5 E");
        assert_eq!(tick(Unit::Number, 2e24, 1e24), "2.00e24");
        assert_eq!(tick(Unit::Number, 2e-8, 1e-8), "2.00e-8");
    }

    #[test]
    fn names_tell_the_unit() {
        assert_eq!(
            Unit::of_metric("process_resident_memory_bytes"),
            Unit::Bytes
        );
        assert_eq!(Unit::of_metric("scrape_duration_seconds"), Unit::Seconds);
        assert_eq!(Unit::of_metric("process_start_time_seconds"), Unit::Number);
        assert_eq!(Unit::of_metric("process_cpu_seconds_total"), Unit::Number);
    }
}
