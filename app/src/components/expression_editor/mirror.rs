//! The text again, under the field: it gives the field its height, its colours and its underlines.

use crate::highlight::promql;
use leptos::prelude::*;
use promql_syntax::Span;

/// Where a warning or a note points. Both counts begin at 1; columns are bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotePlace {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
    /// A warning rather than a note.
    pub is_warning: bool,
}

/// A part of the text that is underlined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: &'static str,
}

impl Mark {
    pub(super) fn of_error(text: &str, span: Span) -> Self {
        let start = floor_boundary(text, span.start);
        Self {
            start,
            end: floor_boundary(text, span.end).max(start),
            kind: "error",
        }
    }

    /// From the place of a note to the end of the word there.
    pub(super) fn of_note(text: &str, note: &NotePlace) -> Option<Self> {
        let lines = text.split_inclusive('\n');
        let before: usize = lines.take(note.line.checked_sub(1)?).map(str::len).sum();
        let start = floor_boundary(text, before + note.column.checked_sub(1)?);
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let word = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':')
            .unwrap_or(rest.len());
        Some(Self {
            start,
            end: start + word.max(1),
            kind: if note.is_warning { "warning" } else { "info" },
        })
    }
}

/// A part of the text with its colour and its underline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Drawn {
    class: &'static str,
    mark: Option<&'static str>,
    text: String,
}

/// The text in parts.
pub(super) fn pieces(text: &str, marks: &[Mark]) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    let mut at = 0;
    for piece in promql(text) {
        let end = at + piece.text.len();
        let mut cuts = vec![at, end];
        for mark in marks {
            cuts.extend(
                [mark.start, mark.end]
                    .into_iter()
                    .filter(|cut| (at..end).contains(cut)),
            );
        }
        cuts.sort_unstable();
        cuts.dedup();
        for pair in cuts.windows(2) {
            let [from, to] = *pair else { continue };
            if let Some(part) = text.get(from..to) {
                let mark = marks
                    .iter()
                    .find(|mark| mark.start <= from && to <= mark.end);
                drawn.push(Drawn {
                    class: piece.kind,
                    mark: mark.map(|mark| mark.kind),
                    text: part.to_owned(),
                });
            }
        }
        at = end;
    }
    // Something is missing here: a space to underline.
    if let Some(mark) = marks
        .iter()
        .find(|mark| mark.start >= text.len() || mark.start == mark.end)
    {
        drawn.push(Drawn {
            class: "",
            mark: Some(mark.kind),
            text: "\u{a0}".to_owned(),
        });
    }
    drawn
}

pub(super) fn mirror(pieces: Vec<Drawn>) -> impl IntoView {
    let parts: Vec<_> = pieces
        .into_iter()
        .map(|Drawn { class, mark, text }| {
            let helped = matches!(class, "code__function" | "code__metric" | "code__keyword")
                .then(|| text.clone());
            match mark {
                Some(kind) => view! {
                    <mark class=format!("editor__mark {class}") data-kind=kind data-help=helped>{text}</mark>
                }
                .into_any(),
                None if class.is_empty() => text.into_any(),
                None => view! { <span class=class data-help=helped>{text}</span> }.into_any(),
            }
        })
        .collect();
    view! { {parts} "\n" }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while at > 0 && !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, mark: &Mark) -> Vec<String> {
        pieces(text, std::slice::from_ref(mark))
            .into_iter()
            .filter(|piece| piece.mark.is_some())
            .map(|piece| piece.text)
            .collect()
    }

    #[test]
    fn the_parts_are_the_text() {
        let text = "sum by (job) (rate(x{a=\"한글\"}[5m]))";
        let whole: String = pieces(text, &[])
            .into_iter()
            .map(|piece| piece.text)
            .collect();
        assert_eq!(whole, text);
    }

    #[test]
    fn errors_underline_their_span_or_a_space() {
        let mark = |start, end| Mark::of_error("sum(up", Span { start, end });
        assert_eq!(marked("sum(up", &mark(4, 6)), ["up"]);
        assert_eq!(marked("sum(up", &mark(6, 6)), ["\u{a0}"]);
    }

    #[test]
    fn notes_underline_the_word_at_their_place() {
        let note = |line, column| NotePlace {
            line,
            column,
            is_warning: true,
        };
        let text = "rate(\n  memory_bytes[5m])";
        let mark = Mark::of_note(text, &note(2, 3)).unwrap();
        assert_eq!(marked(text, &mark), ["memory_bytes"]);
        assert_eq!(Mark::of_note(text, &note(9, 1)), None);
    }
}
