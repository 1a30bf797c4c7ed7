//! What charts mark: notes of the server and what queries of the dashboard find.

use super::Board;
use super::scope_of;
use crate::call::get;
use api_types::QueryData;
use app::data::{Answer, UiError, post};
use app::state::query_string;
use dashboard::{Annotation, Format, Mark, interpolate, parse_interval};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Notes that are asked for where nothing else is said.
const NOTES: i64 = 200;
/// Marks of one source that charts show at most; more would hide the chart.
const SHOWN: usize = 500;
/// Points of a query for marks at most. Bounds: far fewer than the server allows.
const POINTS: i64 = 1000;

/// The marks of one source.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Source {
    pub(crate) annotation: Annotation,
    pub(crate) marks: Vec<Mark>,
}

/// A note that is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Note {
    /// That of a note that is changed.
    pub(crate) id: Option<i64>,
    pub(crate) panel: Option<i64>,
    /// Units: milliseconds since the epoch.
    pub(crate) window: (f64, f64),
    pub(crate) text: String,
    pub(crate) tags: Vec<String>,
}

/// The state of marks.
#[derive(Clone, Copy)]
pub(crate) struct Marks {
    pub(crate) found: RwSignal<Arc<Vec<Source>>>,
    /// Sources that were switched against what the dashboard says, by their names.
    pub(crate) switched: RwSignal<BTreeMap<String, bool>>,
    /// The first thing that went wrong.
    pub(crate) failed: RwSignal<Option<String>>,
    /// Grows when notes were written.
    pub(crate) written: RwSignal<u64>,
    /// The note that is being written.
    pub(crate) noting: RwSignal<Option<Note>>,
    serial: StoredValue<u64>,
}

impl Marks {
    pub(super) fn new() -> Self {
        Self {
            found: RwSignal::new(Arc::new(Vec::new())),
            switched: RwSignal::new(BTreeMap::new()),
            failed: RwSignal::new(None),
            written: RwSignal::new(0),
            noting: RwSignal::new(None),
            serial: StoredValue::new(0),
        }
    }

    /// Whether a source is on, tracked.
    pub(crate) fn is_on(self, annotation: &Annotation) -> bool {
        self.switched
            .with(|switched| switched.get(&annotation.name).copied())
            .unwrap_or(annotation.enabled)
    }
}

/// The sources of a dashboard; one that names none has the notes that were made on it.
pub(crate) fn sources(board: Board) -> Vec<Annotation> {
    let mut sources = board.document.with(|document| document.annotations());
    let is_stored = board.meta.with(|meta| !meta.uid.is_empty());
    if is_stored && !sources.iter().any(|source| source.built_in) {
        sources.insert(
            0,
            Annotation {
                name: "Annotations".to_owned(),
                enabled: true,
                built_in: true,
                color: "blue".to_owned(),
                ..Annotation::default()
            },
        );
    }
    sources
}

/// Asks for marks whenever the window, the sources or the notes change. For the browser only.
pub(crate) fn keep_marks(board: Board) {
    let marks = board.marks;
    let wanted = Memo::new(move |_| {
        let sources = sources(board).into_iter();
        sources
            .filter(|source| marks.is_on(source))
            .collect::<Vec<_>>()
    });
    Effect::new(move |_| {
        let wanted = wanted.get();
        marks.written.track();
        board.beat.track();
        board.values.track();
        let (window, ready) = (board.window.get(), board.ready.get());
        let serial = marks.serial.try_update_value(|serial| {
            *serial += 1;
            *serial
        });
        if !ready || window.1 == 0 {
            return;
        }
        if wanted.is_empty() {
            if marks.found.with_untracked(|found| !found.is_empty()) {
                marks.found.set(Arc::default());
            }
            return;
        }
        spawn_local(async move {
            let (mut found, mut failed) = (Vec::new(), None);
            for annotation in wanted {
                match ask(board, &annotation, window).await {
                    Ok(mut marks) => {
                        marks.truncate(SHOWN);
                        found.push(Source { annotation, marks });
                    }
                    Err(error) => {
                        failed.get_or_insert(format!("{}: {error}", annotation.name));
                    }
                }
                if marks.serial.try_get_value() != serial {
                    return;
                }
            }
            let is_same = marks
                .found
                .try_with_untracked(|old| **old == found)
                .unwrap_or(true);
            if !is_same {
                marks.found.try_set(Arc::new(found));
            }
            marks.failed.try_set(failed);
        });
    });
}

