//! Regular expressions, not anchored.

use super::{Answer, text_at};
use crate::Value;
use regex_automata::meta::Regex;
use regex_automata::util::captures::Captures;

/// Bytes that one compiled regular expression may take.
const REGEX_SIZE_LIMIT: usize = 10 << 20;

fn compile(pattern: &str) -> Result<Regex, String> {
    Regex::builder()
        .configure(Regex::config().nfa_size_limit(Some(REGEX_SIZE_LIMIT)))
        .build(pattern)
        .map_err(|error| {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            let words = cause.unwrap_or_else(|| error.to_string());
            let last = words
                .lines()
                .last()
                .unwrap_or("")
                .trim_start_matches("error: ");
            format!("error parsing regexp: {last}: `{pattern}`")
        })
}

pub(super) fn matches(values: &[Value]) -> Answer {
    let regex = compile(text_at(values, 0))?;
    Ok(Value::Bool(regex.is_match(text_at(values, 1))))
}

pub(super) fn replace_all(values: &[Value]) -> Answer {
    let (pattern, replacement) = (text_at(values, 0), text_at(values, 1));
    let text = text_at(values, 2);
    let regex =
        compile(pattern).map_err(|error| format!("regexp: Compile(`{pattern}`): {error}"))?;
    let mut captures = regex.create_captures();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for found in regex.find_iter(text) {
        let input = regex_automata::Input::new(text).range(found.start()..);
        regex.search_captures(&input, &mut captures);
        out.push_str(text.get(done..found.start()).unwrap_or(""));
        expand(replacement, &captures, &regex, text, &mut out);
        done = found.end();
    }
    out.push_str(text.get(done..).unwrap_or(""));
    Ok(Value::from(out))
}

/// Writes the replacement with `$1`, `${1}`, `$name`, `${name}` and `$$` replaced, as Go's `Expand`.
fn expand(replacement: &str, captures: &Captures, regex: &Regex, text: &str, out: &mut String) {
    let mut rest = replacement;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(next) = after.strip_prefix('$') {
            out.push('$');
            rest = next;
            continue;
        }
        let braced = after
            .strip_prefix('{')
            .and_then(|inside| inside.split_once('}'));
        let (name, next) = braced.unwrap_or_else(|| {
            let word = |c: char| c == '_' || c.is_alphanumeric();
            let end = after.find(|c| !word(c)).unwrap_or(after.len());
            after.split_at_checked(end).unwrap_or(("", after))
        });
        if name.is_empty() {
            out.push('$');
            rest = after;
            continue;
        }
        let group = name.parse::<usize>().ok().or_else(|| {
            let groups = regex.group_info();
            groups.to_index(regex_automata::PatternID::ZERO, name)
        });
        let span = group.and_then(|group| captures.get_group(group));
        out.push_str(span.and_then(|span| text.get(span.range())).unwrap_or(""));
        rest = next;
    }
    out.push_str(rest);
}
