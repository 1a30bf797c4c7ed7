use crate::bench::{Bench, minute, options};
use model::{DurationMs, TimestampMs};
use promql::{EngineOptions, QueryContext, StepRange};
use promql_syntax::ParseOptions;
use rules::{Preview, PreviewRequest, RuleDeps, SharedEngine, Summary, WrittenKind, WrittenRule};
use std::sync::Arc;

fn rule(expr: &str) -> WrittenRule {
    WrittenRule {
        name: "Down".into(),
        expr: expr.into(),
        hold: "2m".into(),
        labels: [(
            "severity".into(),
            "{{ if eq $labels.job \"a\" }}page{{ end }}".into(),
        )]
        .into(),
        annotations: [(
            "summary".into(),
            "{{ $labels.job }} has {{ $value }}".into(),
        )]
        .into(),
        ..WrittenRule::default()
    }
}

fn request(rule: &WrittenRule) -> PreviewRequest {
    PreviewRequest {
        rule: rule.check(ParseOptions::default()).unwrap(),
        now: minute(20),
        range: StepRange {
            start: minute(0),
            end: minute(20),
            step: DurationMs::from_secs(60),
        },
        most_matches: 2,
        most_series: 10,
    }
}

/// Job `a` is down in minutes 3 to 7 and from 15 on, the others from minute 18 on.
fn bench() -> Bench {
    let bench = Bench::new();
    for n in 0..=20 {
        let down = (3..8).contains(&n) || n >= 15;
        bench.add("up{job=\"a\"}", minute(n), if down { 0.0 } else { 1.0 });
        for job in ["b", "c"] {
            let value = if n >= 18 { 0.0 } else { 1.0 };
            bench.add(&format!("up{{job=\"{job}\"}}"), minute(n), value);
        }
    }
    bench.apply("groups: []", &options());
    bench
}

fn preview(bench: &Bench, rule: &WrittenRule) -> Preview {
    let ctx = QueryContext::default();
    bench.manager.preview(&request(rule), &ctx).unwrap()
}

fn bands(preview: &Preview) -> Vec<String> {
    let one = |band: &rules::Interval| {
        let minute = |time: TimestampMs| time.0 / 60_000;
        format!("{} {}-{}", band.state, minute(band.start), minute(band.end))
    };
    preview.bands.iter().map(one).collect()
}

#[test]
fn preview_tells_what_matches_now_and_when_it_would_have_fired() {
    let bench = bench();
    let told = preview(&bench, &rule("up == 0"));
    assert_eq!((told.matches.len(), told.match_count), (2, 3));
    let first = &told.matches[0];
    assert_eq!(
        first.labels.to_string(),
        "{alertname=\"Down\", job=\"a\", severity=\"page\"}"
    );
    assert_eq!(first.annotations, [("summary".into(), "a has 0".into())]);
    assert_eq!(told.series_count, 3);
    assert_eq!(
        told.summary,
        Summary {
            fired: 4,
            only_pending: 0,
            longest: DurationMs::from_secs(180),
            resolved_soon: 1,
            still_firing: 3,
        }
    );
    assert_eq!(
        bands(&told),
        ["pending 3-5", "firing 5-8", "pending 15-17", "firing 17-20"]
    );
    assert_eq!(bench.alerts(), Vec::<String>::new(), "nothing is kept");
    assert_eq!(bench.samples("ALERTS"), Vec::<String>::new());
    let expansions = bench.metric("prometheus_template_text_expansions_total");
    assert!(expansions.abs() < f64::EPSILON);
}

#[test]
fn results_that_cannot_be_told_apart_are_a_failure() {
    let mut same = rule("up == 0");
    same.labels = [("job".into(), "all".into())].into();
    let failure = preview(&bench(), &same).failure;
    let words = "vector contains metrics with the same labelset after applying alert labels";
    assert_eq!(failure.as_deref(), Some(words));
}

#[test]
fn recording_rules_have_values_and_no_past() {
    let record = WrittenRule {
        kind: WrittenKind::Record,
        name: "jobs:up".into(),
        expr: "sum(up)".into(),
        ..WrittenRule::default()
    };
    let told = preview(&bench(), &record);
    assert_eq!(told.matches[0].labels.to_string(), "jobs:up");
    assert!(told.series.is_empty() && told.bands.is_empty());
}

#[test]
fn a_past_that_takes_too_much_is_looked_at_in_longer_steps() {
    let bench = bench();
    let limited = SharedEngine::new(EngineOptions {
        max_samples: 2000,
        ..EngineOptions::default()
    });
    let manager = rules::Manager::new(RuleDeps {
        engine: limited,
        ..RuleDeps::new(Arc::clone(&bench.store) as _, Arc::clone(&bench.store) as _)
    });
    let mut asked = request(&rule("up == 0"));
    asked.range.step = DurationMs::from_secs(1);
    let told = manager.preview(&asked, &QueryContext::default()).unwrap();
    assert!(told.range.step > asked.range.step, "{:?}", told.range);
    assert!(told.summary.fired > 0);
}
