//! Regular expressions in JavaScript's dialect, which dashboards are written in.
//!
//! Lookahead, lookbehind and backreferences are there, so matching goes back and forth; [`STEPS`] bounds it.

mod compile;
mod exec;
mod parse;
#[cfg(test)]
mod tests;

use crate::error::Result;
use compile::Program;

/// Bounds: steps of one search; a pattern that needs more matches nothing, so that no dashboard can hold a
/// browser up.
const STEPS: usize = 200_000;

/// A regular expression.
#[derive(Debug, Clone)]
pub struct Regex {
    program: Program,
    global: bool,
}

/// Where a search found its pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captures {
    groups: Vec<Option<String>>,
    names: Vec<(String, usize)>,
    /// Bounds: half-open, in characters.
    span: (usize, usize),
}

impl Captures {
    /// The text of a group; 0 is the whole match.
    pub fn get(&self, group: usize) -> Option<&str> {
        self.groups.get(group)?.as_deref()
    }

    /// The text of a named group.
    pub fn name(&self, name: &str) -> Option<&str> {
        let (_, group) = self.names.iter().find(|(known, _)| known == name)?;
        self.get(*group)
    }

    /// Named groups that found something.
    pub fn named(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names
            .iter()
            .filter_map(|(name, group)| Some((name.as_str(), self.get(*group)?)))
    }

    /// How many groups there are, the whole match included.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether there is nothing; never so, for the whole match counts.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}

impl Regex {
    /// Compiles a pattern that may match anywhere in a text.
    ///
    /// # Errors
    /// [`Error::Pattern`](crate::Error::Pattern) if it is none.
    pub fn new(pattern: &str) -> Result<Self> {
        Self::with_flags(pattern, "")
    }

    /// Compiles a pattern with JavaScript's flags (`i`, `m`, `s`, `g`; others do nothing).
    ///
    /// # Errors
    /// [`Error::Pattern`](crate::Error::Pattern) if it is none.
    pub fn with_flags(pattern: &str, flags: &str) -> Result<Self> {
        let parsed = parse::parse(pattern)?;
        Ok(Self {
            program: compile::compile(&parsed, flags),
            global: flags.contains('g'),
        })
    }

    /// Compiles what dashboards write: `/pattern/flags`, or a bare pattern that must match the whole text.
    ///
    /// # Errors
    /// [`Error::Pattern`](crate::Error::Pattern) if it is none.
    pub fn from_slashed(text: &str) -> Result<Self> {
        match split_slashes(text) {
            Some((pattern, flags)) => Self::with_flags(pattern, flags),
            None => Self::new(&format!("^{text}$")),
        }
    }

    /// Whether the pattern is somewhere in `text`.
    pub fn is_match(&self, text: &str) -> bool {
        self.find(text).is_some()
    }

    /// Whether all matches are meant (flag `g`).
    pub fn is_global(&self) -> bool {
        self.global
    }

    /// How many groups the pattern has, the whole match not counted.
    pub fn groups(&self) -> usize {
        self.program.groups
    }

    /// The first match.
    pub fn find(&self, text: &str) -> Option<Captures> {
        let chars: Vec<char> = text.chars().collect();
        self.program.find(&chars, 0)
    }

    /// All matches, first to last, none overlapping.
    pub fn find_all(&self, text: &str) -> Vec<Captures> {
        let chars: Vec<char> = text.chars().collect();
        let mut found = Vec::new();
        let mut from = 0;
        while from <= chars.len() {
            let Some(captures) = self.program.find(&chars, from) else {
                break;
            };
            // An empty match moves on by one, or it would be found for ever.
            from = captures.span.1.max(captures.span.0 + 1).max(from);
            if captures.span.0 == captures.span.1 {
                from = captures.span.1 + 1;
            }
            found.push(captures);
        }
        found
    }

    /// `text` with the first match (all, with flag `g`) replaced; `$1`, `$&`, `$$` and `$<name>` in the
    /// replacement stand for groups.
    pub fn replace(&self, text: &str, replacement: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        let matches = if self.global {
            self.find_all(text)
        } else {
            self.find(text).into_iter().collect()
        };
        let mut out = String::new();
        let mut copied = 0;
        for captures in &matches {
            out.extend(chars.iter().take(captures.span.0).skip(copied));
            expand(captures, replacement, &mut out);
            copied = captures.span.1;
        }
        out.extend(chars.iter().skip(copied));
        out
    }
}

/// Splits `/pattern/flags`.
pub(crate) fn split_slashes(text: &str) -> Option<(&str, &str)> {
    let (pattern, flags) = text.strip_prefix('/')?.rsplit_once('/')?;
    flags
        .chars()
        .all(|flag| "gimsuyd".contains(flag))
        .then_some((pattern, flags))
}

/// `text` with every character that means something in a pattern escaped.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\^$.*+?()[]{}|/".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn expand(captures: &Captures, replacement: &str, out: &mut String) {
    let mut rest = replacement;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('&') {
            out.push_str(captures.get(0).unwrap_or_default());
            rest = after;
        } else if let Some((name, after)) = rest
            .strip_prefix('<')
            .and_then(|named| named.split_once('>'))
        {
            out.push_str(captures.name(name).unwrap_or_default());
            rest = after;
        } else {
            let digits = rest
                .chars()
                .take(2)
                .take_while(char::is_ascii_digit)
                .count();
            // `$12` is the first group and a 2 where there are fewer than twelve.
            let known = (1..=digits).rev().find_map(|length| {
                let (number, after) = rest.split_at(length);
                let group = number.parse::<usize>().ok()?;
                (group > 0 && group < captures.len()).then_some((group, after))
            });
            match known {
                Some((group, after)) => {
                    out.push_str(captures.get(group).unwrap_or_default());
                    rest = after;
                }
                None => out.push('$'),
            }
        }
    }
    out.push_str(rest);
}
