//! Go's `fmt`: verbs, flags, and plain values.

#[cfg(test)]
mod tests;

use crate::Value;
use crate::float;
use crate::time;
use std::fmt::Write;

/// Widths and precisions beyond this are taken for none, as in Go.
const MAX_WIDTH: i64 = 1_000_000;
/// Longest padding that one verb may make here.
const MAX_PADDING: usize = 10_000;

/// `value` as `%v` shows it.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::Nil => "<nil>".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => float::general(*value, None),
        Value::Str(text) | Value::Histogram(_, text) => text.to_string(),
        Value::Time(at) => time::shown(*at),
        Value::Duration(nanos) => time::duration(*nanos),
        other => composite(other, &mut |inner| plain(inner)),
    }
}

/// A value that holds others, each shown by `show`.
fn composite(value: &Value, show: &mut dyn FnMut(&Value) -> String) -> String {
    let map = |pairs: Vec<(String, String)>| {
        let all: Vec<String> = pairs
            .into_iter()
            .map(|(name, value)| format!("{name}:{value}"))
            .collect();
        format!("map[{}]", all.join(" "))
    };
    match value {
        Value::Labels(labels) => map(labels
            .iter()
            .map(|(name, value)| (show(&Value::text(name)), show(&Value::text(value))))
            .collect()),
        Value::Map(entries) => map(entries
            .iter()
            .map(|(name, value)| (show(&Value::text(name.as_str())), show(value)))
            .collect()),
        Value::List(list) => {
            let all: Vec<String> = list.iter().map(&mut *show).collect();
            format!("[{}]", all.join(" "))
        }
        Value::Sample(sample) => {
            let labels = composite(&Value::Labels(sample.labels.clone()), show);
            format!("&{{{labels} {}}}", show(&sample.value))
        }
        Value::Alert(data) => {
            let parts = ["Labels", "ExternalLabels", "ExternalURL", "Value"]
                .map(|name| data.field(name).unwrap_or(Value::Nil))
                .map(|part| show_any(&part, show));
            format!("{{{}}}", parts.join(" "))
        }
        other => show(other),
    }
}

fn show_any(value: &Value, show: &mut dyn FnMut(&Value) -> String) -> String {
    match value {
        Value::Labels(_) | Value::Map(_) | Value::List(_) | Value::Sample(_) => {
            composite(value, show)
        }
        other => show(other),
    }
}

/// Go's `Sprint`: a blank between operands where neither is a text.
pub(crate) fn print(values: &[Value]) -> String {
    let mut out = String::new();
    let mut before_is_text = true;
    for (index, value) in values.iter().enumerate() {
        let is_text = matches!(value, Value::Str(_));
        if index > 0 && !is_text && !before_is_text {
            out.push(' ');
        }
        out.push_str(&plain(value));
        before_is_text = is_text;
    }
    out
}

/// Go's `Sprintln`: a blank between operands and a line end.
pub(crate) fn print_line(values: &[Value]) -> String {
    let all: Vec<String> = values.iter().map(plain).collect();
    format!("{}\n", all.join(" "))
}

/// The flags, width and precision of one verb.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "one flag of the verb each")]
struct Spec {
    plus: bool,
    minus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

/// Go's `Sprintf`.
pub(crate) fn printf(format: &str, values: &[Value]) -> String {
    let mut printer = Printer {
        values,
        next: 0,
        reordered: false,
        bad_index: false,
        out: String::new(),
    };
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('%') {
        printer.out.push_str(before);
        rest = printer.verb(after);
    }
    printer.out.push_str(rest);
    printer.extra();
    printer.out
}

struct Printer<'v> {
    values: &'v [Value],
    next: usize,
    reordered: bool,
    bad_index: bool,
    out: String,
}

