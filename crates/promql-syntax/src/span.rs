//! Places in a query text.

/// A piece of the query text. Units: bytes. Bounds: `start` included, `end` excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// First byte after.
    pub end: usize,
}

impl Span {
    /// The span from `start` up to, and without, `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The smallest span around both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The text under the span; empty where the span does not fit `input`.
    pub fn text(self, input: &str) -> &str {
        input.get(self.start..self.end).unwrap_or("")
    }
}

/// A place as people count it. Units: both from 1; columns count bytes, as Prometheus does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineColumn {
    /// Line.
    pub line: usize,
    /// Byte within the line.
    pub column: usize,
}

impl LineColumn {
    /// The place of byte `offset` in `input`; offsets past the end mean the end.
    pub fn of(input: &str, offset: usize) -> Self {
        let before = input
            .as_bytes()
            .get(..offset.min(input.len()))
            .unwrap_or_default();
        let line = before.split(|byte| *byte == b'\n').count();
        let column = before
            .rsplit(|byte| *byte == b'\n')
            .next()
            .map_or(0, <[u8]>::len)
            + 1;
        Self { line, column }
    }
}

impl std::fmt::Display for LineColumn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one() {
        assert_eq!(LineColumn::of("ab\ncd", 0).to_string(), "1:1");
        assert_eq!(LineColumn::of("ab\ncd", 2).to_string(), "1:3");
        assert_eq!(LineColumn::of("ab\ncd", 4).to_string(), "2:2");
        assert_eq!(LineColumn::of("ab\ncd", 99).to_string(), "2:3");
    }
}
