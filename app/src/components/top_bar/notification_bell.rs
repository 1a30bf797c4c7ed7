//! What an operator should know now, on every page.

use super::drop_down::DropDown;
use crate::components::icon::{Glyph, Icon};
use crate::components::time_ago::{TimeAgo, use_clock};
use crate::data::Notifications;
use crate::words::{t, use_i18n};
use api_types::Notification;
use leptos::prelude::*;

/// The number of notifications and, unfolded, their words; nothing while there are none.
#[component]
pub(super) fn NotificationBell() -> impl IntoView {
    let i18n = use_i18n();
    let all = Notifications::follow();
    let count = Memo::new(move |_| all.with(Vec::len));
    view! {
        // The place of what is told stays, so that readers of the screen hear when something comes.
        <div role="status">
            <Show when=move || count.get() != 0>
                {move || bell(all, count)}
            </Show>
            <Show when=move || count.get() != 0>
                <span class="visually-hidden">
                    {t!(i18n, shell.notifications_more, n = move || count.get())}
                </span>
            </Show>
        </div>
    }
}

fn bell(all: RwSignal<Vec<Notification>>, count: Memo<usize>) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let menu = DropDown::new();
    let row = move |one: Notification| {
        view! {
            <li class="notification">
                <span class="notification__text">{one.text}</span>
                <TimeAgo time=Signal::stored(one.date) clock/>
            </li>
        }
    };
    view! {
        <details
            class="menu top-bar__bell"
            node_ref=menu.0
            on:focusout=move |event| menu.left(&event)
            on:keydown=move |event| menu.key(&event)
        >
            <summary class="badge" data-state="pending" title=t!(i18n, shell.notifications)>
                <Icon glyph=Glyph::Bell/>
                {move || count.get()}
                <span class="visually-hidden">{t!(i18n, shell.notifications)}</span>
            </summary>
            <ul class="menu__list">
                <For each=move || all.get() key=|one| (one.text.clone(), one.date.clone()) children=row/>
            </ul>
        </details>
    }
}
