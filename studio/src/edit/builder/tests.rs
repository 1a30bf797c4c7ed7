use super::model::{Built, Step, functions};

#[track_caller]
fn same(text: &str, steps: &[&str]) {
    let built = Built::read(text).unwrap_or_else(|| panic!("`{text}` is not taken apart"));
    let names: Vec<&str> = built.steps.iter().map(Step::name).collect();
    assert_eq!(names, steps, "{text}");
    assert_eq!(built.text(), text);
}

#[test]
fn simple_expressions_are_taken_apart_and_put_together() {
    same("up", &[]);
    same(r#"up{job="a\"b", x!~"c.*"}"#, &[]);
    same(r#"{job="a"}"#, &[]);
    same("rate(a_total[5m])", &["rate"]);
    same(
        r#"sum by (job, mode)(rate(a_total{job=~"$job"}[$__rate_interval]))"#,
        &["rate", "sum"],
    );
    same("topk(5, avg without (cpu)(a))", &["avg", "topk"]);
    same(
        "histogram_quantile(0.95, sum by (le)(rate(x_bucket[${window}])))",
        &["rate", "sum", "histogram_quantile"],
    );
    same("(a * 100) > 5", &["*", ">"]);
    same("sum(a) / $limit", &["sum", "/"]);
    same(
        r#"label_replace(up, "a", "$1", "b", "(.*)")"#,
        &["label_replace"],
    );
    same("quantile_over_time(0.9, a[1h])", &["quantile_over_time"]);
}

#[test]
fn spaces_and_parentheses_that_change_nothing_may_go() {
    let built = Built::read("sum ( rate( a [5m] ) ) by(job)").unwrap();
    assert_eq!(built.text(), "sum by (job)(rate(a[5m]))");
    assert_eq!(Built::read("  ").unwrap().text(), "");
}

#[test]
fn what_is_more_stays_code() {
    for text in [
        "a / b",
        "a or b",
        "rate(a[5m] offset 1h)",
        "max_over_time(rate(a[5m])[1h:])",
        "a # why",
        "5",
        "a > bool 1",
        "vector(1)",
        "sum(",
        "a @ end()",
        "sum by ($label)(a)",
        "-a",
    ] {
        assert_eq!(Built::read(text), None, "{text}");
    }
}

#[test]
fn a_function_over_a_window_goes_first_and_takes_its_window_with_it() {
    let mut built = Built::read("sum(a_total)").unwrap();
    built.add(Step::named("rate").unwrap());
    assert_eq!(built.text(), "sum(rate(a_total[$__rate_interval]))");
    built.add(Step::named("increase").unwrap());
    assert_eq!(built.text(), "sum(increase(a_total[$__rate_interval]))");
    built.add(Step::named("topk").unwrap());
    built.remove(0);
    assert_eq!(built.text(), "topk(5, sum(a_total))");
}

#[test]
fn every_step_that_is_offered_makes_an_expression_that_parses() {
    let names = functions(true).chain(functions(false));
    let others = ["sum", "quantile", "count_values", "stddev", "*", ">="];
    for name in names.chain(others) {
        let mut built = Built::read("a").unwrap();
        built.add(Step::named(name).unwrap());
        let text = built.text().replace("$__rate_interval", "5m");
        let parsed = promql_syntax::parse(&text);
        assert!(
            parsed.is_ok() || name.starts_with("label_"),
            "{text}: {parsed:?}"
        );
    }
}
