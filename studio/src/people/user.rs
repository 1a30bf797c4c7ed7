//! One user, for administrators.

use super::ask::Asked;
use super::confirm::{Confirm, Question};
use super::deed::{Deed, Outcome};
use super::field::{FormEnd, Line, Pill, RoleChoice};
use super::frame::{PeoplePage, Takes};
use super::sessions::Sessions;
use crate::call::{is, text_of};
use app::components::{TimeAgo, use_clock};
use app::state::{encode, use_go};
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde_json::{Value, json};

/// The page of one user.
#[component]
pub(crate) fn UserPage() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let asked = Asked::new(move || format!("/api/users/{}", encode(&id.get())));
    // Outside of what is shown anew once something is saved, so that its outcome stays to be read.
    let (details, role) = (Deed::new(), Deed::new());
    let title = Signal::derive(move || {
        asked.ready().map_or_else(
            || t_string!(i18n, people.user).to_owned(),
            |user| text_of(&user, "login").to_owned(),
        )
    });
    view! {
        <PeoplePage title takes=Takes::Admin above=("/admin/users", t!(i18n, people.users))>
            {asked.show(move |user| view! { <Everything user=(*user).clone() asked id=id.get_untracked() details role/> }.into_any())}
        </PeoplePage>
    }
}

#[component]
fn Everything(user: Value, asked: Asked, id: String, details: Deed, role: Deed) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let id = StoredValue::new(encode(&id));
    let of_admin = move |what: &str| id.with_value(|id| format!("/api/admin/users/{id}{what}"));
    let question = RwSignal::new(None::<Question>);
    let gone = RwSignal::new(false);
    let sessions = Asked::new(move || of_admin("/auth-tokens"));
    let login = StoredValue::new(text_of(&user, "login").to_owned());
    let disabled = is(&user, "isDisabled");
    let go = use_go();
    let done = Callback::new(move |()| {
        if gone.get_untracked() {
            go.run("/admin/users".to_owned());
        } else {
            asked.again.run(());
            sessions.again.run(());
        }
    });
    let ask = move |act: &'static str, text: &'static str, method: &'static str, what: &str| {
        gone.set(method == "DELETE");
        question.set(Some(Question {
            act,
            name: login.get_value(),
            text,
            method,
            path: of_admin(what),
            body: None,
        }));
    };
    let enable = Deed::new();
    view! {
        <p class="people__facts">
            {if disabled {
                view! { <Pill state="down" words=t!(i18n, people.disabled)/> }
            } else {
                view! { <Pill state="up" words=t!(i18n, people.active)/> }
            }}
            <span>{t!(i18n, people.created)} " " <TimeAgo time=Signal::stored(text_of(&user, "createdAt").to_owned()) clock/></span>
            <span>{t!(i18n, people.last_seen)} " " <TimeAgo time=Signal::stored(text_of(&user, "lastSeenAt").to_owned()) clock/></span>
        </p>
        <div class="columns">
            <div>
                <Details user=user.clone() asked id=id.get_value() deed=details/>
            </div>
            <div>
                <Role user=user.clone() asked id=id.get_value() deed=role/>
                <Password id=id.get_value() sessions/>
            </div>
        </div>
        <section class="card" aria-labelledby="sessions">
            <div class="card__head">
                <h2 class="card__title" id="sessions">{t!(i18n, people.sessions)}</h2>
                <div class="card__facts">
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| ask(
                            t_string!(i18n, people.log_out_everywhere),
                            t_string!(i18n, people.log_out_everywhere_text),
                            "POST",
                            "/logout",
                        )
                    >
                        {t!(i18n, people.log_out_everywhere)}
                    </button>
                </div>
            </div>
            <Sessions asked=sessions revoke=None/>
        </section>
        <section class="card" aria-labelledby="danger">
            <div class="card__head"><h2 class="card__title" id="danger">{t!(i18n, people.take_away)}</h2></div>
            <div class="people__danger">
                {if disabled {
                    view! {
                        <button
                            type="button"
                            class="button"
                            on:click=move |_| enable.run("POST", of_admin("/enable"), None, move |_| asked.again.run(()))
                        >
                            {t!(i18n, people.enable)}
                        </button>
                        <p>{t!(i18n, people.enable_text)}</p>
                    }.into_any()
                } else {
                    view! {
                        <button
                            type="button"
                            class="button"
                            on:click=move |_| ask(
                                t_string!(i18n, people.disable),
                                t_string!(i18n, people.disable_text),
                                "POST",
                                "/disable",
                            )
                        >
                            {t!(i18n, people.disable)}
                        </button>
                        <p>{t!(i18n, people.disable_text)}</p>
                    }.into_any()
                }}
                <button
                    type="button"
                    class="button"
                    data-kind="danger"
                    on:click=move |_| ask(
                        t_string!(i18n, people.delete_user),
                        t_string!(i18n, people.delete_user_text),
                        "DELETE",
                        "",
                    )
                >
                    {t!(i18n, people.delete_user)}
                </button>
                <p>{t!(i18n, people.delete_user_text)}</p>
            </div>
            <Outcome deed=enable says_saved=false/>
        </section>
        <Confirm question done/>
    }
}

