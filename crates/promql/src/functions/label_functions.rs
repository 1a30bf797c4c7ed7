//! Labels made from labels.

use super::arg;
use crate::eval::Evaluator;
use crate::grid::Grid;
use crate::series::Sink;
use crate::{Error, Result};
use model::{Labels, METRIC_NAME};
use promql_syntax::Call;
use regex_automata::meta::Regex;
use regex_automata::util::captures::Captures;
use regex_automata::util::syntax;

/// `label_replace(v, dst, replacement, src, regex)`.
pub(super) fn replace(ev: &Evaluator<'_>, call: &Call, grid: Grid, sink: Sink<'_>) -> Result<()> {
    let text = |index: usize| Evaluator::string(arg(call, index)?);
    let (target, replacement, source, pattern) = (text(1)?, text(2)?, text(3)?, text(4)?);
    let regex = compile(pattern)?;
    check_target("label_replace", target)?;
    let mut captures = regex.create_captures();
    change_labels(ev, call, (grid, target), sink, &mut |labels| {
        let value = labels.get(source).unwrap_or("");
        regex.captures(value, &mut captures);
        captures
            .is_match()
            .then(|| expand(replacement, value, &captures))
    })
}

/// `label_join(v, dst, separator, src...)`.
pub(super) fn join(ev: &Evaluator<'_>, call: &Call, grid: Grid, sink: Sink<'_>) -> Result<()> {
    let text = |index: usize| Evaluator::string(arg(call, index)?);
    let (target, separator) = (text(1)?, text(2)?);
    let mut sources = Vec::new();
    for index in 3..call.args.len() {
        sources.push(text(index)?);
    }
    check_target("label_join", target)?;
    change_labels(ev, call, (grid, target), sink, &mut |labels| {
        let values: Vec<&str> = sources
            .iter()
            .map(|name| labels.get(name).unwrap_or(""))
            .collect();
        Some(values.join(separator))
    })
}

/// Sets the label `target` of every series for which `value` gives something.
fn change_labels(
    ev: &Evaluator<'_>,
    call: &Call,
    (grid, target): (Grid, &str),
    sink: Sink<'_>,
    value: &mut dyn FnMut(&Labels) -> Option<String>,
) -> Result<()> {
    let mut table = ev.table(arg(call, 0)?, grid)?;
    let mut more = 0;
    for series in &mut table.series {
        ev.budget.work(1 + series.labels.heap_bytes())?;
        if let Some(value) = value(&series.labels) {
            // A call in a call can double the length of a text each time.
            ev.budget.hold_bytes(value.len())?;
            more += value.len();
            series.labels = series.labels.to_builder().set(target, &value).build();
            series.drop_name &= target != METRIC_NAME;
        }
    }
    table.join_same()?;
    table.drain_into(sink)?;
    ev.budget.release_bytes(more);
    Ok(())
}

/// Texts that hold the replacement character came from bytes that are no text.
fn check_target(function: &'static str, name: &str) -> Result<()> {
    if name.is_empty() || name.contains(char::REPLACEMENT_CHARACTER) {
        return Err(Error::BadDestination {
            function,
            name: name.to_owned(),
        });
    }
    Ok(())
}

fn compile(pattern: &str) -> Result<Regex> {
    let bad = || Error::BadReplaceRegex(pattern.to_owned());
    let syntax = syntax::Config::new().dot_matches_new_line(true);
    syntax::parse_with(pattern, &syntax).map_err(|_| bad())?;
    Regex::builder()
        .configure(Regex::config().nfa_size_limit(Some(10 << 20)))
        .syntax(syntax)
        .build(&format!("^(?:{pattern})$"))
        .map_err(|_| bad())
}

/// Replaces `$1`, `$name`, `${name}` by what they captured, and `$$` by `$`.
fn expand(template: &str, value: &str, captures: &Captures) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('$') {
        out.push_str(rest.get(..at).unwrap_or(""));
        rest = rest.get(at + 1..).unwrap_or("");
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
            continue;
        }
        let Some((name, after)) = reference(rest) else {
            out.push('$');
            continue;
        };
        rest = after;
        let group = match name.parse::<usize>() {
            Ok(index) => captures.get_group(index),
            Err(_) => captures.get_group_by_name(name),
        };
        if let Some(group) = group {
            out.push_str(value.get(group.range()).unwrap_or(""));
        }
    }
    out.push_str(rest);
    out
}

/// The name after a `$`, and what follows it.
fn reference(text: &str) -> Option<(&str, &str)> {
    if let Some(braced) = text.strip_prefix('{') {
        let (name, after) = braced.split_once('}')?;
        let word = |c: char| c.is_alphanumeric() || c == '_';
        return (!name.is_empty() && name.chars().all(word)).then_some((name, after));
    }
    let length: usize = text
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .map(char::len_utf8)
        .sum();
    (length > 0).then(|| text.split_at(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_expand_as_in_go() {
        let regex = compile("(?P<first>[a-z]+)-([0-9]+)").unwrap();
        let mut captures = regex.create_captures();
        regex.captures("ab-12", &mut captures);
        for (template, expected) in [
            ("$2", "12"),
            ("${first}x", "abx"),
            ("$firstx", ""),
            ("$$1", "$1"),
            ("a$", "a$"),
            ("$9", ""),
            ("${2", "${2"),
        ] {
            assert_eq!(expand(template, "ab-12", &captures), expected, "{template}");
        }
    }
}
