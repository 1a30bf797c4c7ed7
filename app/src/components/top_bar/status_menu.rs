//! The menu of the pages about the server.

use super::places::Place;
use crate::components::icon::{Glyph, Icon};
use crate::site::{at, page_of};
use crate::words::{t, use_i18n};
use leptos::html::Details;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;

#[component]
pub(super) fn StatusMenu() -> impl IntoView {
    let i18n = use_i18n();
    let menu = NodeRef::<Details>::new();
    let path = use_location().pathname;
    let close = move || {
        if let Some(menu) = menu.get_untracked() {
            menu.set_open(false);
        }
    };
    let leave = move |event: web_sys::FocusEvent| {
        let next = event
            .related_target()
            .and_then(|t| t.dyn_into::<web_sys::Node>().ok());
        let inside = menu
            .get_untracked()
            .is_some_and(|menu| menu.contains(next.as_ref()));
        if !inside {
            close();
        }
    };
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
                <A href=at(place.path()) attr:class="menu__item" on:click=move |_| close()>
                    {move || place.name(i18n.get_locale())}
                </A>
            </li>
        }
    };
    view! {
        <details
            class="menu"
            node_ref=menu
            on:focusout=leave
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    close();
                }
            }
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
