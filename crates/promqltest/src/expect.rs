//! What must come out of a case.

use crate::ScriptError;
use crate::command::millis;
use crate::error::Result;
use crate::notation::{self, Described};
use promql_syntax::ExprKind;
use regex_automata::meta::Regex;
use std::fmt;

/// A text that must be said.
#[derive(Debug, Clone)]
pub(crate) enum Wanted {
    Any,
    Message(String),
    Pattern(String, Regex),
}

impl Wanted {
    /// Whether `text` is what is wanted.
    pub(crate) fn fits(&self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Message(message) => message == text,
            Self::Pattern(_, regex) => regex.is_match(text),
        }
    }

    fn read(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::Any);
        }
        if let Some(message) = text.strip_prefix("msg:") {
            return Some(Self::Message(message.trim().to_owned()));
        }
        text.strip_prefix("regex:").and_then(Self::pattern)
    }

    fn pattern(text: &str) -> Option<Self> {
        let pattern = text.trim();
        let regex = Regex::new(pattern).ok()?;
        Some(Self::Pattern(pattern.to_owned(), regex))
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("anything"),
            Self::Message(message) => write!(f, "`{message}`"),
            Self::Pattern(pattern, _) => write!(f, "a match of `{pattern}`"),
        }
    }
}

/// Notes of one level that must, or must not, be there.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// Each must fit a note; if there is any, each note must fit one.
    pub(crate) wanted: Vec<Wanted>,
    /// There must be a note (an old form).
    pub(crate) some: bool,
    /// There must be none.
    pub(crate) none: bool,
}

/// What must come out.
#[derive(Debug, Default)]
pub(crate) struct Expect {
    pub(crate) fail: Option<Wanted>,
    pub(crate) warnings: Notes,
    pub(crate) infos: Notes,
    pub(crate) ordered: bool,
    pub(crate) string: Option<String>,
    /// Times of the samples of a range vector: first, last, distance.
    pub(crate) matrix: Option<(i64, i64, i64)>,
    pub(crate) scalar: Option<f64>,
    pub(crate) series: Vec<Described>,
}

impl Expect {
    /// A failure, whatever it says.
    pub(crate) fn failing() -> Self {
        Self {
            fail: Some(Wanted::Any),
            ..Self::default()
        }
    }

    /// A warning, whatever it says.
    pub(crate) fn warning() -> Self {
        let mut expect = Self::default();
        expect.warnings.some = true;
        expect
    }

    /// An info, whatever it says.
    pub(crate) fn informing() -> Self {
        let mut expect = Self::default();
        expect.infos.some = true;
        expect
    }

    /// A result in this order.
    pub(crate) fn ordering() -> Self {
        Self {
            ordered: true,
            ..Self::default()
        }
    }

    /// Takes in a line below an `eval`.
    pub(crate) fn read(&mut self, line: &str) -> Result<()> {
        let bad = || ScriptError::BadExpectation(line.to_owned());
        if let Some(text) = line.strip_prefix("expected_fail_message") {
            self.fail = Some(Wanted::Message(text.trim().to_owned()));
            return Ok(());
        }
        if let Some(text) = line.strip_prefix("expected_fail_regexp") {
            self.fail = Some(Wanted::pattern(text).ok_or_else(bad)?);
            return Ok(());
        }
        if let Some(rest) = line.strip_prefix("expect ") {
            return self.read_expect(rest.trim()).ok_or_else(bad)?;
        }
        match number(line) {
            Some(value) => self.scalar = Some(value),
            None => self.series.push(notation::parse(line)?),
        }
        Ok(())
    }

    fn read_expect(&mut self, text: &str) -> Option<Result<()>> {
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim();
        match word {
            "fail" if matches!(self.fail, None | Some(Wanted::Any)) => {
                self.fail = Some(Wanted::read(rest)?);
            }
            "warn" if !self.warnings.none => self.warnings.wanted.push(Wanted::read(rest)?),
            "info" if !self.infos.none => self.infos.wanted.push(Wanted::read(rest)?),
            "no_warn" if self.warnings.wanted.is_empty() => self.warnings.none = true,
            "no_info" if self.infos.wanted.is_empty() => self.infos.none = true,
            "ordered" if rest.is_empty() => self.ordered = true,
            "string" => match promql_syntax::parse(rest).ok()?.kind {
                ExprKind::String(text) => self.string = Some(text),
                _ => return None,
            },
            "range" => match rest.split_whitespace().collect::<Vec<_>>()[..] {
                ["vector", "from", from, "to", to, "step", step] => {
                    let times = || Ok((millis(from)?, millis(to)?, millis(step)?));
                    match times() {
                        Ok(times) => self.matrix = Some(times),
                        Err(error) => return Some(Err(error)),
                    }
                }
                _ => return None,
            },
            _ => return None,
        }
        Some(Ok(()))
    }
}

/// A line that is a number and nothing else.
pub(crate) fn number(line: &str) -> Option<f64> {
    let expr = model::parse_value(line);
    expr.ok().or_else(|| {
        // The literals of the language know more forms: hexadecimal, `_` between digits.
        let is_number = line.starts_with(|c: char| c.is_ascii_digit());
        match promql_syntax::parse(line).ok().filter(|_| is_number)?.kind {
            ExprKind::Number(number) if !number.duration => Some(number.value),
            _ => None,
        }
    })
}
