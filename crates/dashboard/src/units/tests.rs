use super::*;
use crate::civil::FixedZone;

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn units_write_values_as_grafana_does() {
    let cases: &[(&str, f64, Option<u8>, &str)] = &[
        ("", 1.1234, None, "1.12"),
        ("none", 100.456, None, "100"),
        ("none", 12_345.678, None, "12346"),
        ("none", 0.001_234, None, "0.00123"),
        ("none", 0.0, Some(2), "0.00"),
        ("none", 5.0, Some(2), "5.00"),
        ("none", 1.005, Some(1), "1.0"),
        ("none", 2.5, Some(0), "3"),
        ("none", -2.5, Some(0), "-2"),
        ("none", f64::INFINITY, None, "∞"),
        ("none", f64::NAN, None, "NaN"),
        ("short", 999.0, None, "999"),
        ("short", 1000.0, None, "1 K"),
        ("short", 1_234_567.0, None, "1.23 Mil"),
        ("short", 1e9, Some(1), "1.0 Bil"),
        ("short", 0.25, None, "0.250"),
        ("short", -15_300.0, None, "-15.3 K"),
        ("percent", 12.3456, None, "12.3%"),
        ("percentunit", 0.123_456, None, "12.3%"),
        ("percentunit", 1.0, Some(1), "100.0%"),
        ("bytes", 0.0, None, "0 B"),
        ("bytes", 1023.0, None, "1023 B"),
        ("bytes", 1024.0, None, "1 KiB"),
        ("bytes", 1_610_612_736.0, None, "1.50 GiB"),
        ("kbytes", 2048.0, None, "2 MiB"),
        ("decbytes", 1500.0, None, "1.50 kB"),
        ("deckbytes", 1500.0, None, "1.50 MB"),
        ("bps", 10_000_000.0, None, "10 Mb/s"),
        ("Bps", 1234.0, None, "1.23 kB/s"),
        ("binBps", 2048.0, None, "2 KiB/s"),
        ("pps", 123.4, None, "123 p/s"),
        ("Mbits", 1500.0, None, "1.50 Gb/s"),
        ("ops", 1234.0, None, "1.23K ops/s"),
        ("reqps", 0.5, None, "0.500 req/s"),
        ("iops", 12.0, None, "12 io/s"),
        ("eps", 1e6, None, "1M evt/s"),
        ("cps", 5.0, None, "5 c/s"),
        ("s", 0.0, None, "0 s"),
        ("s", 1.5e-7, None, "150 ns"),
        ("s", 0.000_25, None, "250 µs"),
        ("s", 0.25, None, "250 ms"),
        ("s", 59.0, None, "59 s"),
        ("s", 90.0, None, "1.50 mins"),
        ("s", 7200.0, None, "2 hours"),
        ("s", 172_800.0, None, "2 days"),
        ("s", 1_209_600.0, None, "2 weeks"),
        ("s", 63_113_800.0, None, "2 years"),
        ("ms", 1500.0, None, "1.50 s"),
        ("ms", 90_000.0, None, "1.50 min"),
        ("ns", 2_000_000.0, None, "2 ms"),
        ("µs", 1500.0, None, "1.50 ms"),
        ("m", 90.0, None, "1.50 hours"),
        ("dtdurations", 93_784.0, Some(1), "1 day, 2 hours"),
        ("dtdurationms", 3_600_000.0, None, "1 hour"),
        ("dtdurations", 0.0, None, "0 seconds"),
        ("dthms", 3725.0, None, "01:02:05"),
        ("dtdhms", 90_125.0, None, "1 d 01:02:05"),
        ("clockms", 3_723_004.0, None, "01h:02m:03s:004ms"),
        ("clocks", 3723.0, Some(1), "01h:02m"),
        ("hertz", 2_400_000_000.0, None, "2.40 GHz"),
        ("celsius", 21.5, None, "21.5 °C"),
        ("rotrpm", 1200.0, None, "1200 rpm"),
        ("mwatt", 1500.0, None, "1.50 W"),
        ("watt", 0.002, None, "2 mW"),
        ("currencyUSD", 1234.5, None, "$1.23K"),
        ("currencySEK", 12.0, None, "12kr"),
        ("hex0x", 255.0, None, "0xFF"),
        ("sci", 12_345.0, Some(2), "1.23e+4"),
        ("locale", 1_234_567.891, None, "1,234,567.891"),
        ("bool", 1.0, None, "True"),
        ("bool_yes_no", 0.0, None, "No"),
        ("bool_on_off", 3.0, None, "On"),
        ("string", 12_345.5, None, "12345.5"),
        (
            "dateTimeAsIso",
            1_700_000_000_000.0,
            None,
            "2023-11-14 22:13:20",
        ),
        (
            "dateTimeAsUS",
            1_700_000_000_000.0,
            None,
            "11/14/2023 10:13:20 pm",
        ),
        ("suffix: docs/s", 12.0, None, "12  docs/s"),
        ("suffix:req", 12.0, None, "12 req"),
        ("prefix:~", 12.0, None, "~12"),
        ("si: mF", 1500.0, None, "1.50 k mF"),
        ("si:kV", 1500.0, None, "1.50 MV"),
        ("count:cows", 1500.0, None, "1.50K cows"),
        ("currency:₿", 1500.0, None, "₿1.50K"),
        ("bool:up/down", 0.0, None, "down"),
        ("time:YYYY", 1_700_000_000_000.0, None, "2023"),
        ("req/s", 3.25, None, "3.25 req/s"),
        ("rds", 7.0, None, "7 rds"),
    ];
    for (unit, value, decimals, expected) in cases {
        assert_eq!(
            &format_value(unit, *value, *decimals),
            expected,
            "{value} in {unit}"
        );
    }
}

