//! Dashboards and forms: the half of the pages with a WebAssembly file of its own.
//!
//! Deliberately not here: what panels mean (`dashboard`), pages of queries and status (`app`), engines.
//!
//! [`shell`] is the document and [`StudioApp`] its body; the address is the state of every page.

#![recursion_limit = "512"]
#![expect(
    clippy::needless_pass_by_value,
    reason = "components own their properties"
)]
#![expect(
    unreachable_pub,
    reason = "the component macro makes the properties of private components public"
)]

mod board;
pub mod call;
mod draw;
mod edit;
mod home;
mod list;
pub mod rules;

use app::components::{ServerState, ThemeState, TopBar};
use app::pages::NotFoundPage;
use app::state::{Bundle, FIRST_PAINT, Settings};
use app::words::Words;
use board::BoardPage;
use home::HomePage;
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;
use list::ListPage;
use rules::{NewRulePage, PlacedRulePage, StoredRulePage};

/// The document around the application.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <script>{FIRST_PAINT}</script>
                <link rel="stylesheet" href="/style/main.css"/>
                <link rel="icon" type="image/svg+xml" href="/favicon.svg"/>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <StudioApp/>
            </body>
        </html>
    }
}

/// Bar and pages.
#[component]
pub fn StudioApp() -> impl IntoView {
    provide_meta_context();
    ThemeState::provide();
    Settings::provide();
    provide_context(Bundle::Studio);
    view! {
        <Title formatter=|page: String| {
            if page.is_empty() { "Watchfire".to_owned() } else { format!("{page} · Watchfire") }
        }/>
        <Words>
        <Router>
            <TopBar/>
            <ServerState/>
            <main class="page" id="content" tabindex="-1">
                <Routes fallback=NotFoundPage>
                    <Route path=path!("/") view=HomePage/>
                    <Route path=path!("/dashboards") view=ListPage/>
                    <Route path=path!("/rules/new") view=NewRulePage/>
                    <Route path=path!("/rules/at") view=PlacedRulePage/>
                    <Route path=path!("/rules/:uid") view=StoredRulePage/>
                    <Route path=path!("/d/:uid") view=BoardPage/>
                    <Route path=path!("/d/:uid/*rest") view=BoardPage/>
                </Routes>
            </main>
        </Router>
        </Words>
    }
}
