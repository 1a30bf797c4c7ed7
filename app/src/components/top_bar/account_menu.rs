//! Who is logged in, and where that leads.

use super::drop_down::DropDown;
use crate::components::icon::{Glyph, Icon};
use crate::data::use_me;
use crate::site::at;
use crate::state::query_string;
use crate::words::{t, use_i18n};
use api_types::Me;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// A link to log in, or a menu with one's own page, those of administrators, and the way out; nothing until
/// it is known who looks.
#[component]
pub(super) fn AccountMenu() -> impl IntoView {
    let me = use_me();
    move || {
        me.get().map(|me| match me.kind.as_str() {
            "user" => menu(me).into_any(),
            // At the machine itself nobody needs a login: no word, but a way to be an administrator.
            kind => log_in(kind == "local").into_any(),
        })
    }
}

fn log_in(is_local: bool) -> impl IntoView {
    let i18n = use_i18n();
    let location = use_location();
    let address = move || {
        let (path, query) = (location.pathname.get(), location.search.get());
        let page = crate::site::page_of(&path);
        let back = if query.is_empty() {
            page.to_owned()
        } else {
            format!("{page}?{}", query.trim_start_matches('?'))
        };
        at(&format!(
            "/login?{}",
            query_string([("redirectTo", back.as_str())])
        ))
    };
    let words = move || {
        if is_local {
            crate::words::t_string!(i18n, people.no_login_needed)
        } else {
            crate::words::t_string!(i18n, people.log_in)
        }
    };
    view! {
        <a
            class="button top-bar__account"
            data-kind=is_local.then_some("icon")
            rel="external"
            href=address
            title=words
        >
            <Icon glyph=Glyph::Person/>
            <span class=if is_local { "visually-hidden" } else { "top-bar__account-name" }>{words}</span>
        </a>
    }
}

fn menu(me: Me) -> impl IntoView {
    let i18n = use_i18n();
    let menu = DropDown::new();
    let name = if me.name.is_empty() {
        me.login.clone()
    } else {
        me.name
    };
    let item = move |path: &'static str, words: Signal<&'static str>| {
        view! {
            <li>
                <a class="menu__item" href=at(path) on:click=move |_| menu.close()>{words}</a>
            </li>
        }
    };
    let administration = me.is_admin.then(|| {
        [
            item("/admin/users", t!(i18n, people.users)),
            item("/org/teams", t!(i18n, people.teams)),
            item("/org/serviceaccounts", t!(i18n, people.service_accounts)),
            item("/admin/audit", t!(i18n, people.audit)),
        ]
    });
    view! {
        <details
            class="menu top-bar__account-menu"
            node_ref=menu.0
            on:focusout=move |event| menu.left(&event)
            on:keydown=move |event| menu.key(&event)
        >
            <summary class="button top-bar__account" title=t!(i18n, people.account)>
                <Icon glyph=Glyph::Person/>
                <span class="visually-hidden">{t!(i18n, people.account)}" "</span>
                <span class="top-bar__account-name">{me.login}</span>
            </summary>
            <ul class="menu__list">
                <li class="notification">
                    <span class="notification__text">{name}</span>
                    <span>{me.role}</span>
                </li>
                {item("/profile", t!(i18n, people.profile))}
                {administration}
                <li>
                    // A form of its own works without this page's code, too.
                    <form method="post" action=at("/logout")>
                        <button type="submit" class="menu__item menu__button">{t!(i18n, people.log_out)}</button>
                    </form>
                </li>
            </ul>
        </details>
    }
}
