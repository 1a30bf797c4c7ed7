//! Markdown as blocks: headings, lists, code, emphasis and links. There is no way through for HTML.

use crate::safe_url::safe_url;
use std::fmt::Write as _;

/// Nesting of emphasis and links that is read; beyond it, text is text.
const DEPTH: usize = 8;

/// A block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Its level, and its text.
    Heading(usize, String),
    /// Running text.
    Paragraph(String),
    /// Whether it is numbered, and its items.
    List(bool, Vec<String>),
    /// Text as it is.
    Code(String),
    /// What somebody else said.
    Quote(String),
    /// A line across.
    Rule,
    /// Rows of cells.
    Table(Vec<Vec<String>>),
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Text(String),
    /// Words as they are.
    Code(String),
    /// What is said loudly.
    Strong(Vec<Piece>),
    /// What is said with stress.
    Soft(Vec<Piece>),
    /// An address that is safe to follow, and what it is under.
    Link(String, Vec<Piece>),
    /// The end of a line.
    Break,
}

/// The words of pieces alone.
pub fn words(pieces: &[Piece]) -> String {
    let one = |piece: &Piece| match piece {
        Piece::Text(text) | Piece::Code(text) => text.clone(),
        Piece::Strong(inner) | Piece::Soft(inner) | Piece::Link(_, inner) => words(inner),
        Piece::Break => "\n".to_owned(),
    };
    pieces.iter().map(one).collect()
}

fn item_of(line: &str) -> Option<(bool, &str)> {
    let line = line.trim_start();
    for mark in ["- ", "* ", "+ "] {
        if let Some(rest) = line.strip_prefix(mark) {
            return Some((false, rest));
        }
    }
    let digits = line.find(|c: char| !c.is_ascii_digit())?;
    let rest = line.get(digits..)?.strip_prefix(". ")?;
    (digits > 0).then_some((true, rest))
}

/// The blocks of a text.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            continue;
        }
        if let Some(fence) = ["```", "~~~"]
            .into_iter()
            .find(|fence| trimmed.starts_with(fence))
        {
            let mut code = Vec::new();
            for line in lines.by_ref() {
                if line.trim().starts_with(fence) {
                    break;
                }
                code.push(line);
            }
            blocks.push(Block::Code(plain(&code.join("\n"))));
            continue;
        }
        let level = trimmed.chars().take_while(|c| *c == '#').count();
        if (1..=6).contains(&level)
            && let Some(title) = trimmed.get(level..).filter(|rest| rest.starts_with(' '))
        {
            blocks.push(Block::Heading(
                level,
                title.trim().trim_end_matches('#').trim().to_owned(),
            ));
            continue;
        }
        let is_rule =
            |mark: char| trimmed.len() >= 3 && trimmed.chars().all(|c| c == mark || c == ' ');
        if ['-', '*', '_'].into_iter().any(is_rule) {
            blocks.push(Block::Rule);
            continue;
        }
        if trimmed.starts_with('|') && trimmed.len() > 1 {
            let mut rows = vec![cells(trimmed)];
            while let Some(next) = lines.next_if(|line| line.trim().starts_with('|')) {
                rows.push(cells(next.trim()));
            }
            rows.retain(|row| {
                !row.iter()
                    .all(|cell| cell.chars().all(|c| "-: ".contains(c)))
            });
            blocks.push(Block::Table(rows));
            continue;
        }
        if let Some((numbered, first)) = item_of(line) {
            let mut items = vec![first.to_owned()];
            while let Some(next) = lines.next_if(|line| !line.trim().is_empty()) {
                match item_of(next) {
                    Some((_, item)) => items.push(item.to_owned()),
                    None => {
                        if let Some(last) = items.last_mut() {
                            last.push(' ');
                            last.push_str(next.trim());
                        }
                    }
                }
            }
            blocks.push(Block::List(numbered, items));
            continue;
        }
        let is_quote = trimmed.starts_with('>');
        let mut paragraph = vec![line.trim_start().trim_start_matches('>').trim_start()];
        while let Some(next) = lines.next_if(|line| {
            let line = line.trim();
            !line.is_empty()
                && !line.starts_with(['#', '|'])
                && !line.starts_with("```")
                && item_of(line).is_none()
        }) {
            paragraph.push(next.trim_start().trim_start_matches('>').trim_start());
        }
        let text = paragraph.join("\n");
        blocks.push(if is_quote {
            Block::Quote(text)
        } else {
            Block::Paragraph(text)
        });
    }
    blocks
}

fn cells(line: &str) -> Vec<String> {
    let inner = line.trim_matches('|');
    inner
        .split('|')
        .map(|cell| cell.trim().to_owned())
        .collect()
}

/// The pieces of a line.
pub fn pieces(text: &str) -> Vec<Piece> {
    pieces_at(text, 0)
}

