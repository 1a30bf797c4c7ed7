use super::*;
use crate::civil::{FixedZone, Utc};

/// Central Europe in 2025: summer time from 30 March 01:00 to 26 October 01:00, both UTC.
struct Berlin;

impl Zone for Berlin {
    fn offset_at(&self, utc: i64) -> i64 {
        let summer = (1_743_296_400_000..1_761_440_400_000).contains(&utc);
        if summer { 7_200_000 } else { 3_600_000 }
    }
}

fn at(text: &str) -> i64 {
    let (ms, offset) = parse_date(text).unwrap();
    ms - offset.unwrap_or(0)
}

#[test]
fn relative_times_resolve_with_rounding_at_both_ends() {
    // A Thursday.
    let now = at("2025-05-15T13:45:30.250Z");
    let calendar = Calendar::new(now, &Utc);
    let cases = [
        (
            "now",
            "2025-05-15T13:45:30.250Z",
            "2025-05-15T13:45:30.250Z",
        ),
        (
            "now-6h",
            "2025-05-15T07:45:30.250Z",
            "2025-05-15T07:45:30.250Z",
        ),
        (
            "now+1h",
            "2025-05-15T14:45:30.250Z",
            "2025-05-15T14:45:30.250Z",
        ),
        (
            "now-500ms",
            "2025-05-15T13:45:29.750Z",
            "2025-05-15T13:45:29.750Z",
        ),
        ("now/d", "2025-05-15T00:00:00Z", "2025-05-15T23:59:59.999Z"),
        (
            "now-1d/d",
            "2025-05-14T00:00:00Z",
            "2025-05-14T23:59:59.999Z",
        ),
        (
            "now/d+8h",
            "2025-05-15T08:00:00Z",
            "2025-05-16T07:59:59.999Z",
        ),
        ("now/h", "2025-05-15T13:00:00Z", "2025-05-15T13:59:59.999Z"),
        ("now/w", "2025-05-11T00:00:00Z", "2025-05-17T23:59:59.999Z"),
        ("now/M", "2025-05-01T00:00:00Z", "2025-05-31T23:59:59.999Z"),
        (
            "now-1M/M",
            "2025-04-01T00:00:00Z",
            "2025-04-30T23:59:59.999Z",
        ),
        ("now/Q", "2025-04-01T00:00:00Z", "2025-06-30T23:59:59.999Z"),
        ("now/y", "2025-01-01T00:00:00Z", "2025-12-31T23:59:59.999Z"),
        (
            "now-1y",
            "2024-05-15T13:45:30.250Z",
            "2024-05-15T13:45:30.250Z",
        ),
        (
            "now-d",
            "2025-05-14T13:45:30.250Z",
            "2025-05-14T13:45:30.250Z",
        ),
        (
            "1700000000000",
            "2023-11-14T22:13:20Z",
            "2023-11-14T22:13:20Z",
        ),
        ("2025-05-01", "2025-05-01T00:00:00Z", "2025-05-01T00:00:00Z"),
        (
            "2025-05-01 10:30:00",
            "2025-05-01T10:30:00Z",
            "2025-05-01T10:30:00Z",
        ),
        (
            "20250501T103000",
            "2025-05-01T10:30:00Z",
            "2025-05-01T10:30:00Z",
        ),
        (
            "2025-05-01T10:30:00+02:00",
            "2025-05-01T08:30:00Z",
            "2025-05-01T08:30:00Z",
        ),
        (
            "2025-05-01||+1M/d",
            "2025-06-01T00:00:00Z",
            "2025-06-01T23:59:59.999Z",
        ),
    ];
    for (text, from, to) in cases {
        let expr = TimeExpr::parse(text).unwrap();
        assert_eq!(
            expr.resolve(&calendar, RangeEnd::From),
            at(from),
            "{text} from"
        );
        assert_eq!(expr.resolve(&calendar, RangeEnd::To), at(to), "{text} to");
    }
}

#[test]
fn weeks_and_fiscal_years_begin_where_the_dashboard_says() {
    let calendar = Calendar {
        week_start: 1,
        fiscal_start: 3,
        ..Calendar::new(at("2025-02-11T12:00:00Z"), &Utc)
    };
    for (text, from, to) in [
        ("now/w", "2025-02-10T00:00:00Z", "2025-02-16T23:59:59.999Z"),
        ("now/fy", "2024-04-01T00:00:00Z", "2025-03-31T23:59:59.999Z"),
        ("now/fQ", "2025-01-01T00:00:00Z", "2025-03-31T23:59:59.999Z"),
        (
            "now-1Q/fQ",
            "2024-10-01T00:00:00Z",
            "2024-12-31T23:59:59.999Z",
        ),
    ] {
        let range = resolve_range(text, text, &calendar).unwrap();
        assert_eq!(range, (at(from), at(to)), "{text}");
    }
}

