use super::*;
use crate::interval::StepInput;
use crate::notice::Notice;
use crate::regex::Regex;
use serde_json::{Value, json};

fn variables(list: &Value) -> Vec<Variable> {
    let mut notices = Vec::new();
    let found = list
        .as_array()
        .unwrap()
        .iter()
        .map(|item| Variable::read(item, &mut notices).unwrap())
        .collect();
    assert_eq!(notices, Vec::<Notice>::new());
    found
}

fn custom(name: &str, values: &[&str], multi: bool) -> Value {
    json!({"name": name, "type": "custom", "query": "a.b,a,b,x,y,z", "multi": multi,
        "current": {"text": values, "value": values}})
}

fn put(list: &Value, text: &str, format: &Format) -> String {
    let values = VariableValues::new(variables(list));
    let globals = globals();
    let intervals = StepInput {
        range: 3_600_000,
        max_data_points: 1200,
        target_interval: None,
        panel_interval: None,
        scrape_interval: 15_000,
        factor: 1,
    }
    .intervals();
    let scope = Scope::new(&values, &globals).with_intervals(intervals);
    interpolate(text, &scope, format)
}

fn globals() -> Globals {
    Globals {
        from: 1_700_000_000_000,
        to: 1_700_003_600_000,
        raw_from: "now-1h".into(),
        raw_to: "now".into(),
        timezone: "utc".into(),
        dashboard_title: "Machines".into(),
        dashboard_uid: "abc".into(),
        user_login: "ann".into(),
        ..Globals::default()
    }
}

#[test]
fn promql_gets_patterns_of_several_and_literals_of_one() {
    let cases = [
        (
            custom("job", &["a.b"], true),
            r#"up{job=~"$job"}"#,
            r#"up{job=~"a\\.b"}"#,
        ),
        (
            custom("job", &["a", "b"], true),
            r#"up{job=~"$job"}"#,
            r#"up{job=~"(a|b)"}"#,
        ),
        (
            custom("job", &["a.b"], false),
            r#"up{job="$job"}"#,
            r#"up{job="a.b"}"#,
        ),
        (
            custom("job", &["a"], false),
            r#"up{job=~"${job}x",i="[[job]]"}"#,
            r#"up{job=~"ax",i="a"}"#,
        ),
        (
            custom("job", &["say \"hi\""], false),
            r#"up{job="$job"}"#,
            r#"up{job="say \"hi\""}"#,
        ),
        (
            custom("job", &["it's"], false),
            "up{job='$job'}",
            r"up{job='it\'s'}",
        ),
        (
            custom("job", &[r"c:\x"], false),
            r#"up{job="$job"}"#,
            r#"up{job="c:\\x"}"#,
        ),
        (
            custom("job", &[r"c:\x"], true),
            r#"up{job=~"$job"}"#,
            r#"up{job=~"c:\\\\x"}"#,
        ),
        (
            custom("job", &["a.b"], true),
            "up{job=~`$job`}",
            r"up{job=~`a\.b`}",
        ),
        (
            custom("job", &["a"], false),
            "rate($job[5m]) # it's $job\n+ $jobs",
            "rate(a[5m]) # it's a\n+ $jobs",
        ),
        (
            custom("job", &["5m"], false),
            "rate(up[$job]) / ${job:raw}",
            "rate(up[5m]) / 5m",
        ),
    ];
    for (variable, text, expected) in cases {
        assert_eq!(put(&json!([variable]), text, &Format::Promql), expected);
    }
}

#[test]
fn all_is_every_choice_or_what_the_author_says() {
    let all = |all_value: Value| {
        json!([{"name": "x", "type": "custom", "query": "x,y,z", "includeAll": true, "multi": true,
            "allValue": all_value, "current": {"text": "All", "value": "$__all"}}])
    };
    let text = r#"up{x=~"$x"}"#;
    assert_eq!(
        put(&all(Value::Null), text, &Format::Promql),
        r#"up{x=~"(x|y|z)"}"#
    );
    assert_eq!(
        put(&all(json!(".+")), text, &Format::Promql),
        r#"up{x=~".+"}"#
    );
    assert_eq!(
        put(&all(json!("")), "${x:text} ${x:queryparam}", &Format::Glob),
        "All var-x=%24__all"
    );
    assert_eq!(put(&all(json!(".*")), "${x:regex}", &Format::Glob), ".*");
}

