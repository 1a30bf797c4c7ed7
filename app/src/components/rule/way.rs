//! Why an alert is in its state, and where it went: the way from the expression to whoever is told.

use crate::components::time_ago::TimeAgo;
use crate::data::{Latest, get};
use crate::fmt;
use crate::state::encode;
use crate::words::{t, t_string, use_i18n};
use api_types::{AlertmanagersData, Rule, RuleRow};
use leptos::prelude::*;

/// The way as a list of steps.
#[component]
pub(super) fn AlertWay(row: Memo<RuleRow>, clock: Signal<Option<f64>>) -> impl IntoView {
    let i18n = use_i18n();
    let managers = Latest::<AlertmanagersData>::new();
    Effect::new(move |_| {
        managers.start(|signal| async move { get("/api/v1/alertmanagers", signal.as_ref()).await });
    });
    let matching = move || fmt::count(row.with(|row| row.pending + row.firing));
    let pending = move || fmt::count(row.with(|row| row.pending));
    let firing = move || row.with(|row| row.firing);
    let hold = move || {
        row.with(|row| match &row.rule {
            Rule::Alerting(rule) => rule.duration,
            Rule::Recording(_) => 0.0,
        })
    };
    let evaluated = Signal::derive(move || {
        row.with(|row| match &row.rule {
            Rule::Alerting(rule) => rule.last_evaluation.clone(),
            Rule::Recording(rule) => rule.last_evaluation.clone(),
        })
    });
    let waits = move || {
        if hold() > 0.0 {
            t_string!(
                i18n,
                alerts.way_for,
                time = fmt::seconds(hold()),
                n = pending()
            )
        } else {
            t_string!(i18n, alerts.way_at_once).to_owned()
        }
    };
    let name = move || {
        row.with(|row| match &row.rule {
            Rule::Alerting(rule) => rule.name.clone(),
            Rule::Recording(rule) => rule.name.clone(),
        })
    };
    let sent = move || {
        let state = managers.state.get();
        let data = &state.loaded?.data;
        let urls: Vec<String> = data
            .active_alertmanagers
            .iter()
            .map(|one| one.url.clone())
            .collect();
        if urls.is_empty() {
            return Some(view! { <span>{t!(i18n, alerts.way_nobody)}</span> }.into_any());
        }
        let links: Vec<_> = urls
            .iter()
            .map(|url| {
                let base = manager_page(url);
                let filter = encode(&format!("{{alertname={}}}", fmt::quoted(&name())));
                let silence = format!("{base}/#/silences/new?filter={filter}");
                view! {
                    <li>
                        <a href=format!("{base}/#/alerts?filter={filter}") rel="noreferrer" target="_blank">
                            {base.clone()}
                        </a>
                        " · "
                        <a href=silence rel="noreferrer" target="_blank">{t!(i18n, alerts.silence)}</a>
                    </li>
                }
            })
            .collect();
        Some(view! { <ul>{links}</ul> }.into_any())
    };
    view! {
        <details class="way">
            <summary>{t!(i18n, alerts.why)}</summary>
            <ol class="way__steps">
                <li>{t!(i18n, alerts.way_matches, n = matching)} " " <TimeAgo time=evaluated clock/></li>
                <li>{waits}</li>
                <li>{t!(i18n, alerts.way_fires, n = move || fmt::count(firing()))}</li>
                <li>
                    {t!(i18n, alerts.way_sent)}
                    {sent}
                </li>
            </ol>
        </details>
    }
}

/// The pages of an Alertmanager, from the address that alerts are posted to.
fn manager_page(url: &str) -> String {
    let end = url.find("/api/v2/").unwrap_or(url.len());
    url.get(..end)
        .unwrap_or(url)
        .trim_end_matches('/')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_of_an_alertmanager_are_where_its_calls_are() {
        assert_eq!(
            manager_page("http://a:9093/am/api/v2/alerts"),
            "http://a:9093/am"
        );
        assert_eq!(manager_page("http://a:9093"), "http://a:9093");
    }
}