async fn ask(
    board: Board,
    annotation: &Annotation,
    window: (i64, i64),
) -> Result<Vec<Mark>, UiError> {
    if annotation.expr.trim().is_empty() {
        return notes(board, annotation, window).await;
    }
    let plain = |text: &str, format: &Format| {
        scope_of(board, &[], |scope| interpolate(text, scope, format))
    };
    let least = (window.1 - window.0) / POINTS;
    let step = annotation
        .step
        .as_deref()
        .and_then(|step| parse_interval(&plain(step, &Format::Raw)).ok())
        .unwrap_or(60_000)
        .max(least)
        .max(1000);
    let expr = plain(&annotation.expr, &Format::Promql);
    let seconds = |ms: i64| (ms as f64 / 1e3).to_string();
    let aligned = |ms: i64| ms.div_euclid(step) * step;
    let (from, to) = (seconds(aligned(window.0)), seconds(aligned(window.1)));
    let step_text = seconds(step);
    let form = [
        ("query", expr.as_str()),
        ("start", &from),
        ("end", &to),
        ("step", &step_text),
    ];
    let answer: Answer<QueryData> = post("/api/v1/query_range", &form, None).await?;
    Ok(annotation.marks(&render::series_of(&answer.data), step as f64))
}

async fn notes(
    board: Board,
    annotation: &Annotation,
    (from, to): (i64, i64),
) -> Result<Vec<Mark>, UiError> {
    let Some(uid) = board.meta.try_with_untracked(|meta| meta.uid.clone()) else {
        return Ok(Vec::new());
    };
    let (from, to) = (from.to_string(), to.to_string());
    let limit = annotation.limit.unwrap_or(NOTES).to_string();
    let tags: Vec<String> = annotation
        .tags
        .iter()
        .map(|tag| scope_of(board, &[], |scope| interpolate(tag, scope, &Format::Text)))
        .collect();
    let mut pairs = vec![("from", from.as_str()), ("to", &to), ("limit", &limit)];
    if annotation.by_tags {
        pairs.extend(tags.iter().map(|tag| ("tags", tag.as_str())));
        if annotation.match_any {
            pairs.push(("matchAny", "true"));
        }
    } else {
        pairs.push(("dashboardUID", &uid));
    }
    let answer = get(&format!(
        "/api/annotations?{}",
        query_string(pairs.iter().copied())
    ))
    .await?;
    let list = answer.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut found: Vec<Mark> = list.iter().filter_map(Mark::of_note).collect();
    if annotation.by_tags {
        // What is told by its tags is everybody's.
        for mark in &mut found {
            mark.panel = None;
        }
    }
    Ok(found)
}

/// The marks that a panel shows, with the colours of their sources, tracked.
pub(crate) fn marks_of(board: Board, panel: i64) -> Vec<(Mark, String)> {
    board.marks.found.with(|found| {
        let sources = found
            .iter()
            .filter(|source| source.annotation.is_for(panel));
        sources
            .flat_map(|source| {
                let color = source.annotation.color.clone();
                let marks = source.marks.iter();
                marks
                    .filter(|mark| mark.panel.is_none_or(|own| own == panel))
                    .map(move |mark| (mark.clone(), color.clone()))
            })
            .collect()
    })
}

/// A note as the server takes it.
pub(crate) fn note_body(uid: &str, note: &Note) -> Value {
    // The server reads whole milliseconds only.
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of this age")]
    let whole = |ms: f64| ms.round() as i64;
    let mut body = serde_json::json!({
        "text": note.text, "tags": note.tags, "time": whole(note.window.0), "timeEnd": whole(note.window.1),
    });
    if let (None, Some(body)) = (note.id, body.as_object_mut()) {
        body.insert("dashboardUID".to_owned(), uid.into());
        if let Some(panel) = note.panel {
            body.insert("panelId".to_owned(), panel.into());
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_note_says_where_it_belongs_and_a_changed_one_what_it_says() {
        let mut note = Note {
            id: None,
            panel: Some(3),
            window: (1_700_000_000_000.4, 1_700_000_001_000.0),
            text: "t".to_owned(),
            tags: vec!["a".to_owned()],
        };
        let body = note_body("u", &note);
        assert_eq!(
            body.to_string(),
            r#"{"text":"t","tags":["a"],"time":1700000000000,"timeEnd":1700000001000,"dashboardUID":"u","panelId":3}"#
        );
        note.id = Some(7);
        assert!(note_body("u", &note).get("dashboardUID").is_none());
    }
}
