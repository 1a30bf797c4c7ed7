//! Markdown as elements: headings, lists, code, emphasis and links. There is no way through for HTML.

use crate::board::safe_url;
use leptos::prelude::*;

/// Nesting of emphasis and links that is read; beyond it, text is text.
const DEPTH: usize = 8;

/// A block.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Block {
    Heading(usize, String),
    Paragraph(String),
    List(bool, Vec<String>),
    Code(String),
    Quote(String),
    Rule,
    Table(Vec<Vec<String>>),
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Code(String),
    Strong(Vec<Piece>),
    Soft(Vec<Piece>),
    Link(String, Vec<Piece>),
    Break,
}

/// A text in Markdown.
#[component]
pub(crate) fn Markdown(text: String) -> impl IntoView {
    view! { <div class="prose">{blocks(&text).into_iter().map(block).collect_view()}</div> }
}

fn block(block: Block) -> AnyView {
    let line = |text: &str| shown(pieces(text, 0));
    match block {
        Block::Heading(1, text) => view! { <h4 class="prose__large">{line(&text)}</h4> }.into_any(),
        Block::Heading(_, text) => view! { <h5>{line(&text)}</h5> }.into_any(),
        Block::Paragraph(text) => view! { <p>{line(&text)}</p> }.into_any(),
        Block::List(true, items) => {
            view! { <ol>{items.iter().map(|item| view! { <li>{line(item)}</li> }).collect_view()}</ol> }.into_any()
        }
        Block::List(false, items) => {
            view! { <ul>{items.iter().map(|item| view! { <li>{line(item)}</li> }).collect_view()}</ul> }.into_any()
        }
        Block::Code(text) => view! { <pre class="file">{text}</pre> }.into_any(),
        Block::Quote(text) => view! { <blockquote>{line(&text)}</blockquote> }.into_any(),
        Block::Rule => view! { <hr/> }.into_any(),
        Block::Table(rows) => {
            let rows = rows.iter().map(|row| {
                let cells = row.iter().map(|cell| view! { <td>{line(cell)}</td> });
                view! { <tr>{cells.collect_view()}</tr> }
            });
            view! { <table class="grid-table"><tbody>{rows.collect_view()}</tbody></table> }.into_any()
        }
    }
}

fn shown(pieces: Vec<Piece>) -> Vec<AnyView> {
    let one = |piece| match piece {
        Piece::Text(text) => text.into_any(),
        Piece::Code(text) => view! { <code>{text}</code> }.into_any(),
        Piece::Strong(inner) => view! { <strong>{shown(inner)}</strong> }.into_any(),
        Piece::Soft(inner) => view! { <em>{shown(inner)}</em> }.into_any(),
        Piece::Link(url, inner) => {
            let away = url.starts_with("http").then_some("_blank");
            view! { <a href=url target=away rel="noopener noreferrer">{shown(inner)}</a> }
                .into_any()
        }
        Piece::Break => view! { <br/> }.into_any(),
    };
    pieces.into_iter().map(one).collect()
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

fn blocks(text: &str) -> Vec<Block> {
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

fn pieces(text: &str, depth: usize) -> Vec<Piece> {
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
            return Some((Piece::Strong(pieces(inner.get(..end)?, depth + 1)), end + 4));
        }
    }
    if let Some(inner) = rest.strip_prefix('*') {
        let end = inner.find('*').filter(|end| *end > 0)?;
        let is_soft = !inner.starts_with(' ');
        return is_soft.then(|| {
            (
                Piece::Soft(pieces(inner.get(..end).unwrap_or_default(), depth + 1)),
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
    let inner = pieces(label, depth + 1);
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
pub(super) fn html_as_text(html: &str) -> String {
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
                    out.push_str(&format!("]({url})"));
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
                out.push_str("\n\n")
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
            pieces("[x](javascript:alert(1))", 0)[0],
            Piece::Text("x".into())
        );
        let good = pieces("see **[x](/d/a \"t\")**", 0);
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
            let _ = pieces(&text, 0);
            let _ = blocks(&html_as_text(&text));
        }
    }
}
