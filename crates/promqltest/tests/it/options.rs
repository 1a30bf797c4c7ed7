//! Options that are not those of Prometheus' scripts.

use promqltest::RunOptions;

const SCRIPT: &str = r#"
load 1m
  a_total{x="1"} 0+1x10
  b_total{x="1"} 0+2x10
  short 1 _ _
  late _x6 3

eval instant at 2m rate(a_total[2m])
  {x="1"} 0.016666666666666666

eval instant at 2m rate({__name__=~"a_total|b_total"}[2m])
  expect fail msg: vector cannot contain metrics with the same labelset

eval instant at 2m -{x="1"}
  expect fail msg: vector cannot contain metrics with the same labelset

eval instant at 2m sum(rate({__name__=~"a_total|b_total"}[2m]))
  expect fail msg: vector cannot contain metrics with the same labelset

eval instant at 2m sum by (__name__) (-a_total)
  {} -2

eval instant at 2m label_replace(abs(a_total), "seen", "$1", "__name__", "(.*)")
  {x="1"} 2

eval instant at 2m last_over_time({__name__=~"a_total|b_total"}[2m])
  a_total{x="1"} 2
  b_total{x="1"} 4

eval instant at 2m a_total > 1
  a_total{x="1"} 2

eval instant at 2m a_total > bool 1
  {x="1"} 1

eval instant at 2m topk(1, {x="1"})
  b_total{x="1"} 4

eval instant at 2m a_total + b_total
  {x="1"} 6

eval instant at 2m a_total == on (x) a_total
  {x="1"} 2

eval instant at 2m a_total == a_total
  a_total{x="1"} 2

eval instant at 2m abs(a_total) or abs(b_total)
  {x="1"} 2

eval instant at 2m count by (__name__) ({x="1"})
  {__name__="a_total"} 1
  {__name__="b_total"} 1

eval instant at 2m +a_total
  a_total{x="1"} 2

eval range from 0m to 8m step 8m abs({__name__=~"short|late"})
  {} 1 3
"#;

#[test]
fn names_are_dropped_at_once_by_default() {
    let options = RunOptions {
        delayed_name_removal: false,
        ..RunOptions::default()
    };
    let report = promqltest::run_with(SCRIPT, "names", &options);
    assert_eq!(report.failed, []);
    assert!(report.passed > 15);
}

#[test]
fn series_that_look_the_same_without_names_are_joined_except_by_functions_over_ranges() {
    let script = r#"
load 30s
  early{host="a"} 1 1 2 2 stale
  late{host="a"} _ _ _ _ _ _ 3 3 4 4
  one{host="b"} 1x8
  other{host="b"} 1x8

eval range from 0 to 4m step 1m -{host="a"}
  {host="a"} -1 -2 _ -3 -4

eval range from 0 to 4m step 1m {host="a"} * 2
  {host="a"} 2 4 _ 6 8

eval range from 0 to 4m step 1m abs({host="a"})
  {host="a"} 1 2 _ 3 4

eval range from 0 to 4m step 1m max_over_time({host="a"}[20s])
  expect fail msg: vector cannot contain metrics with the same labelset

eval range from 0 to 1m step 1m max_over_time({host="a"}[20s])
  {host="a"} 1 2

# What is wrong is said although nothing of it is wanted.
eval instant at 1m topk(0, label_replace({host="b"}, "__name__", "same", "", ""))
  expect fail msg: vector cannot contain metrics with the same labelset

eval instant at 1m topk(-1, max_over_time({host="b"}[1m]))
  expect fail msg: vector cannot contain metrics with the same labelset

# What is the same at every step is looked at although a subquery has no step.
eval range from 2m to 2m step 1m max_over_time(abs({host="b"} @ 0)[10s:45s])
  expect fail msg: vector cannot contain metrics with the same labelset

eval range from 2m to 2m step 1m max_over_time(abs({host="b"})[10s:45s])

eval range from 2m to 2m step 1m max_over_time(abs(one @ 0)[10s:45s])
"#;
    let options = RunOptions {
        delayed_name_removal: false,
        ..RunOptions::default()
    };
    assert_eq!(promqltest::run_with(script, "same", &options).failed, []);
}

#[test]
fn types_tell_counters_where_they_are_labelled() {
    let script = r#"
load 1m
  a_total{__type__="gauge"} 0+60x4
  b{__type__="counter"} 0+60x4

eval instant at 4m rate(a_total[2m])
  expect info msg: PromQL info: metric might not be a counter, __type__ label is not set to "counter" or "histogram", got "gauge": "a_total" (1:6)
  {} 1

eval instant at 4m rate(b[2m])
  expect no_info
  {} 1

eval instant at 4m sum(rate(a_total[2m]))
  expect info regex: got "gauge": "a_total" \(1:10\)$
  {} 1
"#;
    let options = RunOptions {
        type_and_unit_labels: true,
        ..RunOptions::default()
    };
    assert_eq!(promqltest::run_with(script, "types", &options).failed, []);
}

#[test]
fn start_times_mean_nothing_unless_wanted() {
    let script = r"
load 1m
  a_total@st _ -30s
  a_total 5 9

eval instant at 1m increase(a_total[2m])
  {} 8

eval instant at 1m start_timestamp(a_total)
";
    let options = RunOptions {
        use_start_timestamps: false,
        ..RunOptions::default()
    };
    assert_eq!(promqltest::run_with(script, "starts", &options).failed, []);
}

#[test]
fn histograms_keep_type_and_unit_where_names_go_at_once() {
    let script = r#"
load 1m
  h{__type__="histogram", i="1"} {{count:2 sum:4 buckets:[2]}}
  g{__type__="histogram", i="1"} {{count:2 sum:4 buckets:[2]}}

eval instant at 0 histogram_count(h)
  {__type__="histogram", i="1"} 2

eval instant at 0 histogram_quantile(1, h)
  {i="1"} 1

eval instant at 0 histogram_count({i="1"})
  expect fail msg: vector cannot contain metrics with the same labelset

eval instant at 0 sum by (__type__) (rate(h[1m]))
"#;
    let options = RunOptions {
        delayed_name_removal: false,
        ..RunOptions::default()
    };
    assert_eq!(promqltest::run_with(script, "types", &options).failed, []);
}
