//! Texts: the words of Markdown and HTML in lines.

use super::{PanelPicture, Pens, wrapped};
use crate::markdown::{Block, blocks, html_as_text, pieces, words};
use crate::svg::{Area, TextStyle};
use dashboard::{TextMode, TextPanel};

/// A line of text before it is broken: its size, how far it is moved in, and whether it is bold.
struct Line {
    text: String,
    size: f64,
    indent: f64,
    bold: bool,
}

pub(super) fn draw(picture: &PanelPicture<'_>, pens: &mut Pens<'_>, (width, height): (f64, f64)) {
    let panel = TextPanel::new(picture.panel.options(), picture.scope);
    let blocks = match panel.mode {
        TextMode::Markdown => blocks(&panel.content),
        TextMode::Html => blocks(&html_as_text(&panel.content)),
        TextMode::Code => vec![Block::Code(panel.content)],
    };
    let mut top = 4.0;
    for block in &blocks {
        if *block == Block::Rule {
            pens.svg
                .line((4.0, top + 6.5), (width - 4.0, top + 6.5), pens.tones.line);
            top += 14.0;
            continue;
        }
        let is_quote = matches!(block, Block::Quote(_));
        let begins = top;
        for line in lines_of(block) {
            let color = if is_quote {
                pens.tones.soft
            } else {
                pens.tones.ink
            };
            let style = TextStyle::new(line.size, color);
            let style = if line.bold { style.bold() } else { style };
            let left = 4.0 + line.indent;
            let parts = if matches!(block, Block::Code(_)) {
                vec![line.text]
            } else {
                wrapped(&line.text, width - left - 4.0, line.size)
            };
            for part in parts {
                if top > height {
                    return;
                }
                pens.svg.text((left, top + line.size), &part, style);
                top += line.size * 1.45;
            }
        }
        if is_quote {
            let bar = Area::new(4.0, begins, 3.0, top - begins);
            pens.svg.rect(bar, pens.tones.line, 0.0);
        }
        top += 6.0;
    }
}

fn lines_of(block: &Block) -> Vec<Line> {
    let line = |text: &str, size: f64, indent: f64, bold: bool| Line {
        text: words(&pieces(text)),
        size,
        indent,
        bold,
    };
    match block {
        Block::Heading(1, text) => vec![line(text, 20.0, 0.0, true)],
        Block::Heading(_, text) => vec![line(text, 16.0, 0.0, true)],
        Block::Paragraph(text) => vec![line(text, 14.0, 0.0, false)],
        Block::Quote(text) => vec![line(text, 14.0, 12.0, false)],
        Block::List(numbered, items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| {
                let mark = if *numbered {
                    format!("{}. ", index + 1)
                } else {
                    "• ".to_owned()
                };
                let mut line = line(item, 14.0, 10.0, false);
                line.text.insert_str(0, &mark);
                line
            })
            .collect(),
        Block::Code(text) => text
            .lines()
            .map(|text| Line {
                text: text.to_owned(),
                size: 13.0,
                indent: 4.0,
                bold: false,
            })
            .collect(),
        Block::Table(rows) => rows
            .iter()
            .map(|cells| line(&cells.join("   "), 13.0, 0.0, false))
            .collect(),
        Block::Rule => Vec::new(),
    }
}
