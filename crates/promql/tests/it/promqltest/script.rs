//! Scripts, read into commands.

use super::notation::{self, Described};
use model::{DurationMs, Labels};

/// One command of a script.
#[derive(Debug)]
pub(crate) enum Command {
    /// Forget all series.
    Clear,
    /// Store series, one slot per step from time 0.
    Load {
        step: i64,
        series: Vec<Described>,
        start_times: bool,
        convert: bool,
    },
    /// Evaluate and compare.
    Eval(Box<Case>),
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
    pub(crate) line: usize,
    pub(crate) when: When,
    pub(crate) expr: String,
    pub(crate) expect: Expect,
}

/// A text that must, or must not, be said.
#[derive(Debug, Clone)]
pub(crate) enum Wanted {
    Any,
    Message(String),
    Regex(String),
}

/// What must come out.
#[derive(Debug, Default)]
pub(crate) struct Expect {
    pub(crate) fail: Option<Wanted>,
    pub(crate) warn: Vec<Wanted>,
    pub(crate) info: Vec<Wanted>,
    pub(crate) no_warn: bool,
    pub(crate) no_info: bool,
    pub(crate) ordered: bool,
    pub(crate) string: Option<String>,
    /// Times of the samples of a range vector: first, last, distance.
    pub(crate) matrix: Option<(i64, i64, i64)>,
    pub(crate) scalar: Option<f64>,
    pub(crate) series: Vec<Described>,
}

/// Reads a script.
pub(crate) fn parse(text: &str) -> Result<Vec<Command>, String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut commands = Vec::new();
    let mut at = 0;
    while let Some(head) = lines.get(at).map(|line| line.trim()) {
        let number = at + 1;
        at += 1;
        if head.is_empty() || head.starts_with('#') {
            continue;
        }
        let mut body = Vec::new();
        if head.starts_with("load") || head.starts_with("eval") {
            while let Some(line) = lines.get(at).map(|line| line.trim()) {
                let next = ["eval ", "eval_", "load ", "load_with_nhcb ", "clear"];
                if line.is_empty() || next.iter().any(|word| line.starts_with(word)) {
                    break;
                }
                at += 1;
                if !line.starts_with('#') {
                    body.push(line);
                }
            }
        }
        let command = match head.split_whitespace().next() {
            Some("clear") => Ok(Command::Clear),
            Some("load" | "load_with_nhcb") => parse_load(head, &body),
            Some(word) if word.starts_with("eval") => parse_eval(number, head, &body),
            _ => Err(format!("unknown command `{head}`")),
        };
        commands.push(command.map_err(|error| format!("line {number}: {error}"))?);
    }
    Ok(commands)
}

fn millis(text: &str) -> Result<i64, String> {
    if let Some(positive) = text.strip_prefix('-') {
        return Ok(-millis(positive)?);
    }
    if let Ok(seconds) = text.parse::<f64>() {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "test scripts hold small times"
        )]
        return Ok((seconds * 1000.0).round() as i64);
    }
    text.parse::<DurationMs>()
        .map(|d| d.0)
        .map_err(|error| format!("`{text}`: {error}"))
}

fn parse_load(head: &str, body: &[&str]) -> Result<Command, String> {
    let (word, step) = head
        .split_once(char::is_whitespace)
        .ok_or("load needs a step")?;
    let start_times = body.iter().any(|line| line.contains("@st"));
    let all: Vec<Described> = body
        .iter()
        .filter(|line| !line.contains("@st"))
        .map(|line| notation::parse(line))
        .collect::<Result<_, _>>()?;
    // Of two lines for one series the later one counts.
    let series = all
        .iter()
        .enumerate()
        .filter(|(at, one)| {
            !all.iter()
                .skip(at + 1)
                .any(|other| other.labels == one.labels)
        })
        .map(|(_, one)| one.clone())
        .collect();
    let convert = word == "load_with_nhcb";
    Ok(Command::Load {
        step: millis(step.trim())?,
        series,
        start_times,
        convert,
    })
}

