//! Sample values as text, and the one NaN that means "stale".

use std::fmt;

/// Bits of the NaN that marks a series as ended. Source: Prometheus' `model/value.StaleNaN`.
pub const STALE_NAN_BITS: u64 = 0x7ff0_0000_0000_0002;

/// The stale marker as a value.
pub fn stale_nan() -> f64 {
    f64::from_bits(STALE_NAN_BITS)
}

/// Whether `value` is the stale marker; any other NaN is an ordinary value.
pub fn is_stale(value: f64) -> bool {
    value.to_bits() == STALE_NAN_BITS
}

/// `value` as the query API writes it: shortest digits that read back to the same number, `NaN`,
/// `+Inf`, `-Inf`, exponent form below 1e-6 and from 1e21 on.
///
/// Source: Prometheus' `util/jsonutil.MarshalFloat`.
pub fn format_value(value: f64) -> String {
    let size = value.abs();
    if value.is_finite() && size != 0.0 && !(1e-6..1e21).contains(&size) {
        // Rust writes `1e21` and `1e-7`; Go keeps the plus sign: `1e+21`.
        let text = format!("{value:e}");
        return match text.split_once('e') {
            Some((digits, exponent)) if !exponent.starts_with('-') => {
                format!("{digits}e+{exponent}")
            }
            _ => text,
        };
    }
    format_plain(value)
}

/// `value` without an exponent, as scalars and PromQL texts are written.
pub fn format_plain(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned()
    } else {
        format!("{value}")
    }
}

/// Why a text is no sample value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseValueError;

impl fmt::Display for ParseValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a number")
    }
}

impl std::error::Error for ParseValueError {}

/// Reads a sample value: decimal or exponent form, `NaN`, `Inf`, `Infinity` in any case, with a sign.
///
/// Source: Prometheus' text parsers (Go's `ParseFloat` without hexadecimal and `_` forms). A NaN is
/// always the ordinary one, never the stale marker.
///
/// # Errors
/// [`ParseValueError`] for anything else; digits that overflow read as infinity, as Rust has it.
pub fn parse_value(text: &str) -> Result<f64, ParseValueError> {
    match text.parse::<f64>() {
        Ok(value) if value.is_nan() => Ok(f64::NAN),
        Ok(value) => Ok(value),
        Err(_) => Err(ParseValueError),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_print_as_prometheus_prints_them() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (0.1, "0.1"),
            (1.5e-7, "1.5e-7"),
            (1e-6, "0.000001"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (-1.25e22, "-1.25e+22"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(format_value(value), text);
        }
        assert_eq!(format_plain(1e21), "1000000000000000000000");
    }

    #[test]
    fn numbers_of_metric_pages_are_read_and_others_refused() {
        assert_eq!(parse_value("1.5e3"), Ok(1500.0));
        assert_eq!(parse_value("+Inf"), Ok(f64::INFINITY));
        assert_eq!(parse_value("-inf"), Ok(f64::NEG_INFINITY));
        assert!(parse_value("nan").is_ok_and(|value| value.is_nan() && !is_stale(value)));
        for bad in ["", "0x1p3", "1_000", "1 ", "abc"] {
            assert_eq!(parse_value(bad), Err(ParseValueError), "{bad}");
        }
    }

    #[test]
    fn only_the_stale_marker_is_stale() {
        assert!(is_stale(stale_nan()));
        assert!(!is_stale(f64::NAN) && !is_stale(0.0));
    }
}
