//! How many alerts fire, on every page.

use crate::components::icon::{Glyph, Icon};
use crate::data::{Latest, get};
use crate::site::at;
use crate::words::{t, use_i18n};
use api_types::AlertsData;
use leptos::prelude::*;
use leptos_router::components::A;
use std::time::Duration;

/// How often the number is asked for.
const REFRESH: Duration = Duration::from_secs(15);

/// The number of alerts that fire, leading to them; nothing while none does.
#[component]
pub(super) fn FiringBadge() -> impl IntoView {
    let i18n = use_i18n();
    let alerts = Latest::<AlertsData>::new();
    Effect::new(move |_| {
        let ask = move || {
            if !document().hidden() {
                alerts.start(|signal| async move { get("/api/v1/alerts", signal.as_ref()).await });
            }
        };
        ask();
        let timer = set_interval_with_handle(ask, REFRESH);
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    // A question that fails leaves no number rather than an old one.
    let firing = Memo::new(move |_| {
        alerts.state.with(|state| {
            state.loaded.as_ref().map_or(0, |loaded| {
                let alerts = loaded.data.alerts.iter();
                alerts.filter(|alert| alert.state == "firing").count()
            })
        })
    });
    view! {
        <Show when=move || firing.get() != 0>
            <A
                href=at("/alerts?state=firing")
                attr:class="badge top-bar__firing"
                attr:data-state="firing"
            >
                <Icon glyph=Glyph::Alert/>
                {t!(i18n, shell.firing, n = move || firing.get())}
                <span class="visually-hidden">{t!(i18n, shell.firing_more)}</span>
            </A>
        </Show>
    }
}
