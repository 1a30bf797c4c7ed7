//! The parts of the pages, each with a WebAssembly file of its own.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Which part a page is in. From one to the other a page loads anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bundle {
    /// What is open when something burns, kept small: [`crate::App`].
    Pages,
    /// Dashboards.
    Studio,
    /// Rules in forms, people, and what the server says about itself.
    Forms,
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
    /// The part that shows what is at a path, with the prefix of the server's addresses or without.
    pub fn of(path: &str) -> Self {
        let path = crate::site::page_of(path);
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        match (parts.next(), parts.next()) {
            // Who may do what in a folder is about people.
            (Some("dashboards"), Some("f")) if path.ends_with("/permissions") => Self::Forms,
            (None | Some("d" | "dashboards"), _) => Self::Studio,
            // The list of rules is a page, a rule is a form.
            (Some("profile" | "admin" | "org"), _) | (Some("rules"), Some(_)) => Self::Forms,
            (Some(name), _) if ABOUT.contains(&name) => Self::Forms,
            _ => Self::Pages,
        }
    }
}

/// Goes to an address, in the same part without loading a page. For components only.
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
    fn dashboards_forms_and_the_rest_are_parts_of_their_own() {
        for path in ["/", "/?a=b", "/dashboards", "/dashboards/f/x", "/d/x/y"] {
            assert_eq!(Bundle::of(path), Bundle::Studio, "{path}");
        }
        for path in [
            "/dashboards/f/x/permissions?a=b",
            "/rules/new",
            "/rules/7",
            "/profile",
            "/admin/users/edit/1",
            "/org/teams",
            "/tsdb-status?metric=up",
        ] {
            assert_eq!(Bundle::of(path), Bundle::Forms, "{path}");
        }
        for path in ["/graph?g0.expr=up", "/rules", "/rules?search=a/b", "/dog"] {
            assert_eq!(Bundle::of(path), Bundle::Pages, "{path}");
        }
    }
}
