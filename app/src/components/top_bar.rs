//! The bar at the top of every page.

use crate::components::icon::{Glyph, Icon};
use crate::components::theme_switch::ThemeSwitch;
use leptos::html::Details;
use leptos::prelude::*;
use leptos_router::components::A;
use wasm_bindgen::JsCast;

/// Name, pages and theme.
#[component]
pub fn TopBar() -> impl IntoView {
    view! {
        <header class="top-bar">
            <a class="skip-link" href="#content">"Skip to content"</a>
            <A href="/graph" attr:class="top-bar__brand">
                <Icon glyph=Glyph::Flame/>
                "Watchfire"
            </A>
            <nav class="top-bar__pages" aria-label="Pages">
                <A href="/graph" attr:class="top-bar__link">"Graph"</A>
                <StatusMenu/>
            </nav>
            <div class="top-bar__end">
                <ThemeSwitch/>
            </div>
        </header>
    }
}

#[component]
fn StatusMenu() -> impl IntoView {
    let menu = NodeRef::<Details>::new();
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
                "Status"
                <Icon glyph=Glyph::Down/>
            </summary>
            <ul class="menu__list">
                <li>
                    <A href="/targets" attr:class="menu__item" on:click=move |_| close()>"Targets"</A>
                </li>
            </ul>
        </details>
    }
}
