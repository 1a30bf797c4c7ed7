//! All users.

use super::ask::number_of;
use super::deed::Deed;
use super::field::{DialogEnd, Line, RoleChoice, Standing};
use super::frame::{PeoplePage, Takes};
use super::listing::{Column, Listing, Words};
use crate::call::text_of;
use app::components::{Dialog, TimeAgo, use_clock};
use app::site::at;
use app::state::use_go;
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
    let making = RwSignal::new(false);
    let row = Callback::new(move |user: Value| {
        let id = number_of(&user, "id");
        let text = |name: &str| text_of(&user, name).to_owned();
        view! {
            <tr>
                <th scope="row">
                    <a class="people__name" href=at(&format!("/admin/users/edit/{id}"))>{text("login")}</a>
                </th>
                <td class="people__name">{text("name")}</td>
                <td class="people__wide people__name">{text("email")}</td>
                <td>{text("role")}</td>
                <td class="people__wide"><TimeAgo time=Signal::stored(text("lastSeenAt")) clock/></td>
                <td><Standing one=user/></td>
            </tr>
        }
        .into_any()
    });
    let words = Words {
        find: t!(i18n, people.find_users),
        make: t!(i18n, people.new_user),
        none: t!(i18n, people.nobody_found),
        none_text: t!(i18n, people.nobody_found_text),
    };
    let columns = vec![
        Column::new(t!(i18n, people.login)),
        Column::new(t!(i18n, people.name)),
        Column::wide(t!(i18n, people.email)),
        Column::new(t!(i18n, people.role)),
        Column::wide(t!(i18n, people.last_seen)),
        Column::new(t!(i18n, people.state)),
    ];
    view! {
        <Listing path="/api/users/search" name="users" words columns row making/>
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
