//! A panel: its frame, its questions, and what is drawn in it.

use super::grid::Item;
use super::panel_head::Head;
use super::queue::Replied;
use super::{Board, now, scope_of};
use crate::draw::canvas::observe_size;
use crate::draw::{
    AlertListView, BarChartView, BarGaugeView, DashListView, Drawn, GaugeView, HeatmapView,
    HistogramView, NoteListView, Outcome, PieView, StatView, StatesView, TableView, TextView,
    TimeChart,
};
use crate::edit::{Handle, Inspector, move_by_keys};
use app::data::stopwatch;
use app::words::{t, use_i18n};
use dashboard::{Answer, Panel, PanelKind, prepare};
use leptos::html::Div;
use leptos::prelude::*;
use render::{Plan, Surroundings};
use send_wrapper::SendWrapper;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// Widths in steps: a panel that grows a little is not asked for again. Units: CSS pixels.
const WIDTH_STEP: f64 = 50.0;

/// How a panel's questions stand.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    /// What was drawn last.
    pub(crate) drawn: RwSignal<Option<Arc<Outcome>>>,
    /// Why there is nothing, in words.
    pub(crate) error: RwSignal<Option<String>>,
    pub(crate) warnings: RwSignal<Vec<String>>,
    pub(crate) busy: RwSignal<bool>,
    /// What was asked last, for those who look into it.
    pub(crate) queries: RwSignal<Vec<AskedQuery>>,
    /// How long the answer took. Units: milliseconds.
    pub(crate) took: RwSignal<Option<f64>>,
}

/// A query as it was asked, and how large its answer was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AskedQuery {
    pub(crate) ref_id: String,
    pub(crate) expr: String,
    /// Units: milliseconds since the epoch.
    pub(crate) window: (i64, i64),
    /// Units: milliseconds; none at one moment.
    pub(crate) step: Option<i64>,
    pub(crate) series: usize,
    pub(crate) points: usize,
}

/// Answers that are kept while the way they are shown changes.
#[derive(Default)]
struct Kept {
    plans: Vec<Plan>,
    answers: Vec<Answer>,
    beat: Option<u64>,
    /// Heatmaps take other things from an answer.
    is_heatmap: bool,
    waits: Option<SendWrapper<Rc<Cell<bool>>>>,
}

/// How far out of view a panel is that asks already. Units: CSS pixels.
const NEARLY: f64 = 200.0;

/// Whether an element is in view now, or nearly so.
fn is_near(element: &web_sys::Element) -> bool {
    let place = element.get_bounding_client_rect();
    let length = |length: Result<JsValue, JsValue>| length.ok().and_then(|length| length.as_f64());
    let window = window();
    let (Some(width), Some(height)) = (length(window.inner_width()), length(window.inner_height()))
    else {
        return false;
    };
    place.width() > 0.0
        && place.bottom() > -NEARLY
        && place.top() < height + NEARLY
        && place.right() > -NEARLY
        && place.left() < width + NEARLY
}

/// Whether an element is in view, or nearly so.
fn observe_view(frame: NodeRef<Div>) -> RwSignal<bool> {
    let visible = RwSignal::new(false);
    Effect::new(move |_| {
        let Some(element) = frame.get() else { return };
        // The observer tells it only after the next frame.
        if is_near(&element) {
            visible.set(true);
        }
        let seen = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            for entry in entries.iter() {
                let entry: IntersectionObserverEntry = entry.unchecked_into();
                if visible
                    .try_get_untracked()
                    .is_some_and(|then| then != entry.is_intersecting())
                {
                    visible.try_set(entry.is_intersecting());
                }
            }
        });
        let init = IntersectionObserverInit::new();
        init.set_root_margin(&format!("{NEARLY}px"));
        let observer = IntersectionObserver::new_with_options(seen.as_ref().unchecked_ref(), &init);
        let Ok(observer) = observer else {
            visible.set(true);
            return;
        };
        observer.observe(&element);
        let kept = SendWrapper::new((observer, seen));
        on_cleanup(move || kept.0.disconnect());
    });
    visible
}

