//! What the word at the caret may become.

use std::ops::Range;

/// What a suggestion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A metric of this server.
    Metric,
    /// A function of PromQL.
    Function,
}

/// One thing that the word may become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Suggestion {
    pub(crate) text: String,
    pub(crate) kind: Kind,
}

/// How many are offered at once.
const OFFERED: usize = 10;

/// The byte at `units` UTF-16 units, which is how browsers count.
pub(crate) fn byte_offset(text: &str, units: usize) -> usize {
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        if seen >= units {
            return at;
        }
        seen += c.len_utf16();
    }
    text.len()
}

/// UTF-16 units before byte `offset`.
pub(crate) fn utf16_offset(text: &str, offset: usize) -> usize {
    text.get(..offset)
        .map_or(0, |before| before.encode_utf16().count())
}

/// The name that ends at byte `caret`, unless it is inside quotes, braces or brackets.
pub(crate) fn word_before(text: &str, caret: usize) -> Option<Range<usize>> {
    let before = text.get(..caret)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    if !is_open_ground(before) || text.get(caret..)?.starts_with(is_name) {
        return None;
    }
    let start = before.rfind(|c| !is_name(c)).map_or(0, |at| {
        at + before
            .get(at..)
            .and_then(|s| s.chars().next())
            .map_or(1, char::len_utf8)
    });
    let word = before.get(start..)?;
    let begins = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (begins && !word.is_empty()).then_some(start..caret)
}

/// Whether the end of `before` is where a metric or function may be named.
fn is_open_ground(before: &str) -> bool {
    let mut quote = None;
    let mut depth = 0i32;
    let mut escaped = false;
    for c in before.chars() {
        match (quote, c) {
            (Some(_), _) if escaped => escaped = false,
            (Some(q), '\\') if q != '`' => escaped = true,
            (Some(q), c) if c == q => quote = None,
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') => depth -= 1,
            _ => {}
        }
    }
    quote.is_none() && depth <= 0
}

/// What `word` may become: names that begin with it, then names that contain it; in any case.
pub(crate) fn suggest(word: &str, metrics: &[String]) -> Vec<Suggestion> {
    let wanted = word.to_ascii_lowercase();
    let mut begins = Vec::new();
    let mut contains = Vec::new();
    let functions = promql_syntax::FUNCTIONS
        .iter()
        .map(|f| (f.name, Kind::Function));
    let metrics = metrics.iter().map(|m| (m.as_str(), Kind::Metric));
    for (name, kind) in metrics.chain(functions) {
        let list = match name.to_ascii_lowercase().find(&wanted) {
            Some(0) => &mut begins,
            Some(_) => &mut contains,
            None => continue,
        };
        if list.len() < OFFERED {
            list.push(Suggestion {
                text: name.to_owned(),
                kind,
            });
        }
    }
    begins.append(&mut contains);
    begins.truncate(OFFERED);
    // A word that is complete needs no help.
    if begins.len() == 1 && begins.first().is_some_and(|only| only.text == word) {
        begins.clear();
    }
    begins
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Option<&str> {
        let caret = text.find('|').unwrap();
        let whole = text.replace('|', "");
        word_before(&whole, caret).map(|range| &text[range])
    }

    #[test]
    fn words_end_at_the_caret() {
        assert_eq!(word("sum(ra|"), Some("ra"));
        assert_eq!(word("a + node_c| * 2"), Some("node_c"));
        assert_eq!(word("한글+up|"), Some("up"));
        assert_eq!(word("ra|te"), None);
        assert_eq!(word("sum(|"), None);
        assert_eq!(word("12|"), None);
    }

    #[test]
    fn labels_strings_and_ranges_are_left_alone() {
        assert_eq!(word("up{jo|"), None);
        assert_eq!(word("label_replace(up, \"a|"), None);
        assert_eq!(word("rate(x[5m|"), None);
        assert_eq!(word("up{job=\"a}\"} + no|"), Some("no"));
    }

    #[test]
    fn beginnings_come_before_middles() {
        let metrics = ["go_rate".to_owned(), "rate_limit".to_owned()];
        let texts: Vec<String> = suggest("rate", &metrics)
            .into_iter()
            .map(|s| s.text)
            .collect();
        assert_eq!(texts[..2], ["rate_limit", "rate"]);
        assert!(texts.contains(&"go_rate".to_owned()));
    }

    #[test]
    fn a_complete_word_is_left_in_peace() {
        assert!(suggest("some_metric", &["some_metric".to_owned()]).is_empty());
    }

    #[test]
    fn browsers_count_in_utf16() {
        assert_eq!(byte_offset("한글a", 2), 6);
        assert_eq!(utf16_offset("한글a", 6), 2);
        assert_eq!(byte_offset("ab", 9), 2);
    }
}
