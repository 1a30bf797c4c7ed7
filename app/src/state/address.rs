//! Query strings of addresses.

/// `name=value` pairs joined by `&`, both sides percent-encoded.
pub fn query_string<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(&encode(name));
        text.push('=');
        text.push_str(&encode(value));
    }
    text
}

/// `text` with everything percent-encoded that means something in a query string.
pub fn encode(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        // The unreserved characters of RFC 3986, and some that are harmless and read better.
        if byte.is_ascii_alphanumeric() || b"-_.~:,()*/!".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.push(
                    HEX.get(usize::from(nibble))
                        .copied()
                        .map_or('0', char::from),
                );
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_meaning_is_encoded() {
        assert_eq!(
            query_string([("g0.expr", "a{b=\"c\"} + 1 & x")]),
            "g0.expr=a%7Bb%3D%22c%22%7D%20%2B%201%20%26%20x"
        );
        assert_eq!(encode("é"), "%C3%A9");
    }
}
