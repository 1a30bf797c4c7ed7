//! Finding a place by a few letters.

/// How well `text` answers `wanted`: smaller is better, `None` not at all.
///
/// A beginning is better than the beginning of a word, that than a middle, that than letters in order.
pub fn rank(wanted: &str, text: &str) -> Option<u32> {
    let (wanted, text) = (wanted.trim().to_lowercase(), text.to_lowercase());
    if wanted.is_empty() {
        return Some(0);
    }
    let length = u32::try_from(text.len().min(999)).unwrap_or(999);
    if let Some(place) = text.find(&wanted) {
        let before = text.get(..place).and_then(|t| t.chars().last());
        let class = match before {
            None => 0,
            Some(c) if !c.is_alphanumeric() => 1,
            Some(_) => 2,
        };
        return Some(class * 1000 + length);
    }
    let mut rest = text.chars();
    let in_order = wanted
        .chars()
        .filter(|c| !c.is_whitespace())
        .all(|c| rest.any(|other| other == c));
    in_order.then_some(3000 + length)
}

/// The regular expression that the names match which [`rank`] ranks.
pub fn name_pattern(wanted: &str) -> String {
    let letters = wanted.chars().filter(|c| !c.is_whitespace());
    let mut pattern = String::from("(?i).*");
    for letter in letters {
        if letter.is_alphanumeric() || letter == '_' {
            pattern.push(letter);
        } else {
            pattern.push('\\');
            pattern.push(letter);
        }
        pattern.push_str(".*");
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_come_first_and_strangers_not_at_all() {
        let ranks: Vec<_> = ["up", "group", "node_up", "u_p", "down"]
            .iter()
            .map(|text| rank("up", text))
            .collect();
        let [begins, middle, word, letters, none] = ranks.as_slice() else {
            panic!("five")
        };
        assert!(begins < word && word < middle && middle < letters);
        assert_eq!(*none, None);
    }

    #[test]
    fn the_pattern_takes_what_the_rank_takes() {
        assert_eq!(name_pattern("ht. tp"), r"(?i).*h.*t.*\..*t.*p.*");
        assert_eq!(name_pattern(""), "(?i).*");
    }
}