#[component]
fn Details(user: Value, asked: Asked, id: String, deed: Deed) -> impl IntoView {
    let i18n = use_i18n();
    let [login, name, email] =
        ["login", "name", "email"].map(|field| RwSignal::new(text_of(&user, field).to_owned()));
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let body = json!({
            "login": login.get_untracked(), "name": name.get_untracked(),
            "email": email.get_untracked(),
        });
        deed.run("PUT", format!("/api/users/{id}"), Some(body), move |_| {
            asked.again.run(());
        });
    };
    view! {
        <section class="card" aria-labelledby="details">
            <div class="card__head"><h2 class="card__title" id="details">{t!(i18n, people.details)}</h2></div>
            <form class="form people__form" on:submit=save autocomplete="off">
                <Line label=t!(i18n, people.login) value=login required=true/>
                <Line label=t!(i18n, people.name) value=name/>
                <Line label=t!(i18n, people.email) value=email kind="email"/>
                <FormEnd deed label=t!(i18n, people.save)/>
            </form>
        </section>
    }
}

#[component]
fn Role(user: Value, asked: Asked, id: String, deed: Deed) -> impl IntoView {
    let i18n = use_i18n();
    let role = RwSignal::new(text_of(&user, "role").to_owned());
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let body = json!({"role": role.get_untracked()});
        deed.run(
            "PATCH",
            format!("/api/org/users/{id}"),
            Some(body),
            move |_| asked.again.run(()),
        );
    };
    view! {
        <section class="card" aria-labelledby="role">
            <div class="card__head"><h2 class="card__title" id="role">{t!(i18n, people.role)}</h2></div>
            <form class="form people__form" on:submit=save>
                <RoleChoice value=role/>
                <FormEnd deed label=t!(i18n, people.change_role)/>
            </form>
        </section>
    }
}

#[component]
fn Password(id: String, sessions: Asked) -> impl IntoView {
    let i18n = use_i18n();
    let password = RwSignal::new(String::new());
    let deed = Deed::new();
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let body = json!({"password": password.get_untracked()});
        deed.run(
            "PUT",
            format!("/api/admin/users/{id}/password"),
            Some(body),
            move |_| {
                password.try_set(String::new());
                sessions.again.run(());
            },
        );
    };
    view! {
        <section class="card" aria-labelledby="password">
            <div class="card__head">
                <h2 class="card__title" id="password">{t!(i18n, people.password)}</h2>
                <span class="card__note">{t!(i18n, people.reset_note)}</span>
            </div>
            <form class="form people__form" on:submit=save autocomplete="off">
                <Line label=t!(i18n, people.new_password) value=password kind="password" autocomplete="new-password" required=true/>
                <Outcome deed says_saved=true/>
                <p class="people__buttons">
                    <button type="submit" class="button" disabled=move || deed.busy.get()>
                        {t!(i18n, people.reset_password)}
                    </button>
                </p>
            </form>
        </section>
    }
}
