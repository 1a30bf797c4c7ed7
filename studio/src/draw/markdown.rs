//! Markdown as elements. There is no way through for HTML.

use leptos::prelude::*;
use render::{Block, Piece, blocks, pieces};

/// A text in Markdown.
#[component]
pub(crate) fn Markdown(text: String) -> impl IntoView {
    view! { <div class="prose">{blocks(&text).into_iter().map(block).collect_view()}</div> }
}

fn block(block: Block) -> AnyView {
    let line = |text: &str| shown(pieces(text));
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
