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
pub mod site;
pub mod state;
pub mod wake;
pub mod words;

use components::{MetricNames, ServerState, ThemeState, TopBar};
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::SsrMode;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;
use pages::{AlertsPage, DiscoveryPage, GraphPage, HelpPage, NotFoundPage, RulesPage, TargetsPage};
use words::Words;

/// The document around the pages of this crate's own bundle.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    document(options, App)
}

/// The document around `body`, the root component of a bundle.
pub fn document<V: IntoView>(options: LeptosOptions, body: impl FnOnce() -> V) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html data-prefix=site::prefix() data-title=site::own_title()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <script>{state::FIRST_PAINT}</script>
                <script>{data::EARLY}</script>
                <link rel="stylesheet" href=site::at("/style/main.css")/>
                <link rel="icon" type="image/svg+xml" href=site::at("/favicon.svg")/>
                <HydrationScripts options root=site::prefix()/>
                <MetaTags/>
            </head>
            <body>{body()}</body>
        </html>
    }
}

/// What all pages of a bundle stand in: bar, state of the server, and `routes` in the middle.
///
/// The router must be told of its routes where they stand, so they come as a function.
#[component]
pub fn Frame<V: IntoView + 'static>(
    /// The bundle that the pages are in.
    bundle: state::Bundle,
    /// The router's routes.
    routes: fn() -> V,
) -> impl IntoView {
    provide_meta_context();
    ThemeState::provide();
    state::Settings::provide();
    provide_context(bundle);
    data::WhoLooks::provide();
    data::Cuts::provide();
    // For every editor of expressions.
    MetricNames::provide();
    let title = site::title();
    view! {
        <Title formatter=move |page: String| {
            if page.is_empty() { title.clone() } else { format!("{page} · {title}") }
        }/>
        <Words>
        <Router base=site::prefix()>
            <TopBar/>
            <ServerState/>
            <main class="page" id="content" tabindex="-1">
                {routes()}
            </main>
        </Router>
        </Words>
    }
}

/// The pages that are open when something burns: queries, alerts, targets.
#[component]
pub fn App() -> impl IntoView {
    view! { <Frame bundle=state::Bundle::Pages routes=pages_of_app/> }
}

fn pages_of_app() -> impl IntoView {
    view! {
        <Routes fallback=NotFoundPage>
            <Route path=path!("/graph") view=GraphPage/>
            // Whole at once: readable without scripts.
            <Route path=path!("/alerts") view=AlertsPage ssr=SsrMode::Async/>
            <Route path=path!("/rules") view=RulesPage ssr=SsrMode::Async/>
            <Route path=path!("/targets") view=TargetsPage ssr=SsrMode::Async/>
            <Route path=path!("/service-discovery") view=DiscoveryPage ssr=SsrMode::Async/>
            <Route path=path!("/help") view=HelpPage/>
        </Routes>
    }
}
