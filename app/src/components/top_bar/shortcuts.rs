//! Keys that work on every page, and the overview of all keys.

use super::Floating;
use crate::components::dialog::Dialog;
use crate::state::use_go;
use crate::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Listens to the keys of the whole window.
pub(super) fn listen(floating: Floating) {
    let go = use_go();
    let going = StoredValue::new(false);
    Effect::new(move |_| {
        let handle = window_event_listener(leptos::ev::keydown, move |event| {
            if event.is_composing() {
                return;
            }
            let key = event.key();
            let with_control = event.ctrl_key() || event.meta_key();
            if with_control && key.eq_ignore_ascii_case("k") {
                event.prevent_default();
                floating.palette.update(|open| *open = !*open);
                return;
            }
            if with_control
                || event.alt_key()
                || is_written_in(&event)
                || something_is_open(floating)
            {
                return;
            }
            // `g` and a letter goes to a page.
            let went = going.try_update_value(|going| std::mem::replace(going, key == "g"));
            match (went == Some(true), key.as_str()) {
                (true, "h") => go.run("/".to_owned()),
                (true, "d") => go.run("/dashboards".to_owned()),
                (true, "g" | "e") => go.run("/graph".to_owned()),
                (true, "a") => go.run("/alerts".to_owned()),
                (true, "t") => go.run("/targets".to_owned()),
                (true, "r") => go.run("/rules".to_owned()),
                (false, "?") => floating.keys.set(true),
                (false, "/") => floating.palette.set(true),
                _ => return,
            }
            going.set_value(false);
            event.prevent_default();
        });
        on_cleanup(move || handle.remove());
    });
}

fn something_is_open(floating: Floating) -> bool {
    let Floating {
        palette,
        keys,
        settings,
    } = floating;
    [palette, keys, settings]
        .iter()
        .any(RwSignal::get_untracked)
}

/// Whether the key goes into a field.
fn is_written_in(event: &web_sys::KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|element| {
        let field = element.closest("input, textarea, select, [contenteditable], promql-editor");
        field.is_ok_and(|found| found.is_some())
    })
}

/// All keys and what they do.
#[component]
pub(super) fn ShortcutHelp(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Dialog
            open
            kind="keys"
            label=Signal::derive(move || t_string!(i18n, shell.keys).to_owned())
        >
            <KeyTable/>
            <p class="dialog__end">
                <button type="button" class="button" on:click=move |_| open.set(false)>
                    {t!(i18n, shell.close)}
                </button>
            </p>
        </Dialog>
    }
}

#[component]
fn KeyTable() -> impl IntoView {
    let i18n = use_i18n();
    let line = |keys: &[&'static str], does: AnyView| {
        let keys = keys
            .iter()
            .map(|key| view! { <kbd class="key">{*key}</kbd> " " });
        view! { <tr><th scope="row">{keys.collect_view()}</th><td>{does}</td></tr> }
    };
    view! {
        <h2 class="dialog__title">{t!(i18n, shell.keys)}</h2>
        <table class="keys">
            <tbody>
                {line(&["Ctrl-K", "/"], t!(i18n, shell.keys_search).into_any())}
                {line(&["?"], t!(i18n, shell.keys_help).into_any())}
                {line(&["g h"], t!(i18n, shell.keys_go_home).into_any())}
                {line(&["g d"], t!(i18n, shell.keys_go_dashboards).into_any())}
                {line(&["g g"], t!(i18n, shell.keys_go_graph).into_any())}
                {line(&["g a"], t!(i18n, shell.keys_go_alerts).into_any())}
                {line(&["g t"], t!(i18n, shell.keys_go_targets).into_any())}
                {line(&["g r"], t!(i18n, shell.keys_go_rules).into_any())}
                {line(&["Enter"], t!(i18n, shell.keys_run).into_any())}
                {line(&["Shift-Enter"], t!(i18n, shell.keys_line).into_any())}
                {line(&["←", "→"], t!(i18n, shell.keys_arrows).into_any())}
                {line(&["+", "-"], t!(i18n, shell.keys_zoom).into_any())}
                {line(&["Enter"], t!(i18n, shell.keys_pin).into_any())}
                {line(&["d r", "d e", "d s", "d k"], t!(i18n, shell.keys_board).into_any())}
                {line(&["d Shift-E", "d Shift-C"], t!(i18n, shell.keys_rows).into_any())}
                {line(&["t z", "t +", "t ←", "t →"], t!(i18n, shell.keys_time).into_any())}
                {line(&["Esc"], t!(i18n, shell.keys_escape).into_any())}
            </tbody>
        </table>
    }
}
