//! The tools of a dashboard: what changes it, and what saves it.

use super::clip;
use super::save::SaveDialog;
use super::versions::VersionsDialog;
use super::{guard, new_panel};
use crate::board::Board;
use app::components::{Glyph, Icon};
use app::data::save_text;
use app::words::{t, t_string, use_i18n};
use dashboard::export_for_sharing;
use leptos::prelude::*;
use serde_json::json;

/// Edit, and in edit mode everything else.
#[component]
pub(crate) fn EditTools(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    guard(board);
    let saving = RwSignal::new(false);
    let versions = RwSignal::new(false);
    let may = move || board.meta.with(|meta| meta.can_save);
    let stored = move || board.meta.with(|meta| !meta.uid.is_empty());
    let add = move |_| {
        let title = t_string!(i18n, dashboards.new_panel);
        board.edit(|dashboard| {
            dashboard.add_panel(new_panel(title));
        });
    };
    let add_row = move |_| {
        let row = json!({"type": "row", "title": t_string!(i18n, dashboards.new_row), "collapsed": false, "panels": []});
        if let serde_json::Value::Object(row) = row {
            board.edit(|dashboard| {
                dashboard.add_panel(row);
            });
        }
    };
    let paste = move |_| {
        if let Some(panel) = clip::kept() {
            board.edit(|dashboard| {
                dashboard.add_panel(panel);
            });
        }
    };
    let settings = move |_| {
        board.visit(
            &format!("{}/settings", board.home_path()),
            &[("edit", Some(""))],
        );
    };
    let discard = move |_| {
        let saved = board.saved.get_untracked();
        board.undo.set(Vec::new());
        board.redo.set(Vec::new());
        board.moved.set(None);
        board.show(saved);
        board.change_address(&[("edit", None)], true);
    };
    let export = move |_| {
        let document = board.document.get_untracked();
        let text = serde_json::to_string_pretty(&export_for_sharing(&document)).unwrap_or_default();
        let slug = board.meta.with_untracked(|meta| meta.slug.clone());
        let name = if slug.is_empty() {
            "dashboard".to_owned()
        } else {
            slug
        };
        save_text(&format!("{name}.json"), &text);
    };
    let keys = move |event: web_sys::KeyboardEvent| {
        if !(event.ctrl_key() || event.meta_key()) || !board.editing.get_untracked() {
            return;
        }
        match event.key().to_lowercase().as_str() {
            "s" => saving.set(true),
            "z" if !is_field(&event) => board.step_back(event.shift_key()),
            "y" if !is_field(&event) => board.step_back(true),
            _ => return,
        }
        event.prevent_default();
    };
    Effect::new(move |_| {
        let handle = window_event_listener(leptos::ev::keydown, keys);
        on_cleanup(move || handle.remove());
    });
    view! {
        <Show when=move || stored() && board.editing.get() && may()>
            <div class="group">
                <button type="button" class="button" on:click=add>
                    <Icon glyph=Glyph::Plus/>
                    {t!(i18n, dashboards.add_panel)}
                </button>
                <button type="button" class="button" on:click=add_row>{t!(i18n, dashboards.add_row)}</button>
                <Show when=move || clip::is_kept(board.copied)>
                    <button type="button" class="button" on:click=paste>{t!(i18n, boards.paste)}</button>
                </Show>
            </div>
            <div class="group">
                <button type="button" class="button" disabled=move || board.undo.with(Vec::is_empty) on:click=move |_| board.step_back(false)>
                    {t!(i18n, dashboards.undo)}
                </button>
                <button type="button" class="button" disabled=move || board.redo.with(Vec::is_empty) on:click=move |_| board.step_back(true)>
                    {t!(i18n, dashboards.redo)}
                </button>
            </div>
            <button type="button" class="button" on:click=settings>
                <Icon glyph=Glyph::Gear/>
                {t!(i18n, boards.settings)}
            </button>
        </Show>
        <Show when=stored>
            <div class="group">
                <button type="button" class="button" on:click=move |_| versions.set(true)>{t!(i18n, dashboards.versions)}</button>
                <button type="button" class="button" on:click=export>{t!(i18n, dashboards.export)}</button>
            </div>
        </Show>
        <Show when=move || stored() && may()>
            <Show
                when=move || board.editing.get()
                fallback=move || view! {
                    <button type="button" class="button" on:click=move |_| board.begin_editing()>{t!(i18n, dashboards.edit)}</button>
                }
            >
                <button type="button" class="button" on:click=discard>
                    {move || if board.is_changed() { t_string!(i18n, dashboards.discard) } else { t_string!(i18n, dashboards.end_editing) }}
                </button>
                <button
                    type="button"
                    class="button"
                    data-kind="primary"
                    disabled=move || !board.is_changed()
                    on:click=move |_| saving.set(true)
                >
                    {t!(i18n, dashboards.save)}
                </button>
            </Show>
        </Show>
        <SaveDialog board open=saving/>
        <VersionsDialog board open=versions/>
    }
}

/// Whether a key goes into a field, which has steps of its own.
pub(crate) fn is_field(event: &web_sys::KeyboardEvent) -> bool {
    use wasm_bindgen::JsCast;
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|element| {
        element
            .closest("input, textarea, select, [contenteditable], promql-editor")
            .is_ok_and(|found| found.is_some())
    })
}
