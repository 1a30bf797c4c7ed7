//! The outline of a dashboard: its panels' frames and titles, which the server sends with the page, so that it has
//! its shape before its program has come.

use super::read_stored;
use crate::call::text_of;
use crate::draw::canvas::px;
use app::components::{Glyph, Icon, Skeleton};
use app::data::load_body;
use app::state::encode;
use app::words::{t, use_i18n};
use dashboard::{
    COLUMNS, Dashboard, Format, GUTTER, Globals, GridPos, Hide, PanelKind, Scope, VariableValues,
    interpolate, pixel_rect, place,
};
use leptos::prelude::*;
use leptos_meta::Title;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Panels beyond the first so many are far out of view.
const MAX_FRAMES: usize = 60;

/// What is known of a dashboard without its panels' contents.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Outline {
    title: String,
    /// The title of its folder; none where it is not stored.
    folder: Option<String>,
    /// Whether a line of variables stands above the panels.
    has_values: bool,
    /// Height of all panels. Units: rows of the grid.
    rows: i64,
    frames: Vec<PanelFrame>,
}

/// The frame of a panel.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct PanelFrame {
    title: String,
    /// Column, row, width and height. Units: those of the grid.
    place: (i64, i64, i64, i64),
    is_row: bool,
    is_transparent: bool,
}

impl Outline {
    /// The outline of a dashboard, with the values that its variables begin with.
    pub(crate) fn of(document: &Dashboard, folder: Option<&str>) -> Self {
        let values = VariableValues::new(document.variables(&mut Vec::new()));
        let globals = Globals::default();
        let scope = Scope::new(&values, &globals);
        let page = place(document, &values);
        let frames = page.placed.iter().map(|placed| {
            let scope = scope.clone().with_clones(&placed.clones);
            let GridPos { x, y, w, h, .. } = placed.place;
            PanelFrame {
                title: interpolate(placed.panel.title(), &scope, &Format::Text),
                place: (x, y, w, h),
                is_row: placed.panel.kind() == PanelKind::Row,
                is_transparent: placed.panel.transparent(),
            }
        });
        let has_values = values
            .iter()
            .any(|value| value.variable.hide != Hide::Variable);
        let rows = page.placed.iter().map(|placed| placed.place.bottom()).max();
        Self {
            title: document.title().to_owned(),
            folder: folder.map(str::to_owned),
            has_values,
            rows: rows.unwrap_or(0),
            frames: frames.take(MAX_FRAMES).collect(),
        }
    }
}

/// Asks for the outline of a stored dashboard: on the server while it renders; nothing in the browser, which asks
/// for the dashboard itself.
pub(crate) async fn stored_outline(uid: &str) -> Option<Outline> {
    let found = rendered(&format!("/api/dashboards/uid/{}", encode(uid))).await?;
    let stored = read_stored(&found).ok()?;
    let (document, meta) = &*stored;
    Some(Outline::of(document, Some(&meta.folder_title)))
}

/// The uid of the dashboard that whoever looks chose for their home, asked for while the server renders.
pub(crate) async fn home_uid() -> Option<String> {
    let found = rendered("/api/dashboards/home").await?;
    uid_of_home(&found)
}

/// The uid in the answer of `/api/dashboards/home`; none where nothing was chosen.
pub(crate) fn uid_of_home(answer: &Value) -> Option<String> {
    let path = text_of(answer, "redirectUri").strip_prefix("/d/")?;
    path.split('/').next().map(str::to_owned)
}

async fn rendered(path: &str) -> Option<Value> {
    if !cfg!(feature = "ssr") {
        return None;
    }
    let (status, text) = load_body(path.to_owned()).await.ok()?;
    (status < 300).then(|| serde_json::from_str(&text).ok())?
}

/// Stands where a dashboard will be.
#[component]
pub(crate) fn BoardOutline(outline: Resource<Option<Outline>>) -> impl IntoView {
    let shape = move || match outline.get() {
        None => ().into_any(),
        Some(None) => view! { <Skeleton shape="chart"/> }.into_any(),
        Some(Some(outline)) => shape_of(outline),
    };
    view! {
        <Suspense fallback=move || view! { <Skeleton shape="chart"/> }>{shape}</Suspense>
    }
}

