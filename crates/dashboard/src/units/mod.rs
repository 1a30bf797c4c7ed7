//! Values as text in a unit.
//!
//! Source: Grafana's value formats; which decimals are kept is theirs as well.

mod decimals;
mod duration;
mod table;
#[cfg(test)]
mod tests;

use crate::civil::{DAY, Utc, Zone};
use crate::number::plain;
use crate::time::{format_moment, from_now};
pub(crate) use decimals::fixed;
use std::fmt;

pub use table::{UNIT_GROUPS, UnitGroup, UnitInfo};

/// How a unit writes its values.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    Fixed(&'static str),
    Short,
    /// Times the factor, with a percent sign.
    Percent(f64),
    Hex(&'static str),
    Scientific,
    Grouped,
    /// Prefixes of a thousand; the values are already so many steps up.
    Si(&'static str, i8),
    /// Prefixes of 1024.
    Binary(&'static str, u8),
    Count(&'static str),
    Currency(&'static str),
    CurrencyAfter(&'static str),
    Psi,
    Bool(&'static str, &'static str),
    Time(TimeStyle),
    Date(DateStyle),
}

/// How lengths of time are written.
#[derive(Debug, Clone, Copy)]
enum TimeStyle {
    Nanoseconds,
    Microseconds,
    Milliseconds,
    Seconds,
    Minutes,
    Hours,
    Days,
    Ticks,
    WordsMs,
    WordsSeconds,
    Hms,
    Dhms,
    ClockMs,
    ClockSeconds,
}

/// How moments are written.
#[derive(Debug, Clone, Copy)]
enum DateStyle {
    Iso,
    IsoToday,
    Us,
    UsToday,
    FromNow,
}

/// A value as text, in the parts that panels write in different sizes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Formatted {
    /// Before the number, such as a currency.
    pub prefix: String,
    /// The number.
    pub text: String,
    /// After the number: the unit, with its own space.
    pub suffix: String,
}

impl fmt::Display for Formatted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.prefix, self.text, self.suffix)
    }
}

impl Formatted {
    fn new(text: impl Into<String>, suffix: impl Into<String>) -> Self {
        Self {
            prefix: String::new(),
            text: text.into(),
            suffix: suffix.into(),
        }
    }
}

/// When and where dates are read.
#[derive(Clone, Copy)]
pub struct DateContext<'a> {
    /// Units: milliseconds since the epoch.
    pub now: i64,
    /// The zone of the reader.
    pub zone: &'a dyn Zone,
}

impl Default for DateContext<'_> {
    fn default() -> Self {
        Self { now: 0, zone: &Utc }
    }
}

/// Writes values in one unit.
#[derive(Debug, Clone)]
pub struct UnitFormat {
    kind: Custom,
}

/// A known unit, or one that is made of text.
#[derive(Debug, Clone)]
enum Custom {
    Known(Kind),
    Prefix(String),
    Suffix(String),
    Moment(String),
    Si(String, i8),
    Count(String),
    Currency(String),
    Bool(String, String),
}

impl UnitFormat {
    /// The unit with an id; `prefix:`, `suffix:`, `si:`, `count:`, `currency:`, `time:` and `bool:` make units,
    /// and any other text is a unit that is written behind the number.
    pub fn new(id: &str) -> Self {
        if id.is_empty() {
            return Self {
                kind: Custom::Known(Kind::Fixed("")),
            };
        }
        if let Some(unit) = table::find(id) {
            return Self {
                kind: Custom::Known(unit.kind),
            };
        }
        let kind = match id.split_once(':') {
            Some(("prefix", text)) => Custom::Prefix(text.to_owned()),
            Some(("suffix", text)) => Custom::Suffix(text.to_owned()),
            Some(("time", pattern)) => Custom::Moment(pattern.to_owned()),
            Some(("si", text)) => {
                let mut chars = text.chars();
                let step = chars.next().and_then(|c| {
                    SI_PREFIXES
                        .iter()
                        .position(|prefix| !prefix.is_empty() && prefix.chars().eq([c]))
                });
                match step.and_then(|at| i8::try_from(at).ok()) {
                    Some(at) => Custom::Si(chars.as_str().to_owned(), at - SI_BASE),
                    None => Custom::Si(text.to_owned(), 0),
                }
            }
            Some(("count", text)) => Custom::Count(text.to_owned()),
            Some(("currency", text)) => Custom::Currency(text.to_owned()),
            Some(("bool", text)) => {
                let (yes, no) = text.split_once('/').unwrap_or((text, "-"));
                Custom::Bool(yes.to_owned(), no.to_owned())
            }
            _ => Custom::Suffix(id.to_owned()),
        };
        Self { kind }
    }

