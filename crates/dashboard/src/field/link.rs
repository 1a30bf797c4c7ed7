//! Links of panels and values.

use crate::json::Reading;
use serde_json::Value;

/// A link; its texts may hold variables.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    /// What people read.
    pub title: String,
    /// Where it leads.
    pub url: String,
    /// Whether it opens a page of its own.
    pub new_page: bool,
    /// Whether a click on the value is enough, without a menu.
    pub one_click: bool,
}

impl Link {
    /// Reads the links of a list, those without an address left out.
    pub(crate) fn read_list(items: &[Value]) -> Vec<Self> {
        items
            .iter()
            .map(|item| Self {
                title: item.str_or_empty("title").to_owned(),
                url: item.str_or_empty("url").to_owned(),
                new_page: item.is("targetBlank"),
                one_click: item.is("oneClick"),
            })
            .filter(|link| !link.url.is_empty())
            .collect()
    }
}
