//! Names of ranges of time.

use app::words::{Locale, td_string};
use dashboard::{RangeName, TimePreset, TimeUnit};

/// A range in words: `Last 6 hours`, `Yesterday`, `2025-01-31 00:00:00 to 2025-01-31 12:00:00`.
pub(crate) fn range_name(locale: Locale, range: &RangeName) -> String {
    match range {
        RangeName::Last(count, unit) => {
            td_string!(locale, ranges.last, length = length(locale, *count, *unit))
        }
        RangeName::Next(count, unit) => {
            td_string!(locale, ranges.next, length = length(locale, *count, *unit))
        }
        RangeName::Named(preset) => named(locale, *preset),
        RangeName::Between(from, to) => {
            td_string!(
                locale,
                ranges.between,
                from = from.as_str(),
                to = to.as_str()
            )
        }
    }
}

fn named(locale: Locale, preset: TimePreset) -> String {
    let name = match (preset.from, preset.to) {
        ("now-1d/d", "now-1d/d") => td_string!(locale, ranges.yesterday),
        ("now-2d/d", "now-2d/d") => td_string!(locale, ranges.day_before),
        ("now-7d/d", "now-7d/d") => td_string!(locale, ranges.day_last_week),
        ("now-1w/w", "now-1w/w") => td_string!(locale, ranges.previous_week),
        ("now-1M/M", "now-1M/M") => td_string!(locale, ranges.previous_month),
        ("now-1Q/Q", "now-1Q/Q") => td_string!(locale, ranges.previous_quarter),
        ("now-1Q/fQ", "now-1Q/fQ") => td_string!(locale, ranges.previous_fiscal_quarter),
        ("now-1y/y", "now-1y/y") => td_string!(locale, ranges.previous_year),
        ("now-1y/fy", "now-1y/fy") => td_string!(locale, ranges.previous_fiscal_year),
        ("now/d", "now/d") => td_string!(locale, ranges.today),
        ("now/d", "now") => td_string!(locale, ranges.today_so_far),
        ("now/w", "now/w") => td_string!(locale, ranges.this_week),
        ("now/w", "now") => td_string!(locale, ranges.this_week_so_far),
        ("now/M", "now/M") => td_string!(locale, ranges.this_month),
        ("now/M", "now") => td_string!(locale, ranges.this_month_so_far),
        ("now/y", "now/y") => td_string!(locale, ranges.this_year),
        ("now/y", "now") => td_string!(locale, ranges.this_year_so_far),
        ("now/Q", "now/Q") => td_string!(locale, ranges.this_quarter),
        ("now/Q", "now") => td_string!(locale, ranges.this_quarter_so_far),
        ("now/fQ", "now") => td_string!(locale, ranges.this_fiscal_quarter_so_far),
        ("now/fQ", "now/fQ") => td_string!(locale, ranges.this_fiscal_quarter),
        ("now/fy", "now") => td_string!(locale, ranges.this_fiscal_year_so_far),
        ("now/fy", "now/fy") => td_string!(locale, ranges.this_fiscal_year),
        ("now/h", "now/h") => td_string!(locale, ranges.this_hour),
        ("now/h", "now") => td_string!(locale, ranges.this_hour_so_far),
        ("now-1h/h", "now-1h/h") => td_string!(locale, ranges.previous_hour),
        // All that are no length up to now stand above.
        (from, _) => from,
    };
    name.to_owned()
}

fn length(locale: Locale, count: i64, unit: TimeUnit) -> String {
    let one = match unit {
        TimeUnit::Millisecond => td_string!(locale, ranges.one_millisecond),
        TimeUnit::Second => td_string!(locale, ranges.one_second),
        TimeUnit::Minute => td_string!(locale, ranges.one_minute),
        TimeUnit::Hour => td_string!(locale, ranges.one_hour),
        TimeUnit::Day => td_string!(locale, ranges.one_day),
        TimeUnit::Week => td_string!(locale, ranges.one_week),
        TimeUnit::Month => td_string!(locale, ranges.one_month),
        TimeUnit::Quarter | TimeUnit::FiscalQuarter => td_string!(locale, ranges.one_quarter),
        TimeUnit::Year | TimeUnit::FiscalYear => td_string!(locale, ranges.one_year),
    };
    if count == 1 {
        return one.to_owned();
    }
    match unit {
        TimeUnit::Millisecond => td_string!(locale, ranges.milliseconds, n = count),
        TimeUnit::Second => td_string!(locale, ranges.seconds, n = count),
        TimeUnit::Minute => td_string!(locale, ranges.minutes, n = count),
        TimeUnit::Hour => td_string!(locale, ranges.hours, n = count),
        TimeUnit::Day => td_string!(locale, ranges.days, n = count),
        TimeUnit::Week => td_string!(locale, ranges.weeks, n = count),
        TimeUnit::Month => td_string!(locale, ranges.months, n = count),
        TimeUnit::Quarter | TimeUnit::FiscalQuarter => {
            td_string!(locale, ranges.quarters, n = count)
        }
        TimeUnit::Year | TimeUnit::FiscalYear => td_string!(locale, ranges.years, n = count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::{TIME_PRESETS, Utc, describe_range};

    fn told(locale: Locale, from: &str, to: &str) -> String {
        range_name(locale, &describe_range(from, to, &Utc))
    }

    #[test]
    fn ranges_are_told_in_the_readers_language() {
        for (from, to, english, korean) in [
            ("now-6h", "now", "Last 6 hours", "최근 6시간"),
            ("now-1h", "now", "Last 1 hour", "최근 1시간"),
            ("now-1d/d", "now-1d/d", "Yesterday", "어제"),
            ("now/w", "now", "This week so far", "이번 주 현재까지"),
            ("now", "now+2d", "Next 2 days", "앞으로 2일"),
            ("now-5d", "now-1d", "now-5d to now-1d", "now-5d ~ now-1d"),
        ] {
            assert_eq!(told(Locale::en, from, to), english);
            assert_eq!(told(Locale::ko, from, to), korean);
        }
    }

    #[test]
    fn every_range_of_the_picker_has_a_name_of_its_own() {
        for locale in [Locale::en, Locale::ko] {
            let names = TIME_PRESETS.map(|preset| told(locale, preset.from, preset.to));
            assert!(names.iter().all(|name| !name.contains("now")), "{names:?}");
            let distinct: std::collections::BTreeSet<&String> = names.iter().collect();
            assert_eq!(distinct.len(), names.len(), "{names:?}");
        }
    }
}
