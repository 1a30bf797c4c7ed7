//! Values of variables put into texts.

use super::format::{Quote, write};
use super::{Format, Scope};

/// A mention of a variable in a text.
struct Mention<'a> {
    name: &'a str,
    path: &'a str,
    format: Option<&'a str>,
    /// Bytes of the mention.
    length: usize,
}

/// `text` with the values of variables put in, then those of macros such as `$__interval`, which values may
/// mention too. What is not known stays as it is.
pub fn interpolate(text: &str, scope: &Scope<'_>, default: &Format) -> String {
    if !text.contains(['$', '[']) {
        return text.to_owned();
    }
    let user = pass(text, scope, default, &|scope, name, path| {
        scope.variable(name, path)
    });
    pass(&user, scope, &Format::Raw, &|scope, name, path| {
        scope.global(name, path)
    })
}

/// `text` for people or for options that are no expressions: several values as `a + b`... of one, the value.
pub(super) fn interpolate_plain(text: &str, scope: &Scope<'_>) -> String {
    interpolate(text, scope, &Format::Raw)
}

type Find<'f> = &'f dyn Fn(&Scope<'_>, &str, &str) -> Option<super::values::Resolved>;

fn pass(text: &str, scope: &Scope<'_>, default: &Format, find: Find<'_>) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut quotes = Quotes::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mention = match c {
            '$' | '[' => mention_at(rest),
            _ => None,
        };
        let found = mention.and_then(|mention| {
            let value = find(scope, mention.name, mention.path)?;
            let format = mention
                .format
                .map_or_else(|| default.clone(), Format::parse);
            let quote = quotes.state();
            Some((
                write(&value, mention.name, &format, quote, scope.zone),
                mention.length,
            ))
        });
        if let Some((value, length)) = found {
            out.push_str(&value);
            rest = rest.get(length..).unwrap_or_default();
        } else {
            quotes.see(c);
            out.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    out
}

/// Whether a place in an expression is inside a text.
#[derive(Default)]
struct Quotes {
    open: Option<char>,
    escaped: bool,
    comment: bool,
}

impl Quotes {
    fn see(&mut self, c: char) {
        if self.comment {
            self.comment = c != '\n';
            return;
        }
        match self.open {
            None if matches!(c, '"' | '\'' | '`') => self.open = Some(c),
            None => self.comment = c == '#',
            Some(_) if self.escaped => self.escaped = false,
            Some(open) if c == '\\' && open != '`' => self.escaped = true,
            Some(open) if c == open => self.open = None,
            Some(_) => {}
        }
    }

    fn state(&self) -> Quote {
        self.open.map_or(Quote::None, Quote::Inside)
    }
}

/// Reads `$name`, `${name.path:format}` or `[[name:format]]` at the start of a text.
fn mention_at(text: &str) -> Option<Mention<'_>> {
    let word = |text: &str| {
        text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(text.len())
    };
    let (inner, wrapping) = if let Some(rest) = text.strip_prefix("${") {
        (rest.get(..rest.find('}')?)?, 3)
    } else if let Some(rest) = text.strip_prefix("[[") {
        (rest.get(..rest.find("]]")?)?, 4)
    } else {
        let rest = text.strip_prefix('$')?;
        let length = word(rest);
        return (length > 0).then(|| Mention {
            name: rest.get(..length).unwrap_or_default(),
            path: "",
            format: None,
            length: length + 1,
        });
    };
    let name = inner.get(..word(inner))?;
    if name.is_empty() {
        return None;
    }
    let rest = inner.strip_prefix(name)?;
    let (path, format) = match rest.strip_prefix('.') {
        Some(rest) => match split_path(rest) {
            (path, "") => (path, None),
            (path, format) => (path, format.strip_prefix(':')),
        },
        None if rest.is_empty() => ("", None),
        None => ("", Some(rest.strip_prefix(':')?)),
    };
    Some(Mention {
        name,
        path,
        format,
        length: inner.len() + wrapping,
    })
}

/// Where the name of a variable begins in a mention at the start of a text, and the name.
pub(super) fn mention_name(text: &str) -> Option<(usize, &str)> {
    let start = match text {
        text if text.starts_with("${") || text.starts_with("[[") => 2,
        _ => 1,
    };
    mention_at(text).map(|mention| (start, mention.name))
}

/// Splits a path from the format behind it; a colon inside of brackets belongs to the path.
fn split_path(text: &str) -> (&str, &str) {
    let mut depth = 0i32;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            ':' if depth <= 0 => return text.split_at(at),
            _ => {}
        }
    }
    (text, "")
}

/// Names that a text mentions, in their order; whether they are known is not asked.
pub fn find_references(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['$', '[']) {
        rest = rest.get(at..).unwrap_or_default();
        if let Some(mention) = mention_at(rest) {
            found.push(mention.name.to_owned());
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    found
}
