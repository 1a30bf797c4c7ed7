//! Tokens of a service account.

use super::ask::{Asked, list_of, number_of};
use super::confirm::{Confirm, Question};
use super::deed::Deed;
use super::field::{Choice, DialogEnd, Line, Pill};
use super::listing::{Column, table};
use crate::call::{is, text_of};
use app::components::status::CopyButton;
use app::components::{Dialog, Glyph, Icon, TimeAgo, use_clock};
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use serde_json::{Value, json};

const DAY: i64 = 86_400;

/// The list of tokens; a new one is shown once.
#[component]
pub(super) fn Tokens(id: Memo<String>) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let asked = Asked::new(move || format!("/api/serviceaccounts/{}/tokens", id.get()));
    let question = RwSignal::new(None::<Question>);
    let making = RwSignal::new(false);
    let made = RwSignal::new(None::<(String, String)>);
    let row = move |token: &Value| {
        let number = number_of(token, "id");
        let name = text_of(token, "name").to_owned();
        let ask = {
            let name = name.clone();
            move |_| {
                question.set(Some(Question {
                    act: t_string!(i18n, people.revoke),
                    name: name.clone(),
                    text: t_string!(i18n, people.revoke_text),
                    method: "DELETE",
                    path: format!(
                        "/api/serviceaccounts/{}/tokens/{number}",
                        id.get_untracked()
                    ),
                    body: None,
                }));
            }
        };
        let label = {
            let name = name.clone();
            move || t_string!(i18n, people.revoke_named, name = name.clone())
        };
        let expires = text_of(token, "expiration").to_owned();
        let expiry = if is(token, "hasExpired") {
            view! { <Pill state="down" words=t!(i18n, people.expired)/> }.into_any()
        } else if expires.is_empty() {
            t!(i18n, people.never).into_any()
        } else {
            let day: String = expires.chars().take(10).collect();
            view! { <time datetime=expires>{day}</time> }.into_any()
        };
        view! {
            <tr>
                <th scope="row" class="people__name">{name}</th>
                <td class="people__wide"><code>{format!("{}…", text_of(token, "prefix"))}</code></td>
                <td class="people__wide"><TimeAgo time=Signal::stored(text_of(token, "created").to_owned()) clock/></td>
                <td><TimeAgo time=Signal::stored(text_of(token, "lastUsedAt").to_owned()) clock/></td>
                <td>{expiry}</td>
                <td class="people__end">
                    <button type="button" class="button" data-kind="quiet" aria-label=label on:click=ask>
                        {t!(i18n, people.revoke)}
                    </button>
                </td>
            </tr>
        }
        .into_any()
    };
    let list = asked.show(move |answer| {
        let tokens = list_of(&answer, "");
        if tokens.is_empty() {
            return view! { <p class="card__line">{t!(i18n, people.no_tokens)}</p> }.into_any();
        }
        let columns = [
            Column::new(t!(i18n, people.name)),
            Column::wide(t!(i18n, people.begins_with)),
            Column::wide(t!(i18n, people.created)),
            Column::new(t!(i18n, people.last_used)),
            Column::new(t!(i18n, people.expires)),
            Column::buttons(t!(i18n, people.revoke)),
        ];
        table(&columns, tokens.iter().map(row).collect())
    });
    view! {
        <section class="card" aria-labelledby="tokens">
            <div class="card__head">
                <h2 class="card__title" id="tokens">{t!(i18n, people.tokens)}</h2>
                <div class="card__facts">
                    <button type="button" class="button" data-kind="primary" on:click=move |_| making.set(true)>
                        <Icon glyph=Glyph::Plus/>
                        {t!(i18n, people.new_token)}
                    </button>
                </div>
            </div>
            <div role="status">
                {move || made.get().map(|(name, key)| {
                    let shown = key.clone();
                    view! {
                        <div class="people__key">
                            <p><strong>{t!(i18n, people.token_made)}</strong> " " <span class="people__name">{name}</span></p>
                            <p class="people__key-line">
                                <code>{shown}</code>
                                <CopyButton text=Signal::stored(key)/>
                            </p>
                            <p>{t!(i18n, people.token_once)}</p>
                            <p class="people__buttons">
                                <button type="button" class="button" on:click=move |_| made.set(None)>
                                    {t!(i18n, people.token_kept)}
                                </button>
                            </p>
                        </div>
                    }
                })}
            </div>
            {list}
        </section>
        <NewToken open=making id made again=asked.again/>
        <Confirm question done=asked.again/>
    }
}

#[component]
fn NewToken(
    open: RwSignal<bool>,
    id: Memo<String>,
    made: RwSignal<Option<(String, String)>>,
    again: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = RwSignal::new(String::new());
    let seconds = RwSignal::new(String::new());
    let deed = Deed::new();
    Effect::new(move |_| {
        if open.get() {
            name.set(String::new());
            seconds.set((90 * DAY).to_string());
            deed.reset();
        }
    });
    let lifetimes = Signal::derive(move || {
        let days = [1, 7, 30, 90, 365].map(|days: i64| {
            (
                (days * DAY).to_string(),
                t_string!(i18n, people.days, n = days),
            )
        });
        let never = ("0".to_owned(), t_string!(i18n, people.never).to_owned());
        days.into_iter().chain([never]).collect::<Vec<_>>()
    });
    let make = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let seconds = seconds.with_untracked(|seconds| seconds.parse::<i64>().unwrap_or(0));
        let body = json!({"name": name.get_untracked(), "secondsToLive": seconds});
        let path = format!("/api/serviceaccounts/{}/tokens", id.get_untracked());
        deed.run("POST", path, Some(body), move |answer| {
            open.try_set(false);
            made.try_set(Some((
                text_of(&answer, "name").to_owned(),
                text_of(&answer, "key").to_owned(),
            )));
            again.run(());
        });
    };
    view! {
        <Dialog open kind="form" label=Signal::derive(move || t_string!(i18n, people.new_token).to_owned())>
            <form class="form" on:submit=make autocomplete="off">
                <h2 class="dialog__title">{t!(i18n, people.new_token)}</h2>
                <Line label=t!(i18n, people.name) value=name required=true autofocus=true/>
                <Choice label=t!(i18n, people.expires) value=seconds options=lifetimes/>
                <DialogEnd deed open/>
            </form>
        </Dialog>
    }
}
