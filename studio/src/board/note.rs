//! The dialog in which a note on a chart is written.

use super::Board;
use super::marks::note_body;
use crate::call::send;
use app::components::Dialog;
use app::data::UiError;
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Writes, changes and deletes a note.
#[component]
pub(crate) fn NoteDialog(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let marks = board.marks;
    let open = RwSignal::new(false);
    let text = RwSignal::new(String::new());
    let tags = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<UiError>);
    Effect::new(move |_| {
        if let Some(note) = marks.noting.get() {
            text.set(note.text);
            tags.set(note.tags.join(", "));
            failed.set(None);
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            marks.noting.set(None);
        }
    });
    let is_old = move || {
        marks
            .noting
            .with(|note| note.as_ref().is_some_and(|note| note.id.is_some()))
    };
    let go = move |is_deleted: bool| {
        let Some(mut note) = marks.noting.get_untracked() else {
            return;
        };
        note.text = text.get_untracked();
        note.tags = crate::edit::texts_of(&tags.get_untracked());
        let uid = board.meta.with_untracked(|meta| meta.uid.clone());
        spawn_local(async move {
            let path = match note.id {
                Some(id) => format!("/api/annotations/{id}"),
                None => "/api/annotations".to_owned(),
            };
            let body = note_body(&uid, &note);
            let (method, body) = match (is_deleted, note.id) {
                (true, _) => ("DELETE", None),
                (false, Some(_)) => ("PATCH", Some(&body)),
                (false, None) => ("POST", Some(&body)),
            };
            match send(method, &path, body, None).await {
                Ok(_) => {
                    open.try_set(false);
                    marks.written.try_update(|written| *written += 1);
                }
                Err(error) => {
                    failed.try_set(Some(error));
                }
            }
        });
    };
    let when = move || {
        let (from, to) = marks
            .noting
            .with(|note| note.as_ref().map(|note| note.window))?;
        let clocks = board.clocks();
        let moment = |ms: f64| app::fmt::time_in(clocks, (ms / 1e3).round());
        Some(if to > from {
            format!("{} – {}", moment(from), moment(to))
        } else {
            moment(from)
        })
    };
    let title = move || {
        if is_old() {
            t_string!(i18n, boards.change_note)
        } else {
            t_string!(i18n, boards.add_note)
        }
    };
    view! {
        <Dialog open kind="form" label=Signal::derive(move || title().to_owned())>
            <form class="form" on:submit=move |event| {
                event.prevent_default();
                go(false);
            }>
                <h2 class="dialog__title">{title}</h2>
                <p class="form__note">{when}</p>
                <label class="form__row">
                    <span>{t!(i18n, boards.note_text)}</span>
                    <textarea class="field form__code" rows="3" required autofocus prop:value=move || text.get()
                        on:input=move |event| text.set(event_target_value(&event))></textarea>
                </label>
                <label class="form__row">
                    <span>{t!(i18n, dashboards.tags)}</span>
                    <input class="field" prop:value=move || tags.get() on:input=move |event| tags.set(event_target_value(&event))/>
                </label>
                {move || failed.get().map(|error| view! { <p class="form__error" role="alert">{error.to_string()}</p> })}
                <p class="dialog__end">
                    <Show when=is_old>
                        <button type="button" class="button" on:click=move |_| go(true)>
                            {t!(i18n, dashboards.delete)}
                        </button>
                    </Show>
                    <button type="button" class="button" on:click=move |_| open.set(false)>{t!(i18n, shell.cancel)}</button>
                    <button type="submit" class="button" data-kind="primary" disabled=move || text.with(|text| text.trim().is_empty())>
                        {t!(i18n, dashboards.save)}
                    </button>
                </p>
            </form>
        </Dialog>
    }
}