/// Asks a panel's questions whenever it is in view and something that they depend on changes.
pub(crate) fn ask_panel(item: Signal<Item>, board: Board, frame: NodeRef<Div>) -> Asked {
    let asked = Asked {
        drawn: RwSignal::new(None),
        error: RwSignal::new(None),
        warnings: RwSignal::new(Vec::new()),
        busy: RwSignal::new(false),
        queries: RwSignal::new(Vec::new()),
        took: RwSignal::new(None),
    };
    let visible = observe_view(frame);
    let size = observe_size(frame);
    let width = Memo::new(move |_| (size.get().0 / WIDTH_STEP).ceil() * WIDTH_STEP);
    let kept = StoredValue::new(Kept::default());
    Effect::new(move |_| {
        let item = item.get();
        let (beat, values) = (board.beat.get(), board.values.get());
        let window = board.window.get();
        let (width, ready) = (width.get(), board.ready.get());
        let preload = board.document.with(|document| document.preload());
        if !(visible.get() || preload) || !ready || width <= 0.0 || window.1 == 0 {
            return;
        }
        let Some(panel) = Panel::of(&item.json) else {
            return;
        };
        let (document, globals, zone) = (
            board.document.get_untracked(),
            board.globals_untracked(),
            board.zone(),
        );
        #[expect(clippy::cast_possible_truncation, reason = "a number of pixels")]
        let around = Surroundings {
            dashboard: &document,
            values: &values,
            globals: &globals,
            clones: &item.clones,
            zone: &zone,
            now: now(),
            width: width as i64,
        };
        let plans = around.plans(&panel);
        let window = around.window(&panel);
        let is_heatmap = item.kind == PanelKind::Heatmap;
        let is_same = kept.with_value(|kept| {
            kept.beat == Some(beat) && kept.plans == plans && kept.is_heatmap == is_heatmap
        });
        if is_same {
            // Another look on the same answers.
            let answers = kept.with_value(|kept| kept.answers.clone());
            if !answers.is_empty() || plans.is_empty() {
                finish(asked, board, &item, &answers, window, &plans);
            }
            return;
        }
        start(asked, board, item, plans, window, beat, kept);
    });
    on_cleanup(move || {
        kept.update_value(|kept| {
            if let Some(waits) = kept.waits.take() {
                waits.set(false);
            }
        });
        if let Some(queue) = board.queue() {
            queue.prune();
        }
    });
    asked
}

fn start(
    asked: Asked,
    board: Board,
    item: Item,
    plans: Vec<Plan>,
    window: (i64, i64),
    beat: u64,
    kept: StoredValue<Kept>,
) {
    let waits = Rc::new(Cell::new(true));
    kept.update_value(|kept| {
        if let Some(old) = kept.waits.replace(SendWrapper::new(Rc::clone(&waits))) {
            old.set(false);
        }
        kept.plans.clone_from(&plans);
        kept.beat = Some(beat);
        kept.is_heatmap = item.kind == PanelKind::Heatmap;
        kept.answers.clear();
    });
    let Some(queue) = board.queue() else { return };
    queue.prune();
    if plans.is_empty() {
        asked.busy.set(false);
        finish(asked, board, &item, &[], window, &plans);
        return;
    }
    asked.busy.set(true);
    let began = stopwatch();
    let results: Rc<RefCell<Vec<Option<Replied>>>> = Rc::new(RefCell::new(vec![None; plans.len()]));
    let plans = Rc::new(plans);
    let item = Rc::new(item);
    for (index, plan) in plans.iter().enumerate() {
        let (results, plans, item) = (Rc::clone(&results), Rc::clone(&plans), Rc::clone(&item));
        let question = plan.question.clone();
        let done = move |result: Replied| {
            if let Some(slot) = results.borrow_mut().get_mut(index) {
                *slot = Some(result);
            }
            let results = results.borrow();
            if results.iter().any(Option::is_none) {
                return;
            }
            let mut answers = Vec::new();
            let (mut error, mut warnings) = (None, Vec::new());
            for (plan, result) in plans.iter().zip(results.iter().flatten()) {
                match result {
                    Ok(reply) => {
                        answers.push(plan.answer(&item.kind, &reply.found));
                        warnings.extend(reply.warnings.iter().cloned());
                    }
                    Err(reason) => error = error.or(Some(reason.to_string())),
                }
            }
            warnings.dedup();
            kept.try_update_value(|kept| kept.answers.clone_from(&answers));
            asked.busy.try_set(false);
            asked.took.try_set(Some(stopwatch() - began));
            asked
                .queries
                .try_set(plans.iter().zip(&answers).map(of_query).collect());
            asked.warnings.try_set(warnings);
            asked.error.try_set(error.clone());
            if !answers.is_empty() || error.is_none() {
                finish(asked, board, &item, &answers, window, &plans);
            }
        };
        queue.ask(question, Rc::clone(&waits), Box::new(done));
    }
}

