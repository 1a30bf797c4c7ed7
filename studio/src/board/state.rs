//! What a dashboard's page knows, shared by all of its parts.

use super::address::{pairs_of, query_of, range_of, value, with_query};
use super::kiosk::Kiosk;
use super::marks::Marks;
use super::queue::Queue;
use super::variables::{Which, resolve};
use crate::edit::Dragging;
use app::components::{ThemeState, use_zone};
use app::site::page_of;
use app::state::Zone as Clocks;
use dashboard::{
    Calendar, Dashboard, DateContext, DisplayContext, Globals, Theme, VariableValues, Zone,
    resolve_range, url_pairs, values_from_url,
};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use send_wrapper::SendWrapper;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// Changes of one field that are not farther apart count as one. Units: milliseconds.
const TOGETHER: i64 = 1500;

/// What the server says of a dashboard besides its document.
#[expect(clippy::struct_excessive_bools, reason = "as the server says them")]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Meta {
    /// Empty for one that is not stored.
    pub(crate) uid: String,
    pub(crate) slug: String,
    pub(crate) version: i64,
    pub(crate) folder: String,
    pub(crate) folder_title: String,
    pub(crate) can_save: bool,
    pub(crate) can_star: bool,
    pub(crate) starred: bool,
    pub(crate) provisioned: bool,
    /// What of the document is not done as it asks.
    pub(crate) notices: Vec<String>,
}

/// The page's state.
#[derive(Clone, Copy)]
pub(crate) struct Board {
    /// The document as it is shown, with changes that are not saved.
    pub(crate) document: RwSignal<Arc<Dashboard>>,
    /// The document as the server has it.
    pub(crate) saved: RwSignal<Arc<Dashboard>>,
    pub(crate) meta: RwSignal<Meta>,
    /// Start and end as texts.
    pub(crate) range: RwSignal<(String, String)>,
    /// The range in milliseconds since the epoch.
    pub(crate) window: RwSignal<(i64, i64)>,
    /// How often it is asked anew, as text; empty for never.
    pub(crate) refresh: RwSignal<String>,
    pub(crate) values: RwSignal<Arc<VariableValues>>,
    pub(crate) variable_errors: RwSignal<BTreeMap<String, String>>,
    pub(crate) variable_serial: StoredValue<u64>,
    /// Whether the variables have their values.
    pub(crate) ready: RwSignal<bool>,
    /// Grows when panels have to ask again.
    pub(crate) beat: RwSignal<u64>,
    /// The time under the pointer, and the panel that it is over. Units: milliseconds since the epoch.
    pub(crate) hover: RwSignal<Option<(f64, i64)>>,
    pub(crate) editing: RwSignal<bool>,
    /// How much of the page is shown.
    pub(crate) kiosk: RwSignal<Kiosk>,
    /// Grows when a panel is copied.
    pub(crate) copied: RwSignal<u32>,
    /// The folder that it goes to when it is saved, if that is another one.
    pub(crate) moved: RwSignal<Option<String>>,
    /// What charts mark.
    pub(crate) marks: Marks,
    /// The only panel that is shown, if it is one.
    pub(crate) viewed: RwSignal<Option<i64>>,
    pub(crate) dragging: RwSignal<Option<Dragging>>,
    /// The last change that may go on, and when it was made. Units: milliseconds.
    last_edit: StoredValue<(String, i64)>,
    pub(crate) undo: RwSignal<Vec<Arc<Dashboard>>>,
    pub(crate) redo: RwSignal<Vec<Arc<Dashboard>>>,
    pub(crate) theme_changes: RwSignal<u32>,
    clocks: Signal<Clocks>,
    queue: StoredValue<SendWrapper<Rc<Queue>>>,
    search: Memo<String>,
    path: Memo<String>,
    go: Callback<(String, bool)>,
}

/// Clocks as the crate of dashboards reads them.
pub(crate) struct ReaderZone(Clocks);

impl Zone for ReaderZone {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a day's worth of milliseconds"
    )]
    fn offset_at(&self, utc: i64) -> i64 {
        (self.0.ahead(utc as f64 / 1e3) * 1e3) as i64
    }
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds of this age")]
pub(crate) fn now() -> i64 {
    js_sys::Date::now() as i64
}

