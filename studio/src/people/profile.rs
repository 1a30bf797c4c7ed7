//! One's own account.

use super::ask::{Asked, list_of};
use super::confirm::{Confirm, Question};
use super::deed::Deed;
use super::field::{Choice, FormEnd, Line};
use super::frame::{PeoplePage, Takes};
use super::sessions::Sessions;
use crate::call::text_of;
use app::components::ThemeState;
use app::state::Settings;
use app::words::{Locale, remember, t, t_string, use_i18n};
use leptos::prelude::*;
use serde_json::{Value, json};

/// The page of whoever is logged in.
#[component]
pub(crate) fn ProfilePage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PeoplePage
            title=Signal::derive(move || t_string!(i18n, people.profile).to_owned())
            takes=Takes::Account
        >
            <div class="columns">
                <div>
                    <Details/>
                    <Password/>
                </div>
                <div>
                    <Preferences/>
                    <Teams/>
                </div>
            </div>
            <OwnSessions/>
        </PeoplePage>
    }
}

#[component]
fn Details() -> impl IntoView {
    let i18n = use_i18n();
    let asked = Asked::new(|| "/api/user".to_owned());
    let deed = Deed::new();
    let form = move |user: &Value| {
        let name = RwSignal::new(text_of(user, "name").to_owned());
        let email = RwSignal::new(text_of(user, "email").to_owned());
        let save = move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            let body = json!({"name": name.get_untracked(), "email": email.get_untracked()});
            deed.run("PUT", "/api/user".to_owned(), Some(body), |_| {});
        };
        let login = text_of(user, "login").to_owned();
        let role = text_of(user, "orgRole").to_owned();
        view! {
            <form class="form people__form" on:submit=save>
                <p class="people__facts">
                    <span>{t!(i18n, people.login)} " " <strong>{login}</strong></span>
                    <span>{t!(i18n, people.role)} " " <strong>{role}</strong></span>
                </p>
                <Line label=t!(i18n, people.name) value=name autocomplete="name"/>
                <Line label=t!(i18n, people.email) value=email kind="email" autocomplete="email"/>
                <FormEnd deed label=t!(i18n, people.save)/>
            </form>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="details">
            <div class="card__head"><h2 class="card__title" id="details">{t!(i18n, people.details)}</h2></div>
            {asked.show(move |user| form(&user))}
        </section>
    }
}

#[component]
fn Password() -> impl IntoView {
    let i18n = use_i18n();
    let [old, new, again] = [(), (), ()].map(|()| RwSignal::new(String::new()));
    let deed = Deed::new();
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if new.get_untracked() != again.get_untracked() {
            deed.refuse(t_string!(i18n, people.passwords_differ));
            return;
        }
        let body = json!({"oldPassword": old.get_untracked(), "newPassword": new.get_untracked()});
        deed.run(
            "PUT",
            "/api/user/password".to_owned(),
            Some(body),
            move |_| {
                for field in [old, new, again] {
                    field.try_set(String::new());
                }
            },
        );
    };
    view! {
        <section class="card" aria-labelledby="password">
            <div class="card__head">
                <h2 class="card__title" id="password">{t!(i18n, people.password)}</h2>
                <span class="card__note">{t!(i18n, people.password_note)}</span>
            </div>
            <form class="form people__form" on:submit=save>
                <Line label=t!(i18n, people.old_password) value=old kind="password" autocomplete="current-password" required=true/>
                <Line label=t!(i18n, people.new_password) value=new kind="password" autocomplete="new-password" required=true/>
                <Line label=t!(i18n, people.new_password_again) value=again kind="password" autocomplete="new-password" required=true/>
                <FormEnd deed label=t!(i18n, people.change_password)/>
            </form>
        </section>
    }
}

#[component]
fn Preferences() -> impl IntoView {
    let i18n = use_i18n();
    let asked = Asked::new(|| "/api/user/preferences".to_owned());
    view! {
        <section class="card" aria-labelledby="preferences">
            <div class="card__head">
                <h2 class="card__title" id="preferences">{t!(i18n, people.preferences)}</h2>
                <span class="card__note">{t!(i18n, people.preferences_note)}</span>
            </div>
            {asked.show(move |preferences| {
                view! { <PreferencesForm preferences=(*preferences).clone()/> }.into_any()
            })}
        </section>
    }
}