#[test]
fn dates_leave_the_day_out_when_it_is_today() {
    let dates = DateContext {
        now: 1_700_003_600_000,
        zone: &FixedZone(3_600_000),
    };
    let format = |unit: &str| {
        UnitFormat::new(unit)
            .format(1_700_000_000_000.0, None, &dates)
            .to_string()
    };
    assert_eq!(format("dateTimeAsIsoNoDateIfToday"), "2023-11-14 23:13:20");
    assert_eq!(format("dateTimeAsLocal"), "2023-11-14 23:13:20");
    assert_eq!(format("dateTimeFromNow"), "an hour ago");
    let later = DateContext {
        now: 1_700_001_000_000,
        zone: &Utc,
    };
    let today =
        UnitFormat::new("dateTimeAsIsoNoDateIfToday").format(1_700_000_000_000.0, None, &later);
    assert_eq!(today.text, "22:13:20");
}

#[test]
fn every_unit_of_the_list_is_there_once_and_writes_something() {
    let mut ids = std::collections::BTreeSet::new();
    for unit in UNIT_GROUPS.iter().flat_map(|group| group.units) {
        assert!(ids.insert(unit.id), "{} twice", unit.id);
        assert!(!format_value(unit.id, 12.5, None).is_empty(), "{}", unit.id);
    }
    assert!(ids.len() > 240, "{}", ids.len());
    // The units of the corpus.
    for id in [
        "short",
        "percentunit",
        "ops",
        "bps",
        "pps",
        "bytes",
        "s",
        "none",
        "Bps",
        "reqps",
        "percent",
        "eps",
        "decbytes",
        "iops",
        "ms",
        "bool_on_off",
        "bool_yes_no",
        "dateTimeAsIso",
        "cps",
        "hertz",
        "decbits",
        "µs",
        "celsius",
        "rotrpm",
        "bool",
        "dtdurationms",
        "binBps",
        "dateTimeFromNow",
        "dateTimeAsSystem",
    ] {
        assert!(ids.contains(id), "{id}");
    }
}

#[test]
fn ticks_of_one_suffix_have_the_same_decimals() {
    let ticks = |unit: &str, values: &[f64], decimals| {
        UnitFormat::new(unit)
            .format_ticks(values, decimals, &DateContext::default())
            .join(" ")
    };
    assert_eq!(
        ticks("none", &[2.5, 5.0, 7.5, 10.0], None),
        "2.5 5.0 7.5 10.0"
    );
    assert_eq!(
        ticks("percentunit", &[0.0, 0.2, 0.4, 0.6], None),
        "0% 20% 40% 60%"
    );
    assert_eq!(
        ticks("none", &[0.0, 0.000_1, 0.000_25], None),
        "0.00000 0.00010 0.00025"
    );
    assert_eq!(
        ticks("bytes", &[512.0, 1536.0, 2048.0], None),
        "512 B 1.5 KiB 2.0 KiB"
    );
    assert_eq!(ticks("none", &[1.0, 2.5], Some(2)), "1.00 2.50");
    assert_eq!(ticks("s", &[0.25, 0.5, 1.0], None), "250 ms 500 ms 1 s");
    // A third has no last decimal; it is said to as many as help.
    assert_eq!(ticks("none", &[1.0 / 3.0], None), "0.333333");
}
