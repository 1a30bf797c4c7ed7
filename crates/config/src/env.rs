//! Environment variables inside values: `$NAME`, `${NAME}`, `$$`.

/// Looks up one variable.
pub(crate) type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Replaces variables by their values; unset ones by nothing, `$$` by `$`. A dollar sign before anything
/// else stays.
pub(crate) fn expand(text: &str, lookup: Lookup<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let (value, next) = expand_one(after, lookup);
        out.push_str(&value);
        rest = next;
    }
    out.push_str(rest);
    out
}

/// The value of the reference that begins `after` a dollar sign, and what follows it.
fn expand_one<'t>(after: &'t str, lookup: Lookup<'_>) -> (String, &'t str) {
    if let Some(next) = after.strip_prefix('$') {
        return ("$".to_owned(), next);
    }
    let braced = after
        .strip_prefix('{')
        .and_then(|inside| inside.split_once('}'));
    let (name, next) = braced.unwrap_or_else(|| {
        let end = after
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(after.len());
        after.split_at(end)
    });
    match name {
        "" => ("$".to_owned(), after),
        "$" => ("$".to_owned(), next),
        name => (lookup(name).unwrap_or_default(), next),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_replaced_and_unset_ones_vanish() {
        let lookup = |name: &str| (name == "REGION_1").then(|| "eu$X".to_owned());
        for (text, expected) in [
            ("plain", "plain"),
            ("$REGION_1", "eu$X"),
            ("a-${REGION_1}-b", "a-eu$X-b"),
            ("$REGION_1-$GONE!", "eu$X-!"),
            ("cost: 5$$", "cost: 5$"),
            ("${$}", "$"),
            ("a $ b", "a $ b"),
            ("end$", "end$"),
            ("${open", "${open"),
        ] {
            assert_eq!(expand(text, &lookup), expected, "{text}");
        }
    }
}
