//! The audit log: who changed what.

use super::ask::{Asked, list_of, number_of};
use super::field::Choice;
use super::frame::{PeoplePage, Takes};
use crate::call::text_of;
use app::components::{EmptyNotice, use_zone};
use app::data::now_seconds;
use app::fmt::time_in;
use app::state::query_string;
use app::words::{t, t_string, use_i18n};
use chart::CivilTime;
use leptos::prelude::*;
use serde_json::Value;

/// Entries of a page.
const ENTRIES: usize = 100;
/// What can be done, as the log calls it.
const ACTIONS: [&str; 44] = [
    "annotation.create",
    "annotation.delete",
    "annotation.update",
    "dashboard.create",
    "dashboard.delete",
    "dashboard.move",
    "dashboard.restore",
    "dashboard.save",
    "folder.create",
    "folder.delete",
    "folder.move",
    "folder.permissions",
    "folder.rename",
    "rule.create",
    "rule.delete",
    "rule.save",
    "rule_file.create",
    "rule_file.delete",
    "rule_file.save",
    "rule_group.delete",
    "rule_group.move",
    "rule_group.order",
    "rule_group.settings",
    "server.clean_tombstones",
    "server.delete_series",
    "server.quit",
    "server.reload",
    "server.snapshot",
    "service_account.create",
    "service_account.delete",
    "service_account.update",
    "session.revoke",
    "team.add",
    "team.create",
    "team.delete",
    "team.remove",
    "team.update",
    "token.create",
    "token.revoke",
    "user.create",
    "user.delete",
    "user.login",
    "user.login_refused",
    "user.password",
];

/// The page of the audit log.
#[component]
pub(crate) fn AuditPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PeoplePage
            title=Signal::derive(move || t_string!(i18n, people.audit).to_owned())
            takes=Takes::Admin
        >
            <Log/>
        </PeoplePage>
    }
}

#[component]
fn Log() -> impl IntoView {
    let i18n = use_i18n();
    let actor = RwSignal::new(String::new());
    let action = RwSignal::new(String::new());
    let object = RwSignal::new(String::new());
    let hours = RwSignal::new(String::new());
    // The numbers after which the pages before this one begin.
    let before = RwSignal::new(Vec::<i64>::new());
    let to_start = move || before.set(Vec::new());
    let asked = Asked::new(move || {
        let from = hours.with(|hours| hours.parse::<f64>().ok());
        let from = from.map_or_else(String::new, |hours| {
            format!("{:.0}", (now_seconds() - hours * 3600.0).max(0.0) * 1000.0)
        });
        let last = before.with(|before| before.last().map(i64::to_string));
        let (actor, object) = (actor.get(), object.get());
        let action = action.get();
        let pairs = [
            ("actor", actor.trim()),
            ("action", action.as_str()),
            ("id", object.trim()),
            ("from", from.as_str()),
            ("before", last.as_deref().unwrap_or_default()),
        ];
        let said = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        format!(
            "/api/watchfire/audit?limit={ENTRIES}&{}",
            query_string(said)
        )
    });
    let actions = Signal::derive(move || {
        let all = (
            String::new(),
            t_string!(i18n, people.every_action).to_owned(),
        );
        let rest = ACTIONS
            .iter()
            .map(|name| ((*name).to_owned(), (*name).to_owned()));
        std::iter::once(all).chain(rest).collect::<Vec<_>>()
    });
    let spans = Signal::derive(move || {
        [
            ("", t_string!(i18n, people.any_time)),
            ("1", t_string!(i18n, people.last_hour)),
            ("24", t_string!(i18n, people.last_day)),
            ("168", t_string!(i18n, people.last_week)),
            ("720", t_string!(i18n, people.last_month)),
        ]
        .map(|(value, words)| (value.to_owned(), words.to_owned()))
        .to_vec()
    });
    Effect::new(move |_| {
        // A choice of something else begins with the newest entries.
        action.track();
        hours.track();
        to_start();
    });
    let typed = move |field: RwSignal<String>| {
        move |event: web_sys::Event| {
            field.set(event_target_value(&event));
            to_start();
        }
    };
    let body = asked.show(move |answer| {
        let entries = list_of(&answer, "entries");
        let last = entries.last().map(|entry| number_of(entry, "id"));
        let is_full = entries.len() == ENTRIES;
        let older = move |_| {
            if let Some(last) = last {
                before.update(|before| before.push(last));
            }
        };
        let newer = move |_| {
            before.update(|before| {
                before.pop();
            });
        };
        let list = if entries.is_empty() {
            view! {
                <EmptyNotice title=Signal::derive(move || t_string!(i18n, people.no_entries).to_owned())>
                    <p>{t!(i18n, people.no_entries_text)}</p>
                </EmptyNotice>
            }
            .into_any()
        } else {
            let entries = entries.iter().map(|entry| view! { <Entry entry=entry.clone()/> }).collect_view();
            view! { <ol class="card people__log">{entries}</ol> }.into_any()
        };
        view! {
            {list}
            <nav class="paging" aria-label=t!(i18n, people.paging)>
                <button type="button" class="button" disabled=move || before.with(Vec::is_empty) on:click=newer>
                    {t!(i18n, people.newer)}
                </button>
                <button type="button" class="button" disabled=!is_full on:click=older>
                    {t!(i18n, people.older)}
                </button>
            </nav>
        }
        .into_any()
    });
    view! {
        <div class="filters people__filters">
            <label class="form__row">
                <span>{t!(i18n, people.actor)}</span>
                <input class="field" type="search" prop:value=move || actor.get() on:change=typed(actor)/>
            </label>
            <Choice label=t!(i18n, people.action) value=action options=actions/>
            <label class="form__row">
                <span>{t!(i18n, people.object)}</span>
                <input class="field" type="search" prop:value=move || object.get() on:change=typed(object)/>
            </label>
            <Choice label=t!(i18n, people.when) value=hours options=spans/>
        </div>
        {body}
    }
}

