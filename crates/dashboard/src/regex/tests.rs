use super::Regex;

fn found(pattern: &str, text: &str) -> Option<Vec<Option<String>>> {
    let captures = Regex::from_slashed(pattern).unwrap().find(text)?;
    Some(captures.groups)
}

fn groups(found: &[Option<&str>]) -> Option<Vec<Option<String>>> {
    Some(found.iter().map(|text| text.map(str::to_owned)).collect())
}

#[test]
fn patterns_of_dashboards_find_their_groups() {
    assert_eq!(
        found("/([^:]+):.*/", "db1:9100"),
        groups(&[Some("db1:9100"), Some("db1")])
    );
    assert_eq!(
        found("/[^:]+:(.*)/", "db1:9100"),
        groups(&[Some("db1:9100"), Some("9100")])
    );
    assert_eq!(
        found(
            "/.*-(?:tags|heads)-(.*)-(?:0|dirty)-.*/",
            "victoria-metrics-20250101-tags-v1.132.0-0-g12ab"
        ),
        groups(&[
            Some("victoria-metrics-20250101-tags-v1.132.0-0-g12ab"),
            Some("v1.132.0")
        ])
    );
}

#[test]
fn bare_patterns_match_whole_texts_and_slashed_ones_any_part() {
    let cases = [
        ("cpu.*", "cpu0", true),
        ("cpu", "cpu0", false),
        ("/cpu/", "my cpu0", true),
        ("/2../i", "code 200", true),
        ("/ERROR/i", "an error", true),
        ("/%/", "50 %", true),
        ("/ read| written/", "sda written", true),
        ("/.*CommitLimit - *./", "CommitLimit - Limit", true),
        ("/a{2,3}$/", "baaa", true),
        ("/^a{4}$/", "aaa", false),
        ("/x{,2}/", "x{,2}", true),
        ("/foo(?!bar)/", "foobaz", true),
        ("/foo(?!bar)/", "foobar", false),
        ("/(?<=\\$)\\d+/", "cost $42", true),
        ("/(?<!\\$)\\b\\d+/", "$42", false),
        (r"/(\w)\1/", "hello", true),
        (r"/^(?<q>['x]).*\k<q>$/", "'a'", true),
        ("/[^]/", "\n", true),
        ("/./", "\n", false),
        ("/./s", "\n", true),
        ("/^b$/m", "a\nb\nc", true),
        (r"/[\d-]+/", "1-2", true),
        (r"/\u00e9/", "é", true),
        (r"/\/var\/lib/", "/var/lib/x", true),
    ];
    for (pattern, text, expected) in cases {
        let regex = Regex::from_slashed(pattern).unwrap();
        assert_eq!(regex.is_match(text), expected, "{pattern} on {text:?}");
    }
}

#[test]
fn lazy_and_greedy_repeats_differ() {
    assert_eq!(found("/<.+>/", "<a><b>"), groups(&[Some("<a><b>")]));
    assert_eq!(found("/<.+?>/", "<a><b>"), groups(&[Some("<a>")]));
    assert_eq!(
        found("/(a|ab)(c|bcd)(d*)/", "abcd"),
        groups(&[Some("abcd"), Some("a"), Some("bcd"), Some("")])
    );
    // A group of an earlier round is forgotten.
    assert_eq!(found("/(?:(a)|b)*/", "ab"), groups(&[Some("ab"), None]));
    assert_eq!(found("/(?:a*)*b/", "aaab"), groups(&[Some("aaab")]));
}

#[test]
fn named_groups_are_found_by_name() {
    let regex = Regex::from_slashed(r#"/name="(?<text>[^"]+)|id="(?<value>[^"]+)/g"#).unwrap();
    let all = regex.find_all(r#"x{name="db", id="7"}"#);
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].name("text"), Some("db"));
    assert_eq!(all[1].name("value"), Some("7"));
    assert_eq!(all[1].name("text"), None);
}

#[test]
fn replacing_takes_groups_and_the_flag_for_all() {
    let replace =
        |pattern: &str, text, with| Regex::from_slashed(pattern).unwrap().replace(text, with);
    assert_eq!(
        replace("/(.*):(.*)/", "db1:9100", "$2 on $1"),
        "9100 on db1"
    );
    assert_eq!(replace("/a/", "banana", "<$&>"), "b<a>nana");
    assert_eq!(replace("/a/g", "banana", "$$1"), "b$1n$1n$1");
    assert_eq!(replace("/(?<n>n)/g", "banana", "$<n>$<n>"), "bannanna");
    assert_eq!(replace("/x*/g", "ab", "-"), "-a-b-");
    assert_eq!(replace("/(a)/", "a", "$12$2"), "a2$2");
}

#[test]
fn patterns_that_explode_end_and_broken_ones_say_why() {
    let evil = Regex::new("^(a+)+$").unwrap();
    assert!(!evil.is_match(&format!("{}b", "a".repeat(60))));
    for (pattern, problem) in [
        ("a)", "unmatched `)`"),
        ("(a", "unclosed group"),
        ("[a", "unclosed set"),
        ("*a", "nothing to repeat"),
        ("a{3,2}", "counts out of order"),
        ("[b-a]", "range out of order"),
        ("a{5000}", "a count beyond 1000"),
    ] {
        let error = Regex::new(pattern).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
}
