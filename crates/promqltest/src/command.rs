//! Scripts, read into commands.

use crate::ScriptError;
use crate::error::Result;
use crate::expect::{self, Expect};
use crate::notation::{self, Described};
use crate::starts::{self, Starts};
use model::DurationMs;

/// One command of a script.
#[derive(Debug)]
pub(crate) enum Command {
    /// Forget all series.
    Clear,
    /// Store series.
    Load(Load),
    /// Evaluate and compare.
    Eval(Box<Case>),
}

/// Series to store, one slot per step from time 0.
#[derive(Debug)]
pub(crate) struct Load {
    /// Units: milliseconds.
    pub(crate) step: i64,
    pub(crate) series: Vec<(Described, Option<Starts>)>,
    /// Whether classic histograms are stored as native ones, too.
    pub(crate) with_native: bool,
}

/// The steps of a case. Units: milliseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum When {
    Instant(i64),
    Range { start: i64, end: i64, step: i64 },
}

/// One evaluation with what must come out.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) when: When,
    pub(crate) expr: String,
    pub(crate) expect: Expect,
}

/// A command with its place in the script.
#[derive(Debug)]
pub(crate) struct Placed {
    /// Counted from 1.
    pub(crate) line: usize,
    /// First line of the command.
    pub(crate) head: String,
    pub(crate) command: Result<Command>,
}

/// Reads a script; what cannot be read is left out up to the next blank line.
pub(crate) fn parse(text: &str) -> Vec<Placed> {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .map(|line| if line.starts_with('#') { "" } else { line })
        .collect();
    let mut commands = Vec::new();
    let mut numbered = lines.iter().zip(1..).peekable();
    while let Some((head, line)) = numbered.next() {
        if head.is_empty() {
            continue;
        }
        let word = head.split_whitespace().next().unwrap_or("");
        let word = word.to_ascii_lowercase();
        let mut body = Vec::new();
        let is_eval = word.starts_with("eval");
        if is_eval || word.starts_with("load") {
            let ended = |body: &[&str]| is_eval && body.last().is_some_and(|line| ends(line));
            while let Some((next, _)) = numbered
                .next_if(|(next, _)| !next.is_empty() && !starts_command(next) && !ended(&body))
            {
                body.push(*next);
            }
        }
        let command = match word.as_str() {
            "clear" => Ok(Command::Clear),
            _ if is_eval => parse_eval(head, &body),
            _ if word.starts_with("load") => parse_load(head, &body),
            _ => Err(ScriptError::UnknownCommand((*head).to_owned())),
        };
        commands.push(Placed {
            line,
            head: (*head).to_owned(),
            command,
        });
    }
    commands
}

/// Whether nothing can follow an expectation: a scalar, or the message of an old form.
fn ends(line: &str) -> bool {
    line.starts_with("expected_fail_") || expect::number(line).is_some()
}

/// Whether a line without a blank one before it begins a command.
fn starts_command(line: &str) -> bool {
    let heads = [
        "eval instant ",
        "eval range ",
        "eval_",
        "load ",
        "load_with_nhcb ",
    ];
    line == "clear" || heads.iter().any(|head| line.starts_with(head))
}

/// A moment or a length. Units: milliseconds.
pub(crate) fn millis(text: &str) -> Result<i64> {
    let bad = || ScriptError::BadDuration(text.to_owned());
    if let Some(positive) = text.strip_prefix('-') {
        return Ok(-millis(positive)?);
    }
    if let Ok(seconds) = text.parse::<f64>() {
        #[expect(clippy::cast_possible_truncation, reason = "float casts saturate")]
        return Ok((seconds * 1000.0).round() as i64);
    }
    text.parse::<DurationMs>().map(|d| d.0).map_err(|_| bad())
}

