//! Sessions of a user: where it is logged in.

use super::ask::{Asked, list_of, number_of};
use super::listing::{Column, table};
use crate::call::{is, text_of};
use app::components::{TimeAgo, use_clock};
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use serde_json::Value;

/// A table of sessions; `revoke` gets the number of one that is to end, where that can be.
#[component]
pub(super) fn Sessions(asked: Asked, revoke: Option<Callback<(i64, String)>>) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let row = move |session: &Value| {
        let id = number_of(session, "id");
        let browser = browser_of(text_of(session, "userAgent"));
        let address = text_of(session, "clientIp").to_owned();
        let here = is(session, "isActive");
        let name = format!("{browser} ({address})");
        let label = {
            let name = name.clone();
            move || t_string!(i18n, people.end_session_of, name = name.clone())
        };
        view! {
            <tr>
                <th scope="row" title=text_of(session, "userAgent").to_owned()>
                    {browser}
                    {here.then(|| view! { " " <span class="badge" data-state="up">{t!(i18n, people.this_session)}</span> })}
                </th>
                <td>{address}</td>
                <td><TimeAgo time=Signal::stored(text_of(session, "seenAt").to_owned()) clock/></td>
                <td class="people__wide"><TimeAgo time=Signal::stored(text_of(session, "createdAt").to_owned()) clock/></td>
                {revoke.map(|revoke| view! {
                    <td class="people__end">
                        {(!here).then(|| view! {
                            <button
                                type="button"
                                class="button"
                                data-kind="quiet"
                                aria-label=label
                                on:click=move |_| revoke.run((id, name.clone()))
                            >
                                {t!(i18n, people.end_session)}
                            </button>
                        })}
                    </td>
                })}
            </tr>
        }
        .into_any()
    };
    asked.show(move |answer| {
        let sessions = list_of(&answer, "");
        if sessions.is_empty() {
            return view! { <p class="card__line">{t!(i18n, people.no_sessions)}</p> }.into_any();
        }
        let mut columns = vec![
            Column::new(t!(i18n, people.browser)),
            Column::new(t!(i18n, people.address)),
            Column::new(t!(i18n, people.last_seen)),
            Column::wide(t!(i18n, people.began)),
        ];
        columns.extend(revoke.map(|_| Column::buttons(t!(i18n, people.end_session))));
        table(&columns, sessions.iter().map(row).collect())
    })
}

/// The name of a browser and its system in what it says of itself.
fn browser_of(agent: &str) -> String {
    // The first that is found: later ones call themselves by the names of earlier ones, too.
    let browsers = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iOS"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |all: &[(&str, &'static str)]| {
        let found = all.iter().find(|(mark, _)| agent.contains(mark));
        found.map(|(_, name)| *name)
    };
    match (find(&browsers), find(&systems)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) if agent.is_empty() => "?".to_owned(),
        (None, None) => agent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_by_their_own_names() {
        let edge =
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0";
        assert_eq!(browser_of(edge), "Edge, Windows");
        assert_eq!(browser_of("curl/8.1"), "curl");
        assert_eq!(browser_of(""), "?");
        assert_eq!(browser_of("own-robot"), "own-robot");
    }
}
