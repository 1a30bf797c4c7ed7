//! Paths with wildcards, as Prometheus reads them.

use std::io;
use std::path::{Path, PathBuf};

/// The files that match `pattern`, whose last part may have `*`, `?` and `[a-z]`. Without a wildcard: the
/// path itself, if something is there. Ordering: by name.
///
/// # Errors
/// The folder cannot be read, but for one that is not there: then nothing matches.
pub fn glob(pattern: &str) -> io::Result<Vec<PathBuf>> {
    let (folder, last) = match pattern.rsplit_once('/') {
        Some(("", last)) => ("/", last),
        Some((folder, last)) => (folder, last),
        None => ("", pattern),
    };
    if !last.contains(['*', '?', '[']) {
        let path = PathBuf::from(pattern);
        return Ok(if path.exists() { vec![path] } else { vec![] });
    }
    let shown = if folder.is_empty() { "." } else { folder };
    let entries = match std::fs::read_dir(shown) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        if matches(last.as_bytes(), name.as_encoded_bytes()) {
            paths.push(Path::new(folder).join(name));
        }
    }
    paths.sort();
    Ok(paths)
}

/// Whether `name` matches `pattern`.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern, name) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => (0..=name.len())
            .filter_map(|skip| name.get(skip..))
            .any(|left| matches(rest, left)),
        ([b'?', rest @ ..], [_, left @ ..]) => matches(rest, left),
        ([b'[', rest @ ..], [byte, left @ ..]) => {
            let Some(end) = rest.iter().skip(1).position(|byte| *byte == b']') else {
                return false;
            };
            let (class, after) = rest.split_at(end + 1);
            in_class(class, *byte) && matches(after.get(1..).unwrap_or(&[]), left)
        }
        ([b'\\', byte, rest @ ..] | [byte, rest @ ..], [have, left @ ..]) => {
            byte == have && matches(rest, left)
        }
        _ => false,
    }
}

fn in_class(class: &[u8], byte: u8) -> bool {
    let (negated, class) = match class {
        [b'^', rest @ ..] => (true, rest),
        class => (false, class),
    };
    let mut rest = class;
    let mut found = false;
    loop {
        rest = match rest {
            [] => return found != negated,
            [low, b'-', high, left @ ..] => {
                found |= (*low..=*high).contains(&byte);
                left
            }
            [one, left @ ..] => {
                found |= *one == byte;
                left
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_as_in_a_shell() {
        for (pattern, name, expected) in [
            ("*.yml", "a.yml", true),
            ("*.yml", "a.yaml", false),
            ("a?c", "abc", true),
            ("a[b-d]e", "ace", true),
            ("a[^b-d]e", "ace", false),
            ("[abc]", "d", false),
            ("a*b*c", "a-b-b-c", true),
            ("", "", true),
        ] {
            let found = matches(pattern.as_bytes(), name.as_bytes());
            assert_eq!(found, expected, "{pattern} {name}");
        }
    }

    #[test]
    fn what_is_not_there_matches_nothing() {
        assert!(glob("/nowhere/*.yml").unwrap().is_empty());
        assert!(glob("/nowhere/a.yml").unwrap().is_empty());
        assert_eq!(glob("/").unwrap(), [PathBuf::from("/")]);
    }
}
