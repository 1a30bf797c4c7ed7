//! Dashboards as documents: JSON that is kept whole, and what is read of it.

mod alert;
mod annotation;
mod mark;
mod panel;
mod settings;
mod target;
#[cfg(test)]
mod tests;

use crate::json::{Object, Reading, with_list};
use crate::notice::Notice;
use crate::variables::Variable;
use serde_json::{Value, json};

pub use alert::AlertProposal;
pub use annotation::Annotation;
pub use mark::Mark;
pub use panel::{Panel, PanelKind};
pub use settings::{CursorSync, DashboardLink, TimePicker};
pub use target::Target;

/// The version of Grafana's schema that documents are brought to.
pub const SCHEMA_VERSION: i64 = 42;

/// A dashboard: its JSON, with all that this program does not know, and ways to read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Dashboard {
    pub(crate) document: Object,
}

impl Default for Dashboard {
    fn default() -> Self {
        Self::new("New dashboard")
    }
}

impl Dashboard {
    /// A dashboard without panels.
    pub fn new(title: &str) -> Self {
        let document = json!({
            "title": title,
            "tags": [],
            "timezone": "browser",
            "editable": true,
            "graphTooltip": 1,
            "time": { "from": "now-1h", "to": "now" },
            "timepicker": {},
            "refresh": "30s",
            "schemaVersion": SCHEMA_VERSION,
            "panels": [],
            "templating": { "list": [] },
            "annotations": { "list": [] },
            "links": [],
        });
        Self {
            document: match document {
                Value::Object(document) => document,
                _ => Object::new(),
            },
        }
    }

    /// A dashboard of a document as it stands; [`import`](crate::import) reads those of others.
    pub fn from_document(document: Object) -> Self {
        Self { document }
    }

    /// The document.
    pub fn document(&self) -> &Object {
        &self.document
    }

    /// The document, to be changed by editors.
    pub fn document_mut(&mut self) -> &mut Object {
        &mut self.document
    }

    /// Title.
    pub fn title(&self) -> &str {
        self.document.str_or_empty("title")
    }

    /// Identifier, the same on every server.
    pub fn uid(&self) -> Option<&str> {
        self.document.str("uid").filter(|uid| !uid.is_empty())
    }

    /// Gives it an identifier.
    pub fn set_uid(&mut self, uid: &str) {
        self.document.insert("uid".into(), uid.into());
    }

    /// For people.
    pub fn description(&self) -> &str {
        self.document.str_or_empty("description")
    }

    /// Tags.
    pub fn tags(&self) -> Vec<String> {
        self.document.texts("tags")
    }

    /// The version that the server counts.
    pub fn version(&self) -> i64 {
        self.document.whole("version").unwrap_or(0)
    }

    /// Zone of its times: `browser`, `utc`, empty for the user's, or an IANA name.
    pub fn timezone(&self) -> String {
        let zone = self.document.str("timezone").unwrap_or_default().trim();
        if zone.eq_ignore_ascii_case("utc") || zone.eq_ignore_ascii_case("browser") {
            zone.to_ascii_lowercase()
        } else {
            zone.to_owned()
        }
    }

    /// Whether it may be edited.
    pub fn editable(&self) -> bool {
        self.document.flag("editable").unwrap_or(true)
    }

    /// What panels share under the pointer.
    pub fn cursor_sync(&self) -> CursorSync {
        match self.document.whole("graphTooltip") {
            Some(1) => CursorSync::Crosshair,
            Some(2) => CursorSync::Tooltip,
            _ => CursorSync::Off,
        }
    }

    /// Start and end of its time range, as texts.
    pub fn time(&self) -> (String, String) {
        let end = |key: &str, default: &str| {
            self.document
                .at(&["time", key])
                .and_then(crate::json::text_of)
                .unwrap_or_else(|| default.to_owned())
        };
        (end("from", "now-6h"), end("to", "now"))
    }

    /// How often it is asked anew, as text; `None` for never.
    pub fn refresh(&self) -> Option<String> {
        self.document
            .str("refresh")
            .filter(|refresh| !refresh.is_empty() && *refresh != "off")
            .map(str::to_owned)
    }

    /// The time picker's settings.
    pub fn time_picker(&self) -> TimePicker {
        TimePicker::read(self.document.field("timepicker"))
    }

    /// First day of a week. Bounds: 0 is Sunday; `None` is the user's.
    pub fn week_start(&self) -> Option<u8> {
        match self.document.str("weekStart")? {
            "sunday" => Some(0),
            "monday" => Some(1),
            "saturday" => Some(6),
            _ => None,
        }
    }

    /// First month of a fiscal year. Bounds: 0 is January.
    pub fn fiscal_year_start(&self) -> u8 {
        let month = self.document.whole("fiscalYearStartMonth").unwrap_or(0);
        u8::try_from(month.clamp(0, 11)).unwrap_or(0)
    }

    /// Whether charts move with the clock between answers.
    pub fn live_now(&self) -> bool {
        self.document.is("liveNow")
    }

    /// Whether panels out of sight are asked for too.
    pub fn preload(&self) -> bool {
        self.document.is("preload")
    }

    /// Links above the panels.
    pub fn links(&self) -> Vec<DashboardLink> {
        self.document
            .list("links")
            .iter()
            .map(DashboardLink::read)
            .collect()
    }

    /// Its variables; what of them is not supported is told.
    pub fn variables(&self, notices: &mut Vec<Notice>) -> Vec<Variable> {
        let list = self
            .document
            .field("templating")
            .map_or(&[][..], |value| value.list("list"));
        list.iter()
            .filter_map(|item| Variable::read(item, notices))
            .collect()
    }

    /// Its annotations.
    pub fn annotations(&self) -> Vec<Annotation> {
        let list = self
            .document
            .field("annotations")
            .map_or(&[][..], |value| value.list("list"));
        list.iter().map(Annotation::read).collect()
    }

    /// Panels and rows of the page, those inside of collapsed rows left out.
    pub fn panels(&self) -> Vec<Panel<'_>> {
        self.document
            .list("panels")
            .iter()
            .filter_map(Panel::of)
            .collect()
    }

    /// All panels and rows, each row's inner panels after it.
    pub fn all_panels(&self) -> Vec<Panel<'_>> {
        self.panels()
            .into_iter()
            .flat_map(|panel| std::iter::once(panel).chain(panel.children()))
            .collect()
    }

    /// The panel with an id.
    pub fn panel(&self, id: i64) -> Option<Panel<'_>> {
        self.all_panels().into_iter().find(|panel| panel.id() == id)
    }

    /// Changes the panel with an id, wherever it is; `None` if it is not there.
    pub fn change_panel<T>(&mut self, id: i64, change: impl FnOnce(&mut Object) -> T) -> Option<T> {
        with_list(&mut self.document, "panels", |panels| {
            find_panel(panels, id).map(change)
        })
    }

    /// An id that no panel has.
    pub fn free_panel_id(&self) -> i64 {
        self.all_panels()
            .iter()
            .map(Panel::id)
            .max()
            .unwrap_or(0)
            .max(0)
            + 1
    }
}

fn find_panel(panels: &mut [Value], id: i64) -> Option<&mut Object> {
    for value in panels {
        let Value::Object(panel) = value else {
            continue;
        };
        if panel.whole("id") == Some(id) {
            return Some(panel);
        }
        if let Some(Value::Array(children)) = panel.get_mut("panels")
            && let Some(found) = find_panel(children, id)
        {
            return Some(found);
        }
    }
    None
}