impl Board {
    /// The state of a page that opens a document. For components, in the browser only.
    pub(crate) fn open(document: Dashboard, meta: Meta) -> Self {
        let location = use_location();
        let navigate = use_navigate();
        let go = Callback::new(move |(address, replace): (String, bool)| {
            let options = NavigateOptions {
                scroll: false,
                replace,
                ..NavigateOptions::default()
            };
            // The router puts the prefix of the server's addresses before it.
            navigate(page_of(&address), options);
        });
        let zone = use_zone();
        let values = VariableValues::new(document.variables(&mut Vec::new()));
        let (range, refresh) = (document.time(), document.refresh().unwrap_or_default());
        let saved = Arc::new(document);
        let document = RwSignal::new(Arc::clone(&saved));
        let timezone = Memo::new(move |_| document.with(|document| document.timezone()));
        let clocks = Signal::derive(move || match timezone.get().as_str() {
            "utc" => Clocks::Utc,
            "browser" => Clocks::Local,
            _ => zone.get(),
        });
        let board = Self {
            range: RwSignal::new(range),
            refresh: RwSignal::new(refresh),
            saved: RwSignal::new(saved),
            document,
            meta: RwSignal::new(meta),
            window: RwSignal::new((0, 0)),
            values: RwSignal::new(Arc::new(values)),
            variable_errors: RwSignal::new(BTreeMap::new()),
            variable_serial: StoredValue::new(0),
            ready: RwSignal::new(false),
            beat: RwSignal::new(0),
            hover: RwSignal::new(None),
            editing: RwSignal::new(false),
            kiosk: RwSignal::new(Kiosk::Off),
            copied: RwSignal::new(0),
            moved: RwSignal::new(None),
            marks: Marks::new(),
            viewed: RwSignal::new(None),
            dragging: RwSignal::new(None),
            last_edit: StoredValue::new((String::new(), 0)),
            undo: RwSignal::new(Vec::new()),
            redo: RwSignal::new(Vec::new()),
            theme_changes: expect_context::<ThemeState>().changes,
            clocks,
            queue: StoredValue::new(SendWrapper::new(Rc::default())),
            search: location.search,
            path: location.pathname,
            go,
        };
        board.follow_address();
        board
    }

    /// Takes over what the address says, now and whenever it changes.
    fn follow_address(self) {
        Effect::new(move |before: Option<bool>| {
            let pairs = pairs_of(&self.search.get());
            let document = self.document.get_untracked();
            let range = range_of(&pairs).unwrap_or_else(|| document.time());
            let changed = self.range.with_untracked(|now| *now != range);
            self.range.set(range);
            self.resolve_window();
            if let Some(refresh) = value(&pairs, "refresh") {
                self.refresh.set(refresh.to_owned());
            }
            self.editing.set(value(&pairs, "edit").is_some());
            self.kiosk.set(Kiosk::read(value(&pairs, "kiosk")));
            let viewed = value(&pairs, "viewPanel").map(|id| id.trim_start_matches("panel-"));
            self.viewed.set(viewed.and_then(|id| id.parse().ok()));
            let mut values = (*self.values.get_untracked()).clone();
            let old = values.clone();
            values_from_url(&mut values, &pairs);
            let chosen = url_pairs(&values, &[]) != url_pairs(&old, &[]);
            if chosen {
                self.values.set(Arc::new(values));
            }
            if before.is_none() || chosen {
                resolve(self, Which::All);
            } else if changed {
                resolve(self, Which::OfTime);
            }
            // What panels do not depend on asks nothing anew.
            if before.is_some() && (chosen || changed) {
                self.beat.update(|beat| *beat += 1);
            }
            true
        });
    }

    fn resolve_window(self) {
        let (from, to) = self.range.get_untracked();
        let zone = self.zone();
        let document = self.document.get_untracked();
        let calendar = Calendar {
            week_start: document.week_start().unwrap_or(1),
            fiscal_start: document.fiscal_year_start(),
            ..Calendar::new(now(), &zone)
        };
        let window = resolve_range(&from, &to, &calendar)
            .or_else(|_| resolve_range("now-1h", "now", &calendar));
        if let Ok(window) = window
            && self.window.get_untracked() != window
        {
            self.window.set(window);
        }
    }

    /// Asks everything in view anew, for the range as it is now.
    pub(crate) fn renew(self) {
        self.resolve_window();
        self.beat.update(|beat| *beat += 1);
    }

    /// Goes to another range; a new entry of the browser's history.
    pub(crate) fn set_range(self, from: &str, to: &str) {
        self.change_address(&[("from", Some(from)), ("to", Some(to))], false);
    }

    /// Goes to a window. Units: milliseconds since the epoch.
    pub(crate) fn set_window(self, from: i64, to: i64) {
        self.set_range(&from.to_string(), &to.max(from + 1).to_string());
    }

