//! The address of a page that filters and pages a list: its query is the choice.

use crate::site::at;
use crate::state::query_string;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::params::ParamsMap;

/// A page's address, the parameters it knows among them.
#[derive(Clone, Copy)]
pub struct PageAddress {
    path: &'static str,
    names: &'static [&'static str],
    query: Memo<ParamsMap>,
    go: Callback<String>,
}

impl PageAddress {
    /// The address of the page at `path`; other parameters than `names` are dropped by its links.
    /// For components only.
    pub fn new(path: &'static str, names: &'static [&'static str]) -> Self {
        let navigate = use_navigate();
        let go = Callback::new(move |address: String| {
            let options = NavigateOptions {
                scroll: false,
                replace: true,
                ..NavigateOptions::default()
            };
            navigate(&address, options);
        });
        Self {
            path,
            names,
            query: use_query_map(),
            go,
        }
    }

    /// The path, as browsers see it.
    pub fn path(self) -> String {
        at(self.path)
    }

    /// The value of a parameter, tracked; empty where it is absent.
    pub fn get(self, name: &str) -> String {
        self.query.with(|query| query.get(name).unwrap_or_default())
    }

    /// A link with some parameters changed, tracked. Another choice begins at its first page.
    pub fn with(self, changes: &[(&str, &str)]) -> String {
        at(&self.query.with(|query| self.address(query, changes)))
    }

    /// Goes to the address with some parameters changed. For the browser only.
    pub fn go(self, changes: &[(&str, &str)]) {
        let address = self
            .query
            .with_untracked(|query| self.address(query, changes));
        self.go.run(address);
    }

    /// A call of the API with the parameters of the page and some of its own, tracked.
    pub fn call(self, path: &str, own: &[(&str, &str)]) -> String {
        let query = self.query.with(|query| {
            let given: Vec<(&str, String)> = self
                .names
                .iter()
                .filter_map(|name| Some((*name, query.get(name)?)))
                .filter(|(_, value)| !value.is_empty())
                .collect();
            let given = given.iter().map(|(name, value)| (*name, value.as_str()));
            query_string(given.chain(own.iter().copied()))
        });
        if query.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{query}")
        }
    }

    fn address(self, query: &ParamsMap, changes: &[(&str, &str)]) -> String {
        let value = |name: &str| match changes.iter().find(|(changed, _)| *changed == name) {
            Some((_, value)) => (*value).to_owned(),
            None if name == "page" => String::new(),
            None => query.get(name).unwrap_or_default(),
        };
        let pairs: Vec<(&str, String)> = self
            .names
            .iter()
            .map(|name| (*name, value(name)))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let query = query_string(pairs.iter().map(|(name, value)| (*name, value.as_str())));
        if query.is_empty() {
            self.path.to_owned()
        } else {
            format!("{}?{query}", self.path)
        }
    }
}