#[component]
fn Entry(entry: Value) -> impl IntoView {
    let i18n = use_i18n();
    let zone = use_zone();
    let time = text_of(&entry, "time").to_owned();
    let shown = {
        let time = time.clone();
        move || {
            let civil = CivilTime::parse(&time);
            civil.map_or_else(
                || time.clone(),
                |civil| time_in(zone.get(), civil.to_seconds()),
            )
        }
    };
    let actor = entry.get("actor").cloned().unwrap_or_default();
    let name = match text_of(&actor, "name") {
        "" => text_of(&actor, "kind").to_owned(),
        name => name.to_owned(),
    };
    let address = text_of(&actor, "address").to_owned();
    let object = match (text_of(&entry, "name"), text_of(&entry, "objectId")) {
        ("", id) => id.to_owned(),
        (name, "") => name.to_owned(),
        (name, id) if name == id => name.to_owned(),
        (name, id) => format!("{name} ({id})"),
    };
    let [then, now] = ["before", "after"].map(|name| text_of(&entry, name).to_owned());
    let has_more = !then.is_empty() || !now.is_empty();
    let more = has_more.then(|| {
        view! {
            <details class="people__more">
                <summary>{t!(i18n, people.before_and_after)}</summary>
                <dl>
                    {(!then.is_empty()).then(|| view! { <dt>{t!(i18n, people.before)}</dt><dd><code>{then}</code></dd> })}
                    {(!now.is_empty()).then(|| view! { <dt>{t!(i18n, people.after)}</dt><dd><code>{now}</code></dd> })}
                </dl>
            </details>
        }
    });
    view! {
        <li class="people__entry">
            <time datetime=time>{shown}</time>
            <span class="people__name"><strong>{name}</strong> " " <span class="people__from">{address}</span></span>
            <code>{text_of(&entry, "action").to_owned()}</code>
            <span class="people__name">{object}</span>
            {more}
        </li>
    }
}
