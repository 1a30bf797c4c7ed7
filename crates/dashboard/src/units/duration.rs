//! Lengths of time as text.

use super::{Formatted, TimeStyle, decimals::fixed};
use crate::civil::Utc;
use crate::time::format_moment;

/// Below the first number, the value is divided by the second and has the suffix.
type Rung = (f64, f64, &'static str);

const END: f64 = f64::INFINITY;
const NANOSECONDS: [Rung; 7] = [
    (1e3, 1.0, " ns"),
    (1e6, 1e3, " µs"),
    (1e9, 1e6, " ms"),
    (6e10, 1e9, " s"),
    (3.6e12, 6e10, " min"),
    (8.64e13, 3.6e12, " hour"),
    (END, 8.64e13, " day"),
];
const MICROSECONDS: [Rung; 3] = [(1e3, 1.0, " µs"), (1e6, 1e3, " ms"), (END, 1e6, " s")];
const MILLISECONDS: [Rung; 6] = [
    (1e3, 1.0, " ms"),
    (6e4, 1e3, " s"),
    (3.6e6, 6e4, " min"),
    (8.64e7, 3.6e6, " hour"),
    (3.1536e10, 8.64e7, " day"),
    (END, 3.1536e10, " year"),
];
const SECONDS: [Rung; 9] = [
    (1e-6, 1e-9, " ns"),
    (1e-3, 1e-6, " µs"),
    (1.0, 1e-3, " ms"),
    (60.0, 1.0, " s"),
    (3600.0, 60.0, " mins"),
    (86_400.0, 3600.0, " hours"),
    (604_800.0, 86_400.0, " days"),
    (31_536_000.0, 604_800.0, " weeks"),
    (END, 31_556_900.0, " years"),
];
const MINUTES: [Rung; 5] = [
    (60.0, 1.0, " min"),
    (1440.0, 60.0, " hours"),
    (10_080.0, 1440.0, " days"),
    (604_800.0, 10_080.0, " weeks"),
    (END, 525_948.0, " years"),
];
const HOURS: [Rung; 4] = [
    (24.0, 1.0, " hours"),
    (168.0, 24.0, " days"),
    (8760.0, 168.0, " weeks"),
    (END, 8760.0, " years"),
];
const DAYS: [Rung; 3] = [
    (7.0, 1.0, " days"),
    (365.0, 7.0, " weeks"),
    (END, 365.0, " years"),
];

pub(super) fn format(style: TimeStyle, value: f64, decimals: Option<u8>) -> Formatted {
    let on = |ladder: &[Rung]| climb(ladder, value, decimals);
    match style {
        TimeStyle::Nanoseconds => on(&NANOSECONDS),
        TimeStyle::Microseconds => on(&MICROSECONDS),
        TimeStyle::Milliseconds => on(&MILLISECONDS),
        TimeStyle::Seconds => on(&SECONDS),
        TimeStyle::Minutes => on(&MINUTES),
        TimeStyle::Hours => on(&HOURS),
        TimeStyle::Days => on(&DAYS),
        TimeStyle::Ticks => climb(&SECONDS, value / 100.0, decimals),
        _ if !value.is_finite() => Formatted::new(fixed(value, decimals), ""),
        TimeStyle::WordsMs => Formatted::new(words(value, decimals, 1.0, "milliseconds"), ""),
        TimeStyle::WordsSeconds => Formatted::new(words(value, decimals, 1e3, "seconds"), ""),
        TimeStyle::Hms => Formatted::new(clock_of_seconds(value, false), ""),
        TimeStyle::Dhms => Formatted::new(clock_of_seconds(value, true), ""),
        TimeStyle::ClockMs => Formatted::new(clock(value, decimals), ""),
        TimeStyle::ClockSeconds => Formatted::new(clock(value * 1e3, decimals), ""),
    }
}

fn climb(ladder: &[Rung], value: f64, decimals: Option<u8>) -> Formatted {
    if !value.is_finite() {
        return Formatted::new(fixed(value, decimals), "");
    }
    let zero = ladder.iter().find(|(_, divisor, _)| *divisor == 1.0);
    let rung = if value == 0.0 {
        zero
    } else {
        ladder.iter().find(|(limit, ..)| value.abs() < *limit)
    };
    match rung {
        // Powers of ten below one are not exact; multiplying by their inverse is.
        Some((_, divisor, suffix)) if *divisor < 1.0 => {
            Formatted::new(fixed(value * (1.0 / divisor).round(), decimals), *suffix)
        }
        Some((_, divisor, suffix)) => Formatted::new(fixed(value / divisor, decimals), *suffix),
        None => Formatted::new(fixed(value, decimals), ""),
    }
}

/// `1 day, 2 hours`; after the first unit so many more are written.
fn words(value: f64, decimals: Option<u8>, scale: f64, unit: &str) -> String {
    const UNITS: [(&str, f64); 8] = [
        ("year", 31_536_000_000.0),
        ("month", 2_592_000_000.0),
        ("week", 604_800_000.0),
        ("day", 86_400_000.0),
        ("hour", 3_600_000.0),
        ("minute", 60_000.0),
        ("second", 1000.0),
        ("millisecond", 1.0),
    ];
    if value == 0.0 {
        return format!("0 {unit}");
    }
    if value < 0.0 {
        return format!("{} ago", words(-value, decimals, scale, unit));
    }
    let mut rest = value * scale;
    let mut left = i32::from(decimals.unwrap_or(0)) + 1;
    let mut parts = Vec::new();
    for (name, length) in UNITS {
        if left == 0 {
            break;
        }
        let count = rest / length;
        if count >= 1.0 || !parts.is_empty() {
            let whole = count.floor();
            let plural = if whole == 1.0 { "" } else { "s" };
            parts.push(format!("{whole} {name}{plural}"));
            rest %= length;
            left -= 1;
        }
    }
    if parts.is_empty() {
        return format!("{} milliseconds", fixed(rest, None));
    }
    parts.join(", ")
}

fn clock_of_seconds(value: f64, with_days: bool) -> String {
    if value < 0.0 {
        return format!("{} ago", clock_of_seconds(-value, with_days));
    }
    let seconds = crate::number::to_i64(value);
    let (days, of_day) = if with_days {
        (seconds / 86_400, seconds % 86_400)
    } else {
        (0, seconds)
    };
    let clock = format!(
        "{:02}:{:02}:{:02}",
        of_day / 3600,
        of_day / 60 % 60,
        of_day % 60
    );
    if days > 0 {
        format!("{days} d {clock}")
    } else {
        clock
    }
}

/// `01h:02m:03s:004ms`; decimals say how many parts follow the first.
fn clock(ms: f64, decimals: Option<u8>) -> String {
    let whole = crate::number::to_i64(ms);
    let show = |pattern: &str| format_moment(whole, &Utc, pattern);
    if ms < 1000.0 {
        return show("SSS\\m\\s");
    }
    if ms < 60_000.0 {
        return show(if decimals == Some(0) {
            "ss\\s"
        } else {
            "ss\\s:SSS\\m\\s"
        });
    }
    let small = |parts: Option<u8>| match parts {
        Some(0) => "mm\\m",
        Some(1) => "mm\\m:ss\\s",
        _ => "mm\\m:ss\\s:SSS\\m\\s",
    };
    if ms < 3_600_000.0 {
        return show(small(decimals));
    }
    let hours = format!("{:02}h", whole / 3_600_000);
    match decimals {
        Some(0) => hours,
        Some(parts) => format!("{hours}:{}", show(small(Some(parts - 1)))),
        None => format!("{hours}:{}", show(small(None))),
    }
}