    /// Chooses values of a variable.
    pub(crate) fn choose(self, name: &str, chosen: &[String]) {
        let mut values = (*self.values.get_untracked()).clone();
        if let Some(value) = values.get_mut(name) {
            value.select(chosen);
        }
        self.put_values(values, name);
    }

    /// Takes changed values, and tells the address and what depends on the variable.
    pub(crate) fn put_values(self, values: VariableValues, changed: &str) {
        self.values.set(Arc::new(values));
        resolve(self, Which::Below(changed.to_owned()));
        self.beat.update(|beat| *beat += 1);
        self.change_address(&[], false);
    }

    /// Makes the values that are chosen now those that the dashboard begins with; can be undone.
    pub(crate) fn keep_values(self) {
        let values = self.values.get_untracked();
        self.edit(|dashboard| {
            for value in values.iter() {
                let (texts, chosen): (Vec<&str>, Vec<&str>) = value
                    .selected
                    .iter()
                    .map(|choice| (choice.text.as_str(), choice.value.as_str()))
                    .unzip();
                let is_one = !value.variable.multi && chosen.len() == 1;
                let current = if is_one {
                    serde_json::json!({"text": texts.first(), "value": chosen.first()})
                } else {
                    serde_json::json!({"text": texts, "value": chosen})
                };
                dashboard.set_current(&value.variable.name, current);
            }
        });
    }

    /// Writes the state to the address, some parameters changed; `None` takes one away.
    pub(crate) fn change_address(self, changes: &[(&str, Option<&str>)], replace: bool) {
        let path = self.path.get_untracked();
        (self.go).run((self.address_at(&path, changes), replace));
    }

    /// The address of another page with the state of this one.
    pub(crate) fn address_at(self, path: &str, changes: &[(&str, Option<&str>)]) -> String {
        let old = pairs_of(&self.search.get_untracked());
        let is_ready = self.ready.get_untracked();
        // Before the choices have come, nothing chosen would be written as if it were a choice.
        let variables = if is_ready {
            url_pairs(&self.values.get_untracked(), &[])
        } else {
            Vec::new()
        };
        let is_changed = |name: &str| changes.iter().any(|(changed, _)| *changed == name);
        let kept = old
            .into_iter()
            .filter(|(name, _)| !(is_changed(name) || is_ready && name.starts_with("var-")));
        let new = changes
            .iter()
            .filter_map(|(name, value)| Some(((*name).to_owned(), (*value)?.to_owned())));
        let pairs: Vec<(String, String)> = kept.chain(new).chain(variables).collect();
        with_query(path, &pairs)
    }

    /// Goes to a page of the same half, with the state of this one.
    pub(crate) fn visit(self, path: &str, changes: &[(&str, Option<&str>)]) {
        (self.go).run((self.address_at(path, changes), false));
    }

    /// Goes to a path in place of the page, with the state of this one.
    pub(crate) fn replace(self, path: &str) {
        (self.go).run((self.address_at(path, &[]), true));
    }

    /// A link with the range and the chosen values of this page, tracked.
    pub(crate) fn link_to(self, url: &str, with_time: bool, with_values: bool) -> String {
        let mut pairs = Vec::new();
        if with_time {
            let (from, to) = self.range.get();
            pairs.extend([("from".to_owned(), from), ("to".to_owned(), to)]);
        }
        if with_values {
            pairs.extend(url_pairs(&self.values.get(), &[]));
        }
        if pairs.is_empty() {
            return url.to_owned();
        }
        let mark = if url.contains('?') { '&' } else { '?' };
        format!("{url}{mark}{}", query_of(&pairs))
    }

    /// The path of this dashboard.
    pub(crate) fn home_path(self) -> String {
        let meta = self.meta.get_untracked();
        if meta.uid.is_empty() {
            return "/".to_owned();
        }
        let slug = if meta.slug.is_empty() {
            "-"
        } else {
            &meta.slug
        };
        format!("/d/{}/{slug}", meta.uid)
    }

    /// Clocks of the reader, untracked.
    pub(crate) fn zone(self) -> ReaderZone {
        ReaderZone(self.clocks.get_untracked())
    }

    /// Clocks of the reader, tracked.
    pub(crate) fn reader_zone(self) -> ReaderZone {
        ReaderZone(self.clocks.get())
    }

    /// Clocks of the reader for times as texts, tracked.
    pub(crate) fn clocks(self) -> Clocks {
        self.clocks.get()
    }

