//! Sizes as Prometheus writes them: `512KB`, `10MB`, `0`.

/// Units, each 1024 times the one before it.
const UNITS: [&str; 7] = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];

/// Reads a size in bytes; `KiB` and the like mean the same as `KB`.
pub fn parse(text: &str) -> Option<u64> {
    if text == "0" {
        return Some(0);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim_start().replace('i', "");
    let power = UNITS.iter().position(|name| *name == unit)?;
    let factor = 1024_u64.checked_pow(u32::try_from(power).ok()?)?;
    number.parse::<u64>().ok()?.checked_mul(factor)
}

/// The size in the largest unit that it is a multiple of.
pub fn format(bytes: u64) -> String {
    let mut number = bytes;
    let mut units = UNITS.iter().peekable();
    while let Some(unit) = units.next() {
        if number == 0 || !number.is_multiple_of(1024) || units.peek().is_none() {
            return if number == 0 {
                "0".to_owned()
            } else {
                format!("{number}{unit}")
            };
        }
        number /= 1024;
    }
    bytes.to_string()
}

/// As [`format`], with the units that Prometheus prints: `15MiB`.
pub(crate) fn format_binary(bytes: u64) -> String {
    let text = format(bytes);
    match text.strip_suffix('B') {
        Some(rest) if rest.ends_with(|c: char| c.is_ascii_uppercase()) => format!("{rest}iB"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_in_powers_of_1024() {
        for (text, bytes) in [
            ("0", 0),
            ("17B", 17),
            ("1KB", 1024),
            ("10MB", 10 << 20),
            ("2GiB", 2 << 30),
        ] {
            assert_eq!(parse(text), Some(bytes), "{text}");
        }
        for bad in ["", "100", "MB", "1XB", "-1MB", "99999999EB"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn printed_sizes_read_back() {
        for bytes in [0, 1, 1023, 1024, 1536, 10 << 20, 1 << 60, u64::MAX] {
            assert_eq!(parse(&format(bytes)), Some(bytes), "{}", format(bytes));
        }
        assert_eq!(format(10 << 20), "10MB");
    }
}
