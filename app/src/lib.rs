//! The pages that the browser shows, rendered on the server and hydrated in the browser.
//!
//! Deliberately not here: engines. What a page shows comes over the HTTP API, or, while the server
//! renders, through [`backend::UiBackend`].
//!
//! [`shell`] is the document and [`App`] its body; the address is the state of every page.

#![recursion_limit = "512"]
#![expect(
    clippy::needless_pass_by_value,
    reason = "components own their properties"
)]
#![expect(
    unreachable_pub,
    reason = "the component macro makes the properties of private components public"
)]

pub mod backend;
pub mod components;
pub mod data;
pub mod fmt;
pub mod highlight;
pub mod pages;
pub mod promql_help;
pub mod state;
pub mod wake;
pub mod words;

use components::{ServerState, ThemeState, TopBar};
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::SsrMode;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;
use pages::{
    AlertmanagersPage, AlertsPage, ConfigPage, DiscoveryPage, FlagsPage, GraphPage, HelpPage,
    NotFoundPage, QueriesPage, RemotePage, RulesPage, RuntimePage, TargetsPage, TsdbPage,
};
use words::Words;

/// The document around the application.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <script>{state::FIRST_PAINT}</script>
                <link rel="stylesheet" href="/style/main.css"/>
                <link rel="icon" type="image/svg+xml" href="/favicon.svg"/>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Bar and pages.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    ThemeState::provide();
    state::Settings::provide();
    provide_context(state::Bundle::Pages);
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
                    <Route path=path!("/graph") view=GraphPage/>
                    // Whole at once: readable without scripts.
                    <Route path=path!("/alerts") view=AlertsPage ssr=SsrMode::Async/>
                    <Route path=path!("/rules") view=RulesPage ssr=SsrMode::Async/>
                    <Route path=path!("/targets") view=TargetsPage ssr=SsrMode::Async/>
                    <Route path=path!("/service-discovery") view=DiscoveryPage ssr=SsrMode::Async/>
                    <Route path=path!("/status") view=RuntimePage ssr=SsrMode::Async/>
                    <Route path=path!("/tsdb-status") view=TsdbPage ssr=SsrMode::Async/>
                    <Route path=path!("/flags") view=FlagsPage ssr=SsrMode::Async/>
                    <Route path=path!("/config") view=ConfigPage ssr=SsrMode::Async/>
                    <Route path=path!("/alertmanager-discovery") view=AlertmanagersPage ssr=SsrMode::Async/>
                    <Route path=path!("/queries") view=QueriesPage ssr=SsrMode::Async/>
                    <Route path=path!("/remote") view=RemotePage ssr=SsrMode::Async/>
                    <Route path=path!("/help") view=HelpPage/>
                </Routes>
            </main>
        </Router>
        </Words>
    }
}
