//! Texts inside addresses and pages.

/// Every byte but letters, digits and `-_.~` as `%XX`.
pub(crate) fn percent_encode(text: &str) -> String {
    encode(text, "-_.~")
}

/// As [`percent_encode`], but for what separates the parts of an address.
pub(super) fn encode_uri(text: &str) -> String {
    encode(text, "-_.~!*'();/?:@&=+$,#")
}

fn encode(text: &str, kept: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let c = char::from(byte);
        if byte.is_ascii_alphanumeric() || byte.is_ascii() && kept.contains(c) {
            out.push(c);
        } else {
            out.push('%');
            for half in [byte >> 4, byte & 15] {
                out.extend(char::from_digit(u32::from(half), 16).map(|c| c.to_ascii_uppercase()));
            }
        }
    }
    out
}

/// Text that stands for itself inside a page.
pub(super) fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}
