//! The two halves of the pages, each with a WebAssembly file of its own.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Which half a page is in. From one to the other a page loads anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bundle {
    /// What is open when something burns, kept small: [`crate::App`].
    Pages,
    /// Dashboards, forms, and what the server says about itself.
    Studio,
}

/// What the server says about itself.
const ABOUT: [&str; 7] = [
    "status",
    "tsdb-status",
    "flags",
    "config",
    "alertmanager-discovery",
    "queries",
    "remote",
];

impl Bundle {
    /// The half that shows what is at a path, with the prefix of the server's addresses or without.
    pub fn of(path: &str) -> Self {
        let path = crate::site::page_of(path);
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        match (parts.next(), parts.next()) {
            // The list of rules is a page, a rule is a form.
            (None | Some("d" | "dashboards" | "profile" | "admin" | "org"), _)
            | (Some("rules"), Some(_)) => Self::Studio,
            (Some(name), _) if ABOUT.contains(&name) => Self::Studio,
            _ => Self::Pages,
        }
    }
}

/// Goes to an address, in the same half without loading a page. For components only.
pub fn use_go() -> Callback<String> {
    let here = use_context::<Bundle>().unwrap_or(Bundle::Pages);
    let navigate = use_navigate();
    Callback::new(move |address: String| {
        if Bundle::of(&address) == here {
            navigate(&address, NavigateOptions::default());
        } else {
            // A browser that refuses to leave a page says so itself.
            let _ = window()
                .location()
                .set_href(&crate::site::at(crate::site::page_of(&address)));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashboards_forms_and_facts_of_the_server_are_the_studio() {
        for path in [
            "/",
            "/?a=b",
            "/dashboards",
            "/d/x/y",
            "/rules/new",
            "/rules/7",
            "/profile",
            "/admin/users/edit/1",
            "/org/teams",
            "/tsdb-status?metric=up",
        ] {
            assert_eq!(Bundle::of(path), Bundle::Studio, "{path}");
        }
        for path in ["/graph?g0.expr=up", "/rules", "/rules?search=a/b", "/dog"] {
            assert_eq!(Bundle::of(path), Bundle::Pages, "{path}");
        }
    }
}