impl Printer<'_> {
    /// One verb, the `%` past; gives what follows.
    fn verb<'t>(&mut self, text: &'t str) -> &'t str {
        let mut spec = Spec::default();
        let mut rest = text;
        while let Some(flag) = rest.chars().next() {
            match flag {
                '+' => spec.plus = true,
                '-' => spec.minus = true,
                '#' => spec.sharp = true,
                ' ' => spec.space = true,
                '0' => spec.zero = true,
                _ => break,
            }
            rest = rest.get(1..).unwrap_or("");
        }
        self.bad_index = false;
        rest = self.index(rest);
        if let Some(after) = rest.strip_prefix('*') {
            match self.star() {
                Some(width) => {
                    spec.minus |= width < 0;
                    spec.width = usize::try_from(width.unsigned_abs()).ok();
                }
                None => self.out.push_str("%!(BADWIDTH)"),
            }
            rest = after;
        } else {
            let (width, after) = number(rest);
            spec.width = width;
            rest = after;
        }
        if let Some(after) = rest.strip_prefix('.') {
            rest = self.index(after);
            if let Some(after) = rest.strip_prefix('*') {
                match self.star().map(usize::try_from) {
                    Some(Ok(precision)) => spec.precision = Some(precision),
                    _ => self.out.push_str("%!(BADPREC)"),
                }
                rest = after;
            } else {
                let (precision, after) = number(rest);
                spec.precision = Some(precision.unwrap_or(0));
                rest = after;
            }
        }
        rest = self.index(rest);
        let Some(verb) = rest.chars().next() else {
            self.out.push_str("%!(NOVERB)");
            return "";
        };
        let after = rest.get(verb.len_utf8()..).unwrap_or("");
        // Writing to a text cannot fail.
        let _ = match (verb, self.bad_index, self.values.get(self.next)) {
            ('%', _, _) => self.out.write_char('%'),
            (_, true, _) => write!(self.out, "%!{verb}(BADINDEX)"),
            (_, false, None) => write!(self.out, "%!{verb}(MISSING)"),
            (_, false, Some(value)) => {
                self.next += 1;
                self.out.write_str(&formatted(value, verb, spec))
            }
        };
        after
    }

    /// `[n]`, which says what value comes next.
    fn index<'t>(&mut self, text: &'t str) -> &'t str {
        let Some(inside) = text.strip_prefix('[') else {
            return text;
        };
        self.reordered = true;
        let Some((digits, after)) = inside.split_once(']') else {
            self.bad_index = true;
            return inside;
        };
        match digits.parse::<usize>() {
            Ok(place) if (1..=self.values.len()).contains(&place) => self.next = place - 1,
            _ => self.bad_index = true,
        }
        after
    }

    fn star(&mut self) -> Option<i64> {
        let value = self.values.get(self.next)?;
        self.next += 1;
        match value {
            Value::Int(number) if number.abs() <= MAX_WIDTH => Some(*number),
            _ => None,
        }
    }

    /// What was given and not asked for.
    fn extra(&mut self) {
        let left = self.values.get(self.next..).unwrap_or_default();
        if self.reordered || left.is_empty() {
            return;
        }
        let all: Vec<String> = left
            .iter()
            .map(|value| match value {
                Value::Nil => "<nil>".to_owned(),
                value => format!("{}={}", value.type_name(), plain(value)),
            })
            .collect();
        // Writing to a text cannot fail.
        let _ = write!(self.out, "%!(EXTRA {})", all.join(", "));
    }
}

fn number(text: &str) -> (Option<usize>, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end).unwrap_or(("", text));
    (digits.parse().ok(), rest)
}

/// One value by one verb.
fn formatted(value: &Value, verb: char, spec: Spec) -> String {
    match (verb, value) {
        ('T', _) => pad(value.type_name(), spec, false),
        ('v', Value::Nil) => pad("<nil>", spec, false),
        ('v', Value::Str(text)) if spec.sharp => pad(&go_quoted(text), spec, false),
        ('v' | 't', Value::Bool(value)) => pad(&value.to_string(), spec, false),
        (_, Value::Int(number)) => integer(*number, verb, spec),
        (_, Value::Float(number)) => real(*number, verb, spec),
        (_, Value::Str(text)) => string(text, verb, spec),
        ('v' | 's', Value::Time(_) | Value::Duration(_) | Value::Histogram(..)) => {
            string(&plain(value), 's', spec)
        }
        (
            _,
            Value::Labels(_) | Value::Map(_) | Value::List(_) | Value::Sample(_) | Value::Alert(_),
        ) => composite(value, &mut |inner| formatted(inner, verb, spec)),
        _ => bad_verb(value, verb),
    }
}

fn bad_verb(value: &Value, verb: char) -> String {
    match value {
        Value::Nil => format!("%!{verb}(<nil>)"),
        value => format!("%!{verb}({}={})", value.type_name(), plain(value)),
    }
}

