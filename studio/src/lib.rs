//! Dashboards and forms: the pages that are made and changed, in two parts with a WebAssembly file each.
//!
//! Deliberately not here: what panels mean (`dashboard`), pages of queries and status (`app`), engines.
//!
//! [`shell`] is the document and [`StudioApp`] its body, [`forms_shell`] and [`FormsApp`] those of forms; the
//! address is the state of every page.

#![recursion_limit = "512"]
#![expect(
    clippy::needless_pass_by_value,
    reason = "components own their properties"
)]
#![expect(
    clippy::large_types_passed_by_value,
    reason = "a page's state is a set of handles, which callbacks take with them"
)]
#![expect(
    clippy::too_many_lines,
    reason = "what a component shows counts as lines of its function"
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
mod people;
pub mod rules;
mod settings;

use app::Frame;
use app::pages::{
    AlertmanagersPage, ConfigPage, FlagsPage, NotFoundPage, QueriesPage, RemotePage, RuntimePage,
    TsdbPage,
};
use app::state::Bundle;
use board::BoardPage;
use home::HomePage;
use leptos::prelude::*;
use leptos_router::SsrMode;
use leptos_router::components::{Route, Routes};
use leptos_router::path;
use list::ListPage;
use people::{
    AccountPage, AccountsPage, AuditPage, FolderAccessPage, ProfilePage, TeamPage, TeamsPage,
    UserPage, UsersPage,
};
use rules::{NewRulePage, PlacedRulePage, RuleGroupPage, StoredRulePage};

/// The document around dashboards.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    app::document(options, StudioApp)
}

/// The document around forms.
pub fn forms_shell(options: LeptosOptions) -> impl IntoView {
    app::document(options, FormsApp)
}

/// Dashboards.
#[component]
pub fn StudioApp() -> impl IntoView {
    view! { <Frame bundle=Bundle::Studio routes=pages_of_studio/> }
}

fn pages_of_studio() -> impl IntoView {
    view! {
        <Routes fallback=NotFoundPage>
            // Whole at once, with the frames of their panels.
            <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
            <Route path=path!("/dashboards") view=ListPage/>
            <Route path=path!("/d/:uid") view=BoardPage ssr=SsrMode::Async/>
            <Route path=path!("/d/:uid/*rest") view=BoardPage ssr=SsrMode::Async/>
        </Routes>
    }
}

/// Rules in forms, people, and what the server says about itself.
#[component]
pub fn FormsApp() -> impl IntoView {
    view! { <Frame bundle=Bundle::Forms routes=pages_of_forms/> }
}

fn pages_of_forms() -> impl IntoView {
    view! {
        <Routes fallback=NotFoundPage>
            <Route path=path!("/rules/new") view=NewRulePage/>
            <Route path=path!("/rules/at") view=PlacedRulePage/>
            <Route path=path!("/rules/group") view=RuleGroupPage/>
            <Route path=path!("/rules/:uid") view=StoredRulePage/>
            <Route path=path!("/dashboards/f/:uid/permissions") view=FolderAccessPage/>
            <Route path=path!("/profile") view=ProfilePage/>
            <Route path=path!("/admin/users") view=UsersPage/>
            <Route path=path!("/admin/users/edit/:id") view=UserPage/>
            <Route path=path!("/admin/audit") view=AuditPage/>
            <Route path=path!("/org/teams") view=TeamsPage/>
            <Route path=path!("/org/teams/edit/:id") view=TeamPage/>
            <Route path=path!("/org/serviceaccounts") view=AccountsPage/>
            <Route path=path!("/org/serviceaccounts/:id") view=AccountPage/>
            // Whole at once: readable without scripts.
            <Route path=path!("/status") view=RuntimePage ssr=SsrMode::Async/>
            <Route path=path!("/tsdb-status") view=TsdbPage ssr=SsrMode::Async/>
            <Route path=path!("/flags") view=FlagsPage ssr=SsrMode::Async/>
            <Route path=path!("/config") view=ConfigPage ssr=SsrMode::Async/>
            <Route path=path!("/alertmanager-discovery") view=AlertmanagersPage ssr=SsrMode::Async/>
            <Route path=path!("/queries") view=QueriesPage ssr=SsrMode::Async/>
            <Route path=path!("/remote") view=RemotePage ssr=SsrMode::Async/>
        </Routes>
    }
}