fn of_query((plan, answer): (&Plan, &Answer)) -> AskedQuery {
    let question = &plan.question;
    AskedQuery {
        ref_id: answer.ref_id.clone(),
        expr: question.expr.clone(),
        window: (question.from, question.to),
        step: question.step,
        series: answer.series.len(),
        points: answer.series.iter().map(|series| series.times.len()).sum(),
    }
}

fn finish(
    asked: Asked,
    board: Board,
    item: &Item,
    answers: &[Answer],
    window: (i64, i64),
    plans: &[Plan],
) {
    let Some(panel) = Panel::of(&item.json) else {
        return;
    };
    let data = scope_of(board, &item.clones, |scope| prepare(&panel, answers, scope));
    let step = plans.iter().filter_map(|plan| plan.question.step).max();
    asked.drawn.try_set(Some(Arc::new(Outcome {
        panel: Arc::clone(&item.json),
        clones: item.clones.clone(),
        data,
        window,
        step: step.unwrap_or(15_000) as f64,
    })));
}

/// A panel with its title, its menu and what it draws.
#[component]
pub(crate) fn PanelTile(item: Signal<Item>, board: Board) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    let asked = ask_panel(item, board, frame);
    let transparent =
        move || item.with(|item| Panel::of(&item.json).is_some_and(|panel| panel.transparent()));
    let id = move || item.with_untracked(|item| item.id);
    let inspecting = RwSignal::new(false);
    let focusable = move || board.editing.get().then_some("0");
    view! {
        <section
            class="tile"
            tabindex=focusable
            on:keydown=move |event| move_by_keys(board, id(), &event)
            data-transparent=move || transparent().then_some("true")
            data-panel=move || item.with(|item| item.id.to_string())
            data-state=move || state_word(asked)
        >
            <Head item board asked inspecting/>
            <div class="tile__progress" data-busy=move || asked.busy.get().then_some("true")></div>
            <div class="tile__body" node_ref=frame>
                <PanelBody item board asked/>
            </div>
            <Show when=move || board.editing.get()>
                <span class="tile__corner" aria-hidden="true" on:pointerdown=move |event| Handle::Size.press(board, id(), &event)></span>
            </Show>
            <Show when=move || inspecting.get()>
                <Inspector item board asked open=inspecting/>
            </Show>
        </section>
    }
}

/// The panel of an editor, as it would be on the page.
#[component]
pub(crate) fn EditedTile(board: Board, id: i64) -> impl IntoView {
    let found = Memo::new(move |before: Option<&Option<Item>>| {
        let now = board.document.with(|document| {
            let panel = document.panel(id)?;
            Some(Item {
                key: id.to_string(),
                id,
                kind: panel.kind(),
                place: panel.grid_pos(),
                clones: Vec::new(),
                json: Arc::new(Value::Object(panel.json().clone())),
            })
        });
        now.or_else(|| before.cloned().flatten())
    });
    let Some(first) = found.get_untracked() else {
        return ().into_any();
    };
    let item = Signal::derive(move || found.get().unwrap_or_else(|| first.clone()));
    view! { <PanelTile item board/> }.into_any()
}