    /// What texts may mention, untracked.
    pub(crate) fn globals_untracked(self) -> Globals {
        let (from, to) = self.window.get_untracked();
        let (raw_from, raw_to) = self.range.get_untracked();
        let document = self.document.get_untracked();
        Globals {
            from,
            to,
            raw_from,
            raw_to,
            timezone: document.timezone(),
            dashboard_title: document.title().to_owned(),
            dashboard_uid: self.meta.with_untracked(|meta| meta.uid.clone()),
            ..Globals::default()
        }
    }

    /// The queue of queries.
    pub(crate) fn queue(self) -> Option<Rc<Queue>> {
        self.queue.try_with_value(|queue| Rc::clone(queue))
    }

    /// Calls `show` with how values are shown to the reader; follows the theme.
    pub(crate) fn display<T>(self, show: impl FnOnce(&DisplayContext<'_>) -> T) -> T {
        self.theme_changes.track();
        let zone = ReaderZone(self.clocks.get());
        show(&DisplayContext {
            theme: theme(),
            dates: DateContext {
                now: now(),
                zone: &zone,
            },
        })
    }

    /// Changes the document, so that it can be undone.
    pub(crate) fn edit(self, change: impl FnOnce(&mut Dashboard)) {
        let old = self.document.get_untracked();
        let mut new = (*old).clone();
        change(&mut new);
        if new == *old {
            return;
        }
        self.undo.update(|undo| {
            undo.push(old);
            // A hundred steps are more than anybody remembers.
            if undo.len() > 100 {
                undo.remove(0);
            }
        });
        self.redo.update(Vec::clear);
        self.show(Arc::new(new));
    }

    /// As [`Self::edit`]; changes of one name that follow each other closely are undone together.
    pub(crate) fn edit_as(self, name: &str, change: impl FnOnce(&mut Dashboard)) {
        let time = now();
        let goes_on = self
            .last_edit
            .with_value(|(last, at)| last == name && time - at < TOGETHER);
        self.last_edit.set_value((name.to_owned(), time));
        if !goes_on || self.undo.with_untracked(Vec::is_empty) {
            self.edit(change);
            return;
        }
        let mut new = (*self.document.get_untracked()).clone();
        change(&mut new);
        self.show(Arc::new(new));
    }

    /// Makes what follows a step of its own.
    pub(crate) fn end_step(self) {
        self.last_edit.set_value((String::new(), 0));
    }

    /// Goes to edit mode.
    pub(crate) fn begin_editing(self) {
        if !self.editing.get_untracked() {
            self.change_address(&[("edit", Some(""))], true);
            self.editing.set(true);
        }
    }

    /// Goes a step back, or forward again.
    pub(crate) fn step_back(self, forward: bool) {
        let (from, to) = if forward {
            (self.redo, self.undo)
        } else {
            (self.undo, self.redo)
        };
        let Some(document) = from.try_update(Vec::pop).flatten() else {
            return;
        };
        to.update(|steps| steps.push(self.document.get_untracked()));
        self.show(document);
    }

    /// Shows another document; variables that it has keep their values.
    pub(crate) fn show(self, document: Arc<Dashboard>) {
        let old = self.document.get_untracked();
        let variables = document.variables(&mut Vec::new());
        let changed = old.document().get("templating") != document.document().get("templating");
        self.document.set(document);
        if changed {
            let chosen = url_pairs(&self.values.get_untracked(), &[]);
            let mut values = VariableValues::new(variables);
            values_from_url(&mut values, &chosen);
            self.values.set(Arc::new(values));
            resolve(self, Which::All);
        }
    }

    /// Whether whoever looks may write notes on charts, untracked.
    pub(crate) fn may_note(self) -> bool {
        self.meta
            .with_untracked(|meta| meta.can_save && !meta.uid.is_empty())
    }

    /// Whether there is something to save, tracked.
    pub(crate) fn is_changed(self) -> bool {
        let (document, saved) = (self.document.get(), self.saved.get());
        let moved = self.moved.with(Option::is_some);
        moved || !Arc::ptr_eq(&document, &saved) && document != saved
    }
}

/// The theme on the page now.
fn theme() -> Theme {
    let root = document().document_element();
    let chosen = root.and_then(|root| root.get_attribute("data-theme"));
    let is_dark = match chosen.as_deref() {
        Some(chosen) => chosen == "dark",
        None => window()
            .match_media("(prefers-color-scheme: dark)")
            .ok()
            .flatten()
            .is_some_and(|query| query.matches()),
    };
    if is_dark { Theme::Dark } else { Theme::Light }
}
