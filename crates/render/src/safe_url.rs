//! Addresses that people wrote.

/// An address that is safe to lead to: a path of this server, a page of the web, or a letter.
pub fn safe_url(url: &str) -> Option<String> {
    // Browsers pass over control characters and spaces before a scheme, and inside of it.
    let url: String = url.trim().chars().filter(|c| !c.is_control()).collect();
    let scheme_end = url.find([':', '/', '?', '#']);
    let scheme = match scheme_end {
        Some(end) if url.get(end..=end) == Some(":") => url.get(..end),
        _ => None,
    };
    let safe = scheme.is_none_or(|scheme| {
        let scheme = scheme.to_ascii_lowercase();
        matches!(scheme.as_str(), "http" | "https" | "mailto")
    });
    (safe && !url.is_empty()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_run_something_are_refused() {
        for bad in [
            "javascript:alert(1)",
            " JaVa\tScript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "",
        ] {
            assert_eq!(safe_url(bad), None, "{bad}");
        }
        for good in [
            "/d/a?x=1:2",
            "https://example.org",
            "d/a",
            "#x:y",
            "mailto:a@b.c",
        ] {
            assert_eq!(safe_url(good).as_deref(), Some(good));
        }
    }
}