/// How a panel stands, in a word for tests and styles.
fn state_word(asked: Asked) -> &'static str {
    if asked.busy.get() {
        "loading"
    } else if asked.error.with(Option::is_some) {
        "error"
    } else if asked.drawn.with(Option::is_some) {
        "ready"
    } else {
        "waiting"
    }
}

/// What is drawn in a panel.
#[component]
pub(crate) fn PanelBody(item: Signal<Item>, board: Board, asked: Asked) -> impl IntoView {
    let i18n = use_i18n();
    let kind = Memo::new(move |_| item.with(|item| item.kind.clone()));
    let id = item.with_untracked(|item| item.id);
    let drawn: Drawn = asked.drawn.into();
    let has_values = Memo::new(move |_| {
        drawn.with(|drawn| drawn.as_ref().is_some_and(|outcome| outcome.has_values()))
    });
    let picture = move || {
        let clones = item.with_untracked(|item| item.clones.clone());
        let json: Signal<Arc<Value>> =
            Signal::derive(move || item.with(|item| Arc::clone(&item.json)));
        match kind.get() {
            PanelKind::TimeSeries => view! { <TimeChart drawn board panel=id/> }.into_any(),
            PanelKind::Stat => view! { <StatView drawn board/> }.into_any(),
            PanelKind::Gauge => view! { <GaugeView drawn board/> }.into_any(),
            PanelKind::BarGauge => view! { <BarGaugeView drawn board/> }.into_any(),
            PanelKind::BarChart => view! { <BarChartView drawn board/> }.into_any(),
            PanelKind::PieChart => view! { <PieView drawn board/> }.into_any(),
            PanelKind::Table => view! { <TableView drawn board/> }.into_any(),
            PanelKind::Heatmap => view! { <HeatmapView drawn board/> }.into_any(),
            PanelKind::Histogram => view! { <HistogramView drawn board/> }.into_any(),
            kind @ (PanelKind::StateTimeline | PanelKind::StatusHistory) => {
                view! { <StatesView drawn board kind/> }.into_any()
            }
            PanelKind::Text => view! { <TextView panel=json clones board/> }.into_any(),
            PanelKind::AlertList => view! { <AlertListView panel=json clones board/> }.into_any(),
            PanelKind::DashList => view! { <DashListView panel=json clones board/> }.into_any(),
            PanelKind::AnnotationList => view! { <NoteListView panel=json board/> }.into_any(),
            PanelKind::Row => ().into_any(),
            other => {
                let name = other.id().to_owned();
                view! { <p class="tile__none">{t!(i18n, dashboards.not_drawn, name = move || name.clone())}</p> }.into_any()
            }
        }
    };
    let asks = move || {
        !matches!(
            kind.get(),
            PanelKind::Text
                | PanelKind::Row
                | PanelKind::Other(_)
                | PanelKind::AlertList
                | PanelKind::DashList
                | PanelKind::AnnotationList
        )
    };
    let message = move || {
        if !asks() || has_values.get() {
            return None;
        }
        if let Some(error) = asked.error.get() {
            return Some(
                view! { <p class="tile__none" data-kind="error" role="alert">{error}</p> }
                    .into_any(),
            );
        }
        drawn.with(Option::is_some).then(|| {
            let text = Panel::of(&item.get().json)
                .and_then(|panel| panel.field_config(&mut Vec::new()).defaults.no_value);
            match text {
                Some(text) => view! { <p class="tile__none">{text}</p> }.into_any(),
                None => {
                    view! { <p class="tile__none">{t!(i18n, dashboards.no_data)}</p> }.into_any()
                }
            }
        })
    };
    let shows = move || !asks() || has_values.get();
    view! {
        {message}
        {move || shows().then(picture)}
    }
}
