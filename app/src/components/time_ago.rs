//! Times that were.

use crate::data::now_seconds;
use crate::fmt;
use crate::state::{Settings, Zone};
use crate::words::{t_string, use_i18n};
use chart::CivilTime;
use leptos::prelude::*;
use std::time::Duration;

/// The browser's time, once a second; `None` until the page is awake. Units: seconds since the epoch.
pub fn use_clock() -> Signal<Option<f64>> {
    let now = RwSignal::new(None);
    Effect::new(move |_| {
        now.set(Some(now_seconds()));
        let tick =
            set_interval_with_handle(move || now.set(Some(now_seconds())), Duration::from_secs(1));
        on_cleanup(move || {
            if let Ok(tick) = tick {
                tick.clear();
            }
        });
    });
    now.into()
}

/// The zone in which times are told here: as it was set, UTC until the page is awake.
pub fn use_zone() -> Signal<Zone> {
    let settings = expect_context::<Settings>();
    Signal::derive(move || {
        if settings.local_time.get() {
            Zone::Local
        } else {
            Zone::Utc
        }
    })
}

/// How long ago a time was, the time itself on hover.
///
/// The server writes the time in UTC, which the browser first repeats and then makes relative.
#[component]
pub fn TimeAgo(
    /// RFC 3339; years before 1970 mean never.
    #[prop(into)]
    time: Signal<String>,
    /// As [`use_clock`] gives it.
    clock: Signal<Option<f64>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let zone = use_zone();
    let civil = move || CivilTime::parse(&time.get()).filter(|t| t.year >= 1970);
    let text = move || match (civil(), clock.get()) {
        (None, _) => t_string!(i18n, shell.ago_never).to_owned(),
        (Some(time), None) => format!("{time} UTC"),
        (Some(time), Some(now)) => fmt::ago(i18n.get_locale(), now - time.to_seconds()),
    };
    let title = move || civil().map(|time| fmt::time_in(zone.get(), time.to_seconds()));
    view! { <time datetime=move || time.get() title=title>{text}</time> }
}
