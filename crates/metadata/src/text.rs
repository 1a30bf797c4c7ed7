//! What texts may be: their lengths and letters, and the form in which they are searched.

use crate::{Error, Result};

/// Longest title or name. Units: bytes.
pub(crate) const TITLE_BYTES: usize = 1024;
/// Longest text of several lines: a message, an annotation. Units: bytes.
pub(crate) const BODY_BYTES: usize = 64 * 1024;
/// Longest uid. Source: Grafana's limit.
const UID_BYTES: usize = 40;
/// Most tags on one thing.
const TAGS: usize = 100;
/// Longest tag. Units: bytes.
const TAG_BYTES: usize = 256;

/// A text of at most `most` bytes without NUL.
pub(crate) fn short(field: &'static str, text: &str, most: usize) -> Result<()> {
    if text.len() > most {
        let reason = format!("{} bytes, at most {most} are taken", text.len());
        return Err(Error::invalid(field, reason));
    }
    if text.contains('\0') {
        return Err(Error::invalid(field, "it contains a NUL character"));
    }
    Ok(())
}

/// A title or name: something that can be seen, on one line.
pub(crate) fn title(field: &'static str, text: &str) -> Result<()> {
    short(field, text, TITLE_BYTES)?;
    if text.trim().is_empty() {
        return Err(Error::invalid(field, "it is empty"));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(field, "it contains a control character"));
    }
    Ok(())
}

/// A uid: 1 to 40 of the letters that need no escape in a URL.
pub(crate) fn uid(field: &'static str, text: &str) -> Result<()> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if text.is_empty() || text.len() > UID_BYTES || !text.bytes().all(plain) {
        let reason = format!("`{text}` is not 1 to {UID_BYTES} letters, digits, `-` or `_`");
        return Err(Error::invalid(field, reason));
    }
    Ok(())
}

/// Tags without the empty and the repeated ones. Ordering: sorted.
pub(crate) fn tags(field: &'static str, tags: &[String]) -> Result<Vec<String>> {
    let mut tags: Vec<String> = tags
        .iter()
        .map(|tag| tag.trim().to_owned())
        .filter(|tag| !tag.is_empty())
        .collect();
    tags.sort();
    tags.dedup();
    if tags.len() > TAGS {
        let reason = format!("{} tags, at most {TAGS} are taken", tags.len());
        return Err(Error::invalid(field, reason));
    }
    for tag in &tags {
        short(field, tag, TAG_BYTES)?;
    }
    Ok(tags)
}

/// The form of a text that search and order use: what differs only in case is one.
pub(crate) fn key(text: &str) -> String {
    text.to_lowercase()
}

/// A pattern for `LIKE ... ESCAPE '\'` that finds `text` literally, anywhere.
pub(crate) fn contains(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_of_like_are_escaped() {
        assert_eq!(contains(r"50%_\x"), r"%50\%\_\\x%");
    }

    #[test]
    fn uid_with_a_slash_a_space_or_no_letter_is_refused() {
        for wrong in ["", "a/b", "a b", "é", "..", "a\0", &"x".repeat(41)] {
            assert!(uid("uid", wrong).is_err(), "{wrong:?}");
        }
        assert!(uid("uid", &"x".repeat(40)).is_ok());
    }

    #[test]
    fn tags_are_sorted_once_each_and_not_empty() {
        let tags = tags("tags", &["b", " a ", "", "b"].map(String::from)).unwrap();
        assert_eq!(tags, ["a", "b"]);
    }
}
