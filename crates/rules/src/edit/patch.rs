//! Changes of a text, gathered and then made.

use std::ops::Range;

/// Changes of a text. They do not overlap; those that insert at one place come in the order in which they were
/// named.
pub(super) struct Patch<'t> {
    text: &'t str,
    line_end: &'static str,
    changes: Vec<(Range<usize>, String)>,
}

impl<'t> Patch<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        Self {
            text,
            line_end,
            changes: Vec::new(),
        }
    }

    pub(super) fn line_end(&self) -> &'static str {
        self.line_end
    }

    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// What stands at these bytes now.
    pub(super) fn get(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    pub(super) fn replace(&mut self, range: Range<usize>, new: impl Into<String>) {
        self.changes.push((range, new.into()));
    }

    /// Adds whole lines behind the line in which `at` stands.
    pub(super) fn add_lines(&mut self, at: usize, lines: &str) {
        let at = self.next_line(at);
        let is_open = !self.get(0..at).ends_with('\n') && at > 0;
        let lines = if is_open {
            // The last line has no end: it gets one, and the new last line has none.
            let lines = lines.strip_suffix(self.line_end).unwrap_or(lines);
            format!("{}{lines}", self.line_end)
        } else {
            lines.to_owned()
        };
        self.replace(at..at, lines);
    }

    /// Where the line begins in which `at` stands.
    pub(super) fn line_start(&self, at: usize) -> usize {
        self.get(0..at).rfind('\n').map_or(0, |end| end + 1)
    }

    /// Where the line ends in which `at` stands, its mark of the end left out.
    pub(super) fn line_stop(&self, at: usize) -> usize {
        let rest = self.get(at..self.text.len());
        let line = rest.split('\n').next().unwrap_or_default();
        at + line.strip_suffix('\r').unwrap_or(line).len()
    }

    /// Where the next line begins after the one in which `at` stands.
    pub(super) fn next_line(&self, at: usize) -> usize {
        let rest = self.get(at..self.text.len());
        rest.find('\n').map_or(self.text.len(), |end| at + end + 1)
    }

    /// Characters in front of `at` on its line.
    pub(super) fn column(&self, at: usize) -> usize {
        self.get(self.line_start(at)..at).chars().count()
    }

    /// The text with all changes.
    pub(super) fn finish(mut self) -> String {
        // Stable: insertions at one place keep their order.
        self.changes
            .sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::with_capacity(self.text.len());
        let mut at = 0;
        for (range, new) in &self.changes {
            out.push_str(self.get(at..range.start));
            out.push_str(new);
            at = at.max(range.end);
        }
        out.push_str(self.get(at..self.text.len()));
        out
    }
}
