//! A place in a line, moving right.

use crate::Reason;
use std::borrow::Cow;

/// Reads one text from left to right.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self { rest: text }
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    pub(crate) fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or(&[]);
    }

    /// Takes the next `bytes` bytes, or what is left.
    pub(crate) fn take(&mut self, bytes: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(bytes.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    pub(crate) fn eat(&mut self, byte: u8) -> bool {
        let here = self.peek() == Some(byte);
        if here {
            self.skip(1);
        }
        here
    }

    /// Skips spaces and tabs; tells how many.
    pub(crate) fn skip_blanks(&mut self) -> usize {
        let blanks = self.rest.iter().take_while(|byte| is_blank(**byte)).count();
        self.skip(blanks);
        blanks
    }

    /// Takes everything up to a blank or the end.
    pub(crate) fn word(&mut self) -> &'a [u8] {
        let end = self
            .rest
            .iter()
            .position(|byte| is_blank(*byte))
            .unwrap_or(self.rest.len());
        self.take(end)
    }

    pub(crate) fn expected(&self, expected: &'static str) -> Reason {
        expected_in(expected, self.rest)
    }

    /// Takes a name without quotes: `[a-zA-Z_][a-zA-Z0-9_]*`, in metric names with colons.
    pub(crate) fn name(&mut self, colons: Colons) -> Option<&'a str> {
        let inside = |byte: u8| {
            byte.is_ascii_alphanumeric()
                || byte == b'_'
                || (byte == b':' && colons == Colons::Allowed)
        };
        if self.peek().is_none_or(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let end = self
            .rest
            .iter()
            .position(|byte| !inside(*byte))
            .unwrap_or(self.rest.len());
        if end == 0 {
            return None;
        }
        // Nothing but ASCII was let through.
        std::str::from_utf8(self.take(end)).ok()
    }

    /// Takes a text in double quotes and undoes its escapes: `\\`, `\"`, `\n`; a backslash before
    /// anything else stays.
    pub(crate) fn quoted(&mut self, what: &'static str) -> Result<Cow<'a, str>, Reason> {
        let begin = self.rest;
        if !self.eat(b'"') {
            return Err(self.expected(what));
        }
        let length = closing_quote(self.rest).ok_or_else(|| expected_in("closing quote", begin))?;
        let inside = self.take(length);
        self.skip(1);
        unescape(inside, Quotes::Escaped, what)
    }
}

/// Whether a name may hold colons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colons {
    /// As in metric names.
    Allowed,
    /// As in label names.
    Refused,
}

/// Whether `\"` means a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quotes {
    /// As in label values and OpenMetrics' help.
    Escaped,
    /// As in text 0.0.4's help, where the backslash stays.
    Plain,
}

pub(crate) fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// Bytes before the quote that ends a quoted text.
pub(crate) fn closing_quote(text: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr::memchr2(b'"', b'\\', text.get(from..)?)?;
        if text.get(at) == Some(&b'"') {
            return Some(at);
        }
        from = at + 2;
    }
}

pub(crate) fn expected_in(expected: &'static str, rest: &[u8]) -> Reason {
    const SHOWN: usize = 40;
    let line = rest.split(|byte| *byte == b'\n').next().unwrap_or(&[]);
    let got = if line.is_empty() {
        "end of line".to_owned()
    } else {
        let shown = String::from_utf8_lossy(line.get(..SHOWN).unwrap_or(line)).into_owned();
        if line.len() > SHOWN {
            format!("{shown}...")
        } else {
            shown
        }
    };
    Reason::Expected { expected, got }
}

pub(crate) fn utf8<'a>(text: &'a [u8], what: &'static str) -> Result<&'a str, Reason> {
    std::str::from_utf8(text).map_err(|_| Reason::InvalidUtf8 { what })
}

/// Undoes the escapes of a label value or help text.
pub(crate) fn unescape<'a>(
    text: &'a [u8],
    quotes: Quotes,
    what: &'static str,
) -> Result<Cow<'a, str>, Reason> {
    let text = utf8(text, what)?;
    if memchr::memchr(b'\\', text.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(text));
    }
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => out.push('\n'),
            Some('"') if quotes == Quotes::Escaped => out.push('"'),
            None | Some('\\') => out.push('\\'),
            Some(other) => out.extend(['\\', other]),
        }
    }
    Ok(Cow::Owned(out))
}