fn shape_of(outline: Outline) -> AnyView {
    let title = outline.title.clone();
    let crumbs = outline.folder.map(|folder| {
        view! {
            <span class="crumbs">
                <span>{t!(use_i18n(), dashboards.title)}</span>
                <span>"/"</span>
                <span>{folder}</span>
                <span>"/"</span>
            </span>
        }
    });
    let values = outline
        .has_values
        .then(|| view! { <div class="board-values" data-outline="true"></div> });
    let all = GridPos::new(0, 0, 1, outline.rows.max(1));
    let height = px(pixel_rect(all, 0.0).height);
    let frames = outline.frames.into_iter().map(cell).collect_view();
    view! {
        <Title text=outline.title/>
        <div role="status">
            <span class="visually-hidden">{t!(use_i18n(), shell.loading)}</span>
            <div aria-hidden="true">
                <div class="board-head">
                    <div class="board-head__name">
                        {crumbs}
                        <span class="board-head__title">{title}</span>
                    </div>
                </div>
                {values}
                <div class="board" style:height=height>{frames}</div>
            </div>
        </div>
    }
    .into_any()
}

fn cell(frame: PanelFrame) -> AnyView {
    let (x, y, w, h) = frame.place;
    let rect = pixel_rect(GridPos::new(x, y, w, h), 0.0);
    // How wide the page is, the browser knows.
    let columns = |n: i64| format!("{n} * (100% + {}) / {COLUMNS}", px(GUTTER));
    let inner = if frame.is_row {
        view! {
            <div class="row-line">
                <Icon glyph=Glyph::Down/>
                <span class="row-line__title">{frame.title}</span>
            </div>
        }
        .into_any()
    } else {
        view! {
            <div class="tile" data-transparent=frame.is_transparent.then_some("true")>
                <div class="tile__head"><span class="tile__title">{frame.title}</span></div>
            </div>
        }
        .into_any()
    };
    view! {
        <div
            class="board__cell"
            data-row=frame.is_row.then_some("true")
            style:left=format!("calc({})", columns(x))
            style:top=px(rect.top)
            style:width=format!("calc({} - {})", columns(w), px(GUTTER))
            style:height=px(rect.height)
        >
            {inner}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn outline(document: Value) -> Outline {
        let import = dashboard::import_value(document, &std::collections::BTreeMap::new()).unwrap();
        Outline::of(&import.dashboard, None)
    }

    #[test]
    fn an_outline_has_the_frames_of_panels_with_their_titles_filled_in() {
        let list = json!([{"name": "side", "type": "custom", "query": "left,right",
            "current": {"text": "left", "value": "left"}}]);
        let found = outline(
            json!({"title": "Both", "templating": {"list": list}, "panels": [
                {"id": 1, "type": "stat", "title": "Of $side", "gridPos": {"x": 12, "y": 0, "w": 12, "h": 4}},
                {"id": 2, "type": "row", "title": "Rest", "collapsed": true, "panels": [
                    {"id": 3, "type": "stat", "title": "Hidden", "gridPos": {"x": 0, "y": 5, "w": 4, "h": 4}}
                ], "gridPos": {"x": 0, "y": 4, "w": 24, "h": 1}},
            ]}),
        );
        assert!(found.has_values);
        assert_eq!((found.title.as_str(), found.rows), ("Both", 5));
        let told: Vec<_> = found
            .frames
            .iter()
            .map(|one| (one.title.as_str(), one.place, one.is_row))
            .collect();
        assert_eq!(
            told,
            [
                ("Of left", (12, 0, 12, 4), false),
                ("Rest", (0, 4, 24, 1), true)
            ]
        );
    }

    #[test]
    fn a_home_that_nobody_chose_has_no_uid() {
        assert_eq!(
            uid_of_home(&json!({"redirectUri": "/d/abc/my-home"})),
            Some("abc".to_owned())
        );
        assert_eq!(uid_of_home(&json!({"dashboard": {"title": "Home"}})), None);
    }
}