#[test]
fn days_follow_the_clock_on_the_wall_through_summer_time() {
    let calendar = Calendar::new(at("2025-03-30T12:00:00+02:00"), &Berlin);
    let day = resolve_range("now/d", "now/d", &calendar).unwrap();
    assert_eq!(day.0, at("2025-03-30T00:00:00+01:00"));
    assert_eq!(day.1 + 1, at("2025-03-31T00:00:00+02:00"));
    assert_eq!((day.1 + 1 - day.0) / 3_600_000, 23);
    let autumn = Calendar::new(at("2025-10-27T12:00:00+01:00"), &Berlin);
    let day = resolve_range("now-1d/d", "now-1d/d", &autumn).unwrap();
    assert_eq!((day.1 + 1 - day.0) / 3_600_000, 25);
    let india = FixedZone(19_800_000);
    let calendar = Calendar::new(at("2025-05-15T13:45:00Z"), &india);
    let hour = TimeExpr::parse("now/h")
        .unwrap()
        .resolve(&calendar, RangeEnd::From);
    assert_eq!(hour, at("2025-05-15T19:00:00+05:30"));
}

#[test]
fn months_end_where_they_are_shorter() {
    let calendar = Calendar::new(at("2024-03-31T12:00:00Z"), &Utc);
    let expr = TimeExpr::parse("now-1M").unwrap();
    assert_eq!(
        expr.resolve(&calendar, RangeEnd::From),
        at("2024-02-29T12:00:00Z")
    );
}

#[test]
fn what_is_no_time_is_refused() {
    for text in [
        "",
        "nov",
        "now-",
        "now-5x",
        "now/2d",
        "yesterday",
        "2025-13-01",
        "2025-02-30",
        "now 5",
    ] {
        assert!(TimeExpr::parse(text).is_err(), "{text:?}");
    }
    assert_eq!(
        TimeExpr::parse("soon").unwrap_err().to_string(),
        "`soon` is no time: expected `now`, `now-6h`, `now-1d/d`, milliseconds or a date"
    );
    assert_eq!(
        TimeExpr::parse_typed("13h").unwrap(),
        TimeExpr::parse("now-13h").unwrap()
    );
}

#[test]
fn ranges_have_names() {
    let preset = |from, to| RangeName::Named(TimePreset { from, to });
    let between = |from: &str, to: &str| RangeName::Between(from.to_owned(), to.to_owned());
    for (from, to, name) in [
        ("now-6h", "now", RangeName::Last(6, TimeUnit::Hour)),
        ("now-13h", "now", RangeName::Last(13, TimeUnit::Hour)),
        ("now-1d/d", "now-1d/d", preset("now-1d/d", "now-1d/d")),
        ("now/w", "now", preset("now/w", "now")),
        ("now", "now+2d", RangeName::Next(2, TimeUnit::Day)),
        ("now-5d", "now-1d", between("now-5d", "now-1d")),
        (
            "1700000000000",
            "1700003600000",
            between("2023-11-14 22:13:20", "2023-11-14 23:13:20"),
        ),
    ] {
        assert_eq!(describe_range(from, to, &Utc), name);
    }
}

#[test]
fn moments_print_by_pattern() {
    let ms = at("2025-03-09T15:04:05.067Z");
    for (pattern, text) in [
        ("YYYY-MM-DD HH:mm:ss", "2025-03-09 15:04:05"),
        ("MM/DD/YYYY h:mm:ss a", "03/09/2025 3:04:05 pm"),
        ("dddd Do MMMM YY", "Sunday 9th March 25"),
        ("[at] HH[h]", "at 15h"),
        ("ss\\s:SSS\\m\\s", "05s:067ms"),
        ("X x", "1741532645 1741532645067"),
        ("Z", "+00:00"),
    ] {
        assert_eq!(format_moment(ms, &Utc, pattern), text);
    }
    assert_eq!(
        format_moment(ms, &FixedZone(-12_600_000), "HH:mm ZZ"),
        "11:34 -0330"
    );
    for (gap, words) in [
        (10_000, "a few seconds ago"),
        (90_000, "2 minutes ago"),
        (3_600_000, "an hour ago"),
        (-7_200_000, "in 2 hours"),
        (40 * 86_400_000, "a month ago"),
        (800 * 86_400_000, "2 years ago"),
    ] {
        assert_eq!(from_now(ms - gap, ms), words);
    }
}

#[test]
fn ranges_zoom_out_around_their_middle_and_shift_by_half() {
    assert_eq!(zoom_out((10_000, 20_000), 100_000), (5000, 25_000));
    assert_eq!(zoom_out((10_000, 20_000), 20_000), (0, 20_000));
    assert_eq!(shift_range((10_000, 20_000), -1), (5000, 15_000));
    assert_eq!(shift_range((10_000, 20_000), 1), (15_000, 25_000));
}