/// Adds blanks, or zeros behind the sign, up to the width.
fn pad(text: &str, spec: Spec, zeros: bool) -> String {
    let length = text.chars().count();
    let missing = spec
        .width
        .unwrap_or(0)
        .min(MAX_PADDING)
        .saturating_sub(length);
    if missing == 0 {
        return text.to_owned();
    }
    if spec.minus {
        return format!("{text}{}", " ".repeat(missing));
    }
    if !zeros {
        return format!("{}{text}", " ".repeat(missing));
    }
    let unsigned = text.trim_start_matches(['+', '-', ' ']);
    let sign = text.strip_suffix(unsigned).unwrap_or("");
    format!("{sign}{}{unsigned}", "0".repeat(missing))
}

/// The sign that `value` gets.
fn sign(negative: bool, spec: Spec) -> &'static str {
    match (negative, spec.plus, spec.space) {
        (true, _, _) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        (false, false, false) => "",
    }
}

fn integer(value: i64, verb: char, spec: Spec) -> String {
    let size = value.unsigned_abs();
    let as_char = || u32::try_from(value).ok().and_then(char::from_u32);
    let digits = match verb {
        'v' | 'd' => size.to_string(),
        'b' => format!("{size:b}"),
        'o' | 'O' => format!("{size:o}"),
        'x' => format!("{size:x}"),
        'X' => format!("{size:X}"),
        'c' => {
            let shown = as_char().unwrap_or(char::REPLACEMENT_CHARACTER);
            return pad(&shown.to_string(), spec, false);
        }
        'q' => {
            let shown = as_char().unwrap_or(char::REPLACEMENT_CHARACTER);
            return pad(&format!("'{shown}'"), spec, false);
        }
        'U' => return pad(&format!("U+{size:04X}"), spec, false),
        _ => return bad_verb(&Value::Int(value), verb),
    };
    let prefix = match verb {
        'O' => "0o",
        'x' if spec.sharp => "0x",
        'X' if spec.sharp => "0X",
        'b' if spec.sharp => "0b",
        'o' if spec.sharp => "0",
        _ => "",
    };
    let least = spec.precision.unwrap_or(0).min(MAX_PADDING);
    let sign = sign(value < 0, spec);
    let zeros = spec.zero && !spec.minus && spec.precision.is_none();
    pad(&format!("{sign}{prefix}{digits:0>least$}"), spec, zeros)
}

fn real(value: f64, verb: char, spec: Spec) -> String {
    let precision = spec.precision.map(|digits| digits.min(MAX_PADDING));
    let text = match verb {
        'v' | 'g' => float::general(value, precision),
        'G' => float::general(value, precision).to_uppercase(),
        'e' => float::exponent(value, precision.unwrap_or(6)),
        'E' => float::exponent(value, precision.unwrap_or(6)).to_uppercase(),
        'f' | 'F' => float::fixed(value, precision.unwrap_or(6)),
        _ => return bad_verb(&Value::Float(value), verb),
    };
    // Infinity keeps its plus only where it is asked for, but for `%v` of Go, which always shows it.
    let unsigned = text.trim_start_matches(['+', '-']);
    let negative = text.starts_with('-');
    let always = value.is_infinite() && !negative;
    let sign = if always { "+" } else { sign(negative, spec) };
    let text = if unsigned == "INF" { "Inf" } else { unsigned };
    let zeros = spec.zero && !spec.minus && value.is_finite();
    pad(&format!("{sign}{text}"), spec, zeros)
}

fn string(text: &str, verb: char, spec: Spec) -> String {
    let cut: String = match spec.precision {
        Some(most) => text.chars().take(most).collect(),
        None => text.to_owned(),
    };
    let hex = |upper: bool| {
        let between = if spec.space { " " } else { "" };
        let all: Vec<String> = text
            .bytes()
            .map(|byte| {
                if upper {
                    format!("{byte:02X}")
                } else {
                    format!("{byte:02x}")
                }
            })
            .collect();
        all.join(between)
    };
    let shown = match verb {
        'v' | 's' => cut,
        'q' if spec.sharp && !cut.contains(['`', '\n', '\r']) => format!("`{cut}`"),
        'q' => go_quoted(&cut),
        'x' => hex(false),
        'X' => hex(true),
        _ => return bad_verb(&Value::text(text), verb),
    };
    pad(&shown, spec, spec.zero && !spec.minus)
}

fn go_quoted(text: &str) -> String {
    model::quote_label_value(text)
}
