//! Teams and who is in them.

use super::ask::{Asked, list_of, number_of};
use super::confirm::{Confirm, Question};
use super::deed::{Deed, Outcome};
use super::field::{DialogEnd, FormEnd, Line};
use super::frame::{PeoplePage, Takes};
use super::listing::{Column, Listing, Words, table};
use crate::call::{get, text_of};
use app::components::Dialog;
use app::site::at;
use app::state::{encode, use_go};
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;
use serde_json::{Value, json};

/// The list of teams.
#[component]
pub(crate) fn TeamsPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PeoplePage
            title=Signal::derive(move || t_string!(i18n, people.teams).to_owned())
            takes=Takes::Admin
        >
            <TeamList/>
        </PeoplePage>
    }
}

#[component]
fn TeamList() -> impl IntoView {
    let i18n = use_i18n();
    let making = RwSignal::new(false);
    let row = Callback::new(move |team: Value| {
        let id = number_of(&team, "id");
        let text = |name: &str| text_of(&team, name).to_owned();
        view! {
            <tr>
                <th scope="row">
                    <a class="people__name" href=at(&format!("/org/teams/edit/{id}"))>{text("name")}</a>
                </th>
                <td class="people__name">{text("email")}</td>
                <td class="number">{number_of(&team, "memberCount")}</td>
            </tr>
        }
        .into_any()
    });
    let words = Words {
        find: t!(i18n, people.find_teams),
        make: t!(i18n, people.new_team),
        none: t!(i18n, people.no_teams),
        none_text: t!(i18n, people.no_teams_text),
    };
    let columns = vec![
        Column::new(t!(i18n, people.name)),
        Column::new(t!(i18n, people.email)),
        Column::number(t!(i18n, people.members)),
    ];
    view! {
        <Listing path="/api/teams/search" name="teams" words columns row making/>
        <NewTeam open=making/>
    }
}

#[component]
fn NewTeam(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let [name, email] = [(), ()].map(|()| RwSignal::new(String::new()));
    let deed = Deed::new();
    Effect::new(move |_| {
        if open.get() {
            name.set(String::new());
            email.set(String::new());
            deed.reset();
        }
    });
    let go = use_go();
    let make = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let body = json!({"name": name.get_untracked(), "email": email.get_untracked()});
        deed.run("POST", "/api/teams".to_owned(), Some(body), move |made| {
            open.try_set(false);
            go.run(format!("/org/teams/edit/{}", number_of(&made, "teamId")));
        });
    };
    view! {
        <Dialog open kind="form" label=Signal::derive(move || t_string!(i18n, people.new_team).to_owned())>
            <form class="form" on:submit=make autocomplete="off">
                <h2 class="dialog__title">{t!(i18n, people.new_team)}</h2>
                <Line label=t!(i18n, people.name) value=name required=true autofocus=true/>
                <Line label=t!(i18n, people.email) value=email kind="email"/>
                <DialogEnd deed open/>
            </form>
        </Dialog>
    }
}

/// The page of one team.
#[component]
pub(crate) fn TeamPage() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let id =
        Memo::new(move |_| params.with(|params| encode(&params.get("id").unwrap_or_default())));
    let asked = Asked::new(move || format!("/api/teams/{}", id.get()));
    let deed = Deed::new();
    let title = Signal::derive(move || {
        asked.ready().map_or_else(
            || t_string!(i18n, people.team).to_owned(),
            |team| text_of(&team, "name").to_owned(),
        )
    });
    view! {
        <PeoplePage title takes=Takes::Admin above=("/org/teams", t!(i18n, people.teams))>
            {asked.show(move |team| {
                let id = id.get_untracked();
                view! {
                    <div class="columns">
                        <div>
                            <Details team=(*team).clone() asked id=id.clone() deed/>
                            <Remove name=text_of(&team, "name").to_owned() id=id.clone()/>
                        </div>
                        <Members id/>
                    </div>
                }
                .into_any()
            })}
        </PeoplePage>
    }
}

#[component]
fn Details(team: Value, asked: Asked, id: String, deed: Deed) -> impl IntoView {
    let i18n = use_i18n();
    let [name, email] =
        ["name", "email"].map(|field| RwSignal::new(text_of(&team, field).to_owned()));
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let body = json!({"name": name.get_untracked(), "email": email.get_untracked()});
        deed.run("PUT", format!("/api/teams/{id}"), Some(body), move |_| {
            asked.again.run(());
        });
    };
    view! {
        <section class="card" aria-labelledby="details">
            <div class="card__head"><h2 class="card__title" id="details">{t!(i18n, people.details)}</h2></div>
            <form class="form people__form" on:submit=save autocomplete="off">
                <Line label=t!(i18n, people.name) value=name required=true/>
                <Line label=t!(i18n, people.email) value=email kind="email"/>
                <FormEnd deed label=t!(i18n, people.save)/>
            </form>
        </section>
    }
}