fn parse_load(head: &str, body: &[&str]) -> Result<Command> {
    let words: Vec<&str> = head.split_whitespace().collect();
    let (with_native, step) = match words[..] {
        ["load", step] => (false, millis(step)?),
        ["load_with_nhcb", step] => (true, millis(step)?),
        _ => {
            return Err(ScriptError::BadForm {
                command: head.to_owned(),
                form: "load[_with_nhcb] <step>",
            });
        }
    };
    let mut series: Vec<(Described, Option<Starts>)> = Vec::new();
    let mut pending: Option<(&str, Starts)> = None;
    let stray = |line: &str| ScriptError::StrayStarts(line.to_owned());
    for line in body {
        if let Some(starts) = starts::parse(line) {
            if let Some((before, _)) = pending {
                return Err(stray(before));
            }
            pending = Some((line, starts?));
            continue;
        }
        let described = notation::parse(line)?;
        let starts = match pending.take() {
            Some((line, starts)) => {
                let fits = starts.labels == described.labels
                    && starts.offsets.len() == described.slots.len();
                if !fits {
                    return Err(stray(line));
                }
                Some(starts)
            }
            None => None,
        };
        // Of two lines for one series the later one counts.
        series.retain(|(have, _)| have.labels != described.labels);
        series.push((described, starts));
    }
    match pending {
        Some((line, _)) => Err(stray(line)),
        None => Ok(Command::Load(Load {
            step,
            series,
            with_native,
        })),
    }
}

fn take<'a>(text: &mut &'a str) -> Option<&'a str> {
    let trimmed = text.trim_start();
    let (word, rest) = trimmed
        .split_once(char::is_whitespace)
        .unwrap_or((trimmed, ""));
    *text = rest;
    (!word.is_empty()).then_some(word)
}

fn parse_eval(head: &str, body: &[&str]) -> Result<Command> {
    let bad = || ScriptError::BadForm {
        command: head.to_owned(),
        form: "eval instant at <time> <expression>` or `eval range from <start> to <end> step <step> <expression>",
    };
    let mut rest = head;
    let mut expect = match take(&mut rest) {
        Some("eval") => Expect::default(),
        Some("eval_fail") => Expect::failing(),
        Some("eval_warn") => Expect::warning(),
        Some("eval_info") => Expect::informing(),
        Some("eval_ordered") => Expect::ordering(),
        _ => return Err(bad()),
    };
    let kind = take(&mut rest);
    let mut timed = |keyword: &str| {
        if take(&mut rest) == Some(keyword) {
            millis(take(&mut rest).ok_or_else(bad)?)
        } else {
            Err(bad())
        }
    };
    let when = match kind {
        Some("instant") => When::Instant(timed("at")?),
        Some("range") => {
            let (start, end, step) = (timed("from")?, timed("to")?, timed("step")?);
            if end < start {
                return Err(bad());
            }
            When::Range { start, end, step }
        }
        _ => return Err(bad()),
    };
    let expr = rest.trim();
    if expr.is_empty() {
        return Err(bad());
    }
    for line in body {
        expect.read(line)?;
    }
    if let (When::Instant(_), None) = (when, expect.matrix)
        && let Some(several) = expect.series.iter().find(|one| one.slots.len() != 1)
    {
        return Err(ScriptError::SeveralValues(several.labels.to_string()));
    }
    Ok(Command::Eval(Box::new(Case {
        when,
        expr: expr.to_owned(),
        expect,
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_end_at_blank_lines_and_comments() {
        let script = "load 1m\n  a 1\n  b@st -1m\n  b 1\n\neval instant at 1m a\n  a 1\n# more\neval range from 0 to 1m step 1m a\n  a 1 1\nclear\n";
        let commands = parse(script);
        assert_eq!(
            commands.iter().map(|c| c.line).collect::<Vec<_>>(),
            [1, 6, 9, 11]
        );
        assert!(commands.iter().all(|placed| placed.command.is_ok()));
    }

    #[test]
    fn bad_commands_are_told_apart() {
        for script in [
            "load\n  a 1",
            "load 1m\n  a@st -1m",
            "load 1m\n  a@st -1m\n  a 1 2",
            "load 1m\n  a@st -1m\n  b 1",
            "eval instant 1m a",
            "eval range from 1m to 0 step 1m a",
            "eval instant at 1m a\n  a 1 2",
            "eval instant at 1m a\n  expect nothing",
            "evil instant at 1m a",
        ] {
            assert!(
                parse(script).iter().any(|placed| placed.command.is_err()),
                "{script}"
            );
        }
    }
}
