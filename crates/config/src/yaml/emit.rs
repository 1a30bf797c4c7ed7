//! Values to text, laid out and quoted as Prometheus' YAML library does it.
//!
//! Source: the behaviour of go-yaml 2 (line width 80, lists not indented below their key).

use std::fmt::{Display, Write};

const WIDTH: usize = 80;

/// A value to write.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// A text, quoted where it would read back as something else.
    Text(String),
    /// A number, switch or other word that is never quoted.
    Word(String),
    /// A list, one item per line.
    List(Vec<Value>),
    /// A list of texts on one line.
    Inline(Vec<String>),
    /// A mapping.
    Map(Section),
}

/// A mapping to write. Ordering: of writing.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Section(Vec<(String, Value)>);

impl Section {
    /// Writes a field.
    pub(crate) fn put(&mut self, name: &str, value: Value) {
        self.0.push((name.to_owned(), value));
    }

    /// Writes a number, switch or duration.
    pub(crate) fn word(&mut self, name: &str, value: impl Display) {
        self.put(name, Value::Word(value.to_string()));
    }

    /// Writes a number that is not 0, a switch that is on.
    pub(crate) fn word_unless<T: Display + PartialEq>(&mut self, name: &str, value: T, usual: &T) {
        if value != *usual {
            self.word(name, value);
        }
    }

    /// Writes a text.
    pub(crate) fn text(&mut self, name: &str, value: &str) {
        self.put(name, Value::Text(value.to_owned()));
    }

    /// Writes a text that is not empty.
    pub(crate) fn some_text(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.text(name, value);
        }
    }

    /// Writes a list of texts that is not empty.
    pub(crate) fn some_texts(&mut self, name: &str, values: &[String]) {
        if !values.is_empty() {
            let values = values.iter().cloned().map(Value::Text).collect();
            self.put(name, Value::List(values));
        }
    }

    /// Writes a mapping of texts that is not empty.
    pub(crate) fn some_pairs<'p>(
        &mut self,
        name: &str,
        pairs: impl IntoIterator<Item = (&'p str, &'p str)>,
    ) {
        let mut section = Self::default();
        for (key, value) in pairs {
            section.text(key, value);
        }
        self.some_section(name, section);
    }

    /// Writes a list that is not empty.
    pub(crate) fn some_list(&mut self, name: &str, items: Vec<Value>) {
        if !items.is_empty() {
            self.put(name, Value::List(items));
        }
    }

    /// Writes a mapping that is not empty.
    pub(crate) fn some_section(&mut self, name: &str, section: Self) {
        if !section.0.is_empty() {
            self.put(name, Value::Map(section));
        }
    }

    /// Writes the fields of `other` as if they were of this mapping.
    pub(crate) fn inline(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The document.
    pub(crate) fn render(&self) -> String {
        let mut out = String::new();
        if self.0.is_empty() {
            return "{}\n".to_owned();
        }
        map(&mut out, self, 0);
        out
    }
}

/// Writes the entries of a mapping; the first one goes on where the line stands.
fn map(out: &mut String, section: &Section, indent: usize) {
    for (index, (name, value)) in section.0.iter().enumerate() {
        if index > 0 {
            pad(out, indent);
        }
        out.push_str(&scalar(name, usize::MAX, 0, false));
        out.push(':');
        match value {
            Value::Map(inner) if !inner.0.is_empty() => {
                out.push('\n');
                pad(out, indent + 2);
                map(out, inner, indent + 2);
            }
            Value::List(items) if !items.is_empty() => {
                out.push('\n');
                list(out, items, indent);
            }
            simple => simple_value(out, simple, indent),
        }
    }
}

fn list(out: &mut String, items: &[Value], indent: usize) {
    for item in items {
        pad(out, indent);
        out.push('-');
        match item {
            Value::Map(section) if !section.0.is_empty() => {
                out.push(' ');
                map(out, section, indent + 2);
            }
            Value::List(inner) if !inner.is_empty() => {
                out.push('\n');
                list(out, inner, indent + 2);
            }
            simple => simple_value(out, simple, indent),
        }
    }
}

/// Writes what has no lines of its own, and ends the line.
fn simple_value(out: &mut String, value: &Value, indent: usize) {
    out.push(' ');
    let column = out.len() - out.rfind('\n').map_or(0, |at| at + 1);
    match value {
        Value::Text(text) => out.push_str(&scalar(text, column, indent + 2, false)),
        Value::Word(word) => out.push_str(word),
        Value::Inline(texts) => {
            let texts: Vec<String> = texts
                .iter()
                .map(|text| scalar(text, usize::MAX, 0, true))
                .collect();
            out.push('[');
            out.push_str(&texts.join(", "));
            out.push(']');
        }
        Value::List(_) => out.push_str("[]"),
        Value::Map(_) => out.push_str("{}"),
    }
    out.push('\n');
}

fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// A text that begins at `column` (`usize::MAX` where lines must not be broken), its further lines at
/// `indent`.
fn scalar(text: &str, column: usize, indent: usize, in_flow: bool) -> String {
    let special = text.chars().any(|c| c.is_control() && c != '\n') || text.contains('\u{feff}');
    if special || means_something(text) {
        return double_quoted(text);
    }
    if text.contains('\n') {
        let fits = column != usize::MAX && !text.starts_with(['\n', ' ']) && !text.ends_with(' ');
        return if fits {
            literal(text, indent)
        } else {
            double_quoted(text)
        };
    }
    if plain_allowed(text, in_flow) {
        fold(text, column, indent)
    } else {
        let quoted = format!("'{}'", text.replace('\'', "''"));
        fold(&quoted, column, indent)
    }
}

/// Breaks a text at the first single blank after each 80th column.
fn fold(text: &str, column: usize, indent: usize) -> String {
    if column == usize::MAX {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut column = column;
    let mut blank_before = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let alone = c == ' ' && !blank_before && characters.peek().is_some_and(|next| *next != ' ');
        if alone && column > WIDTH && !out.is_empty() {
            out.push('\n');
            pad(&mut out, indent);
            column = indent;
        } else {
            out.push(c);
            column += 1;
        }
        blank_before = c == ' ';
    }
    out
}

fn literal(text: &str, indent: usize) -> String {
    let mut out = "|".to_owned();
    match text.strip_suffix('\n') {
        None => out.push('-'),
        Some(rest) if rest.ends_with('\n') => out.push('+'),
        Some(_) => {}
    }
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        out.push('\n');
        if !line.is_empty() {
            pad(&mut out, indent);
            out.push_str(line);
        }
    }
    out
}

fn double_quoted(text: &str) -> String {
    let mut out = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{feff}' => out.push_str("\\uFEFF"),
            c if c.is_control() => {
                // Writing to a string does not fail.
                let _ = write!(out, "\\x{:02X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether the text, without quotes, would be a switch, a number, a null, a time of day or a date.
fn means_something(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let one_case = text == lower || text == text.to_ascii_uppercase() || is_title(text);
    let word = matches!(
        lower.as_str(),
        "y" | "yes"
            | "n"
            | "no"
            | "true"
            | "false"
            | "on"
            | "off"
            | "null"
            | ".nan"
            | ".inf"
            | "+.inf"
            | "-.inf"
    );
    (word && one_case) || matches!(text, "" | "~" | "<<") || is_number(text) || is_date(text)
}

fn is_title(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(char::is_uppercase) && characters.all(char::is_lowercase)
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let begins = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    if !begins {
        return false;
    }
    let bare = digits.replace('_', "");
    let radix = |prefix: &str, radix: u32| {
        bare.strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_digit(radix)))
    };
    let decimal =
        bare.parse::<f64>().is_ok() && bare.chars().all(|c| "0123456789.eE+-".contains(c));
    let sixty = digits.contains(':')
        && digits
            .split(':')
            .enumerate()
            .all(|(index, part)| is_sixtieth(part, index == 0));
    decimal || radix("0x", 16) || radix("0b", 2) || radix("0o", 8) || sixty
}

/// Part of a number to the base 60, such as `12:30`.
fn is_sixtieth(part: &str, first: bool) -> bool {
    let whole = part.split('.').next().unwrap_or(part);
    let digits = !whole.is_empty() && whole.chars().all(|c| c.is_ascii_digit() || c == '_');
    digits
        && (first
            || whole
                .parse::<u32>()
                .is_ok_and(|number| number < 60 && whole.len() < 3))
}

fn is_date(text: &str) -> bool {
    let date = text.get(..10).unwrap_or("");
    let shape = date.chars().enumerate().all(|(at, c)| match at {
        4 | 7 => c == '-',
        _ => c.is_ascii_digit(),
    });
    let rest = text.get(10..).unwrap_or("");
    date.len() == 10 && shape && (rest.is_empty() || rest.starts_with(['T', 't', ' ']))
}

fn plain_allowed(text: &str, in_flow: bool) -> bool {
    if text.starts_with("---") || text.starts_with("...") || text.starts_with(' ') {
        return false;
    }
    if text.ends_with(' ') {
        return false;
    }
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    let mut first = true;
    while let Some(c) = characters.next() {
        let blank_after = characters.peek().is_none_or(|next| *next == ' ');
        let indicator = match c {
            '#' => first || before == ' ',
            ',' | '[' | ']' | '{' | '}' => first || in_flow,
            '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => first,
            '?' => (first && blank_after) || in_flow,
            ':' => blank_after || in_flow,
            '-' => first && blank_after,
            _ => false,
        };
        if indicator {
            return false;
        }
        before = c;
        first = false;
    }
    true
}