fn take<'a>(text: &mut &'a str) -> Result<&'a str, String> {
    let trimmed = text.trim_start();
    let (word, rest) = trimmed
        .split_once(char::is_whitespace)
        .unwrap_or((trimmed, ""));
    *text = rest;
    if word.is_empty() {
        Err("line is too short".to_owned())
    } else {
        Ok(word)
    }
}

fn parse_eval(line: usize, head: &str, body: &[&str]) -> Result<Command, String> {
    let mut rest = head;
    let word = take(&mut rest)?;
    let mut expect = Expect::default();
    match word {
        "eval" => {}
        "eval_fail" => expect.fail = Some(Wanted::Any),
        "eval_warn" => expect.warn.push(Wanted::Any),
        "eval_info" => expect.info.push(Wanted::Any),
        "eval_ordered" => expect.ordered = true,
        other => return Err(format!("unknown command `{other}`")),
    }
    let kind = take(&mut rest)?;
    let mut timed = |keyword: &str| -> Result<i64, String> {
        let found = take(&mut rest)?;
        if found != keyword {
            return Err(format!("expected `{keyword}`, found `{found}`"));
        }
        millis(take(&mut rest)?)
    };
    let when = match kind {
        "instant" => When::Instant(timed("at")?),
        "range" => When::Range {
            start: timed("from")?,
            end: timed("to")?,
            step: timed("step")?,
        },
        other => return Err(format!("unknown kind of evaluation `{other}`")),
    };
    for line in body {
        parse_expectation(line, &mut expect)?;
    }
    Ok(Command::Eval(Box::new(Case {
        line,
        when,
        expr: rest.trim().to_owned(),
        expect,
    })))
}

fn parse_expectation(line: &str, expect: &mut Expect) -> Result<(), String> {
    if let Some(rest) = line.strip_prefix("expect ") {
        return parse_expect(rest.trim(), expect);
    }
    if let Some(text) = line.strip_prefix("expected_fail_message ") {
        expect.fail = Some(Wanted::Message(text.trim().to_owned()));
        return Ok(());
    }
    if let Ok(value) = model::parse_value(line) {
        expect.scalar = Some(value);
        return Ok(());
    }
    // A list of values without labels belongs to the series without labels.
    let described = if line.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+') {
        Described {
            labels: Labels::empty(),
            slots: notation::parse_slots(line)?,
        }
    } else {
        notation::parse(line)?
    };
    expect.series.push(described);
    Ok(())
}

fn parse_expect(text: &str, expect: &mut Expect) -> Result<(), String> {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim();
    let wanted = || match (rest.strip_prefix("msg:"), rest.strip_prefix("regex:")) {
        (Some(message), _) => Wanted::Message(message.trim().to_owned()),
        (_, Some(regex)) => Wanted::Regex(regex.trim().to_owned()),
        _ => Wanted::Any,
    };
    match word {
        "fail" => expect.fail = Some(wanted()),
        "warn" => expect.warn.push(wanted()),
        "info" => expect.info.push(wanted()),
        "no_warn" => expect.no_warn = true,
        "no_info" => expect.no_info = true,
        "ordered" => expect.ordered = true,
        "string" => {
            let literal = promql_syntax::parse(rest).map_err(|error| error.to_string())?;
            match literal.kind {
                promql_syntax::ExprKind::String(text) => expect.string = Some(text),
                _ => return Err(format!("no string: {rest}")),
            }
        }
        "range" => {
            let words: Vec<&str> = rest.split_whitespace().collect();
            match words[..] {
                ["vector", "from", from, "to", to, "step", step] => {
                    expect.matrix = Some((millis(from)?, millis(to)?, millis(step)?));
                }
                _ => return Err(format!("unknown expectation `{text}`")),
            }
        }
        _ => return Err(format!("unknown expectation `{text}`")),
    }
    Ok(())
}
