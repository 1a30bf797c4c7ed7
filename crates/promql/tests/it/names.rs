//! Metric names that go where functions drop them, which is the default.

use crate::promqltest;

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
    let report = promqltest::run_with(SCRIPT, false).unwrap();
    let failures = report.failures();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(report.judged() > 15);
}