    /// Whether values are moments. Units: of those values, milliseconds since the epoch.
    pub fn is_date(&self) -> bool {
        matches!(self.kind, Custom::Known(Kind::Date(_)) | Custom::Moment(_))
    }

    /// Whether values are texts that happen to be numbers.
    pub fn is_text(&self) -> bool {
        matches!(self.kind, Custom::Known(Kind::Text))
    }

    /// Whether values are shown as one of two words.
    pub fn is_bool(&self) -> bool {
        matches!(self.kind, Custom::Known(Kind::Bool(..)) | Custom::Bool(..))
    }

    /// Whether prefixes go by 1024, so that ticks of axes should.
    pub fn is_binary(&self) -> bool {
        matches!(self.kind, Custom::Known(Kind::Binary(..)))
    }

    /// The texts of an axis' ticks: without `decimals`, ticks of one suffix have as many as the one that needs most.
    ///
    /// Shape: one text for each value.
    pub fn format_ticks(
        &self,
        values: &[f64],
        decimals: Option<u8>,
        dates: &DateContext<'_>,
    ) -> Vec<String> {
        let needs: Vec<Option<(u8, String)>> = values
            .iter()
            .map(|value| match decimals {
                Some(_) => None,
                None => self.needed(*value, dates),
            })
            .collect();
        let most = |suffix: &str| {
            let of_suffix = needs.iter().flatten().filter(|need| need.1 == suffix);
            of_suffix.map(|need| need.0).max()
        };
        values
            .iter()
            .zip(&needs)
            .map(|(value, need)| {
                let own = need.as_ref().and_then(|(_, suffix)| most(suffix));
                self.format(*value, own.or(decimals), dates).to_string()
            })
            .collect()
    }

    /// How many decimals say a value whole, and its suffix; nothing for texts that are no numbers.
    fn needed(&self, value: f64, dates: &DateContext<'_>) -> Option<(u8, String)> {
        let text = |decimals| self.format(value, Some(decimals), dates);
        let whole: f64 = text(MOST_DECIMALS).text.parse().ok()?;
        (0..=MOST_DECIMALS).find_map(|decimals| {
            let short = text(decimals);
            let said: f64 = short.text.parse().ok()?;
            ((said - whole).abs() <= whole.abs() * 1e-6).then_some((decimals, short.suffix))
        })
    }

    /// A value as text. `decimals` of `None` keeps about three telling digits.
    pub fn format(&self, value: f64, decimals: Option<u8>, dates: &DateContext<'_>) -> Formatted {
        let fixed = |value| fixed(value, decimals);
        match &self.kind {
            Custom::Known(kind) => known(*kind, value, decimals, dates),
            Custom::Prefix(prefix) => Formatted {
                prefix: prefix.clone(),
                text: fixed(value),
                suffix: String::new(),
            },
            Custom::Suffix(suffix) => Formatted::new(fixed(value), format!(" {suffix}")),
            Custom::Moment(pattern) => Formatted::new(
                format_moment(crate::number::to_i64(value), dates.zone, pattern),
                "",
            ),
            Custom::Si(unit, offset) => si(value, decimals, unit, *offset),
            Custom::Count(unit) => count(value, decimals, unit),
            Custom::Currency(symbol) => currency(value, decimals, symbol, false),
            Custom::Bool(yes, no) => Formatted::new(
                if value == 0.0 {
                    no.clone()
                } else {
                    yes.clone()
                },
                "",
            ),
        }
    }
}

/// A value in the unit with an id, as one text; dates in UTC.
pub fn format_value(unit: &str, value: f64, decimals: Option<u8>) -> String {
    UnitFormat::new(unit)
        .format(value, decimals, &DateContext::default())
        .to_string()
}

/// Ticks are said to no more decimals than these.
const MOST_DECIMALS: u8 = 9;

const SI_PREFIXES: [&str; 14] = [
    "f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E", "Z", "Y",
];
const SI_BASE: i8 = 5;
const BINARY_PREFIXES: [&str; 9] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];
const SHORT_SUFFIXES: [&str; 9] = [
    "", " K", " Mil", " Bil", " Tri", " Quadr", " Quint", " Sext", " Sept",
];
const COUNT_SUFFIXES: [&str; 5] = ["", "K", "M", "B", "T"];

