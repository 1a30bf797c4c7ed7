//! Notes on what is, or may be, wrong with a query that still has a result.
//!
//! Source: Prometheus 3.14, `util/annotations`.

mod note;
mod text;

pub(crate) use note::{Forced, Note, Operation};
pub(crate) use text::go_float;

use note::Level;
use promql_syntax::{LineColumn, Span};
use std::cell::RefCell;

/// Everything noted during one query. Ordering: of appearance, without repetition.
#[derive(Debug, Default)]
pub(crate) struct Notes(RefCell<Vec<(Note, Span)>>);

impl Notes {
    pub(crate) fn add(&self, note: Note, span: Span) {
        let mut notes = self.0.borrow_mut();
        for (have, _) in notes.iter_mut().filter(|(_, place)| *place == span) {
            match (have, &note) {
                (Note::ForcedMonotonic(metric, forced), Note::ForcedMonotonic(other, more))
                    if metric == other =>
                {
                    forced.merge(*more);
                    return;
                }
                (Note::StartOverlap(metric, count), Note::StartOverlap(other, more))
                    if metric == other =>
                {
                    *count += more;
                    return;
                }
                (Note::BadQuantile(a), Note::BadQuantile(b)) if a.to_bits() == b.to_bits() => {
                    return;
                }
                (have, note) if have == note => return,
                _ => {}
            }
        }
        notes.push((note, span));
    }

    /// Adds what was noted elsewhere.
    pub(crate) fn absorb(&self, other: Self) {
        for (note, span) in other.0.into_inner() {
            self.add(note, span);
        }
    }

    /// Warnings and infos as texts; `query` is what spans point into.
    pub(crate) fn texts(&self, query: Option<&str>) -> (Vec<String>, Vec<String>) {
        let mut warnings = Vec::new();
        let mut infos = Vec::new();
        for (note, span) in self.0.borrow().iter() {
            let place = match query {
                Some(text) => LineColumn::of(text, span.start),
                None => LineColumn {
                    line: 1,
                    column: span.start + 1,
                },
            };
            match note.level() {
                Level::Warning => {
                    warnings.push(format!("PromQL warning: {} ({place})", note.text()));
                }
                Level::Info => infos.push(format!("PromQL info: {} ({place})", note.text())),
            }
        }
        (warnings, infos)
    }
}