#[test]
fn every_format_writes_as_documented() {
    let two = json!([custom("v", &["a.", "b'"], true)]);
    let one = json!([custom("v", &["x/ y"], false)]);
    for (format, many, single) in [
        ("csv", "a.,b'", "x/ y"),
        ("distributed", "a.,v=b'", "x/ y"),
        ("doublequote", "\"a.\",\"b'\"", "\"x/ y\""),
        ("singlequote", r"'a.','b\''", "'x/ y'"),
        ("sqlstring", "'a.','b'''", "'x/ y'"),
        ("glob", "{a.,b'}", "x/ y"),
        ("join: & ", "a. & b'", "x/ y"),
        ("json", r#"["a.","b'"]"#, "x/ y"),
        ("lucene", r#"("a." OR "b'")"#, r"x\/ y"),
        ("percentencode", "%7Ba.%2Cb%27%7D", "x%2F%20y"),
        ("uriencode", "%7Ba.,b'%7D", "x/%20y"),
        ("pipe", "a.|b'", "x/ y"),
        ("queryparam", "var-v=a.&var-v=b%27", "var-v=x%2F%20y"),
        ("customqueryparam:p:q-", "q-p=a.&q-p=b%27", "q-p=x%2F%20y"),
        ("raw", "a.,b'", "x/ y"),
        ("regex", r"(a\.|b')", r"x\/ y"),
        ("text", "a. + b'", "x/ y"),
        ("html", "a., b&#39;", "x/ y"),
        ("nonsense", "{a.,b'}", "x/ y"),
    ] {
        let text = format!("${{v:{format}}}");
        assert_eq!(put(&two, &text, &Format::Raw), many, "{format} of two");
        assert_eq!(put(&one, &text, &Format::Raw), single, "{format} of one");
    }
}

#[test]
fn macros_and_globals_are_known_and_unknown_names_stay() {
    let none = json!([]);
    for (text, expected) in [
        ("rate(up[$__rate_interval])", "rate(up[1m])"),
        ("$__interval ${__interval_ms} $__range_s", "15s 15000 3600"),
        ("${__from:date:iso}", "2023-11-14T22:13:20.000Z"),
        ("${__to:date:seconds} $__from", "1700003600 1700000000000"),
        ("${__from:date:YYYY-MM}", "2023-11"),
        (
            "$__dashboard ${__dashboard.uid} ${__user.login} $__timezone",
            "Machines abc ann utc",
        ),
        ("/d/x?${__url_time_range}", "/d/x?from=now-1h&to=now"),
        (
            "$foo ${bar} [[baz]] $ $$ ${} cost: $5",
            "$foo ${bar} [[baz]] $ $$ ${} cost: $5",
        ),
        ("[0-9]$", "[0-9]$"),
    ] {
        assert_eq!(put(&none, text, &Format::Raw), expected, "{text}");
    }
    // A variable may hold a macro.
    let window = json!([{"name": "w", "type": "custom", "query": "$__rate_interval,5m"}]);
    assert_eq!(
        put(&window, "rate(up[$w])", &Format::Promql),
        "rate(up[1m])"
    );
    let auto = json!([{"name": "i", "type": "interval", "query": "1m,10m", "auto": true, "auto_count": 30,
        "auto_min": "10s", "current": {"text": "auto", "value": "$__auto_interval_i"}}]);
    assert_eq!(put(&auto, "rate(up[$i])", &Format::Promql), "rate(up[2m])");
}

#[test]
fn two_variables_side_by_side_and_properties_of_choices() {
    let list = json!([
        {"name": "node", "type": "textbox", "query": "db1"},
        {"name": "port", "type": "constant", "query": "9100"},
        {"name": "env", "type": "custom", "current": {"value": "p"},
            "query": "[{\"text\": \"Prod\", \"value\": \"p\", \"zone\": \"eu-1\"}]"},
    ]);
    assert_eq!(
        put(&list, r#"up{instance="$node:$port"}"#, &Format::Promql),
        r#"up{instance="db1:9100"}"#
    );
    assert_eq!(
        put(
            &list,
            "${env} ${env:text} ${env.zone} ${env.0}",
            &Format::Raw
        ),
        "p Prod eu-1 p"
    );
}

#[test]
fn values_of_links_are_asked_for_with_their_path() {
    let values = VariableValues::default();
    let globals = globals();
    let lookup = |name: &str, path: &str| Some(format!("<{name}|{path}>"));
    let scope = Scope::new(&values, &globals).with_lookup(&lookup);
    assert_eq!(
        interpolate(
            "${__data.fields[\"a:b\"]} ${__field.labels.pod:percentencode}",
            &scope,
            &Format::Raw
        ),
        "<__data|fields[\"a:b\"]> %3C__field%7Clabels.pod%3E"
    );
}

#[test]
fn questions_of_variables_are_read_with_commas_in_their_selectors() {
    let values = |selector: Option<&str>, label: &str| VariableQuery::LabelValues {
        label: label.into(),
        selector: selector.map(str::to_owned),
    };
    for (text, query) in [
        ("label_values(instance)", values(None, "instance")),
        ("label_values(up,job)", values(Some("up"), "job")),
        (
            "label_values(vm_app_version{job=~\"$job\", instance=~\"$instance\"},  version)",
            values(
                Some("vm_app_version{job=~\"$job\", instance=~\"$instance\"}"),
                "version",
            ),
        ),
        (
            "label_values({a=\"x,y)\",b=\"}\"}, pod, )",
            values(Some("{a=\"x,y)\",b=\"}\"}"), "pod"),
        ),
        (
            "label_values(a:b:c{x='1'}, workload_type)",
            values(Some("a:b:c{x='1'}"), "workload_type"),
        ),
        (
            "label_names()",
            VariableQuery::LabelNames { selector: None },
        ),
        (
            "label_names(up)",
            VariableQuery::LabelNames {
                selector: Some("up".into()),
            },
        ),
        (
            "metrics(node_.*)",
            VariableQuery::Metrics {
                pattern: "node_.*".into(),
            },
        ),
        (
            "query_result(topk(5, up))",
            VariableQuery::QueryResult {
                expr: "topk(5, up)".into(),
            },
        ),
        (
            "up{job=\"a\"}",
            VariableQuery::Series {
                selector: "up{job=\"a\"}".into(),
            },
        ),
        ("", VariableQuery::Empty),
    ] {
        assert_eq!(VariableQuery::parse(text), query, "{text}");
    }
    let list = variables(&json!([{"name": "x", "type": "query",
        "query": {"qryType": 1, "label": "job", "metric": "up", "query": ""}}]));
    assert_eq!(list[0].kind, VariableKind::Query(values(Some("up"), "job")));
}

#[test]
fn patterns_take_parts_and_names_from_answers() {
    let take = |pattern: &str, answers: &[&str], sort| {
        let answers: Vec<String> = answers.iter().map(|text| (*text).to_owned()).collect();
        let regex = Regex::from_slashed(pattern).unwrap();
        choices_from_values(&answers, Some(&regex), false, sort)
            .into_iter()
            .map(|choice| (choice.text, choice.value))
            .collect::<Vec<_>>()
    };
    let pair = |text: &str, value: &str| (text.to_owned(), value.to_owned());
    let letters = SortMode::Alphabetical {
        descending: false,
        ignore_case: false,
    };
    assert_eq!(
        take("/([^:]+):.*/", &["b:1", "a:1", "a:2", "none"], letters),
        [pair("a", "a"), pair("b", "b")]
    );
    assert_eq!(
        take("a.*", &["abc", "bab"], SortMode::None),
        [pair("abc", "abc")]
    );
    assert_eq!(
        take(
            r#"/name="(?<text>[^"]+)|id="(?<value>[^"]+)/g"#,
            &[r#"x{name="db", id="7"}"#, r#"x{id="8", name="web"}"#],
            SortMode::None
        ),
        [pair("db", "7"), pair("web", "8")]
    );
}

#[test]
fn choices_sort_in_every_order() {
    let sorted = |mode: i64, values: &[&str]| {
        let variable =
            &variables(&json!([{"name": "x", "type": "query", "query": "up", "sort": mode}]))[0];
        let answers: Vec<String> = values.iter().map(|text| (*text).to_owned()).collect();
        choices_from_values(&answers, None, false, variable.sort)
            .into_iter()
            .map(|choice| choice.value)
            .collect::<Vec<_>>()
    };
    let values = ["n10", "B", "a", "n9", "A"];
    assert_eq!(sorted(0, &values), values);
    assert_eq!(sorted(1, &values), ["A", "B", "a", "n10", "n9"]);
    assert_eq!(sorted(2, &values), ["n9", "n10", "a", "B", "A"]);
    assert_eq!(sorted(3, &["n10", "n9", "x"]), ["x", "n9", "n10"]);
    assert_eq!(sorted(4, &["n10", "n9", "x"]), ["n10", "n9", "x"]);
    assert_eq!(sorted(5, &["b", "A", "C"]), ["A", "b", "C"]);
    assert_eq!(sorted(7, &["n10", "n9", "n010b"]), ["n9", "n10", "n010b"]);
    assert_eq!(sorted(8, &["n1", "n2"]), ["n2", "n1"]);
}

#[test]
fn written_choices_have_names_and_escaped_commas() {
    let choices: Vec<(String, String)> = choices_from_text("a, Two : 2 , c\\,d,,")
        .into_iter()
        .map(|choice| (choice.text, choice.value))
        .collect();
    let pair = |text: &str, value: &str| (text.to_owned(), value.to_owned());
    assert_eq!(
        choices,
        [pair("a", "a"), pair("Two", "2"), pair("c,d", "c,d")]
    );
}

#[test]
fn parents_are_asked_before_children_and_rings_are_told() {
    let list = variables(&json!([
        {"name": "node", "type": "query", "query": "label_values(up{job=\"$job\", x=\"[[cluster]]\"}, instance)"},
        {"name": "job", "type": "query", "query": "label_values(up{c=\"${cluster:regex}\"}, job)"},
        {"name": "cluster", "type": "query", "query": "label_values(up, cluster)", "regex": "/$env-.*/"},
        {"name": "env", "type": "custom", "query": "a,b"},
        {"name": "free", "type": "custom", "query": "$__interval"},
    ]));
    let order = order_variables(&list);
    assert_eq!(
        order.levels,
        [
            vec!["env", "free"],
            vec!["cluster"],
            vec!["job"],
            vec!["node"]
        ]
    );
    assert_eq!(order.children("cluster"), ["job", "node"]);
    assert_eq!(order.notices, []);
    let ring = variables(&json!([
        {"name": "a", "type": "query", "query": "label_values(up{b=\"$b\"}, a)"},
        {"name": "b", "type": "query", "query": "label_values(up{a=\"$a\"}, b)"},
    ]));
    let order = order_variables(&ring);
    assert_eq!(order.levels.len(), 2);
    assert_eq!(
        order.notices[0].what,
        "`a`, `b` need each other; they are asked for in the dashboard's order"
    );
}

#[test]
fn addresses_carry_values_there_and_back() {
    let list = json!([
        custom("many", &["a", "b"], true),
        {"name": "all", "type": "custom", "query": "x,y", "includeAll": true, "multi": true},
        {"name": "text", "type": "textbox", "query": "free text"},
        {"name": "fixed", "type": "constant", "query": "c"},
        {"name": "quiet", "type": "custom", "query": "q", "skipUrlSync": true},
        {"name": "Filters", "type": "adhoc", "filters": [
            {"key": "job", "operator": "=~", "value": "a|b"},
            {"key": "pod", "operator": "=|", "value": "x", "values": ["x", "y,z"]},
        ]},
    ]);
    let values = VariableValues::new(variables(&list));
    let pairs = url_pairs(&values, &[]);
    let text: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    assert_eq!(
        text,
        [
            "var-many=a",
            "var-many=b",
            "var-all=$__all",
            "var-text=free text",
            "var-Filters=job|=~|a__gfp__b",
            "var-Filters=pod|=__gfp__|x|y__gfc__z",
        ]
    );
    let mut fresh = VariableValues::new(variables(&list));
    let changed = |name: &str, value: &str| (format!("var-{name}"), value.to_owned());
    values_from_url(
        &mut fresh,
        &[
            changed("many", "z"),
            changed("all", "y"),
            changed("text", "other"),
            changed("fixed", "no"),
            changed("Filters", "ns|!=|prod"),
        ],
    );
    let chosen = |values: &VariableValues, name: &str| {
        values
            .get(name)
            .unwrap()
            .selected
            .iter()
            .map(|choice| choice.value.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(chosen(&fresh, "many"), ["z"]);
    assert_eq!(chosen(&fresh, "all"), ["y"]);
    assert_eq!(chosen(&fresh, "text"), ["other"]);
    assert_eq!(chosen(&fresh, "fixed"), ["c"]);
    assert_eq!(fresh.filters()[0].value, "prod");
    values_from_url(&mut fresh, &[changed("all", "All")]);
    assert!(fresh.get("all").unwrap().is_all());
    values_from_url(&mut fresh, &pairs);
    assert_eq!(url_pairs(&fresh, &[]), pairs);
}

#[test]
fn new_choices_keep_what_is_still_there_and_else_fall_back() {
    let mut values = VariableValues::new(variables(&json!([
        {"name": "x", "type": "query", "query": "label_values(up, x)", "multi": true,
            "current": {"text": ["a", "b"], "value": ["a", "b"]}},
        {"name": "never", "type": "query", "query": "label_values(up, y)", "includeAll": true, "current": {}},
    ])));
    let names = |values: &VariableValues, name: &str| {
        values
            .get(name)
            .unwrap()
            .chosen()
            .into_iter()
            .map(|choice| choice.value)
            .collect::<Vec<_>>()
    };
    let options = |list: &[&str]| {
        list.iter()
            .map(|value| Choice::plain(value))
            .collect::<Vec<_>>()
    };
    values
        .get_mut("x")
        .unwrap()
        .set_options(options(&["b", "c"]));
    assert_eq!(names(&values, "x"), ["b"]);
    values
        .get_mut("x")
        .unwrap()
        .set_options(options(&["c", "d"]));
    assert_eq!(names(&values, "x"), ["c"]);
    values
        .get_mut("never")
        .unwrap()
        .set_options(options(&["1", "2"]));
    assert_eq!(names(&values, "never"), ["1", "2"]);
}

#[test]
fn filters_go_into_every_selector() {
    let filter = |key: &str, operator: &str, value: &str| AdHocFilter {
        key: key.into(),
        operator: operator.into(),
        value: value.into(),
        values: Vec::new(),
    };
    let expr =
        "sum(rate(a{x=\"1\"}[5m])) / max_over_time(b[1h:5m]) > on (x) topk(3, -(c offset 5m))";
    assert_eq!(
        inject_filters(expr, &[filter("job", "=", "n\"1"), filter("x", "=", "1")]).unwrap(),
        "sum(rate(a{job=\"n\\\"1\",x=\"1\"}[5m])) / max_over_time(b{job=\"n\\\"1\",x=\"1\"}[1h:5m]) > on (x) topk(3, -(c{job=\"n\\\"1\",x=\"1\"} offset 5m))"
    );
    let several = AdHocFilter {
        values: vec!["a.b".into(), "c".into()],
        ..filter("pod", "=|", "a.b")
    };
    assert_eq!(
        inject_filters("up", &[several]).unwrap(),
        r#"up{pod=~"a\\.b|c"}"#
    );
    assert_eq!(inject_filters("not promql (", &[]).unwrap(), "not promql (");
    assert!(inject_filters("not promql (", &[filter("a", "=", "b")]).is_err());
}

#[test]
fn kinds_that_are_not_known_keep_their_value_and_say_so() {
    let mut notices = Vec::new();
    let variable = Variable::read(
        &json!({"name": "x", "type": "oracle", "current": {"text": "t", "value": "v"}}),
        &mut notices,
    )
    .unwrap();
    assert_eq!(variable.current, [Choice::new("t", "v")]);
    assert_eq!(
        notices[0].to_string(),
        "variable `x`: the kind of variable `oracle` is not known; its saved value is used"
    );
}
