//! What the pages of people stand in: the way between them, and who may see them.

use app::components::Skeleton;
use app::data::use_me;
use app::site::at;
use app::state::encode;
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

/// What a page takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// An account of one's own.
    Account,
    /// The role of an administrator.
    Admin,
    /// Whatever the server says when it is asked.
    Server,
}

/// Title, the way to the pages beside it, and the page for those who may see it.
#[component]
pub(super) fn PeoplePage(
    #[prop(into)] title: Signal<String>,
    takes: Takes,
    /// Address and name of the list that the page belongs to.
    #[prop(optional)]
    above: Option<(&'static str, Signal<&'static str>)>,
    children: ChildrenFn,
) -> impl IntoView {
    let i18n = use_i18n();
    let me = use_me();
    let may = Memo::new(move |_| {
        me.with(|me| {
            me.as_ref().map(|me| match takes {
                Takes::Account => me.is_user(),
                Takes::Admin => me.is_admin,
                Takes::Server => true,
            })
        })
    });
    let path = use_location().pathname;
    let tab = move |place: &'static str, words: Signal<&'static str>| {
        let is_here = move || path.with(|path| app::site::page_of(path).starts_with(place));
        view! {
            <a class="people__tab" href=at(place) aria-current=move || is_here().then_some("page")>
                {words}
            </a>
        }
    };
    let tabs = move || {
        (takes == Takes::Admin && may.get() == Some(true)).then(|| {
            view! {
                <nav class="people__tabs" aria-label=t!(i18n, people.administration)>
                    {tab("/admin/users", t!(i18n, people.users))}
                    {tab("/org/teams", t!(i18n, people.teams))}
                    {tab("/org/serviceaccounts", t!(i18n, people.service_accounts))}
                    {tab("/admin/audit", t!(i18n, people.audit))}
                </nav>
            }
        })
    };
    let children = StoredValue::new(children);
    view! {
        <Title text=move || title.get()/>
        {tabs}
        <div class="page-head">
            <h1 class="page-head__title people__name">
                {above.map(|(place, words)| view! {
                    <a class="people__above" href=at(place)>{words}</a>
                    <span aria-hidden="true">" › "</span>
                })}
                {move || title.get()}
            </h1>
        </div>
        {move || match may.get() {
            None => view! { <Skeleton shape="table"/> }.into_any(),
            Some(true) => children.with_value(|children| children()).into_any(),
            Some(false) => {
                let role = if takes == Takes::Admin { "Admin" } else { "" };
                view! { <Refused role/> }.into_any()
            }
        }}
    }
}

/// Why somebody sees nothing here, and what it takes.
#[component]
pub(super) fn Refused(
    /// The role that it takes; empty where any account will do, `folder` where the folder decides.
    role: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let me = use_me();
    let path = use_location().pathname;
    let takes = move || match role {
        "" => t_string!(i18n, people.takes_account).to_owned(),
        "folder" => t_string!(i18n, people.takes_folder).to_owned(),
        role => t_string!(i18n, people.takes_role, role = role),
    };
    let kind = move || me.with(|me| me.as_ref().map(|me| me.kind.clone()).unwrap_or_default());
    let who = move || match kind().as_str() {
        "user" => {
            let own = me.with(|me| me.as_ref().map(|me| me.role.clone()).unwrap_or_default());
            t_string!(i18n, people.you_are, role = own)
        }
        "local" => t_string!(i18n, people.you_are_local).to_owned(),
        _ => t_string!(i18n, people.you_are_nobody).to_owned(),
    };
    let log_in = move || {
        let back = path.with(|path| encode(app::site::page_of(path)));
        at(&format!("/login?redirectTo={back}"))
    };
    view! {
        <div class="notice people__refused" data-kind="empty" role="note">
            <div class="notice__body">
                <p class="notice__title">{t!(i18n, people.refused)}</p>
                <div class="notice__text">
                    <p>{takes}</p>
                    <p>{who}</p>
                </div>
                <Show when=move || kind() != "user">
                    <p class="people__buttons">
                        <a class="button" data-kind="primary" rel="external" href=log_in>
                            {t!(i18n, people.log_in)}
                        </a>
                    </p>
                </Show>
            </div>
        </div>
    }
}
