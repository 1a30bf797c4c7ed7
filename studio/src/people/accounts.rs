//! Service accounts: the list, and what one is.

use super::ask::{Asked, list_of, number_of};
use super::confirm::{Confirm, Question};
use super::deed::Deed;
use super::field::{DialogEnd, FormEnd, Line, Pill, RoleChoice};
use super::frame::{PeoplePage, Takes};
use super::pages::{PAGE, Pages};
use super::tokens::Tokens;
use crate::call::{is, text_of};
use app::components::{Dialog, EmptyNotice, Glyph, Icon};
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
    let find = RwSignal::new(String::new());
    let page = RwSignal::new(1_usize);
    let making = RwSignal::new(false);
    let asked = Asked::new(move || {
        let find = find.with(|find| encode(find.trim()));
        let page = page.get();
        format!("/api/serviceaccounts/search?perpage={PAGE}&page={page}&query={find}")
    });
    let row = move |account: &Value| {
        let id = number_of(account, "id");
        view! {
            <tr>
                <th scope="row">
                    <a class="people__name" href=at(&format!("/org/serviceaccounts/{id}"))>{text_of(account, "name").to_owned()}</a>
                </th>
                <td>{text_of(account, "role").to_owned()}</td>
                <td class="number">{number_of(account, "tokens")}</td>
                <td>
                    {if is(account, "isDisabled") {
                        view! { <Pill state="down" words=t!(i18n, people.disabled)/> }
                    } else {
                        view! { <Pill state="up" words=t!(i18n, people.active)/> }
                    }}
                </td>
            </tr>
        }
    };
    let body = asked.show(move |answer| {
        let accounts = list_of(&answer, "serviceAccounts");
        if accounts.is_empty() {
            return view! {
                <EmptyNotice title=Signal::derive(move || t_string!(i18n, people.no_accounts).to_owned())>
                    <p>{t!(i18n, people.no_accounts_text)}</p>
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
                            <th scope="col">{t!(i18n, people.name)}</th>
                            <th scope="col">{t!(i18n, people.role)}</th>
                            <th scope="col" class="number">{t!(i18n, people.tokens)}</th>
                            <th scope="col">{t!(i18n, people.state)}</th>
                        </tr>
                    </thead>
                    <tbody>{accounts.iter().map(row).collect_view()}</tbody>
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
                aria-label=move || t_string!(i18n, people.find_accounts)
                placeholder=move || t_string!(i18n, people.find_accounts)
                prop:value=move || find.get()
                on:input=move |event| {
                    find.set(event_target_value(&event));
                    page.set(1);
                }
            />
            <button type="button" class="button" data-kind="primary" on:click=move |_| making.set(true)>
                <Icon glyph=Glyph::Plus/>
                {t!(i18n, people.new_account)}
            </button>
        </div>
        {body}
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
