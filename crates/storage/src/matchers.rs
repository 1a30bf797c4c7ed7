//! Matchers, compiled.

use crate::{Error, Result};
use model::{Labels, MatchOp, Matcher};
use regex_automata::meta::Regex;
use regex_automata::util::syntax;
use std::fmt;

/// Bytes that one compiled regular expression may take: hostile ones such as `((a{1000}){1000})` are
/// refused instead of filling memory.
const REGEX_SIZE_LIMIT: usize = 10 << 20;

/// One matcher, ready to test values.
#[derive(Clone)]
pub struct CompiledMatcher {
    source: Matcher,
    test: Test,
}

#[derive(Clone)]
enum Test {
    Equal,
    OneOf(Vec<String>),
    Prefix(String),
    Any,
    NonEmpty,
    Regex(Box<Regex>),
}

impl CompiledMatcher {
    /// Compiles `matcher`; regular expressions are anchored at both ends and `.` matches line ends, as in
    /// Prometheus since 3.0.
    ///
    /// # Errors
    /// [`Error::BadRegex`].
    pub fn compile(matcher: &Matcher) -> Result<Self> {
        let test = match matcher.op {
            MatchOp::Equal | MatchOp::NotEqual => Test::Equal,
            MatchOp::Regex | MatchOp::NotRegex => compile_regex(&matcher.value)?,
        };
        Ok(Self {
            source: matcher.clone(),
            test,
        })
    }

    /// The label that is tested.
    pub fn name(&self) -> &str {
        &self.source.name
    }

    /// The comparison.
    pub fn op(&self) -> MatchOp {
        self.source.op
    }

    /// The matcher as written.
    pub fn source(&self) -> &Matcher {
        &self.source
    }

    /// The values that this matcher accepts, if it accepts only a few named ones.
    pub fn literal_values(&self) -> Option<Vec<&str>> {
        match (&self.test, self.source.op.is_negative()) {
            (Test::Equal, false) => Some(vec![&self.source.value]),
            (Test::OneOf(values), false) => Some(values.iter().map(String::as_str).collect()),
            _ => None,
        }
    }

    /// Whether `value` passes; give the empty text for an absent label.
    pub fn matches(&self, value: &str) -> bool {
        let positive = match &self.test {
            Test::Equal => self.source.value == value,
            Test::OneOf(values) => values.iter().any(|one| one == value),
            Test::Prefix(prefix) => value.starts_with(prefix.as_str()),
            Test::Any => true,
            Test::NonEmpty => !value.is_empty(),
            Test::Regex(regex) => regex.is_match(value),
        };
        positive != self.source.op.is_negative()
    }

    /// Whether series without the label pass.
    pub fn matches_empty(&self) -> bool {
        self.matches("")
    }
}

impl fmt::Debug for CompiledMatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.source, f)
    }
}

fn compile_regex(pattern: &str) -> Result<Test> {
    match pattern {
        ".*" => return Ok(Test::Any),
        ".+" => return Ok(Test::NonEmpty),
        _ => {}
    }
    let is_literal = |text: &str| !text.contains(|c: char| r"\.+*?()|[]{}^$".contains(c));
    if pattern.split('|').all(is_literal) {
        return Ok(Test::OneOf(pattern.split('|').map(str::to_owned).collect()));
    }
    if let Some(prefix) = pattern
        .strip_suffix(".*")
        .filter(|prefix| is_literal(prefix))
    {
        return Ok(Test::Prefix(prefix.to_owned()));
    }
    let bad = |reason: String| Error::BadRegex {
        pattern: pattern.to_owned(),
        reason,
    };
    // Parsed alone first, so that a stray parenthesis cannot pair with ours.
    let syntax = syntax::Config::new().dot_matches_new_line(true);
    syntax::parse_with(pattern, &syntax).map_err(|error| bad(error.to_string()))?;
    Regex::builder()
        .configure(Regex::config().nfa_size_limit(Some(REGEX_SIZE_LIMIT)))
        .syntax(syntax)
        .build(&format!("^(?:{pattern})$"))
        .map(|regex| Test::Regex(Box::new(regex)))
        .map_err(|error| bad(error.to_string()))
}

/// All conditions of one selector: a series must pass each.
#[derive(Debug, Clone)]
pub struct Matchers(Vec<CompiledMatcher>);

impl Matchers {
    /// Compiles every matcher.
    ///
    /// # Errors
    /// [`Error::BadRegex`] of the first that cannot be compiled.
    pub fn compile(matchers: &[Matcher]) -> Result<Self> {
        matchers
            .iter()
            .map(CompiledMatcher::compile)
            .collect::<Result<_>>()
            .map(Self)
    }

    /// The conditions.
    pub fn iter(&self) -> impl Iterator<Item = &CompiledMatcher> {
        self.0.iter()
    }

    /// Whether `labels` pass all conditions.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.0
            .iter()
            .all(|matcher| matcher.matches(labels.get(matcher.name()).unwrap_or("")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(op: MatchOp, pattern: &str, value: &str, expected: bool) {
        let matcher = CompiledMatcher::compile(&Matcher::new("l", op, pattern)).unwrap();
        assert_eq!(matcher.matches(value), expected, "{matcher:?} on {value:?}");
    }

    #[test]
    fn regexes_are_anchored_and_dot_matches_line_ends() {
        check(MatchOp::Regex, "b", "abc", false);
        check(MatchOp::Regex, "a.c", "a\nc", true);
        check(MatchOp::Regex, "a|bc", "bc", true);
        check(MatchOp::Regex, "a|b.", "xbc", false);
        check(MatchOp::Regex, "node.*", "node_cpu", true);
        check(MatchOp::Regex, ".+", "", false);
        check(MatchOp::Regex, "", "", true);
        check(MatchOp::Regex, "(?i)ABC", "abc", true);
        check(MatchOp::NotRegex, "5..", "404", true);
        check(MatchOp::NotRegex, "5..", "503", false);
    }

    #[test]
    fn equality_treats_absent_labels_as_empty() {
        check(MatchOp::Equal, "", "", true);
        check(MatchOp::NotEqual, "a", "", true);
        check(MatchOp::Equal, "a", "a", true);
    }

    #[test]
    fn bad_and_oversized_regexes_are_errors_that_name_the_place() {
        for pattern in ["(", "a)", "[", "((((a{100}){100}){100}){100})"] {
            let matcher = Matcher::new("l", MatchOp::Regex, pattern);
            let error = CompiledMatcher::compile(&matcher).unwrap_err();
            assert!(
                error.to_string().starts_with("error parsing regexp: "),
                "{error}"
            );
        }
    }

    #[test]
    fn alternations_of_literals_offer_their_values_to_the_index() {
        let matcher = Matcher::new("l", MatchOp::Regex, "a|b");
        let matcher = CompiledMatcher::compile(&matcher).unwrap();
        assert_eq!(matcher.literal_values(), Some(vec!["a", "b"]));
    }
}
