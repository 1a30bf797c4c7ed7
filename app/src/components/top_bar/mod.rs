//! The bar at the top of every page.

mod account_menu;
mod drop_down;
mod firing_badge;
mod language_switch;
mod notification_bell;
mod palette;
mod places;
mod shortcuts;
mod status_menu;

use crate::components::icon::{Glyph, Icon};
use crate::components::settings_panel::SettingsPanel;
use crate::components::theme_switch::ThemeSwitch;
use crate::site::at;
use crate::words::{t, use_i18n};
use account_menu::AccountMenu;
use firing_badge::FiringBadge;
use language_switch::LanguageSwitch;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;
use notification_bell::NotificationBell;
use palette::Palette;
use shortcuts::{ShortcutHelp, listen};
use status_menu::StatusMenu;

/// What floats above the page, opened from the bar or the keyboard.
#[derive(Clone, Copy)]
struct Floating {
    palette: RwSignal<bool>,
    keys: RwSignal<bool>,
    settings: RwSignal<bool>,
}

/// Name, pages, search, what fires, language, theme, settings and who is logged in.
#[component]
pub fn TopBar() -> impl IntoView {
    let i18n = use_i18n();
    let floating = Floating {
        palette: RwSignal::new(false),
        keys: RwSignal::new(false),
        settings: RwSignal::new(false),
    };
    listen(floating);
    let unfolded = RwSignal::new(false);
    let path = use_location().pathname;
    // On a narrow screen the pages fold away once one is chosen.
    Effect::new(move |_| {
        path.track();
        unfolded.set(false);
    });
    view! {
        <header class="top-bar">
            <a class="skip-link" href="#content">{t!(i18n, shell.skip)}</a>
            <button
                type="button"
                class="button top-bar__burger"
                data-kind="icon"
                aria-label=t!(i18n, shell.menu)
                aria-controls="pages"
                aria-expanded=move || if unfolded.get() { "true" } else { "false" }
                on:click=move |_| unfolded.update(|open| *open = !*open)
            >
                <Icon glyph=Glyph::Menu/>
            </button>
            <A href=at("/") exact=true attr:class="top-bar__brand">
                <Icon glyph=Glyph::Flame/>
                <span class="top-bar__name">"Watchfire"</span>
            </A>
            <nav
                class="top-bar__pages"
                id="pages"
                aria-label=t!(i18n, shell.pages)
                data-open=move || unfolded.get().then_some("true")
            >
                <A href=at("/dashboards") attr:class="top-bar__link">{t!(i18n, shell.dashboards)}</A>
                <A href=at("/graph") attr:class="top-bar__link">{t!(i18n, shell.graph)}</A>
                <A href=at("/alerts") attr:class="top-bar__link">{t!(i18n, shell.alerts)}</A>
                <StatusMenu/>
                <A href=at("/help") attr:class="top-bar__link">{t!(i18n, shell.help)}</A>
            </nav>
            <div class="top-bar__end">
                <button
                    type="button"
                    class="button top-bar__search"
                    aria-keyshortcuts="Control+K"
                    on:click=move |_| floating.palette.set(true)
                >
                    <Icon glyph=Glyph::Search/>
                    <span class="top-bar__search-text">{t!(i18n, shell.search)}</span>
                    <kbd class="key">"Ctrl-K"</kbd>
                    <span class="visually-hidden">{t!(i18n, shell.search_label)}</span>
                </button>
                <FiringBadge/>
                <NotificationBell/>
                <LanguageSwitch/>
                <ThemeSwitch/>
                <button
                    type="button"
                    class="button"
                    data-kind="icon"
                    aria-label=t!(i18n, shell.settings)
                    title=t!(i18n, shell.settings)
                    on:click=move |_| floating.settings.set(true)
                >
                    <Icon glyph=Glyph::Gear/>
                </button>
                <AccountMenu/>
            </div>
        </header>
        <Palette open=floating.palette/>
        <ShortcutHelp open=floating.keys/>
        <SettingsPanel open=floating.settings/>
    }
}