fn known(kind: Kind, value: f64, decimals: Option<u8>, dates: &DateContext<'_>) -> Formatted {
    match kind {
        Kind::Text => Formatted::new(plain(value), ""),
        Kind::Fixed("") => Formatted::new(fixed(value, decimals), ""),
        Kind::Fixed(unit) => Formatted::new(fixed(value, decimals), format!(" {unit}")),
        Kind::Short => scaled(value, decimals, 1000.0, &SHORT_SUFFIXES, 0),
        Kind::Percent(factor) => Formatted::new(fixed(value * factor, decimals), "%"),
        Kind::Hex(prefix) => Formatted {
            prefix: prefix.to_owned(),
            text: decimals::hex(value, decimals),
            suffix: String::new(),
        },
        Kind::Scientific => Formatted::new(decimals::scientific(value, decimals), ""),
        Kind::Grouped => Formatted::new(decimals::grouped(value, decimals), ""),
        Kind::Si(unit, offset) => si(value, decimals, unit, offset),
        Kind::Binary(unit, offset) => {
            let suffixes: Vec<String> = BINARY_PREFIXES
                .iter()
                .skip(usize::from(offset))
                .map(|prefix| format!(" {prefix}{unit}"))
                .collect();
            let suffixes: Vec<&str> = suffixes.iter().map(String::as_str).collect();
            scaled(value, decimals, 1024.0, &suffixes, 0)
        }
        Kind::Count(unit) => count(value, decimals, unit),
        Kind::Currency(symbol) => currency(value, decimals, symbol, false),
        Kind::CurrencyAfter(symbol) => currency(value, decimals, symbol, true),
        Kind::Psi => scaled(value, decimals, 1000.0, &["psi", "ksi", "Mpsi"], 0),
        Kind::Bool(yes, no) => Formatted::new(if value == 0.0 { no } else { yes }, ""),
        Kind::Time(style) => duration::format(style, value, decimals),
        Kind::Date(style) => date(style, value, dates),
    }
}

fn si(value: f64, decimals: Option<u8>, unit: &str, offset: i8) -> Formatted {
    let suffixes = SI_PREFIXES.map(|prefix| format!(" {prefix}{unit}"));
    let suffixes = suffixes.each_ref().map(String::as_str);
    scaled(
        value,
        decimals,
        1000.0,
        &suffixes,
        i32::from(SI_BASE + offset),
    )
}

fn count(value: f64, decimals: Option<u8>, unit: &str) -> Formatted {
    let mut formatted = scaled(value, decimals, 1000.0, &COUNT_SUFFIXES, 0);
    formatted.suffix.push(' ');
    formatted.suffix.push_str(unit);
    formatted
}

fn currency(value: f64, decimals: Option<u8>, symbol: &str, after: bool) -> Formatted {
    let mut formatted = scaled(value, decimals, 1000.0, &COUNT_SUFFIXES, 0);
    if after {
        formatted.suffix.push_str(symbol);
    } else {
        symbol.clone_into(&mut formatted.prefix);
    }
    formatted
}

/// The value in steps of a factor, with the suffix of its step; `base` is the step of one.
fn scaled(
    value: f64,
    decimals: Option<u8>,
    factor: f64,
    suffixes: &[&str],
    base: i32,
) -> Formatted {
    if !value.is_finite() {
        return Formatted::new(fixed(value, decimals), "");
    }
    let last = i32::try_from(suffixes.len()).unwrap_or(1) - 1;
    let mut step = if value == 0.0 {
        0
    } else {
        decimals::floor_log(value.abs(), factor)
    };
    step = step.clamp(-base, last - base);
    let suffix = usize::try_from(base + step)
        .ok()
        .and_then(|at| suffixes.get(at))
        .copied()
        .unwrap_or_default();
    Formatted::new(fixed(value / factor.powi(step), decimals), suffix)
}

fn date(style: DateStyle, value: f64, dates: &DateContext<'_>) -> Formatted {
    if !value.is_finite() {
        return Formatted::new("Invalid date", "");
    }
    let ms = crate::number::to_i64(value);
    let day = |ms: i64| dates.zone.to_local(ms).div_euclid(DAY);
    let today = day(ms) == day(dates.now);
    let pattern = match style {
        DateStyle::IsoToday if today => "HH:mm:ss",
        DateStyle::Iso | DateStyle::IsoToday => "YYYY-MM-DD HH:mm:ss",
        DateStyle::UsToday if today => "h:mm:ss a",
        DateStyle::Us | DateStyle::UsToday => "MM/DD/YYYY h:mm:ss a",
        DateStyle::FromNow => return Formatted::new(from_now(ms, dates.now), ""),
    };
    Formatted::new(format_moment(ms, dates.zone, pattern), "")
}
