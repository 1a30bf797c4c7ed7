//! The part of the address that is the state of a dashboard: times, refresh and variables.

/// The pairs of a query such as `?from=now-6h&var-a=b`. For the browser only.
pub(crate) fn pairs_of(search: &str) -> Vec<(String, String)> {
    let search = search.trim_start_matches('?');
    search
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

/// What a percent-encoded text says; broken encoding stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let mut ahead = rest.clone();
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let pair = (digit(ahead.next()), digit(ahead.next()));
                if let (Some(high), Some(low)) = pair {
                    // Two digits of sixteen make a byte.
                    bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                    rest = ahead;
                } else {
                    bytes.push(byte);
                }
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The value of a pair.
pub(crate) fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
}

/// A moment of an address: whole milliseconds, a relative time, or what else the reader of times knows.
pub(crate) fn range_of(pairs: &[(String, String)]) -> Option<(String, String)> {
    let from = value(pairs, "from").filter(|text| !text.is_empty())?;
    let to = value(pairs, "to").filter(|text| !text.is_empty());
    Some((from.to_owned(), to.unwrap_or("now").to_owned()))
}

/// The query of an address with these pairs.
pub(crate) fn query_of(pairs: &[(String, String)]) -> String {
    let pairs = pairs.iter();
    app::state::query_string(pairs.map(|(name, value)| (name.as_str(), value.as_str())))
}

/// An address with a query.
pub(crate) fn with_query(path: &str, pairs: &[(String, String)]) -> String {
    match query_of(pairs) {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded_and_may_repeat() {
        let pairs = pairs_of("?from=now-6h&var-a=%2Fdev+x&var-a=%EA%B0%80&edit&bad=%zz");
        let text: Vec<String> = pairs.iter().map(|(n, v)| format!("{n}={v}")).collect();
        assert_eq!(
            text,
            [
                "from=now-6h",
                "var-a=/dev x",
                "var-a=가",
                "edit=",
                "bad=%zz"
            ]
        );
        assert_eq!(
            range_of(&pairs),
            Some(("now-6h".to_owned(), "now".to_owned()))
        );
    }
}
