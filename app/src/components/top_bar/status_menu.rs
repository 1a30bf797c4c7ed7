//! The menu of the pages about the server.

use super::drop_down::DropDown;
use super::places::Place;
use crate::components::icon::{Glyph, Icon};
use crate::site::{at, page_of};
use crate::words::{t, use_i18n};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;

#[component]
pub(super) fn StatusMenu() -> impl IntoView {
    let i18n = use_i18n();
    let menu = DropDown::new();
    let path = use_location().pathname;
    let here = move || {
        let path = path.get();
        let place = Place::STATUS
            .into_iter()
            .find(|place| place.path() == page_of(&path))?;
        Some(format!(" › {}", place.name(i18n.get_locale())))
    };
    let item = move |place: Place| {
        view! {
            <li>
                <A href=at(place.path()) attr:class="menu__item" on:click=move |_| menu.close()>
                    {move || place.name(i18n.get_locale())}
                </A>
            </li>
        }
    };
    view! {
        <details
            class="menu"
            node_ref=menu.0
            on:focusout=move |event| menu.left(&event)
            on:keydown=move |event| menu.key(&event)
        >
            <summary class="top-bar__link">
                {t!(i18n, shell.status)}
                <span class="top-bar__here">{here}</span>
                <Icon glyph=Glyph::Down/>
            </summary>
            <ul class="menu__list">{Place::STATUS.map(item).collect_view()}</ul>
        </details>
    }
}
