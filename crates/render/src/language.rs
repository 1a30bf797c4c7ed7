//! The languages of the words that pictures say of themselves.

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Korean.
    Korean,
}

impl Language {
    /// The language of a tag such as `ko` or `en-GB`, if it is one of ours.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let first = tag.trim().split(['-', '_']).next()?;
        if first.eq_ignore_ascii_case("ko") {
            Some(Self::Korean)
        } else if first.eq_ignore_ascii_case("en") {
            Some(Self::English)
        } else {
            None
        }
    }

    /// The one that a list as in `Accept-Language` likes best; of equals the first.
    pub fn accepted(list: &str) -> Option<Self> {
        let mut best: Option<(f64, Self)> = None;
        for entry in list.split(',') {
            let mut parts = entry.split(';');
            let Some(language) = parts.next().and_then(Self::of_tag) else {
                continue;
            };
            let weight = parts.find_map(|part| part.trim().strip_prefix("q="));
            let weight = weight.map_or(1.0, |weight| weight.trim().parse().unwrap_or(0.0));
            if weight > 0.0 && best.is_none_or(|(most, _)| weight > most) {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }

    /// That there is nothing to show.
    pub(crate) fn no_data(self) -> &'static str {
        match self {
            Self::English => "No data",
            Self::Korean => "데이터 없음",
        }
    }

    /// That a kind of panel is not in pictures.
    pub(crate) fn not_drawn(self, kind: &str) -> String {
        match self {
            Self::English => format!("panels of the kind {kind} are drawn by a browser only"),
            Self::Korean => format!("{kind} 종류의 패널은 브라우저에서만 그립니다"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_that_is_liked_best_is_taken() {
        let of = Language::accepted;
        assert_eq!(of("ko-KR,ko;q=0.9,en-US;q=0.8"), Some(Language::Korean));
        assert_eq!(of("fr, en;q=0.5, ko;q=0.4"), Some(Language::English));
        assert_eq!(of("en;q=0.2, KO;q=0.4"), Some(Language::Korean));
        assert_eq!(of("ko;q=0, en"), Some(Language::English));
        assert_eq!(of("fr"), None);
        assert_eq!(of(""), None);
    }
}
