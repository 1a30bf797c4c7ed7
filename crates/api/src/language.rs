//! The language of whoever sends a request.

use axum::http::{HeaderMap, HeaderName, header};
use render::Language;

/// The cookie in which pages keep the language that was chosen.
const COOKIE: &str = "watchfire_language";

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The language that pages were switched to.
pub(crate) fn chosen(headers: &HeaderMap) -> Option<Language> {
    let mut pairs = text(headers, header::COOKIE)?
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='));
    let (_, tag) = pairs.find(|(name, _)| *name == COOKIE)?;
    Language::of_tag(tag)
}

/// The language that the browser wants.
pub(crate) fn accepted(headers: &HeaderMap) -> Option<Language> {
    text(headers, header::ACCEPT_LANGUAGE).and_then(Language::accepted)
}
