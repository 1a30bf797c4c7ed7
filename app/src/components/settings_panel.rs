//! What can be set for this browser.

use crate::components::dialog::Dialog;
use crate::state::{Setting, Settings};
use crate::words::{t, t_string, use_i18n};
use leptos::prelude::*;

/// The dialog with all settings.
#[component]
pub fn SettingsPanel(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Dialog
            open
            kind="settings"
            label=Signal::derive(move || t_string!(i18n, shell.settings).to_owned())
        >
            <Content open/>
        </Dialog>
    }
}

#[component]
fn Content(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let settings = expect_context::<Settings>();
    view! {
        <h2 class="dialog__title">{t!(i18n, shell.settings)}</h2>
        <fieldset class="settings">
            <legend>{t!(i18n, shell.set_general)}</legend>
            <Choice setting=settings.local_time>{t!(i18n, shell.set_local_time)}</Choice>
        </fieldset>
        <fieldset class="settings">
            <legend>{t!(i18n, shell.set_graph)}</legend>
            <Choice setting=settings.history>{t!(i18n, shell.set_history)}</Choice>
            <Choice setting=settings.autocomplete>{t!(i18n, shell.set_autocomplete)}</Choice>
            <Choice setting=settings.highlight>{t!(i18n, shell.set_highlight)}</Choice>
            <Choice setting=settings.linter>{t!(i18n, shell.set_linter)}</Choice>
            <Choice setting=settings.warnings>{t!(i18n, shell.set_warnings)}</Choice>
            <Choice setting=settings.infos>{t!(i18n, shell.set_infos)}</Choice>
        </fieldset>
        <fieldset class="settings">
            <legend>{t!(i18n, shell.set_alerts)}</legend>
            <Choice setting=settings.expanded_annotations>{t!(i18n, shell.set_annotations)}</Choice>
            <Count setting=settings.alert_groups_per_page>{t!(i18n, shell.set_alert_groups)}</Count>
            <Count setting=settings.rule_groups_per_page>{t!(i18n, shell.set_rule_groups)}</Count>
        </fieldset>
        <p class="dialog__end">
            <button type="button" class="button" on:click=move |_| open.set(false)>
                {t!(i18n, shell.close)}
            </button>
        </p>
    }
}

/// A setting that is on or off.
#[component]
fn Choice(setting: Setting<bool>, children: Children) -> impl IntoView {
    view! {
        <label class="settings__line">
            <input
                type="checkbox"
                prop:checked=move || setting.get()
                on:change=move |event| setting.set(event_target_checked(&event))
            />
            {children()}
        </label>
    }
}

/// A setting that is a number.
#[component]
fn Count(setting: Setting<usize>, children: Children) -> impl IntoView {
    let changed = move |event: web_sys::Event| {
        if let Some(count) = event_target_value(&event).parse().ok().filter(|n| *n > 0) {
            setting.set(count);
        }
    };
    view! {
        <label class="settings__line">
            <input
                type="number"
                class="field"
                min="1"
                max="1000"
                prop:value=move || setting.get().to_string()
                on:change=changed
            />
            {children()}
        </label>
    }
}
