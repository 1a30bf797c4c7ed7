//! The editor of one panel: the panel above, its queries below, its options beside.

use super::options::Options;
use super::part::Part;
use super::queries::Queries;
use super::transforms::Transforms;
use crate::board::{Board, EditedTile};
use app::components::{EmptyNotice, Glyph, Icon};
use app::words::{t, t_string, use_i18n};
use dashboard::PanelKind;
use leptos::prelude::*;
use serde_json::{Map, Value};
use std::sync::Arc;

/// A panel that is being edited.
#[derive(Clone, Copy)]
pub(crate) struct Edited {
    pub(crate) board: Board,
    pub(crate) id: i64,
    /// Its JSON.
    pub(crate) json: Memo<Option<Arc<Value>>>,
}

impl Edited {
    /// What fields of forms change.
    pub(crate) fn part(self) -> Part {
        Part::panel(self.board, self.id)
    }

    /// The value at a path as a field shows it, tracked.
    pub(crate) fn text(self, path: &[&str]) -> String {
        self.json.with(|json| {
            let object = json.as_ref().and_then(|json| json.as_object());
            super::json_path::text_of(object.and_then(|object| super::json_path::at(object, path)))
        })
    }

    /// Sets the value at a path; steps of the same field count as one.
    pub(crate) fn set(self, path: &[&str], value: Option<Value>) {
        let name = path.join(".");
        self.change(&name, |panel| super::json_path::set(panel, path, value));
    }

    /// Changes the panel; steps of the same name that follow each other closely count as one.
    pub(crate) fn change(self, name: &str, change: impl FnOnce(&mut Map<String, Value>)) {
        self.board
            .edit_as(&format!("{}.{name}", self.id), |dashboard| {
                // A panel that went meanwhile needs no change.
                let _ = dashboard.change_panel(self.id, change);
            });
    }
}

/// The editor of the panel with an id.
#[component]
pub(crate) fn PanelEditor(board: Board, id: i64) -> impl IntoView {
    let i18n = use_i18n();
    let json = Memo::new(move |_| {
        board.document.with(|document| {
            let panel = document.panel(id)?;
            Some(Arc::new(Value::Object(panel.json().clone())))
        })
    });
    let edited = Edited { board, id, json };
    let back = move |_| board.visit(&board.home_path(), &[("edit", Some(""))]);
    let asks = move || {
        let kind = PanelKind::parse(&edited.text(&["type"]));
        !matches!(
            kind,
            PanelKind::Text
                | PanelKind::AlertList
                | PanelKind::DashList
                | PanelKind::AnnotationList
        )
    };
    let there = Memo::new(move |_| json.with(Option::is_some));
    let editor = move || {
        if !there.get() {
            return view! {
                <EmptyNotice title=Signal::derive(move || t_string!(i18n, dashboards.no_panel).to_owned())>
                    <p><button type="button" class="button" on:click=back>{t!(i18n, dashboards.back)}</button></p>
                </EmptyNotice>
            }
            .into_any();
        }
        view! {
            <div class="workbench">
                <div class="workbench__main">
                    <div class="workbench__panel"><EditedTile board id/></div>
                    <Show when=asks>
                        <Queries edited/>
                        <Transforms part=edited.part()/>
                    </Show>
                </div>
                <Options edited/>
            </div>
        }
        .into_any()
    };
    view! {
        <p class="workbench__back">
            <button type="button" class="button" on:click=back>
                <Icon glyph=Glyph::Left/>
                {t!(i18n, dashboards.back)}
            </button>
        </p>
        {editor}
    }
}
