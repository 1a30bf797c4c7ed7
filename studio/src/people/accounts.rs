//! Service accounts: the list, and what one is.

use super::ask::{Asked, number_of};
use super::confirm::{Confirm, Question};
use super::deed::Deed;
use super::field::{DialogEnd, FormEnd, Line, Pill, RoleChoice, Standing};
use super::frame::{PeoplePage, Takes};
use super::listing::{Column, Listing, Words};
use super::tokens::Tokens;
use crate::call::{is, text_of};
use app::components::Dialog;
use app::site::at;
use app::state::{encode, use_go};
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde_json::{Value, json};

/// The list of service accounts.
#[component]
pub(crate) fn AccountsPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PeoplePage
            title=Signal::derive(move || t_string!(i18n, people.service_accounts).to_owned())
            takes=Takes::Admin
        >
            <AccountList/>
        </PeoplePage>
    }
}

#[component]
fn AccountList() -> impl IntoView {
    let i18n = use_i18n();
    let making = RwSignal::new(false);
    let row = Callback::new(move |account: Value| {
        let id = number_of(&account, "id");
        let text = |name: &str| text_of(&account, name).to_owned();
        view! {
            <tr>
                <th scope="row">
                    <a class="people__name" href=at(&format!("/org/serviceaccounts/{id}"))>{text("name")}</a>
                </th>
                <td>{text("role")}</td>
                <td class="number">{number_of(&account, "tokens")}</td>
                <td><Standing one=account/></td>
            </tr>
        }
        .into_any()
    });
    let words = Words {
        find: t!(i18n, people.find_accounts),
        make: t!(i18n, people.new_account),
        none: t!(i18n, people.no_accounts),
        none_text: t!(i18n, people.no_accounts_text),
    };
    let columns = vec![
        Column::new(t!(i18n, people.name)),
        Column::new(t!(i18n, people.role)),
        Column::number(t!(i18n, people.tokens)),
        Column::new(t!(i18n, people.state)),
    ];
    view! {
        <Listing path="/api/serviceaccounts/search" name="serviceAccounts" words columns row making/>
        <NewAccount open=making/>
    }
}

#[component]
fn NewAccount(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let name = RwSignal::new(String::new());
    let role = RwSignal::new("Viewer".to_owned());
    let deed = Deed::new();
    Effect::new(move |_| {
        if open.get() {
            name.set(String::new());
            role.set("Viewer".to_owned());
            deed.reset();
        }
    });
    let go = use_go();
    let make = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let body = json!({"name": name.get_untracked(), "role": role.get_untracked()});
        deed.run(
            "POST",
            "/api/serviceaccounts".to_owned(),
            Some(body),
            move |made| {
                open.try_set(false);
                go.run(format!("/org/serviceaccounts/{}", number_of(&made, "id")));
            },
        );
    };
    view! {
        <Dialog open kind="form" label=Signal::derive(move || t_string!(i18n, people.new_account).to_owned())>
            <form class="form" on:submit=make autocomplete="off">
                <h2 class="dialog__title">{t!(i18n, people.new_account)}</h2>
                <Line label=t!(i18n, people.name) value=name required=true autofocus=true/>
                <RoleChoice value=role/>
                <DialogEnd deed open/>
            </form>
        </Dialog>
    }
}

/// The page of one service account.
#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let id =
        Memo::new(move |_| params.with(|params| encode(&params.get("id").unwrap_or_default())));
    let asked = Asked::new(move || format!("/api/serviceaccounts/{}", id.get()));
    let deed = Deed::new();
    let title = Signal::derive(move || {
        asked.ready().map_or_else(
            || t_string!(i18n, people.service_account).to_owned(),
            |account| text_of(&account, "name").to_owned(),
        )
    });
    view! {
        <PeoplePage
            title
            takes=Takes::Admin
            above=("/org/serviceaccounts", t!(i18n, people.service_accounts))
        >
            <Tokens id/>
            {asked.show(move |account| {
                view! { <Details account=(*account).clone() asked id=id.get_untracked() deed/> }.into_any()
            })}
        </PeoplePage>
    }
}

#[component]
fn Details(account: Value, asked: Asked, id: String, deed: Deed) -> impl IntoView {
    let i18n = use_i18n();
    let path = StoredValue::new(format!("/api/serviceaccounts/{id}"));
    let name = RwSignal::new(text_of(&account, "name").to_owned());
    let role = RwSignal::new(text_of(&account, "role").to_owned());
    let title = StoredValue::new(text_of(&account, "name").to_owned());
    let disabled = is(&account, "isDisabled");
    let question = RwSignal::new(None::<Question>);
    let gone = RwSignal::new(false);
    let go = use_go();
    let done = Callback::new(move |()| {
        if gone.get_untracked() {
            go.run("/org/serviceaccounts".to_owned());
        } else {
            asked.again.run(());
        }
    });
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let body = json!({"name": name.get_untracked(), "role": role.get_untracked()});
        deed.run("PATCH", path.get_value(), Some(body), move |_| {
            asked.again.run(());
        });
    };
    let enable = move |_| {
        let body = json!({"isDisabled": false});
        deed.run("PATCH", path.get_value(), Some(body), move |_| {
            asked.again.run(());
        });
    };
    let disable = move |_| {
        gone.set(false);
        question.set(Some(Question {
            act: t_string!(i18n, people.disable),
            name: title.get_value(),
            text: t_string!(i18n, people.disable_account_text),
            method: "PATCH",
            path: path.get_value(),
            body: Some(json!({"isDisabled": true})),
        }));
    };
    let delete = move |_| {
        gone.set(true);
        question.set(Some(Question {
            act: t_string!(i18n, people.delete_account),
            name: title.get_value(),
            text: t_string!(i18n, people.delete_account_text),
            method: "DELETE",
            path: path.get_value(),
            body: None,
        }));
    };
    view! {
        <div class="columns">
            <section class="card" aria-labelledby="details">
                <div class="card__head">
                    <h2 class="card__title" id="details">{t!(i18n, people.details)}</h2>
                    {disabled.then(|| view! { <Pill state="down" words=t!(i18n, people.disabled)/> })}
                </div>
                <form class="form people__form" on:submit=save autocomplete="off">
                    <Line label=t!(i18n, people.name) value=name required=true/>
                    <RoleChoice value=role/>
                    <FormEnd deed label=t!(i18n, people.save)/>
                </form>
            </section>
            <section class="card" aria-labelledby="danger">
                <div class="card__head"><h2 class="card__title" id="danger">{t!(i18n, people.take_away)}</h2></div>
                <div class="people__danger">
                    {if disabled {
                        view! {
                            <button type="button" class="button" on:click=enable>{t!(i18n, people.enable)}</button>
                            <p>{t!(i18n, people.enable_account_text)}</p>
                        }.into_any()
                    } else {
                        view! {
                            <button type="button" class="button" on:click=disable>{t!(i18n, people.disable)}</button>
                            <p>{t!(i18n, people.disable_account_text)}</p>
                        }.into_any()
                    }}
                    <button type="button" class="button" data-kind="danger" on:click=delete>
                        {t!(i18n, people.delete_account)}
                    </button>
                    <p>{t!(i18n, people.delete_account_text)}</p>
                </div>
            </section>
        </div>
        <Confirm question done/>
    }
}
