//! `/api/watchfire/{rules,targets,discovery}`: long lists, chosen and cut into pages here, so that a page that
//! shows a part of ten thousand entries weighs no more than that part.

mod rules;
mod targets;

pub(crate) use rules::list as rules;
pub(crate) use targets::{active, discovery};

use crate::error::ApiError;
use crate::params::Params;
use api_types::Paging;

/// Most entries of one page.
const MAX_PER_PAGE: usize = 1000;

/// The page that a client asks for.
struct Cut {
    page: usize,
    per_page: usize,
}

impl Cut {
    /// Reads `page` and `per_page`.
    fn new(params: &Params, usual: usize) -> Result<Self, ApiError> {
        let number = |name: &str, usual: usize, most: usize| match params.get(name) {
            None => Ok(usual),
            Some(text) => match text.parse::<usize>() {
                Ok(number) if number >= 1 => Ok(number.min(most)),
                _ => Err(ApiError::parameter(name, "not a positive number")),
            },
        };
        Ok(Self {
            page: number("page", 1, usize::MAX)?,
            per_page: number("per_page", usual, MAX_PER_PAGE)?,
        })
    }

    /// The entries of the page; one beyond the last is the last.
    fn take<T>(&self, mut chosen: Vec<T>, total: usize) -> (Vec<T>, Paging) {
        let matched = chosen.len();
        let pages = matched.div_ceil(self.per_page).max(1);
        let page = self.page.min(pages);
        let skipped = ((page - 1) * self.per_page).min(matched);
        let mut part = chosen.split_off(skipped);
        part.truncate(self.per_page);
        let paging = Paging {
            page,
            pages,
            matched,
            total,
        };
        (part, paging)
    }
}

/// A search: every word must be somewhere, in any case.
struct Search(Vec<String>);

impl Search {
    fn new(params: &Params) -> Self {
        let text = params.get("search").unwrap_or_default().to_lowercase();
        Self(text.split_whitespace().map(str::to_owned).collect())
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether all words are in `text`.
    fn finds(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.0.iter().all(|word| text.contains(word))
    }
}

/// Appends `name="value"` pairs.
fn push_pairs<'a>(text: &mut String, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) {
    for (name, value) in pairs {
        text.push(' ');
        text.push_str(name);
        text.push_str("=\"");
        text.push_str(value);
        text.push('"');
    }
}

/// The values of a parameter that lists words between commas.
fn words(params: &Params, name: &str) -> Vec<String> {
    let text = params.get(name).unwrap_or_default();
    let words = text.split(',').map(|word| word.trim().to_lowercase());
    words.filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(page: usize, per_page: usize) -> Cut {
        Cut { page, per_page }
    }

    #[test]
    fn a_page_beyond_the_last_is_the_last() {
        let (part, paging) = cut(9, 2).take(vec![1, 2, 3], 7);
        assert_eq!(part, [3]);
        assert_eq!(
            (paging.page, paging.pages, paging.matched, paging.total),
            (2, 2, 3, 7)
        );
        let (part, paging) = cut(1, 2).take(Vec::<u8>::new(), 0);
        assert_eq!((part.len(), paging.page, paging.pages), (0, 1, 1));
    }

    #[test]
    fn every_word_of_a_search_must_be_found_in_any_case() {
        let search = Search(vec!["node".into(), "cpu".into()]);
        assert!(search.finds("CPU of Node"));
        assert!(!search.finds("node memory"));
    }
}