fn pieces_at(text: &str, depth: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut open = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let found = if depth < DEPTH {
            special(rest, depth)
        } else {
            None
        };
        if let Some((piece, length)) = found {
            if !open.is_empty() {
                pieces.push(Piece::Text(plain(&std::mem::take(&mut open))));
            }
            pieces.push(piece);
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        if c == '\\'
            && rest
                .chars()
                .nth(1)
                .is_some_and(|next| next.is_ascii_punctuation())
        {
            open.extend(rest.chars().nth(1));
            rest = rest.get(2..).unwrap_or_default();
            continue;
        }
        open.push(c);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    if !open.is_empty() {
        pieces.push(Piece::Text(plain(&open)));
    }
    pieces
}

/// What begins at the start of a text, and its length in bytes.
fn special(rest: &str, depth: usize) -> Option<(Piece, usize)> {
    if rest.starts_with("  \n") {
        return Some((Piece::Break, 3));
    }
    if let Some(inner) = rest.strip_prefix('`') {
        let end = inner.find('`')?;
        return Some((Piece::Code(plain(inner.get(..end)?)), end + 2));
    }
    for mark in ["**", "__"] {
        if let Some(inner) = rest.strip_prefix(mark) {
            let end = inner.find(mark).filter(|end| *end > 0)?;
            return Some((
                Piece::Strong(pieces_at(inner.get(..end)?, depth + 1)),
                end + 4,
            ));
        }
    }
    if let Some(inner) = rest.strip_prefix('*') {
        let end = inner.find('*').filter(|end| *end > 0)?;
        let is_soft = !inner.starts_with(' ');
        return is_soft.then(|| {
            (
                Piece::Soft(pieces_at(inner.get(..end).unwrap_or_default(), depth + 1)),
                end + 2,
            )
        });
    }
    // A picture is told by its words: pages of other servers are not asked for.
    let (skip, linked) = match rest.strip_prefix("![") {
        Some(inner) => (2, inner),
        None => (1, rest.strip_prefix('[')?),
    };
    let close = linked.find("](")?;
    let label = linked.get(..close)?;
    let address = linked.get(close + 2..)?;
    let end = address.find(')')?;
    let url = address
        .get(..end)?
        .split_whitespace()
        .next()
        .unwrap_or_default();
    let length = skip + close + 2 + end + 1;
    let inner = pieces_at(label, depth + 1);
    Some(match safe_url(&plain(url)) {
        Some(url) => (Piece::Link(url, inner), length),
        None => (Piece::Text(plain(label)), length),
    })
}

/// A text with the usual entities read.
fn plain(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let pairs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#x2F;", "/"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ];
    let mut text = text.to_owned();
    for (entity, character) in pairs {
        text = text.replace(entity, character);
    }
    text
}

/// The words of HTML as Markdown: links, headings, lists and emphasis stay, everything else goes.
pub fn html_as_text(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    let mut link: Option<String> = None;
    while let Some(start) = rest.find('<') {
        out.push_str(rest.get(..start).unwrap_or_default());
        let after = rest.get(start + 1..).unwrap_or_default();
        let Some(end) = after.find('>') else {
            rest = after;
            continue;
        };
        let tag = after.get(..end).unwrap_or_default();
        rest = after.get(end + 1..).unwrap_or_default();
        let closes = tag.starts_with('/');
        let name = tag
            .trim_start_matches('/')
            .split([' ', '/', '\n', '\t'])
            .next()
            .unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "script" | "style" if !closes => {
                let close = format!("</{}", name.to_ascii_lowercase());
                let at = rest.to_ascii_lowercase().find(&close);
                rest = at.and_then(|at| rest.get(at..)).unwrap_or_default();
            }
            "a" if closes => {
                if let Some(url) = link.take() {
                    // Writing to a string cannot fail.
                    let _ = write!(out, "]({url})");
                }
            }
            "a" => {
                if let Some(url) = attribute(tag, "href").filter(|url| safe_url(url).is_some()) {
                    out.push('[');
                    link = Some(url.replace([' ', ')', '('], ""));
                }
            }
            "b" | "strong" => out.push_str("**"),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if !closes => out.push_str("\n\n## "),
            "li" if !closes => out.push_str("\n- "),
            "br" => out.push_str("  \n"),
            "p" | "div" | "ul" | "ol" | "table" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                out.push_str("\n\n");
            }
            "tr" => out.push('\n'),
            "td" | "th" if closes => out.push(' '),
            _ => {}
        }
    }
    out.push_str(rest);
    let lines: Vec<&str> = out.lines().map(str::trim_start).collect();
    lines.join("\n")
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.to_ascii_lowercase().find(&format!("{name}="))?;
    let value = tag.get(at + name.len() + 1..)?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    match quote {
        Some(quote) => value.get(1..)?.split(quote).next().map(str::to_owned),
        None => value.split_whitespace().next().map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_told_apart() {
        let found = blocks(
            "# Title\ntext *here*\n\n- a\n- b\n  more\n\n```\nx < y\n```\n> said\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        );
        assert_eq!(found.len(), 6, "{found:?}");
        assert_eq!(found[0], Block::Heading(1, "Title".into()));
        assert_eq!(
            found[2],
            Block::List(false, vec!["a".into(), "b more".into()])
        );
        assert_eq!(found[3], Block::Code("x < y".into()));
        assert_eq!(
            found[5],
            Block::Table(vec![
                vec!["a".into(), "b".into()],
                vec!["1".into(), "2".into()]
            ])
        );
    }

    #[test]
    fn links_that_run_something_are_only_their_words() {
        assert_eq!(
            pieces("[x](javascript:alert(1))")[0],
            Piece::Text("x".into())
        );
        let good = pieces("see **[x](/d/a \"t\")**");
        let link = Piece::Link("/d/a".into(), vec![Piece::Text("x".into())]);
        assert_eq!(
            good,
            [Piece::Text("see ".into()), Piece::Strong(vec![link])]
        );
    }

    #[test]
    fn html_loses_everything_but_words_and_links() {
        let text = html_as_text(
            "<p onclick='x'>Hi <b>you</b><script>alert('</b>')</script> <a href=\"javascript:x\">no</a> <a href='/d/a'>yes</a></p>",
        );
        assert_eq!(text.trim(), "Hi **you** no [yes](/d/a)");
    }

    #[test]
    fn hostile_texts_end() {
        for text in [
            "*".repeat(5000),
            "[".repeat(5000),
            "**a".repeat(3000),
            "<".repeat(5000),
            "`".repeat(999),
        ] {
            let _ = pieces(&text);
            let _ = blocks(&html_as_text(&text));
        }
    }
}
