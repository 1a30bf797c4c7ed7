//! The page of a dashboard.

mod address;
mod bar;
mod batch;
mod grid;
mod keys;
mod kiosk;
mod marks;
mod note;
mod outline;
mod panel;
mod panel_head;
mod queue;
mod range_name;
mod state;
mod time_picker;
mod variable_field;
mod variables;

pub(crate) use address::pairs_of;
pub(crate) use grid::Item;
pub(crate) use marks::{Note, marks_of};
pub(crate) use outline::{BoardOutline, Outline, home_uid, stored_outline, uid_of_home};
pub(crate) use panel::{Asked, AskedQuery, EditedTile};
pub(crate) use state::{Board, Meta, now};

use crate::call::{Load, get, is, load, text_of};
use crate::draw::remember;
use crate::edit::PanelEditor;
use crate::settings::{SettingsPage, SettingsTab};
use app::components::ErrorNotice;
use app::data::UiError;
use app::words::{t_string, use_i18n};
use bar::BoardBar;
use dashboard::{Choice, Dashboard, Scope};
use grid::Grid;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use note::NoteDialog;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A dashboard as the server has it.
pub(crate) type Stored = Arc<(Dashboard, Meta)>;

/// Calls `with` with what texts of a panel may mention.
pub(crate) fn scope_of<T>(
    board: Board,
    clones: &[(String, Choice)],
    with: impl FnOnce(&Scope<'_>) -> T,
) -> T {
    let values = board.values.get_untracked();
    let globals = board.globals_untracked();
    let zone = board.zone();
    with(
        &Scope::new(&values, &globals)
            .with_clones(clones)
            .in_zone(&zone),
    )
}

/// Reads what the server answers for a dashboard.
///
/// # Errors
/// [`UiError::Unreadable`] if the document is none.
pub(crate) fn read_stored(answer: &Value) -> Result<Stored, UiError> {
    let document = answer.get("dashboard").cloned().unwrap_or_default();
    let facts = answer.get("meta").unwrap_or(&Value::Null);
    let uid = text_of(&document, "uid").to_owned();
    let import = dashboard::import_value(document, &BTreeMap::new()).map_err(|error| {
        UiError::Unreadable {
            status: 200,
            reason: error.to_string(),
        }
    })?;
    let meta = Meta {
        uid,
        slug: text_of(facts, "slug").to_owned(),
        version: facts.get("version").and_then(Value::as_i64).unwrap_or(0),
        folder: text_of(facts, "folderUid").to_owned(),
        folder_title: text_of(facts, "folderTitle").to_owned(),
        can_save: is(facts, "canSave"),
        can_star: is(facts, "canStar"),
        starred: is(facts, "isStarred"),
        provisioned: is(facts, "provisioned"),
        notices: import.notices.iter().map(ToString::to_string).collect(),
    };
    Ok(Arc::new((import.dashboard, meta)))
}

/// The dashboard that the address names.
#[component]
pub(crate) fn BoardPage() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let uid = Memo::new(move |_| params.with(|params| params.get("uid").unwrap_or_default()));
    let stored = RwSignal::new(Load::<Stored>::Waiting);
    let whole = move || {
        let rest = params.with_untracked(|params| params.get("rest").unwrap_or_default());
        PagePart::read(&rest, true) == PagePart::Panels
    };
    let outline = Resource::new(
        move || uid.get(),
        move |uid| {
            let whole = whole();
            async move {
                if whole {
                    stored_outline(&uid).await
                } else {
                    None
                }
            }
        },
    );
    let ask = move || {
        let path = format!(
            "/api/dashboards/uid/{}",
            app::state::encode(&uid.get_untracked())
        );
        load(stored, async move { read_stored(&get(&path).await?) });
    };
    Effect::new(move |_| {
        uid.track();
        stored.set(Load::Waiting);
        ask();
    });
    let retry = Callback::new(move |()| {
        stored.set(Load::Waiting);
        ask();
    });
    move || match stored.get() {
        Load::Waiting => view! {
            <Title text=move || t_string!(i18n, dashboards.title)/>
            <BoardOutline outline/>
        }
        .into_any(),
        Load::Failed(error) => view! {
            <Title text=move || t_string!(i18n, dashboards.title)/>
            <ErrorNotice error on_retry=retry/>
        }
        .into_any(),
        Load::Ready(stored) => view! { <OpenBoard stored/> }.into_any(),
    }
}

/// What of a dashboard is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PagePart {
    /// Its panels.
    Panels,
    /// The editor of one: `<slug>/edit/<panel>`.
    Panel(i64),
    /// What it is besides its panels: `<slug>/settings/<tab>`.
    Settings(SettingsTab),
}

impl PagePart {
    fn read(rest: &str, may_change: bool) -> Self {
        let mut parts = rest.split('/').skip(1);
        match (parts.next(), parts.next()) {
            (Some("edit"), Some(panel)) => panel.parse::<i64>().map_or(Self::Panels, Self::Panel),
            (Some("settings"), tab) if may_change => {
                Self::Settings(SettingsTab::read(tab.unwrap_or_default()))
            }
            _ => Self::Panels,
        }
    }
}

/// A dashboard that is there.
#[component]
pub(crate) fn OpenBoard(stored: Stored) -> impl IntoView {
    let (document, meta) = (*stored).clone();
    let board = Board::open(document, meta);
    let params = use_params_map();
    let part = Memo::new(move |_| {
        let rest = params.with(|params| params.get("rest").unwrap_or_default());
        let may = board.meta.with(|meta| meta.can_save);
        PagePart::read(&rest, may)
    });
    Effect::new(move |_| {
        let uid = board.meta.with(|meta| meta.uid.clone());
        if !uid.is_empty() {
            remember(&uid);
        }
    });
    // An address without the slug is another route, and leaving it would lose what is not saved.
    Effect::new(move |_| {
        let rest = params.with_untracked(|params| params.get("rest").unwrap_or_default());
        let path = board.home_path();
        if rest.is_empty() && path != "/" {
            board.replace(&path);
        }
    });
    let body = move || match part.get() {
        PagePart::Panel(id) => view! { <PanelEditor board id/> }.into_any(),
        PagePart::Settings(tab) => view! { <SettingsPage board tab/> }.into_any(),
        PagePart::Panels => view! { <Grid board/> }.into_any(),
    };
    view! {
        <Title text=move || board.document.with(|document| document.title().to_owned())/>
        <BoardBar board/>
        {body}
        <NoteDialog board/>
    }
}
