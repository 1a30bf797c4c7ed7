//! All users.

use super::ask::{Asked, list_of, number_of};
use super::deed::Deed;
use super::field::{DialogEnd, Line, Pill, RoleChoice};
use super::frame::{PeoplePage, Takes};
use super::pages::{PAGE, Pages};
use crate::call::{is, text_of};
use app::components::{Dialog, EmptyNotice, Glyph, Icon, TimeAgo, use_clock};
use app::site::at;
use app::state::{encode, use_go};
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use serde_json::{Value, json};

/// The list of users, with a search and a way to make one.
#[component]
pub(crate) fn UsersPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PeoplePage
            title=Signal::derive(move || t_string!(i18n, people.users).to_owned())
            takes=Takes::Admin
        >
            <UserList/>
        </PeoplePage>
    }
}

#[component]
fn UserList() -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let find = RwSignal::new(String::new());
    let page = RwSignal::new(1_usize);
    let making = RwSignal::new(false);
    let asked = Asked::new(move || {
        let find = find.with(|find| encode(find.trim()));
        format!(
            "/api/users/search?perpage={PAGE}&page={}&query={find}",
            page.get()
        )
    });
    let row = move |user: &Value| {
        let id = number_of(user, "id");
        let disabled = is(user, "isDisabled");
        view! {
            <tr>
                <th scope="row">
                    <a class="people__name" href=at(&format!("/admin/users/edit/{id}"))>{text_of(user, "login").to_owned()}</a>
                </th>
                <td class="people__name">{text_of(user, "name").to_owned()}</td>
                <td class="people__wide people__name">{text_of(user, "email").to_owned()}</td>
                <td>{text_of(user, "role").to_owned()}</td>
                <td class="people__wide">
                    <TimeAgo time=Signal::stored(text_of(user, "lastSeenAt").to_owned()) clock/>
                </td>
                <td>
                    {if disabled {
                        view! { <Pill state="down" words=t!(i18n, people.disabled)/> }
                    } else {
                        view! { <Pill state="up" words=t!(i18n, people.active)/> }
                    }}
                </td>
            </tr>
        }
    };
    let body = asked.show(move |answer| {
        let users = list_of(&answer, "users");
        if users.is_empty() {
            return view! {
                <EmptyNotice title=Signal::derive(move || t_string!(i18n, people.nobody_found).to_owned())>
                    <p>{t!(i18n, people.nobody_found_text)}</p>
                </EmptyNotice>
            }
            .into_any();
        }
        let total = usize::try_from(number_of(&answer, "totalCount")).unwrap_or(0);
        view! {
            <div class="card scroll-x">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, people.login)}</th>
                            <th scope="col">{t!(i18n, people.name)}</th>
                            <th scope="col" class="people__wide">{t!(i18n, people.email)}</th>
                            <th scope="col">{t!(i18n, people.role)}</th>
                            <th scope="col" class="people__wide">{t!(i18n, people.last_seen)}</th>
                            <th scope="col">{t!(i18n, people.state)}</th>
                        </tr>
                    </thead>
                    <tbody>{users.iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            <Pages page total/>
        }
        .into_any()
    });
    view! {
        <div class="filters">
            <input
                class="field"
                type="search"
                aria-label=move || t_string!(i18n, people.find_users)
                placeholder=move || t_string!(i18n, people.find_users)
                prop:value=move || find.get()
                on:input=move |event| {
                    find.set(event_target_value(&event));
                    page.set(1);
                }
            />
            <button type="button" class="button" data-kind="primary" on:click=move |_| making.set(true)>
                <Icon glyph=Glyph::Plus/>
                {t!(i18n, people.new_user)}
            </button>
        </div>
        {body}
        <NewUser open=making/>
    }
}

#[component]
fn NewUser(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let [login, name, email, password] = [(), (), (), ()].map(|()| RwSignal::new(String::new()));
    let role = RwSignal::new("Viewer".to_owned());
    let deed = Deed::new();
    Effect::new(move |_| {
        if open.get() {
            for field in [login, name, email, password] {
                field.set(String::new());
            }
            role.set("Viewer".to_owned());
            deed.reset();
        }
    });
    let go = use_go();
    let make = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let body = json!({
            "login": login.get_untracked(), "name": name.get_untracked(),
            "email": email.get_untracked(), "password": password.get_untracked(),
            "role": role.get_untracked(),
        });
        deed.run(
            "POST",
            "/api/admin/users".to_owned(),
            Some(body),
            move |made| {
                open.try_set(false);
                go.run(format!("/admin/users/edit/{}", number_of(&made, "id")));
            },
        );
    };
    view! {
        <Dialog open kind="form" label=Signal::derive(move || t_string!(i18n, people.new_user).to_owned())>
            <form class="form" on:submit=make autocomplete="off">
                <h2 class="dialog__title">{t!(i18n, people.new_user)}</h2>
                <Line label=t!(i18n, people.login) value=login required=true autofocus=true/>
                <Line label=t!(i18n, people.name) value=name/>
                <Line label=t!(i18n, people.email) value=email kind="email"/>
                <Line label=t!(i18n, people.password) value=password kind="password" autocomplete="new-password" required=true/>
                <RoleChoice value=role/>
                <DialogEnd deed open/>
            </form>
        </Dialog>
    }
}