#[component]
fn PreferencesForm(preferences: Value) -> impl IntoView {
    let i18n = use_i18n();
    let said = |name: &str| RwSignal::new(text_of(&preferences, name).to_owned());
    let theme = said("theme");
    let language = said("language");
    let timezone = said("timezone");
    let home = said("homeDashboardUID");
    let boards = Asked::new(|| "/api/search?type=dash-db&limit=5000".to_owned());
    let deed = Deed::new();
    let themes = expect_context::<ThemeState>();
    let settings = expect_context::<Settings>();
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let body = json!({
            "theme": theme.get_untracked(), "language": language.get_untracked(),
            "timezone": timezone.get_untracked(), "homeDashboardUID": home.get_untracked(),
        });
        deed.run(
            "PATCH",
            "/api/user/preferences".to_owned(),
            Some(body),
            move |_| {
                // Here they hold at once, whatever this browser had.
                themes.like(&theme.get_untracked());
                match timezone.get_untracked().as_str() {
                    "browser" => settings.local_time.set(true),
                    "utc" => settings.local_time.set(false),
                    _ => {}
                }
                let locale = match language.get_untracked().as_str() {
                    "en" => Some(Locale::en),
                    "ko" => Some(Locale::ko),
                    _ => None,
                };
                if let Some(locale) = locale {
                    remember(locale);
                    i18n.set_locale(locale);
                }
            },
        );
    };
    let options = |all: &[(&str, &str)]| {
        let all = all.iter();
        all.map(|(value, words)| ((*value).to_owned(), (*words).to_owned()))
            .collect::<Vec<_>>()
    };
    let themes_named = Signal::derive(move || {
        options(&[
            ("", t_string!(i18n, people.no_preference)),
            ("system", t_string!(i18n, people.theme_system)),
            ("light", t_string!(i18n, people.theme_light)),
            ("dark", t_string!(i18n, people.theme_dark)),
        ])
    });
    let languages = Signal::derive(move || {
        options(&[
            ("", t_string!(i18n, people.no_preference)),
            ("en", "English"),
            ("ko", "한국어"),
        ])
    });
    let zones = Signal::derive(move || {
        let mut all = options(&[
            ("", t_string!(i18n, people.no_preference)),
            ("browser", t_string!(i18n, people.zone_browser)),
            ("utc", "UTC"),
        ]);
        // What another client chose stays.
        let own = timezone.get();
        if all.iter().all(|(value, _)| *value != own) {
            all.push((own.clone(), own));
        }
        all
    });
    let homes = Signal::derive(move || {
        let mut all = options(&[("", t_string!(i18n, people.home_machine))]);
        let found = boards.ready().map(|found| list_of(&found, ""));
        for board in found.unwrap_or_default() {
            let title = match text_of(&board, "folderTitle") {
                "" => text_of(&board, "title").to_owned(),
                folder => format!("{folder} / {}", text_of(&board, "title")),
            };
            all.push((text_of(&board, "uid").to_owned(), title));
        }
        all
    });
    view! {
        <form class="form people__form" on:submit=save>
            <Choice label=t!(i18n, people.theme) value=theme options=themes_named/>
            <Choice label=t!(i18n, people.language) value=language options=languages/>
            <Choice label=t!(i18n, people.timezone) value=timezone options=zones/>
            <Choice label=t!(i18n, people.home_dashboard) value=home options=homes/>
            <FormEnd deed label=t!(i18n, people.save)/>
        </form>
    }
}

#[component]
fn Teams() -> impl IntoView {
    let i18n = use_i18n();
    let asked = Asked::new(|| "/api/user/teams".to_owned());
    view! {
        <section class="card" aria-labelledby="teams">
            <div class="card__head"><h2 class="card__title" id="teams">{t!(i18n, people.teams)}</h2></div>
            {asked.show(move |teams| {
                let names: Vec<String> = list_of(&teams, "")
                    .iter()
                    .map(|team| text_of(team, "name").to_owned())
                    .collect();
                if names.is_empty() {
                    return view! { <p class="card__line">{t!(i18n, people.in_no_team)}</p> }.into_any();
                }
                view! { <p class="card__line">{names.join(", ")}</p> }.into_any()
            })}
        </section>
    }
}

#[component]
fn OwnSessions() -> impl IntoView {
    let i18n = use_i18n();
    let asked = Asked::new(|| "/api/user/auth-tokens".to_owned());
    let question = RwSignal::new(None::<Question>);
    let revoke = Callback::new(move |(id, name): (i64, String)| {
        question.set(Some(Question {
            act: t_string!(i18n, people.end_session),
            name,
            text: t_string!(i18n, people.end_session_text),
            method: "POST",
            path: "/api/user/revoke-auth-token".to_owned(),
            body: Some(json!({"authTokenId": id})),
        }));
    });
    view! {
        <section class="card" aria-labelledby="sessions">
            <div class="card__head"><h2 class="card__title" id="sessions">{t!(i18n, people.sessions)}</h2></div>
            <Sessions asked revoke=Some(revoke)/>
        </section>
        <Confirm question done=asked.again/>
    }
}