#[component]
fn Remove(name: String, id: String) -> impl IntoView {
    let i18n = use_i18n();
    let question = RwSignal::new(None::<Question>);
    let go = use_go();
    let ask = move |_| {
        question.set(Some(Question {
            act: t_string!(i18n, people.delete_team),
            name: name.clone(),
            text: t_string!(i18n, people.delete_team_text),
            method: "DELETE",
            path: format!("/api/teams/{id}"),
            body: None,
        }));
    };
    let done = Callback::new(move |()| go.run("/org/teams".to_owned()));
    view! {
        <section class="card" aria-labelledby="danger">
            <div class="card__head"><h2 class="card__title" id="danger">{t!(i18n, people.take_away)}</h2></div>
            <div class="people__danger">
                <button type="button" class="button" data-kind="danger" on:click=ask>
                    {t!(i18n, people.delete_team)}
                </button>
                <p>{t!(i18n, people.delete_team_text)}</p>
            </div>
        </section>
        <Confirm question done/>
    }
}

#[component]
fn Members(id: String) -> impl IntoView {
    let i18n = use_i18n();
    let id = StoredValue::new(id);
    let members = Asked::new(move || id.with_value(|id| format!("/api/teams/{id}/members")));
    let question = RwSignal::new(None::<Question>);
    let wanted = RwSignal::new(String::new());
    let found = Asked::new(move || {
        let wanted = wanted.with(|wanted| encode(wanted.trim()));
        format!("/api/users/search?perpage=20&query={wanted}")
    });
    let deed = Deed::new();
    let add = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let login = wanted.get_untracked();
        spawn_local(async move {
            let path = format!("/api/users/lookup?loginOrEmail={}", encode(login.trim()));
            match get(&path).await {
                Ok(user) => {
                    let body = json!({"userId": number_of(&user, "id")});
                    let path = id.with_value(|id| format!("/api/teams/{id}/members"));
                    deed.run("POST", path, Some(body), move |_| {
                        wanted.try_set(String::new());
                        members.again.run(());
                    });
                }
                Err(error) => {
                    deed.outcome.try_set(Some(Err(error)));
                }
            }
        });
    };
    let row = move |user: &Value| {
        let login = text_of(user, "login").to_owned();
        let number = number_of(user, "userId");
        let ask = {
            let login = login.clone();
            move |_| {
                question.set(Some(Question {
                    act: t_string!(i18n, people.remove_member),
                    name: login.clone(),
                    text: t_string!(i18n, people.remove_member_text),
                    method: "DELETE",
                    path: id.with_value(|id| format!("/api/teams/{id}/members/{number}")),
                    body: None,
                }));
            }
        };
        let label = {
            let login = login.clone();
            move || t_string!(i18n, people.remove_named, name = login.clone())
        };
        view! {
            <tr>
                <th scope="row">
                    <a class="people__name" href=at(&format!("/admin/users/edit/{number}"))>{login}</a>
                </th>
                <td class="people__name">{text_of(user, "name").to_owned()}</td>
                <td class="people__end">
                    <button type="button" class="button" data-kind="quiet" aria-label=label on:click=ask>
                        {t!(i18n, people.remove)}
                    </button>
                </td>
            </tr>
        }
        .into_any()
    };
    let list = members.show(move |answer| {
        let all = list_of(&answer, "");
        if all.is_empty() {
            return view! { <p class="card__line">{t!(i18n, people.no_members)}</p> }.into_any();
        }
        let columns = [
            Column::new(t!(i18n, people.login)),
            Column::new(t!(i18n, people.name)),
            Column::buttons(t!(i18n, people.remove)),
        ];
        table(&columns, all.iter().map(row).collect())
    });
    view! {
        <section class="card" aria-labelledby="members">
            <div class="card__head"><h2 class="card__title" id="members">{t!(i18n, people.members)}</h2></div>
            {list}
            <form class="form people__form" on:submit=add autocomplete="off">
                <Line label=t!(i18n, people.login_or_email) value=wanted required=true list="people-found"/>
                <datalist id="people-found">
                    {move || found.ready().map(|answer| {
                        list_of(&answer, "users").iter().map(|user| {
                            view! { <option value=text_of(user, "login").to_owned()>{text_of(user, "name").to_owned()}</option> }
                        }).collect_view()
                    })}
                </datalist>
                <Outcome deed says_saved=false/>
                <p class="people__buttons">
                    <button type="submit" class="button" disabled=move || deed.busy.get()>
                        {t!(i18n, people.add_member)}
                    </button>
                </p>
            </form>
            <Confirm question done=members.again/>
        </section>
    }
}
